"""Bodies on their way in: resumable, durable before they are acknowledged, and each its committee's own.

An offset is committed only after fsync() has seen the bytes before it, so what a client hears survives power loss. What
a file holds beyond its offset was never acknowledged and is cut off when the upload goes on.
"""

from __future__ import annotations

import asyncio
import errno
import hashlib
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from io import FileIO
from typing import Any, Final

import structlog
from sqlalchemy import Connection, func, select

from kynhan_server.clock import Clock
from kynhan_server.config import Settings
from kynhan_server.errors import Refused, not_found
from kynhan_server.log.ledger import Ledger
from kynhan_server.log.logs import Log
from kynhan_server.log.visibility import Actor
from kynhan_server.store import tables as t
from kynhan_server.store.blobs import Blobs
from kynhan_server.store.store import Store, free_bytes

WRITE: Final = 1 << 20
"""Bytes gathered before they are handed to the disk's thread."""
UPLOADERS: Final = {"clerk", "unit", "approver", "auditor"}

log_ = structlog.get_logger("kynhan.uploads")


class Uploads:
    """All uploads of one relay. Methods raise Refused; not-found also for another committee's upload."""

    def __init__(self, store: Store, ledger: Ledger, blobs: Blobs, clock: Clock, settings: Settings) -> None:
        self._store = store
        self._ledger = ledger
        self._blobs = blobs
        self._clock = clock
        self._settings = settings
        self._busy: set[str] = set()
        self._digests: dict[str, tuple[int, hashlib._Hash]] = {}

    async def create(self, log: Log, actor: Actor, length: int) -> str:
        """A new upload of `length` bytes for the actor's committee: its id."""
        if not UPLOADERS & set(actor.roles):
            raise Refused("forbidden", "This member sends no packages.")
        if not 0 < length <= self._settings.max_body:
            raise Refused("too-large", f"A body has 1 to {self._settings.max_body} bytes.")
        await self.check_room(length)
        upload = os.urandom(16).hex()
        row = {
            "log": log.id,
            "id": upload,
            "committee": actor.committee,
            "length": length,
            "offset": 0,
            "created": int(self._clock.now().timestamp()),
        }

        def insert(connection: Connection) -> None:
            u = t.uploads.c
            opened = select(func.count()).where(
                u.log == log.id, u.committee == actor.committee, u.dispatch.is_(None)
            )
            if connection.execute(opened).scalar_one() >= self._settings.max_open_uploads:
                raise Refused("rate-limited", "Too many uploads are open; finish or delete some.")
            connection.execute(t.uploads.insert(), row)

        with _disk():
            await asyncio.to_thread(self._blobs.create, upload)
        try:
            await self._ledger.task(insert)
        except Refused:
            await asyncio.to_thread(self._blobs.delete, upload)
            raise
        return upload

    async def state(self, log: Log, actor: Actor, upload: str) -> tuple[int, int]:
        """How many bytes are durable, and how many there will be."""
        row = await self._row(log, actor, upload)
        return row.offset, row.length

    async def append(
        self, log: Log, actor: Actor, upload: str, offset: int, pieces: AsyncIterator[bytes]
    ) -> int:
        """Takes bytes from `offset` on; gives the new offset. What arrived before an error is kept.

        Raises Refused `upload-offset` where the upload stands elsewhere, `too-large` beyond its length.
        """
        with self._alone(upload):
            row = await self._row(log, actor, upload)
            if offset != row.offset:
                raise Refused("upload-offset", f"The upload stands at {row.offset}, not at {offset}.")
            with _disk():
                digest = await asyncio.to_thread(self._digest, upload, offset)
                file = await asyncio.to_thread(self._blobs.open_at, upload, offset)
            coming = _Coming(self, log, upload, row.length, offset, digest, file)
            try:
                async for piece in pieces:
                    await coming.take(piece)
            finally:
                await asyncio.shield(coming.finish())
        return coming.durable

    async def delete(self, log: Log, actor: Actor, upload: str) -> None:
        """Gives the upload up."""
        with self._alone(upload):
            await self._row(log, actor, upload)
            await self._remove(log.id, upload)

    async def sweep(self, time: int) -> int:
        """Deletes uploads that no dispatch used in their lifetime; gives how many."""
        u = t.uploads.c
        old = select(u.log, u.id).where(
            u.created < time - self._settings.upload_lifetime, u.dispatch.is_(None)
        )
        async with self._store.read() as connection:
            rows = (await connection.execute(old.limit(100))).all()
        swept = 0
        for row in rows:
            if row.id not in self._busy:
                swept += await self._remove(row.log, row.id)
        return swept

    async def _remove(self, log: int, upload: str) -> int:
        def remove(connection: Connection) -> int:
            u = t.uploads.c
            # A dispatch may have taken it in the meantime; then it is that dispatch's.
            gone = t.uploads.delete().where(u.log == log, u.id == upload, u.dispatch.is_(None))
            return connection.execute(gone).rowcount

        removed = await self._ledger.task(remove)
        if removed:
            self._digests.pop(upload, None)
            await asyncio.to_thread(self._blobs.delete, upload)
        return removed

    async def _row(self, log: Log, actor: Actor, upload: str) -> Any:
        u = t.uploads.c
        query = select(u.offset, u.length).where(
            u.log == log.id, u.id == upload, u.committee == actor.committee, u.dispatch.is_(None)
        )
        async with self._store.read() as connection:
            row = (await connection.execute(query)).first()
        if row is None:
            raise not_found()
        return row

    @contextmanager
    def _alone(self, upload: str) -> Iterator[None]:
        if upload in self._busy:
            raise Refused("upload-offset", "Another request is writing to this upload.")
        self._busy.add(upload)
        try:
            yield
        finally:
            self._busy.discard(upload)

    def _digest(self, upload: str, offset: int) -> hashlib._Hash:
        """The hash of what is durable: kept from the last time, or read back from disk after a restart."""
        kept = self._digests.get(upload)
        if kept is not None and kept[0] == offset:
            return kept[1].copy()
        return self._blobs.digest(upload, offset)

    async def commit(self, log: Log, upload: str, offset: int, digest: hashlib._Hash, *, whole: bool) -> None:
        """Says in the database what fsync() has seen."""
        u = t.uploads.c
        values = {"offset": offset, "sha256": digest.hexdigest() if whole else None}
        update = t.uploads.update().where(u.log == log.id, u.id == upload).values(values)
        await self._ledger.task(lambda connection: connection.execute(update).rowcount)
        self._digests[upload] = offset, digest.copy()
        if whole:
            self._digests.pop(upload)
            log_.info("uploaded", log=log.slug, size=offset)

    async def check_room(self, length: int) -> None:
        """Raises Refused disk-full unless `length` more bytes leave the relay room for its statements."""
        if length + self._settings.keep_free > await asyncio.to_thread(free_bytes, self._blobs.folder):
            raise Refused("disk-full", "The relay has no room for so many bytes; free some and go on.")

    @property
    def sync_every(self) -> int:
        """Bytes between two commits of an offset."""
        return self._settings.upload_sync


class _Coming:
    """One request's bytes: gathered, written, hashed, synced."""

    def __init__(
        self,
        uploads: Uploads,
        log: Log,
        upload: str,
        length: int,
        offset: int,
        digest: hashlib._Hash,
        file: FileIO,
    ) -> None:
        self.durable = offset
        self._uploads = uploads
        self._log = log
        self._upload = upload
        self._length = length
        self._written = offset
        self._digest = digest
        self._file = file
        self._gathered = bytearray()

    async def take(self, piece: bytes) -> None:
        """Takes the next bytes; what it has by then stays if they are too many."""
        if self._written + len(self._gathered) + len(piece) > self._length:
            raise Refused("too-large", f"The upload was to have {self._length} bytes.")
        self._gathered += piece
        if len(self._gathered) >= WRITE:
            await self._uploads.check_room(len(self._gathered))
            await self._write()
        if self._written - self.durable >= self._uploads.sync_every:
            await self._sync()

    async def finish(self) -> None:
        """Makes everything durable that was taken."""
        try:
            await self._write()
            await self._sync()
        finally:
            await asyncio.to_thread(self._file.close)

    async def _write(self) -> None:
        if self._gathered:
            data, self._gathered = bytes(self._gathered), bytearray()
            with _disk():
                await asyncio.to_thread(self._put, data)
            self._written += len(data)

    def _put(self, data: bytes) -> None:
        left = memoryview(data)
        while left:  # an unbuffered write may take less than all
            left = left[self._file.write(left) :]
        self._digest.update(data)

    async def _sync(self) -> None:
        if self._written == self.durable:
            return
        with _disk():
            await asyncio.to_thread(os.fsync, self._file.fileno())
        whole = self._written == self._length
        await self._uploads.commit(self._log, self._upload, self._written, self._digest, whole=whole)
        self.durable = self._written


@contextmanager
def _disk() -> Iterator[None]:
    """A full disk is an answer; a file that is gone is as if the upload never was."""
    try:
        yield
    except (FileNotFoundError, EOFError):
        raise not_found() from None
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise Refused("disk-full", "The relay has no room left; free some and go on.") from None
        raise
