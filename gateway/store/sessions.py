"""Sessions of people in the browser. What the browser holds is kept as a keyed HMAC, so the table opens no door."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import text

from gateway.store.scope import Scope
from gateway.store.times import moment, stamp

_PUT = text(
    "INSERT INTO web_sessions (id, person, browser, level, made_at, seen_at, ends_at)"
    " VALUES (:id, :person, :browser, :level, :at, :at, :ends)"
)
_FIND = text("SELECT person, browser, level, made_at, seen_at, ends_at FROM web_sessions WHERE id = :id")
_SEEN = text("UPDATE web_sessions SET seen_at = :at WHERE id = :id")
_END = text("DELETE FROM web_sessions WHERE id = :id")
_END_ALL = text("DELETE FROM web_sessions WHERE person = :person")
_COUNT = text("SELECT count(*) FROM web_sessions WHERE ends_at > :now")
_OPEN = text(
    "SELECT person, level, made_at, seen_at, ends_at FROM web_sessions WHERE ends_at > :now AND seen_at > :idle"
    " ORDER BY person, made_at"
)
_OVER = text("DELETE FROM web_sessions WHERE ends_at <= :now OR seen_at <= :idle")

_CLAIM = text("INSERT INTO web_forms (id, at) VALUES (:id, :at) ON CONFLICT DO NOTHING")
_UNCLAIM = text("DELETE FROM web_forms WHERE id = :id")
_OLD_FORMS = text("DELETE FROM web_forms WHERE at <= :before")


class Session(NamedTuple):
    """Who is logged in (an entry of ``[people]``), in which browser, how surely, since when and until when.

    ``browser`` is a keyed digest of what the browser says of itself; ``level`` is the login's level of assurance.
    """

    person: str
    browser: bytes
    level: str
    made_at: datetime
    seen_at: datetime
    ends_at: datetime


class Sessions(Scope):
    """The calls of a transaction about sessions. ``token`` is the browser's secret."""

    def put_session(self, token: str, *, person: str, browser: str, level: str, at: datetime, ends: datetime) -> None:
        """Keep a new session."""
        self.run(
            _PUT,
            {
                "id": self._index(token), "person": person, "browser": self._browser(browser), "level": level,
                "at": stamp(at), "ends": stamp(ends),
            },
        )  # fmt: skip

    def session(self, token: str) -> Session | None:
        """The session that a token opens, over or not."""
        row = self.run(_FIND, {"id": self._index(token)}).first()
        if row is None:
            return None
        return Session(
            row.person, bytes(row.browser), row.level, moment(row.made_at), moment(row.seen_at), moment(row.ends_at)
        )

    def same_browser(self, session: Session, browser: str) -> bool:
        """Whether a session was begun by the browser that now says this of itself."""
        return session.browser == self._browser(browser)

    def session_seen(self, token: str, *, at: datetime) -> None:
        """The person did something just now."""
        self.run(_SEEN, {"id": self._index(token), "at": stamp(at)})

    def end_session(self, token: str) -> None:
        """Nobody is logged in by this token any more."""
        self.run(_END, {"id": self._index(token)})

    def end_sessions_of(self, person: str) -> int:
        """Log a person out everywhere; how many sessions there were."""
        return self.run(_END_ALL, {"person": person}).rowcount

    def claim_form(self, mark: str, *, at: datetime) -> bool:
        """Whether a form that was given out under a mark is sent for the first time; from now on it is not."""
        return self.run(_CLAIM, {"id": self.seal.keys.index("sent", mark), "at": stamp(at)}).rowcount == 1

    def unclaim_form(self, mark: str) -> None:
        """What a form asked for was not done: it may be sent again."""
        self.run(_UNCLAIM, {"id": self.seal.keys.index("sent", mark)})

    def drop_forms(self, *, before: datetime) -> None:
        """Forget forms that were sent before a time: no session that had them lives any more."""
        self.run(_OLD_FORMS, {"before": stamp(before)})

    def session_count(self, *, now: datetime) -> int:
        """How many sessions have not come to their end."""
        return int(self.run(_COUNT, {"now": stamp(now)}).scalar_one())

    def open_sessions(self, *, now: datetime, idle: datetime) -> list[Session]:
        """The sessions that are not over and were used since ``idle``, by person; without what binds them."""
        return [
            Session(row.person, b"", row.level, moment(row.made_at), moment(row.seen_at), moment(row.ends_at))
            for row in self.run(_OPEN, {"now": stamp(now), "idle": stamp(idle)})
        ]

    def drop_sessions(self, *, now: datetime, idle: datetime) -> int:
        """Remove what ended before ``now`` or was last used before ``idle``; how many there were."""
        return self.run(_OVER, {"now": stamp(now), "idle": stamp(idle)}).rowcount

    def _index(self, token: str) -> bytes:
        return self.seal.keys.index("session", token)

    def _browser(self, told: str) -> bytes:
        return self.seal.keys.index("browser", told)
