"""What is wrong between the settings of the web is told before anybody opens a page."""

import pytest

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
