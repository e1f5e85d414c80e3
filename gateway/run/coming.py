"""Every deadline that runs, whether its owner has been asked or not: also what is a little late and on no list yet.

And the conflicts that nobody is asked about yet, since no answer would reach anybody or since they wait for a list.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from gateway.core import casefile, deadlines
from gateway.core.ages import day
from gateway.core.casefile import CaseFile
from gateway.run.acts import ActFault
from gateway.run.conflicting import Waiting, unit_of, waiting
from gateway.run.watching import answering_unit, rules_of, surveys_of
from gateway.run.world import World

AT_ONCE = 300
"""Cases opened at a time."""


def coming(
    world: World, *, case: str | None = None, unit: str | None = None, days: int = 60
) -> dict[str, list[dict[str, Any]]]:
    """What comes in one case or in all, of one unit or of all.

    ``coming`` are the deadlines that are past or come within some days, by their day. Each says what it is about
    (``case``, ``item``, ``kind``, ``code``), when it is ``due``, when its owner is asked (``shows``) and a leader
    (``escalates``), whose it is (``unit``), and what was ``answered``: ``seen``, the day until which it rests, or
    ``None``.

    ``parked`` are the conflicts that nobody is asked about yet, the oldest first. Each says where (``case``, ``item``,
    ``kind``, ``system``), in how many ``fields``, ``since`` when, whose it is (``unit``), and the day from which it is
    ``asked`` about; ``None`` until something may go between the two. Both values are kept meanwhile.

    Raises ``ActFault`` (``act.unknown_case``, ``act.unknown_unit``).
    """
    if unit is not None and unit not in world.settings.units:
        raise ActFault("act.unknown_unit", "unit")
    now = world.clock()
    until = day(now) + timedelta(days=days)
    deadlines_found, conflicts = list[dict[str, Any]](), list[dict[str, Any]]()
    for file in _files(world, case):
        deadlines_found += _of(world, file, until)
        if file.clashes:
            with world.store.read() as tx:
                waits = waiting(world, tx, file, now)
            conflicts += [_parked(world, file, one) for one in waits]
    return {
        "coming": sorted(_whose(deadlines_found, unit), key=lambda one: (one["due"], one["case"])),
        "parked": sorted(_whose(conflicts, unit), key=lambda one: (one["since"], one["case"])),
    }


def _whose(found: list[dict[str, Any]], unit: str | None) -> list[dict[str, Any]]:
    return [one for one in found if unit is None or one["unit"] == unit]


def _parked(world: World, file: CaseFile, one: Waiting) -> dict[str, Any]:
    return {
        "case": file.id,
        "item": one.item,
        "kind": file.items[one.item].kind,
        "system": one.system,
        "fields": one.fields,
        "since": one.since.isoformat(),
        "unit": unit_of(world, file, one.system),
        "asked": one.asked.isoformat() if one.asked is not None else None,
    }


def _files(world: World, case: str | None) -> Iterator[CaseFile]:
    """One case, or all. Raises ``ActFault`` where there is no such case."""
    after = ""
    while True:
        with world.store.read() as tx:
            cases = [case] if case is not None else tx.case_ids(after=after, limit=AT_ONCE)
            found = tx.load_cases(cases)
        if case is not None and case not in found:
            raise ActFault("act.unknown_case", "case")
        yield from (casefile.decode(body) for _, body in found.values())
        if case is not None or not cases:
            return
        after = cases[-1]


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
