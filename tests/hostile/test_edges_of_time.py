"""Systems write the calendar's first and last day for what was never told: one such value stops nobody's deadlines."""

from datetime import date

import pytest

from gateway.core import ages
from tests.run.test_no_silence import Village, village

__all__ = ["Village", "village"]

EDGES = ("0001-01-01", "9999-12-31")
MOMENTS = ("0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00")


def test_a_date_never_leaves_the_calendar():
    assert ages.shifted(date.max, 1) == date.max
    assert ages.shifted(date.min, -1) == date.min
    assert ages.shifted(date(2026, 1, 31), 1) == date(2026, 2, 1)


@pytest.mark.parametrize("edge", EDGES)
@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("safety_plan", {"made_on": "2026-01-01", "evaluate_by": "{}"}),
        ("concern", {"raised_on": "{}"}),
        ("concern", {"raised_on": "2026-03-01", "decide_by": "{}"}),
        ("measure", {"title": "x", "status": "started", "started_on": "{}", "evaluate_by": "{}"}),
        ("plan", {"status": "active", "revise_by": "{}"}),
        ("person", {"birth_date": "{}"}),
        ("evaluation", {"evaluated_on": "{}", "of": ["m1"]}),
        ("assignment", {"role": "relay_holder", "state": "offered", "offered_on": "{}", "name": "Per"}),
        ("child_welfare_report", {"filed_on": "{}", "duty": "BVL_13_2", "ground": "a"}),
        ("consent", {"by": "p1", "purpose": "bti", "decision": "given", "services": ["school"], "valid_to": "{}"}),
    ],
)  # fmt: skip
def test_a_day_at_the_edge_of_the_calendar_stops_no_round(village, kind, fields, edge):
    told = {name: value.format(edge) if isinstance(value, str) else value for name, value in fields.items()}
    village.a.put("concern", "k1", {"status": "raised"})
    village.a.put(kind, "edge", told, case="c1")
    village.sync()
    village.clock.forward(days=20)
    village.sync()
    assert village.of("overdue")  # k1, which anybody can still see


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_moment_at_the_edge_of_the_calendar_stops_no_round(village, moment):
    village.a.put("meeting", "edge", {"held_at": moment, "meeting_type": "x"}, case="c1")
    village.sync()
    village.clock.forward(days=20)
    village.sync()
    assert village.of("overdue")
