"""Inboxes: the open tasks of some units and roles, in pages; what a page reads does not grow with all that waits.

A *line* is a unit (``None``: of no unit) and the roles there whose tasks somebody sees (``""``: of no role). Each line
is read by its index, and no further than the page; the lines are merged here.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from heapq import merge
from itertools import islice
from operator import itemgetter
from typing import NamedTuple

from sqlalchemy import text

from gateway.store.errors import Stale
from gateway.store.scope import Scope, among
from gateway.store.tasks import LATER, Task
from gateway.store.times import moment, moment_or_none, stamp, stamp_or_none

_FIELDS = "id, kind, case_id, item, system, unit, role, person, rests, at, deadline, waits"
_WANTED = (
    " AND coalesce(role, '') IN :roles AND (:handed = 1 OR person IS NULL OR person NOT IN :people)"
    " AND (CAST(:kind AS TEXT) IS NULL OR kind = :kind)"
    " AND (:cases = 1 OR case_id IS NULL) AND ((:resting = 1) = (coalesce(rests, 0) > :now))"
)
_FROM = " AND waits >= :waits AND (waits > :waits OR id > :after) ORDER BY waits, id LIMIT :limit"
_OF = {
    known: (
        among(f"SELECT {_FIELDS} FROM tasks WHERE waits IS NOT NULL AND {where}{_WANTED}{_FROM}", "roles", "people"),
        among(
            "SELECT count(*) AS n, coalesce(sum(CASE WHEN waits < :now THEN 1 ELSE 0 END), 0) AS late FROM"
            f" (SELECT waits FROM tasks WHERE waits IS NOT NULL AND {where}{_WANTED} ORDER BY waits LIMIT :limit) AS q",
            "roles", "people",
        ),
    )
    for known, where in (("unit", "unit = :unit"), ("none", "unit IS NULL"), ("person", "person = :unit"))
}  # fmt: skip
_UNITS = text(
    "WITH RECURSIVE u(unit) AS (SELECT min(unit) FROM tasks WHERE waits IS NOT NULL UNION ALL"
    " SELECT (SELECT min(t.unit) FROM tasks t WHERE t.waits IS NOT NULL AND t.unit > u.unit) FROM u"
    " WHERE u.unit IS NOT NULL) SELECT unit FROM u WHERE unit IS NOT NULL"
)
"""One step of the index for each unit, and none for each task."""
_HAND = text("UPDATE tasks SET person = :person, rests = NULL, noticed = NULL WHERE id = :id AND open_key IS NOT NULL")
_REST = text("UPDATE tasks SET rests = :until WHERE id = :id AND open_key IS NOT NULL")

ROLES = ("", "operator", "coordinator", "leader", "privacy")
"""Every role that a task can be for."""

_FIRST = -(2**62)
"""Before every task."""

MANY = 1000
"""How far a count goes; what is more is told as *more*."""


class Line(NamedTuple):
    """Tasks of a unit that somebody sees: those of these roles there (``""``: of no role).

    ``people`` are all who see them: what was handed to one of them is theirs, to anybody else it is as never handed.
    """

    unit: str | None
    roles: tuple[str, ...]
    people: tuple[str, ...] = ()


class Place(NamedTuple):
    """Where a page of an inbox ended, and the next begins."""

    waits: int
    task: str

    @classmethod
    def of(cls, task: Task) -> "Place":
        """The place of a task in the order of the inboxes."""
        return cls(stamp(task.deadline) if task.deadline is not None else stamp(task.at) + LATER, task.id)


class Inbox(Scope):
    """The calls of a transaction about inboxes. Bodies are not opened: a list says what waits, not what it says."""

    def inbox(
        self, lines: Sequence[Line], *, own: bool, kind: str | None = None, cases: bool = True,
        resting: bool = False, now: datetime, after: Place | None = None, limit: int,
    ) -> list[Task]:  # fmt: skip
        """A page of the open tasks of some lines, the oldest deadline first; those put off only when ``resting``.

        Of one ``kind``, or all. With ``own`` what was handed to one of a line's people is left out (``handed`` has it).
        ``cases`` false leaves out what is about a case.
        """
        facts = _facts(own=own, cases=cases, resting=resting, now=now, limit=limit) | {"kind": kind}
        facts |= {"waits": _FIRST, "after": ""} if after is None else {"waits": after.waits, "after": after.task}
        found = [self._page("none" if one.unit is None else "unit", one.unit, one, facts) for one in lines]
        return [task for _, _, task in islice(merge(*found, key=itemgetter(0, 1)), limit)]

    def handed(
        self, person: str, *, cases: bool = True, resting: bool = False, now: datetime, after: Place | None = None
    ) -> list[Task]:
        """The open tasks that were handed to somebody by name, the oldest deadline first; at most ``MANY``."""
        facts = _facts(own=False, cases=cases, resting=resting, now=now, limit=MANY)
        facts |= {"waits": _FIRST, "after": ""} if after is None else {"waits": after.waits, "after": after.task}
        return [task for _, _, task in self._page("person", person, Line(None, ROLES), facts)]

    def inbox_size(
        self, lines: Sequence[Line], *, own: bool, kind: str | None = None, cases: bool = True, now: datetime
    ) -> tuple[int, int]:
        """How many open tasks there are, and how many past their deadline; of each line no more than ``MANY``."""
        facts = _facts(own=own, cases=cases, resting=False, now=now, limit=MANY) | {"kind": kind}
        total = late = 0
        for line in lines:
            known = "none" if line.unit is None else "unit"
            row = self.run(_OF[known][1], {**facts, **_line(line.unit, line)}).one()
            total, late = total + int(row.n), late + int(row.late)
        return total, late

    def task_units(self) -> list[str]:
        """The units that an open task is of, also those that the settings no longer have."""
        return [row.unit for row in self.run(_UNITS)]

    def hand_task(self, name: str, *, to: str | None) -> None:
        """Hand an open task to a person by name, or back to all whose it is. Raises ``Stale`` for one that is over."""
        if self.run(_HAND, {"id": name, "person": to}).rowcount != 1:
            raise Stale(where="tasks")

    def rest_task(self, name: str, *, until: datetime | None) -> None:
        """Put an open task off until a time, or take it up again. Raises ``Stale`` for one that is over."""
        if self.run(_REST, {"id": name, "until": stamp_or_none(until)}).rowcount != 1:
            raise Stale(where="tasks")

    def _page(
        self, known: str, unit: str | None, line: Line, facts: Mapping[str, object]
    ) -> list[tuple[int, str, Task]]:
        rows = self.run(_OF[known][0], {**facts, **_line(unit, line)})
        return [
            (
                row.waits,
                row.id,
                Task(
                    id=row.id, kind=row.kind, case=row.case_id, item=row.item, system=row.system, unit=row.unit,
                    role=row.role, person=row.person, rests=moment_or_none(row.rests), at=moment(row.at),
                    deadline=moment_or_none(row.deadline),
                ),
            )
            for row in rows
        ]  # fmt: skip


def _facts(*, own: bool, cases: bool, resting: bool, now: datetime, limit: int) -> dict[str, object]:
    return {
        "handed": int(not own), "cases": int(cases), "resting": int(resting), "now": stamp(now), "limit": limit,
        "kind": None,
    }  # fmt: skip


def _line(unit: str | None, line: Line) -> dict[str, object]:
    return {"roles": list(line.roles), "people": list(line.people) or [""]} | ({} if unit is None else {"unit": unit})
