"""What people see and do: the inbox, a case, consents, the baton, why; and what they do not see."""

import re

import msgspec
import pytest

from gateway.core.paper import capital
from gateway.run import viewing
from tests.web.house import SECRET_WORDS, Browser, open_house

VALID = "06821099739"


def text_of(answer):
    assert answer.status_code == 200, (answer.status_code, re.findall(r"Kode: [a-z_.]+", answer.text))
    return answer.text


def same(answer, case):
    """An answer without what differs by session."""
    return re.sub(rb'value="[0-9a-f]{32,}"', b"", answer.content).replace(case.encode(), b"CASE")


def test_the_school_sees_its_own_log_with_the_relay_as_a_picture(house):
    page = text_of(house.of("kari").get(f"/cases/{house.case}"))
    assert SECRET_WORDS in page
    assert "Ola Nes" in page
    assert '<svg viewBox="0 0' in page
    assert 'role="img"' in page
    assert "Kari Nes" in page
    assert '<ol id="tl-text">' in page  # the picture as text


def test_the_health_station_sees_what_the_consent_carries(house):
    page = text_of(house.of("hans").get(f"/cases/{house.case}"))
    assert SECRET_WORDS in page


@pytest.mark.parametrize("path", ["", "/consents", "/baton", "/why/{item}"])
def test_a_case_that_is_none_of_ones_business_is_as_absent_as_one_that_is_not(house, path):
    item = house.item("concern")
    berit = house.of("berit")
    hidden = berit.get(f"/cases/{house.case}" + path.format(item=item))
    absent = berit.get("/cases/" + "0" * 20 + path.format(item=item))
    assert hidden.status_code == absent.status_code == 404
    assert same(hidden, house.case) == same(absent, "0" * 20)
    assert hidden.headers["content-length"] == absent.headers["content-length"]


def test_a_number_with_a_hidden_case_and_one_without_any_are_answered_alike(house):
    berit = house.of("berit")
    hidden = berit.send("/cases", {"number": house.town.child})
    absent = berit.send("/cases", {"number": VALID})
    assert hidden.status_code == absent.status_code == 200
    assert same(hidden, house.case) == same(absent, house.case)


def test_the_childs_number_finds_the_case_and_stands_in_no_address(house):
    answer = house.of("kari").send("/cases", {"number": house.town.child})
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/cases/{house.case}"
    assert house.of("kari").send("/cases", {"number": "123"}).status_code == 400


def test_without_consent_two_worlds_that_differ_in_what_is_hidden_look_the_same(tmp_path):
    seen = []
    for name, words in (
        ("one", "Gråter når mor går på jobb."),
        ("two", "Noe ganske annet, og mye lengre enn det var."),
    ):
        with open_house(tmp_path / name, consent=(), words=words) as house:
            hans = house.of("hans")
            pages = [
                hans.get(path)
                for path in (
                    "/",
                    "/?scope=all",
                    "/?scope=later",
                    "/adoptions",
                    "/cases",
                    "/flows",
                    f"/cases/{house.case}",
                    "/numbers",
                )
            ]
            pages += [hans.send("/cases", {"number": house.town.child})]
            if name == "two":
                house.town.put(
                    "skole", "measure", "t2", {"title": "Noe mer som ingen skal se", "started_on": "2026-08-02"}
                )
                house.town.sync(hours=0)
            offered = house.of("kari").send(f"/cases/{house.case}/baton", {"act": "offer", "to": "hans"})
            assert offered.status_code == 303
            for part in ("", "/baton", "/consents", "/consents?what=block&service=school", "/consents?every=1"):
                pages.append(hans.get(f"/cases/{house.case}{part}"))  # may open it now, and sees as little
            fields = {"act": "block", "service": "school", "step": "look"}
            pages += [hans.get("/"), hans.get("/cases"), hans.send(f"/cases/{house.case}/consents", fields)]
            assert all("Kari Nes" not in one.text.split("Gi stafetten videre")[0] for one in pages[-8:-1])
            seen.append(
                [(one.status_code, re.sub(rb"[0-9a-f]{20,}|\\d\\d\\.\\d\\d\\b", b"", one.content)) for one in pages]
            )
            assert not any(words.encode() in body for _, body in seen[-1])
    assert seen[0] == seen[1]


def test_what_is_hidden_of_a_case_that_one_may_open_makes_no_column_no_count_and_no_name(tmp_path):
    with open_house(tmp_path / "town", consent=()) as house:
        offered = house.of("kari").send(f"/cases/{house.case}/baton", {"act": "offer", "to": "hans"})
        assert offered.status_code == 303
        hans = house.of("hans")  # may open the case now, of which no consent lets anything go to his service
        for path in ("", "/consents"):
            page = text_of(hans.get(f"/cases/{house.case}{path}"))
            for word in ("Bekymring</th>", "Tiltak</th>", "timeline.concern", SECRET_WORDS, "Fast voksen", "Ola Nes"):
                assert word not in page, (path, word)
        assert hans.get(f"/cases/{house.case}/why/{house.item('concern')}").status_code == 404
        assert "Bekymring</th>" in text_of(house.of("kari").get(f"/cases/{house.case}/consents"))


def test_operators_see_what_moves_and_never_what_it_says(house):
    dag = house.of("dag")
    for path in ("/", "/?scope=all", "/flows", "/messages", "/audit"):
        page = text_of(dag.get(path))
        assert SECRET_WORDS not in page
        assert "Ola" not in page
        assert house.town.child not in page


def test_every_look_at_a_case_stands_in_the_log_before_it_is_seen(fresh):
    fresh.of("kari").get(f"/cases/{fresh.case}")
    fresh.of("kari").get(f"/cases/{fresh.case}/why/{fresh.item('concern')}")
    with fresh.town.world.store.read() as tx:
        looks = [one for one in tx.newest_entries(30) if one["act"] == "looked"]
    assert {(one["by"], one["what"]) for one in looks} >= {("kari", "case"), ("kari", "explain")}
    assert all(one["cases"] == [fresh.case] for one in looks)
    assert "case" in text_of(fresh.of("ida").get("/audit"))


def test_a_refusal_written_down_in_the_web_closes_and_asks_back(fresh):
    kari = fresh.of("kari")
    grid = text_of(kari.get(f"/cases/{fresh.case}/consents"))
    assert "●" in grid
    givers = re.findall(r'<option value="([0-9a-f]+)">', grid.split('name="by"')[1])
    assert givers
    for giver in givers:
        fields = {"act": "refused", "by": giver, "note": "sagt i møte"}
        kari.send(f"/cases/{fresh.case}/consents", fields)
    assert (
        "●"
        not in text_of(kari.get(f"/cases/{fresh.case}/consents"))
        .split("Hva familien har sagt")[0]
        .split("helse-unit")[1]
    )
    fresh.town.sync(2)
    assert not fresh.town.mentions("helse", SECRET_WORDS)


def test_a_consent_needs_a_service_and_how_it_was_said(house):
    kari = house.of("kari")
    page = text_of(kari.get(f"/cases/{house.case}/consents"))
    giver = re.findall(r'<option value="([0-9a-f]+)">', page.split('name="by"')[1])[0]
    for fields in (
        {"act": "given", "by": giver, "note": "x"},
        {"act": "given", "by": giver, "services": "school", "note": " "},
        {"act": "nonsense", "by": giver, "note": "x"},
        {"act": "given", "by": giver, "services": "no_such", "note": "x"},
        {"act": "given", "by": "nobody", "services": "school", "note": "x"},
    ):
        assert kari.send(f"/cases/{house.case}/consents", fields).status_code in {400, 404, 409}, fields


def test_the_baton_is_offered_and_accepted_with_one_holder_always(fresh):
    kari, hans = fresh.of("kari"), fresh.of("hans")
    answer = kari.send(f"/cases/{fresh.case}/baton", {"act": "offer", "to": "hans", "wish": "Vi vil gjerne ha Hans."})
    assert answer.status_code == 303, answer.text
    assert "Tilbudt til" in text_of(kari.get(f"/cases/{fresh.case}/baton"))
    inbox = text_of(hans.get("/"))
    task = re.search(r'href="/tasks/([0-9a-f]+)"', inbox)
    assert task, inbox
    page = text_of(hans.get(f"/tasks/{task.group(1)}"))
    assert "Ja, jeg tar stafetten" in page
    assert "Du blir stafettholder" in page  # what will happen is said before
    answer = hans.send(f"/tasks/{task.group(1)}", {"answer": "accept"})
    assert answer.status_code == 303
    assert "Hans Dahl" in text_of(kari.get(f"/cases/{fresh.case}/baton")).split("Før</h2>")[0]
    assert kari.send(f"/tasks/{task.group(1)}", {"answer": "accept"}).status_code in {404, 409}


def test_a_task_of_another_unit_is_as_absent_as_one_that_is_not(fresh):
    fresh.of("kari").send(f"/cases/{fresh.case}/baton", {"act": "offer", "to": "hans"})
    task = re.search(r'href="/tasks/([0-9a-f]+)"', text_of(fresh.of("hans").get("/"))).group(1)
    hidden, absent = fresh.of("berit").get(f"/tasks/{task}"), fresh.of("berit").get("/tasks/" + "0" * 32)
    assert hidden.status_code == absent.status_code == 404
    assert same(hidden, task) == same(absent, "0" * 32)


def test_why_tells_each_fields_fate_with_rule_and_words(house):
    page = text_of(house.of("kari").get(f"/cases/{house.case}/why/{house.item('concern')}"))
    assert "Sammendrag" in page
    assert "Regler: " in page
    assert "Dette kan deles." in page
    assert "Hva som er sendt" in page


@pytest.mark.parametrize("person", ["kari", "hans", "ida"])
def test_why_tells_of_the_fields_that_the_api_tells_of(house, person):
    world, item = house.town.world, house.item("concern")
    told = viewing.fate(world, house.town.file, item, house.site.settings.people[person])
    assert told is not None
    wording = house.site.wording("nb")
    fields = {field for one in told["records"][0]["receivers"].values() for field in one["fields"]}
    page = text_of(house.of(person).get(f"/cases/{house.case}/why/{item}"))
    assert fields
    assert set(re.findall(r'role="rowheader">([^<]+)<', page)) == {
        capital(wording.field("concern", one)) for one in fields
    }


def test_flows_are_opened_by_a_leader_of_the_service_that_gives_and_by_nobody_else(fresh):
    for person, status in (("kari", 403), ("dag", 403), ("liv", 303)):
        fields = {"from": "skole", "to": "helse", "state": "approved"}
        assert fresh.of(person).send("/flows", fields).status_code == status
    assert fresh.of("liv").send("/flows", {"from": "helse", "to": "skole", "state": "approved"}).status_code == 409
    assert fresh.of("dag").send("/flows", {"state": "paused", "all": "1"}).status_code == 303
    assert "All sending er stanset" in text_of(fresh.of("kari").get("/flows"))
    assert fresh.of("dag").send("/flows", {"state": "resumed", "all": "1"}).status_code == 403


def test_the_ledger_is_a_letter_that_the_family_could_read(house):
    ida = house.of("ida")
    page = text_of(ida.send("/ledger", {"number": house.town.child, "language": "nn"}))
    assert 'lang="nn"' in page
    assert house.town.child not in page
    nothing = text_of(ida.send("/ledger", {"number": VALID}))
    assert "ingenting å vise" in nothing


def test_messages_tell_what_was_sent_and_why_without_content(house):
    for person in ("liv", "ida", "dag"):
        page = text_of(house.of(person).get("/messages"))
        assert "helse" in page
        assert re.search(r"C\d+|B\d+", page)
        assert SECRET_WORDS not in page


def test_deciding_anew_sends_only_what_is_still_allowed(fresh):
    liv = fresh.of("liv")
    before = len(fresh.town.writes("helse"))
    assert liv.send("/messages", {"again": "1", "case": fresh.case, "system": "helse"}).status_code == 303
    fresh.town.sync()
    assert len(fresh.town.writes("helse")) == before
    liv.login("liv")  # an hour has passed
    assert liv.send("/messages", {"again": "1", "case": "0" * 20, "system": "helse"}).status_code == 404
    assert liv.send("/messages", {"again": "1", "case": fresh.case, "system": "no"}).status_code == 400
    refused = fresh.of("ida").send("/messages", {"again": "1", "case": fresh.case, "system": "helse"})
    assert refused.status_code == 403
    assert fresh.of("dag").send("/messages", {"number": fresh.town.child}).status_code == 403


def test_the_audit_page_says_what_was_looked_at_and_done_in_words_with_the_code_beside_it(fresh):
    kari = fresh.of("kari")
    kari.get(f"/cases/{fresh.case}/consents")
    kari.send(f"/cases/{fresh.case}/baton", {"act": "offer", "to": "hans"})
    page = text_of(fresh.of("ida").get("/audit"))
    assert re.search(r"Samtykkene i saken <code[^>]*>case consents</code>", page)
    assert re.search(r"Stafetten er tilbudt <code[^>]*>baton.offer</code>", page)
    assert "Logget inn" in page
    assert fresh.case not in page
    dag = text_of(fresh.of("dag").get("/audit"))  # who runs the machine sees what moves
    assert "baton.offer" not in dag
    assert "Sendinger til et system" in dag


def test_who_is_logged_in_is_seen_and_logged_out_by_who_may(fresh):
    kari = fresh.of("kari")
    assert kari.get("/").status_code == 200
    for person, status in (("kari", 403), ("liv", 403), ("ida", 200), ("dag", 200)):
        assert fresh.of(person).get("/sessions").status_code == status, person
    page = text_of(fresh.of("dag").get("/sessions"))
    assert "Kari Nes" in page or "kari" in page
    assert "Prøvemodus" in page
    assert fresh.of("dag").send("/sessions", {"person": "nobody"}).status_code == 400
    assert fresh.of("dag").send("/sessions", {"person": "kari"}).status_code == 303
    assert kari.get("/").status_code == 303  # to the login
    assert fresh.of("liv").get("/").status_code == 200
    assert "Økter ble avsluttet" in text_of(fresh.of("ida").get("/audit"))
    assert fresh.of("ida").send("/sessions", {"all": "1"}).status_code == 303
    assert fresh.of("liv").get("/").status_code == fresh.of("ida").get("/").status_code == 303


def test_a_person_of_a_case_is_told_by_name_or_else_by_role_as_far_as_the_reader_sees(tmp_path):
    headed = r'<h3 class="ds-heading" data-size="2xs">([^<]*?)(?: <|<)'
    with open_house(tmp_path / "town") as house:
        kari, hans = (text_of(house.of(one).get(f"/cases/{house.case}")) for one in ("kari", "hans"))
        assert "Ola Nes" in re.findall(headed, kari)
        assert "Fornavn" not in kari  # the title says it
        assert "Person" not in [one for page in (kari, hans) for one in re.findall(headed, page)]
    with open_house(tmp_path / "other", consent=()) as house:
        house.of("kari").send(f"/cases/{house.case}/baton", {"act": "offer", "to": "hans"})
        assert "Ola" not in text_of(house.of("hans").get(f"/cases/{house.case}"))


def test_the_baton_is_offered_by_whom_the_page_lets_and_all_others_are_told_who_may(fresh):
    why = "Den som har stafetten, eller en leder i enheten deres, gir den videre."
    may = {"kari": True, "liv": True, "ida": False}
    for person, offers in may.items():
        page = text_of(fresh.of(person).get(f"/cases/{fresh.case}/baton"))
        assert ('value="offer"' in page) == offers, person
        assert (why in page) == (not offers), person
        assert '<option value="kari"' not in page, person  # who holds it is not offered it
    people = fresh.site.settings.people
    people["knut"] = msgspec.structs.replace(people["kari"], name="knut", title="", login="")
    knut = fresh.of("knut")  # at the holder's side, and not the holder
    page = text_of(knut.get(f"/cases/{fresh.case}/baton"))
    assert 'value="offer"' not in page
    assert why in page
    assert knut.send(f"/cases/{fresh.case}/baton", {"act": "offer", "to": "hans"}).status_code == 409
    fresh.of("kari").send(f"/cases/{fresh.case}/baton", {"act": "offer", "to": "hans"})
    takes_back = {"kari": True, "liv": True, "knut": False, "hans": False}
    for person, may_take in takes_back.items():
        page = text_of(fresh.of(person).get(f"/cases/{fresh.case}/baton"))
        assert ('value="withdraw"' in page) == may_take, person
    assert 'value="accept"' in page  # the last is whom it was offered to


def test_the_audit_page_verifies_the_log(house):
    assert "Loggen er hel" in text_of(house.of("ida").send("/audit", {}))


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_every_page_is_in_the_language_that_was_chosen(house, language):
    browser = Browser(house.site)
    browser.login("liv")
    browser.http.post("/language", data={"language": language, "to": "/"})
    for path in ("/", "/cases", f"/cases/{house.case}", f"/cases/{house.case}/consents", f"/cases/{house.case}/baton",
                 f"/cases/{house.case}/why/{house.item('concern')}", "/flows", "/messages", "/adoptions", "/ledger", "/rules", "/numbers"):  # fmt: skip
        page = text_of(browser.get(path))
        assert f'<html lang="{language}"' in page
        bare = re.sub(r"<[^>]*>", " ", page)
        assert not re.search(
            r"\b(menu|title|task|answer|case|grid|why|flows|messages|effect|life|state|step|lawdoc|cell|level|gate|deadline|trial|consents|blocks|detail|inbox|adoptions|outcome|unusual|rules)\.[a-z_.]+\b",
            bare,
        ), path


def test_no_number_of_a_person_stands_in_a_page_that_needs_none(house):
    for path in ("/", "/cases", "/flows", "/messages", "/rules", "/numbers", f"/cases/{house.case}/baton"):
        assert house.town.child not in house.of("liv").get(path).text, path


def test_the_numbers_of_a_month_are_counted_at_night_so_that_no_look_waits_for_it(fresh):
    fresh.town.clock.forward(hours=24 * 31)
    fresh.town.sync()
    with fresh.town.world.store.read() as tx:
        assert {name.partition("/")[0] for name in tx.marked("statistics/")} == {"2026-09"}
