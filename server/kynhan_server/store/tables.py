"""The relay's tables, for SQLite and PostgreSQL alike. migrations/ makes them; a test keeps the two equal.

Every table has the log: a relay hosts many side by side, and nothing is ever looked up across them. Times are POSIX
seconds, hashes and ids lower-case hex, tree hashes raw bytes.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    UniqueConstraint,
)

metadata: Final = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    }
)


def _log() -> Column[int]:
    return Column("log", Integer, ForeignKey("logs.id"), nullable=False)


def _hash(name: str, *, nullable: bool = False) -> Column[str]:
    return Column(name, String(64), nullable=nullable)


logs: Final = Table(
    "logs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("slug", String(40), nullable=False),
    Column("origin", String(255), nullable=False),
    # Why the log signs nothing any more: a checkpoint under its own key that contradicts its tree. NULL: it runs.
    Column("stopped", String(500)),
    UniqueConstraint("slug"),
    # Two logs under one origin would be one log with two histories.
    UniqueConstraint("origin"),
)

committees: Final = Table(
    "committees",
    metadata,
    _log(),
    Column("committee", String(128), nullable=False),
    # The root the operator admitted; successions are in the chain.
    Column("root", String(400), nullable=False),
    PrimaryKeyConstraint("log", "committee"),
)

statements: Final = Table(
    "statements",
    metadata,
    _log(),
    Column("idx", BigInteger, nullable=False),
    _hash("id"),
    _hash("text_hash"),
    Column("note", LargeBinary, nullable=False),
    Column("type", String(20), nullable=False),
    # Of the case it belongs to; a receipt, say, has that of its dispatch.
    Column("case", String(36)),
    # Of a root statement: whose chain.
    Column("committee", String(128)),
    # Of a relay statement: index of the posted statement that it answers. Those of one index are its receipts.
    Column("cause", BigInteger),
    Column("time", BigInteger, nullable=False),
    # Size of the checkpoint of its group: the one its receipt stands under.
    Column("size", BigInteger, nullable=False),
    PrimaryKeyConstraint("log", "idx"),
    UniqueConstraint("log", "id"),
    # One text is logged once, whoever signs it again.
    UniqueConstraint("log", "text_hash"),
    Index(None, "log", "case", "idx"),
    Index(None, "log", "cause"),
    Index(None, "log", "committee", "idx"),
)

checkpoints: Final = Table(
    "checkpoints",
    metadata,
    _log(),
    Column("size", BigInteger, nullable=False),
    # Signed once and stored, so that a repeated post gets the same bytes (ML-DSA signatures are never twice the same).
    Column("note", LargeBinary, nullable=False),
    Column("root", LargeBinary, nullable=False),
    Column("time", BigInteger, nullable=False),
    PrimaryKeyConstraint("log", "size"),
)

nodes: Final = Table(
    "nodes",
    metadata,
    _log(),
    # Complete subtrees only: level 0 holds the leaf hashes.
    Column("level", Integer, nullable=False),
    Column("idx", BigInteger, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    PrimaryKeyConstraint("log", "level", "idx"),
    sqlite_with_rowid=False,
)

dispatches: Final = Table(
    "dispatches",
    metadata,
    _log(),
    _hash("id"),
    Column("idx", BigInteger, nullable=False),
    _hash("header_hash"),
    # NULL once its time is over: the header is all that is missing to whoever has the body and an old key.
    Column("header", LargeBinary),
    Column("body_size", BigInteger, nullable=False),
    _hash("body_hash"),
    # Exactly one of the two: bytes up to 64 KiB, or the id of a blob.
    Column("body", LargeBinary),
    Column("blob", String(32)),
    # sent, then the first of: receipted, declined, withdrawn
    Column("state", String(10), nullable=False),
    # verified, faulty, undelivered; NULL before any opening
    Column("opening", String(11)),
    # When the header is to be deleted; NULL: not yet known, or done.
    Column("header_until", BigInteger),
    PrimaryKeyConstraint("log", "id"),
    # A header that another dispatch used is refused: releasing one would release the other.
    UniqueConstraint("log", "header_hash"),
    # Which dispatches of a log have the same body: only after a withdrawal may there be more than one.
    Index(None, "log", "body_hash"),
    Index(None, "header_until"),
)

uploads: Final = Table(
    "uploads",
    metadata,
    _log(),
    Column("id", String(32), nullable=False),
    Column("committee", String(128), nullable=False),
    Column("length", BigInteger, nullable=False),
    # Bytes that fsync() has seen; what the file holds beyond is cut off before more is written.
    Column("offset", BigInteger, nullable=False),
    # Of the whole, once it is complete.
    _hash("sha256", nullable=True),
    Column("created", BigInteger, nullable=False),
    # The dispatch it became the body of; from then on it is no upload any more.
    _hash("dispatch", nullable=True),
    PrimaryKeyConstraint("log", "id"),
    # What no dispatch used, by age: the sweep must not pass by all that were used.
    Index(None, "dispatch", "created"),
)

documents: Final = Table(
    "documents",
    metadata,
    _log(),
    _hash("sha256"),
    Column("bytes", LargeBinary, nullable=False),
    PrimaryKeyConstraint("log", "sha256"),
)

cosignatures: Final = Table(
    "cosignatures",
    metadata,
    _log(),
    Column("size", BigInteger, nullable=False),
    Column("name", String(255), nullable=False),
    Column("committee", String(128), nullable=False),
    # The signature line as it stands in the note, with its newline.
    Column("line", LargeBinary, nullable=False),
    Column("time", BigInteger, nullable=False),
    # A witness signs a checkpoint once; a later line of the same key changes nothing.
    PrimaryKeyConstraint("log", "size", "name"),
)

concerned: Final = Table(
    "concerned",
    metadata,
    _log(),
    Column("case", String(36), nullable=False),
    # A unit, auditor or approver that the case concerns; clerks see everything anyway.
    Column("member", String(192), nullable=False),
    PrimaryKeyConstraint("log", "member", "case"),
    sqlite_with_rowid=False,
)

cases: Final = Table(
    "cases",
    metadata,
    _log(),
    Column("case", String(36), nullable=False),
    # When to look whether somebody has to be reminded; NULL: nothing is waited for.
    Column("next_remind_at", BigInteger),
    PrimaryKeyConstraint("log", "case"),
    Index(None, "next_remind_at"),
)

reminders: Final = Table(
    "reminders",
    metadata,
    _log(),
    Column("case", String(36), nullable=False),
    Column("step", String(20), nullable=False),
    _hash("due"),
    Column("idx", BigInteger, nullable=False),
    # Exactly once: two processes that claim the same step cannot both commit.
    PrimaryKeyConstraint("log", "case", "step", "due"),
)

moves: Final = Table(
    "moves",
    metadata,
    _log(),
    # Index of the calendar approval whose new dates are still to be given out; a log has one at a time.
    Column("approval", BigInteger, nullable=False),
    # The last case, in the order of their numbers, that has its new date; "" while none has.
    Column("after", String(36), nullable=False),
    PrimaryKeyConstraint("log"),
)

channels: Final = Table(
    "channels",
    metadata,
    _log(),
    Column("id", String(32), nullable=False),
    # Whose it is; nobody else is ever shown it.
    Column("member", String(192), nullable=False),
    # mail, webhook, feed
    Column("kind", String(8), nullable=False),
    # A mail address or a URL. NULL for a feed, whose secret address is kept as a hash only.
    Column("address", String(1024)),
    _hash("secret_hash", nullable=True),
    Column("language", String(4), nullable=False),
    Column("digest", Boolean, nullable=False),
    Column("created", BigInteger, nullable=False),
    # NULL until the code that was sent there came back; only mail needs that.
    Column("confirmed", BigInteger),
    # Until then: the code, and how often a wrong one was given.
    Column("code", String(9)),
    Column("tries", Integer, nullable=False),
    PrimaryKeyConstraint("log", "id"),
    UniqueConstraint("secret_hash"),
    Index(None, "log", "member"),
)

notices: Final = Table(
    "notices",
    metadata,
    _log(),
    # What it tells of: the id of a REMINDER, `calendar-YEAR-WEEK`, or `code`.
    Column("about", String(64), nullable=False),
    Column("channel", String(32), nullable=False),
    # As the REMINDER and its case said when it was logged: all that the message will say.
    Column("case", String(36)),
    Column("step", String(20)),
    Column("date", String(10)),
    Column("provisional", Boolean, nullable=False),
    Column("target", Boolean, nullable=False),
    Column("escalated", Boolean, nullable=False),
    # Not to wait for office hours.
    Column("urgent", Boolean, nullable=False),
    Column("created", BigInteger, nullable=False),
    # waiting, then sent or failed
    Column("state", String(7), nullable=False),
    Column("attempts", Integer, nullable=False),
    # When to try (again); NULL once nothing is waited for.
    Column("next_try", BigInteger),
    # The message it went, or is going, out in: given before the first attempt and never changed, so that a repetition
    # after a crash bears the same Message-ID.
    Column("batch", String(32)),
    # While a process sends it, until when nobody else may.
    Column("claimed_until", BigInteger),
    Column("finished", BigInteger),
    # Why the last attempt failed: a code.
    Column("error", String(40)),
    # One row per reminder and channel, whatever happens twice.
    PrimaryKeyConstraint("log", "about", "channel"),
    Index(None, "next_try"),
    # What is to be forgotten is looked for every hour, among those of 90 days.
    Index(None, "finished"),
    Index(None, "log", "channel"),
)

meta: Final = Table(
    "meta",
    metadata,
    # heartbeat: POSIX seconds at which the relay was last seen running with its clock in order
    Column("name", String(40), primary_key=True),
    Column("value", String(200), nullable=False),
)
