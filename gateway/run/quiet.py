"""No system falls silent unseen: one that is not reached, sends that do not get through, records that cannot be read.

One task a system and reason; it is settled by itself when the system is well again, and whoever has seen it is not
told once more while it lasts.
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


def look_at_systems(world: World, tally: Tally) -> None:
    """A task for each system that nothing has been heard of, that gets nothing, or whose records wait unread."""
    now = world.clock()
    with world.store.read() as tx:
        first = _first_seen(world, tx)
        tasks = list(
            _tasks(world, tx, {**first, **dict.fromkeys(set(world.settings.systems) - first.keys(), now)}, now)
        )
        standing = tx.any_open(KINDS) or tx.remembered("quiet") == "yes"
    if not (tasks or standing or set(world.settings.systems) - first.keys()):
        return
    with world.store.write() as tx:
        for name in set(world.settings.systems) - first.keys():
            tx.remember(f"known/{name}", now.isoformat())
        tally.tasks += tx.keep_system_tasks(tasks, systems=list(world.settings.systems), kinds=KINDS, at=now)
        tx.remember("quiet", "yes" if tasks else "")


def _first_seen(world: World, tx: Tx) -> dict[str, datetime]:
    told = {name: tx.remembered(f"known/{name}") for name in world.settings.systems}
    return {name: datetime.fromisoformat(at) for name, at in told.items() if at}


def _tasks(world: World, tx: Tx, first: dict[str, datetime], now: datetime) -> Iterator[Task]:
    lanes, due, paused = tx.lanes(), tx.due_counts(), tx.paused()
    unread = tx.quarantine_counts()
    for name, system in world.settings.systems.items():
        patience = timedelta(hours=system.quiet_hours)
        lane = lanes.get(name)
        heard = (lane.last_success if lane is not None else None) or first[name]
        if now - heard >= patience:
            code = world.broken.get(name) or (lane.last_error if lane is not None else None) or "system.quiet"
            yield _task(world, name, "quiet/reached", {"since": heard.isoformat(), "code": code})
        elif name in due and not paused and now - due[name][1] >= patience:
            told = {"since": due[name][1].isoformat(), "count": due[name][0], "code": "delivery.waits"}
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
