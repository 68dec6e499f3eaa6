"""Sealing a dossier: files → tar → age body, streamed into the home's sealed/ in constant memory.

The file key is fresh for each package. It is kept (in the encrypted archive) until the relay has accepted the
dispatch, so that the header can be wrapped again for recipients who changed meanwhile; the body stays as it is.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import hashlib
import os
import re
import secrets
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeVar

from kynhan_keys import age, stream
from kynhan_keys.mlkem768x25519 import Recipient
from kynhan_protocol.errors import PackageError
from kynhan_protocol.package import package
from kynhan_protocol.statements.chains import Certified
from kynhan_protocol.statements.committees import Committees

from ..errors import problem
from ..home import durable
from .dossier import PIECE, Progress, Source

READY: Final = ".sending"
_UNFINISHED = re.compile(r"\.sealing-([0-9]+)-[0-9a-f]{8}")

Result = TypeVar("Result")


@dataclass(frozen=True)
class SealedBody:
    """The body of a package: where it lies until it has a dispatch, its size and SHA-256, and the file key."""

    path: Path
    size: int
    sha256: str
    file_key: bytes = field(repr=False)


def seal_body(
    folder: Path,
    manifest: bytes,
    checkpoint: bytes | None,
    sources: Iterable[Source],
    *,
    progress: Progress | None = None,
    stopped: Callable[[], bool] = lambda: False,
) -> SealedBody:
    """Seals the package into `folder`, durably, under a name that keep() makes final. Meant for a thread.

    Leaves nothing behind when it fails: ClientError file-changed (also for a file that went away), disk-full; and
    InterruptedError when `stopped()`.
    """
    sources = tuple(sources)
    current: list[Source] = []
    total = package.length(manifest, checkpoint, [source.entry for source in sources])
    file_key, digest, size = secrets.token_bytes(16), hashlib.sha256(), 0
    temporary = folder / f".sealing-{os.getpid()}-{secrets.token_hex(4)}"
    plaintext = _told(
        package.write(manifest, checkpoint, _opened(sources, current)), total, progress, stopped
    )
    try:
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            for piece in stream.seal_payload(file_key, secrets.token_bytes(stream.NONCE_SIZE), plaintext):
                file.write(piece)
                digest.update(piece)
                size += len(piece)
            file.flush()
            durable.sync_file(file.fileno())
        durable.sync_folder(folder)
    except PackageError as error:
        temporary.unlink(missing_ok=True)
        if error.code == "file-changed":
            raise problem("file-changed", path=current[-1].shown) from error
        raise problem("bad-letter", why=error) from error
    except OSError as error:
        temporary.unlink(missing_ok=True)
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise problem("disk-full", path=folder) from error
        raise
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return SealedBody(temporary, size, digest.hexdigest(), file_key)


def keep(body: SealedBody) -> Path:
    """Gives a sealed body the name under which it waits. Call it under the home's lock, with its row of the outbox."""
    path = body.path.with_name(f"{body.sha256}{READY}")
    body.path.replace(path)
    durable.sync_folder(path.parent)
    return path


def make_header(file_key: bytes, committees: Committees, sealed: Iterable[str]) -> bytes:
    """The header that gives the file key to the memberships named by id. Raises ClientError unknown-recipient."""
    recipients: list[Recipient] = []
    for membership in sealed:
        certified: Certified | None = committees.by_id(membership)
        if certified is None or certified.statement.sealing is None:
            raise problem("unknown-recipient", name=membership[:16])
        recipients.append(Recipient.parse(certified.statement.sealing))
    return age.make_header(file_key, recipients)


def clear_unfinished(folder: Path, *, keep: Iterable[str]) -> None:
    """Removes what a crash left: bodies half sealed by processes that are gone, finished ones that no row of the
    outbox names (`keep` are their names). Call it under the home's lock."""
    kept = set(keep)
    for path in folder.iterdir():
        unfinished = _UNFINISHED.fullmatch(path.name)
        if (unfinished and not is_running(int(unfinished[1]))) or (
            path.name.endswith(READY) and path.name not in kept
        ):
            path.unlink(missing_ok=True)


async def in_thread(
    work: Callable[[Callable[[], bool]], Result], discard: Callable[[Result], object] | None = None
) -> Result:
    """Runs `work(stopped)` in a thread; when we are cancelled (Ctrl-C) `stopped()` turns true, and we wait for its end,
    so that it can clean up after itself. What it had finished by then goes to `discard`."""
    stop = threading.Event()
    task = asyncio.ensure_future(asyncio.to_thread(work, stop.is_set))
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        stop.set()
        while not task.done():
            with contextlib.suppress(
                asyncio.CancelledError
            ):  # Ctrl-C again: the work is on its way out already
                await asyncio.wait([task])
        if not task.cancelled() and task.exception() is None and discard is not None:
            discard(task.result())
        raise


def _opened(sources: tuple[Source, ...], current: list[Source]) -> Iterator[package.Piece]:
    """The sources, each opened when its turn comes; the last of `current` is the one being read."""
    for source in sources:
        current.append(source)
        yield source.entry, _pieces(source)


def _pieces(source: Source) -> Iterator[bytes]:
    if source.stream is not None:
        yield from source.stream.open()
        return
    if source.path is None:
        yield source.data
        return
    try:
        with source.path.open("rb") as file:
            while piece := file.read(PIECE):
                yield piece
    except OSError as error:  # it was there and readable when it was hashed
        raise problem("file-changed", path=source.path) from error


def _told(
    pieces: Iterable[bytes], total: int, progress: Progress | None, stopped: Callable[[], bool]
) -> Iterator[bytes]:
    done = 0
    for piece in pieces:
        if stopped():
            raise InterruptedError
        yield piece
        done += len(piece)
        if progress:
            progress("seal", done, total)


def is_running(process: int) -> bool:
    """Whether there is a process of this number."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
