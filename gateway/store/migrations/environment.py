"""How alembic runs here: on the caller's connection, inside the caller's transaction."""

from alembic import context

from gateway.store.schema import METADATA, VERSION_TABLES


def run() -> None:
    """Run the migrations that the command asks for."""
    attributes = context.config.attributes
    which = attributes["which"]
    context.configure(
        connection=attributes["connection"],
        target_metadata=METADATA[which],
        version_table=VERSION_TABLES[which],
        render_as_batch=True,
        transactional_ddl=True,
    )
    context.run_migrations()
