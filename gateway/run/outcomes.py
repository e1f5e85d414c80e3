"""What becomes of deliveries after they were accepted: asked for until they have arrived, and told when they do not.

A receipt that says "accepted" says that somebody took it in, not that it reached anyone. Where a system tells later
steps, what has not arrived a day after it was sent is for a person: a telephone call, never a second sending.
What the receiver says no to is for a person at once, as is a report that did not go the way that it should.
"""

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

import msgspec

from gateway.core import casefile
from gateway.run.border import is_receipt, tell_source
from gateway.run.settings import System
from gateway.run.tally import Tally
from gateway.run.turned_down import turned_down
from gateway.run.world import World
from gateway.sdk import AdapterError, Receipt, Refused, Sent
from gateway.store import Sending, Task, Tx

UNANSWERED = timedelta(hours=24)
"""How long a delivery may be under way before a person is asked. Ours."""

UNHANDLED = timedelta(days=3)
"""How long one that arrived may be unhandled, where the system tells of that, before a person is asked. Ours."""

ASKED_FOR = timedelta(days=30)
"""How long it is asked for."""

KEYS = 100
"""Keys in one question."""

_LATER = frozenset({"delivered", "processed"})
_STEPS = ("accepted", "delivered", "processed")
ALONE = frozenset({"child_welfare_report"})
"""Kinds of which each has a task of its own, since somebody must call about it; the rest of a system are one task."""


def ask_outcomes(world: World, system: System, tally: Tally) -> None:
    """Ask for what is under way, note what has arrived, and make tasks of what has not. Raises ``AdapterError``."""
    adapter = world.adapters[system.name]
    wanted = _LATER & set(adapter.capabilities.receipts)
    if not wanted or not adapter.capabilities.writes or adapter.capabilities.manual:
        return  # what a person enters, the person says
    now = world.clock()
    last = max(wanted, key=_STEPS.index)
    open_ones = [one for one in world.store.vault.under_way(system.name, after=now - ASKED_FOR) if one.state != last]
    told: dict[str, Receipt] = {}
    for at in range(0, len(open_ones), KEYS):
        asked = [Sent(key=one.key, trace=one.trace) for one in open_ones[at : at + KEYS]]
        keys = {one.key for one in asked}
        told |= {one.key: one for one in _answers(adapter.follow, asked) if one.key in keys}
    world.step("outcomes asked")
    moved = [(one.key, told[one.key].state) for one in open_ones if one.key in told and _further(one, told[one.key])]
    if moved:
        world.store.vault.end_sending(moved)
    refused = [(one, told[one.key]) for one in open_ones if one.key in told and told[one.key].state == "refused"]
    tally.tasks += turned_down(world, system, refused)
    doubtful = {key for key, receipt in told.items() if receipt.state == "uncertain"}
    late = [
        one
        for one in open_ones
        if (one.key not in told or told[one.key].state in {one.state, "accepted", "uncertain"})
        and (
            now - one.since >= (UNANSWERED if one.state == "accepted" else UNHANDLED)
            or (adapter.capabilities.duty and one.key in doubtful)
        )
    ]
    with world.store.write() as tx:
        tally.tasks += tx.keep_system_tasks(
            _tasks(world, system, late, tx), systems=[system.name], kinds=["receipt"], at=now
        )
        if moved:
            tx.audit([{"act": "arrived", "system": system.name, "entries": [list(one) for one in moved]}])
    world.step("outcomes noted")
    if told:
        tell_source(adapter.noted, sorted(told))  # where this is missed, they are told again


def _further(one: Sending, told: Receipt) -> bool:
    """Whether a receipt says more than we knew; a delivery never goes back a step."""
    return told.state in _LATER and _STEPS.index(told.state) > _STEPS.index(one.state)


def _answers(ask: Callable[..., Any], sent: list[Sent]) -> list[Receipt]:
    try:
        answer: object = ask(sent)
    except AdapterError:
        raise
    except Exception:  # noqa: BLE001 - the boundary to plugins; the text may hold a value
        raise Refused("adapter.fetch_failed") from None
    if not isinstance(answer, (list, tuple)) or not all(is_receipt(one) for one in answer):
        raise Refused("adapter.answer")
    return list(answer)


def _tasks(world: World, system: System, late: Iterable[Sending], tx: Tx) -> list[Task]:
    """One task for a system, and one for each report, of what has not arrived and nobody has seen to."""
    found = list(late)
    files = {
        case: casefile.decode(body)
        for case, (_, body) in tx.load_cases(dict.fromkeys(one.case for one in found)).items()
    }
    rest: list[Sending] = []
    tasks: list[Task] = []
    for one in found:
        entry = files[one.case].items.get(one.item) if one.case in files else None
        if entry is not None and entry.kind in ALONE:
            tasks.append(_task(world, system, f"/{one.key}", entry.origin.unit, [one]))
        else:
            rest.append(one)
    if rest:
        tasks.append(_task(world, system, "", system.unit, rest))
    return tasks


def _task(world: World, system: System, which: str, unit: str | None, sendings: list[Sending]) -> Task:
    body = {
        "count": len(sendings),
        "sendings": [
            {"case": one.case, "item": one.item, "since": one.since.isoformat(), "key": one.key}
            for one in sendings[:100]
        ],
    }
    now = world.clock()
    return Task(
        kind="receipt",
        dedupe=f"receipt/{system.name}{which}",
        at=now,
        system=system.name,
        unit=unit,
        body=msgspec.json.encode(body),
    )
