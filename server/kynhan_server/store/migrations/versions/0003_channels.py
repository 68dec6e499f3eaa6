"""Where reminders go besides the program: channels, and the outbox of notices. tables.py says what each is for."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes both tables."""
    op.create_table(
        "channels",
        sa.Column("log", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("member", sa.String(length=192), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("address", sa.String(length=1024), nullable=True),
        sa.Column("secret_hash", sa.String(length=64), nullable=True),
        sa.Column("language", sa.String(length=4), nullable=False),
        sa.Column("digest", sa.Boolean(), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("confirmed", sa.BigInteger(), nullable=True),
        sa.Column("code", sa.String(length=9), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["log"], ["logs.id"], name=op.f("fk_channels_log")),
        sa.PrimaryKeyConstraint("log", "id", name=op.f("pk_channels")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_channels_secret_hash")),
    )
    op.create_index(op.f("ix_channels_log_member"), "channels", ["log", "member"], unique=False)
    op.create_table(
        "notices",
        sa.Column("log", sa.Integer(), nullable=False),
        sa.Column("about", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("case", sa.String(length=36), nullable=True),
        sa.Column("step", sa.String(length=20), nullable=True),
        sa.Column("date", sa.String(length=10), nullable=True),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("target", sa.Boolean(), nullable=False),
        sa.Column("escalated", sa.Boolean(), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=7), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_try", sa.BigInteger(), nullable=True),
        sa.Column("batch", sa.String(length=32), nullable=True),
        sa.Column("claimed_until", sa.BigInteger(), nullable=True),
        sa.Column("finished", sa.BigInteger(), nullable=True),
        sa.Column("error", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(["log"], ["logs.id"], name=op.f("fk_notices_log")),
        sa.PrimaryKeyConstraint("log", "about", "channel", name=op.f("pk_notices")),
    )
    op.create_index(op.f("ix_notices_next_try"), "notices", ["next_try"], unique=False)
    op.create_index(op.f("ix_notices_log_channel"), "notices", ["log", "channel"], unique=False)


def downgrade() -> None:
    """There is no way back: a log is not deleted by a migration."""
    raise NotImplementedError
