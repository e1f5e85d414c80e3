"""No system falls silent unseen: one that is not reached, sends that do not get through, records that cannot be read.

One task a system and reason; it is settled by itself when the system is well again, and whoever has seen it is not
told once more while it lasts. What a task asks about already is not asked twice: that a source is not read while its
guard waits for an answer, or that nothing gets through to a system that has just come back.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import msgspec

from gateway.core.ages import day
from gateway.run.tally import Tally
from gateway.run.world import World
from gateway.store import Task, Tx

KINDS = ("quiet", "held")

_STOPPED = ("guard", "system")
"""Kinds of task that say already why a system is not read."""

_AWAY, _GONE = "away", "yes"
"""What is remembered of a system that was not reached, and is not yet; one that is back has its moment there."""


def look_at_systems(world: World, tally: Tally) -> None:
    """A task for each system that nothing has been heard of, that gets nothing, or whose records wait unread."""
    now, names = world.clock(), list(world.settings.systems)
    with world.store.read() as tx:
        first = _first_seen(world, tx)
        new = [name for name in names if name not in first]
        heard = _last_heard(world, tx, {**first, **dict.fromkeys(new, now)})
        before = {name: tx.remembered(f"{_AWAY}/{name}") or "" for name in names}
        away = {name: _away(before[name], gone=name in _unreached(world, heard, now), now=now) for name in names}
        tasks = list(_tasks(world, tx, heard, away, now))
        standing = tx.any_open(KINDS) or tx.remembered("quiet") == "yes"
    if not (tasks or standing or new or away != before):
        return
    with world.store.write() as tx:
        for name in new:
            tx.remember(f"known/{name}", now.isoformat())
        for name in names:
            if away[name] != before[name]:
                tx.remember(f"{_AWAY}/{name}", away[name])
        tally.tasks += tx.keep_system_tasks(tasks, systems=names, kinds=KINDS, at=now)
        tx.remember("quiet", "yes" if tasks else "")


def _first_seen(world: World, tx: Tx) -> dict[str, datetime]:
    told = {name: tx.remembered(f"known/{name}") for name in world.settings.systems}
    return {name: datetime.fromisoformat(at) for name, at in told.items() if at}


def _last_heard(world: World, tx: Tx, first: dict[str, datetime]) -> dict[str, datetime]:
    lanes = tx.lanes()
    return {
        name: (lanes[name].last_success if name in lanes else None) or first[name] for name in world.settings.systems
    }


def _patience(world: World, name: str) -> timedelta:
    return timedelta(hours=world.settings.systems[name].quiet_hours)


def _unreached(world: World, heard: dict[str, datetime], now: datetime) -> set[str]:
    return {name for name, at in heard.items() if now - at >= _patience(world, name)}


def _away(before: str, *, gone: bool, now: datetime) -> str:
    """What is remembered of a system: ``_GONE``, since when it is back, or nothing for one that was always reached."""
    if gone:
        return _GONE
    return now.isoformat() if before == _GONE else before


def _tasks(world: World, tx: Tx, heard: dict[str, datetime], away: dict[str, str], now: datetime) -> Iterator[Task]:
    lanes, due, paused = tx.lanes(), tx.due_counts(), tx.paused()
    unread = tx.quarantine_counts()
    for name in world.settings.systems:
        lane, patience = lanes.get(name), _patience(world, name)
        if away[name] == _GONE:
            code = world.broken.get(name) or (lane.last_error if lane is not None else None) or "system.quiet"
            if not any(tx.tasks(kind=kind, system=name, limit=1) for kind in _STOPPED):
                yield _task(world, name, "quiet/reached", {"since": heard[name].isoformat(), "code": code})
        elif name in due and not paused:
            since = due[name][1]  # what waited while the system was away has waited since it is back
            if now - max(since, datetime.fromisoformat(away[name]) if away[name] else since) >= patience:
                told = {"since": since.isoformat(), "count": due[name][0], "code": "delivery.waits"}
                yield _task(world, name, "quiet/given", told)
        count, newest = tx.quarantined_since(name, before=now - patience) if name in unread else (0, None)
        if newest is not None:
            yield _task(world, name, f"held/{day(newest)}", {"count": count})


def _task(world: World, name: str, which: str, body: dict[str, Any]) -> Task:
    return Task(
        kind=which.partition("/")[0],
        dedupe=f"{name}/{which}",
        at=world.clock(),
        system=name,
        unit=world.settings.systems[name].unit,
        once=True,
        body=msgspec.json.encode(body),
    )
