"""Finished notices get an index: those to be forgotten are looked for every hour among all of 90 days."""

from __future__ import annotations

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One index."""
    op.create_index(op.f("ix_notices_finished"), "notices", ["finished"], unique=False)


def downgrade() -> None:
    """Without it again."""
    op.drop_index(op.f("ix_notices_finished"), table_name="notices")
