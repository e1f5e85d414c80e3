"""From the settings to the system: how it is reached is told in ``gateway.toml``, and what is wrong with that in words."""

import json
import os
import sys
from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner

from gateway.cli import words
from gateway.cli.root import bti
from gateway.run import checkup, trusting
from gateway.run.plugins import load_plugins
from gateway.run.secrets import secrets_of
from gateway.run.settings import SettingsError, parse_settings
from gateway.run.workfolder import make_folder
from gateway.sdk.errors import AdapterError, Misconfigured
from gateway.sdk.loopback import Answer, LoopbackServer
from gateway.sdk.testing.authority import MockAuthority

sys.path.insert(0, str(Path(__file__).parents[1] / "sdk"))
from trusted import SCOPE, SECRET, certificate, ec_pem, registered, rsa_pem

HEAD = """
tenant = "klepp"
municipality = "1120"
model = "klepp"
numbers = "synthetic"
[units.skole-1]
service = "school"
body = "klepp-kommune"
[systems.sky]
adapter = "bti-exchange"
unit = "skole-1"
"""
FILE = Path("/srv/klepp/gateway.toml")
MASKINPORTEN = """url = "https://sky.example.no"
[systems.sky.auth]
kind = "maskinporten"
issuer = "https://maskinporten.no/"
client_id = "bti"
scope = "ks:fiks"
key = "file:keys/m.pem"
kid = "k1"
"""
HELSEID = """url = "https://sky.example.no"
[systems.sky.auth]
kind = "helseid"
issuer = "https://helseid-sts.nhn.no"
client_id = "bti"
scope = "nhn:msh"
key = "env:KEY"
kid = "k1"
[[systems.sky.auth.authorization_details]]
type = "helseid_authorization"
"""
CREDENTIALS = """url = "https://sky.example.no"
proxy = "http://proxy.example.no:3128"
[systems.sky.secrets]
proxy = "credential:proxy"
"integrasjon" = "file:keys/integrasjon"
[systems.sky.auth]
kind = "client_credentials"
token_url = "https://connect.example.no/token"
client_id = "bti"
secret = "file:keys/secret"
parameters = {tenant_id = "1"}
[systems.sky.tls]
certificate = "keys/us.pem"
key = "file:keys/us.key"
password = "env:PASSWORD"
authorities = "keys/ca.pem"
"""


def parsed(text, file=FILE):
    return parse_settings(HEAD + text, file=file).systems["sky"]


def faults(text):
    with pytest.raises(SettingsError) as caught:
        parsed(text)
    return {(fault.code, fault.key.removeprefix("systems.sky.")) for fault in caught.value.faults}


def test_how_a_system_is_reached_is_taken_with_absolute_paths():
    system = parsed(CREDENTIALS)
    assert system.secrets == {"proxy": "credential:proxy", "integrasjon": "file:/srv/klepp/keys/integrasjon"}
    assert (system.auth.secret, system.tls.key) == ("file:/srv/klepp/keys/secret", "file:/srv/klepp/keys/us.key")
    assert (system.tls.certificate, system.tls.authorities) == ("/srv/klepp/keys/us.pem", "/srv/klepp/keys/ca.pem")
    assert trusting.token_url(parsed(MASKINPORTEN).auth) == "https://maskinporten.no/token"
    assert trusting.token_url(parsed(HELSEID).auth) == "https://helseid-sts.nhn.no/connect/token"


WRONG = {
    "an unknown kind": (MASKINPORTEN, '"maskinporten"', '"fiks"', {("settings.choice", "auth.kind")}),
    "an unknown key": (MASKINPORTEN, "kid =", "kidd =", {("settings.required", "auth.kid"), ("settings.unknown_key", "auth.kidd")}),
    "no kind": (MASKINPORTEN, 'kind = "maskinporten"', "", {("settings.required", "auth.kind")}),
    "all but the kind left out": (
        'url = "https://a.no"\nauth = {kind = "maskinporten"}\n', "", "",
        {("settings.required", f"auth.{key}") for key in ("issuer", "client_id", "scope", "key", "kid")},
    ),
    "an issuer without its slash": (MASKINPORTEN, "porten.no/", "porten.no", {("settings.auth_issuer", "auth.issuer")}),
    "an open issuer": (MASKINPORTEN, "https://maskin", "http://maskin", {("settings.url", "auth.issuer")}),
    "a key in the file": (MASKINPORTEN, "file:keys/m.pem", "-----BEGIN s3cr3t", {("settings.secret_inline", "auth.key")}),
    "an algorithm that is not taken": (MASKINPORTEN, "[systems.sky.auth]", '[systems.sky.auth]\nalgorithm = "ES256"', {("settings.choice", "auth.algorithm")}),
    "an algorithm that is none": (MASKINPORTEN, "[systems.sky.auth]", '[systems.sky.auth]\nalgorithm = "none"', {("settings.choice", "auth.algorithm")}),
    "an organisation in words": (MASKINPORTEN, "[systems.sky.auth]", '[systems.sky.auth]\nconsumer_org = "Klepp"', {("settings.organisation", "auth.consumer_org")}),
    "a key that means nothing": (MASKINPORTEN, "[systems.sky.auth]", '[systems.sky.auth]\nuser = "x"\ndpop = true', {("settings.auth_unused", "auth.user"), ("settings.auth_unused", "auth.dpop")}),
    "an id and a certificate": (MASKINPORTEN, "[systems.sky.auth]", '[systems.sky.auth]\ncertificate = "x.pem"', {("settings.auth_unused", "auth.certificate")}),
    "no address": (MASKINPORTEN, 'url = "https://sky.example.no"', "", {("settings.required", "url")}),
    "an open address": (MASKINPORTEN, "https://sky", "http://sky", {("settings.auth_plain", "url")}),
    "no key id": (HELSEID, 'kid = "k1"', "", {("settings.required", "auth.kid")}),
    "details that are texts": (HELSEID, '[[systems.sky.auth.authorization_details]]\ntype = "helseid_authorization"', 'authorization_details = ["x"]', {("settings.type", "auth.authorization_details.0")}),
    "a secret in the file": (CREDENTIALS, "file:keys/secret", "s3cr3t", {("settings.secret_inline", "auth.secret")}),
    "a further secret in the file": (CREDENTIALS, "file:keys/integrasjon", "s3cr3t", {("settings.secret_inline", "secrets.integrasjon")}),
    "a secret with an odd name": (CREDENTIALS, '"integrasjon"', '"a b"', {("settings.name", "secrets.a b")}),
    "no secret": (CREDENTIALS, 'secret = "file:keys/secret"', "", {("settings.required", "auth.secret")}),
    "a key where a secret is shown": (CREDENTIALS, "[systems.sky.auth]", '[systems.sky.auth]\nkey = "file:x"', {("settings.auth_unused", "auth.key")}),
    "a secret where a key is shown": (CREDENTIALS, "[systems.sky.auth]", '[systems.sky.auth]\nmethod = "key"', {("settings.auth_unused", "auth.secret"), ("settings.required", "auth.key")}),
    "a proxy with a user": (CREDENTIALS, "http://proxy", "http://me:s3cr3t@proxy", {("settings.url", "proxy")}),
    "a proxy with a path": (CREDENTIALS, ":3128", ":3128/x", {("settings.url", "proxy")}),
    "a key of TLS in the environment": (CREDENTIALS, "file:keys/us.key", "env:KEY", {("settings.secret_inline", "tls.key")}),
    "a key of TLS without its certificate": (CREDENTIALS, 'certificate = "keys/us.pem"', "", {("settings.required", "tls.certificate")}),
    "an unknown key of TLS": (CREDENTIALS, "authorities", "ca", {("settings.unknown_key", "tls.ca")}),
    "a certificate in the open": (
        'url = "http://127.0.0.1:1"\n[systems.sky.tls]\ncertificate = "a"\n', "", "", {("settings.tls_plain", "tls")},
    ),
    "a user without a password": ('url = "https://a.no"\nauth = {kind = "basic"}\n', "", "", {("settings.required", "auth.user"), ("settings.required", "auth.secret")}),
    "a table that is a text": ('url = "https://a.no"\nauth = "basic"\ntls = 1\nsecrets = []\nproxy = 1\n', "", "", {("settings.type", key) for key in ("auth", "tls", "secrets", "proxy")}),
}  # fmt: skip


@pytest.mark.parametrize("what", WRONG)
def test_a_system_with(what):
    """… is refused with every code and key at once."""
    text, old, new, expected = WRONG[what]
    assert old in text
    assert faults(text.replace(old, new, 1)) == expected


@pytest.mark.parametrize("text", [MASKINPORTEN, HELSEID, CREDENTIALS])
def test_what_the_pages_show_is_taken(text):
    assert parsed(text).auth.client_id == "bti"


def test_further_secrets_are_read_by_name(tmp_path):
    (tmp_path / "one").write_text("first\n")
    system = parsed('secret = "file:one"\nsecrets = {two = "env:TWO"}\n', file=tmp_path / "gateway.toml")
    secret = secrets_of(system, {"TWO": "second"})
    assert (secret(), secret("two")) == ("first", "second")
    with pytest.raises(Misconfigured) as caught:
        secret("three")
    assert caught.value.code == "secret.none"


KINDS = {
    "maskinporten": 'issuer = "{url}/"\nkey = "file:keys/rsa.pem"\nkid = "k1"\n',
    "helseid": 'issuer = "{url}"\nkey = "file:keys/ec.pem"\nkid = "k1"\n',
    "key": 'token_url = "{url}/oauth/token"\nmethod = "key"\nkey = "file:keys/ec.pem"\nkid = "k1"\n',
    "post": 'token_url = "{url}/oauth/token"\nmethod = "post"\nsecret = "file:keys/secret"\n',
    "basic": 'token_url = "{url}/oauth/token"\nsecret = "file:keys/secret"\n',
}


def at(folder, kind, authority, system, more="") -> str:
    keys = folder / "keys"
    keys.mkdir(exist_ok=True)
    for name, text in (("rsa.pem", rsa_pem()), ("ec.pem", ec_pem()), ("secret", SECRET), ("token", "t")):
        (keys / name).write_text(text)
        (keys / name).chmod(0o600)
    told = kind if kind in {"maskinporten", "helseid"} else "client_credentials"
    auth = KINDS[kind].replace("{url}", authority.url)
    return (
        f'url = "{system.url}"\n{more}[systems.sky.auth]\nkind = "{told}"\nclient_id = "bti"\nscope = "{SCOPE}"\n{auth}'
    )


@pytest.mark.parametrize("kind", KINDS)
def test_the_settings_let_us_in(kind, tmp_path):
    with (
        MockAuthority([registered(kind)]) as authority,
        LoopbackServer(authority.guarded(lambda _: Answer(body=b"{}"), scope=SCOPE)) as system,
    ):
        found = parsed(at(tmp_path, kind, authority, system), file=tmp_path / "gateway.toml")
        client = trusting.http_of(found, {})
        assert client.request("GET", "/x").status == 200
        assert client.request("POST", "/x", json={}).status == 200
        assert authority.granted == 1
        client.close()


def test_the_authority_stands_on_a_leash_of_its_own(tmp_path):
    """A name of the authority that leads inside the house is refused, unless that network is listed."""
    import socket  # noqa: PLC0415

    with MockAuthority([registered("post")]) as authority, LoopbackServer(lambda _: Answer()) as system:
        text = at(tmp_path, "post", authority, system).replace(
            f'"{authority.url}/', f'"http://{socket.gethostname()}:{authority.url.rpartition(":")[2]}/'
        )
        # Plain http is for this machine alone; here the name is what is tried.
        with pytest.raises(SettingsError):
            parsed(text, file=tmp_path / "gateway.toml")
        system_ = parsed(text.replace(socket.gethostname(), "localhost"), file=tmp_path / "gateway.toml")
        import msgspec  # noqa: PLC0415

        named = msgspec.structs.replace(
            system_,
            auth=msgspec.structs.replace(
                system_.auth, token_url=system_.auth.token_url.replace("localhost", "localhost.localdomain")
            ),
        )
        client = trusting.http_of(named, {})
        with pytest.raises(AdapterError) as caught:
            client.request("GET", "/x")
        assert caught.value.code in {"auth.endpoint", "auth.unreachable"}
        assert authority.asked == 0
        client.close()


@cache
def plugins():
    return load_plugins(["bti-exchange"])


def examined(folder, text, environment=None, *, offline=True) -> set[tuple[str, str, str]]:
    settings = parse_settings(HEAD + text, file=folder / "gateway.toml")
    found = checkup.examine(settings, plugins(), environment=environment or {}, offline=offline)
    return {
        (one.kind, one.code, one.where.removeprefix("systems.sky."))
        for one in found
        if one.where.startswith("systems.sky")
    }


def test_keys_and_certificates_that_do_not_serve_are_told_without_asking_anybody(tmp_path):
    import time  # noqa: PLC0415

    make_folder(tmp_path / "town", model="klepp", municipality="1120", person=None, chance=os.urandom)
    folder, keys = tmp_path / "town", tmp_path / "town" / "keys"
    for name, text in {
        "m.pem": "no key", "short.pem": rsa_pem(1024), "ec.pem": ec_pem(), "us.key": rsa_pem(),
        "us.pem": certificate(rsa_pem(), now=time.time()), "old.pem": certificate(rsa_pem(), now=time.time(), days=-1),
        "other.pem": certificate(ec_pem(), now=time.time()), "ca.pem": "no authorities", "integrasjon": "x",
        "secret": "x", "open": "x",
    }.items():  # fmt: skip
        (keys / name).write_text(text)
        (keys / name).chmod(0o600)
    (keys / "open").chmod(0o644)
    tls = 'url = "https://a.no"\n[systems.sky.tls]\ncertificate = "keys/us.pem"\nkey = "file:keys/us.key"\n'
    table = [
        (MASKINPORTEN, {("fault", "auth.key", "auth.key")}),
        (MASKINPORTEN.replace("m.pem", "nowhere"), {("fault", "check.secret_missing", "auth.key")}),
        (MASKINPORTEN.replace("m.pem", "short.pem"), {("fault", "auth.key_weak", "auth.key")}),
        (MASKINPORTEN.replace("m.pem", "ec.pem"), {("fault", "auth.key_kind", "auth.key")}),
        (MASKINPORTEN.replace("m.pem", "us.key"), set()),
        (MASKINPORTEN.replace("m.pem", "us.key").replace('kid = "k1"', 'certificate = "keys/us.pem"'), set()),
        (MASKINPORTEN.replace("m.pem", "us.key").replace('kid = "k1"', 'certificate = "keys/old.pem"'), {("fault", "auth.certificate_expired", "auth.certificate")}),
        (MASKINPORTEN.replace("m.pem", "us.key").replace('kid = "k1"', 'certificate = "keys/other.pem"'), {("fault", "auth.certificate", "auth.certificate")}),
        (MASKINPORTEN.replace("m.pem", "us.key").replace('kid = "k1"', 'certificate = "keys/nowhere"'), {("fault", "auth.certificate", "auth.certificate")}),
        (tls, set()),
        (tls.replace("us.pem", "old.pem"), {("fault", "tls.expired", "tls.certificate")}),
        (tls.replace("us.pem", "other.pem"), {("fault", "tls.certificate", "tls.certificate")}),
        (tls.replace("us.pem", "nowhere"), {("fault", "tls.certificate", "tls.certificate")}),
        (tls.replace("file:keys/us.key", "credential:us"), {("fault", "check.secret_missing", "tls.key")}),
        (tls + 'authorities = "keys/ca.pem"\n', {("fault", "http.trust", "tls.authorities")}),
        ('url = "https://a.no"\nauth = {kind = "bearer", secret = "file:keys/open"}\n', {("warning", "check.secret_open", "auth.secret")}),
        ('url = "https://a.no"\nauth = {kind = "bearer", secret = "env:NONE"}\n', {("fault", "check.secret_missing", "auth.secret")}),
    ]  # fmt: skip
    for text, expected in table:
        assert examined(folder, text) == expected, text


TOLD = [
    # what is done                       kind of finding, its code
    (("kid", "k1", "k9"), "fault", "auth.invalid_grant"),
    (("scope", SCOPE, "other:scope"), "fault", "auth.invalid_scope"),
    (("client_id", "bti", "stranger"), "fault", "auth.invalid_grant"),
    (("issuer", "{url}/", "{url}/elsewhere/"), "fault", "auth.invalid_request"),
    (("issuer", "{url}/", "http://127.0.0.1:9/"), "warning", "auth.unreachable"),
]


@pytest.mark.parametrize(("change", "kind", "code"), TOLD)
def test_check_asks_for_a_token_and_says_in_three_languages_why_there_is_none(change, kind, code, tmp_path):
    folder = tmp_path / "town"
    make_folder(folder, model="klepp", municipality="1120", person=None, chance=os.urandom)
    with (
        MockAuthority([registered("maskinporten")]) as authority,
        LoopbackServer(lambda _: Answer(body=b"{}")) as system,
    ):
        text = at(folder, "maskinporten", authority, system)
        key, old, new = (part.replace("{url}", authority.url) for part in change)
        assert f'{key} = "{old}"' in text
        text = text.replace(f'{key} = "{old}"', f'{key} = "{new}"')
        assert examined(folder, text, offline=False) == {(kind, code, "auth")}
    said = {words.say(code, language) for language in words.LANGUAGES}
    assert len(said) == 3
    assert code not in said


def test_the_command_line_tells_it(tmp_path):
    folder = tmp_path / "town"
    make_folder(folder, model="klepp", municipality="1120", person=None, chance=os.urandom)
    with MockAuthority([registered("helseid")]) as authority, LoopbackServer(lambda _: Answer(body=b"{}")) as system:
        text = at(folder, "helseid", authority, system).replace('kid = "k1"', 'kid = "k2"')
        (folder / "gateway.toml").write_text(HEAD + text)
        call = ["check", "--json", "--config", str(folder / "gateway.toml")]
        shown = CliRunner().invoke(bti, call, env={"LC_ALL": "nn_NO.UTF-8"})
    assert shown.exit_code == 2, shown.output
    told = [one for one in json.loads(shown.stdout)["errors"] if one["code"].startswith("auth.")]
    assert [(one["code"], one["where"]) for one in told] == [("auth.invalid_client", "systems.sky.auth")]
    assert told[0]["text"].startswith("Utferdaren kjenner oss ikkje att")
