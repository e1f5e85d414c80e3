"""A conflict is asked about when an answer can reach somebody, and ends by itself when it is over; no value is lost."""

import msgspec
import pytest

from gateway.core import parked
from gateway.run import settling
from gateway.run.coming import coming
from gateway.store import Tx
from tests.run.test_life import Town


@pytest.fixture
def town(tmp_path):
    made = Town(tmp_path)
    made.sync(2)
    yield made
    made.world.store.close()


def native(town):
    return next(key[1] for key in town.b.records if key[0] == "concern")


def both_write(town, ours="fra skolen", theirs="fra helsestasjonen"):
    town.a.put("concern", "k1", {"summary": ours})
    town.b.put("concern", native(town), {"summary": theirs})


def conflicts(town):
    return [one for one in town.tasks() if one["kind"] == "conflict"]


def written(town):
    return {one["summary"] for vendor in (town.a, town.b) for one in vendor.of("concern")}


def stored(town):
    return [clash.theirs for clash in town.file.clashes]


CLOSED = {
    "a paused gateway": (lambda tx, at: tx.set_paused(True, by="ole", at=at), lambda tx, at: tx.set_paused(False, by="ole", at=at)),
    "flows in shadow": (
        lambda tx, at: [tx.set_flow(one, two, "shadow", by="kari", at=at) for one, two in ("ab", "ba")],
        lambda tx, at: [tx.set_flow(one, two, "approved", by="kari", at=at) for one, two in ("ab", "ba")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("which", CLOSED)
def test_a_conflict_waits_while_the_flows_are_closed_and_is_asked_about_when_one_opens(town, which):
    close, reopen = CLOSED[which]
    with town.world.store.write() as tx:
        close(tx, town.clock())
    both_write(town)
    tally = town.sync()
    assert (tally.conflicts, conflicts(town), stored(town)) == (1, [], ["fra helsestasjonen"])
    town.clock.forward(days=3)
    town.sync(2)
    assert conflicts(town) == [], "and not on any other day"
    town.b.put("concern", native(town), {"summary": "fra helsestasjonen igjen"})
    town.sync()
    assert (conflicts(town), stored(town)) == ([], ["fra helsestasjonen igjen"]), "what is written meanwhile is kept"
    assert written(town) == {"fra skolen", "fra helsestasjonen igjen"}
    with town.world.store.write() as tx:
        reopen(tx, town.clock())
    town.clock.forward(days=1)
    town.sync()
    [task] = conflicts(town)
    settling.resolve(town.world, task["id"], "theirs", by="kari")
    town.sync(2)
    assert written(town) == {"fra helsestasjonen igjen"}


def test_one_open_direction_is_enough_for_a_question(town):
    with town.world.store.write() as tx:
        tx.set_flow("a", "b", "shadow", by="kari", at=town.clock())
    both_write(town)
    town.sync()
    assert len(conflicts(town)) == 1, "the other's word can still come here"


def test_where_a_consent_has_run_out_the_question_waits_for_a_new_one(town):
    asked = {"decision": "given", "by": "p2", "purpose": "bti", "services": ["school", "health_station"],
             "valid_from": "2026-01-01", "given": "2026-01-01T10:00:00+01:00"}  # fmt: skip
    town.a.put("consent", "s1", {**asked, "valid_to": "2026-11-21"})
    town.sync()
    town.clock.forward(days=1)
    both_write(town)
    town.sync()
    assert (conflicts(town), stored(town)) == ([], ["fra helsestasjonen"])
    given = {**asked, "valid_from": "2026-11-22", "valid_to": "2027-11-21", "given": "2026-11-22T10:00:00+01:00"}
    town.a.put("consent", "s2", given, case="c1", about=["p1"])
    town.sync()
    assert len(conflicts(town)) == 1, "in the same round"


def test_a_conflict_that_is_over_settles_its_task(town):
    both_write(town)
    town.sync()
    [task] = conflicts(town)
    town.b.put("concern", native(town), {"summary": "fra skolen"})
    town.sync()
    assert (conflicts(town), stored(town)) == ([], [])
    with town.world.store.read() as tx:
        assert tx.task(task["id"]).outcome == "settled"


def test_a_question_that_was_asked_stands_though_the_flows_close_after_it(town):
    both_write(town)
    town.sync()
    [task] = conflicts(town)
    with town.world.store.write() as tx:
        tx.set_paused(True, by="ole", at=town.clock())
    town.clock.forward(days=2)
    town.sync()
    assert [one["id"] for one in conflicts(town)] == [task["id"]]


@pytest.mark.parametrize("bug", ["all wait", "none settles"])
def test_a_planted_silence_is_found(town, monkeypatch, bug):
    if bug == "all wait":
        monkeypatch.setattr(parked, "_goes", lambda *_: False)
        with pytest.raises(AssertionError):
            test_one_open_direction_is_enough_for_a_question(town)
    else:
        monkeypatch.setattr(Tx, "settle_others", lambda *_, **__: None)
        with pytest.raises(AssertionError):
            test_a_conflict_that_is_over_settles_its_task(town)


def test_a_conflict_is_asked_about_though_nothing_else_of_its_case_changed(town):
    """The first writer's edit is taken in one round; the second's changes nothing but what is in conflict."""
    town.b.down = True
    town.a.put("concern", "k1", {"summary": "fra skolen"})
    town.sync()
    town.b.down = False
    town.b.put("concern", native(town), {"summary": "fra helsestasjonen"})
    town.sync()
    assert len(conflicts(town)) == 1


def ahead(town):
    columns = ("kind", "system", "fields", "since", "unit", "asked")
    return [tuple(one[name] for name in columns) for one in coming(town.world)["parked"]]


def test_what_waits_is_seen_by_whoever_looks_ahead_and_no_more_when_it_is_asked_about(town):
    with town.world.store.write() as tx:
        tx.set_paused(True, by="ole", at=town.clock())
    both_write(town)
    town.sync()
    assert ahead(town) == [("concern", "b", 1, "2026-11-21", "a-unit", None)]
    assert coming(town.world, unit="b-unit")["parked"] == []
    with town.world.store.write() as tx:
        tx.set_paused(False, by="ole", at=town.clock())
    town.clock.forward(days=1)
    town.sync()
    assert (len(conflicts(town)), ahead(town)) == (1, [])
    with town.world.store.write() as tx:
        tx.set_paused(True, by="ole", at=town.clock())
    assert ahead(town) == [], "a question that was asked stands"


def test_what_waits_for_the_units_list_says_its_day(town):
    weekly = msgspec.structs.replace(town.world.settings, wordings="weekly")
    town.world = msgspec.structs.replace(town.world, settings=weekly)
    both_write(town)
    town.sync()
    assert (conflicts(town), ahead(town)) == ([], [("concern", "b", 1, "2026-11-21", "a-unit", "2026-11-23")])
