"""Writing files so that they survive a power cut: the file first, then the folder that names it."""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Iterable
from pathlib import Path

from ..errors import problem


def write(path: Path, data: bytes | Iterable[bytes], *, mode: int = 0o600) -> None:
    """Puts `data` at `path`, all of it or (after a crash) nothing. Raises ClientError disk-full, or OSError."""
    pieces = (data,) if isinstance(data, bytes) else data
    temporary = path.with_name(
        f".{os.getpid()}-{secrets.token_hex(8)}.new"
    )  # `path` may have all of 255 bytes
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
        with os.fdopen(descriptor, "wb") as file:
            for piece in pieces:
                file.write(piece)
            sync_file(file.fileno())
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise _named(error, path) from error
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def make_folder(path: Path) -> None:
    """A folder for its owner only (0700), and its entry in its parent made durable."""
    path.mkdir(mode=0o700, exist_ok=True)
    sync_folder(path.parent)


def sync_file(descriptor: int) -> None:
    """Makes what was written to an open file durable."""
    os.fsync(descriptor)


def sync_folder(path: Path) -> None:
    """Makes the names in a folder durable."""
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_DIRECTORY", 0))
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _named(error: OSError, path: Path) -> Exception:
    return problem("disk-full", path=path) if error.errno in (errno.ENOSPC, errno.EDQUOT) else error
