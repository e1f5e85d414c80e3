"""Where each system's lane stands, and the records that could not be read."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import text

from gateway.store.scope import Scope, among, parts
from gateway.store.times import moment, moment_or_none, stamp

_WORD = re.compile(r"[A-Za-zÆØÅæøå_.:-]{1,40}")

_LANES = text(
    "SELECT system, cursor, cursor_at, last_success, last_error, error_at, full_count FROM lanes ORDER BY system",
)
_LANE = text(
    "SELECT cursor, cursor_at, last_success, last_error, error_at, full_count FROM lanes WHERE system = :system"
)
_CURSOR = text(
    "INSERT INTO lanes (system, cursor, cursor_at) VALUES (:system, :cursor, :at) ON CONFLICT (system)"
    " DO UPDATE SET cursor = excluded.cursor, cursor_at = excluded.cursor_at",
)
_SUCCESS = text(
    "INSERT INTO lanes (system, last_success, full_count) VALUES (:system, :at, :full)"
    " ON CONFLICT (system) DO UPDATE SET last_success = excluded.last_success, last_error = NULL, error_at = NULL,"
    " full_count = coalesce(excluded.full_count, lanes.full_count)",
)
_FAILURE = text(
    "INSERT INTO lanes (system, last_error, error_at) VALUES (:system, :code, :at) ON CONFLICT (system) DO UPDATE SET"
    " last_error = excluded.last_error, error_at = excluded.error_at",
)

_HOLD = text(
    "INSERT INTO quarantine (id, system, kind, native, code, path, case_id, first_at, last_at, times, body)"
    " VALUES (:id, :system, :kind, :native, :code, :path, :case, :at, :at, 1, :body)"
    " ON CONFLICT (system, kind, native) DO UPDATE SET id = excluded.id, code = excluded.code, path = excluded.path,"
    " case_id = excluded.case_id, last_at = excluded.last_at, times = quarantine.times + 1, body = excluded.body",
)
_COLUMNS = "id, system, kind, code, path, case_id, first_at, last_at, times"
_SHOW = text(
    f"SELECT {_COLUMNS} FROM quarantine WHERE (CAST(:system AS TEXT) IS NULL OR system = :system)"
    " AND (CAST(:case AS TEXT) IS NULL OR case_id = :case) ORDER BY first_at, id LIMIT :limit",
)
_WAITING = among(
    "SELECT id FROM quarantine WHERE system = :system AND code IN :codes ORDER BY last_at, id LIMIT :limit",
    "codes",
)
_COUNTS = text("SELECT system, count(*) AS n FROM quarantine GROUP BY system ORDER BY system")
_LONG = text(
    "SELECT count(*) AS n, max(first_at) AS newest FROM quarantine WHERE system = :system AND first_at <= :before"
)
_BODIES = among("SELECT id, case_id, body FROM quarantine WHERE id IN :ids", "ids")
_OLD = text("SELECT id, case_id FROM quarantine WHERE last_at >= :since AND last_at < :before ORDER BY id")
_EMPTY = text("UPDATE quarantine SET body = :body WHERE id = :id")
_RELEASE = among("DELETE FROM quarantine WHERE id IN :ids", "ids")
_SETTLE = text("DELETE FROM quarantine WHERE system = :system AND kind = :kind AND native = :native")


class Lane(NamedTuple):
    """One system's lane. ``full_count`` is how many records its last full feed had (the emptied-source guard)."""

    cursor_at: datetime | None
    last_success: datetime | None
    last_error: str | None
    error_at: datetime | None
    full_count: int | None


class Held(NamedTuple):
    """A quarantined record without its body: the rule it broke and where, never a value."""

    id: str
    system: str
    kind: str
    code: str
    path: str | None
    case: str | None
    first_at: datetime
    last_at: datetime
    times: int


class Lanes(Scope):
    """The calls of a transaction about lanes and quarantine."""

    def cursor(self, system: str) -> str | None:
        """Where the next fetch begins; ``None``: at the beginning. Sealed, since a vendor's cursor may hold an id."""
        row = self.run(_LANE, {"system": system}).first()
        if row is None or row.cursor is None:
            return None
        return self.seal.open_intake(row.cursor, self.seal.place("lanes", "cursor", system, row.cursor_at)).decode()

    def set_cursor(self, system: str, value: str | None, at: datetime) -> None:
        """Move the cursor, in the transaction that keeps the page it stands behind."""
        now = stamp(at)
        place = self.seal.place("lanes", "cursor", system, now)
        sealed = None if value is None else self.seal.close_intake(self.seal.nonces(1)[0], value.encode(), place)
        self.run(_CURSOR, {"system": system, "cursor": sealed, "at": now})

    def lane(self, system: str) -> Lane:
        """A lane's state; all ``None`` before its first fetch."""
        row = self.run(_LANE, {"system": system}).first()
        return Lane(None, None, None, None, None) if row is None else _lane(row)

    def lanes(self) -> dict[str, Lane]:
        """Every lane's state, by system."""
        return {row.system: _lane(row) for row in self.run(_LANES)}

    def lane_succeeded(self, system: str, at: datetime, *, full_count: int | None = None) -> None:
        """A fetch went through; ``full_count`` when it was a full feed."""
        self.run(_SUCCESS, {"system": system, "at": stamp(at), "full": full_count})

    def lane_failed(self, system: str, at: datetime, code: str) -> None:
        """A fetch or delivery could not reach the system."""
        self.run(_FAILURE, {"system": system, "at": stamp(at), "code": code})

    def quarantine(
        self, records: Sequence[tuple[str, str, str, str, str | None, bytes, str | None]], at: datetime,
    ) -> list[str]:  # fmt: skip
        """Keep (system, kind, native id, code, path, raw body, case or ``None``); ids in order.

        The same native id again replaces the older entry and counts up how often. A body whose case is known is
        sealed under the case's key, so that erasure reaches it.
        """
        latest = {(record[0], record[1], record[2]): record for record in records}
        ids = dict(zip(latest, self.names(len(latest)), strict=True))
        kept = list(latest.items())
        sealed = self.close_bodies("quarantine", "body", [(r[6], ids[key], 1, r[5]) for key, r in kept])
        index = self.seal.keys.index
        rows = [
            {"id": ids[key], "system": key[0], "kind": _shown(key[1]), "native": index("link", *key), "code": record[3],
             "path": record[4], "case": record[6], "at": stamp(at), "body": body}
            for (key, record), body in zip(kept, sealed, strict=True)
        ]  # fmt: skip
        if rows:
            self.run_each(_HOLD, rows)
        return [ids[record[0], record[1], record[2]] for record in records]

    def quarantined(self, system: str | None = None, *, case: str | None = None, limit: int = 1000) -> list[Held]:
        """What is held, of a system or a case, the oldest first, without bodies."""
        return [
            Held(r.id, r.system, r.kind, r.code, r.path, r.case_id, moment(r.first_at), moment(r.last_at), r.times)
            for r in self.run(_SHOW, {"system": system, "case": case, "limit": limit})
        ]

    def quarantined_with(self, system: str, codes: Iterable[str], *, limit: int) -> list[str]:
        """Ids of one system's records that are held for one of some codes; first what was not read for longest."""
        return [row.id for row in self.run(_WAITING, {"system": system, "codes": sorted(codes), "limit": limit})]

    def quarantine_counts(self) -> dict[str, int]:
        """How many records of each system are held."""
        return {row.system: row.n for row in self.run(_COUNTS)}

    def quarantined_since(self, system: str, *, before: datetime) -> tuple[int, datetime | None]:
        """How many records of a system have been held since an instant or longer, and since when the newest of them."""
        row = self.run(_LONG, {"system": system, "before": stamp(before)}).one()
        return row.n, moment_or_none(row.newest)

    def quarantined_bodies(self, ids: Iterable[str]) -> dict[str, bytes]:
        """Raw bodies by id, to read them again after a mapping was mended; those that were let go are absent.

        Only for code that shows no values.
        """
        rows = [tuple(row) for row in self.each(_BODIES, "ids", ids)]
        bodies = self.open_bodies("quarantine", "body", [(case, key, 1, body) for key, case, body in rows])
        return {row[0]: body for row, body in zip(rows, bodies, strict=True) if body}

    def empty_quarantine(self, *, since: datetime | None, before: datetime) -> int:
        """Records that last came in a time lose their copy; that they are held stays. How many there were."""
        span = {"since": 0 if since is None else stamp(since), "before": stamp(before)}
        found = [(row.case_id, row.id, 1, b"") for row in self.run(_OLD, span)]
        sealed = self.close_bodies("quarantine", "body", found)
        if rows := [{"id": name, "body": body} for (_, name, _, _), body in zip(found, sealed, strict=True)]:
            self.run_each(_EMPTY, rows)
        return len(found)

    def release_quarantine(self, ids: Iterable[str]) -> None:
        """Drop entries that were read at last, or that a person gave up."""
        for part in parts(ids):
            self.run(_RELEASE, {"ids": part})

    def settle_quarantine(self, system: str, records: Iterable[tuple[str, str]]) -> None:
        """Drop the entries of (kind, native id) whose newer version was read well."""
        index = self.seal.keys.index
        rows = [
            {"system": system, "kind": _shown(kind), "native": index("link", system, kind, native)}
            for kind, native in records
        ]
        if rows:
            self.run_each(_SETTLE, rows)


def _shown(kind: str) -> str:
    """A kind as it may stand unsealed: a vendor can write anything there, also a person's number."""
    return kind if _WORD.fullmatch(kind) else "unknown"


def _lane(row: Any) -> Lane:
    return Lane(
        moment_or_none(row.cursor_at), moment_or_none(row.last_success), row.last_error, moment_or_none(row.error_at),
        row.full_count,
    )  # fmt: skip
