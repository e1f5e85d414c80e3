"""Inboxes and cases by unit: a page reads what it shows, however many tasks and cases there are."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_FORTNIGHT = 14 * 24 * 3600 * 1_000_000


def upgrade() -> None:
    """Every open task gets its place. Which units have to do with a case is found out at the next round."""
    op.add_column("tasks", sa.Column("person", sa.Text(), nullable=True))
    op.add_column("tasks", sa.Column("rests", sa.BigInteger(), nullable=True))
    op.add_column("tasks", sa.Column("waits", sa.BigInteger(), nullable=True))
    op.execute(sa.text(f"UPDATE tasks SET waits = coalesce(deadline, at + {_FORTNIGHT}) WHERE open_key IS NOT NULL"))
    waits = sa.text("waits IS NOT NULL")
    for column in ("unit", "person"):
        op.create_index(f"tasks_{column}", "tasks", [column, "waits", "id"], sqlite_where=waits, postgresql_where=waits)
    op.create_table(
        "case_units",
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("since", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("unit", "case_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("case_units_since", "case_units", ["unit", "since", "case_id"])
    op.create_index("case_units_case", "case_units", ["case_id"])
    op.create_table(
        "web_forms",
        sa.Column("id", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sqlite_with_rowid=False,
    )
    op.create_index("web_forms_at", "web_forms", ["at"])
