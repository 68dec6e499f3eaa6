"""The first tables: logs, statements and tree, packages, witnesses, reminders. tables.py says what each is for."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes everything."""
    op.create_table(
        "logs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=40), nullable=False),
        sa.Column("origin", sa.String(length=255), nullable=False),
        sa.Column("stopped", sa.String(length=500), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_logs")),
        sa.UniqueConstraint("origin", name=op.f("uq_logs_origin")),
        sa.UniqueConstraint("slug", name=op.f("uq_logs_slug")),
    )
    op.create_table(
        "meta",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("value", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_meta")),
    )
    op.create_table(
        "cases",
        sa.Column("log", sa.Integer(), nullable=False),
        sa.Column("case", sa.String(length=36), nullable=False),
        sa.Column("next_remind_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["log"], ["logs.id"], name=op.f("fk_cases_log")),
        sa.PrimaryKeyConstraint("log", "case", name=op.f("pk_cases")),
    )
    op.create_index(op.f("ix_cases_next_remind_at"), "cases", ["next_remind_at"], unique=False)
    op.create_table(
        "checkpoints",
        sa.Column("log", sa.Integer(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("time", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["log"], ["logs.id"], name=op.f("fk_checkpoints_log")),
        sa.PrimaryKeyConstraint("log", "size", name=op.f("pk_checkpoints")),
    )
    op.create_table(
        "committees",
        sa.Column("log", sa.Integer(), nullable=False),
        sa.Column("committee", sa.String(length=128), nullable=False),
        sa.Column("root", sa.String(length=400), nullable=False),
        sa.ForeignKeyConstraint(["log"], ["logs.id"], name=op.f("fk_committees_log")),
        sa.PrimaryKeyConstraint("log", "committee", name=op.f("pk_committees")),
    )
    op.create_table(
        "concerned",
        sa.Column("log", sa.Integer(), nullable=False),
        sa.Column("case", sa.String(length=36), nullable=False),
        sa.Column("member", sa.String(length=192), nullable=False),
        sa.ForeignKeyConstraint(["log"], ["logs.id"], name=op.f("fk_concerned_log")),
        sa.PrimaryKeyConstraint("log", "member", "case", name=op.f("pk_concerned")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "cosignatures",
        sa.Column("log", sa.Integer(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("committee", sa.String(length=128), nullable=False),
        sa.Column("line", sa.LargeBinary(), nullable=False),
        sa.Column("time", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["log"], ["logs.id"], name=op.f("fk_cosignatures_log")),
        sa.PrimaryKeyConstraint("log", "size", "name", name=op.f("pk_cosignatures")),
    )
    op.create_table(
        "dispatches",
        sa.Column("log", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("idx", sa.BigInteger(), nullable=False),
        sa.Column("header_hash", sa.String(length=64), nullable=False),
        sa.Column("header", sa.LargeBinary(), nullable=True),
        sa.Column("body_size", sa.BigInteger(), nullable=False),
        sa.Column("body_hash", sa.String(length=64), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("blob", sa.String(length=32), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("opening", sa.String(length=11), nullable=True),
        sa.Column("header_until", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["log"], ["logs.id"], name=op.f("fk_dispatches_log")),
        sa.PrimaryKeyConstraint("log", "id", name=op.f("pk_dispatches")),
        sa.UniqueConstraint("log", "header_hash", name=op.f("uq_dispatches_log_header_hash")),
    )
    op.create_index(op.f("ix_dispatches_header_until"), "dispatches", ["header_until"], unique=False)
    op.create_table(
        "documents",
        sa.Column("log", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("bytes", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["log"], ["logs.id"], name=op.f("fk_documents_log")),
        sa.PrimaryKeyConstraint("log", "sha256", name=op.f("pk_documents")),
    )
    op.create_table(
        "nodes",
        sa.Column("log", sa.Integer(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("idx", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["log"], ["logs.id"], name=op.f("fk_nodes_log")),
        sa.PrimaryKeyConstraint("log", "level", "idx", name=op.f("pk_nodes")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "reminders",
        sa.Column("log", sa.Integer(), nullable=False),
        sa.Column("case", sa.String(length=36), nullable=False),
        sa.Column("step", sa.String(length=20), nullable=False),
        sa.Column("due", sa.String(length=64), nullable=False),
        sa.Column("idx", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["log"], ["logs.id"], name=op.f("fk_reminders_log")),
        sa.PrimaryKeyConstraint("log", "case", "step", "due", name=op.f("pk_reminders")),
    )
    op.create_table(
        "statements",
        sa.Column("log", sa.Integer(), nullable=False),
        sa.Column("idx", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("text_hash", sa.String(length=64), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=False),
        sa.Column("type", sa.String(length=20), nullable=False),
        sa.Column("case", sa.String(length=36), nullable=True),
        sa.Column("committee", sa.String(length=128), nullable=True),
        sa.Column("cause", sa.BigInteger(), nullable=True),
        sa.Column("time", sa.BigInteger(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["log"], ["logs.id"], name=op.f("fk_statements_log")),
        sa.PrimaryKeyConstraint("log", "idx", name=op.f("pk_statements")),
        sa.UniqueConstraint("log", "id", name=op.f("uq_statements_log_id")),
        sa.UniqueConstraint("log", "text_hash", name=op.f("uq_statements_log_text_hash")),
    )
    op.create_index(op.f("ix_statements_log_case_idx"), "statements", ["log", "case", "idx"], unique=False)
    op.create_index(op.f("ix_statements_log_cause"), "statements", ["log", "cause"], unique=False)
    op.create_index(
        op.f("ix_statements_log_committee_idx"), "statements", ["log", "committee", "idx"], unique=False
    )
    op.create_table(
        "uploads",
        sa.Column("log", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("committee", sa.String(length=128), nullable=False),
        sa.Column("length", sa.BigInteger(), nullable=False),
        sa.Column("offset", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("dispatch", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["log"], ["logs.id"], name=op.f("fk_uploads_log")),
        sa.PrimaryKeyConstraint("log", "id", name=op.f("pk_uploads")),
    )
    op.create_index(op.f("ix_uploads_created"), "uploads", ["created"], unique=False)


def downgrade() -> None:
    """There is no way back: a log is not deleted by a migration."""
    raise NotImplementedError
