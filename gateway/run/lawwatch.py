"""No legal basis lapses unseen: what would hold everything back on a day is asked about long before that day.

A basis that nobody has read for a year permits nothing. Whoever answers for the law is asked to have it read while
there is time, and again when it has lapsed. Each question is asked once, and settles itself when it is over.
"""

from collections.abc import Iterator
from datetime import date, timedelta

import msgspec
from msgspec import Struct

from gateway.core.ages import day, starts
from gateway.core.law import Law
from gateway.run.tally import Tally
from gateway.run.tasking import OFFICER, READ, REPAIR
from gateway.run.world import World
from gateway.store import Task

AHEAD = timedelta(days=60)
"""How long before a basis must be read again it is told. Ours."""

LEFT = timedelta(days=14)
"""How long before that day it should have been read. Ours."""

LAPSED = f"gate/{READ}"
"""What the question about what holds is kept under, the same as the gate's own."""

_REMEMBERED = "law asks"


class _Asked(Struct, frozen=True):
    """What is asked about: days on which something lapses, what has lapsed, whether a rule lacks that must be there."""

    soon: tuple[str, ...] = ()
    lapsed: tuple[str, ...] = ()
    closed: bool = False


def look_at_law(world: World, tally: Tally) -> None:
    """Ask about what will lapse and what has, and settle what was asked about when it has been read."""
    today = day(world.clock())
    by_day: dict[str, list[str]] = {}
    for code, on in lapsing(world.rules.law, today):
        by_day.setdefault(on.isoformat(), []).append(code)
    now = _Asked(
        soon=tuple(sorted(by_day)), lapsed=tuple(sorted(lapsed(world.rules.law, today))), closed=bool(world.closed)
    )
    with world.store.read() as tx:
        told = tx.remembered(_REMEMBERED)
    before = msgspec.json.decode(told, type=_Asked) if told else _Asked()
    if now == before:
        return
    over = [_soon(on) for on in before.soon if on not in by_day]
    over += [LAPSED] if now.lapsed != before.lapsed else []
    over += [f"gate/{REPAIR}"] if before.closed and not now.closed else []
    tasks = [_task(world, _soon(on), by_day[on], on) for on in now.soon if on not in before.soon]
    if set(now.lapsed) - set(before.lapsed):
        tasks.append(_task(world, LAPSED, now.lapsed, today.isoformat()))
    with world.store.write() as tx:
        tx.resolve_same(over, by="", outcome="settled", at=world.clock())
        tally.tasks += len(tx.add_tasks(tasks))
        tx.remember(_REMEMBERED, msgspec.json.encode(now).decode())


def lapsing(law: Law, today: date) -> Iterator[tuple[str, date]]:
    """The bases that carry a norm now and will not within ``AHEAD``, each with the first day on which it is missed."""
    for norm in _norms(law):
        now = law.norm(norm, today)
        if now.basis is None or not now.carries or law.norm(norm, today + AHEAD).carries:
            continue
        days = (today + timedelta(days=ahead) for ahead in range(1, AHEAD.days + 1))
        yield now.basis.code, next(on for on in days if not law.norm(norm, on).carries)


def lapsed(law: Law, today: date) -> Iterator[str]:
    """The bases in force of norms that nothing carries any more, and something did.

    What nobody has ever read is asked about where something waits for it.
    """
    for norm in _norms(law):
        now = law.norm(norm, today)
        if now.basis is not None and not now.carries:
            of_norm = (one for one in law.bases if one.norm == norm and one.in_force(today))
            yield from (one.code for one in of_norm if one.last_verified is not None)


def _norms(law: Law) -> dict[str, None]:
    return dict.fromkeys(basis.norm for basis in law.bases)


def _soon(on: str) -> str:
    return f"{LAPSED}/{on}"


def _task(world: World, key: str, bases: list[str] | tuple[str, ...], on: str) -> Task:
    body = {"task": READ, "rules": ["X8"], "unknown": [], "bases": dict.fromkeys(bases, on)}
    return Task(
        kind="gate",
        dedupe=key,
        at=world.clock(),
        role=OFFICER,
        deadline=starts(date.fromisoformat(on)) - LEFT,
        once=True,
        body=msgspec.json.encode(body),
    )
