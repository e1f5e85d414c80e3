"""Getting in and out in a real browser, and the pages of what goes wrong: each says what happened and where to go."""

import pytest
from joserfc.jwk import RSAKey

from gateway.run.settings_web import OidcSettings, WebSettings
from gateway.web.pages import numbers
from tests.browser.looking import Eyes
from tests.browser.sights import of
from tests.browser.town import TICKET, served
from tests.web.house import free_port
from tests.web.provider import CLIENT, HIGH, Provider


def test_the_trial_mode_says_in_red_that_it_is_one_lets_in_and_leads_where_one_wanted(hands, axe):
    with hands.page(None) as looked:
        looked.go("/flows")
        banner = looked.page.locator(".local")
        assert "Prøvemodus" in banner.inner_text()
        red = banner.evaluate("(one) => getComputedStyle(one).backgroundColor")
        assert red == "rgb(168, 0, 0)"
        looked.page.select_option("#person", "torunn")
        looked.page.fill("#ticket", "nobody's")
        looked.press("Gå inn")
        assert looked.page.locator("[role=alert]").count() == 1
        assert looked.judged(axe) == []
        looked.page.select_option("#person", "torunn")
        looked.page.fill("#ticket", TICKET)
        looked.press("Gå inn")
        assert looked.page.url.endswith("/flows")
        looked.press("Logg ut")
        assert looked.page.url.endswith("/login")
        assert looked.go("/flows") == 200
        assert looked.page.url.endswith("/login?to=/flows")


def test_a_session_that_is_over_leads_to_the_login_and_back_to_the_same_page(hands, busy):
    with hands.page("arne") as looked:
        path = of("Jonas", "/baton")(busy)
        assert looked.go(path) == 200
        busy.clock.forward(minutes=31)
        looked.page.reload()
        assert "/login?to=" in looked.page.url
        looked.page.select_option("#person", "arne")
        looked.page.fill("#ticket", TICKET)
        looked.press("Gå inn")
        assert looked.page.url.endswith(path)


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_each_thing_that_goes_wrong_has_a_page_with_a_reason_a_code_and_a_way_on(
    hands, axe, busy, monkeypatch, language
):
    def breaks(*_told, **_more):
        raise RuntimeError

    monkeypatch.setattr(numbers, "statistics", breaks)
    with hands.page("ida", language) as looked:
        _told(looked, axe, looked.go("/nowhere"), 404, "web.absent")
        _told(looked, axe, looked.go("/cases/" + "0" * 20), 404, "web.absent")
        _told(looked, axe, looked.go("/numbers"), 500, "web.unforeseen")
        while not busy.site.acts.take("ida"):
            pass
        _told(looked, axe, looked.go("/rules"), 429, "web.often")
        busy.clock.forward(minutes=2)
    with hands.page("dag", language) as looked:
        _told(looked, axe, looked.go("/rules"), 403, "web.rights")


def _told(looked, axe, status, wanted, code):
    assert status == wanted
    assert code in looked.text()
    assert looked.page.locator("main a").count() >= 1
    assert looked.judged(axe) == []
    assert looked.troubles() == []


@pytest.fixture(scope="module")
def elsewhere(played, tmp_path_factory):
    """The town where people log in at a provider."""
    folder = tmp_path_factory.mktemp("oidc")
    key, port = RSAKey.generate_key(2048), free_port()
    (folder / "login.pem").write_bytes(key.as_pem(private=True))
    provider = Provider(clock=lambda: None)
    web = WebSettings(
        listen=f"127.0.0.1:{port}", url=f"http://127.0.0.1:{port}", login="oidc",
        oidc=OidcSettings(issuer=provider.issuer, client_id=CLIENT, key=f"file:{folder / 'login.pem'}"),
    )  # fmt: skip
    provider.client_key, provider.redirects = key, [f"{web.url}/login/callback"]
    with served(played, folder / "lillevik", web) as town:
        provider.clock = town.clock
        yield town, provider
    provider.close()


def test_people_log_in_at_their_provider_and_land_where_they_wanted(chromium, elsewhere, axe):
    town, provider = elsewhere
    provider.user, provider.acr, provider.lie = "kari", HIGH, ""
    with Eyes(chromium, town) as eyes, eyes.page(None) as looked:
        looked.go("/cases")
        assert "ID-porten" in looked.text()
        assert looked.judged(axe) == []
        looked.page.locator("main a.ds-button").click()
        assert looked.page.url.endswith("/cases")
        assert "kari" in looked.text()
        assert looked.page.locator(".local").count() == 0
        assert provider.refused == []
        looked.press("Logg ut")
        assert looked.page.url.startswith(provider.issuer)  # out there too
        looked.go("/")
        assert "/login" in looked.page.url


def test_whoever_the_settings_lack_is_told_so(chromium, elsewhere, axe):
    town, provider = elsewhere
    provider.user, provider.acr, provider.lie = "somebody", HIGH, ""
    with Eyes(chromium, town) as eyes, eyes.page(None) as looked:
        looked.go("/login")
        looked.page.locator("main a.ds-button").click()
        assert looked.page.locator("[role=alert]").count() == 1
        assert looked.judged(axe) == []
