"""The archive: one SQLite file, encrypted page by page, that holds everything this home knows.

`schema/*.sql` describe the tables. This module opens the file, runs transactions and keeps the small tables
(configuration, documents, pins, alarms, diary); logbook.py keeps the copy of the log, cupboard.py the packages,
receipts and the outbox.

Cipher: ChaCha20-Poly1305 per page, under 32 random bytes from keys.age, so no key stretching is needed here.
Durability: WAL, `synchronous=FULL`: a committed transaction survives power loss. What is deleted is overwritten.
"""

from __future__ import annotations

import importlib.resources
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

import apsw

from ..clauses import clause, technical
from ..errors import ClientError, problem

KEY_BYTES: Final = 32
BUSY_MS: Final = 10_000

Value = None | int | float | str | bytes
Severity = Literal["contradiction", "objection", "alarm"]


@dataclass(frozen=True)
class Alarm:
    """Something that was wrong: `severity` says how bad, `evidence` names a file in the home, `index` the place."""

    number: int
    time: int
    severity: Severity
    code: str
    en: str
    vi: str
    index: int | None
    evidence: str | None


@dataclass(frozen=True)
class Event:
    """A line of the home's own diary."""

    number: int
    time: int
    kind: str
    data: dict[str, Any]


class Archive:
    """An open archive. Not for several threads; several processes may each open their own."""

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection

    @classmethod
    def open(cls, path: Path, key: bytes) -> Archive:
        """Opens the file, or makes it. Raises ClientError home-damaged for a file that `key` does not open."""
        archive = cls(open_encrypted(path, key))
        archive._migrate()
        return archive

    def close(self) -> None:
        self._connection.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing, and the only writer meanwhile; inside another one it is part of that."""
        if self._connection.in_transaction:
            yield
            return
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._commit()

    @contextmanager
    def transaction_if_free(self) -> Iterator[bool]:
        """A transaction for what can wait: gives False, and is none, while another process writes."""
        if self._connection.in_transaction:
            yield True
            return
        self._connection.set_busy_timeout(0)
        try:
            self._connection.execute("BEGIN IMMEDIATE")
        except apsw.BusyError:
            yield False
            return
        finally:
            self._connection.set_busy_timeout(BUSY_MS)
        try:
            yield True
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._commit()

    def _commit(self) -> None:
        """Keeps what the transaction did, or none of it. Disk full is ClientError disk-full."""
        try:
            self._connection.execute("COMMIT")
        except apsw.Error as error:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            if isinstance(error, apsw.FullError):
                raise problem("disk-full", path=self._connection.filename) from error
            raise

    def run(self, sql: str, values: Sequence[Value] = ()) -> None:
        """One statement without an answer. Disk full is ClientError disk-full."""
        try:
            self._connection.execute(sql, values)
        except apsw.FullError as error:
            raise problem("disk-full", path=self._connection.filename) from error

    def run_many(self, sql: str, rows: Sequence[Sequence[Value]]) -> None:
        """The same statement for each row."""
        try:
            self._connection.executemany(sql, rows)
        except apsw.FullError as error:
            raise problem("disk-full", path=self._connection.filename) from error

    def rows(self, sql: str, values: Sequence[Value] = ()) -> list[tuple[Any, ...]]:
        """All rows of a query."""
        return list(self._connection.execute(sql, values))

    def row(self, sql: str, values: Sequence[Value] = ()) -> tuple[Any, ...] | None:
        """The first row of a query, or None."""
        return next(iter(self._connection.execute(sql, values)), None)

    def last_id(self) -> int:
        """The id of the row that the last INSERT made."""
        return self._connection.last_insert_rowid()

    # --- configuration

    def get(self, key: str) -> Any:
        """The value kept under `key`, None if there is none."""
        row = self.row("SELECT value FROM config WHERE key = ?", (key,))
        return None if row is None else json.loads(row[0])

    def put(self, key: str, value: object) -> None:
        """Keeps a JSON value under `key`."""
        self.run("INSERT OR REPLACE INTO config VALUES (?, ?)", (key, json.dumps(value, ensure_ascii=False)))

    # --- documents

    def document(self, sha256: str) -> bytes | None:
        """The document with this hash, if we have it."""
        row = self.row("SELECT bytes FROM documents WHERE sha256 = ?", (sha256,))
        return None if row is None else row[0]

    def put_document(self, sha256: str, data: bytes) -> None:
        """Keeps a document under its hash, which the caller checked."""
        self.run("INSERT OR IGNORE INTO documents VALUES (?, ?)", (sha256, data))

    # --- pins

    def pins(self) -> dict[str, str]:
        """What was compared in person: vkeys by name; empty before."""
        return dict(self.rows("SELECT name, value FROM pins"))

    def put_pins(self, pins: dict[str, str], time: int) -> None:
        """Keeps what was compared, at once and in place of all before."""
        with self.transaction():
            self.run("DELETE FROM pins")
            self.run_many(
                "INSERT INTO pins VALUES (?, ?, ?)", [(name, value, time) for name, value in pins.items()]
            )

    # --- alarms and diary

    def raise_alarm(
        self,
        severity: Severity,
        code: str,
        en: str,
        vi: str,
        *,
        time: int,
        index: int | None = None,
        evidence: str | None = None,
        once: str | None = None,
    ) -> Alarm | None:
        """Records what was wrong; None if it was recorded before (under the same code and `once` or index)."""
        key = f"{code} {once if once is not None else '' if index is None else index}"
        if self.row("SELECT 1 FROM alarms WHERE once = ?", (key,)):
            return None
        self.run(
            "INSERT INTO alarms (time, severity, code, en, vi, idx, evidence, once) VALUES (?,?,?,?,?,?,?,?)",
            (time, severity, code, en, vi, index, evidence, key),
        )
        return Alarm(self.last_id(), time, severity, code, en, vi, index, evidence)

    def alarms(self, after: int = 0) -> list[Alarm]:
        """Alarms in the order raised, those with a number above `after`."""
        return [
            Alarm(*row)
            for row in self.rows(
                "SELECT number, time, severity, code, en, vi, idx, evidence FROM alarms WHERE number > ?"
                " ORDER BY number",
                (after,),
            )
        ]

    def note_event(self, kind: str, time: int, **data: object) -> None:
        """Writes a line into the diary."""
        self.run(
            "INSERT INTO events (time, kind, data) VALUES (?, ?, ?)",
            (time, kind, json.dumps(data, ensure_ascii=False)),
        )

    def events(self, after: int = 0) -> list[Event]:
        """The diary, lines with a number above `after`."""
        return [
            Event(number, time, kind, json.loads(data))
            for number, time, kind, data in self.rows(
                "SELECT number, time, kind, data FROM events WHERE number > ? ORDER BY number", (after,)
            )
        ]

    # --- versions

    def _migrate(self) -> None:
        """Brings the schema up to date, one file per version, each in one transaction."""
        folder = importlib.resources.files(__package__) / "schema"
        scripts = sorted((entry.name, entry) for entry in folder.iterdir() if entry.name.endswith(".sql"))
        row = self.row("PRAGMA user_version")
        current = int(row[0]) if row else 0
        if current == len(scripts):
            return
        if current > len(scripts):
            raise problem("home-damaged", what=clause("home.newer"))
        with self.transaction():
            for version, (_, script) in enumerate(scripts[current:], current + 1):
                self._connection.execute(script.read_text("utf-8"))
                self._connection.execute(f"PRAGMA user_version = {version}")


def open_encrypted(path: Path, key: bytes) -> apsw.Connection:
    """A connection to an encrypted SQLite file, made if missing (mode 0600).

    Raises ClientError home-damaged for a file that `key` (32 bytes) does not open; disk-full, home-in-use, system where
    the file may be as it should.
    """
    if len(key) != KEY_BYTES:
        raise ValueError(f"an archive key has {KEY_BYTES} bytes")
    if not path.exists():
        path.touch(mode=0o600)
    try:
        connection = apsw.Connection(str(path))
    except apsw.Error as error:
        raise _unopened(path, error) from error
    try:
        connection.pragma("cipher", "chacha20")
        connection.pragma("key", f"raw:{key.hex()}")
        connection.set_busy_timeout(BUSY_MS)
        connection.pragma("journal_mode", "wal")
        connection.pragma("synchronous", "full")
        connection.pragma("temp_store", "memory")
        connection.pragma("secure_delete", True)  # what is deleted is overwritten, file keys among it
        connection.pragma("foreign_keys", True)
        connection.execute("SELECT count(*) FROM sqlite_schema")
    except apsw.Error as error:
        connection.close()
        raise _unopened(path, error) from error
    return connection


def _unopened(path: Path, error: apsw.Error) -> ClientError:
    """Why a file does not open. Only what its key does not fit is damaged: nobody restores a backup for a full disk."""
    if isinstance(error, (apsw.NotADBError, apsw.CorruptError)):
        return problem("home-damaged", what=clause("home.unopened", name=path.name, why=error))
    if isinstance(error, apsw.FullError) or os.statvfs(path.parent).f_bavail == 0:
        return problem("disk-full", path=path)
    if isinstance(error, apsw.BusyError):
        return problem("home-in-use", path=path.parent)
    return problem("system", path=path, why=technical("hệ thống không cho phép", str(error)))
