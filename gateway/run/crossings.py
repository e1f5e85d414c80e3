"""What people do when a log goes over into something else: a plan, a new school, another municipality.

A crossing is begun by a named person, when those who decide have said yes to that very purpose. Closing the log is a
task for a person and never follows by itself.
"""

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from typing import Any

import msgspec

from gateway.core import casefile, crossing
from gateway.core.casefile import CaseFile, Crossing, Peer
from gateway.core.explain import words
from gateway.core.model import KINDS, Fault, check
from gateway.core.model.codes import ENDED
from gateway.run import batons
from gateway.run.acts import ActFault, Story, change_case
from gateway.run.explaining import decisions_of, facts_of
from gateway.run.life import OSLO
from gateway.run.settings import System
from gateway.run.world import World
from gateway.store import Task, Tx

GOES_ALONG = ("goal", "measure", "participant")
"""Kinds that a plan begins with; a new school or municipality gets the first two unless more is said."""

LONG_PAST = 366
"""Days after which nobody says any more on which day a family has moved."""

NEVER_ALONG = frozenset({"case", "person", "relation", "consent", "assignment", "plan", "wonder_note", "unit"})
"""Kinds that nobody picks: they follow by themselves, or never travel."""


def show(world: World, case: str, *, to: str | None = None) -> dict[str, Any]:
    """Where a case stands: hints of a right, crossings begun, who coordinates, and what would go to which system now.

    ``to`` limits the question to one system. Raises ``ActFault`` (``act.unknown_case``, ``act.unknown_system``,
    ``crossing.not_a_target``).
    """
    file, now = _file(world, case), world.clock()
    targets = [_target(world, file, to)] if to is not None else _targets(world, file)
    entry = file.case()
    return {
        "case": case,
        "status": entry.fields.get("status") if entry is not None else None,
        "hints": list(crossing.hints(file)),
        "crossings": [
            {
                "to": one.system, "purpose": one.purpose, "by": one.by, "begun": one.begun, "plan": one.plan,
                "status": file.items[one.plan].fields.get("status") if one.plan in file.items else None,
            }
            for one in file.crossings
        ],
        "coordinators": [item for item, _ in crossing.coordinators(file)],
        "holders": [item for item, _ in crossing.in_force(file, "relay_holder")],
        "closing": crossing.lacking_to_close(file),
        "targets": {system.name: _prospect(world, file, system, now) for system in targets},
    }  # fmt: skip


def begin(
    world: World,
    case: str,
    *,
    to: str,
    by: str,
    unit: str,
    coordinator: Mapping[str, Any] | None = None,
    kinds: Collection[str] = (),
) -> dict[str, Any]:
    """Begin a crossing to a system, on the family's word. ``unit`` is that of the person who acts.

    To a plan's product ``coordinator`` (fields of an ``assignment``: ``holder_name``, which may be an entry of
    ``[people]``, ``service``, perhaps ``holder`` and ``unit``) is needed, unless somebody coordinates the plan already
    (``bti baton``). ``kinds`` go along besides those that always do. Returns what ``show`` tells of the system.

    Raises ``ActFault``: ``act.unknown_case``, ``act.unknown_system``, ``act.value``, ``crossing.not_a_target``,
    ``crossing.ended``, ``crossing.begun``, ``crossing.no_coordinator``, ``crossing.held``, ``crossing.consent``.
    """
    file, now = _file(world, case), world.clock()
    system = _target(world, file, to)
    assigned = _assignment(world, coordinator) if coordinator is not None else None
    _may_begin(file, system, assigned, kinds)
    trial = casefile.decode(casefile.encode(file))
    _begin(world, trial, system, by=by, unit=unit, coordinator=assigned, kinds=kinds)
    prospect = _prospect(world, trial, system, now)
    if not prospect["goes"]:
        raise ActFault("crossing.consent", to)

    def change(found: CaseFile) -> Story:
        _may_begin(found, system, assigned, kinds)
        return _begin(world, found, system, by=by, unit=unit, coordinator=assigned, kinds=kinds)

    change_case(world, case, by, f"crossing.begun.{system.purpose}", change)
    return prospect


def decline(world: World, case: str, *, by: str, unit: str) -> None:
    """The family does not want an individual plan: that is noted, and the log goes on. Raises ``ActFault``."""
    today = _today(world)

    def change(file: CaseFile) -> Story:
        if crossing.plan_of(file) is not None:
            raise ActFault("crossing.begun", "case")
        made = Crossing(system="", purpose=crossing.PLAN, by=by, begun=today)
        return crossing.decline(file, crossing=made, origin=world.here(unit), fresh=world.fresh)

    change_case(world, case, by, "crossing.declined", change)


def close(world: World, file: CaseFile, *, unit: str) -> Story:
    """Close a log in favour of its plan (in place), when a person has said so.

    Raises ``ActFault``: ``crossing.no_plan``, ``crossing.not_there``, ``crossing.no_coordinator``.
    """
    lacking = crossing.lacking_to_close(file)
    if lacking is not None:
        raise ActFault(lacking, "task")
    return crossing.close(file, today=_today(world), origin=world.here(unit))


def move(world: World, case: str, *, moved_on: str, by: str, unit: str) -> list[str]:
    """The family has moved to another municipality: the log ends and is locked, and no consent follows.

    Where to is not asked, since nobody here needs it. Each system that holds the log gets a task to lock it there, and
    one task says that the family is to have a copy. Returns the ids of the tasks. Child welfare's own notice to the
    new municipality is another duty, and nothing here gives it or stops it.

    Raises ``ActFault``: ``act.unknown_case``, ``act.value`` (a day to come, one before the log was opened, or one more
    than ``LONG_PAST`` days ago: such a day is a slip, and would end consents that were in use), ``crossing.ended``.
    """
    today = _today(world)
    if not _day(today) - timedelta(days=LONG_PAST) <= _day(moved_on) <= _day(today):
        raise ActFault("act.value", "on")
    origin, holding = world.here(unit), list[str]()

    def change(file: CaseFile) -> Story:
        _still_open(file)
        entry = file.case()
        if entry is not None and moved_on < (entry.fields.get("opened_on") or ""):
            raise ActFault("act.value", "on")
        holding[:] = [name for name, peers in file.peers.items() if _holds(peers.get(case))]
        story = crossing.end(file, status="moved", today=moved_on, origin=origin)
        return story + crossing.end_consents(file, last=today, origin=origin)

    made: list[str] = []

    def ask(tx: Tx) -> None:
        systems = [world.settings.systems[name] for name in sorted(holding) if name in world.settings.systems]
        tasks = [_task(world, "lock", case, system.unit, system=system.name) for system in systems]
        made[:] = tx.add_tasks([*tasks, _task(world, "copy", case, unit)])

    change_case(world, case, by, "crossing.moved", change, also=ask)  # in one: a log never ends without its tasks
    return made


def _task(world: World, kind: str, case: str, unit: str, *, system: str | None = None) -> Task:
    return Task(
        kind=kind,
        dedupe=f"{kind}/{case}/{system or ''}",
        at=world.clock(),
        case=case,
        system=system,
        unit=unit,
        body=msgspec.json.encode({"task": kind}),
    )


def _holds(peer: Peer | None) -> bool:
    return peer is not None and peer.native is not None and not peer.gone


def _begin(
    world: World,
    file: CaseFile,
    system: System,
    *,
    by: str,
    unit: str,
    coordinator: Mapping[str, Any] | None,
    kinds: Collection[str],
) -> Story:
    along = (*(GOES_ALONG if system.purpose == crossing.PLAN else GOES_ALONG[:2]), *kinds)
    made = Crossing(
        system=system.name,
        purpose=system.purpose,
        by=by,
        begun=_today(world),
        items=crossing.goes_on(file, along),
    )
    return crossing.begin(
        file,
        crossing=made,
        origin=world.here(unit),
        coordinator=coordinator,
        person=_person(world, coordinator),
        fresh=world.fresh,
    )


def _person(world: World, coordinator: Mapping[str, Any] | None) -> str | None:
    """The entry of ``[people]`` whom a coordinator's name and unit are, if it is one person's."""
    told = coordinator or {}
    found = [
        key
        for key, person in world.settings.people.items()
        if told.get("unit") == person.unit and told.get("holder_name") in {key, person.title or key}
    ]
    return found[0] if len(found) == 1 and coordinator is not None else None


def _may_begin(file: CaseFile, system: System, coordinator: Mapping[str, Any] | None, kinds: Collection[str]) -> None:
    if any(kind not in KINDS or kind in NEVER_ALONG for kind in kinds):
        raise ActFault("act.value", "with")
    if system.purpose in crossing.CROSSED:
        _still_open(file)
    if system.purpose == crossing.PLAN:
        if crossing.plan_of(file) is not None:
            raise ActFault("crossing.begun", "case")
        held = bool(crossing.coordinators(file))
        if held == (coordinator is not None):
            raise ActFault("crossing.held" if held else "crossing.no_coordinator", "coordinator")
    elif any(one.system == system.name for one in file.crossings):
        raise ActFault("crossing.begun", "to")


def _still_open(file: CaseFile) -> None:
    entry = file.case()
    if entry is None or entry.deleted or entry.fields.get("status") in ENDED:
        raise ActFault("crossing.ended", "case")


def _assignment(world: World, told: Mapping[str, Any]) -> dict[str, Any]:
    name = str(told.get("holder_name"))
    if name in world.settings.people:
        known = batons.who(world, name)
        told = {"service": known.service, **told, "holder_name": known.name, "unit": known.unit}
    told = {key: value for key, value in told.items() if value is not None}
    try:
        plain = check("assignment", {"role": "plan_coordinator", **told})
    except Fault as fault:
        raise ActFault("act.value", fault.path) from None
    if not plain.get("holder_name"):
        raise ActFault("crossing.no_coordinator", "coordinator")
    return {name: value for name, value in plain.items() if name != "role"}


def _target(world: World, file: CaseFile, name: str) -> System:
    """A system that a crossing can lead to: one with such a purpose, or after a move another body's log."""
    system = world.settings.systems.get(name)
    if system is None or name not in world.adapters:
        raise ActFault("act.unknown_system", "to")
    if system not in _targets(world, file):
        raise ActFault("crossing.not_a_target", "to")
    return system


def _targets(world: World, file: CaseFile) -> list[System]:
    entry = file.case()
    moved = entry is not None and entry.fields.get("status") == "moved"
    home = entry.origin.body if entry is not None else None
    return [
        system
        for name, system in world.settings.systems.items()
        if name in world.adapters
        and world.adapters[name].capabilities.writes
        and (
            system.purpose in crossing.CROSSED
            or (moved and system.purpose == "bti" and world.settings.units[system.unit].body != home)
        )
    ]


def _prospect(world: World, file: CaseFile, system: System, at: datetime) -> dict[str, Any]:
    """What of a case would go to a system now, by the gate's word; as if it had nothing and its flows were open."""
    told = decisions_of(world, file, system.name, facts_of(world, file, at))
    mine = [one.plan for one in file.crossings if one.system == system.name and one.plan]
    asked = mine or [item for one in file.crossings if one.system == system.name for item in one.items]
    decided = [told[item] for item in asked if item in told]
    first = decided[0] if decided else None
    return {
        "goes": bool(decided) and any(one.effect in {"permit", "partial"} for one in decided),
        "effect": first.effect if first is not None else None,
        "rules": list(first.rules) if first is not None else [],
        "missing": list(first.missing) if first is not None else [],
        "words": dict(words(first)) if first is not None else {},
        "carried": sorted(item for item, one in told.items() if one.effect in {"permit", "partial"}),
        "stays": sorted(item for item, one in told.items() if one.effect not in {"permit", "partial"}),
    }


def _file(world: World, case: str) -> CaseFile:
    with world.store.read() as tx:
        found = tx.load_cases([case]).get(case)
    if found is None:
        raise ActFault("act.unknown_case", "case")
    return casefile.decode(found[1])


def _today(world: World) -> str:
    return world.clock().astimezone(OSLO).date().isoformat()


def _day(told: str) -> date:
    try:
        return date.fromisoformat(told)
    except ValueError:
        raise ActFault("act.value", "on") from None
