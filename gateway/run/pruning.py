"""What is kept for a time only: what answered tasks were about, copies of records that nobody could read, and history.

None of it is evidence: who answered what and when stays, and that a record is held stays with what it holds back. What
values were before they changed goes, where the settings say when; the audit log, what was disclosed to whom and by
which rule, restrictions and consents stay whole.
"""

from datetime import datetime, timedelta

from gateway.run.acts import ActFault
from gateway.run.counting import forget_old
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
        forget_old(tx, at=now)
        tx.remember(_TASKS, answered.isoformat())
        tx.remember(_RECORDS, unread.isoformat())
        if store.keep_history:
            _let_go(tx, before=now - timedelta(days=store.keep_history), by=None, now=now)
        if tasks or records:
            tx.audit([{"act": "pruned", "tasks": tasks, "records": records, "at": now.isoformat()}])
    world.step("pruned")


def prune_history(world: World, *, by: str, tried: bool = False) -> dict[str, object]:
    """Let go of history that is older than the settings keep it, now: how many rows, of how many cases, of before when.

    ``tried`` only counts. Raises ``ActFault`` ``history.kept``: the settings keep history as long as the case.
    """
    now, days = world.clock(), world.settings.store.keep_history
    if not days:
        raise ActFault("history.kept", "store.keep_history")
    before = now - timedelta(days=days)
    with world.store.write() as tx:
        rows, cases = tx.old_history(before)
        if not tried:
            _let_go(tx, before=before, by=by, now=now)
    if not tried:
        world.step("pruned")
    return {"rows": rows, "cases": cases, "before": before.isoformat(), "pruned": not tried}


def _let_go(tx: Tx, *, before: datetime, by: str | None, now: datetime) -> None:
    rows, cases = tx.old_history(before)
    if rows:
        tx.prune_history(before)
        told = {"history": rows, "cases": cases, "before": before.isoformat(), "at": now.isoformat()}
        tx.audit([{"act": "history.pruned", **({"by": by} if by else {}), **told}])


def _since(tx: Tx, name: str, before: datetime) -> datetime | None:
    """How far it was pruned; from the beginning where it never was, or where a clock went back."""
    told = tx.remembered(name)
    since = datetime.fromisoformat(told) if told else None
    return since if since is not None and since <= before else None
