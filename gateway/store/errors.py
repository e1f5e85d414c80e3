"""What the store may raise, grouped by what to do next.

::

    StoreError            a code says what is wrong: full, locked, readonly, corrupt, newer, key, unsafe, …
    ├── Stale             read again and try again: somebody else changed it meanwhile
    └── Busy              another process holds the lane: wait, or say so

A foreign exception's text never comes along: databases put values into theirs.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, SQLAlchemyError


class StoreError(Exception):
    """The store could not do what was asked. ``code`` is stable and listed in ``docs/reference/errors.md``."""

    def __init__(self, code: str, *, where: str | None = None) -> None:
        super().__init__(code if where is None else f"{code} at {where}")
        self.code = code
        self.where = where


class Stale(StoreError):
    """``count`` rows were not as they were when they were read. Nothing was changed; read again."""

    def __init__(self, count: int = 1, *, where: str | None = None) -> None:
        super().__init__("store.stale", where=where)
        self.count = count


class Busy(StoreError):
    """Another worker holds this lane."""

    def __init__(self, where: str | None = None) -> None:
        super().__init__("store.busy", where=where)


_SQLITE = {
    sqlite3.SQLITE_FULL: "store.full",
    sqlite3.SQLITE_BUSY: "store.locked",
    sqlite3.SQLITE_LOCKED: "store.locked",
    sqlite3.SQLITE_READONLY: "store.readonly",
    sqlite3.SQLITE_PERM: "store.readonly",
    sqlite3.SQLITE_CORRUPT: "store.corrupt",
    sqlite3.SQLITE_NOTADB: "store.corrupt",
    sqlite3.SQLITE_CANTOPEN: "store.unreachable",
    sqlite3.SQLITE_IOERR: "store.io",
    sqlite3.SQLITE_CONSTRAINT: "store.stale",
}
"""SQLite's primary result codes (the low byte of an extended code)."""

_POSTGRES = (
    ("53100", "store.full"),
    ("53", "store.locked"),
    ("55P03", "store.locked"),
    ("40", "store.stale"),
    ("57014", "store.locked"),
    ("25006", "store.readonly"),
    ("42501", "store.readonly"),
    ("XX001", "store.corrupt"),
    ("XX002", "store.corrupt"),
    ("23", "store.stale"),
    ("08", "store.unreachable"),
    ("57P", "store.unreachable"),
    ("28", "store.unreachable"),
    ("3D", "store.unreachable"),
)
"""SQLSTATE prefixes, the longer before the shorter where they overlap."""


def code_of(error: BaseException | None) -> str:
    """The store's code for a database driver's exception, by its number alone; its text is not looked at."""
    if isinstance(error, sqlite3.Error):
        number = getattr(error, "sqlite_errorcode", None)
        return _SQLITE.get(number & 0xFF, "store.failed") if isinstance(number, int) else "store.failed"
    state = getattr(error, "sqlstate", None)
    if isinstance(state, str):
        return next((code for prefix, code in _POSTGRES if state.startswith(prefix)), "store.failed")
    if type(error).__module__.startswith("psycopg") and type(error).__name__ == "OperationalError":
        return "store.unreachable"  # psycopg gives no state when it could not connect at all
    return "store.failed"


def translate(error: SQLAlchemyError | sqlite3.Error) -> StoreError:
    """The store's own exception for a foreign one, to be raised ``from None``."""
    code = code_of(error.orig if isinstance(error, DBAPIError) else error)
    return Stale() if code == "store.stale" else StoreError(code)


@contextmanager
def boundary() -> Iterator[None]:
    """Turn whatever the database raises inside into a ``StoreError``; other exceptions pass."""
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error) as error:
        raise translate(error) from None
