"""Scenarios 21 to 23: what is said to have arrived and has not, and a report that nobody confirms."""

from datetime import UTC, datetime

import pytest

from gateway.core.casefile import Entry
from gateway.run import settling
from gateway.run.acts import change_case
from tests.run.test_no_silence import Village
from tests.run.toys import Clock, able

BEGIN = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def made(tmp_path):
    villages = []

    def make(**more):
        villages.append(Village(tmp_path, clock=Clock(BEGIN), **more))
        return villages[-1]

    yield make
    for village in villages:
        village.world.store.close()


def test_scenario_21_accepted_is_not_delivered_and_a_person_is_asked_to_call_after_a_day(made):
    village = made(can_b=able(receipts=frozenset({"accepted", "delivered"})))
    village.sync()
    village.clock.forward(hours=20)
    village.sync()
    assert village.of("receipt") == []
    village.clock.forward(hours=4)
    village.sync()
    [task] = village.of("receipt")
    assert task["system"] == "b"
    assert settling.show(village.world, task["id"])["about"]["sendings"]


def test_scenario_22_a_receiver_that_acknowledged_what_it_never_saved_is_found_by_the_daily_count(made):
    village = made(can_b=able(inventory=True))
    village.sync(3)
    village.a.put("goal", "g1", {"title": "lese"}, case="c1")
    village.b.swallows = 1
    village.sync()
    village.clock.forward(days=1)
    village.sync(2)
    [task] = village.of("differs")
    assert settling.show(village.world, task["id"])["about"]["counts"] == {"never_saved": {"goal": 1}}


def test_scenario_23_a_report_without_confirmation_after_three_weeks_reminds_the_reporter(made):
    village = made()
    village.sync(2)
    case, item = village.file.id, village.world.fresh()
    origin = village.file.case().origin

    def filed(file):
        fields = {"filed_on": "2026-03-02", "duty": "OPPL_24_3", "ground": "a", "status": "delivered"}
        file.items[item] = Entry(kind="child_welfare_report", fields=fields, origin=origin)
        return []

    change_case(village.world, case, "kari", "report.filed", filed)
    village.sync()
    village.clock.at = datetime(2026, 3, 21, 9, tzinfo=UTC)
    village.sync()
    assert village.of("report") == []
    village.clock.at = datetime(2026, 3, 24, 9, tzinfo=UTC)
    village.sync()
    [task] = village.of("report")
    assert task["unit"] == origin.unit, "whoever filed it, not who holds the log"
    told = settling.show(village.world, task["id"])["about"]["deadlines"]
    assert [one["code"] for one in told] == ["confirm_report"]
