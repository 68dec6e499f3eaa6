"""The database: one connection that writes, any number that read.

SQLite in WAL mode, `synchronous=FULL`: a commit that returned survives power loss. Only the writer checkpoints the WAL
(SQLite before 3.51.3 has a race when several connections do), so the readers are opened after it, never checkpoint,
and are closed before it. Pages that held deleted headers are overwritten (`secure_delete`).
"""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from alembic import command
from alembic.config import Config
from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import StaticPool

import kynhan_server.store.migrations as scripts
from kynhan_server.store import blobs

BUSY_MS = 10_000
SHRINK_MS = 200
"""How long the writer, and whoever posts meanwhile, waits for readers where it can try again later."""
READERS = 4
CLOSING = 5.0
"""Seconds that a reader's thread may take to end."""

_WRITER = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA secure_delete=ON",
    f"PRAGMA busy_timeout={BUSY_MS}",
)
_READER = ("PRAGMA query_only=ON", "PRAGMA wal_autocheckpoint=0", f"PRAGMA busy_timeout={BUSY_MS}")


class Store:
    """One relay database. `transaction()` belongs to the writer thread, `read()` to the event loop."""

    def __init__(self, file: Path) -> None:
        """Opens `file`, makes it and its tables where they are missing, durably."""
        self._file = file
        self.shrunk = False
        if not file.exists():
            blobs.make_folder(file.parent)
            blobs.write_new(file, b"")
        self._writer = _writing_engine(file)
        self._migrate()
        blobs.sync_folder(file.parent)  # the -wal file's entry
        self._reader_threads: list[threading.Thread] = []
        self._readers = _reading_engine(file, self._reader_threads)

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """One write transaction: committed (and on disk) when the block ends, rolled back if it raises."""
        with self._writer.begin() as connection:
            yield connection

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """One consistent view of what is committed."""
        async with self._readers.connect() as connection:
            yield connection

    def shrink_log(self) -> None:
        """Writes the WAL into the database and empties it, so that nothing deleted is left in it.

        Whoever reads for long (`verify-log` beside a relay at work) is not waited for: `shrunk` stays False then, and
        it has to be called again.
        """
        with self._writer.connect() as connection:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql(f"PRAGMA busy_timeout={SHRINK_MS}")
            busy = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()[0]
            connection.exec_driver_sql(f"PRAGMA busy_timeout={BUSY_MS}")
            connection.exec_driver_sql("BEGIN")
        self.shrunk = not busy

    async def close(self) -> None:
        """Closes the readers, then the writer.

        A reader whose request was cancelled is told to stop but not waited for; its thread still answers to the event
        loop, so the loop must not end before the thread.
        """
        await self._readers.dispose()
        for thread in self._reader_threads:
            await asyncio.to_thread(thread.join, CLOSING)
        self._writer.dispose()

    def close_at_once(self) -> None:
        """As close, where nothing was read through the event loop."""
        self._writer.dispose()

    def _migrate(self) -> None:
        config = Config()
        config.set_main_option("script_location", str(Path(scripts.__file__).parent).replace("%", "%%"))
        with self._writer.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")


def _writing_engine(file: Path) -> Engine:
    # The driver must not begin transactions by itself: it would do so late, and not for reads.
    engine = create_engine(
        URL.create("sqlite", database=os.fspath(file)),
        poolclass=StaticPool,
        connect_args={"check_same_thread": False, "isolation_level": None},
    )

    @event.listens_for(engine, "connect")
    def connected(connection: Any, _: Any) -> None:
        _pragmas(connection, _WRITER)

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _reading_engine(file: Path, threads: list[threading.Thread]) -> AsyncEngine:
    """The readers; the thread of each connection is put into `threads`."""
    engine = create_async_engine(
        URL.create("sqlite+aiosqlite", database=os.fspath(file)),
        pool_size=READERS,
        max_overflow=0,
        connect_args={"isolation_level": None},
    )
    # A connection whose request was cancelled is closed, not "terminated": terminating ends its thread while a close
    # still waits for an answer from it, which then never comes, and the relay would never end either.
    dialect = engine.sync_engine.dialect
    setattr(dialect, "do_terminate", dialect.do_close)  # noqa: B010 (a method, to mypy)

    @event.listens_for(engine.sync_engine, "connect")
    def connected(connection: Any, _: Any) -> None:
        _pragmas(connection, _READER)
        threads[:] = [
            *(thread for thread in threads if thread.is_alive()),
            connection.driver_connection._thread,
        ]

    @event.listens_for(engine.sync_engine, "begin")
    def begun(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN")

    return engine


def look_only(file: Path) -> Engine:
    """An engine that only reads, beside a relay at work too. Whatever its name has in it, it is that very file."""
    name = f"file:{quote(os.fspath(file.absolute()))}"
    return create_engine(URL.create("sqlite", database=name, query={"mode": "ro", "uri": "true"}))


def _pragmas(connection: Any, pragmas: tuple[str, ...]) -> None:
    cursor = connection.cursor()
    for pragma in pragmas:
        cursor.execute(pragma)
    cursor.close()


def free_bytes(folder: Path) -> int:
    """Bytes that the data folder's file system has left."""
    found = os.statvfs(folder)
    return found.f_bavail * found.f_frsize
