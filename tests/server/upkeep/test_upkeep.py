"""The tick: it comes, it survives what goes wrong in it, and no clock puts it to sleep."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from tests import moments

from kynhan_server.clock import scheduler_now
from kynhan_server.errors import Refused
from kynhan_server.upkeep.upkeep import JOB, Upkeep


class Deadlines:
    """Counts ticks, and fails as told."""

    def __init__(self) -> None:
        self.ticks = 0
        self.error: Exception | None = None

    async def tick(self) -> None:
        self.ticks += 1
        if self.error is not None:
            raise self.error


class Relay:
    """As much of a relay as a tick needs."""

    def __init__(self) -> None:
        self.deadlines = Deadlines()
        self.clock = self

    def now(self) -> datetime:
        return moments.now()


@asynccontextmanager
async def ticking(relay: Any, every: float = 0.05) -> AsyncIterator[Upkeep]:
    upkeep = Upkeep(relay, every)
    upkeep.start()
    try:
        yield upkeep
    finally:
        await upkeep.stop()


async def until_ticked(relay: Relay, times: int) -> None:
    reached = relay.deadlines.ticks + times
    async with asyncio.timeout(5):
        while relay.deadlines.ticks < reached:  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def test_first_tick_comes_at_once_and_then_more() -> None:
    relay = Relay()
    async with ticking(relay) as upkeep:
        await until_ticked(relay, 3)
        assert upkeep.health().result == "ok"
        assert upkeep.health().last is not None
        assert not upkeep.is_late()
    stopped = relay.deadlines.ticks
    await asyncio.sleep(0.2)
    assert relay.deadlines.ticks <= stopped + 1


@pytest.mark.parametrize(
    ("error", "result"), [(Refused("clock-behind"), "clock-behind"), (RuntimeError("x"), "failed")]
)
async def test_failing_tick_is_shown_and_the_next_one_comes(error: Exception, result: str) -> None:
    relay = Relay()
    relay.deadlines.error = error
    async with ticking(relay) as upkeep:
        await until_ticked(relay, 3)
        assert upkeep.health().result == result
        relay.deadlines.error = None
        await until_ticked(relay, 2)
        assert upkeep.health().result == "ok"


async def test_a_clock_set_back_does_not_put_the_scheduler_to_sleep() -> None:
    relay = Relay()
    async with ticking(relay) as upkeep:
        await until_ticked(relay, 1)
        await asyncio.sleep(0.1)
        upkeep._scheduler.modify_job(JOB, next_run_time=scheduler_now() + timedelta(hours=1))
        await until_ticked(relay, 2)


async def test_ticks_never_overlap() -> None:
    relay = Relay()
    running = most = 0

    async def slow() -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        relay.deadlines.ticks += 1
        await asyncio.sleep(0.2)
        running -= 1

    relay.deadlines.tick = slow  # type: ignore[method-assign]
    async with ticking(relay):
        await until_ticked(relay, 3)
    assert most == 1


async def test_a_tick_that_runs_is_finished_before_the_scheduler_stops(
    caplog: pytest.LogCaptureFixture,
) -> None:
    relay = Relay()
    ended: list[bool] = []

    async def slow() -> None:
        relay.deadlines.ticks += 1
        await asyncio.sleep(0.1)
        ended.append(True)

    relay.deadlines.tick = slow  # type: ignore[method-assign]
    async with ticking(relay):
        await until_ticked(relay, 1)
    assert len(ended) == relay.deadlines.ticks
    assert not caplog.records, caplog.text
