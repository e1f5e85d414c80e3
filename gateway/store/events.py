"""What happened, told without content: written beside what it tells of, kept until every receiver has been told.

An event names a task, a flow, a case or a system by its opaque id. Which receivers hear of it is decided when it is
spread, and again when it is sent.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from msgspec import Struct
from sqlalchemy import text

from gateway.store.scope import Scope, among, parts
from gateway.store.times import moment, stamp

_ADD = text(
    "INSERT INTO events (id, kind, about, case_id, unit, role, system, at, spread)"
    " VALUES (:id, :kind, :about, :case, :unit, :role, :system, :at, 0)"
)
_COLUMNS = "e.id, e.kind, e.about, e.case_id, e.unit, e.role, e.system, e.at"
_NEW = text(f"SELECT {_COLUMNS} FROM events e WHERE e.spread = 0 ORDER BY e.seq LIMIT :limit")
_SPREAD = text("UPDATE events SET spread = 1 WHERE id = :id")
_WANT = text(
    "INSERT INTO webhooks (hook, event, attempts, not_before, code, dead) VALUES (:hook, :event, 0, 0, NULL, 0)"
    " ON CONFLICT DO NOTHING"
)
_DUE = text(
    f"SELECT {_COLUMNS}, w.attempts FROM webhooks w JOIN events e ON e.id = w.event"
    " WHERE w.hook = :hook AND w.dead = 0 AND w.not_before <= :now ORDER BY e.seq LIMIT :limit"
)
_DONE = text("DELETE FROM webhooks WHERE hook = :hook AND event = :event")
_FAILED = text(
    "UPDATE webhooks SET attempts = attempts + 1, not_before = :until, code = :code, dead = :dead"
    " WHERE hook = :hook AND event = :event"
)
_REST = text("UPDATE webhooks SET not_before = :until WHERE hook = :hook AND dead = 0 AND not_before < :until")
_AGAIN = text("UPDATE webhooks SET dead = 0, attempts = 0, not_before = 0 WHERE hook = :hook AND dead = 1")
_COUNTS = text(
    "SELECT w.hook, sum(1 - w.dead) AS waiting, sum(w.dead) AS dead, min(e.at) AS oldest, max(w.code) AS code"
    " FROM webhooks w JOIN events e ON e.id = w.event GROUP BY w.hook ORDER BY w.hook"
)
_FORGET_HOOKS = among("DELETE FROM webhooks WHERE hook NOT IN :hooks", "hooks")
_OLD = text("DELETE FROM webhooks WHERE event IN (SELECT id FROM events WHERE at < :before)")
_LOST = text("DELETE FROM webhooks WHERE NOT EXISTS (SELECT 1 FROM events e WHERE e.id = webhooks.event)")
_TOLD = text("DELETE FROM events WHERE spread = 1 AND NOT EXISTS (SELECT 1 FROM webhooks w WHERE w.event = events.id)")


class Event(Struct, frozen=True, kw_only=True):
    """Something that happened: a kind (``task.created``), what it is about (an opaque id), and whose it is.

    ``role`` is the task's. ``id`` is filled in by the store.
    """

    kind: str
    at: datetime
    about: str | None = None
    case: str | None = None
    unit: str | None = None
    role: str | None = None
    system: str | None = None
    id: str = ""


class Telling(Struct, frozen=True, kw_only=True):
    """An event that a receiver is to be told of, and how often that was tried."""

    event: Event
    attempts: int


class Untold(Struct, frozen=True, kw_only=True):
    """How much a receiver has not been told, how much of it is given up, since when, and the last code."""

    hook: str
    waiting: int
    dead: int
    oldest: datetime
    code: str | None


class Events(Scope):
    """The calls of a transaction about events."""

    def add_events(self, events: Sequence[Event]) -> None:
        """Write down that things happened, in the transaction in which they do."""
        if not events:
            return
        rows = [
            {"id": name, "kind": one.kind, "about": one.about, "case": one.case, "unit": one.unit, "role": one.role,
             "system": one.system, "at": stamp(one.at)}
            for name, one in zip(self.names(len(events)), events, strict=True)
        ]  # fmt: skip
        self.run_each(_ADD, rows)

    def new_events(self, *, limit: int) -> list[Event]:
        """Events of which nobody has yet decided who hears of them, in the order in which they were written."""
        return [_event(row) for row in self.run(_NEW, {"limit": limit})]

    def spread_events(self, events: Sequence[Event], wanted: Iterable[tuple[str, str]]) -> None:
        """These are decided upon: (receiver, event's id) are to be told; what nobody is to be told of goes."""
        if rows := [{"hook": hook, "event": event} for hook, event in wanted]:
            self.run_each(_WANT, rows)
        for part in parts([one.id for one in events]):
            self.run_each(_SPREAD, [{"id": name} for name in part])
        self.run(_TOLD)

    def tellings(self, hook: str, *, now: datetime, limit: int) -> list[Telling]:
        """What a receiver is to be told now, the oldest first."""
        return [
            Telling(event=_event(row), attempts=row.attempts)
            for row in self.run(_DUE, {"hook": hook, "now": stamp(now), "limit": limit})
        ]

    def hook_told(self, hook: str, event: str) -> None:
        """A receiver has been told, or is not to be; an event that nobody waits for goes."""
        self.run(_DONE, {"hook": hook, "event": event})
        self.run(_TOLD)

    def hook_not_told(self, hook: str, event: str, *, until: datetime, code: str, dead: bool = False) -> None:
        """A receiver could not be told: it is tried again then, or (``dead``) not before a person says so."""
        self.run(_FAILED, {"hook": hook, "event": event, "until": stamp(until), "code": code, "dead": int(dead)})

    def leave_alone(self, hook: str, *, until: datetime) -> None:
        """Nothing is sent to a receiver before then: it cannot be reached."""
        self.run(_REST, {"hook": hook, "until": stamp(until)})

    def tell_again(self, hook: str) -> int:
        """What was given up for a receiver is due again; how much there was."""
        return self.run(_AGAIN, {"hook": hook}).rowcount

    def untold(self) -> list[Untold]:
        """What waits, by receiver."""
        return [
            Untold(
                hook=row.hook, waiting=int(row.waiting), dead=int(row.dead), oldest=moment(row.oldest), code=row.code
            )
            for row in self.run(_COUNTS)
        ]

    def forget_tellings(self, *, hooks: Sequence[str], before: datetime) -> None:
        """Receivers that are no more, and what happened too long ago, wait for nothing."""
        self.run(_FORGET_HOOKS, {"hooks": [*hooks, ""]})
        self.run(_OLD, {"before": stamp(before)})
        self.run(_LOST)
        self.run(_TOLD)


def _event(row: object) -> Event:
    return Event(
        id=row.id, kind=row.kind, about=row.about, case=row.case_id, unit=row.unit, role=row.role,  # type: ignore[attr-defined]
        system=row.system, at=moment(row.at),  # type: ignore[attr-defined]
    )  # fmt: skip
