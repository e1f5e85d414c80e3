"""The plan of the next round: the round itself, on a store in which nothing stays."""

from collections import Counter
from typing import Any

import msgspec

from gateway.core.sendings import Plan
from gateway.run.asking import ask
from gateway.run.border import Walk
from gateway.run.intake import Look, guard, keep
from gateway.run.outlet import decide
from gateway.run.tally import Tally
from gateway.run.world import Stopped, World
from gateway.sdk import AdapterError, Page
from gateway.store.rehearsal import rehearse

PAGES = 50
"""Pages of each source that a plan looks at; more would hold the store for too long."""


def plan_round(world: World, systems: list[str] | None = None) -> dict[str, Any]:
    """What the next round would fetch, send, withhold and why, and take back. Changes nothing anywhere.

    Sources are read, registers are asked; nobody is told anything. ``more`` names sources whose plan covers only the
    first pages.
    """
    chosen = [name for name in systems or world.settings.systems if name in world.adapters]
    pages, more, unreachable = _read_ahead(world, chosen)
    told: dict[str, Any] = {
        "fetch": {}, "send": {}, "withhold": [], "retract": {}, "quarantine": 0, "conflicts": 0, "more": more,
        "unreachable": unreachable, "stopped": {},
    }  # fmt: skip
    with rehearse(world.store) as store:
        trial = msgspec.structs.replace(world, store=store, step=lambda _: None)
        tally = Tally()
        for name, each in pages.items():
            _take(trial, name, each, tally, told)
        for name in trial.adapters:
            if trial.adapters[name].capabilities.lookup and name not in unreachable:
                try:
                    ask(trial, trial.settings.systems[name], tally)
                except AdapterError as error:
                    told["unreachable"][name] = error.code
        told["quarantine"], told["conflicts"] = tally.quarantined, tally.conflicts
        for name in chosen:
            if trial.adapters[name].capabilities.writes:
                _give(trial, name, told)
    return told


def _read_ahead(world: World, chosen: list[str]) -> tuple[dict[str, list[Page]], list[str], dict[str, str]]:
    pages: dict[str, list[Page]] = {}
    more: list[str] = []
    unreachable: dict[str, str] = {}
    for name in chosen:
        adapter = world.adapters[name]
        with world.store.read() as tx:
            cursor = None if adapter.capabilities.full_feed else tx.cursor(name)
        read, walk = pages.setdefault(name, []), Walk(adapter)
        try:
            while len(read) < PAGES:
                read.append(walk.fetch(cursor))
                cursor = read[-1].cursor
                if not read[-1].more:
                    break
            else:
                more.append(name)
        except AdapterError as error:
            unreachable[name] = error.code
    return pages, more, unreachable


def _take(world: World, name: str, pages: list[Page], tally: Tally, told: dict[str, Any]) -> None:
    system, adapter = world.settings.systems[name], world.adapters[name]
    told["fetch"][name] = sum(len(page.records) for page in pages)
    gone = sum(raw.deleted for page in pages for raw in page.records)
    try:
        guard(world, system, adapter, Look(seen=told["fetch"][name], gone=gone), last=bool(pages))
    except Stopped as stop:
        told["stopped"][name] = stop.code
        return
    for page in pages:
        tally.add(keep(world, system, adapter, page))


def _give(world: World, name: str, told: dict[str, Any]) -> None:
    system = world.settings.systems[name]
    send: Counter[str] = Counter()
    retract: Counter[str] = Counter()
    after: set[str] = set()
    with world.store.read() as tx:
        marks = tx.due(name, limit=1_000_000, now=world.clock())
        for at in range(0, len(marks), 100):
            cases = [mark.case for mark in marks[at : at + 100]]
            for case, decided in decide(world, system, cases, tx, world.clock()).items():
                _count(decided.plan, send, retract)
                told["withhold"] += _withheld(name, case, decided.plan)
                if decided.plan.later:
                    after.add(case)
    told["send"][name] = dict(send)
    told["retract"][name] = dict(retract)
    if after:
        told.setdefault("later", {})[name] = len(after)


def _count(planned: Plan, send: Counter[str], retract: Counter[str]) -> None:
    for sending in planned.sendings:
        send.update(one.kind for one in (sending.release, *sending.release.parts) if one.changed)
    retract.update(sending.release.kind for sending in planned.retractions)


def _withheld(system: str, case: str, planned: Plan) -> list[dict[str, Any]]:
    return [
        {
            "system": system,
            "case": case,
            "item": one.item,
            "kind": one.kind,
            "fields": list(one.fields),
            "rules": list(one.decision.rules) if one.decision is not None else ["flow.shadow"],
        }
        for one in planned.withheld
    ]
