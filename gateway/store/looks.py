"""When each case must be looked at again because a day has come, so that midnight opens only what something is due in.

Whoever saves a case marks it in the same transaction to be looked at at once; the look then says when the next is.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import text

from gateway.store.scope import Scope
from gateway.store.times import stamp

_WAITING = text("SELECT case_id, version FROM looks WHERE at <= :now ORDER BY at, case_id LIMIT :limit")
_NEXT = text("UPDATE looks SET at = :at WHERE case_id = :case AND version = :version")
_ALL = text("UPDATE looks SET at = 0")
_DROP = text("DELETE FROM looks WHERE case_id = :case AND version = :version")
NEVER = 2**62
"""Later than any time: the case waits for nothing but its next change."""


class Look(NamedTuple):
    """A case that is to be looked at, and the version that it was saved as."""

    case: str
    version: int


class Looks(Scope):
    """The calls of a transaction about when cases are looked at."""

    def looks(self, *, now: datetime, limit: int) -> list[Look]:
        """Cases that are to be looked at now, those that changed first."""
        return [Look(row.case_id, row.version) for row in self.run(_WAITING, {"now": stamp(now), "limit": limit})]

    def looked(self, rows: Sequence[tuple[Look, datetime | None]]) -> None:
        """Each was looked at; again at a time, or (``None``) when it changes. One saved meanwhile stays as it is."""
        if rows:
            self.run_each(
                _NEXT,
                [
                    {"case": look.case, "version": look.version, "at": NEVER if at is None else stamp(at)}
                    for look, at in rows
                ],
            )

    def unlook(self, looks: Iterable[Look]) -> None:
        """These cases are no more."""
        if rows := [{"case": look.case, "version": look.version} for look in looks]:
            self.run_each(_DROP, rows)

    def look_at_everything(self) -> None:
        """What decides on deadlines has changed: every case is looked at again."""
        self.run(_ALL)
