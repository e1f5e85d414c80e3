"""The municipality's numbers: every case measured, and only what B10 lets out."""

from collections import defaultdict
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
from gateway.store import Busy, StoreError, Tx

CASES = 300
"""Cases measured in one reading of the store."""

PRINTS = "statistics/"
"""Under this, a month and a part stands in the store what was told: pairs of counts and places, nothing of a case."""

STOCK = "cases"
"""The part of a print that is of no year: the logs as they stand."""

HEADS = ("figure", "level", "place", "cell", "count")


_LANE = "@statistics"
"""Who counts, counts alone: whoever asks meanwhile waits for that count."""

WAIT = 120.0
"""Seconds that are waited for another's count."""


def statistics(world: World, *, by: str, year: int | None = None, terms: Terms | None = None) -> dict[str, Any]:
    """Lead times, levels, breaks in follow-up and families' experience, per service, agency and municipality.

    Logs as they stood when they were first counted in this month; concerns, meetings and answers of a ``year`` (this
    one when none is named). Counts below the municipality's limit are left out, and whatever would tell them; the rest
    is told in multiples of it, and stays as it is until the month is over. ``by`` is the person who asks, for the log;
    ``terms`` is the municipality's model, for who has read it already.

    All years are counted at once, by the first round of a month or by whoever asks before it: then nobody waits for a
    count. Raises ``store.locked`` where another has been counting for ``WAIT`` seconds.
    """
    now = world.clock()
    today = day(now)
    wanted = year or today.year
    settings = world.settings
    terms = terms or load_terms(settings.model, folder=settings.folder)
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


def counted(world: World) -> bool:
    """Whether this month has been counted, whatever may be told of it now."""
    with world.store.read() as tx:
        return tx.remembered(f"{PRINTS}{period_of(day(world.clock()))}/{STOCK}") is not None


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
    years: list[int] | None = None
    """In the print of the logs: the years that were counted with them. Of any other there is nothing to tell."""


def _of_month(world: World, terms: Terms, year: int, limit: int) -> _Print:
    """The month's print of a year: what was told once in it is told again, unless less may be told now."""
    with world.store.read() as tx:
        kept = _kept(world, tx, year, limit)
    if kept is None:
        try:
            with world.store.lane(_LANE, WAIT):
                kept = _counted_now(world, terms, year, limit)
        except Busy:
            raise StoreError("store.locked") from None
    stock, of_year = kept
    figures = {one["code"]: one for one in (*stock.figures, *of_year.figures)}
    return _Print(
        limit=max(stock.limit, of_year.limit),
        at=max(stock.at, of_year.at),
        figures=[figures.get(code) or _figure(code, []) for code in (*POPULATIONS, *FIGURES)],
    )


def _name(world: World, part: str) -> str:
    return f"{PRINTS}{period_of(day(world.clock()))}/{part}"


def _kept(world: World, tx: Tx, year: int, limit: int) -> tuple[_Print, _Print] | None:
    """The month's prints of the logs and of a year, where they may be told; ``None`` where it is to be counted."""
    stock, told = (_decoded(tx.remembered(_name(world, part))) for part in (STOCK, str(year)))
    if stock is None or stock.limit < limit:
        return None
    if stock.years is not None and year not in stock.years:
        return stock, _nothing(stock)
    return None if told is None or told.limit < limit else (stock, told)


def _nothing(stock: _Print) -> _Print:
    """What there is to tell of a year of which too little was told to show."""
    return msgspec.structs.replace(stock, figures=[])


def _counted_now(world: World, terms: Terms, year: int, limit: int) -> tuple[_Print, _Print]:
    """Count, and keep it as the month's print unless somebody was faster, or there is nothing at all to tell of yet."""
    with world.store.read() as tx:
        kept = _kept(world, tx, year, limit)
    if kept is not None:
        return kept
    fresh, prefix = _counted(world, terms, limit), _name(world, "")
    with world.store.write() as tx:
        for name, value in tx.marked(PRINTS).items():
            if not f"{PRINTS}{name}".startswith(prefix):
                tx.forget(f"{PRINTS}{name}", value)
        told = {part: _decoded(value) for part, value in tx.marked(prefix).items()}  # another may have been faster
        prints = fresh | {part: one for part, one in told.items() if one is not None and one.limit >= limit}
        prints[STOCK].years = sorted(int(part) for part in prints if part != STOCK)
        for part, one in prints.items() if tx.case_ids(limit=1) else ():
            tx.remember(_name(world, part), msgspec.json.encode(one).decode())
    return prints[STOCK], prints.get(str(year), _nothing(prints[STOCK]))


def _decoded(value: str | None) -> _Print | None:
    return msgspec.json.decode(value, type=_Print) if value else None


def _counted(world: World, terms: Terms, limit: int) -> dict[str, _Print]:
    """Count now: what stands in the logs, and apart from it each year of which enough is told that it can show."""
    settings, at = world.settings, world.clock()
    by_year = defaultdict[int | None, list[Mark]](list)
    for mark in _marks(world, day(at)):
        by_year[mark.year].append(mark)
    made = {}
    for year, marks in {None: [], **by_year}.items():
        if year is not None and len(marks) < limit:
            continue
        tree = tree_of(sorted({mark.unit for mark in marks}), _agencies(settings, terms), settings.municipality)
        shown = printed(let_out_rows(marks, tree, limit=limit), limit=limit)
        figures = [one for one in _figures(settings, terms, shown) if (one["population"] == STOCK) is (year is None)]
        made[STOCK if year is None else str(year)] = _Print(limit=limit, at=at.isoformat(), figures=figures)
    return made


def _marks(world: World, today: date) -> Iterator[Mark]:
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
                year=None,
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
        rows = [
            {
                "level": node.level,
                "code": node.code,
                "title": titles.get(node.code) or agencies.get(node.code) or node.code,
                "counts": {("count" if cell == ALL else cell): n for cell, n in row.items()},
            }
            for node, row in shown.get(code, {}).items()
        ]
        yield _figure(code, rows)


def _figure(code: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {"code": code, "population": FIGURES[code].population if code in FIGURES else code, "rows": rows}


def as_csv(told: Mapping[str, Any]) -> str:
    """The counts as CSV, a line for each: figure, level, place, cell, count."""
    lines = (
        dict(zip(HEADS, (figure["code"], row["level"], row["code"], cell, count), strict=True))
        for figure in told["figures"]
        for row in figure["rows"]
        for cell, count in row["counts"].items()
    )
    return "".join(csvio.write(lines, columns=HEADS, delimiter=","))
