"""One answer for a whole list: for what a person can truly say of all lines at once, and for nothing else."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from gateway.run import lists, settling
from gateway.run.acts import ActFault
from gateway.store import Task
from tests.run.test_no_silence import Village
from tests.run.toys import Clock

NOW = datetime(2026, 5, 4, 9, tzinfo=UTC)


@pytest.fixture
def village(tmp_path):
    made = Village(tmp_path, clock=Clock(NOW))
    made.sync()
    yield made
    made.world.store.close()


def add(village, **facts):
    facts = {"kind": "transition", "at": NOW, "unit": "a-unit", "body": b"{}"} | facts
    with village.world.store.write() as tx:
        return tx.add_tasks([Task(dedupe=f"made/{facts}", **facts)])[0]


def test_a_list_is_of_one_day_one_unit_and_one_question_and_of_nobody_elses_lines(village):
    first = add(village, system="1")
    mine, theirs = [add(village, system="2"), add(village, system="3")], add(village, system="4")
    add(village, at=NOW - timedelta(days=1))
    add(village, unit="b-unit")
    add(village, kind="follow_up")
    add(village, role="leader")
    resting = add(village, system="5")
    with village.world.store.write() as tx:
        tx.hand_task(mine[1], to="kari")
        tx.hand_task(theirs, to="liv")
        tx.rest_task(resting, until=NOW + timedelta(days=1))
    found = [one.id for one in lists.lines(village.world, first, by="kari")]
    assert (found[0], sorted(found[1:])) == (first, sorted(mine))


@pytest.mark.parametrize("kind", [kind for kind in settling.ANSWERS if kind not in lists.TOGETHER])
def test_what_is_decided_or_done_one_by_one_is_no_list_to_answer(village, kind):
    one, two = add(village, kind=kind, system="1"), add(village, kind=kind, system="2")
    assert lists.lines(village.world, one, by="kari") == []
    for answer in settling.ANSWERS[kind]:
        with pytest.raises(ActFault, match=r"act\.answer"):
            lists.resolve(village.world, [one, two], answer, by="kari")


@pytest.mark.parametrize(
    ("kind", "answer"),
    [(kind, answer) for kind, may in lists.TOGETHER.items() for answer in settling.ANSWERS[kind] if answer not in may],
)
def test_nothing_is_waved_away_or_put_off_for_a_whole_list(village, kind, answer):
    task = add(village, kind=kind)
    with pytest.raises(ActFault, match=r"act\.answer"):
        lists.resolve(village.world, [task], answer, by="kari")


def test_two_lists_are_not_answered_in_one(village):
    with pytest.raises(ActFault, match=r"act\.answer"):
        lists.resolve(village.world, [add(village), add(village, unit="b-unit")], "seen", by="kari")


def test_a_line_that_was_over_already_stops_none_of_the_others(village):
    one, two = add(village, system="1"), add(village, system="2")
    settling.resolve(village.world, one, "seen", by="liv")
    assert lists.resolve(village.world, [one, two], "seen", by="kari") == ([two], [one])


def test_families_that_were_asked_are_written_in_each_case(village):
    village.a.put("consent", "s1", {"valid_to": "2026-07-30"})
    village.sync()
    [task] = village.of("renewal")
    assert lists.names(village.world, task["id"], by="kari") == [task["id"]]
    assert lists.resolve(village.world, [task["id"]], "asked", by="kari") == ([task["id"]], [])
    assert list(village.file.answered.values()) == ["later2026-07-06"]
    with village.world.store.read() as tx:
        assert msgspec.json.decode(tx.task(task["id"]).body)["deadlines"][0]["due"] == "2026-07-30"
