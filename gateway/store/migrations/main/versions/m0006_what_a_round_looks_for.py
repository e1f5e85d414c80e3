"""What each round looks for is found by an index: open tasks of a kind, and records that have been held for long."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the two indexes."""
    waits = sa.text("waits IS NOT NULL")
    op.create_index("tasks_kind", "tasks", ["kind", "case_id"], sqlite_where=waits, postgresql_where=waits)
    op.create_index("quarantine_first", "quarantine", ["system", "first_at"])
