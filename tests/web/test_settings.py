"""What is wrong between the settings of the web is told before anybody opens a page."""

import pytest

from gateway.run.settings_api import api_faults
from gateway.run.settings_web import web_faults

OIDC = {"issuer": "https://ansattporten.no", "client_id": "x", "key": "file:keys/login.pem"}
REAL = {"login": "oidc", "oidc": OIDC, "url": "https://bti.example.no"}


@pytest.mark.parametrize(
    ("web", "numbers", "codes"),
    [
        ({}, "synthetic", []),
        ({}, "production", ["settings.web_trial"]),
        ({"listen": "0.0.0.0:80"}, "synthetic", ["settings.web_trial"]),
        ({"listen": "[::1]:8080"}, "synthetic", []),
        ({"listen": "[::]:8080"}, "synthetic", ["settings.web_trial"]),
        ({"listen": "localhost:8080"}, "synthetic", []),
        ({"listen": "8080"}, "synthetic", ["settings.web_listen"]),
        ({"listen": "127.0.0.1:80800"}, "synthetic", ["settings.web_listen"]),
        ({"url": "https://bti.example.no/path"}, "synthetic", ["settings.web_url"]),
        ({"idle_minutes": 0}, "synthetic", ["settings.range"]),
        ({"hours": 24}, "synthetic", ["settings.range"]),
        (REAL, "production", []),
        ({**REAL, "listen": "0.0.0.0:8765"}, "production", []),
        ({"login": "oidc"}, "production", ["settings.required", "settings.required"]),
        ({**REAL, "url": "http://bti.example.no"}, "production", ["settings.web_url"]),
        ({**REAL, "url": "http://127.0.0.1:8765"}, "synthetic", []),
        ({**REAL, "oidc": {**OIDC, "key": "-----BEGIN"}}, "production", ["settings.secret_inline"]),
    ],
)
def test_each_fault_of_the_web_is_told(web, numbers, codes):
    assert [code for code, _, _ in web_faults(web, numbers)] == codes


ISSUED = {
    "issuer": "https://maskinporten.no/",
    "keys": "https://maskinporten.no/jwk",
    "audience": "https://bti.example.no",
}
UNITS = {"skole-1": {}}


def with_client(**more):
    return {**ISSUED, "clients": {"a": {"client_id": "x", "scopes": ["tasks.read"], "role": "leader", **more}}}


@pytest.mark.parametrize(
    ("api", "found"),
    [
        (ISSUED, []),
        ({**ISSUED, "audience": ""}, [("settings.required", "api.audience")]),
        ({**ISSUED, "keys": "http://maskinporten.no/jwk"}, [("settings.url", "api.keys")]),
        ({**ISSUED, "keys": "http://127.0.0.1:8080/jwks"}, []),
        ({**ISSUED, "keys": "file:keys/authority.jwks"}, []),
        ({**ISSUED, "keys": "keys/authority.jwks"}, [("settings.url", "api.keys")]),
        ({**ISSUED, "allow": ["10.0.0.0/8", "no"]}, [("settings.url", "api.allow.1")]),
        ({**ISSUED, "life": 5}, [("settings.range", "api.life")]),
        ({**ISSUED, "per_minute": 0}, [("settings.range", "api.per_minute")]),
        (with_client(), []),
        (with_client(unit="skole-1"), []),
        (with_client(unit="skole-2"), [("settings.unit_unknown", "api.clients.a.unit")]),
        (with_client(scopes=["tasks.read", "all"]), [("settings.choice", "api.clients.a.scopes.1")]),
        (with_client(people=True), [("settings.api_actor", "api.clients.a")]),
        (with_client(role=None), [("settings.api_actor", "api.clients.a")]),
        (with_client(consumer="98765432"), [("settings.consumer", "api.clients.a.consumer")]),
        ({**ISSUED, "clients": {"a": with_client()["clients"]["a"], "b": with_client()["clients"]["a"]}}, [("settings.api_twice", "api.clients.b.client_id")]),
        ({**ISSUED, "clients": {"A/": with_client()["clients"]["a"]}}, [("settings.name", "api.clients.A/")]),
    ],
)  # fmt: skip
def test_each_fault_of_the_api_is_told(api, found):
    assert [(code, key) for code, key, _ in api_faults({"api": api, "web": {}, "units": UNITS})] == found


def test_an_api_without_the_web_is_told():
    assert [code for code, _, _ in api_faults({"api": ISSUED})] == ["settings.required"]
