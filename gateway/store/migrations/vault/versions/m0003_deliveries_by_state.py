"""Deliveries whose outcome is not known, or that wait for a receipt, are found by an index whatever the system."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Put the state first, and the time last."""
    op.drop_index("sendings_open", "sendings")
    op.create_index("sendings_state", "sendings", ["state", "system", "begun_at"])
