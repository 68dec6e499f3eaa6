"""Many reminders on one morning: all go with its first ticks, however busy the writer is."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.server.log.test_deadlines import at_eight, running_case, steps, w
from tests.server.world import World, world

from kynhan_server.config import Settings
from kynhan_server.log import deadlines

__all__ = ["w"]  # a fixture


async def test_more_than_a_batch_is_reminded_of_in_one_tick(
    w: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deadlines, "BATCH", 3)
    due = [await running_case(w) for _ in range(8)]
    w.clock.demo = True
    w.clock.advance(seconds=(at_eight(due[0].due) - w.clock.at).total_seconds())
    assert (await w.relay.deadlines.tick()).reminders == 8
    assert (await w.relay.deadlines.tick()).reminders == 0


async def test_a_busy_writer_puts_off_reminders_to_the_next_tick_only(tmp_path: Path) -> None:
    async with world(tmp_path / "relay", settings=Settings(max_waiting=2)) as w:
        due = [await running_case(w) for _ in range(12)]
        w.clock.demo = True
        w.clock.advance(seconds=(at_eight(due[0].due) - w.clock.at).total_seconds())
        for _ in range(12):
            await w.relay.deadlines.tick()
        assert await steps(w) == ["0"] * 12
