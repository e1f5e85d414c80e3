"""Cases and their history."""

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import text

from gateway.store.errors import Stale
from gateway.store.scope import Scope, among
from gateway.store.times import moment, stamp

_LOAD = among("SELECT id, version, body FROM cases WHERE id IN :ids", "ids")
_VERSIONS = among("SELECT id, version FROM cases WHERE id IN :ids", "ids")
_NEW = text("INSERT INTO cases (id, version, saved_at, body) VALUES (:id, 1, :at, :body) ON CONFLICT DO NOTHING")
_CHANGE = text(
    "UPDATE cases SET version = :version + 1, saved_at = :at, body = :body WHERE id = :id AND version = :version"
)
_LOOK = text(
    "INSERT INTO looks (case_id, version, at) VALUES (:id, :version + 1, 0) ON CONFLICT (case_id)"
    " DO UPDATE SET version = excluded.version, at = 0"
)
_SAME_LOOK = text("UPDATE looks SET version = :version + 1 WHERE case_id = :id")
_PAGE = text("SELECT id FROM cases WHERE id > :after ORDER BY id LIMIT :limit")
_COUNT = text("SELECT count(*) FROM cases")
_APPEND = text(
    "INSERT INTO history (case_id, tag, recorded_at, valid_from, body) VALUES (:case, :tag, :recorded, :valid, :body)",
)
_HISTORY = text("SELECT tag, recorded_at, valid_from, body FROM history WHERE case_id = :case ORDER BY seq")
_REWRITE = text("UPDATE history SET body = :body WHERE case_id = :case AND tag = :tag")
_PRUNE = text("DELETE FROM history WHERE recorded_at < :before")
_OLD = text("SELECT COUNT(*), COUNT(DISTINCT case_id) FROM history WHERE recorded_at < :before")


class Recorded(NamedTuple):
    """A row of a case's history: when we learnt it (recorded time), from when it holds (valid time), and what."""

    recorded_at: datetime
    valid_from: str | None
    body: bytes


class Cases(Scope):
    """The calls of a transaction about cases."""

    def load_cases(self, ids: Iterable[str]) -> dict[str, tuple[int, bytes]]:
        """Version and body by case id. Unknown and erased cases are absent."""
        rows = [tuple(row) for row in self.each(_LOAD, "ids", dict.fromkeys(ids))]
        bodies = self.open_bodies("cases", "body", [(case, case, version, body) for case, version, body in rows])
        return {
            case: (version, body) for (case, version, _), body in zip(rows, bodies, strict=True) if body is not None
        }

    def versions(self, ids: Iterable[str]) -> dict[str, int]:
        """The versions of cases by id, without opening one. Unknown and erased cases are absent."""
        return {row.id: row.version for row in self.each(_VERSIONS, "ids", dict.fromkeys(ids))}

    def save_cases(self, cases: Sequence[tuple[str, int, bytes]], *, as_before: Collection[str] = ()) -> None:
        """Save (id, the version it was loaded at or 0 for a new one, body).

        Raises ``Stale`` with how many were changed or made by another meanwhile; the transaction must then be left.
        Raises ``store.erased`` for a case that was erased. Whatever is saved is looked at again (``Looks``),
        but for what only says more of who holds what (``as_before``, ids).
        """
        sealed = self.close_bodies("cases", "body", [(case, case, version + 1, body) for case, version, body in cases])
        rows = [
            {"id": case, "version": version, "at": self.now, "body": body}
            for (case, version, _), body in zip(cases, sealed, strict=True)
        ]
        rows.sort(key=itemgetter("id"))  # writers that take rows in one order do not wait for each other in a ring
        new = [row for row in rows if row["version"] == 0]
        changed = [row for row in rows if row["version"] != 0]
        done = (self.run_each(_NEW, new) if new else 0) + (self.run_each(_CHANGE, changed) if changed else 0)
        if done != len(rows):
            raise Stale(len(rows) - done, where="cases")
        marks = [{"id": row["id"], "version": row["version"]} for row in rows]
        for statement, same in ((_LOOK, False), (_SAME_LOOK, True)):
            if some := [mark for mark in marks if (mark["id"] in as_before) is same]:
                self.run_each(statement, some)

    def case_ids(self, *, after: str = "", limit: int = 1000) -> list[str]:
        """Ids of cases in order, after one, so that all can be walked through in pages."""
        return [row.id for row in self.run(_PAGE, {"after": after, "limit": limit})]

    def case_count(self) -> int:
        """How many cases there are."""
        return int(self.run(_COUNT).scalar_one())

    def append_history(self, rows: Sequence[tuple[str, datetime, str | None, bytes]]) -> None:
        """Keep (case, recorded at, valid from, body).

        Rows are not changed but by ``rewrite_history``; ``prune_history`` ends them by age.
        """
        if not rows:
            return
        drawn = self.seal.chance(8 * len(rows))
        tags = [drawn[at : at + 8] for at in range(0, len(drawn), 8)]
        kept = [(case, tag, stamp(at), valid, body) for tag, (case, at, valid, body) in zip(tags, rows, strict=True)]
        sealed = self.close_bodies(
            "history", "body",
            [(case, f"{case}:{tag.hex()}", _version(at, valid), body) for case, tag, at, valid, body in kept],
        )  # fmt: skip
        self.run_each(
            _APPEND,
            [
                {"case": case, "tag": tag, "recorded": at, "valid": valid, "body": body}
                for (case, tag, at, valid, _), body in zip(kept, sealed, strict=True)
            ],
        )

    def history(self, case: str) -> list[Recorded]:
        """A case's history in the order it was recorded; empty for an erased case."""
        rows = [tuple(row) for row in self.run(_HISTORY, {"case": case})]
        bodies = self.open_bodies(
            "history", "body",
            [(case, f"{case}:{bytes(tag).hex()}", _version(at, valid), body) for tag, at, valid, body in rows],
        )  # fmt: skip
        return [
            Recorded(moment(at), valid, body)
            for (_, at, valid, _), body in zip(rows, bodies, strict=True)
            if body is not None
        ]

    def rewrite_history(self, case: str, change: Callable[[bytes], bytes]) -> None:
        """Take out of what was recorded of a case what may not be kept: address protection reaches back in time."""
        rows = [tuple(row) for row in self.run(_HISTORY, {"case": case})]
        placed = [(case, f"{case}:{bytes(tag).hex()}", _version(at, valid), body) for tag, at, valid, body in rows]
        bodies = self.open_bodies("history", "body", placed)
        kept = [
            (tag, (case, row, version, after))
            for (tag, *_), (_, row, version, _), body in zip(rows, placed, bodies, strict=True)
            if body is not None and (after := change(body)) != body
        ]
        if kept:
            sealed = self.close_bodies("history", "body", [row for _, row in kept])
            self.run_each(
                _REWRITE,
                [{"case": case, "tag": tag, "body": body} for (tag, _), body in zip(kept, sealed, strict=True)],
            )

    def old_history(self, before: datetime) -> tuple[int, int]:
        """How many rows of history were recorded before a time, and of how many cases."""
        found: Any = self.run(_OLD, {"before": stamp(before)}).one()
        return int(found[0]), int(found[1])

    def prune_history(self, before: datetime) -> int:
        """End the history recorded before a time, when retention ends; how many rows went."""
        return self.run(_PRUNE, {"before": stamp(before)}).rowcount


def _version(recorded: int, valid: str | None) -> str:
    return f"{recorded}/{valid or ''}"
