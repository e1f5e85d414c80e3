"""Numbers about many: what a case adds, and that no small count can be worked out of what is shown."""

from datetime import date
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.core.casefile import CaseFile, Entry
from gateway.core.model import Origin
from gateway.core.statistics import (
    ALL,
    FIGURES,
    Mark,
    Node,
    hiding,
    let_out_rows,
    measure,
    printed,
    printing,
    rounded,
    tree_of,
)

TODAY = date(2026, 11, 21)
LIMIT = 5


def entry(kind, unit="s1", **fields):
    origin = Origin(service="school", domain="education", unit=unit, body="k", system="a")
    return Entry(kind=kind, fields=fields, origin=origin, category=kind)


def marks_of(*items, **fields):
    told = {"subject": "child", "status": "active", "opened_on": "2026-11-01", **fields}
    file = CaseFile(id="c", items={"c": entry("case", **told)})
    file.items |= {f"i{at}": item for at, item in enumerate(items)}
    return {
        mark.population: (mark.unit, dict(mark.cells))
        for mark in measure(file, today=TODAY, year=2026, surveys=frozenset({"team"}))
    }


HELD = entry("assignment", role="relay_holder", state="accepted", unit="s1")
MET = entry("meeting", held_at="2026-11-15T10:00:00+01:00", meeting_type="team")


@pytest.mark.parametrize(
    ("items", "fields", "expected"),
    [
        ([HELD, MET], {"level": {"code": "2", "rank": 2}},
         {"cases": ("s1", {"holder": "held", "overdue": "in_time", "follow_up": "kept", "level": "2"}),
          "meetings": ("s1", {"asked": "not_asked"})}),
        ([], {}, {"cases": ("s1", {"holder": "nobody", "overdue": "overdue", "follow_up": "break"})}),
        ([entry("assignment", role="relay_holder", state="accepted", unit="s1"), MET,
          entry("measure", title="t", started_on="2026-01-01", evaluate_by="2026-03-01")], {},
         {"cases": ("s1", {"holder": "held", "overdue": "overdue", "follow_up": "break"}),
          "meetings": ("s1", {"asked": "not_asked"})}),
        ([MET], {"status": "closed"}, {"meetings": ("s1", {"asked": "not_asked"})}),
        ([MET, entry("user_experience", asked_on="2026-11-16", meeting_type="team", scores={"heard": 9, "help": 6})],
         {"status": "closed"}, {"meetings": ("s1", {"asked": "asked"}), "answers": ("s1", {"experience": "middle"})}),
        ([entry("concern", found_on="2026-01-01", raised_on="2026-02-01", first_measure_on="2026-02-10")],
         {"status": "closed"},
         {"concerns": ("s1", {"found_to_raised": "within_90", "raised_to_measure": "within_14"})}),
        ([entry("concern", raised_on="2026-02-01"), entry("measure", title="t", started_on="2026-06-01")],
         {"status": "closed"}, {"concerns": ("s1", {"raised_to_measure": "later"})}),
        ([entry("concern", unit="h1", raised_on="2026-02-01")], {"status": "closed"},
         {"concerns": ("h1", {"raised_to_measure": "none"})}),
        ([entry("concern", raised_on="2025-02-01")], {"status": "closed"}, {}),
    ],
)  # fmt: skip
def test_a_case_adds_a_mark_for_each_thing_that_it_holds(items, fields, expected):
    assert marks_of(*items, **fields) == expected


def cases(unit, level, n):
    told = {"level": str(level), "holder": "held", "overdue": "in_time", "follow_up": "kept"}
    return [Mark(unit=unit, population="cases", cells=told)] * n


def shown(marks, agencies=None, limit=LIMIT):
    units = sorted({mark.unit for mark in marks})
    return let_out_rows(marks, tree_of(units, agencies or {}, "M"), limit=limit)


def test_a_service_with_few_is_hidden_and_another_with_it_so_that_the_rest_does_not_tell():
    marks = [*cases("s1", 1, 9), *cases("s1", 2, 9), *cases("s2", 1, 7), *cases("s2", 2, 6), *cases("s3", 2, 2)]
    told = shown(marks)
    assert told["cases"] == {Node("municipality", "M"): {ALL: 33}, Node("service", "s1"): {ALL: 18}}
    assert told["level"] == {
        Node("municipality", "M"): {"0+1": 16, "2+3": 17}, Node("service", "s1"): {"0+1": 9, "2+3": 9},
    }  # fmt: skip


def test_an_agency_is_told_where_its_services_are_not():
    marks = [*cases("s1", 1, 4), *cases("s2", 2, 4), *cases("h1", 1, 8), *cases("h2", 2, 9)]
    told = shown(marks, {"s1": "school", "s2": "school", "h1": "health", "h2": "health"})
    assert Node("agency", "school") in told["cases"]
    assert Node("service", "s1") not in told["cases"]


def test_a_figure_of_which_only_one_cell_is_left_tells_nothing():
    assert shown(cases("s1", 1, 30))["level"] == {}


def derived(rows, places, cell):
    """Every count of a set of units that can be reckoned from the rows shown: sums and differences, tried out.

    Rows that are added or taken away with small whole weights give a count of a set of units where every unit
    comes out once or not at all.
    """
    nodes = list(rows)
    vectors = {(): 0}
    reached: dict[tuple[str, ...], int] = {}
    for node in nodes:
        more = {}
        for vector, count in vectors.items():
            for weight in (-1, 0, 1):
                tally = dict(vector)
                for unit in places[node]:
                    tally[unit] = tally.get(unit, 0) + weight
                key = tuple(sorted((unit, n) for unit, n in tally.items() if n))
                more[key] = count + weight * rows[node][cell]
        vectors = more
    for vector, count in vectors.items():
        if vector and all(n == 1 for _, n in vector):
            reached[tuple(unit for unit, _ in vector)] = count
    return reached


UNITS = ("s1", "s2", "h1", "h2", "p1")
AGENCIES = {"s1": "school", "s2": "school", "s3": "school", "h1": "health", "h2": "health"}
COUNTS = st.fixed_dictionaries({(unit, cell): st.integers(0, 14) for unit in UNITS for cell in "123"})


def leaks(told, tree):
    """Sets of units of which a count smaller than the limit can be worked out, for each figure and its cell."""
    found = set()
    for code, rows in told.items():
        for cell in {cell for row in rows.values() for cell in row}:
            found |= {(code, cell, units) for units, count in derived(rows, tree, cell).items() if count < LIMIT}
    # How many there are in all can be read from every figure of a population, put together.
    for population in ("cases", "concerns"):
        totals = {
            node: sum(row.values())
            for code, rows in told.items()
            if code == population or (code in FIGURES and FIGURES[code].population == population)
            for node, row in rows.items()
        }
        rows = {node: {ALL: total} for node, total in totals.items()}
        found |= {(population, ALL, units) for units, count in derived(rows, tree, ALL).items() if count < LIMIT}
    return found


def made(counts):
    return [mark for (unit, level), n in counts.items() for mark in cases(unit, level, n)]


@settings(max_examples=20, deadline=None, database=None, derandomize=True)
@given(COUNTS)
def test_no_small_count_can_be_worked_out_of_what_is_shown(counts):
    nothing_leaks(counts)


@pytest.mark.campaign
@settings(max_examples=1000, deadline=None, database=None)
@given(COUNTS)
def test_no_small_count_can_be_worked_out_of_many(counts):
    nothing_leaks(counts)


def nothing_leaks(counts):
    marks = made(counts)
    tree = tree_of(sorted({mark.unit for mark in marks}), AGENCIES, "M")
    told = let_out_rows(marks, tree, limit=LIMIT)
    assert leaks(told, tree) == set()
    again = let_out_rows(list(reversed(marks)), tree, limit=LIMIT)
    assert {code: dict(rows) for code, rows in again.items()} == {code: dict(rows) for code, rows in told.items()}


@pytest.mark.parametrize("fault", ["no rest is looked at", "only the nearest rest", "figures on their own"])
def test_the_harness_finds_a_planted_leak(fault, monkeypatch):
    if fault == "no rest is looked at":
        monkeypatch.setattr(hiding, "_to_hide", lambda *_: None)
    elif fault == "only the nearest rest":
        whole = hiding._to_hide
        monkeypatch.setattr(
            hiding, "_to_hide",
            lambda shown, *rest: whole([one for one in shown if one.level != "municipality"], *rest),
        )  # fmt: skip
    else:
        straight = hiding._shown
        monkeypatch.setattr(
            hiding, "_shown",
            lambda rows, cells, places, limit, allowed: straight(rows, cells, places, limit=limit, allowed=places),
        )  # fmt: skip
    tried = (
        {(unit, level): 7 for unit in UNITS for level in "123"}
        | {("s1", "1"): few[0], ("h1", "2"): few[1], ("p1", "3"): few[2], ("p1", "1"): 0, ("p1", "2"): few[0]}
        for few in combinations(range(1, 15), 3)
    )
    assert leaky(CROSSED) or any(leaky(made(counts)) for counts in tried)


def leaky(marks):
    tree = tree_of(sorted({mark.unit for mark in marks}), AGENCIES, "M")
    return bool(leaks(let_out_rows(marks, tree, limit=LIMIT), tree))


CROSSED = [
    Mark(unit=unit, population="cases", cells={"level": level, "overdue": overdue, "holder": "held"})
    for unit, both in {
        "s1": [("1", "in_time")] * 4 + [("1", "overdue")] * 2 + [("2", "in_time")] * 4 + [("2", "overdue")] * 2,
        "s2": [("1", "in_time")] * 5 + [("1", "overdue")] * 5 + [("2", "in_time")] * 2 + [("2", "overdue")] * 2,
        "s3": [("2", "overdue")],
    }.items()
    for level, overdue in both
]
"""One figure would show the first school and the other the second: together they would tell the third."""


def test_two_figures_together_do_not_tell_what_each_of_them_hides():
    assert not leaky(CROSSED)


def of_two_days(before, after, limit=LIMIT):
    """Every difference of a count that two prints show of the same cell of the same row."""
    first, second = (
        {
            (code, node, cell): count
            for code, rows in printed(shown(marks, AGENCIES, limit), limit=limit).items()
            for node, row in rows.items()
            for cell, count in row.items()
        }
        for marks in (made(before), made(after))
    )
    return first, {key: abs(first[key] - second[key]) for key in first.keys() & second.keys()}


FEW = st.lists(st.tuples(st.sampled_from(UNITS), st.sampled_from("123"), st.sampled_from((-1, 1))), max_size=6)


@settings(max_examples=40, deadline=None, database=None, derandomize=True)
@given(COUNTS, FEW, st.integers(3, 9))
def test_the_difference_of_two_prints_is_nothing_or_no_smaller_than_the_limit(counts, moves, limit):
    """Whatever few came and went between them; and so is every sum and difference, since each count is a multiple."""
    after = dict(counts)
    for unit, level, by in moves:
        after[unit, level] = max(0, after[unit, level] + by)
    told, moved = of_two_days(counts, after, limit)
    assert all(by == 0 or by >= limit for by in moved.values())
    assert all(count >= limit and count % limit == 0 for count in told.values())


def test_the_harness_finds_the_one_child_who_came_where_counts_are_told_as_they_are(monkeypatch):
    monkeypatch.setattr(printing, "rounded", lambda count, limit: count)
    before = {(unit, level): 7 for unit in UNITS for level in "123"}
    _, moved = of_two_days(before, before | {("s1", "1"): 8})
    assert 1 in moved.values()


@pytest.mark.parametrize(
    ("count", "limit", "told"),
    [(5, 5, 5), (7, 5, 5), (8, 5, 10), (6, 4, 8), (9, 4, 8), (3, 3, 3), (4, 3, 3), (5, 3, 6)],
)
def test_a_count_is_told_as_the_nearest_multiple(count, limit, told):
    assert rounded(count, limit) == told
