"""That the audit log holds, looked at whole: by a person, and once a day by ``bti run``."""

from contextlib import suppress
from datetime import datetime, timedelta

import msgspec
from msgspec import Struct

from gateway.run.world import World
from gateway.store import Store, StoreError, Task, Tx
from gateway.store import audit as log
from gateway.store.audit import Verdict

EVERY = timedelta(days=1)
"""How often ``bti run`` verifies the log and signs it."""

_REMEMBERED = "audit/verified"


class Looked(Struct, frozen=True, kw_only=True):
    """When the log was last verified whole, how long it was, and how many things were wrong."""

    at: datetime
    size: int
    problems: int


def last(tx: Tx) -> Looked | None:
    """The last time that the log was verified; ``None`` when it never was."""
    told = tx.remembered(_REMEMBERED)
    try:
        return None if told is None else msgspec.json.decode(told, type=Looked)
    except msgspec.DecodeError:
        return None


def verify(store: Store) -> Verdict:
    """Verify the whole log, and remember when and how that went, where anything can be written now.

    Raises ``StoreError`` where the log cannot be read.
    """
    verdict = log.verify(store)
    looked = Looked(at=store.clock(), size=verdict.size, problems=len(verdict.problems))
    with suppress(StoreError), store.write() as tx:  # a full disk is no reason not to answer
        tx.remember(_REMEMBERED, msgspec.json.encode(looked).decode())
    return verdict


def daily(world: World) -> None:
    """Once a day: verify the log, and sign it where it holds. What is wrong becomes the privacy officer's task.

    A store that cannot be read now is looked at again: the rounds go on.
    """
    try:
        _daily(world, world.clock())
    except StoreError as error:
        world.observer.event("audit.verified", level="error", code=error.code)


def _daily(world: World, now: datetime) -> None:
    with world.store.read() as tx:
        looked = last(tx)
    if looked is not None and now - looked.at < EVERY:
        return
    verdict = verify(world.store)
    codes = {problem.partition(" ")[0] for problem in verdict.problems}
    if verdict.holds:
        try:
            log.checkpoint(world.store)
        except StoreError as error:
            codes = {error.code}
    for code in sorted(codes):
        world.observer.event("audit.verified", level="error", code=code, entries=verdict.size)
    if not codes:
        world.observer.event("audit.verified", entries=verdict.size)
        return
    with world.store.write() as tx:
        tx.add_tasks([
            Task(
                kind="system", dedupe="system//audit", at=now, role="privacy", once=True,
                body=msgspec.json.encode({"code": min(codes)}),
            )
        ])  # fmt: skip
