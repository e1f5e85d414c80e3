"""What a task by hand still shows: never more than the gate lets its receiver have now.

The values of a task "enter" are on their way until somebody has entered them. So they are decided again when they are
shown, and a withdrawal takes them out of the task for good.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from gateway.core import casefile
from gateway.run.batch import Batch
from gateway.run.explaining import decisions_of, facts_of
from gateway.run.world import World
from gateway.store import Task, Tx

GATEWAY = "gateway"
"""Who resolves a task that has come to nothing by itself."""


def take_out(batch: Batch, tx: Tx) -> None:
    """Take what was taken back out of the open tasks that still ask somebody to enter it.

    A task with nothing left is resolved as ``withdrawn``: what may have been entered already has a task of its own.
    """
    lost: dict[str, dict[str, frozenset[str] | None]] = {}
    for job in batch.jobs:
        if job.retract and job.receipt is not None and job.receipt.state != "refused":
            release = job.sending.release
            names = None if release.retract_all else frozenset(release.retracts)
            lost.setdefault(job.case, {})[release.id] = names
    for case, items in lost.items():
        for task in tx.tasks(case=case, kind="enter", system=batch.system.name):
            _shorten(tx, task, items, batch)


def _shorten(tx: Tx, task: Task, lost: Mapping[str, frozenset[str] | None], batch: Batch) -> None:
    body = msgspec.json.decode(task.body)
    kept = [left for one in body["enter"] if (left := _left(one, lost.get(one["item"], frozenset()))) is not None]
    if kept == body["enter"]:
        return
    tx.rewrite_tasks([(task.id, task.case, msgspec.json.encode({**body, "enter": kept}))])
    if not kept:
        tx.resolve_task(task.id, by=GATEWAY, outcome="withdrawn", at=batch.world.clock())


def _left(item: dict[str, Any], lost: frozenset[str] | None) -> dict[str, Any] | None:
    """An item of a task without the fields that were lost (``None``: all of them), if anything is left of it."""
    if lost is None:
        return None
    values = {name: value for name, value in item["values"].items() if name not in lost}
    if not values:
        return None
    return {**item, "values": values, "changed": [name for name in item["changed"] if name in values]}


def emptied(task: Task) -> bytes:
    """The body of a task by hand that is done with: nothing of what was entered stays behind."""
    return msgspec.json.encode({**msgspec.json.decode(task.body), "enter": []})


def still_allowed(world: World, task: Task) -> list[dict[str, Any]]:
    """The items of an open task "enter" as far as the gate lets them go at this moment."""
    told: list[dict[str, Any]] = msgspec.json.decode(task.body).get("enter", [])
    if not told or task.case is None or task.system is None or task.system not in world.adapters:
        return []
    allowed = _allowed(world, task.case, task.system)
    left = [_left(one, frozenset(one["values"]) - allowed.get(one["item"], frozenset())) for one in told]
    return [one for one in left if one is not None]


def _allowed(world: World, case: str, name: str) -> dict[str, frozenset[str]]:
    """By item the fields that one system may have now, as if it had nothing yet."""
    with world.store.read() as tx:
        found = tx.load_cases([case]).get(case)
    if found is None:
        return {}
    file = casefile.decode(found[1])
    facts = facts_of(world, file, world.clock())
    return {
        item: frozenset(field for field, effect in decision.fields.items() if effect == "permit")
        for item, decision in decisions_of(world, file, name, facts).items()
    }
