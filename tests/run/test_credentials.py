"""What the gateway proves itself by towards people, programs and receivers is looked at before anybody needs it."""

import json
from base64 import b64encode

import msgspec
import pytest

from gateway.cli import words
from gateway.run import checkup, credentials
from gateway.run.doctor import issuers
from gateway.run.plugins import load_plugins
from gateway.run.secrets import keepers_named, places_beside
from gateway.run.settings import Person, Settings
from gateway.run.settings_api import ApiClient, ApiSettings
from gateway.run.settings_watch import TelemetrySettings
from gateway.run.settings_web import OidcSettings, WebSettings
from gateway.run.settings_webhooks import Webhook
from gateway.sdk.loopback import Answer, LoopbackServer
from gateway.sdk.trust.keys import SigningKey

EC = SigningKey.new()
GOOD = "whsec_" + b64encode(b"s" * 32).decode()
PUBLIC = {**EC.public, "kid": "k1"}


def settings(folder, **more):
    people = {"kari": Person(role="leader", name="kari")}
    told = {"tenant": "t", "municipality": "1120", "model": "klepp", "numbers": "synthetic", "people": people}
    return Settings(**(told | more), folder=str(folder))


def held(folder, name, text, mode=0o600):
    place = folder / name
    place.write_text(text)
    place.chmod(mode)
    return f"file:{place}"


def hook(folder, **secrets):
    places = {name: held(folder, f"{name}.hook", text) for name, text in secrets.items()}
    return {"webhooks": {"sms": Webhook(url="https://sms.example.no/x", events=("task.created",), **places)}}


def oidc(folder, key="", **more):
    chosen = OidcSettings(issuer="https://id.example.no", client_id="c", key=held(folder, "oidc.key", key or EC.private_pem()),
                          **({"algorithm": "ES256"} | more))  # fmt: skip
    return {"web": WebSettings(url="https://bti.example.no", login="oidc", oidc=chosen)}


def api(folder, keys, people=False):
    place = folder / "jwks.json"
    place.write_text(keys if isinstance(keys, str) else json.dumps({"keys": keys}))
    client = ApiClient(client_id="x", scopes=("status.read",), people=people, role=None if people else "operator")
    return {"api": ApiSettings(issuer="https://a.example.no", keys=f"file:{place}", clients={"x": client})}


LOGIN = {"people": {"kari": Person(role="leader", login="123", name="kari")}}
WRONG = {
    "a webhook's secret that is too short": (
        lambda at: hook(at, secret="whsec_" + b64encode(b"s" * 12).decode()), {("fault", "webhook.secret", "webhooks.sms.secret")}),
    "one without its mark": (
        lambda at: hook(at, secret=GOOD.removeprefix("whsec_")), {("fault", "webhook.secret", "webhooks.sms.secret")}),
    "an old one that is wrong": (
        lambda at: hook(at, secret=GOOD, previous="x"), {("fault", "webhook.secret", "webhooks.sms.previous")}),
    "an old one that is the new one": (
        lambda at: hook(at, secret=GOOD, previous=GOOD), {("warning", "check.hook_same", "webhooks.sms.previous")}),
    "a secret that is not there": (
        lambda at: {"webhooks": {"sms": Webhook(url="https://sms.example.no/x", events=(), secret=f"file:{at}/none")}},
        {("fault", "check.secret_missing", "webhooks.sms.secret")}),
    "a collector's token that others can read": (
        lambda at: {"telemetry": TelemetrySettings(endpoint="https://o.example.no", secret=held(at, "o", "t", 0o644))},
        {("warning", "check.secret_open", "telemetry.secret")}),
    "a token for figures that can be guessed": (
        lambda at: {"web": WebSettings(metrics=held(at, "m", "hunter2"))}, {("fault", "check.metrics_short", "web.metrics")}),
    "a login's key that is none": (
        lambda at: {**oidc(at, "no key"), **LOGIN}, {("fault", "auth.key", "web.oidc.key")}),
    "one that cannot sign so": (
        lambda at: {**oidc(at, algorithm="RS256"), **LOGIN}, {("fault", "auth.key_kind", "web.oidc.key")}),
    "a login that knows nobody": (oidc, {("warning", "check.nobody_logs_in", "people")}),
    "a program for people of whom nobody is known": (
        lambda at: api(at, [PUBLIC], people=True), {("warning", "check.nobody_logs_in", "api.clients.x.people")}),
    "an issuer's keys that are not JSON": (lambda at: api(at, "<html>"), {("fault", "api.keys_none", "api.keys")}),
    "an issuer without a key": (lambda at: api(at, []), {("fault", "api.keys_none", "api.keys")}),
    "a private key among the public ones": (
        lambda at: api(at, [{**PUBLIC, "d": "c2VjcmV0"}]), {("fault", "api.keys_private", "api.keys")}),
    "nothing that is wrong": (
        lambda at: {**hook(at, secret=GOOD), **oidc(at), **api(at, [PUBLIC]), **LOGIN}, set()),
}  # fmt: skip
NOT_OURS = ("store.", "check.placeholder", "check.key_beside", "check.vault_beside")


@pytest.mark.parametrize("which", WRONG)
def test_what_is_wrong_with_a_credential_is_told_by_its_key_and_not_by_what_it_holds(tmp_path, which):
    more, told = WRONG[which]
    found = checkup.examine(
        settings(tmp_path, **more(tmp_path)), load_plugins(only=set()), environment={}, offline=True
    )
    ours = {(one.kind, one.code, one.where) for one in found if not one.code.startswith(NOT_OURS)}
    assert ours == told
    assert all(words.say(code, "nb") != code for _, code, _ in told)
    assert not any(text in repr(found) for text in (GOOD, "hunter2", "c2VjcmV0"))


def test_a_keeper_is_asked_but_not_by_who_asks_nobody(tmp_path, monkeypatch):
    asked = []
    monkeypatch.setattr(checkup, "secret_at", lambda place, _: asked.append(place))
    monkeypatch.setattr(credentials, "secret_at", lambda place, _: (asked.append(place), GOOD)[1])
    monkeypatch.setattr(checkup, "keeper_known", lambda place: "openbao" in place)
    hooks = {"a": Webhook(url="https://a.example.no", events=(), secret="plugin:openbao:s/a#k")}
    chosen = settings(
        tmp_path, webhooks=hooks, telemetry=TelemetrySettings(endpoint="https://o.example.no", secret="plugin:none:x")
    )
    told = checkup.examine(chosen, load_plugins(only=set()), environment={}, offline=True)
    assert asked == []
    assert [(one.code, one.where) for one in told if one.code.startswith("secret")] == [
        ("secret.plugin", "telemetry.secret")
    ]
    checkup.examine(chosen, load_plugins(only=set()), environment={}, offline=True, keepers=True)
    assert set(asked) == {"plugin:openbao:s/a#k", "plugin:none:x"}
    assert keepers_named(chosen) == {"openbao", "none"}
    assert set(places_beside(chosen)) == {"webhooks.a.secret", "telemetry.secret"}


METADATA = {"issuer": "{url}", "jwks_uri": "{url}/jwks"}
ISSUERS = {
    "all is well": (METADATA, {"keys": [PUBLIC]}, set()),
    "another issuer answers": ({**METADATA, "issuer": "https://other.example.no"}, {"keys": [PUBLIC]},
                               {("fault", "doctor.issuer_other", "web.oidc.issuer")}),
    "no metadata": (None, {"keys": [PUBLIC]}, {("unreachable", "doctor.issuer_away", "web.oidc.issuer")}),
    "no keys": (METADATA, {"keys": []}, {("fault", "api.keys_none", "web.oidc.issuer"), ("fault", "api.keys_none", "api.keys")}),
    "a private key": (METADATA, {"keys": [{**PUBLIC, "d": "c2VjcmV0"}]},
                      {("fault", "api.keys_private", "web.oidc.issuer"), ("fault", "api.keys_private", "api.keys")}),
    "keys that lie elsewhere": ({**METADATA, "jwks_uri": "https://other.example.no/jwks"}, {"keys": [PUBLIC]},
                                {("unreachable", "doctor.issuer_away", "web.oidc.issuer")}),
    "no answer for the keys": (METADATA, None, {("unreachable", "doctor.issuer_away", "web.oidc.issuer"),
                                                ("unreachable", "doctor.issuer_away", "api.keys")}),
}  # fmt: skip


@pytest.mark.parametrize("which", ISSUERS)
def test_who_says_who_people_and_programs_are_is_asked(tmp_path, which):
    metadata, keys, told = ISSUERS[which]

    def answer(asked):
        document = {"/.well-known/openid-configuration": metadata, "/jwks": keys}.get(asked.path)
        if document is None:
            return Answer(status=404)
        return Answer(body=json.dumps(document).replace("{url}", server.url).encode())

    with LoopbackServer(answer) as server:
        web = oidc(tmp_path)["web"]
        web = msgspec.structs.replace(web, oidc=msgspec.structs.replace(web.oidc, issuer=server.url))
        chosen = settings(tmp_path, web=web, api=ApiSettings(issuer="https://a.example.no", keys=f"{server.url}/jwks"))
        found = {(one.state, one.code, one.where) for one in issuers.looks(chosen, offline=False)}
        assert list(issuers.looks(chosen, offline=True)) == []
    assert found == told
    assert "c2VjcmV0" not in repr(found)
