"""The login at a provider, against one that is stricter than the real ones and can lie in every way."""

from urllib.parse import parse_qs, urlsplit

import httpx
import msgspec
import pytest
from joserfc.jwk import RSAKey

from gateway.run.settings_web import OidcSettings, WebSettings
from gateway.web.serving import serving
from tests.scenarios.municipality import municipality
from tests.web.house import free_port
from tests.web.provider import CLIENT, ELSEWHERE, HIGH, LIES, Provider


class Door:
    def __init__(self, site, provider, town):
        self.site, self.provider, self.town = site, provider, town
        self.http = httpx.Client(base_url=site.origin, headers={"user-agent": "A browser"}, timeout=20)

    def login(self, *, to="/cases"):
        """The browser's way: our page, the provider, and back."""
        there = self.http.get("/login/begin", params={"to": to})
        assert there.status_code == 303, there.text
        self.asked = {name: values[0] for name, values in parse_qs(urlsplit(there.headers["location"]).query).items()}
        back = httpx.get(there.headers["location"])
        assert back.status_code == 302, (self.provider.refused, self.asked)
        self.back = back.headers["location"]
        return self.http.get(self.back)


@pytest.fixture(scope="module")
def opened(tmp_path_factory):
    folder = tmp_path_factory.mktemp("oidc")
    key = RSAKey.generate_key(2048)
    (folder / "login.pem").write_bytes(key.as_pem(private=True))
    with municipality(folder / "town", {"skole": "school", "helse": "health_station"}) as town:
        provider = Provider(clock=town.clock)
        port = free_port()
        web = WebSettings(
            listen=f"127.0.0.1:{port}", url=f"http://127.0.0.1:{port}", login="oidc",
            oidc=OidcSettings(issuer=provider.issuer, client_id=CLIENT, key=f"file:{folder / 'login.pem'}"),
        )  # fmt: skip
        provider.client_key, provider.redirects = key, [f"{web.url}/login/callback"]
        people = {
            name: msgspec.structs.replace(one, login=f"sub-{name}") for name, one in town.world.settings.people.items()
        }
        settings = msgspec.structs.replace(town.world.settings, web=web, people=people)
        town.world = msgspec.structs.replace(town.world, settings=settings)
        with serving(town.world) as site:
            yield site, provider, town
        provider.close()


@pytest.fixture
def door(opened):
    site, provider, town = opened
    provider.user, provider.acr, provider.lie = "sub-kari", HIGH, ""
    provider.refused.clear()
    town.clock.forward(minutes=10)
    made = Door(site, provider, town)
    yield made
    made.http.close()


def test_whoever_the_provider_names_is_let_in_as_that_person(door):
    answer = door.login()
    assert answer.status_code == 303, answer.text
    assert answer.headers["location"] == "/cases"
    assert "Kari Nes" in door.http.get("/").text
    assert door.provider.refused == []
    with door.town.world.store.read() as tx:
        assert any(
            (one["act"], one.get("by"), one.get("level")) == ("logged_in", "kari", HIGH) for one in tx.newest_entries(5)
        )


def test_the_browser_is_sent_with_a_challenge_a_nonce_and_the_level_that_is_asked(door):
    door.login()
    assert door.asked["code_challenge_method"] == "S256"
    assert door.asked["acr_values"] == HIGH
    assert "code_verifier" not in door.asked
    assert len({door.asked[name] for name in ("state", "nonce", "code_challenge")}) == 3


@pytest.mark.parametrize("lie", [*LIES, *ELSEWHERE])
def test_whatever_does_not_hold_lets_nobody_in_and_says_no_more_than_that(door, lie):
    door.provider.lie = lie
    answer = door.login()
    assert answer.status_code == 403, lie
    assert "web.login" not in answer.headers.get("location", "")
    assert door.site.cookie not in door.http.cookies
    assert "evil" not in answer.text
    assert door.http.get("/").status_code == 303


def test_a_key_that_the_provider_changed_to_is_asked_for(door):
    door.login()
    door.provider.lie = "a new key"
    assert door.login().status_code == 303


def test_somebody_whom_nobody_named_is_a_stranger(door):
    door.provider.user = "sub-nobody"
    answer = door.login()
    assert answer.status_code == 403
    assert "Spør lederen" in answer.text or "Ask your leader" in answer.text
    assert door.site.cookie not in door.http.cookies


def test_the_way_back_counts_once_in_the_browser_that_asked_and_in_time(door):
    assert door.login().status_code == 303
    assert door.http.get(door.back).status_code == 403  # the note is gone with its first use
    other = httpx.Client(base_url=door.site.origin)
    door.http.get("/login/begin")
    door.login()
    assert other.get(door.back).status_code == 403
    other.close()
    there = door.http.get("/login/begin").headers["location"]
    back = httpx.get(there).headers["location"]
    door.town.clock.forward(minutes=11)
    assert door.http.get(back).status_code == 403


def test_a_note_that_was_changed_or_made_up_is_none(door):
    there = door.http.get("/login/begin").headers["location"]
    back = httpx.get(there).headers["location"]
    name = f"{door.site.cookie}-login"
    note = door.http.cookies[name]
    for told in ("", "AAAA", note[:-4] + "AAAA", "ø", "=" * 9):
        door.http.cookies.clear()
        answer = httpx.get(back, headers={b"cookie": f"{name}={told}".encode("latin-1")})
        assert answer.status_code == 403, told


def test_a_provider_that_is_away_or_speaks_for_another_opens_nothing(door):
    door.site.oidc._provider = None
    for lie in ("away", "issuer of another"):
        door.provider.lie = lie
        answer = door.http.get("/login/begin")
        assert answer.status_code == 503
        assert "location" not in answer.headers


def test_the_trial_ticket_opens_nothing_where_people_log_in_elsewhere(door):
    assert door.site.ticket is None
    assert door.http.post("/login", data={"person": "kari", "ticket": ""}).status_code in {303, 405}
    assert door.site.cookie not in door.http.cookies


def test_logging_out_leads_to_the_provider_and_the_page_may_go_there(door):
    door.login()
    page = door.http.get("/").text
    policy = door.http.get("/").headers["content-security-policy"]
    assert f"form-action 'self' {door.site.oidc.origin}" in policy
    seal = page.split('name="seal" value="')[1].split('"')[0]
    answer = door.http.post("/logout", data={"seal": seal})
    assert answer.headers["location"].startswith(door.provider.issuer + "/logout?")
    assert door.http.get("/").status_code == 303


def test_no_token_code_or_secret_is_kept_in_the_store(door, tmp_path_factory):
    door.login()
    code = parse_qs(urlsplit(door.back).query)["code"][0]
    folder = tmp_path_factory.getbasetemp()
    held = b"".join(path.read_bytes() for path in folder.rglob("*.db*"))
    assert code.encode() not in held
    assert door.asked["nonce"].encode() not in held
