"""What is kept for a time only: what answered tasks were about, and copies of records that nobody could read.

Neither is evidence: who answered what and when stays, and that a record is held stays with what it holds back.
"""

from datetime import datetime, timedelta

from gateway.run.world import World
from gateway.store import Tx

_TASKS, _RECORDS = "pruned/tasks", "pruned/records"


def prune(world: World) -> None:
    """Let go of what has been kept for as long as the settings say. Once a day is enough."""
    now, store = world.clock(), world.settings.store
    answered, unread = now - timedelta(days=store.keep_answered), now - timedelta(days=store.keep_unread)
    with world.store.write() as tx:
        tasks = tx.empty_answered(since=_since(tx, _TASKS, answered), before=answered)
        records = tx.empty_quarantine(since=_since(tx, _RECORDS, unread), before=unread)
        tx.remember(_TASKS, answered.isoformat())
        tx.remember(_RECORDS, unread.isoformat())
        if tasks or records:
            tx.audit([{"act": "pruned", "tasks": tasks, "records": records, "at": now.isoformat()}])
    world.step("pruned")


def _since(tx: Tx, name: str, before: datetime) -> datetime | None:
    """How far it was pruned; from the beginning where it never was, or where a clock went back."""
    told = tx.remembered(name)
    since = datetime.fromisoformat(told) if told else None
    return since if since is not None and since <= before else None
