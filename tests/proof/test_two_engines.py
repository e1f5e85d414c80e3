"""Two engines written apart decide the whole finite domain alike."""

from typing import Any

import pytest
from compare import disagree, first, smallest, spread, told, walk
from families import FAMILIES
from msgspec.structs import replace
from neighbours import neighbours
from planted import answering, consents, seeing, without
from second_engine import decide as second
from space import BASE, NEED, set_paths
from whole import judged, main, share

from gateway.core.rules import Rules

ROWS = {f"C{number}" for number in range(1, 26)} | {"B1", "B2", "B3", "B4", "B5", "B6", "B7", "B8", "B9"}


@pytest.fixture(scope="module")
def shares() -> list[Any]:
    return [judged(chunk) for chunk in share()]


def test_a_share_of_each_family_is_decided_alike(shares: list[Any]) -> None:
    """The whole of it, some thirty million combinations, is decided by ``make proof``."""
    assert [shown for _, _, shown, _ in shares if shown] == []
    assert sum(count for count, *_ in shares) > 50_000


def test_beside_each_row_both_engines_draw_the_line_alike() -> None:
    """Each row's own scene with each one change; two changes at a time are for the campaign."""
    count = 0
    for scene in neighbours(pairs=0, every=41):
        count += 1
        assert not disagree(scene), told(scene)
    assert count > 2_000


@pytest.mark.campaign
def test_beside_each_row_both_engines_draw_the_line_alike_after_two_changes() -> None:
    assert [told(scene) for scene in neighbours(pairs=60_000) if disagree(scene)] == []


def test_the_share_meets_every_row_of_the_table(shares: list[Any]) -> None:
    met = {rule for _, _, _, rules in shares for rule, _ in rules}
    assert met >= ROWS


_PLANTED = {
    "a rule is left out": ("statutes", without("B9")),
    "protection is forgotten": ("protection", without("B1")),
    "a withdrawal is not seen": ("signatures", seeing("C1-C26", facts=lambda facts: consents(facts, withdrawn=None))),
    "an objection is not heard": ("health team", seeing("B6", facts=lambda facts: replace(facts, refusals=()))),
    "the wrong basis": ("statutes", answering("B8", lambda ruling: replace(ruling, secrecy_basis="SAME_BODY_2025"))),
    "a signer is not named": ("signatures", answering("C1-C26", lambda ruling: replace(ruling, must_consent=()))),
}


@pytest.mark.parametrize(("name", "rules"), _PLANTED.values(), ids=_PLANTED)
def test_a_planted_bug_is_a_difference(name: str, rules: Rules) -> None:
    family = next(one for one in FAMILIES if one.name == name)
    asks = spread(family.asks_size, 1_500)
    points = walk(family, spread(family.facts_size, 60), asks, 1 + len(asks) // 150)
    assert any(first(*point, rules) != second(scene) for scene, point in points)


def test_a_difference_is_printed_as_small_as_it_can_be() -> None:
    scene = set_paths(BASE, [("item.domain", "health"), ("purpose", "bti"), ("care", "care_order"), ("need", NEED)])
    small = smallest(scene, lambda made: made["care"] != "none" and made["item"]["domain"] == "health")
    assert {key for key, value in small.items() if value != BASE[key]} == {"care", "item"}


@pytest.mark.campaign
def test_the_whole_space_is_decided_alike() -> None:
    assert main() == 0
