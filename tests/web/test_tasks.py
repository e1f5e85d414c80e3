"""The inbox: handing over, putting off, an answer given twice, and to what has changed meanwhile."""

import itertools
import re

import pytest

from gateway.run.inbox import takers
from gateway.store import Task
from gateway.web.pages import PLACES
from tests.web.test_pages import text_of

count = itertools.count()


def made(house, **facts):
    """A task that somebody must do; its id."""
    facts = {"kind": "quiet", "at": house.site.now(), "unit": "skole-unit", "system": "skole", "body": b"{}"} | facts
    with house.town.world.store.write() as tx:
        return tx.add_tasks([Task(dedupe=f"made/{next(count)}", **facts)])[0]


def hidden(page, *names):
    """What a page's first form carries without anybody seeing it."""
    return {name: re.search(rf'name="{name}" value="([0-9a-f]+)"', page).group(1) for name in names}


def ids(page):
    return re.findall(r'href="/tasks/([0-9a-f]+)"', page)


def test_a_task_that_is_handed_over_is_in_the_others_inbox_and_keeps_its_deadline(house):
    task = made(house)
    kari, liv = house.of("kari"), house.of("liv")
    assert task in ids(kari.get("/").text)
    assert task not in ids(liv.get("/").text)
    assert kari.send(f"/tasks/{task}", {"do": "hand", "to": "liv"}).status_code == 303
    assert task not in ids(kari.get("/").text)
    assert task in ids(liv.get("/").text)
    assert task in ids(kari.get("/?scope=unit").text)
    assert liv.send(f"/tasks/{task}", {"do": "hand", "to": ""}).status_code == 303  # back to all whose it is
    assert task in ids(kari.get("/").text)
    with house.town.world.store.read() as tx:
        acts = [(one["act"], one["by"]) for one in tx.newest_entries(9) if one["act"].startswith("task.")]
    assert ("task.handed", "kari") in acts


@pytest.mark.parametrize("to", ["hans", "dag", "nobody"])
def test_a_task_is_handed_to_nobody_who_may_not_see_it(house, to):
    task = made(house, item=to)
    assert to not in takers(house.site.settings, unit="skole-unit", role=None)
    assert house.of("kari").send(f"/tasks/{task}", {"do": "hand", "to": to}).status_code == 409


def test_a_task_that_is_put_off_comes_back_on_its_day_and_never_after_its_deadline(fresh):
    task, kari = made(fresh, kind="refused"), fresh.of("kari")
    days = re.findall(r'<option value="(\d{4}-\d\d-\d\d)"', kari.get(f"/tasks/{task}").text)
    assert days == sorted(days)
    for wrong in ("2026-01-01", "2030-01-01", "x"):
        assert kari.send(f"/tasks/{task}", {"do": "rest", "until": wrong}).status_code in {400, 409}
    assert kari.send(f"/tasks/{task}", {"do": "rest", "until": days[0]}).status_code == 303
    assert task not in ids(kari.get("/").text)
    assert task in ids(kari.get("/?scope=later").text)
    fresh.town.clock.forward(hours=40)
    kari.login("kari")
    assert task in ids(kari.get("/").text)


def test_an_answer_given_twice_says_so_and_does_nothing_more(house):
    kari = house.of("kari")
    task = made(house)
    page = kari.get(f"/tasks/{task}").text
    form = {**hidden(page, "seal", "once", "seen"), "answer": "seen"}
    assert kari.http.post(f"/tasks/{task}", data=form).status_code == 303
    again = kari.http.post(f"/tasks/{task}", data=form)
    assert again.status_code == 409
    assert "web.twice" in again.text
    anew = kari.send(f"/tasks/{task}", {"answer": "seen"})  # from another page, opened before
    assert anew.status_code == 409
    assert "endret siden" in anew.text
    assert "Løst av kari" in anew.text


def test_an_answer_to_what_has_changed_says_so_and_answers_nothing(house):
    kari, task = house.of("kari"), made(house, body=b'{"code":"system.quiet"}')
    form = hidden(kari.get(f"/tasks/{task}").text, "seal", "once", "seen")
    with house.town.world.store.write() as tx:
        tx.rewrite_tasks([(task, None, b'{"code":"store.failed"}')])
    answer = kari.http.post(f"/tasks/{task}", data={**form, "answer": "seen"})
    assert answer.status_code == 409
    assert "endret siden" in answer.text
    with house.town.world.store.read() as tx:
        assert tx.task(task).open


def test_a_form_whose_act_failed_can_be_sent_again(house):
    kari, task = house.of("kari"), made(house, item="j")
    form = hidden(kari.get(f"/tasks/{task}").text, "seal", "once")
    assert kari.http.post(f"/tasks/{task}", data={**form, "answer": "nonsense"}).status_code == 400
    assert kari.http.post(f"/tasks/{task}", data={**form, "answer": "seen"}).status_code == 303


def test_one_answer_is_enough_for_a_list_and_only_what_is_marked_is_answered(house):
    moved = {"kind": "transition", "body": b'{"transition":"new_place"}'}
    one, two, three = (made(house, **moved) for _ in range(3))
    elsewhere, theirs = made(house, unit="ppt-unit", **moved), made(house, **moved)
    kari = house.of("kari")
    kari.send(f"/tasks/{theirs}", {"do": "hand", "to": "liv"})
    page = kari.get(f"/tasks/{one}").text
    assert set(re.findall(r'name="l-([0-9a-f]+)"', page)) == {one, two, three}
    form = {**hidden(page, "seen"), "do": "list"}
    for wrong, status in (({"answer": "seen"}, 400), ({"answer": "later", f"l-{two}": "1"}, 400)):
        assert kari.send(f"/tasks/{one}", {**form, **wrong}).status_code == status
    answered = kari.send(
        f"/tasks/{one}", {**form, "answer": "seen", f"l-{one}": "1", f"l-{two}": "1", f"l-{theirs}": "1"}
    )
    assert answered.status_code == 303
    with house.town.world.store.read() as tx:
        assert [tx.task(name).open for name in (one, two, three, elsewhere, theirs)] == [False, False, True, True, True]
    stale = kari.send(f"/tasks/{three}", {**form, "answer": "seen", f"l-{three}": "1"})
    assert stale.status_code == 409, "the page showed another list"


@pytest.mark.parametrize("path", [path for path, place in PLACES.items() if place.do is not None])
def test_no_form_does_anything_without_the_seal_of_its_session(house, path):
    for person in ("liv", "ida", "dag"):
        filled = path.format(task="0" * 32, case=house.case, item="0" * 20, key="0" * 32)
        answer = house.of(person).http.post(filled, data={"seal": "0" * 32, "act": "given", "all": "1"})
        assert answer.status_code == 403


def test_an_inbox_is_shown_a_page_at_a_time(house, monkeypatch):
    from gateway.web.pages import inbox  # noqa: PLC0415

    monkeypatch.setattr(inbox, "SOME", 2)
    wanted = {made(house, item=f"{n}") for n in range(5)}
    kari, found, path = house.of("kari"), [], "/"
    while path:
        page = text_of(kari.get(path))
        found += ids(page)
        more = re.search(r'href="(/\?scope=mine&amp;after=[^"]+)"', page)
        path = more.group(1).replace("&amp;", "&") if more else None
    assert wanted <= set(found)
    assert len(found) == len(set(found))
    for wrong in ("x", "-", "1-", "1-ø", "9" * 30 + "-a"):
        assert kari.get("/", params={"after": wrong}).status_code == 400


def test_cases_are_listed_for_those_who_have_to_do_with_them_alone(house):
    for person, there in (("kari", True), ("hans", True), ("berit", False), ("ida", True)):
        assert (f'href="/cases/{house.case}"' in text_of(house.of(person).get("/cases"))) is there, person
    assert house.of("kari").get("/cases", params={"before": "1-x"}).status_code == 200
    assert house.of("kari").get("/cases", params={"before": "x-1"}).status_code == 400
