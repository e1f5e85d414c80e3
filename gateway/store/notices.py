"""Who waits for a notice that there is something for them. Names of people in the settings; nothing of any case."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import text

from gateway.store.scope import Scope
from gateway.store.times import moment, moment_or_none, stamp

_WANT = text(
    "INSERT INTO notices (person, since, urgent, attempts, not_before) VALUES (:person, :at, :urgent, 0, 0)"
    " ON CONFLICT (person) DO UPDATE SET since = coalesce(notices.since, excluded.since),"
    " urgent = CASE WHEN notices.urgent > excluded.urgent THEN notices.urgent ELSE excluded.urgent END,"
    " not_before = CASE WHEN notices.since IS NULL THEN 0 ELSE notices.not_before END"
)
_LIST = text(
    "SELECT person, since, urgent, attempts, not_before, code, told_at FROM notices WHERE since IS NOT NULL"
    " ORDER BY person"
)
_TOLD = text(
    "UPDATE notices SET since = NULL, urgent = 0, attempts = 0, not_before = 0, code = NULL, told_at = :at"
    " WHERE person = :person AND since = :since"
)
_FAILED = text("UPDATE notices SET attempts = attempts + 1, not_before = :until, code = :code WHERE person = :person")
_LAST = text("SELECT person, told_at FROM notices WHERE told_at IS NOT NULL")


class Wanted(NamedTuple):
    """A person who is to be told, since when, whether at once, and what became of earlier tries."""

    person: str
    since: datetime
    urgent: bool
    attempts: int
    not_before: datetime
    code: str | None
    told_at: datetime | None


class Notices(Scope):
    """The calls of a transaction about notices."""

    def want_notices(self, people: Iterable[tuple[str, bool]], *, at: datetime) -> None:
        """(person, urgent): somebody is to be told. One who waits already is told once."""
        wanted: dict[str, bool] = {}
        for person, urgent in people:
            wanted[person] = wanted.get(person, False) or urgent
        if wanted:
            rows = [{"person": name, "urgent": int(urgent), "at": stamp(at)} for name, urgent in wanted.items()]
            self.run_each(_WANT, rows)

    def notices(self) -> list[Wanted]:
        """Everybody who waits for a notice."""
        return [
            Wanted(
                row.person, moment(row.since), bool(row.urgent), row.attempts, moment(row.not_before), row.code,
                moment_or_none(row.told_at),
            )
            for row in self.run(_LIST)
        ]  # fmt: skip

    def notice_sent(self, one: Wanted, *, at: datetime) -> None:
        """A notice has gone; what came since its making waits for the next."""
        self.run(_TOLD, {"person": one.person, "since": stamp(one.since), "at": stamp(at)})

    def notice_failed(self, one: Wanted, *, until: datetime, code: str) -> None:
        """A notice could not be sent; it is tried again."""
        self.run(_FAILED, {"person": one.person, "until": stamp(until), "code": code})

    def last_notices(self) -> dict[str, datetime]:
        """When each person was last told."""
        return {row.person: moment(row.told_at) for row in self.run(_LAST)}
