"""What left, or was about to: the keys of sendings, as the vault keeps them.

A key is written down before anything leaves, so that a restored backup of the data does not send it again.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, TextClause, text

from gateway.store.database import Database
from gateway.store.scope import among, driver_sql, parts
from gateway.store.times import moment, moment_or_none, stamp

_SENT = among("SELECT key, state FROM sendings WHERE key IN :keys", "keys")
_BEGIN = text(
    "INSERT INTO sendings (key, system, case_id, item, content, state, begun_at)"
    " VALUES (:key, :system, :case, :item, :content, 'begun', :at) ON CONFLICT (key) DO NOTHING",
)
_AGAIN = text(
    "UPDATE sendings SET state = 'begun', content = :content, begun_at = :at, ended_at = NULL WHERE key = :key"
    " AND state IN ('failed', 'refused')",
)
_MORE = text(
    "UPDATE sendings SET state = 'begun', content = :content WHERE key = :key AND state IN ('begun', 'uncertain')"
)
_END = text("UPDATE sendings SET state = :state, ended_at = :at WHERE key = :key")
_UNFINISHED = text(
    "SELECT key, system, case_id, item, content, state, begun_at FROM sendings"
    " WHERE system = :system AND state IN ('begun', 'uncertain') ORDER BY begun_at, key",
)
_EVERY_UNFINISHED = text(
    "SELECT key, system, case_id, item, content, state, begun_at FROM sendings WHERE state IN ('begun', 'uncertain')"
    " ORDER BY begun_at, key",
)
_UNFINISHED_COUNTS = text(
    "SELECT system, count(*) AS n FROM sendings WHERE state IN ('begun', 'uncertain') GROUP BY system"
)
_OF_CASE = text(
    "SELECT key, system, case_id, item, content, state, begun_at, ended_at FROM sendings WHERE case_id = :case"
    " ORDER BY begun_at, key",
)
_TRACE = text("UPDATE sendings SET trace = :trace WHERE key = :key")
_UNDER_WAY = text(
    "SELECT key, system, case_id, item, content, state, begun_at, trace FROM sendings"
    " WHERE system = :system AND state IN ('accepted', 'delivered') AND begun_at >= :after ORDER BY begun_at, key",
)
_RECEIPTS = among(
    "SELECT system, count(*) AS n, min(begun_at) AS oldest FROM sendings WHERE state IN ('accepted', 'delivered')"
    " AND system IN :systems AND begun_at >= :after GROUP BY system",
    "systems",
)
_PRUNE_SENT = text("DELETE FROM sendings WHERE ended_at < :before AND state NOT IN ('begun', 'uncertain')")


class Sending(NamedTuple):
    """A delivery whose outcome is not known: it was begun and never ended, or it ended ``uncertain``."""

    key: str
    system: str
    case: str
    item: str
    content: bytes
    state: str
    since: datetime
    trace: str | None = None
    """What the system itself calls it, if it told."""


class Departures:
    """The calls of the vault about sendings."""

    database: Database
    clock: Callable[[], datetime]

    def begin_sending(self, sendings: Sequence[tuple[str, str, str, str, bytes]]) -> dict[str, str | None]:
        """Before anything leaves: keep (key, system, case, item, content digest).

        Returns by key the state it already had (``begun``, ``uncertain``, or what ``end_sending`` said), ``None`` for a
        new one. What was ``begun`` or ``uncertain`` must be read back or left, never simply sent again; what ``failed``
        or was ``refused`` is begun anew, with what it carries now.
        """
        at = stamp(self.clock())
        rows = {
            key: {"key": key, "system": system, "case": case, "item": item, "content": content, "at": at}
            for key, system, case, item, content in sendings
        }
        if not rows:
            return {}
        with self.database.write() as connection:
            earlier = {row.key: row.state for row in each_of(connection, _SENT, "keys", rows)}
            if new := [row for key, row in rows.items() if key not in earlier]:
                connection.exec_driver_sql(driver_sql(connection, _BEGIN), new)
            if anew := [rows[key] for key, state in earlier.items() if state in {"failed", "refused"}]:
                rewritten = [{name: row[name] for name in ("key", "content", "at")} for row in anew]
                connection.exec_driver_sql(driver_sql(connection, _AGAIN), rewritten)
        return {key: earlier.get(key) for key in rows}

    def carry_more(self, contents: Iterable[tuple[str, bytes]]) -> None:
        """Before what is ``begun`` or ``uncertain`` leaves once more: (key, what it may have carried by now)."""
        if rows := [{"key": key, "content": content} for key, content in contents]:
            with self.database.write() as connection:
                connection.exec_driver_sql(driver_sql(connection, _MORE), rows)

    def end_sending(self, ended: Iterable[tuple[str, str]]) -> None:
        """What became of (key, state): a receipt's state, or ``failed`` where nothing left."""
        at = stamp(self.clock())
        if rows := [{"key": key, "state": state, "at": at} for key, state in ended]:
            with self.database.write() as connection:
                connection.exec_driver_sql(driver_sql(connection, _END), rows)

    def trace_sending(self, traced: Iterable[tuple[str, str]]) -> None:
        """What the system itself calls (key, name) a delivery."""
        if rows := [{"key": key, "trace": trace} for key, trace in traced]:
            with self.database.write() as connection:
                connection.exec_driver_sql(driver_sql(connection, _TRACE), rows)

    def unfinished(self, system: str) -> list[Sending]:
        """Deliveries to a system whose outcome is not known, the oldest first."""
        with self.database.read() as connection:
            return [
                Sending(r.key, r.system, r.case_id, r.item, bytes(r.content), r.state, moment(r.begun_at))
                for r in connection.execute(_UNFINISHED, {"system": system})
            ]

    def under_way(self, system: str, *, after: datetime) -> list[Sending]:
        """Deliveries begun since a time that a system took and that have not been told as processed."""
        with self.database.read() as connection:
            return [
                Sending(r.key, r.system, r.case_id, r.item, bytes(r.content), r.state, moment(r.begun_at), r.trace)
                for r in connection.execute(_UNDER_WAY, {"system": system, "after": stamp(after)})
            ]

    def without_receipt(self, systems: Collection[str], *, after: datetime) -> dict[str, tuple[int, datetime]]:
        """By system how many deliveries since a time were taken and not told as processed, and the oldest's time."""
        if not systems:
            return {}
        with self.database.read() as connection:
            rows = connection.execute(_RECEIPTS, {"after": stamp(after), "systems": sorted(systems)})
            return {row.system: (row.n, moment(row.oldest)) for row in rows}

    def unfinished_anywhere(self) -> list[Sending]:
        """Deliveries to any system, also one that the settings no longer name, whose outcome is not known."""
        with self.database.read() as connection:
            return [
                Sending(r.key, r.system, r.case_id, r.item, bytes(r.content), r.state, moment(r.begun_at))
                for r in connection.execute(_EVERY_UNFINISHED)
            ]

    def unfinished_counts(self) -> dict[str, int]:
        """By system, how many deliveries there are whose outcome is not known."""
        with self.database.read() as connection:
            return {row.system: row.n for row in connection.execute(_UNFINISHED_COUNTS)}

    def sendings_of(self, case: str) -> list[tuple[Sending, datetime | None]]:
        """Every delivery of a case whose key is still kept, the oldest first, and when it ended."""
        with self.database.read() as connection:
            return [
                (
                    Sending(r.key, r.system, r.case_id, r.item, bytes(r.content), r.state, moment(r.begun_at)),
                    moment_or_none(r.ended_at),
                )
                for r in connection.execute(_OF_CASE, {"case": case})
            ]

    def prune_sent(self, before: datetime) -> int:
        """Forget the keys of deliveries that ended before a time: as old as the oldest backup that may be restored."""
        with self.database.write() as connection:
            return connection.execute(_PRUNE_SENT, {"before": stamp(before)}).rowcount


def each_of(
    connection: Connection, statement: TextClause, name: str, values: Iterable[Any], **fixed: object
) -> Iterator[Any]:
    """Rows of a statement of ``among``, for however many values."""
    for part in parts(values):
        yield from connection.execute(statement, {name: part, **fixed}).all()
