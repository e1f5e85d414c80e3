"""A person's inbox: what waits for them, for their unit, or for all whose tasks they see; handing over and putting off.

What is put off comes back on its day, and never later than its deadline: nobody can silence a task by putting it off.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Literal

from msgspec import Struct

from gateway.core.ages import day, starts
from gateway.run.acts import ActFault
from gateway.run.owners import owners
from gateway.run.rights import may, sees
from gateway.run.settings import Person, Settings
from gateway.run.settling import owned, plain
from gateway.run.watching import deadline_of
from gateway.run.world import World
from gateway.store import Line, Place, Stale, Task, Tx

Scope = Literal["mine", "unit", "all", "later"]
"""``later`` is what of one's own is put off."""

_ROLES = ("", "coordinator", "operator", "leader", "privacy")


class Inbox(Struct, frozen=True, kw_only=True):
    """A page of an inbox: tasks as ``settling.plain`` tells them with ``owner``, how many in all, and what is next."""

    tasks: list[dict[str, Any]]
    n: int
    late: int
    more: Place | None


def page(
    world: World, person: Person, scope: Scope, *, kind: str | None = None, after: Place | None = None, limit: int = 50
) -> Inbox:
    """A page of a person's inbox, the oldest deadline first, of one ``kind`` or all; an operator's is about no case."""
    settings, now = world.settings, world.clock()
    cases, own, resting = person.role != "operator", scope in {"mine", "later"}, scope == "later"
    with world.store.read() as tx:
        lines = list(_lines(settings, person, tx.task_units(), scope))
        found = tx.inbox(lines, own=own, kind=kind, cases=cases, resting=resting, now=now, after=after, limit=limit + 1)
        handed = _handed(tx, settings, person, cases=cases, now=now, resting=resting) if own and kind is None else []
        n, late = (len(found), 0) if resting else tx.inbox_size(lines, own=own, kind=kind, cases=cases, now=now)
    ahead = [one for one in handed if after is None or Place.of(one) > after]
    told = sorted([*found, *ahead], key=Place.of)
    shown = told[:limit]
    return Inbox(
        tasks=[owned(world, plain(one)) for one in shown],
        n=n + len(handed),
        late=late + sum((one.deadline or deadline_of(one.kind, one.at)) < now for one in handed),
        more=Place.of(shown[-1]) if len(told) > limit else None,
    )


def _handed(tx: Tx, settings: Settings, person: Person, *, cases: bool, now: datetime, resting: bool) -> list[Task]:
    return [
        one
        for one in tx.handed(person.name, cases=cases, resting=resting, now=now)
        if sees(settings, person, unit=one.unit, role=one.role)
    ]


def _lines(settings: Settings, person: Person, known: Sequence[str], scope: Scope) -> Iterator[Line]:
    """The units of the settings and of the tasks, each with the roles whose tasks there are shown in a scope."""
    for unit in dict.fromkeys([None, *settings.units, *known]):
        if scope == "unit" and unit not in {None, person.unit}:
            continue
        by_people: dict[tuple[str, ...], list[str]] = {}
        for told in _ROLES:
            role = told or None
            if not sees(settings, person, unit=unit, role=role):
                continue
            if scope in {"mine", "later"} and person.name not in owners(settings, unit=unit, role=role):
                continue
            by_people.setdefault(takers(settings, unit=unit, role=role), []).append(told)
        for people, roles in by_people.items():
            yield Line(unit, tuple(roles), people)


def takers(settings: Settings, *, unit: str | None, role: str | None) -> tuple[str, ...]:
    """The people to whom a task of a unit, perhaps of a role there, can be handed: they see it, and can answer it."""
    return tuple(
        sorted(
            one.name
            for one in settings.people.values()
            if may(one, "tasks.resolve") and sees(settings, one, unit=unit, role=role)
        )
    )


def hand(world: World, name: str, *, to: str | None, by: str) -> None:
    """Hand a task over to somebody by name, or (``None``) back to all whose it is. Written down in the audit log.

    Raises ``ActFault`` (``act.unknown_task``, ``act.resolved``, ``act.not_theirs`` for somebody who may not see it).
    """
    with world.store.read() as tx:
        task = tx.task(name)
    if task is None:
        raise ActFault("act.unknown_task", "task")
    if to is not None and to not in takers(world.settings, unit=task.unit, role=task.role):
        raise ActFault("act.not_theirs", "to")
    _keep(world, task, {"act": "task.handed", "to": to or "", "by": by}, lambda tx: tx.hand_task(name, to=to))


def rest(world: World, name: str, *, until: date | None, by: str) -> None:
    """Put a task off until a day, no later than its deadline's; ``None`` takes it up again.

    Raises ``ActFault`` (``act.unknown_task``, ``act.resolved``, ``act.rests`` for a day that is past or too late).
    """
    with world.store.read() as tx:
        task = tx.task(name)
    if task is None:
        raise ActFault("act.unknown_task", "task")
    if until is not None and not day(world.clock()) < until <= latest(task):
        raise ActFault("act.rests", "until")
    at = starts(until) if until is not None else None
    told = {"act": "task.rests", "until": until.isoformat() if until else "", "by": by}
    _keep(world, task, told, lambda tx: tx.rest_task(name, until=at))


def latest(task: Task) -> date:
    """The last day that a task can be put off to."""
    return day(task.deadline or deadline_of(task.kind, task.at))


def days_of(world: World, task: Task) -> list[date]:
    """Days that a task can be put off to, for people to choose among: tomorrow, in a week, and the last one."""
    today, last = day(world.clock()), latest(task)
    wanted = (today + timedelta(days=1), today + timedelta(days=7), last)
    return sorted({one for one in wanted if today < one <= last})


def _keep(world: World, task: Task, told: dict[str, str], act: Any) -> None:
    try:
        with world.store.write() as tx:
            act(tx)
            tx.audit([{**told, "task": task.id, "at": world.clock().isoformat()}])
    except Stale:
        raise ActFault("act.resolved", "task") from None
