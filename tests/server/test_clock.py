"""When the relay believes its clock, and what it does when it does not."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from tests.server.world import ManualClock, World, statements_of, world

from kynhan_server import clock
from kynhan_server.clock import DemoClock, SystemClock, Timekeeper
from kynhan_server.config import Folder
from kynhan_server.errors import Refused


@pytest.fixture
async def w(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path / "relay") as made:
        yield made


async def refused(w: World) -> str:
    with pytest.raises(Refused) as found:
        await w.send(w.dispatch("message"))
    assert found.value.status == 503
    return found.value.code


async def test_up_to_60_seconds_behind_the_last_time_is_used_again(w: World) -> None:
    before = w.clock.at
    w.clock.jump(seconds=-60)
    answer = await w.send(w.dispatch("message"))
    assert {one.time for one in statements_of(answer)[1:]} == {before}


async def test_further_behind_it_signs_nothing_and_ticks_do_nothing(w: World) -> None:
    package = w.dispatch("message")
    first = await w.send(package)
    w.clock.jump(seconds=-61)
    assert await refused(w) == "clock-behind"
    assert w.relay.timekeeper.state() == "behind"
    with pytest.raises(Refused):
        await w.relay.deadlines.tick()
    assert await w.send(package) == first
    w.clock.jump(seconds=1)
    await w.send(w.dispatch("message"))


async def test_behind_is_known_after_a_restart_too(w: World) -> None:
    await w.relay.close()
    w.clock.jump(minutes=-5)
    await w.open()
    assert await refused(w) == "clock-behind"


async def test_times_never_decrease(w: World) -> None:
    times = []
    for seconds in (5, -30, 20, -10, 40):
        w.clock.jump(seconds=seconds)
        times += [one.time for one in statements_of(await w.send(w.dispatch("message")))[1:]]
    assert times == sorted(times)


async def test_a_jump_against_the_monotonic_clock_signs_nothing_until_it_is_taken_back(w: World) -> None:
    w.clock.jump(minutes=10, seconds=1)
    assert await refused(w) == "clock-doubt"
    assert (await w.relay.health()).clock.state == "doubt"
    w.clock.jump(seconds=-1)
    await w.send(w.dispatch("message"))


async def test_a_witness_that_agrees_ends_the_doubt(w: World) -> None:
    w.clock.jump(hours=3)
    assert await refused(w) == "clock-doubt"
    note = await w.relay.reading.candidate(w.log)
    await w.relay.witnesses.add(w.log, w.cosign(note, w.ca.witness, w.clock.at - timedelta(minutes=11)))
    assert await refused(w) == "clock-doubt"
    await w.relay.witnesses.add(w.log, w.cosign(note, w.ca.witness, w.clock.at - timedelta(minutes=9)))
    await w.send(w.dispatch("message"))


async def test_the_operator_ends_the_doubt(w: World) -> None:
    w.clock.jump(hours=3)
    assert await refused(w) == "clock-doubt"
    confirmation = Folder(w.folder).clock_confirmed
    clock.confirm(confirmation, w.clock.at - timedelta(hours=3))
    assert await refused(w) == "clock-doubt"
    clock.confirm(confirmation, w.clock.at)
    await w.send(w.dispatch("message"))
    w.clock.advance(days=1)
    await w.send(w.dispatch("message"))


async def test_more_than_30_days_ahead_of_the_last_time_known_is_doubted(w: World) -> None:
    await w.relay.close()
    w.clock.advance(days=30)
    await w.open()
    await w.send(w.dispatch("message"))
    await w.relay.close()
    w.clock.advance(days=30, seconds=1)
    await w.open()
    assert await refused(w) == "clock-doubt"


async def test_a_relay_that_runs_through_a_quiet_month_does_not_doubt_itself(w: World) -> None:
    for _ in range(40):
        w.clock.advance(days=1)
        await w.relay.deadlines.tick()
    await w.send(w.dispatch("message"))
    await w.reopen()
    await w.send(w.dispatch("message"))


async def test_a_demo_clock_is_exempt_from_doubt(w: World) -> None:
    w.clock.demo = True
    w.clock.jump(days=100)
    await w.send(w.dispatch("message"))
    w.clock.jump(days=-1)
    assert await refused(w) == "clock-behind"


def test_a_demo_clock_adds_what_its_file_says(tmp_path: Path) -> None:
    file = tmp_path / "offset"
    demo = DemoClock(file)
    assert abs((demo.now() - SystemClock().now()).total_seconds()) < 5
    file.write_text("86400\n")
    assert abs((demo.now() - SystemClock().now()).total_seconds() - 86_400) < 5
    file.write_text("")  # being written just now
    assert demo.offset == 86_400


def test_a_new_relay_takes_any_time() -> None:
    keeper = Timekeeper(ManualClock(), None, None, lambda: None)
    assert keeper.state() == "ok"


def test_slow_drift_is_no_jump() -> None:
    wall = ManualClock()
    keeper = Timekeeper(wall, None, None, lambda: None)
    for _ in range(100):
        wall.advance(hours=1)
        wall.jump(seconds=20)
        keeper.beat(keeper.stamp())
