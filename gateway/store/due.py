"""What is due: one mark per system and case, from when something changed until the system has it."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import text

from gateway.store.scope import Scope, among, parts
from gateway.store.times import moment, stamp

_MARK = text(
    "INSERT INTO due (system, case_id, seq, since, attempts, not_before, code)"
    " VALUES (:system, :case, :seq, :at, 0, :at, NULL) ON CONFLICT (system, case_id)"
    " DO UPDATE SET seq = excluded.seq, attempts = 0, not_before = excluded.not_before, code = NULL",
)
_DUE = text(
    "SELECT case_id, since, attempts, seq FROM due WHERE system = :system AND not_before <= :now"
    " ORDER BY since, case_id LIMIT :limit",
)
_CLEAR = text("DELETE FROM due WHERE system = :system AND case_id = :case AND seq = :seq")
_POSTPONE = among(
    "UPDATE due SET attempts = attempts + 1, not_before = :until, code = :code"
    " WHERE system = :system AND case_id IN :cases",
    "cases",
)
_COUNTS = text("SELECT system, count(*) AS n, min(since) AS oldest FROM due GROUP BY system ORDER BY system")
_WAITING = text(
    "SELECT case_id, since, attempts, not_before, code FROM due WHERE system = :system"
    " ORDER BY since, case_id LIMIT :limit",
)


class Due(NamedTuple):
    """A case that a system must be told about. ``seq`` names this mark: a renewed one has another."""

    case: str
    since: datetime
    attempts: int
    seq: int


class Waiting(NamedTuple):
    """A mark as ``bti status`` shows it: when it may be tried next and why it had to wait."""

    case: str
    since: datetime
    attempts: int
    not_before: datetime
    code: str | None


class Marks(Scope):
    """The calls of a transaction about what is due."""

    def mark_due(self, marks: Iterable[tuple[str, str]], at: datetime) -> None:
        """Mark (system, case). A mark that stands keeps its ``since`` and is otherwise renewed: it may go at once."""
        wanted = sorted(set(marks))
        if not wanted:
            return
        drawn = self.seal.chance(8 * len(wanted))
        now = stamp(at)
        self.run_each(
            _MARK,
            [
                {"system": system, "case": case, "at": now, "seq": int.from_bytes(drawn[n * 8 : n * 8 + 8], "big") >> 1}
                for n, (system, case) in enumerate(wanted)
            ],
        )

    def due(self, system: str, limit: int, now: datetime) -> list[Due]:
        """What may go now, the oldest first."""
        rows = self.run(_DUE, {"system": system, "now": stamp(now), "limit": limit})
        return [Due(row.case_id, moment(row.since), row.attempts, row.seq) for row in rows]

    def clear_due(self, system: str, marks: Iterable[tuple[str, int]]) -> None:
        """Clear (case, seq) that are done. A mark renewed meanwhile has another seq and stays."""
        if rows := [{"system": system, "case": case, "seq": seq} for case, seq in marks]:
            self.run_each(_CLEAR, rows)

    def postpone(self, system: str, cases: Sequence[str], until: datetime, code: str) -> None:
        """Try these again after ``until``, and say why."""
        for part in parts(cases):
            self.run(_POSTPONE, {"system": system, "cases": part, "until": stamp(until), "code": code})

    def due_counts(self) -> dict[str, tuple[int, datetime]]:
        """How many marks each system has, and since when the oldest stands."""
        return {row.system: (row.n, moment(row.oldest)) for row in self.run(_COUNTS)}

    def waiting(self, system: str, limit: int = 100) -> list[Waiting]:
        """A system's marks, the oldest first, also those that must wait."""
        return [
            Waiting(row.case_id, moment(row.since), row.attempts, moment(row.not_before), row.code)
            for row in self.run(_WAITING, {"system": system, "limit": limit})
        ]
