"""B10: what of some counts may be shown, and that nobody can reckon the rest."""

from datetime import date
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.core.rules import counts
from gateway.core.rules.counts import let_out

DAY = date(2026, 11, 21)
CELLS = st.dictionaries(st.sampled_from("abcdefg"), st.integers(0, 30), max_size=7)


@pytest.mark.parametrize(("cells", "with_total", "shown", "total", "effect"), [
    ({"a": 5, "b": 9}, False, {"a": 5, "b": 9}, None, "permit"),
    ({"a": 4, "b": 9}, False, {"b": 9}, None, "partial"),
    ({"a": 0, "b": 9}, False, {"b": 9}, None, "partial"),
    ({"a": 5, "b": 9}, True, {"a": 5, "b": 9}, 14, "permit"),
    ({"a": 4, "b": 9, "c": 20}, True, {"c": 20}, 33, "partial"),
    ({"a": 1, "b": 1, "c": 7, "d": 20}, True, {"d": 20}, 29, "partial"),
    ({"a": 4, "b": 3, "c": 20}, True, {"c": 20}, 27, "partial"),
    ({"a": 2, "b": 3, "c": 20}, True, {"c": 20}, 25, "partial"),
    ({"a": 2, "b": 3}, True, {}, 5, "deny"),
    ({"a": 4, "b": 9}, True, {}, 13, "deny"),
    ({"a": 1, "b": 2}, True, {}, None, "deny"),
    ({"a": 4}, True, {}, None, "deny"),
    ({}, True, {}, None, "deny"),
])  # fmt: skip
def test_small_cells_are_hidden_and_what_would_tell_them_too(cells, with_total, shown, total, effect):
    counted = let_out(cells, small_cell=5, on=DAY, with_total=with_total)
    assert (dict(counted.shown), counted.total, counted.decision.effect) == (shown, total, effect)
    assert set(counted.hidden) == set(cells) - set(shown)
    assert dict(counted.decision.fields) == {name: "permit" if name in shown else "deny" for name in cells}
    assert counted.decision.cause == (None if effect == "permit" else "rule")
    assert counted.decision.obligations == ("hide_small_cells",)
    assert counted.decision.rules == ("B10",)
    assert counted.decision.secrecy_basis == ("ANONYMOUS" if shown else None)


def test_no_municipality_shows_groups_of_two():
    assert let_out({"a": 2, "b": 3}, small_cell=1, on=DAY).shown == {"b": 3}


@pytest.mark.parametrize(
    ("on", "effect"), [(date(2027, 4, 1), "partial"), (date(2027, 4, 2), "hold"), (date(1970, 1, 1), "deny")]
)
def test_counts_wait_for_a_lawyer_like_all_that_is_no_duty(on, effect):
    counted = let_out({"a": 2, "b": 30}, small_cell=5, on=on)
    assert counted.decision.effect == effect
    assert bool(counted.shown) == (effect == "partial")
    if effect != "partial":
        told = counted.decision
        assert (told.rules, told.task, told.cause) == (("B10", "X8"), "verify_legal_basis", "rule")
        assert dict(told.fields) == {"a": effect, "b": effect}
        assert (counted.hidden, counted.total, counted.limit) == (("a", "b"), None, 5)


def _possible(cells, counted):
    """How many ways the hidden cells can be, for one who sees the rest, the total and the rule."""
    hidden = counted.hidden
    if counted.total is None:
        return None
    rest = counted.total - sum(counted.shown.values())
    ways = (one for one in product(range(rest + 1), repeat=len(hidden)) if sum(one) == rest)
    return sum(1 for _ in zip(ways, range(3), strict=False))


@settings(max_examples=150, deadline=None, database=None, derandomize=True)
@given(CELLS)
def test_what_is_hidden_cannot_be_reckoned_from_the_total(cells):
    counted = let_out(cells, small_cell=5, on=DAY, with_total=True)
    assert all(count >= 5 for count in counted.shown.values())
    if counted.hidden and counted.total is not None:
        assert len(counted.hidden) > 1
        assert sum(cells[name] for name in counted.hidden) >= 5
    assert let_out(dict(reversed(cells.items())), small_cell=5, on=DAY, with_total=True).shown == counted.shown


def test_the_harness_finds_a_single_hidden_cell():
    told = counts.Counted(
        shown={"b": 9}, hidden=("a",), total=13, limit=5, decision=let_out({}, small_cell=5, on=DAY).decision
    )
    assert _possible({"a": 4, "b": 9}, told) == 1
    assert _possible({"a": 4, "b": 9}, let_out({"a": 4, "b": 9, "c": 20}, small_cell=5, on=DAY, with_total=True)) > 1
