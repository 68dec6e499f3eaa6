"""What the relay does by itself: one in-memory APScheduler job that ticks the deadlines, and the heartbeat.

All state is in the database, so a tick may come late, twice or in another process. The scheduler plans by wall time;
so that a clock set back cannot put it to sleep, `_watch` pulls a next run that lies too far ahead back to now.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler  # type: ignore[import-untyped]

from kynhan_protocol.wire import api
from kynhan_server.clock import scheduler_now
from kynhan_server.errors import Refused

if TYPE_CHECKING:
    from kynhan_server.relay import Relay

log = structlog.get_logger("kynhan.upkeep")

JOB: Final = "tick"
MISSED: Final = 4
"""Ticks that may fail to come before /healthz calls the relay unwell."""


class Upkeep:
    """The scheduler of one relay; `every` is in seconds."""

    def __init__(self, relay: Relay, every: float) -> None:
        self._relay = relay
        self._every = every
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        self._watcher: asyncio.Task[None] | None = None
        self._idle = asyncio.Event()
        self._idle.set()
        self._last_monotonic = asyncio.get_running_loop().time()
        self._last: datetime | None = None
        self._result: str | None = None

    def start(self) -> None:
        """The first tick comes at once: it catches up with what an outage missed."""
        self._scheduler.add_job(
            self._tick,
            "interval",
            seconds=self._every,
            id=JOB,
            misfire_grace_time=None,
            coalesce=True,
            max_instances=1,
            next_run_time=scheduler_now(),
        )
        self._scheduler.start()
        self._watcher = asyncio.create_task(self._watch())

    async def stop(self) -> None:
        """No more ticks; one that runs, or was about to, ends first."""
        if self._watcher is not None:
            self._watcher.cancel()
            with suppress(asyncio.CancelledError):
                await self._watcher
            self._scheduler.pause()
            await asyncio.sleep(0)  # a tick that the scheduler has just handed over begins here
            await self._idle.wait()
            await asyncio.sleep(0)  # and is put away here
            self._scheduler.shutdown(wait=False)

    def health(self) -> api.TickHealth:
        """The heartbeat as /healthz shows it."""
        last = None if self._last is None else self._last.strftime("%Y-%m-%dT%H:%M:%SZ")
        return api.TickHealth(every=self._every, last=last, result=self._result)

    def is_late(self) -> bool:
        """Whether ticks have stopped coming."""
        return asyncio.get_running_loop().time() - self._last_monotonic > max(5.0, MISSED * self._every)

    async def _tick(self) -> None:
        self._idle.clear()
        try:
            await self._look()
        finally:
            self._idle.set()

    async def _look(self) -> None:
        now = self._relay.clock.now()
        try:
            await self._relay.deadlines.tick()
            self._result = "ok"
        except Refused as refused:  # clock-behind, clock-doubt: nothing may be signed now
            self._result = refused.code
        except Exception:
            self._result = "failed"
            log.exception("tick-failed")
        self._last = now
        self._last_monotonic = asyncio.get_running_loop().time()

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(max(1.0, self._every))
            job = self._scheduler.get_job(JOB)
            soon = scheduler_now() + timedelta(seconds=self._every + 1)
            if job is not None and job.next_run_time is not None and job.next_run_time > soon:
                self._scheduler.modify_job(JOB, next_run_time=scheduler_now())
            self._scheduler.wakeup()
