"""Bodies too large for the database: files, written so that they survive power loss.

A blob is named by its upload's random id, never by its content, and is not looked up by hash. What fsync() must have
reached before a commit may speak of a blob: its bytes, its directory entry, and the entries of directories made for it.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from io import FileIO
from pathlib import Path
from typing import Final

CHUNK: Final = 1 << 20


def sync_folder(folder: Path) -> None:
    """Makes the entries of a directory durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def make_folder(folder: Path) -> None:
    """Makes a directory and its parents, only for the owner, durably; nothing happens if it is there."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)
    sync_folder(folder.parent)


def write_new(file: Path, data: bytes) -> None:
    """Writes a small file that must not exist yet, readable by the owner alone, durably. Raises FileExistsError."""
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())
    sync_folder(file.parent)


class Blobs:
    """The blobs in one folder, `FOLDER/ab/abcdef…`; ids are 32 hex digits."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        make_folder(folder)

    def path(self, blob: str) -> Path:
        """Where the blob lies."""
        return self.folder / blob[:2] / blob

    def create(self, blob: str) -> None:
        """Makes an empty blob, durably. Raises FileExistsError."""
        path = self.path(blob)
        make_folder(path.parent)
        write_new(path, b"")

    def open_at(self, blob: str, offset: int) -> FileIO:
        """The blob, unbuffered, to be written from `offset` on; what lay behind it (never acknowledged) is cut off.

        The caller fsyncs and closes. Raises FileNotFoundError; EOFError if the blob is shorter than `offset`.
        """
        file = self.path(blob).open("r+b", buffering=0)
        if file.seek(0, os.SEEK_END) < offset:
            file.close()
            raise EOFError(f"blob {blob} is shorter than {offset} bytes")
        file.truncate(offset)
        file.seek(offset)
        return file

    def digest(self, blob: str, size: int) -> hashlib._Hash:
        """The running SHA-256 of the first `size` bytes, read from disk. Raises EOFError if there are fewer."""
        digest = hashlib.sha256()
        with self.path(blob).open("rb") as file:
            left = size
            while left:
                piece = file.read(min(CHUNK, left))
                if not piece:
                    raise EOFError(f"blob {blob} is shorter than {size} bytes")
                digest.update(piece)
                left -= len(piece)
        return digest

    def delete(self, blob: str) -> None:
        """Removes the blob, if it is there, durably."""
        path = self.path(blob)
        if path.exists():
            path.unlink(missing_ok=True)
            sync_folder(path.parent)

    def folders(self) -> Iterator[tuple[str, list[str]]]:
        """The ids of all blobs there are, folder by folder, each with the two hex digits they begin with."""
        for folder in self.folder.iterdir():
            if folder.is_dir():
                yield folder.name, [one.name for one in folder.iterdir() if one.name[:2] == folder.name]
