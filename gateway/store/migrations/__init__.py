"""Migrations of the two databases, run from inside the program."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection


def config(connection: Connection | None, which: str) -> Config:
    """Alembic's settings for one of the databases, on an open connection."""
    settings = Config()
    settings.set_main_option("script_location", str(Path(__file__).parent / which))
    settings.attributes["connection"] = connection
    settings.attributes["which"] = which
    return settings


def upgrade(connection: Connection, which: str, to: str = "head") -> None:
    """Bring a database to a migration inside the connection's own transaction: all of it, or nothing."""
    command.upgrade(config(connection, which), to)
