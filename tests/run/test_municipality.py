"""Weeks of a municipality, from a seed: twice the same, and what must hold holds after every round."""

import itertools
import os

import pytest

from gateway.core import facts, outgo
from gateway.run import keeping, outlet
from tests.run.city import City

SEEDS = (1,)
MANY = range(10, 10 + int(os.environ.get("BTI_CAMPAIGN_SEEDS", "40")))


def lived(folder, seed, *, weeks=1):
    folder.mkdir()
    city = City(folder, seed)
    try:
        city.live(weeks)
        city.settle()
        return city.trace, city.after(), {name: len(vendor.records) for name, vendor in city.vendors.items()}
    finally:
        city.world.store.close()


@pytest.mark.parametrize("seed", SEEDS)
def test_weeks_of_a_municipality_leave_nothing_wrong_and_are_twice_the_same(seed, tmp_path):
    first = lived(tmp_path / "one", seed)
    assert first[1] == []
    assert min(first[2].values()) > 0, "something has happened everywhere"
    again = lived(tmp_path / "two", seed)
    for one, two in itertools.zip_longest(first[0], again[0]):
        assert one == two


PLANTED = {
    "nothing is taken back": (outgo, "lost_fields", lambda *_: (), "still holds"),
    "conflicts make no tasks": (keeping, "_tasks", lambda placing, held: [], "has no task"),
    "what was closed is forgotten": (
        outlet, "gather", lambda **told: facts.gather(**{**told, "restrictions": []}), "does not let go",
    ),
}  # fmt: skip


QUICKLY_FOUND = {"conflicts make no tasks"}
"""The bugs that are planted in ``make test``; the campaign plants all of them."""


@pytest.mark.parametrize(
    "bug", [pytest.param(bug, marks=() if bug in QUICKLY_FOUND else pytest.mark.campaign) for bug in PLANTED]
)
def test_a_week_finds_what_was_planted(bug, tmp_path, monkeypatch):
    where, name, wrong, told = PLANTED[bug]
    monkeypatch.setattr(where, name, wrong)
    assert any(told in problem for problem in lived(tmp_path / "city", 1)[1])


@pytest.mark.campaign
@pytest.mark.parametrize("seed", MANY)
def test_many_seeds(seed, tmp_path):
    assert lived(tmp_path / "city", seed, weeks=6)[1] == []
