"""When each case is to be looked at again, who waits for a notice, and which tasks somebody has seen."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make them; every case that is there is looked at once."""
    op.create_table(
        "looks",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("case_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("looks_at", "looks", ["at"])
    op.execute("INSERT INTO looks (case_id, version, at) SELECT id, version, 0 FROM cases")
    op.create_table(
        "notices",
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("since", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("urgent", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("attempts", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("not_before", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("told_at", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.PrimaryKeyConstraint("person"),
        sqlite_with_rowid=False,
    )
    op.add_column("tasks", sa.Column("same", sa.LargeBinary(), nullable=True))
    op.add_column("tasks", sa.Column("noticed", sa.BigInteger(), nullable=True))
    op.create_index("tasks_same", "tasks", ["same"])
