"""The migrations make the tables that the program expects, on both databases."""

import subprocess
import sys

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect, text

from gateway.store.migrations import config, upgrade
from gateway.store.schema import HEADS, METADATA, VERSION_TABLES

WHICH = ["main", "vault"]


def shape(url):
    engine = create_engine(url)
    found = inspect(engine)
    tables = {
        table: (
            sorted((c["name"], str(c["type"]), c["nullable"]) for c in found.get_columns(table)),
            found.get_pk_constraint(table)["constrained_columns"],
            sorted((i["name"], tuple(i["column_names"]), bool(i["unique"])) for i in found.get_indexes(table)),
            sorted((u["name"], tuple(u["column_names"])) for u in found.get_unique_constraints(table)),
        )
        for table in found.get_table_names()
    }
    engine.dispose()
    return tables


def differences(url, which):
    engine = create_engine(url)
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": False, "version_table": VERSION_TABLES[which]},
        )  # fmt: skip
        found = compare_metadata(context, METADATA[which])
    engine.dispose()
    return found


def migrated(url, which):
    engine = create_engine(url)
    with engine.begin() as connection:
        upgrade(connection, which)
    engine.dispose()


@pytest.mark.parametrize("which", WHICH)
def test_migrations_from_nothing_and_a_new_store_are_the_same_and_as_the_program_expects(place, which):
    migrated(place.urls[which], which)
    assert differences(place.urls[which], which) == []
    by_migration = shape(place.urls[which])
    for table in by_migration:
        place.sql(which, f'DROP TABLE "{table}"')
    place.open()
    assert shape(place.urls[which]) == by_migration
    assert differences(place.urls[which], which) == []


@pytest.mark.parametrize(
    "drift", ["ALTER TABLE cases ADD COLUMN note TEXT", "DROP INDEX due_since", "DROP TABLE flows", "CREATE TABLE more (id INTEGER)"],
)  # fmt: skip
def test_a_table_that_drifted_is_found(place, drift):
    place.open()
    place.sql("main", drift)
    assert differences(place.urls["main"], "main") != []


@pytest.mark.parametrize("which", WHICH)
def test_the_program_works_with_the_newest_migration(which):
    assert ScriptDirectory.from_config(config(None, which)).get_heads() == [HEADS[which]]


def test_a_store_that_migrations_made_works(place):
    for which in WHICH:
        migrated(place.urls[which], which)
    with place.open().write() as tx:
        tx.save_cases([("a", 0, b"one")])
        tx.append_history([("a", place.now, None, b"one")])
        assert tx.load_cases(["a"]) == {"a": (1, b"one")}


def test_an_older_store_is_upgraded_when_it_is_opened(place, monkeypatch):
    place.open()
    place.close()
    called = []
    monkeypatch.setitem(HEADS, "main", "9999")
    monkeypatch.setattr("gateway.store.migrations.upgrade", lambda connection, which: called.append(which))
    place.open()
    assert called == ["main"]


def test_a_migration_that_fails_leaves_the_store_as_it_was(place):
    place.open()
    place.close()
    before = shape(place.urls["main"])
    engine = create_engine(place.urls["main"])
    with pytest.raises(KeyError), engine.begin() as connection:
        if place.dialect == "sqlite":
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        connection.execute(text("ALTER TABLE cases ADD COLUMN half TEXT"))
        raise KeyError
    engine.dispose()
    assert shape(place.urls["main"]) == before


def test_opening_a_store_that_is_up_to_date_does_not_import_alembic(file_place):
    file_place.open()
    file_place.close()
    code = (
        "import os, sys; from datetime import UTC, datetime; from gateway.store import Keys, open_store\n"
        "folder = sys.argv[1]\n"
        "open_store(url=f'sqlite:///{folder}/main.db', vault_url=f'sqlite:///{folder}/vault.db', tenant='klepp',\n"
        "           keys=Keys.load(folder + '/bti.key'), clock=lambda: datetime.now(UTC), chance=os.urandom).close()\n"
        "sys.exit('alembic' in sys.modules or 'sqlalchemy.orm' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code, str(file_place.folder)], check=False).returncode == 0
