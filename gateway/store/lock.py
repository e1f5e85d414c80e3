"""One worker a lane, across threads and processes: a small SQLite file beside the database, or an advisory lock."""

import hashlib
import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import text

from gateway.store.database import Database
from gateway.store.errors import Busy, StoreError, boundary, code_of


@contextmanager
def hold(database: Database, tenant: str, system: str, wait: float) -> Iterator[None]:
    """Hold a lane until the block ends or the process dies. Raises ``Busy`` after ``wait`` seconds."""
    if database.path is not None:
        with _by_file(database.path, system, wait):
            yield
    else:
        with _by_advisory(database, tenant, system, wait):
            yield


@contextmanager
def _by_file(database: Path, system: str, wait: float) -> Iterator[None]:
    """SQLite's own file locks work on every platform, count threads and processes alike, and end with the process."""
    digest = hashlib.sha256(system.encode()).hexdigest()[:8]
    path = database.with_name(f"{database.name}.lane-{re.sub('[^a-z0-9-]', '_', system)[:40]}-{digest}")
    try:
        connection = sqlite3.connect(path, timeout=wait, isolation_level=None, check_same_thread=False)
    except sqlite3.Error as error:
        raise StoreError(code_of(error)) from None
    try:
        try:
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.Error as error:
            code = code_of(error)
            raise (Busy(system) if code == "store.locked" else StoreError(code)) from None
        yield
    finally:
        connection.close()


@contextmanager
def _by_advisory(database: Database, tenant: str, system: str, wait: float) -> Iterator[None]:
    key = int.from_bytes(hashlib.sha256(f"lane/{tenant}/{system}".encode()).digest()[:8], "big", signed=True)
    with boundary():
        connection = database.writer.connect().execution_options(isolation_level="AUTOCOMMIT")
    try:
        try:
            with boundary():
                if wait > 0:
                    connection.execute(text(f"SET lock_timeout = {max(1, int(wait * 1000))}"))
                    connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": key})
                elif not connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": key}).scalar():
                    raise Busy(system)
        except StoreError as error:
            raise (Busy(system) if error.code == "store.locked" else error) from None
        yield
    finally:
        connection.invalidate()  # closing the session lets go of the lock, whatever state it is in
        connection.close()
