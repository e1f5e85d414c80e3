"""The municipality's numbers: every case measured, and only what B10 lets out."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import msgspec
from msgspec import Struct

from gateway.core import casefile
from gateway.core.ages import day
from gateway.core.rules.counts import NORM, let_out
from gateway.core.statistics import (
    ALL,
    FIGURES,
    POPULATIONS,
    Mark,
    Node,
    let_out_rows,
    measure,
    period_of,
    printed,
    tree_of,
)  # fmt: skip
from gateway.core.terms import Terms
from gateway.run.mapfiles import load_terms
from gateway.run.settings import Settings
from gateway.run.watching import rules_of, surveys_of
from gateway.run.world import World
from gateway.sdk import csvio

CASES = 300
"""Cases measured in one reading of the store."""

PRINTS = "statistics/"
"""Under this, a month and a part stands in the store what was told: pairs of counts and places, nothing of a case."""

STOCK = "cases"
"""The part of a print that is of no year: the logs as they stand."""

HEADS = ("figure", "level", "place", "cell", "count")


def statistics(world: World, *, by: str, year: int | None = None) -> dict[str, Any]:
    """Lead times, levels, breaks in follow-up and families' experience, per service, agency and municipality.

    Logs as they stood when they were first counted in this month; concerns, meetings and answers of a ``year`` (this
    one when none is named). Counts below the municipality's limit are left out, and whatever would tell them; the rest
    is told in multiples of it, and stays as it is until the month is over. ``by`` is the person who asks, for the log.
    """
    now = world.clock()
    today = day(now)
    wanted = year or today.year
    settings = world.settings
    terms = load_terms(settings.model, folder=settings.folder)
    may = let_out({}, small_cell=terms.policy.small_cell, on=today, law=world.rules.law)
    held = "X8" in may.decision.rules
    told = (
        _Print(limit=may.limit, at=now.isoformat(), figures=[]) if held else _of_month(world, terms, wanted, may.limit)
    )
    shown = any(one["rows"] for one in told.figures)
    with world.store.write() as tx:
        tx.audit([{"act": "statistics", "by": by, "year": wanted, "at": now.isoformat()}])
    return {
        "municipality": settings.municipality,
        "model": settings.model,
        "at": now.isoformat(),
        "year": wanted,
        "month": period_of(today),
        "counted_at": told.at,
        "limit": told.limit,
        "rules": list(may.decision.rules),
        "basis": _basis(world, today) if shown else None,
        "task": may.decision.task,
        "figures": told.figures,
    }


def count_month(world: World) -> None:
    """Count what this month's print tells, where nobody has asked yet: then whoever looks waits for no counting."""
    today, terms = day(world.clock()), load_terms(world.settings.model, folder=world.settings.folder)
    may = let_out({}, small_cell=terms.policy.small_cell, on=today, law=world.rules.law)
    if "X8" not in may.decision.rules:
        _of_month(world, terms, today.year, may.limit)


def _basis(world: World, on: date) -> str | None:
    basis = world.rules.law.norm(NORM, on).basis
    return basis.code if basis is not None else None


class _Print(Struct):
    """What was counted once, for a month: its limit, when it was counted, and the figures as they are told."""

    limit: int
    at: str
    figures: list[dict[str, Any]]


def _of_month(world: World, terms: Terms, year: int, limit: int) -> _Print:
    """The month's print of a year: what was told once in it is told again, unless less may be told now.

    Logs are counted once for all years that are asked about.
    """
    month = period_of(day(world.clock()))
    names = {part: f"{PRINTS}{month}/{part}" for part in (STOCK, str(year))}
    with world.store.read() as tx:
        kept = {part: _decoded(tx.remembered(name)) for part, name in names.items()}
    if any(one is None or one.limit < limit for one in kept.values()):
        fresh = _counted(world, terms, year, limit)
        with world.store.write() as tx:
            for name, value in tx.marked(PRINTS).items():
                if not name.startswith(month):
                    tx.forget(f"{PRINTS}{name}", value)
            for part, name in names.items():
                known = _decoded(tx.remembered(name))  # another may have been faster
                if known is None or known.limit < limit:
                    tx.remember(name, msgspec.json.encode(known := fresh[part]).decode())
                kept[part] = known
    parts = [one for one in kept.values() if one is not None]
    figures = {one["code"]: one for part in parts for one in part.figures}
    return _Print(
        limit=max(one.limit for one in parts),
        at=max(one.at for one in parts),
        figures=[figures[code] for code in (*POPULATIONS, *FIGURES) if code in figures],
    )


def _decoded(value: str | None) -> _Print | None:
    return msgspec.json.decode(value, type=_Print) if value else None


def _counted(world: World, terms: Terms, year: int, limit: int) -> dict[str, _Print]:
    """Count now: what stands in the logs, and apart from it what is of the year."""
    settings, now = world.settings, world.clock()
    marks = list(_marks(world, day(now), year))
    tree = tree_of(sorted({mark.unit for mark in marks}), _agencies(settings, terms), settings.municipality)
    shown = printed(let_out_rows(marks, tree, limit=limit), limit=limit)
    made = {part: _Print(limit=limit, at=now.isoformat(), figures=[]) for part in (STOCK, str(year))}
    for figure in _figures(settings, terms, shown):
        made[STOCK if figure["population"] == STOCK else str(year)].figures.append(figure)
    return made


def _marks(world: World, today: date, year: int) -> Iterator[Mark]:
    settings, after = world.settings, ""
    rules, surveys = rules_of(settings), surveys_of(settings)
    while True:
        with world.store.read() as tx:
            ids = tx.case_ids(after=after, limit=CASES)
            bodies = [body for _, body in tx.load_cases(ids).values()]
        if not ids:
            return
        after = ids[-1]
        for body in bodies:
            yield from measure(
                casefile.decode(body),
                today=today,
                year=year,
                rules=rules,
                surveys=surveys,
                self_consent_age=settings.policy.self_consent_age,
            )


def _agencies(settings: Settings, terms: Terms) -> dict[str, str]:
    """Each unit's agency: the topmost unit above it, or else the agency that the model gives its service."""
    by_service = {one.service: one.agency for one in terms.services if one.service is not None and one.agency}
    found: dict[str, str] = {}
    for name, unit in settings.units.items():
        seen, top = {name}, unit.part_of
        while top is not None and top not in seen and top in settings.units and settings.units[top].part_of:
            seen.add(top)
            top = settings.units[top].part_of
        agency = top or by_service.get(unit.service)
        if agency is not None:
            found[name] = agency
    return found


def _figures(
    settings: Settings, terms: Terms, shown: Mapping[str, Mapping[Node, Mapping[str, int]]]
) -> Iterator[dict[str, Any]]:
    agencies = {one.code: one.title.nb for one in terms.agencies}
    titles = {name: unit.title or name for name, unit in settings.units.items()}
    for code in (*POPULATIONS, *FIGURES):
        rows = shown.get(code, {})
        yield {
            "code": code,
            "population": FIGURES[code].population if code in FIGURES else code,
            "rows": [
                {
                    "level": node.level,
                    "code": node.code,
                    "title": titles.get(node.code) or agencies.get(node.code) or node.code,
                    "counts": {("count" if cell == ALL else cell): n for cell, n in row.items()},
                }
                for node, row in rows.items()
            ],
        }


def as_csv(told: Mapping[str, Any]) -> str:
    """The counts as CSV, a line for each: figure, level, place, cell, count."""
    lines = (
        dict(zip(HEADS, (figure["code"], row["level"], row["code"], cell, count), strict=True))
        for figure in told["figures"]
        for row in figure["rows"]
        for cell, count in row["counts"].items()
    )
    return "".join(csvio.write(lines, columns=HEADS, delimiter=","))
