"""One database: connections that keep what they acknowledge, transactions, and the schema's version.

SQLite runs in WAL mode with ``synchronous=FULL``, read back on every new connection: with ``NORMAL`` a power cut takes
acknowledged records. Writers begin with ``BEGIN IMMEDIATE`` behind one lock per process; readers never wait for them.
"""

import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import QueuePool

from gateway.store.errors import StoreError, boundary
from gateway.store.schema import HEADS, METADATA, VERSION_TABLES

Which = Literal["main", "vault"]

DURABLE: Sequence[str] = ("journal_mode=WAL", "synchronous=FULL", "fullfsync=ON", "checkpoint_fullfsync=ON")
"""What every SQLite connection is set to before it is used."""

_QUIET: Sequence[str] = ("trusted_schema=OFF", "cell_size_check=ON", "cache_size=-16000", "temp_store=MEMORY")


class Database:
    """The main database or the vault at a URL. Opening creates or upgrades it; a newer one is refused.

    ``wait`` is how long a transaction waits for another's lock, in seconds. Raises ``store.url``, ``store.unsafe``
    (the database would not keep what it acknowledges), ``store.newer``, ``store.unreachable`` and the codes of
    ``errors``.
    """

    def __init__(self, url: str, which: Which, *, wait: float = 10.0) -> None:
        self.which = which
        self.wait = wait
        try:
            self.url = make_url(url)
        except ArgumentError:
            raise StoreError("store.url") from None
        self.dialect = self.url.get_backend_name()
        self._lock = threading.Lock()
        if self.dialect == "sqlite":
            self.path: Path | None = self._file()
            self.writer = self._sqlite(writes=True)
            self.reader = self._sqlite(writes=False)
        elif self.dialect == "postgresql":
            self.path = None
            self.writer = self._postgres()
            self.reader = self.writer.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        else:
            raise StoreError("store.url")
        try:
            self._ready()
        except BaseException:
            self.close()
            raise

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that commits when the block ends well and leaves nothing when it does not."""
        if self.dialect == "sqlite":
            if not self._lock.acquire(timeout=self.wait):
                raise StoreError("store.locked")
            try:
                with boundary(), self.writer.begin() as connection:
                    yield connection
            finally:
                self._lock.release()
        else:
            with boundary(), self.writer.begin() as connection:
                yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A snapshot that stays the same until the block ends and cannot be written through."""
        with boundary(), self.reader.begin() as connection:
            yield connection

    def close(self) -> None:
        """Let go of every connection."""
        with boundary():
            self.writer.dispose()
            self.reader.dispose()

    def scrub(self, table: str) -> None:
        """Overwrite what was deleted from ``table``, as far as the database can: log file and free pages."""
        with boundary():
            if self.dialect == "sqlite":
                with self._lock, self.writer.connect() as connection:
                    driver: Any = connection.connection.driver_connection
                    driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # refused inside a transaction
            else:
                with self.writer.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                    connection.execute(text(f"VACUUM {table}"))

    def _file(self) -> Path:
        if not self.url.database or self.url.database == ":memory:":
            raise StoreError("store.url")  # memory keeps nothing
        path = Path(self.url.database)
        try:
            path.parent.mkdir(mode=0o700, exist_ok=True)
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        except PermissionError:
            # Even a reader's first connection leaves a log beside the file, with the file's rights: once those are
            # mended, the log would still be one that nobody may write.
            raise StoreError("store.readonly") from None
        except OSError as error:
            raise StoreError("store.readonly" if error.errno == 30 else "store.unreachable") from None
        return path

    def _sqlite(self, *, writes: bool) -> Engine:
        engine = create_engine(
            self.url, poolclass=QueuePool, hide_parameters=True, pool_size=1 if writes else 8,
            max_overflow=0 if writes else 24, pool_timeout=self.wait,
            connect_args={"timeout": self.wait, "check_same_thread": False},
        )  # fmt: skip
        begin = "BEGIN IMMEDIATE" if writes else "BEGIN"

        def set_up(connection: Any, _record: object) -> None:
            connection.isolation_level = None  # transactions begin where we say, not where the driver guesses
            cursor = connection.cursor()
            for setting in (*DURABLE, *_QUIET, *(() if self.which == "main" else ("secure_delete=ON",))):
                cursor.execute(f"PRAGMA {setting}")
            journal = cursor.execute("PRAGMA journal_mode").fetchone()[0]
            synchronous = cursor.execute("PRAGMA synchronous").fetchone()[0]
            if journal != "wal" or synchronous < 2:
                raise StoreError("store.unsafe")
            if not writes:
                cursor.execute("PRAGMA query_only=ON")
            cursor.close()

        def start(connection: Connection) -> None:
            connection.exec_driver_sql(begin)

        event.listen(engine, "connect", set_up)
        event.listen(engine, "begin", start)
        return engine

    def _postgres(self) -> Engine:
        engine = create_engine(
            self.url, hide_parameters=True, pool_size=8, max_overflow=24, pool_timeout=self.wait, pool_pre_ping=True,
            connect_args={"connect_timeout": max(1, int(self.wait))},
        )  # fmt: skip

        def set_up(connection: Any, _record: object) -> None:
            cursor = connection.cursor()
            cursor.execute(f"SET lock_timeout = {int(self.wait * 1000)}")
            cursor.execute("SELECT current_setting('synchronous_commit'), current_setting('fsync')")
            synchronous, fsync = cursor.fetchone()
            cursor.close()
            connection.commit()
            if synchronous == "off" or fsync == "off":
                raise StoreError("store.unsafe")

        event.listen(engine, "connect", set_up)
        return engine

    def version(self, connection: Connection) -> str | None:
        """The migration that the database stands at; ``None`` for an empty one."""
        table = VERSION_TABLES[self.which]
        if not inspect(connection).has_table(table):
            return None
        return connection.execute(text(f"SELECT version_num FROM {table}")).scalar()

    def _ready(self) -> None:
        head = HEADS[self.which]
        with self.read() as connection:
            version = self.version(connection)
        if version == head:
            return
        with self.write() as connection:
            if self.dialect == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(4274001)"))  # one process upgrades, others wait
            version = self.version(connection)
            if version is None:
                self._create(connection, head)
            elif version > head:
                raise StoreError("store.newer")
            elif version < head:
                from gateway.store.migrations import upgrade  # noqa: PLC0415  alembic costs a third of a second

                upgrade(connection, self.which)

    def _create(self, connection: Connection, head: str) -> None:
        table = VERSION_TABLES[self.which]
        METADATA[self.which].create_all(connection)
        connection.execute(
            text(
                f"CREATE TABLE {table} (version_num VARCHAR(32) NOT NULL,"
                f" CONSTRAINT {table}_pkc PRIMARY KEY (version_num))",
            )
        )
        connection.execute(text(f"INSERT INTO {table} VALUES (:head)"), {"head": head})
