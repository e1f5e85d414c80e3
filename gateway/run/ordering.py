"""Orders to take back, followed until they are answered, and told to a person when they are not."""

from collections.abc import Iterable, Mapping
from datetime import datetime

import msgspec

from gateway.core import casefile
from gateway.core.casefile import CaseFile, Peer
from gateway.core.merge import lag
from gateway.core.retraction import AGAIN_AFTER, ANSWER_WITHIN, OUTSTANDING, State, state_of
from gateway.run.batch import Batch, Job
from gateway.run.tally import Tally
from gateway.run.world import World
from gateway.store import Order, Task, Tx

CANNOT = frozenset({"adapter.cannot_retract", "delivery.uncertain"})
"""Refusals that only say that the system cannot do it: a person does it there."""

LOOK = 500
"""Late orders told of at once."""


def order_of(batch: Batch, case: str, job: Job) -> Order:
    """The order that a retraction is, and how it stands after this try."""
    release, now = job.sending.release, batch.world.clock()
    state = _state(batch, job)
    return Order(
        key=job.key,
        case=case,
        item=release.id,
        system=release.system,
        fields=release.retracts,
        whole=release.retract_all,
        cause=job.sending.cause,
        state=state,
        asked_at=now,
        deadline=now + ANSWER_WITHIN,
        ended_at=None if state in OUTSTANDING else now,
        code=job.receipt.code if job.receipt is not None else job.error.code if job.error is not None else None,
    )


def _state(batch: Batch, job: Job) -> State:
    receipt = job.receipt
    if receipt is None or receipt.state == "uncertain" or receipt.conflict:
        return "asked"
    if receipt.state == "refused":
        return "by_hand" if receipt.code in CANNOT else "refused"
    # A task for a person is no removal yet; what never arrived need not be removed.
    return "by_hand" if batch.adapter.capabilities.manual and receipt.code != "never.arrived" else "acknowledged"


def follow(batch: Batch, tx: Tx) -> None:
    """Write down the batch's orders, what they make of earlier ones, and of the disclosures."""
    system, now = batch.system.name, batch.world.clock()
    made = [order_of(batch, job.case, job) for job in batch.jobs if job.retract]
    tx.add_orders(made)
    asked = {(one.case, one.item): one.key for one in made}
    earlier = [
        one
        for one in tx.orders(cases=list(batch.decided), system=system)
        if one.state == "asked" and asked.get((one.case, one.item)) != one.key
    ]
    ended = [(one.key, "replaced" if (one.case, one.item) in asked else "lapsed", None) for one in earlier]
    tx.end_orders(ended, at=now)
    renew_states(tx, [one.case for one in (*made, *earlier)], system=system, at=now)


def renew_states(tx: Tx, cases: Iterable[str], *, system: str, at: datetime) -> None:
    """Say of each disclosure of some cases to one system what has become of it."""
    wanted = list(dict.fromkeys(cases))
    if not wanted:
        return
    orders: dict[str, list[Order]] = {}
    for one in tx.orders(cases=wanted, system=system):
        orders.setdefault(one.item, []).append(one)
    by_state: dict[str | None, list[tuple[str, str]]] = {}
    for told in tx.disclosures(cases=wanted, system=system):
        state = state_of(told.fields, told.at, orders.get(told.item, ()))
        if state != told.retract_state and (state is not None or told.retract_state in OUTSTANDING):
            by_state.setdefault(state, []).append((told.key, told.item))
    for state, rows in by_state.items():
        tx.mark_retracted(rows, state=state, at=at)


def answered(tx: Tx, task: Task, *, state: State, code: str, at: datetime) -> None:
    """A person has said what became of an order that they were asked about."""
    key = msgspec.json.decode(task.body).get("key")
    if key is None or task.case is None or task.system is None:
        return
    tx.end_orders([(key, state, code)], at=at)
    renew_states(tx, [task.case], system=task.system, at=at)


def settle_order(file: CaseFile, task: Task, *, removed: bool) -> None:
    """A person has said how an order ended: it is gone there, or stays there and is not asked for again."""
    told = msgspec.json.decode(task.body)
    peer = file.peers.setdefault(task.system or "", {}).setdefault(task.item or "", Peer())
    if removed and told.get("whole"):
        peer.gone = True
        peer.agreed, peer.behind, peer.released = [], {}, []
        return
    peer.released = [name for name in peer.released if name not in told["fields"]]
    if removed:
        for name in told["fields"]:
            lag(peer, name, None)


def chase(world: World, tally: Tally) -> None:
    """Tell a person of orders that nobody has answered in time, and again as long as nothing comes of it."""
    now = world.clock()
    with world.store.read() as tx:
        late = tx.late_orders(before=now, limit=LOOK)
        files = tx.load_cases({one.case for one in late}) if late else {}
    if not late:
        return
    told = [_late(one, files, now) for one in late]
    with world.store.write() as tx:
        tally.tasks += len(tx.add_tasks(told))
        tx.put_off_orders([one.key for one in late], until=now + AGAIN_AFTER)


def _late(one: Order, files: Mapping[str, tuple[int, bytes]], now: datetime) -> Task:
    found = files.get(one.case)
    file = casefile.decode(found[1]) if found is not None else None
    case = file.case() if file is not None else None
    entry = file.items.get(one.item) if file is not None else None
    code = "retraction.unanswered" if one.state == "asked" else "retraction.not_done"
    body = {
        "key": one.key, "kind": entry.kind if entry is not None else None, "fields": list(one.fields),
        "whole": one.whole, "code": code, "asked_at": one.asked_at.isoformat(), "path": None,
    }  # fmt: skip
    return Task(
        kind="retraction",
        dedupe=f"late/{one.key}",
        at=now,
        case=one.case if file is not None else None,
        item=one.item,
        system=one.system,
        unit=case.origin.unit if case is not None else None,
        deadline=now + AGAIN_AFTER,
        body=msgspec.json.encode(body),
    )
