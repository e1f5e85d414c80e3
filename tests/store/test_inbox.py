"""Inboxes and lists of cases: a page is what the whole, sorted and filtered, would have there, and reads no more."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.store import Line, Place, Stale, Task, case_units, inbox
from gateway.store.scope import among

NOW = datetime(2026, 11, 2, 8, tzinfo=UTC)
UNITS = (None, "skole", "helse", "vern")
ROLES = (None, "leader", "privacy")
PEOPLE = ("kari", "liv", "per")


def put(tx, n, *, unit=None, role=None, due=None, case=None):
    task = Task(
        kind="quiet", dedupe=f"t{n}", at=NOW, unit=unit, role=role, case=case,
        deadline=None if due is None else NOW + timedelta(days=due),
    )  # fmt: skip
    return tx.add_tasks([task])[0]


made = st.lists(
    st.tuples(
        st.sampled_from(UNITS), st.sampled_from(ROLES), st.one_of(st.none(), st.integers(-3, 20)),
        st.sampled_from((None, *PEOPLE)), st.one_of(st.none(), st.integers(-2, 2)),
    ),
    max_size=14,
)  # fmt: skip
lines = st.dictionaries(
    st.sampled_from(UNITS),
    st.tuples(st.sets(st.sampled_from(("", "leader", "privacy")), min_size=1), st.sets(st.sampled_from(PEOPLE))),
    min_size=1,
)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(tasks=made, lines=lines, own=st.booleans(), resting=st.booleans(), size=st.integers(1, 4))
def test_pages_of_an_inbox_are_the_whole_of_it_in_order(file_place, tasks, lines, own, resting, size):
    store = file_place.open()
    with store.write() as tx:
        for one in tx.tasks():
            tx.resolve_task(one.id, by="", outcome="seen", at=NOW)
        names = []
        for n, (unit, role, due, person, rests) in enumerate(tasks):
            names.append(put(tx, f"{n}", unit=unit, role=role, due=due))
            tx.hand_task(names[-1], to=person)
            tx.rest_task(names[-1], until=None if rests is None else NOW + timedelta(days=rests))
        wanted = [Line(unit, tuple(roles), tuple(people)) for unit, (roles, people) in lines.items()]
        found, after = [], None
        while page := tx.inbox(wanted, own=own, resting=resting, now=NOW, after=after, limit=size):
            found += page
            after = Place.of(page[-1])
        size_told = tx.inbox_size(wanted, own=own, now=NOW)
    expected = [
        (Place(int((NOW + timedelta(days=14 if due is None else due)).timestamp() * 1e6), name), name)
        for name, (unit, role, due, person, rests) in zip(names, tasks, strict=True)
        if unit in lines and (role or "") in lines[unit][0]
        if not own or person not in lines[unit][1]
        if (rests is not None and rests > 0) == resting
    ]
    assert [one.id for one in found] == [name for _, name in sorted(expected)]
    if not resting:
        assert size_told[0] == len(expected)
    store.close()


def test_an_answered_task_is_in_no_inbox_and_one_that_escalates_is_everybodys_again(place):
    with place.open().write() as tx:
        one, other = put(tx, 1, unit="skole", due=3), put(tx, 2, unit="skole", due=1, case=None)
        tx.hand_task(one, to="kari")
        tx.rest_task(one, until=NOW + timedelta(days=2))
        tx.rest_task(one, until=None)
        line = [Line("skole", ("", "leader"), ("kari", "liv"))]
        assert [each.id for each in tx.inbox(line, own=True, now=NOW, limit=9)] == [other]
        assert [each.id for each in tx.handed("kari", now=NOW)] == [one]
        assert [each.id for each in tx.inbox(line, own=False, now=NOW, limit=9)] == [other, one]
        tx.escalate_tasks([one], role="leader")
        assert tx.handed("kari", now=NOW) == []
        assert [each.id for each in tx.inbox(line, own=True, now=NOW, limit=9)] == [other, one]
        tx.resolve_task(other, by="liv", outcome="seen", at=NOW)
        assert [each.id for each in tx.inbox(line, own=False, now=NOW, limit=9)] == [one]
        assert tx.task_units() == ["skole"]
        for act in (lambda: tx.hand_task(other, to="liv"), lambda: tx.rest_task(other, until=NOW)):
            with pytest.raises(Stale):
                act()


def test_what_is_about_a_case_can_be_left_out(place):
    with place.open().write() as tx:
        tx.save_cases([("c", 0, b"x")])
        put(tx, 1, case="c")
        plain = put(tx, 2)
        assert [one.id for one in tx.inbox([Line(None, ("",))], own=False, cases=False, now=NOW, limit=9)] == [plain]


def test_each_case_stands_once_in_a_list_those_first_that_came_last(place):
    with place.open().write() as tx:
        for n, (case, unit) in enumerate(product("abc", ("skole", "helse"))):
            tx.join_units([(unit, case)], at=NOW + timedelta(hours=n))
        told, before = [], None
        while page := tx.cases_of_units(["skole", "helse"], before=before, limit=1):
            told += [case for _, case in page]
            before = page[-1]
        assert told == ["c", "b", "a"]
        tx.set_units({"c": ["vern"], "b": ["skole"]}, at=NOW + timedelta(days=9))
        assert [case for _, case in tx.cases_of_units(["skole"], limit=9)] == ["b", "a"]
        assert [case for _, case in tx.cases_of_units(["helse", "vern"], limit=9)] == ["c", "a"]
        assert tx.units_with_cases() == ["helse", "skole", "vern"]
        assert tx.cases_of_units([], limit=9) == []


PAGES = {
    "a unit": (inbox._OF["unit"][0], ("roles", "people")),
    "no unit": (inbox._OF["none"][0], ("roles", "people")),
    "a person": (inbox._OF["person"][0], ("roles", "people")),
    "cases": (case_units._PAGE, ("units",)),
}
FACTS = {
    "unit": "a", "roles": [""], "people": ["p"], "handed": 0, "cases": 1, "resting": 0, "now": 5, "waits": 1, "limit": 3,
    "after": "x", "kind": None, "units": ["a", "b"], "since": 9, "before": "c",
}  # fmt: skip


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_read_from_its_index_and_never_sorted(file_place, page):
    statement, lists = PAGES[page]
    with file_place.open().read() as tx:
        plan = " ".join(str(row[-1]) for row in tx.run(among(f"EXPLAIN QUERY PLAN {statement.text}", *lists), FACTS))
    assert "SEARCH" in plan
    assert "USING" in plan
    assert "SCAN" not in plan.replace("SCAN LIST SUBQUERY", "")
    assert "TEMP B-TREE" not in plan
