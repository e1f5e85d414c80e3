"""What is taken back while it waits to be entered by hand goes out of the task for good."""

from collections.abc import Mapping
from typing import Any

import msgspec

from gateway.run.batch import Batch
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
    kept = [left for one in body["enter"] if (left := left_of(one, lost.get(one["item"], frozenset()))) is not None]
    if kept == body["enter"]:
        return
    tx.rewrite_tasks([(task.id, task.case, msgspec.json.encode({**body, "enter": kept}))])
    if not kept:
        tx.resolve_task(task.id, by=GATEWAY, outcome="withdrawn", at=batch.world.clock())


def left_of(item: dict[str, Any], lost: frozenset[str] | None) -> dict[str, Any] | None:
    """An item of a task without the fields that were lost (``None``: all of them), if anything is left of it."""
    if lost is None:
        return None
    values = {name: value for name, value in item["values"].items() if name not in lost}
    if not values:
        return None
    return {**item, "values": values, "changed": [name for name in item["changed"] if name in values]}
