"""Tasks: what waits for a person."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from msgspec import Struct
from sqlalchemy import text

from gateway.store.errors import Stale
from gateway.store.events import Event, Events
from gateway.store.scope import among, parts
from gateway.store.times import moment, moment_or_none, stamp, stamp_or_none

_COLUMNS = (
    "id, kind, case_id, item, system, unit, role, person, rests, at, deadline, body, resolved_at, resolved_by, outcome"
)  # fmt: skip
_IS_OPEN = "open_key > :nothing"
"""Open tasks found by their index: for ``IS NOT NULL`` SQLite reads every task that was ever answered."""
_NOTHING = {"nothing": b""}

_ADD = text(
    "INSERT INTO tasks (id, open_key, same, kind, case_id, item, system, unit, role, at, deadline, waits, body)"
    " VALUES (:id, :open, :same, :kind, :case, :item, :system, :unit, :role, :at, :deadline, :waits, :body)"
    " ON CONFLICT (open_key) DO NOTHING",
)
_OPEN = among(
    "SELECT open_key AS key FROM tasks WHERE open_key IN :keys UNION SELECT same FROM tasks WHERE same IN :others",
    "keys", "others",
)  # fmt: skip
_OPEN_KEYS = among(
    "SELECT id, open_key, kind, case_id, item FROM tasks"
    " WHERE open_key IS NOT NULL AND case_id IN :cases AND kind IN :kinds",
    "cases", "kinds",
)  # fmt: skip
_CASES_ASKED = among(
    "SELECT DISTINCT case_id FROM tasks WHERE waits IS NOT NULL AND case_id IS NOT NULL AND kind IN :kinds"
    " ORDER BY case_id",
    "kinds",
)  # fmt: skip
_ANY_OPEN = among("SELECT 1 FROM tasks WHERE waits IS NOT NULL AND kind IN :kinds LIMIT 1", "kinds")
_RUNNING = text(
    "SELECT id, kind, case_id, system, unit, role, person, at, deadline, noticed FROM tasks"
    f" WHERE {_IS_OPEN} ORDER BY at, id"
)
_SET_DEADLINE = text("UPDATE tasks SET deadline = :deadline, waits = :deadline WHERE id = :id AND open_key IS NOT NULL")
_ESCALATE = text(
    "UPDATE tasks SET role = :role, noticed = NULL, person = NULL, rests = NULL WHERE id = :id AND open_key IS NOT NULL"
)
_NOTICED = text("UPDATE tasks SET noticed = :at WHERE id = :id")
_OF_SYSTEMS = among(
    "SELECT id, open_key, same, kind, system FROM tasks WHERE (open_key IS NOT NULL OR same IS NOT NULL)"
    " AND case_id IS NULL AND kind IN :kinds AND system IN :systems",
    "kinds", "systems",
)  # fmt: skip
_RENEW = text("UPDATE tasks SET body = :body, item = :item, deadline = :deadline, waits = :waits WHERE id = :id")
_LET_GO = text("UPDATE tasks SET same = NULL WHERE id = :id")
_FORGET = text("UPDATE tasks SET same = NULL WHERE same = :open")
_LIST = text(
    f"SELECT {_COLUMNS} FROM tasks"
    " WHERE (:state = 'all' OR (:state = 'open') = (open_key IS NOT NULL))"
    " AND (CAST(:case AS TEXT) IS NULL OR case_id = :case) AND (CAST(:kind AS TEXT) IS NULL OR kind = :kind)"
    " AND (CAST(:system AS TEXT) IS NULL OR system = :system) AND (CAST(:unit AS TEXT) IS NULL OR unit = :unit)"
    " ORDER BY coalesce(deadline, at + :later), at, id LIMIT :limit",
)
_NAMED = among(f"SELECT {_COLUMNS} FROM tasks WHERE id IN :ids", "ids")
_OF_KEYS = among("SELECT id FROM tasks WHERE open_key IN :keys", "keys")
_WHOSE = among("SELECT id, kind, case_id, unit, role, system FROM tasks WHERE id IN :ids ORDER BY at, id", "ids")
_REWRITE = text("UPDATE tasks SET body = :body WHERE id = :id")
_ANSWERED = text(
    "SELECT id, case_id FROM tasks WHERE open_key IS NULL AND resolved_at >= :since AND resolved_at < :before"
    " ORDER BY id"
)
_COUNTS = text(f"SELECT kind, count(*) AS n FROM tasks WHERE {_IS_OPEN} GROUP BY kind ORDER BY kind")
_FIGURES = text(
    "SELECT kind, count(*) AS n, sum(CASE WHEN deadline <= :now THEN 1 ELSE 0 END) AS late FROM tasks"
    f" WHERE {_IS_OPEN} GROUP BY kind ORDER BY kind"
)
_RESOLVE = text(
    "UPDATE tasks SET open_key = NULL, waits = NULL, resolved_at = :at, resolved_by = :by, outcome = :outcome"
    " WHERE id = :id AND open_key IS NOT NULL",
)
_RESOLVE_SAME = text(
    "UPDATE tasks SET open_key = NULL, waits = NULL, resolved_at = :at, resolved_by = :by, outcome = :outcome"
    " WHERE open_key = :open",
)


LATER = 14 * 24 * 3600 * 1_000_000
"""Where a task without a deadline stands among the others: as if it had a fortnight."""


def waits_of(task: "Task") -> int:
    """Where an open task stands among the others: its deadline, or a fortnight after it was made."""
    return stamp(task.deadline) if task.deadline is not None else stamp(task.at) + LATER


_ALSO = {
    "refused": "delivery.failed", "uncertain": "delivery.failed", "quiet": "system.quiet", "system": "system.stopped",
    "guard": "system.stopped",
}  # fmt: skip
"""Kinds of task that say of themselves that something has happened to a system."""

_UNTOLD = frozenset({"notice", "webhook"})
"""Kinds of task of which no other program is told: they are about telling."""


def _begun(name: str, task: "Task") -> Iterator[Event]:
    """What a new task tells others."""
    for kind in ("task.created", *([_ALSO[task.kind]] if task.kind in _ALSO else [])):
        if task.kind not in _UNTOLD:
            yield Event(
                kind=kind, about=name, case=task.case, unit=task.unit, role=task.role, system=task.system, at=task.at
            )


class Task(Struct, frozen=True, kw_only=True):
    """Something that a person must do.

    ``dedupe`` names what it is about: while a task with the same one is open, no second is made. ``body`` is what the
    person is shown, sealed under the case's key when there is a case. ``unit`` and ``role`` say whose inbox it is.
    ``person`` is whom it was handed to by name, ``rests`` until when it was put off.
    ``once``: when somebody has seen it, it is not made again until what it was about has gone away (``resolve_same``).
    ``id`` and what became of it are filled in by the store.
    """

    kind: str
    dedupe: str = ""
    at: datetime
    body: bytes = b""
    case: str | None = None
    item: str | None = None
    system: str | None = None
    unit: str | None = None
    role: str | None = None
    person: str | None = None
    rests: datetime | None = None
    deadline: datetime | None = None
    once: bool = False
    id: str = ""
    resolved_at: datetime | None = None
    resolved_by: str | None = None
    outcome: str | None = None

    @property
    def open(self) -> bool:
        """Whether it still waits."""
        return self.resolved_at is None


class Running(NamedTuple):
    """An open task without its body: whose it is, and until when."""

    id: str
    kind: str
    case: str | None
    system: str | None
    unit: str | None
    role: str | None
    person: str | None
    at: datetime
    deadline: datetime | None
    noticed: bool


class Tasks(Events):
    """The calls of a transaction about tasks."""

    def add_tasks(self, tasks: Sequence[Task]) -> list[str]:
        """Make tasks; ids of those that were made. One whose like (``dedupe``) is open already is not made again."""
        index = self.seal.keys.index
        wanted = {index("task", task.dedupe): task for task in reversed(tasks)}
        if not wanted:
            return []
        standing = self._standing(wanted)
        new = [(key, task) for key, task in reversed(wanted.items()) if key not in standing]
        if not new:
            return []
        ids = self.names(len(new))
        sealed = self.close_bodies(
            "tasks", "body", [(task.case, name, 1, task.body) for name, (_, task) in zip(ids, new, strict=True)],
        )  # fmt: skip
        self.run_each(
            _ADD,
            [
                {"id": name, "open": key, "same": key if task.once else None, "kind": task.kind,
                 "case": task.case, "item": task.item, "system": task.system, "unit": task.unit, "role": task.role,
                 "at": stamp(task.at), "deadline": stamp_or_none(task.deadline), "waits": waits_of(task), "body": body}
                for name, (key, task), body in zip(ids, new, sealed, strict=True)
            ],
        )  # fmt: skip
        self.add_events([one for name, (_, task) in zip(ids, new, strict=True) for one in _begun(name, task)])
        return ids

    def _standing(self, keys: Iterable[bytes]) -> set[bytes]:
        return {bytes(row.key) for part in parts(keys) for row in self.run(_OPEN, {"keys": part, "others": part}).all()}

    def keep_tasks(self, tasks: Sequence[Task], *, cases: Sequence[str], kinds: Sequence[str], at: datetime) -> int:
        """Of these kinds and cases exactly these tasks are open: new ones are made, others are settled by themselves.

        One that is open already says from now on what it is about today. How many were made.
        """
        index = self.seal.keys.index
        wanted = {index("task", task.dedupe): task for task in tasks}
        standing = [
            (row.id, bytes(row.open_key))
            for part in parts(cases)
            for row in self.run(_OPEN_KEYS, {"cases": part, "kinds": list(kinds)}).all()
        ]
        gone = [name for name, key in standing if key not in wanted]
        self._renew([(name, wanted[key]) for name, key in standing if key in wanted])
        if gone:
            self.run_each(_RESOLVE, [{"id": one, "by": "", "outcome": "settled", "at": stamp(at)} for one in gone])
            self._ended(gone, kind="task.settled", at=at)
        return len(self.add_tasks(tasks)) if tasks else 0

    def settle_others(self, names: Iterable[str], *, cases: Sequence[str], kinds: Sequence[str], at: datetime) -> None:
        """Of these kinds and cases only tasks of these names (``dedupe``) stay open; others settle themselves."""
        index = self.seal.keys.index
        standing = {index("task", name) for name in names}
        over = [
            {"id": row.id, "by": "", "outcome": "settled", "at": stamp(at)}
            for part in parts(cases)
            for row in self.run(_OPEN_KEYS, {"cases": part, "kinds": list(kinds)}).all()
            if bytes(row.open_key) not in standing
        ]
        if over:
            self.run_each(_RESOLVE, over)

    def _renew(self, tasks: Sequence[tuple[str, Task]]) -> None:
        sealed = self.close_bodies("tasks", "body", [(task.case, name, 1, task.body) for name, task in tasks])
        rows = [
            {"id": name, "body": body, "item": task.item, "deadline": stamp_or_none(task.deadline),
             "waits": waits_of(task)}
            for (name, task), body in zip(tasks, sealed, strict=True)
        ]  # fmt: skip
        if rows:
            self.run_each(_RENEW, rows)

    def asked_about(self, cases: Sequence[str], kinds: Sequence[str]) -> set[tuple[str, str | None]]:
        """(case, item) of the open tasks of these kinds."""
        return {
            (row.case_id, row.item)
            for part in parts(cases)
            for row in self.run(_OPEN_KEYS, {"cases": part, "kinds": list(kinds)}).all()
        }

    def cases_asked(self, kinds: Sequence[str]) -> list[str]:
        """The cases about which a task of these kinds is open."""
        return [row.case_id for row in self.run(_CASES_ASKED, {"kinds": list(kinds)})]

    def any_open(self, kinds: Sequence[str]) -> bool:
        """Whether a task of these kinds is open."""
        return self.run(_ANY_OPEN, {"kinds": list(kinds)}).first() is not None

    def keep_system_tasks(
        self, tasks: Sequence[Task], *, systems: Sequence[str], kinds: Sequence[str], at: datetime
    ) -> int:
        """Of these kinds and systems exactly these tasks stand; what is over is settled, also where it was only seen.

        How many were made.
        """
        index = self.seal.keys.index
        wanted = {index("task", task.dedupe) for task in tasks}
        over = [
            row
            for row in (
                self.run(_OF_SYSTEMS, {"kinds": list(kinds), "systems": list(systems)}).all() if systems else ()
            )
            if bytes(row.open_key or row.same) not in wanted
        ]
        if over:
            self.run_each(_RESOLVE, [{"id": row.id, "by": "", "outcome": "settled", "at": stamp(at)} for row in over])
            self._ended([row.id for row in over if row.open_key is not None], kind="task.settled", at=at)
            self.run_each(_LET_GO, [{"id": row.id} for row in over])
        return len(self.add_tasks(tasks)) if tasks else 0

    def running(self) -> list[Running]:
        """Every open task without its body, the oldest first."""
        return [
            Running(
                row.id, row.kind, row.case_id, row.system, row.unit, row.role, row.person, moment(row.at),
                moment_or_none(row.deadline), row.noticed is not None,
            )
            for row in self.run(_RUNNING, _NOTHING)
        ]  # fmt: skip

    def date_tasks(self, deadlines: Sequence[tuple[str, datetime]]) -> None:
        """Give open tasks (id) a deadline."""
        if rows := [{"id": name, "deadline": stamp(at)} for name, at in deadlines]:
            self.run_each(_SET_DEADLINE, rows)

    def escalate_tasks(self, names: Sequence[str], *, role: str) -> None:
        """Open tasks (id) become another role's, who has not been told of them."""
        if rows := [{"id": name, "role": role} for name in names]:
            self.run_each(_ESCALATE, rows)

    def tasks_noticed(self, names: Sequence[str], *, at: datetime) -> None:
        """Whoever the tasks (id) are for has been told, or is not to be."""
        if rows := [{"id": name, "at": stamp(at)} for name in names]:
            self.run_each(_NOTICED, rows)

    def tasks(
        self, *, state: str = "open", case: str | None = None, kind: str | None = None, system: str | None = None,
        unit: str | None = None, limit: int = 1000,
    ) -> list[Task]:  # fmt: skip
        """Tasks, the oldest deadline first; those of erased cases are absent.

        ``state`` is ``open``, ``resolved`` or ``all``.
        """
        return self._tasks(state=state, case=case, kind=kind, system=system, unit=unit, limit=limit)

    def task(self, name: str) -> Task | None:
        """One task, open or resolved."""
        return self.tasks_named([name]).get(name)

    def tasks_named(self, names: Iterable[str]) -> dict[str, Task]:
        """Tasks by id, open or resolved; those that are not known, and those of erased cases, are absent."""
        return {one.id: one for one in self._opened(list(self.each(_NAMED, "ids", dict.fromkeys(names))))}

    def task_counts(self) -> dict[str, int]:
        """How many tasks of each kind are open."""
        return {row.kind: row.n for row in self.run(_COUNTS, _NOTHING)}

    def task_figures(self, *, now: datetime) -> dict[str, tuple[int, int]]:
        """By kind, how many tasks are open, and of how many of them the deadline has passed."""
        return {row.kind: (row.n, int(row.late or 0)) for row in self.run(_FIGURES, {"now": stamp(now), **_NOTHING})}

    def resolve_task(self, name: str, *, by: str, outcome: str, at: datetime) -> None:
        """A person did it. Raises ``Stale`` if it is not open (any more)."""
        if self.run(_RESOLVE, {"id": name, "by": by, "outcome": outcome, "at": stamp(at)}).rowcount != 1:
            raise Stale(where="tasks")
        self._ended([name], kind="task.answered" if by else "task.settled", at=at)

    def resolve_same(self, dedupes: Iterable[str], *, by: str, outcome: str, at: datetime) -> int:
        """Close the open tasks with these ``dedupe``, where what they were about went away; how many there were.

        One made ``once`` may be made again from now on.
        """
        index = self.seal.keys.index
        rows = [
            {"open": index("task", dedupe), "by": by, "outcome": outcome, "at": stamp(at)}
            for dedupe in dict.fromkeys(dedupes)
        ]
        if not rows:
            return 0
        over = [
            row.id for part in parts([row["open"] for row in rows]) for row in self.run(_OF_KEYS, {"keys": part}).all()
        ]
        self.run_each(_FORGET, [{"open": row["open"]} for row in rows])
        self.run_each(_RESOLVE_SAME, rows)
        self._ended(over, kind="task.answered" if by else "task.settled", at=at)
        return len(over)

    def _ended(self, names: Sequence[str], *, kind: str, at: datetime) -> None:
        """Write down that tasks (id) are over, for who is told of such."""
        self.add_events([
            Event(kind=kind, about=row.id, case=row.case_id, unit=row.unit, role=row.role, system=row.system, at=at)
            for part in parts(names)
            for row in self.run(_WHOSE, {"ids": part}).all()
            if row.kind not in _UNTOLD
        ])  # fmt: skip

    def rewrite_tasks(self, bodies: Iterable[tuple[str, str | None, bytes]]) -> None:
        """Give tasks (id, case, body) a new body: one that may not be shown any more loses its values for good."""
        told = list(bodies)
        sealed = self.close_bodies("tasks", "body", [(case, name, 1, body) for name, case, body in told])
        if told:
            rows = [{"id": name, "body": body} for (name, _, _), body in zip(told, sealed, strict=True)]
            self.run_each(_REWRITE, rows)

    def empty_answered(self, *, since: datetime | None, before: datetime) -> int:
        """Tasks that were answered in a time lose what they were about; how many there were."""
        span = {"since": 0 if since is None else stamp(since), "before": stamp(before)}
        found = [(row.id, row.case_id, b"") for row in self.run(_ANSWERED, span)]
        self.rewrite_tasks(found)
        return len(found)

    def _tasks(self, **filters: object) -> list[Task]:
        return self._opened(list(self.run(_LIST, {**filters, "later": LATER})))

    def _opened(self, rows: Sequence[Any]) -> list[Task]:
        bodies = self.open_bodies("tasks", "body", [(row.case_id, row.id, 1, row.body) for row in rows])
        return [
            Task(
                id=row.id, kind=row.kind, case=row.case_id, item=row.item, system=row.system, unit=row.unit,
                role=row.role, person=row.person, rests=moment_or_none(row.rests), at=moment(row.at),
                deadline=moment_or_none(row.deadline), body=body,
                resolved_at=moment_or_none(row.resolved_at), resolved_by=row.resolved_by, outcome=row.outcome,
            )
            for row, body in zip(rows, bodies, strict=True)
            if body is not None
        ]  # fmt: skip
