"""Every deadline that runs, whether its owner has been asked or not: also what is a little late and on no list yet."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from gateway.core import casefile, deadlines
from gateway.core.ages import day
from gateway.core.casefile import CaseFile
from gateway.run.acts import ActFault
from gateway.run.watching import answering_unit, rules_of, surveys_of
from gateway.run.world import World

AT_ONCE = 300
"""Cases opened at a time."""


def coming(world: World, *, case: str | None = None, unit: str | None = None, days: int = 60) -> list[dict[str, Any]]:
    """The deadlines of one case or of all, of one unit or of all, that are past or come within some days; by their day.

    Each says what it is about (``case``, ``item``, ``kind``, ``code``), when it is ``due``, when its owner is asked
    (``shows``) and a leader (``escalates``), whose it is (``unit``), and what was ``answered``: ``seen``, the day until
    which it rests, or ``None``. Raises ``ActFault`` (``act.unknown_case``, ``act.unknown_unit``).
    """
    if unit is not None and unit not in world.settings.units:
        raise ActFault("act.unknown_unit", "unit")
    with world.store.read() as tx:
        cases = [case] if case is not None else tx.case_ids()
        if case is not None and case not in tx.load_cases([case]):
            raise ActFault("act.unknown_case", "case")
    until = day(world.clock()) + timedelta(days=days)
    found = [one for each in _files(world, cases) for one in _of(world, each, until)]
    return sorted(
        (one for one in found if unit is None or one["unit"] == unit), key=lambda one: (one["due"], one["case"])
    )


def _files(world: World, cases: list[str]) -> Iterator[CaseFile]:
    for at in range(0, len(cases), AT_ONCE):
        with world.store.read() as tx:
            found = tx.load_cases(cases[at : at + AT_ONCE])
        yield from (casefile.decode(body) for _, body in found.values())


def _of(world: World, file: CaseFile, until: date) -> Iterator[dict[str, Any]]:
    rules, age = deadlines.grouped(rules_of(world.settings)), world.settings.policy.self_consent_age
    for one in deadlines.running(file, rules, self_consent_age=age, surveys=surveys_of(world.settings)):
        if min(one.due, one.shows) > until:
            continue
        told = file.answered.get(one.key(), "")
        rests = told.startswith(deadlines.BACKLOG)
        yield {
            "case": file.id,
            "item": one.item,
            "kind": file.items[one.item].kind,
            "code": one.code,
            "due": one.due.isoformat(),
            "shows": one.shows.isoformat(),
            "escalates": one.escalates.isoformat(),
            "unit": answering_unit(world, file, one),
            "answered": told.removeprefix(deadlines.BACKLOG)
            if rests
            else "seen"
            if told == one.due.isoformat()
            else None,
        }
