"""Bodies on the wire: uploads that go on where they stopped (tus), downloads likewise (ranges), checked at the end."""

from __future__ import annotations

import asyncio
import errno
import hashlib
import os
import re
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Final

from kynhan_protocol.wire import api

from ..clauses import clause
from ..errors import ClientError, problem
from ..home import durable
from ..home.locking import alone
from .relay import Relay

PIECE: Final = 256 * 1024
ATTEMPTS: Final = 6  # in a row without a single byte of progress
PAUSE: Final = 0.25  # seconds before the second attempt; doubled each time

Progress = Callable[[int], None]  # told how many bytes of the whole are there by now

_TUS: Final = {"Tus-Resumable": api.TUS}
_NUMBER = re.compile(r"0|[1-9][0-9]{0,15}")


async def create_upload(relay: Relay, size: int) -> str:
    """Opens an upload of `size` bytes; gives its id."""
    async with relay.wire.exchange(
        "POST",
        relay.target(api.UPLOADS),
        headers={**_TUS, "Upload-Length": str(size)},
        expect=(201,),
    ) as answered:
        await answered.read(api.MAX_JSON)
        id_ = answered.headers.get("location", "").rpartition("/")[2]
    if not re.fullmatch(api.PATTERNS["upload"], id_):
        raise problem("relay-answer-invalid", why=clause("answer.upload-address"), kept="")
    return id_


async def upload_offset(relay: Relay, id_: str) -> int:
    """How many bytes of an upload the relay has. Raises ClientError not-found for one that it forgot."""
    async with relay.wire.exchange(
        "HEAD", relay.target(api.UPLOAD, upload=id_), headers=_TUS, expect=(200, 204)
    ) as answered:
        return _number(answered.headers.get("upload-offset", ""))


async def delete_upload(relay: Relay, id_: str) -> None:
    """Gives an upload up."""
    async with relay.wire.exchange(
        "DELETE", relay.target(api.UPLOAD, upload=id_), headers=_TUS, expect=(204,)
    ):
        pass


async def upload(relay: Relay, id_: str, source: Path, *, progress: Progress | None = None) -> None:
    """Brings an upload to its end, from wherever it stands, through broken connections.

    Raises ClientError relay-down after several attempts without progress; call again to go on.
    """
    size = _size(source)
    offset, failures = -1, 0
    while True:
        try:
            start = await upload_offset(relay, id_)
            failures = 0 if start > offset else failures
            offset = start
            if progress:
                progress(offset)
            if offset >= size:
                return
            await _patch(relay, id_, source, offset, progress)
        except ClientError as error:
            failures += 1
            if error.code != "relay-down" or failures >= ATTEMPTS:
                raise
            await asyncio.sleep(PAUSE * 2**failures)


async def download(
    relay: Relay, dispatch: str, into: Path, *, size: int, sha256: str, progress: Progress | None = None
) -> None:
    """Brings the body of a dispatch to `into`, whole and checked; until then it grows as `into`.part and is resumed.
    One command at a time: whoever comes second waits, and finds it there.

    Raises ClientError relay-down (what came is kept), disk-full (likewise), relay-answer-invalid when it is not the
    body that the sender signed (what came is thrown away), not-found.
    """
    lock = into.with_name(into.name + ".lock")
    async with alone(lock):
        if not _size(into):
            await _download(relay, dispatch, into, size, sha256, progress)
        lock.unlink(
            missing_ok=True
        )  # a failure leaves it: those who wait then wait for one and the same file


async def _download(
    relay: Relay, dispatch: str, into: Path, size: int, sha256: str, progress: Progress | None
) -> None:
    part = into.with_name(into.name + ".part")
    failures, before = 0, -1
    while (have := _size(part)) < size:
        failures = 0 if have > before else failures
        before = have
        try:
            await _fetch(relay, dispatch, part, have, size, progress)
        except ClientError as error:
            failures += 1
            if error.code != "relay-down" or failures >= ATTEMPTS:
                raise
            await asyncio.sleep(PAUSE * 2**failures)
    if await asyncio.to_thread(_sha256, part) != sha256 or _size(part) != size:
        part.unlink()
        raise problem("relay-answer-invalid", why=clause("answer.other-body"), kept="")
    part.replace(into)
    durable.sync_folder(into.parent)


async def _patch(relay: Relay, id_: str, source: Path, offset: int, progress: Progress | None) -> None:
    headers = {**_TUS, "Upload-Offset": str(offset), "Content-Type": api.TUS_CHUNK}
    async with relay.wire.exchange(
        "PATCH",
        relay.target(api.UPLOAD, upload=id_),
        stream=_read(source, offset, progress),
        headers=headers,
        expect=(204,),
    ):
        pass


async def _read(source: Path, offset: int, progress: Progress | None) -> AsyncIterator[bytes]:
    with source.open("rb") as file:
        file.seek(offset)
        while piece := file.read(PIECE):
            yield piece
            offset += len(piece)
            if progress:
                progress(offset)


async def _fetch(
    relay: Relay, dispatch: str, part: Path, have: int, size: int, progress: Progress | None
) -> None:
    headers = {"Range": f"bytes={have}-"} if have else {}
    async with relay.wire.exchange(
        "GET", relay.target(api.BODY, id=dispatch), headers=headers, expect=(200, 206)
    ) as answered:
        if have and answered.status == 206:
            if answered.headers.get("content-range") != f"bytes {have}-{size - 1}/{size}":
                raise problem("relay-answer-invalid", why=clause("answer.other-range"), kept="")
        else:
            have = 0
        try:
            with part.open("r+b" if have else "wb") as file:
                file.seek(have)
                os.fchmod(file.fileno(), 0o600)
                async for piece in answered.pieces():
                    have += len(piece)
                    if have > size:
                        file.truncate(0)
                        raise problem("relay-answer-invalid", why=clause("answer.body-longer"), kept="")
                    file.write(piece)
                    if progress:
                        progress(have)
                file.flush()
                durable.sync_file(file.fileno())
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
                raise problem("disk-full", path=part) from error
            raise


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _number(text: str) -> int:
    if not _NUMBER.fullmatch(text):
        raise problem("relay-answer-invalid", why=clause("answer.upload-offset"), kept="")
    return int(text)
