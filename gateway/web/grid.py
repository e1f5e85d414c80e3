"""Consents as a grid: for each unit and each category what the gate would let it see now, until when, and why not."""

from collections.abc import Collection, Mapping
from typing import Any

from msgspec import Struct

from gateway.core.ages import day
from gateway.core.casefile import CaseFile
from gateway.core.consent import Decision, Party
from gateway.core.explain import words
from gateway.core.paper import ORDER
from gateway.run import viewing
from gateway.run.explaining import facts_of
from gateway.run.world import World

LEFT_OUT = frozenset({"person", "case", "assignment", "consent"})
"""Kinds that go along with the rest and are nobody's choice by themselves."""


class Cell(Struct, frozen=True, kw_only=True):
    """What a unit sees of a category: ``all``, ``some``, ``none``, or ``nothing`` where there is nothing of it."""

    state: str
    rules: tuple[str, ...] = ()
    until: str | None = None
    words: Mapping[str, str] = {}


class Line(Struct, frozen=True, kw_only=True):
    """One unit's line of the grid, its cells in the order of ``Grid.kinds``."""

    unit: str
    service: str
    title: str
    cells: tuple[Cell, ...]


class Grid(Struct, frozen=True, kw_only=True):
    """The whole of it."""

    kinds: tuple[str, ...]
    lines: tuple[Line, ...]


def lines_of(world: World, file: CaseFile, *, every: bool) -> list[str]:
    """The units of a grid, in the order of the settings: those that could get something, or (``every``) all of them.

    Those are the units with a system, and those of the case. Which they are says nothing of what the case holds.
    """
    settings = world.settings
    reached = {one.unit for one in settings.systems.values()} | {one.unit for one in settings.people.values()}
    case = file.case()
    home = case.origin.unit if case is not None else None
    return [name for name in settings.units if every or name in reached or name == home]


def grid(world: World, file: CaseFile, *, seen: Collection[str], units: Collection[str]) -> Grid:
    """The grid of a case, decided now, of the items that its reader sees: what is hidden makes no column and no cell.

    ``units`` are its lines.
    """
    now = world.clock()
    facts = facts_of(world, file, now)
    present = {file.items[item].kind for item in seen}
    kinds = tuple(kind for kind in ORDER if kind in present and kind not in LEFT_OUT)
    sentences = {one.id: one.sentence for one in world.rules.extra}
    lines = []
    for name, unit in ((one, world.settings.units[one]) for one in units):
        party = Party(service=unit.service, unit=name, body=unit.body, sector=unit.sector)
        _, told = viewing.released_to(world, file, facts, party)
        decisions = {item: one for item, one in told.items() if item in seen}
        until = _until(file, unit.service, str(day(now)))
        cells = tuple(_cell(file, decisions, kind, until, sentences) for kind in kinds)
        lines.append(Line(unit=name, service=unit.service, title=unit.title or name, cells=cells))
    return Grid(kinds=kinds, lines=tuple(lines))


def _cell(
    file: CaseFile, decisions: Mapping[str, Decision], kind: str, until: str | None, sentences: Mapping[str, Any]
) -> Cell:
    mine = [one for item, one in decisions.items() if item in file.items and file.items[item].kind == kind]
    if not mine:
        return Cell(state="nothing")
    effects = {one.effect for one in mine}
    state = "all" if effects == {"permit"} else "some" if effects & {"permit", "partial"} else "none"
    telling = next((one for one in mine if one.effect != "permit"), mine[0])
    rules = tuple(sorted({rule for one in mine for rule in one.rules}))
    carried = any(rule.startswith("C") for rule in rules) and state != "none"
    return Cell(state=state, rules=rules, until=until if carried else None, words=words(telling, sentences))


def _until(file: CaseFile, service: str, today: str) -> str | None:
    """The last day of the first consent to end that names a service."""
    ends = [
        str(entry.fields["valid_to"])
        for _, entry in file.of_kind("consent")
        if entry.fields.get("decision") == "given"
        and not entry.fields.get("withdrawn")
        and service in (entry.fields.get("services") or ())
        and str(entry.fields.get("valid_to") or "") >= today
    ]
    return min(ends, default=None)
