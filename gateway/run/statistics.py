"""The municipality's numbers: every case measured, and only what B10 lets out."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from gateway.core import casefile
from gateway.core.ages import day
from gateway.core.rules.counts import let_out
from gateway.core.statistics import ALL, FIGURES, POPULATIONS, Mark, Node, let_out_rows, measure, tree_of
from gateway.core.terms import Terms
from gateway.run.mapfiles import load_terms
from gateway.run.settings import Settings
from gateway.run.watching import rules_of, surveys_of
from gateway.run.world import World
from gateway.sdk import csvio

CASES = 300
"""Cases measured in one reading of the store."""

HEADS = ("figure", "level", "place", "cell", "count")


def statistics(world: World, *, by: str, year: int | None = None) -> dict[str, Any]:
    """Lead times, levels, breaks in follow-up and families' experience, per service, agency and municipality.

    Logs as they stand today; concerns, meetings and answers of a ``year`` (this one when none is named). Counts below
    the municipality's limit are left out, and whatever would tell them. ``by`` is the person who asks, for the log.
    """
    now = world.clock()
    today = day(now)
    wanted = year or today.year
    settings = world.settings
    terms = load_terms(settings.model, folder=settings.folder)
    marks = list(_marks(world, today, wanted))
    tree = tree_of(sorted({mark.unit for mark in marks}), _agencies(settings, terms), settings.municipality)
    totals = {name: sum(mark.population == name for mark in marks) for name in POPULATIONS}
    counted = let_out(totals, small_cell=terms.policy.small_cell, on=today, law=world.rules.law)
    held = "X8" in counted.decision.rules
    shown = {} if held else let_out_rows(marks, tree, limit=counted.limit)
    with world.store.write() as tx:
        tx.audit([{"act": "statistics", "by": by, "year": wanted, "at": now.isoformat()}])
    return {
        "municipality": settings.municipality,
        "model": settings.model,
        "at": now.isoformat(),
        "year": wanted,
        "limit": counted.limit,
        "rules": list(counted.decision.rules),
        "basis": counted.decision.secrecy_basis,
        "task": counted.decision.task,
        "figures": list(_figures(settings, terms, shown)),
    }


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
