"""No adapter is without a figure: each is measured, and stands on the page with what bounds it."""

import re
from pathlib import Path

import pytest

from benchmarks.adapters import measured
from gateway.run.plugins import load_plugins

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "benchmarks.md"


def test_every_adapter_stands_on_the_page_with_what_bounds_it():
    rows = re.findall(
        r"^\| `([a-z0-9-]+)` \|.*\| (?:answers|processor|people)\b[^|]*\|$", PAGE.read_text("utf-8"), re.MULTILINE
    )
    assert sorted(rows) == sorted(load_plugins().adapters)


@pytest.mark.parametrize("name", ["flyt-samspill", "oneroster-csv"])
def test_an_adapter_is_measured_both_ways_as_it_can(name, monkeypatch):
    monkeypatch.setattr("benchmarks.adapters.READ", 3)
    monkeypatch.setattr("benchmarks.adapters.WRITTEN", 2)
    told = measured(name)
    assert {way: told.get(way) for way in ("read", "written")} == (
        {"read": None, "written": 2} if name == "flyt-samspill" else {"read": 3, "written": None}
    )
    assert {told[one] for one in told if one.endswith("bound")} == (
        {"answers"} if name == "flyt-samspill" else {"processor"}
    )


def test_an_adapter_with_nothing_to_be_tried_at_says_so():
    assert measured("nobody")["left_out"].startswith("certify.")
