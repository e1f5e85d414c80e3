"""No flood: a school year of ordinary mess asks people for little, and mostly for one step."""

import os
import sys

import pytest

from gateway.core import deadlines
from tests.run.school_year import Year

FEW = 5.0
"""Tasks for a hundred cases and week, at most."""

ONE_STEP = 0.8
"""The share of tasks that are done with in one step, at least."""


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
    told = lived(tmp_path, children=40, cases=8, weeks=5, seed=3)
    record_property("school year", told)
    about_cases = sum(count for kind, count in told["by_kind"].items() if kind not in {"quiet", "guard", "held"})
    assert about_cases / told["cases"] * 100 / told["weeks"] <= 4 * FEW, told  # with eight cases chance weighs
    assert told["one_step"] >= ONE_STEP, told


def test_a_planted_flood_is_counted(tmp_path, monkeypatch):
    """What somebody has answered is asked again the next day, and nobody gets round to the thing itself."""
    monkeypatch.setattr(deadlines, "answer", lambda one_of, *, until: {})
    monkeypatch.setattr(Year, "_do", lambda year, at, codes, about: None)
    monkeypatch.setattr(Year, "_clarify", lambda year, at, native: None)
    assert lived(tmp_path, children=10, cases=4, weeks=5, seed=1)["one_step"] < ONE_STEP


@pytest.mark.campaign
def test_the_whole_school_year_asks_for_little(tmp_path, capsys):
    children, cases, weeks = (int(one) for one in os.environ.get("BTI_SCHOOL_YEAR", "5000 150 52").split())
    told = lived(tmp_path, children=children, cases=cases, weeks=weeks, seed=1)
    with capsys.disabled():
        sys.stdout.write(f"\n{told}\n")
    assert told["one_step"] >= ONE_STEP, told
    if told["per_100_cases_and_week"] > FEW:
        pytest.xfail(f"{told['per_100_cases_and_week']} tasks for a hundred cases and week; the aim is {FEW}")
