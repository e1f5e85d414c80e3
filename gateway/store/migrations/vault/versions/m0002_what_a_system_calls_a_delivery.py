"""What a system itself calls a delivery, by which it is asked for later."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; deliveries of before have none."""
    op.add_column("sendings", sa.Column("trace", sa.Text(), nullable=True))
