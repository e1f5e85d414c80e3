"""Which rows of counts may be shown, so that nobody can work out a small one.

A row (all the cells of one figure for a service, an agency or the municipality) is shown whole or not at all. Places
lie within each other like a tree, so all that can be reckoned from the rows shown is what each holds beyond the rows
shown inside it: its rest. When every cell of every rest is at least the limit, no smaller count can be worked out,
however rows are added and subtracted. Where a rest is too small, the smallest row inside goes with it.

What a figure leaves out (a worry without a date) is nobody's secret, but how many there are of a thing in all can be
reckoned from several figures at once. So a figure is shown only where the number of its population is shown too.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Literal, NamedTuple

from gateway.core.statistics.measuring import FIGURES, Figure, Mark

Level = Literal["municipality", "agency", "service"]
ALL = "all"
"""The one cell of a population's own row."""


class Node(NamedTuple):
    """A place whose numbers are told: one service of the municipality, an agency, or all of it."""

    level: Level
    code: str


Tree = Mapping[Node, frozenset[str]]
"""The units inside each place. Two places have no unit in common, or one lies in the other."""

Row = Mapping[str, int]
Safe = Callable[[Collection[str]], bool]
Size = Callable[[Node], int]
_DEPTH: Mapping[Level, int] = {"municipality": 0, "agency": 1, "service": 2}


def tree_of(units: Collection[str], agencies: Mapping[str, str], municipality: str) -> Tree:
    """The places of some units; ``agencies`` gives each unit's agency, and a unit in none stands by itself."""
    tree = {Node("municipality", municipality): frozenset(units)}
    for code in sorted({agencies[unit] for unit in units if unit in agencies}):
        tree[Node("agency", code)] = frozenset(unit for unit in units if agencies.get(unit) == code)
    return tree | {Node("service", unit): frozenset({unit}) for unit in sorted(units)}


def let_out_rows(marks: Sequence[Mark], tree: Tree, *, limit: int) -> dict[str, dict[Node, Row]]:
    """By figure, and by population under its own name, the rows that may be shown.

    A population's rows have the one cell ``ALL``. The tree holds every unit that has a mark.
    """
    shown: dict[str, dict[Node, Row]] = {}
    for population in dict.fromkeys(one.population for one in FIGURES.values()):
        mine = [mark for mark in marks if mark.population == population]
        there = {mark.unit for mark in mine}
        # A unit with none of them is no row of nought: whoever knows that would know it of the rest as well.
        places = {node: units & there for node, units in tree.items() if units & there}
        counts = {unit: {ALL: sum(mark.unit == unit for mark in mine)} for unit in there}
        shown[population] = _shown(counts, (ALL,), places, limit=limit, allowed=places.keys())
        for figure in FIGURES.values():
            if figure.population == population:
                rows, cells = joined(_rows(mine, figure, there), figure.cells, limit=limit)
                shown[figure.code] = (
                    _shown(rows, cells, places, limit=limit, allowed=shown[population]) if len(cells) > 1 else {}
                )
    return shown


def _rows(marks: Sequence[Mark], figure: Figure, units: Collection[str]) -> dict[str, dict[str, int]]:
    rows = {unit: dict.fromkeys(figure.cells, 0) for unit in units}
    for mark in marks:
        cell = mark.cells.get(figure.code)
        if cell is not None:
            rows[mark.unit][cell] += 1
    return rows


def joined(
    rows: Mapping[str, Row], cells: tuple[str, ...], *, limit: int
) -> tuple[dict[str, dict[str, int]], tuple[str, ...]]:
    """The rows with neighbouring cells put together until each holds at least ``limit`` of the whole municipality.

    An empty cell goes with its neighbour as a small one does. A joined cell is named by its parts: ``0+1``.
    """
    groups = [[cell] for cell in cells]

    def size(group: list[str]) -> int:
        return sum(row[cell] for row in rows.values() for cell in group)

    while len(groups) > 1 and min(map(size, groups)) < limit:
        at = min(range(len(groups)), key=lambda place: (size(groups[place]), place))
        beside = [place for place in (at - 1, at + 1) if 0 <= place < len(groups)]
        other = min(beside, key=lambda place: (size(groups[place]), place))
        low = min(at, other)
        groups[low : low + 2] = [groups[low] + groups[low + 1]]
    made = {unit: {"+".join(group): sum(row[cell] for cell in group) for group in groups} for unit, row in rows.items()}
    return made, tuple("+".join(group) for group in groups)


def _shown(
    rows: Mapping[str, Row], cells: tuple[str, ...], places: Tree, *, limit: int, allowed: Collection[Node]
) -> dict[Node, Row]:
    def total(units: Collection[str]) -> dict[str, int]:
        return {cell: sum(rows[unit][cell] for unit in units) for cell in cells}

    def safe(units: Collection[str]) -> bool:
        return all(count >= limit for count in total(units).values())

    shown = {node for node in places if node in allowed and safe(places[node])}
    while True:
        worst = _to_hide(shown, places, safe, lambda node: sum(total(places[node]).values()))
        if worst is None:
            return {node: total(places[node]) for node in places if node in shown}
        shown.discard(worst)


def _to_hide(shown: Collection[Node], places: Tree, safe: Safe, size: Size) -> Node | None:
    """The smallest row inside one whose rest is too small; ``None`` when every rest is safe."""
    for node in sorted(shown, key=_order):
        inside = [one for one in shown if _within(one, node, places)]
        outermost = [one for one in inside if not any(_within(one, other, places) for other in inside)]
        rest = places[node].difference(*(places[one] for one in outermost))
        if rest and not safe(rest):
            return min(outermost, key=lambda one: (size(one), _order(one)))
    return None


def _within(one: Node, other: Node, places: Tree) -> bool:
    return _DEPTH[one.level] > _DEPTH[other.level] and places[one] <= places[other]


def _order(node: Node) -> tuple[int, str]:
    return _DEPTH[node.level], node.code
