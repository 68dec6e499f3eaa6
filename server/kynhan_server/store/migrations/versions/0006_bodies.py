"""Bodies get an index: whether another dispatch of the log has the same one is asked of each new dispatch."""

from __future__ import annotations

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One index."""
    op.create_index(op.f("ix_dispatches_log_body_hash"), "dispatches", ["log", "body_hash"], unique=False)


def downgrade() -> None:
    """Without it again."""
    op.drop_index(op.f("ix_dispatches_log_body_hash"), table_name="dispatches")
