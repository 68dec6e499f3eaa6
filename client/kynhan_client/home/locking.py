"""One writer at a time: a lock between processes (flock) and between tasks of one process."""

from __future__ import annotations

import asyncio
import fcntl
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from ..errors import problem


@asynccontextmanager
async def alone(path: Path) -> AsyncIterator[None]:
    """Holds flock on a file (made if missing), after waiting for as long as another command holds it."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                await asyncio.sleep(0.1)
        yield
    finally:
        os.close(descriptor)


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
            descriptor = await self._take(wait)
            self._owner = task
            try:
                yield
            finally:
                self._owner = None
                os.close(descriptor)
        finally:
            self._inside.release()

    async def _take(self, wait: float) -> int:
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        deadline = asyncio.get_running_loop().time() + wait
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return descriptor
            except BlockingIOError:
                if asyncio.get_running_loop().time() >= deadline:
                    os.close(descriptor)
                    raise problem("home-in-use", path=self._home) from None
                await asyncio.sleep(0.02)
            except BaseException:
                os.close(descriptor)
                raise
