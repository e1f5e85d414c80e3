"""Alembic's entry point."""

from gateway.store.migrations import environment

environment.run()
