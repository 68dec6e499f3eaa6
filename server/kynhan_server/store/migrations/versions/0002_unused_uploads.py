"""Uploads that no dispatch used get an index of their own: each tick looks for old ones among millions used."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One index for another."""
    op.create_index(op.f("ix_uploads_dispatch_created"), "uploads", ["dispatch", "created"], unique=False)
    op.drop_index(op.f("ix_uploads_created"), table_name="uploads")


def downgrade() -> None:
    """Back to the first one."""
    op.create_index(op.f("ix_uploads_created"), "uploads", ["created"], unique=False)
    op.drop_index(op.f("ix_uploads_dispatch_created"), table_name="uploads")
