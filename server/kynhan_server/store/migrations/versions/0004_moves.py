"""A new calendar moves the dates of a log's open cases in parts: how far it came."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One table."""
    op.create_table(
        "moves",
        sa.Column("log", sa.Integer(), nullable=False),
        sa.Column("approval", sa.BigInteger(), nullable=False),
        sa.Column("after", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(["log"], ["logs.id"], name=op.f("fk_moves_log")),
        sa.PrimaryKeyConstraint("log", name=op.f("pk_moves")),
    )


def downgrade() -> None:
    """There is no way back: dates half moved would stay so."""
    raise NotImplementedError
