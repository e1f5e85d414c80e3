"""Getting in, staying in and being shut out: sessions, forms, headers, other sites, too many tries."""

import pytest

from gateway.run import rights
from gateway.web.door import inside
from gateway.web.pages import PLACES
from tests.web.house import TICKET, Browser

FILLED = {"task": "0" * 32, "case": "0" * 20, "item": "0" * 20, "key": "0" * 32}
PATHS = [path.format(**FILLED) for path in PLACES]
ROLES = {"kari": "coordinator", "liv": "leader", "ida": "privacy", "dag": "operator"}


@pytest.mark.parametrize("path", [*PATHS, "/nowhere", "/cases/../audit"])
def test_nobody_sees_a_page_without_logging_in(house, path):
    answer = Browser(house.site).get(path)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/login")
    assert answer.content == b""


@pytest.mark.parametrize(("ticket", "person"), [("", "kari"), ("wrong", "kari"), (TICKET, "nobody"), (TICKET, "")])
def test_the_trial_mode_opens_to_its_ticket_and_a_known_person_only(house, ticket, person):
    browser = Browser(house.site)
    assert browser.login(person, ticket).status_code in {403, 429}
    assert not browser.http.cookies


def test_the_cookie_is_not_for_scripts_nor_for_other_sites(house):
    told = Browser(house.site).login("kari").headers["set-cookie"].lower()
    assert "httponly" in told
    assert "samesite=lax" in told
    assert "path=/" in told
    assert "domain" not in told


def test_with_tls_the_cookie_is_bound_to_the_host_and_the_browser_told_to_stay(house):
    import msgspec  # noqa: PLC0415

    from gateway.web.guard import Guard  # noqa: PLC0415
    from gateway.web.site import Site  # noqa: PLC0415

    world = house.town.world
    web = msgspec.structs.replace(world.settings.web, url="https://bti.example.no")
    site = Site(world=msgspec.structs.replace(world, settings=msgspec.structs.replace(world.settings, web=web)))
    assert site.cookie.startswith("__Host-")
    assert (b"strict-transport-security", b"max-age=31536000") in Guard(lambda *_: None, site=site)._headers


def test_a_session_ends_by_rest_by_age_and_by_leaving(fresh):
    browser = fresh.of("kari")
    assert browser.get("/").status_code == 200
    fresh.town.clock.forward(minutes=29)
    assert browser.get("/").status_code == 200
    fresh.town.clock.forward(minutes=31)
    assert browser.get("/").status_code == 303
    browser.login("kari")
    for _ in range(17):
        fresh.town.clock.forward(minutes=29)
        browser.get("/")
    assert browser.get("/").status_code == 303  # eight hours, however busy
    browser.login("kari")
    kept = dict(browser.http.cookies)
    browser.send("/logout", {})
    again = Browser(fresh.site)
    again.http.cookies.update(kept)
    assert again.get("/").status_code == 303


def test_a_stolen_session_does_not_open_in_another_browser(house):
    stolen = Browser(house.site, agent="Another browser")
    stolen.http.cookies.update(dict(house.of("kari").http.cookies))
    assert stolen.get("/").status_code == 303


def test_a_person_who_left_the_settings_is_out_at_once(fresh):
    browser = fresh.of("kari")
    people = fresh.site.settings.people
    del people["kari"]
    assert browser.get("/").status_code == 303


def test_a_form_needs_the_seal_of_its_own_session(house):
    kari, liv = house.of("kari"), house.of("liv")
    for fields in ({}, {"seal": ""}, {"seal": "0" * 32}, {"seal": liv.seal()}, {"seal": "ø"}):
        answer = kari.http.post("/cases", data={"number": house.town.child, **fields})
        assert answer.status_code == 403, fields


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"host": "evil.example"}, 421),
    ],
)
def test_another_site_gets_nothing_done(house, headers, status):
    kari = house.of("kari")
    answer = kari.http.post("/cases", data={"seal": kari.seal(), "number": house.town.child}, headers=headers)
    assert answer.status_code == status


def test_every_answer_carries_the_headers_that_shut_others_out(house):
    kari = house.of("kari")
    for answer in (kari.get("/"), kari.get("/nowhere"), kari.get("/static/bti.css"), Browser(house.site).get("/login")):
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["x-frame-options"] == "DENY"
        assert "server" not in answer.headers
    assert kari.get("/").headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "told",
    [
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "",
        "/login",
        "/logout",
        "/a\nb",
    ],
)
def test_the_login_leads_inside_only(told):
    assert inside(told) == "/"


def test_the_login_leads_back_to_where_one_was():
    assert inside("/cases/abc") == "/cases/abc"


def test_a_form_too_large_or_of_another_kind_is_refused(house):
    kari = house.of("kari")
    assert kari.send("/cases", {"number": "1" * 70_000}).status_code == 413
    answer = kari.http.post("/cases", content=b"{}", headers={"content-type": "application/json"})
    assert answer.status_code in {403, 413}


@pytest.mark.parametrize("path", PLACES)
@pytest.mark.parametrize("person", ROLES)
def test_every_place_is_shut_to_roles_without_the_right(house, person, path):
    place, role = PLACES[path], ROLES[person]
    for method, act in (("GET", place.act), ("POST", place.needed(posts=True))):
        browser = house.of(person)
        filled = path.format(**FILLED)
        answer = browser.get(filled) if method == "GET" else browser.send(filled, {})
        if role not in rights.ACTS[act]:
            assert answer.status_code in {403, 405}, (method, act)
        else:
            assert answer.status_code != 403, (method, act)


def test_too_many_tries_of_the_ticket_are_slowed_down(fresh):
    browser = Browser(fresh.site)
    codes = [browser.login("kari", "wrong").status_code for _ in range(30)]
    assert codes[0] == 403
    assert codes[-1] == 429
    assert browser.login("kari").status_code == 429  # the right one too, for a while
    fresh.town.clock.forward(minutes=5)
    assert browser.login("kari").status_code == 303


def test_logging_in_and_out_stand_in_the_audit_log(fresh):
    fresh.of("kari").send("/logout", {})
    with fresh.town.world.store.read() as tx:
        acts = [(one["act"], one.get("by")) for one in tx.newest_entries(50)]
    assert ("logged_in", "kari") in acts
    assert ("logged_out", "kari") in acts


def test_the_store_holds_no_session_that_opens_anything(fresh, tmp_path):
    secret = dict(fresh.of("kari").http.cookies)[fresh.site.cookie]
    held = b"".join(path.read_bytes() for path in tmp_path.rglob("*.db*"))
    assert secret.encode() not in held
    assert bytes.fromhex(secret) not in held


def test_a_call_without_a_host_is_refused(house):
    import socket  # noqa: PLC0415

    host, _, port = house.site.web.listen.rpartition(":")
    with socket.create_connection((host, int(port))) as raw:
        raw.sendall(b"GET /login HTTP/1.0\r\n\r\n")
        assert b" 421 " in raw.recv(200)


def test_an_unforeseen_fault_shows_a_code_and_nothing_else(house, monkeypatch):
    from gateway.web.pages import inbox  # noqa: PLC0415

    def breaks(*_args, **_kwargs):
        raise RuntimeError("06821099739")

    monkeypatch.setattr(inbox.inbox, "page", breaks)
    answer = house.of("kari").get("/")
    assert answer.status_code == 500
    assert "web.unforeseen" in answer.text
    assert "06821099739" not in answer.text
