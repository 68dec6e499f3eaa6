"""One writer at a time: locks between processes (flock), and between tasks of one process."""

from __future__ import annotations

import asyncio
import fcntl
import math
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from ..errors import problem


@contextmanager
def opened(path: Path, flags: int = os.O_RDWR | os.O_CREAT) -> Iterator[int]:
    """A file (made if missing) to lock; what is locked of it is free again at the end, also of the process."""
    descriptor = os.open(path, flags, 0o600)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def taken(descriptor: int) -> bool:
    """Takes flock on an open file; False when another command holds it."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


async def awaited(descriptor: int, wait: float = math.inf, *, look_every: float = 0.1) -> bool:
    """Takes flock on an open file; False when another command holds it after `wait` seconds still."""
    now = asyncio.get_running_loop().time
    deadline = now() + wait
    while not taken(descriptor):
        if now() >= deadline:
            return False
        await asyncio.sleep(look_every)
    return True


@asynccontextmanager
async def alone(path: Path) -> AsyncIterator[None]:
    """Holds flock on a file, after waiting for as long as another command holds it."""
    with opened(path) as descriptor:
        await awaited(descriptor)
        yield


@contextmanager
def together(path: Path) -> Iterator[None]:
    """Holds flock on a file, as others may at the same time."""
    with opened(path) as descriptor:
        fcntl.flock(descriptor, fcntl.LOCK_SH)
        yield


def is_held(path: Path) -> bool:
    """Whether anybody holds flock on a file, alone or together."""
    with opened(path) as descriptor:
        return not taken(descriptor)


class Lock:
    """flock on a file, for one task of one process at a time; nested use by the same task is allowed."""

    def __init__(self, path: Path, home: Path) -> None:
        self._path = path
        self._home = home
        self._inside = asyncio.Lock()
        self._owner: asyncio.Task[object] | None = None

    @asynccontextmanager
    async def held(self, wait: float) -> AsyncIterator[None]:
        """Holds the lock. Raises ClientError home-in-use after `wait` seconds."""
        task = asyncio.current_task()
        if task is not None and self._owner is task:
            yield
            return
        try:
            await asyncio.wait_for(self._inside.acquire(), wait)
        except TimeoutError:
            raise problem("home-in-use", path=self._home) from None
        try:
            with opened(self._path) as descriptor:
                if not await awaited(descriptor, wait, look_every=0.02):
                    raise problem("home-in-use", path=self._home)
                self._owner = task
                try:
                    yield
                finally:
                    self._owner = None
        finally:
            self._inside.release()
