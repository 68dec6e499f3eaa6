"""One relay per data folder: a lock on `relay.lock`, which the kernel drops when its process dies, however it dies."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from kynhan_server.errors import OperatorError

LOCK: Final = "relay.lock"
POLL: Final = 0.1


class FolderInUse(OperatorError):  # noqa: N818 (it is an answer, not a fault)
    """Another process holds the folder; `holder` is its process id where it said so."""

    def __init__(self, holder: str) -> None:
        if holder:
            super().__init__("folder-in-use-by", process=holder)
        else:
            super().__init__("folder-in-use")
        self.holder = holder


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Hold the folder. Raises FolderInUse when another process does."""
    descriptor = _open(folder)
    try:
        _take(descriptor)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def awaited(folder: Path, waiting: Callable[[FolderInUse], None]) -> Iterator[None]:
    """Hold the folder, after whoever holds it now has died; `waiting` is called once if there is somebody."""
    descriptor = _open(folder)
    try:
        said = False
        while True:
            try:
                _take(descriptor)
                break
            except FolderInUse as busy:
                if not said:
                    waiting(busy)
                    said = True
                time.sleep(POLL)
        yield
    finally:
        os.close(descriptor)


def _open(folder: Path) -> int:
    return os.open(folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def _take(descriptor: int) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise FolderInUse(os.pread(descriptor, 20, 0).decode("ascii", "replace").strip()) from None
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, f"{os.getpid()}\n".encode("ascii"), 0)


def holder(folder: Path) -> str | None:
    """The process that holds the folder ("?" if it did not say), None when nobody does; only looks."""
    try:
        descriptor = os.open(folder / LOCK, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return os.pread(descriptor, 20, 0).decode("ascii", "replace").strip() or "?"
    else:
        return None
    finally:
        os.close(descriptor)
