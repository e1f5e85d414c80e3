"""No flood: a school year of ordinary mess asks people for little, and mostly for one step."""

import os
import sys
from datetime import UTC, datetime, timedelta

import pytest

from gateway.store import Task
from tests.run.counted import counted
from tests.run.school_year import Year

FEW = 5.0
"""Tasks for a hundred cases and week, at most."""

ONE_STEP = 0.8
"""The share of tasks that are done with in one step, at least."""

LINES = 8.5
"""Lines of lists and tasks for a hundred cases and week, at most, each counted by itself: a list must hide nothing."""


def lived(folder, **size):
    weeks = size.pop("weeks")
    folder.mkdir(exist_ok=True)
    year = Year(folder, **size)
    try:
        year.live(weeks)
        return year.report()
    finally:
        year.world.store.close()


def test_weeks_of_a_school_year_ask_for_little(tmp_path, record_property):
    told = lived(tmp_path, children=40, cases=8, weeks=5, seed=5)
    record_property("school year", told)
    about_cases = sum(count for kind, count in told["by_kind"].items() if kind not in {"quiet", "guard", "held"})
    assert about_cases / told["cases"] * 100 / told["weeks"] <= 4 * FEW, told  # with eight cases chance weighs
    assert told["things"], "a share in which nobody is asked for anything shows nothing"
    assert told["one_step"] >= ONE_STEP, told


def test_no_two_families_of_a_whole_town_share_a_number():
    """Where two did, a child had two mothers who alone decide: nothing was shared, and so nobody was in conflict."""
    year = object.__new__(Year)
    numbers = [number for at in range(5000) for number in year._family(at)["register"]]
    assert len(set(numbers)) == len(numbers) == 10_000


MONDAY = datetime(2026, 9, 7, 8, tzinfo=UTC)


def task(name, kind, *, day=0, done=None, outcome="seen", case="c", unit="u"):
    ended = None if done is None else MONDAY + timedelta(days=done)
    return Task(
        id=name, kind=kind, at=MONDAY + timedelta(days=day), case=case, unit=unit, resolved_at=ended, outcome=outcome
    )


COUNTS = {
    "a question and its answer": ([task("a", "claim", done=1)], (1, 1.0, 1, 1.0)),
    "the same question the next day, every day": (
        [task(str(at), "overdue", day=at, done=at) for at in range(5)], (5, 0.2, 5, 0.2)),
    "what was put off": ([task("a", "overdue", done=1, outcome="later")], (1, 0.0, 1, 0.0)),
    "a list of one line": ([task("a", "renewal", done=1)], (1, 1.0, 1, 1.0)),
    "a list of seven": (
        [task(str(at), "follow_up", done=1, case=str(at)) for at in range(7)], (1, 0.0, 7, 1.0)),
    "two units' lists": (
        [task(str(at), "follow_up", done=1, case=str(at), unit=str(at)) for at in range(2)], (2, 1.0, 2, 1.0)),
    "a list that one act answered": (
        [task(str(at), "renewal", done=1, outcome="asked", case=str(at)) for at in range(3)], (1, 1.0, 3, 1.0), "012"),
    "a list of which one act answered a part": (
        [task(str(at), "renewal", done=1, outcome="asked", case=str(at)) for at in range(3)], (1, 0.0, 3, 1.0), "01"),
    "a family that was asked, and had to be asked once more": (
        [task("a", "renewal", done=1, outcome="asked"), task("b", "renewal", day=70, done=71, outcome="settled")],
        (2, 0.5, 2, 0.5)),
    "another list of the same day": (
        [task("a", "renewal", done=1), task("b", "follow_up", done=1, case="d")], (2, 1.0, 2, 1.0)),
    "two weeks' lists": ([task("a", "renewal", done=1), task("b", "renewal", day=7, done=9, case="d")], (2, 1.0, 2, 1.0)),
}  # fmt: skip


@pytest.mark.parametrize("which", COUNTS)
def test_a_planted_flood_is_counted_and_a_list_hides_nothing(which):
    tasks, expected, *act = COUNTS[which]
    told = counted(tasks, cases=10, weeks=1, together=[frozenset(one) for one in act])
    assert (told["tasks"], told["one_step"], told["things"], told["things_in_one_step"]) == expected


@pytest.mark.campaign
def test_the_whole_school_year_asks_for_little(tmp_path, capsys):
    children, cases, weeks = (int(one) for one in os.environ.get("BTI_SCHOOL_YEAR", "5000 150 52").split())
    told = lived(tmp_path, children=children, cases=cases, weeks=weeks, seed=1)
    with capsys.disabled():
        sys.stdout.write(f"\n{told}\n")
    assert told["per_100_cases_and_week"] <= FEW, told
    assert told["one_step"] >= ONE_STEP, told
    assert told["things_per_100_cases_and_week"] <= LINES, told
