"""Every deadline that runs can be seen, asked about or not."""

from datetime import UTC, datetime

import pytest

from gateway.run import settling
from gateway.run.acts import ActFault
from gateway.run.coming import coming
from tests.run.test_no_silence import BEGIN, Village
from tests.run.toys import Clock


@pytest.fixture
def village(tmp_path):
    made = Village(tmp_path, clock=Clock(BEGIN))
    made.a.put("meeting", "m1", {"held_at": "2026-02-10T09:00:00Z"}, case="c1")
    made.a.put("measure", "t1", {"title": "t1", "started_on": "2026-03-03"}, case="c1")
    made.a.put("concern", "k1", {"raised_on": "2026-03-01", "status": "raised"})
    made.a.put("assignment", "h9", {"role": "relay_holder", "state": "accepted", "unit": "a-unit"}, case="c1")
    made.sync()
    yield made
    made.world.store.close()


def told(village, **asked):
    return [
        (one["code"], one["due"], one["shows"], one["answered"]) for one in coming(village.world, **asked)["coming"]
    ]


def test_what_is_late_within_its_grace_is_asked_about_nowhere_and_seen_here(village):
    village.a.put("concern", "k1", {"status": "clarified"})
    village.sync()
    village.clock.at = datetime(2026, 6, 5, 9, tzinfo=UTC)
    village.sync()
    assert village.of("follow_up") == village.of("overdue") == []
    assert told(village) == [("evaluate_measure", "2026-06-01", "2026-06-08", None)]
    village.clock.at = datetime(2026, 6, 8, 9, tzinfo=UTC)
    village.sync()
    [task] = village.of("follow_up")
    settling.resolve(village.world, task["id"], "later", by="kari")
    assert told(village) == [("evaluate_measure", "2026-06-01", "2026-06-08", "2026-06-15")]


def test_what_is_acknowledged_is_still_seen_as_that(village):
    village.clock.at = datetime(2026, 3, 16, 9, tzinfo=UTC)
    village.sync()
    [task] = village.of("overdue")
    settling.resolve(village.world, task["id"], "seen", by="kari")
    assert told(village) == [("decide_concern", "2026-03-15", "2026-03-15", "seen")]


@pytest.mark.parametrize(
    ("asked", "count"),
    [({}, 1), ({"days": 3}, 0), ({"days": 200}, 2), ({"unit": "a-unit"}, 1), ({"unit": "b-unit"}, 0)],
)
def test_a_unit_and_days_choose(village, asked, count):
    assert len(told(village, **asked)) == count


@pytest.mark.parametrize(("asked", "code"), [({"unit": "x"}, "act.unknown_unit"), ({"case": "x"}, "act.unknown_case")])
def test_what_is_nowhere_is_refused(village, asked, code):
    with pytest.raises(ActFault) as fault:
        coming(village.world, **asked)
    assert fault.value.code == code
