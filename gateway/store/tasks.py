"""Tasks: what waits for a person."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from msgspec import Struct
from sqlalchemy import text

from gateway.store.errors import Stale
from gateway.store.scope import Scope, among
from gateway.store.times import moment, moment_or_none, stamp, stamp_or_none

_COLUMNS = (
    "id, kind, case_id, item, system, unit, role, at, deadline, body, resolved_at, resolved_by, outcome"
)  # fmt: skip
_ADD = text(
    "INSERT INTO tasks (id, open_key, kind, case_id, item, system, unit, role, at, deadline, body)"
    " VALUES (:id, :open, :kind, :case, :item, :system, :unit, :role, :at, :deadline, :body)"
    " ON CONFLICT (open_key) DO NOTHING",
)
_OPEN = among("SELECT open_key FROM tasks WHERE open_key IN :keys", "keys")
_LIST = text(
    f"SELECT {_COLUMNS} FROM tasks"
    " WHERE (:state = 'all' OR (:state = 'open') = (open_key IS NOT NULL))"
    " AND (CAST(:case AS TEXT) IS NULL OR case_id = :case) AND (CAST(:kind AS TEXT) IS NULL OR kind = :kind)"
    " AND (CAST(:system AS TEXT) IS NULL OR system = :system) AND (CAST(:unit AS TEXT) IS NULL OR unit = :unit)"
    " AND (CAST(:id AS TEXT) IS NULL OR id = :id) ORDER BY at, id LIMIT :limit",
)
_REWRITE = text("UPDATE tasks SET body = :body WHERE id = :id")
_COUNTS = text("SELECT kind, count(*) AS n FROM tasks WHERE open_key IS NOT NULL GROUP BY kind ORDER BY kind")
_RESOLVE = text(
    "UPDATE tasks SET open_key = NULL, resolved_at = :at, resolved_by = :by, outcome = :outcome"
    " WHERE id = :id AND open_key IS NOT NULL",
)
_RESOLVE_SAME = text(
    "UPDATE tasks SET open_key = NULL, resolved_at = :at, resolved_by = :by, outcome = :outcome WHERE open_key = :open",
)


class Task(Struct, frozen=True, kw_only=True):
    """Something that a person must do.

    ``dedupe`` names what it is about: while a task with the same one is open, no second is made. ``body`` is what the
    person is shown, sealed under the case's key when there is a case. ``unit`` and ``role`` say whose inbox it is.
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
    deadline: datetime | None = None
    id: str = ""
    resolved_at: datetime | None = None
    resolved_by: str | None = None
    outcome: str | None = None

    @property
    def open(self) -> bool:
        """Whether it still waits."""
        return self.resolved_at is None


class Tasks(Scope):
    """The calls of a transaction about tasks."""

    def add_tasks(self, tasks: Sequence[Task]) -> list[str]:
        """Make tasks; ids of those that were made. One whose like (``dedupe``) is open already is not made again."""
        index = self.seal.keys.index
        wanted = {index("task", task.dedupe): task for task in reversed(tasks)}
        if not wanted:
            return []
        standing = {bytes(row.open_key) for row in self.each(_OPEN, "keys", wanted)}
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
                {"id": name, "open": key, "kind": task.kind, "case": task.case, "item": task.item,
                 "system": task.system, "unit": task.unit, "role": task.role, "at": stamp(task.at),
                 "deadline": stamp_or_none(task.deadline), "body": body}
                for name, (key, task), body in zip(ids, new, sealed, strict=True)
            ],
        )  # fmt: skip
        return ids

    def tasks(
        self, *, state: str = "open", case: str | None = None, kind: str | None = None, system: str | None = None,
        unit: str | None = None, limit: int = 1000,
    ) -> list[Task]:  # fmt: skip
        """Tasks, the oldest first. ``state`` is ``open``, ``resolved`` or ``all``; those of erased cases are absent."""
        return self._tasks(state=state, case=case, kind=kind, system=system, unit=unit, id=None, limit=limit)

    def task(self, name: str) -> Task | None:
        """One task, open or resolved."""
        found = self._tasks(state="all", case=None, kind=None, system=None, unit=None, id=name, limit=1)
        return found[0] if found else None

    def task_counts(self) -> dict[str, int]:
        """How many tasks of each kind are open."""
        return {row.kind: row.n for row in self.run(_COUNTS)}

    def resolve_task(self, name: str, *, by: str, outcome: str, at: datetime) -> None:
        """A person did it. Raises ``Stale`` if it is not open (any more)."""
        if self.run(_RESOLVE, {"id": name, "by": by, "outcome": outcome, "at": stamp(at)}).rowcount != 1:
            raise Stale(where="tasks")

    def resolve_same(self, dedupes: Iterable[str], *, by: str, outcome: str, at: datetime) -> int:
        """Close the open tasks with these ``dedupe``, where what they were about went away; how many there were."""
        index = self.seal.keys.index
        rows = [
            {"open": index("task", dedupe), "by": by, "outcome": outcome, "at": stamp(at)}
            for dedupe in dict.fromkeys(dedupes)
        ]
        return self.run_each(_RESOLVE_SAME, rows) if rows else 0

    def rewrite_tasks(self, bodies: Iterable[tuple[str, str | None, bytes]]) -> None:
        """Give tasks (id, case, body) a new body: one that may not be shown any more loses its values for good."""
        told = list(bodies)
        sealed = self.close_bodies("tasks", "body", [(case, name, 1, body) for name, case, body in told])
        if told:
            rows = [{"id": name, "body": body} for (name, _, _), body in zip(told, sealed, strict=True)]
            self.run_each(_REWRITE, rows)

    def _tasks(self, **filters: object) -> list[Task]:
        rows = list(self.run(_LIST, filters))
        bodies = self.open_bodies("tasks", "body", [(row.case_id, row.id, 1, row.body) for row in rows])
        return [
            Task(
                id=row.id, kind=row.kind, case=row.case_id, item=row.item, system=row.system, unit=row.unit,
                role=row.role, at=moment(row.at), deadline=moment_or_none(row.deadline), body=body,
                resolved_at=moment_or_none(row.resolved_at), resolved_by=row.resolved_by, outcome=row.outcome,
            )
            for row, body in zip(rows, bodies, strict=True)
            if body is not None
        ]  # fmt: skip
