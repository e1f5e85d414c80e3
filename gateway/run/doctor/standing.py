"""What the store tells: its schema, the audit log, lanes that are quiet, tasks that are late."""

import sqlite3
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from gateway.run import evidence, noticing
from gateway.run.doctor.looks import Look
from gateway.run.settings import Settings
from gateway.run.world import World
from gateway.store import StoreError
from gateway.store.schema import HEADS, VERSION_TABLES

UNSIGNED = timedelta(days=3)
"""How old the newest checkpoint may be; ``bti run`` signs one each day."""

LONG = timedelta(hours=4)
"""How long something may wait to be sent before somebody should look."""

OPENED = ("audit", "lanes", "tasks", "notices")
"""Checks that need an open store."""


def unasked(code: str) -> Iterator[Look]:
    """The looks that could not be taken."""
    yield from (Look(check=check, state="not_asked", code=code) for check in OPENED)


def shut(settings: Settings) -> Iterator[Look]:
    """What keeps the store from being opened without changing it. Of SQLite alone: elsewhere opening tells."""
    for name, which in (("url", "main"), ("vault", "vault")):
        place = getattr(settings.store, name)
        if not place.startswith("sqlite:///"):
            continue
        where, file = f"store.{name}", Path(place.removeprefix("sqlite:///"))
        if not file.is_file():
            yield Look(check="store", state="look", code="doctor.store_none", where=where)
            continue
        version = _version(file, VERSION_TABLES[which])
        if version is None:
            yield Look(check="store", state="fault", code="doctor.store_unreadable", where=where)
        elif version > HEADS[which]:
            yield Look(check="store", state="fault", code="store.newer", where=where)
        elif version < HEADS[which]:
            yield Look(check="store", state="look", code="doctor.store_older", where=where)


def _version(file: Path, table: str) -> str | None:
    """The migration that a file stands at, read without writing; ``None`` for a file that is no database of ours."""
    try:
        connection = sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True, timeout=5)
        try:
            row = connection.execute(f"SELECT version_num FROM {table}").fetchone()
        finally:
            connection.close()
    except sqlite3.Error:
        return None
    return str(row[0]) if row else None


def looks(world: World, *, quick: bool) -> Iterator[Look]:
    """What an open store tells."""
    now = world.clock()
    if world.store.behind:
        yield Look(check="store", state="fault", code="audit.behind")
    yield from _audit(world, now, quick=quick)
    yield from _lanes(world, now)
    with world.store.read() as tx:
        late = sum(late for _, late in tx.task_figures(now=now).values())
        notices = noticing.told(world, tx)
    if late:
        yield Look(check="tasks", state="look", code="doctor.tasks_late", facts={"n": late})
    if world.settings.notices is not None and world.notifier is None:
        yield Look(check="notices", state="fault", code="notifier.broken", where="notices.plugin")
    elif notices["failed"]:
        facts = {"n": int(notices["waiting"])}
        yield Look(check="notices", state="look", code="doctor.notices_fail", where="notices", facts=facts)
    elif world.settings.notices is None:
        yield Look(check="notices", state="look", code="doctor.notices_none", where="notices")


def _audit(world: World, now: datetime, *, quick: bool) -> Iterator[Look]:
    with world.store.read() as tx:
        size, looked = tx.tree()[0], evidence.last(tx)
    newest = world.store.vault.newest_checkpoint()
    if size and (newest is None or now - newest.at > UNSIGNED):
        facts = {} if newest is None else {"days": (now - newest.at).days}
        code = "doctor.audit_never_signed" if newest is None else "doctor.audit_unsigned"
        yield Look(check="audit", state="look", code=code, where="store.checkpoints", facts=facts)
    if quick:
        if looked is None:
            yield Look(check="audit", state="not_asked", code="doctor.audit_unread")
        elif looked.problems:
            yield Look(check="audit", state="fault", code="doctor.audit_broken", facts={"n": looked.problems})
        return
    try:
        verdict = evidence.verify(world.store)
    except StoreError as error:
        yield Look(check="audit", state="unreachable", code=error.code)
        return
    codes = dict.fromkeys(problem.partition(" ")[0] for problem in verdict.problems)
    if codes:
        facts = {"n": len(verdict.problems)}
        yield Look(check="audit", state="fault", code="doctor.audit_broken", where=", ".join(codes), facts=facts)
    else:
        yield Look(check="audit", state="good", facts={"n": verdict.size})


def _lanes(world: World, now: datetime) -> Iterator[Look]:
    with world.store.read() as tx:
        lanes, due, held, paused = tx.lanes(), tx.due_counts(), tx.quarantine_counts(), tx.paused()
    unsure = world.store.vault.unfinished_counts()
    if paused:
        yield Look(check="lanes", state="look", code="doctor.paused")
    for name, system in world.settings.systems.items():
        lane, waiting, where = lanes.get(name), due.get(name), f"systems.{name}"
        heard = lane.last_success if lane is not None else None
        if heard is None:
            yield Look(check="lanes", state="look", code="doctor.never_read", where=where)
        elif now - heard > timedelta(hours=system.quiet_hours):
            facts = {"hours": int((now - heard).total_seconds() // 3600)}
            yield Look(check="lanes", state="look", code="doctor.quiet", where=where, facts=facts)
        if waiting is not None and now - waiting[1] > LONG:
            facts = {"n": waiting[0], "hours": int((now - waiting[1]).total_seconds() // 3600)}
            yield Look(check="lanes", state="look", code="doctor.waits", where=where, facts=facts)
        for count, code in ((held.get(name, 0), "doctor.held"), (unsure.get(name, 0), "doctor.unsure")):
            if count:
                yield Look(check="lanes", state="look", code=code, where=where, facts={"n": count})
