"""Reminders: each rung exactly once, whatever the clock and the process do."""

from __future__ import annotations

import asyncio
import hashlib
import os
import signal
import subprocess
import sys
import uuid
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

import pytest
from tests.server.world import World, statements_of, with_day_off, world

from kynhan_keys import proofs
from kynhan_protocol.agreement import calendar
from kynhan_protocol.statements import signing
from kynhan_protocol.statements.statements import Due, Reminder, Statement
from kynhan_protocol.vietnam_time import local_date, midnight_after
from kynhan_server.errors import Refused

LADDER = ["-10", "-5", "-2", "-1", "0", "+1", "+3", "+5", "+10"]


@pytest.fixture
async def w(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path / "relay") as made:
        yield made


async def everything(w: World) -> list[Statement]:
    page = await w.relay.reading.statements(w.log, await w.actor(w.ccq.clerk), 0, 10_000)
    return [signing.parse(one.note.encode()).statement for one in page.statements]


async def reminders(w: World) -> list[Reminder]:
    return [one for one in await everything(w) if isinstance(one, Reminder)]


async def dues(w: World) -> list[Due]:
    return [one for one in await everything(w) if isinstance(one, Due)]


async def steps(w: World) -> list[str]:
    return [one.step for one in await reminders(w)]


async def running_case(w: World) -> Due:
    """A request signed for at once: its DUE."""
    _, signed_for = await w.send_and_sign(w.dispatch(term="in-province"))
    return cast(Due, statements_of(signed_for)[-1])


def at_eight(day: object, days: int = 0) -> datetime:
    """08:00 in Việt Nam."""
    return datetime.fromisoformat(f"{day}T01:00:00+00:00").astimezone(UTC) + timedelta(days=days)


async def walk(w: World, until: datetime, step: timedelta = timedelta(hours=6)) -> None:
    while w.clock.at < until:
        w.clock.advance(seconds=step.total_seconds())
        await w.relay.deadlines.tick()


async def test_each_rung_goes_out_once(w: World) -> None:
    due = await running_case(w)
    await walk(w, at_eight(due.due, 20))
    assert await steps(w) == LADDER
    assert len({one.due for one in await reminders(w)}) == 1


async def test_each_rung_goes_out_once_with_a_restart_between_any_two_ticks(w: World) -> None:
    due = await running_case(w)
    while w.clock.at < at_eight(due.due, 20):
        w.clock.advance(hours=12)
        await w.relay.deadlines.tick()
        await w.reopen()
        await w.relay.deadlines.tick()
    assert await steps(w) == LADDER


async def test_a_rung_is_reached_at_its_second(w: World) -> None:
    due = await running_case(w)
    w.clock.demo = True
    w.clock.advance(seconds=(at_eight(due.due) - timedelta(seconds=1) - w.clock.at).total_seconds())
    await w.relay.deadlines.tick()
    before = await steps(w)
    w.clock.advance(seconds=1)
    await w.relay.deadlines.tick()
    assert (await steps(w))[len(before) :] == ["0"]


async def test_after_an_outage_only_the_latest_missed_step_goes_out(w: World) -> None:
    due = await running_case(w)
    w.clock.demo = True  # a month of silence would be clock-doubt
    w.clock.advance(seconds=(at_eight(due.due, 1) - w.clock.at).total_seconds())
    ticked = await w.relay.deadlines.tick()
    assert await steps(w) == ["+1"]
    assert ticked.reminders == 1
    assert (await w.relay.deadlines.tick()).reminders == 0


async def test_a_clock_set_back_reminds_nobody_again(w: World) -> None:
    due = await running_case(w)
    w.clock.demo = True
    w.clock.jump(seconds=(at_eight(due.due) - w.clock.at).total_seconds())
    await w.relay.deadlines.tick()
    w.clock.jump(days=-2)
    with pytest.raises(Refused) as refused:
        await w.relay.deadlines.tick()
    assert refused.value.code == "clock-behind"
    w.clock.jump(days=2)
    assert (await w.relay.deadlines.tick()).reminders == 0
    assert await steps(w) == ["0"]


async def test_two_ticks_at_once_remind_once(w: World) -> None:
    due = await running_case(w)
    w.clock.demo = True
    w.clock.advance(seconds=(at_eight(due.due) - w.clock.at).total_seconds())
    ticked = await asyncio.gather(*(w.relay.deadlines.tick() for _ in range(5)))
    assert sum(one.reminders for one in ticked) == 1


async def test_a_second_process_on_the_same_folder_reminds_nobody_twice(w: World) -> None:
    due = await running_case(w)
    w.clock.demo = True
    w.clock.advance(seconds=(at_eight(due.due) - w.clock.at).total_seconds())
    other = World(w.folder, w.clock, w.settings)
    await other.open()
    try:
        first, second = await w.relay.deadlines.tick(), await other.relay.deadlines.tick()
        assert (first.reminders, second.reminders) == (1, 0)
        other.ccq, other.ca, other.profile = w.ccq, w.ca, w.profile
        await other.send(other.dispatch("message"))
        await w.send(w.dispatch("message", seen=other.common()["seen"]))
        assert w.log.size == other.log.size + 2
    finally:
        await other.relay.close()
    assert await steps(w) == ["0"]


CHILD = """
import asyncio, os, signal, sys
from datetime import datetime
from pathlib import Path
from kynhan_server.log import writer
from tests.server.world import World, ManualClock, Settings

async def main():
    world = World(Path(sys.argv[1]), ManualClock(datetime.fromisoformat(sys.argv[2]), demo=True), Settings())
    await world.open()
    if sys.argv[3] == "after":
        writer.Writer._publish = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
    else:
        writer.write_group = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
    await world.relay.deadlines.tick()

asyncio.run(main())
"""


def run_child(w: World, moment: str) -> subprocess.CompletedProcess[bytes]:
    top = Path(__file__).parents[3]
    return subprocess.run(
        [sys.executable, "-c", CHILD, str(w.folder), w.clock.at.isoformat(), moment],
        capture_output=True,
        cwd=top,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(top), os.environ.get("PYTHONPATH", "")])},
    )


@pytest.mark.parametrize("moment", ["before", "after"])
async def test_killed_around_the_commit_a_reminder_still_goes_out_once(w: World, moment: str) -> None:
    due = await running_case(w)
    w.clock.demo = True
    w.clock.advance(seconds=(at_eight(due.due) - w.clock.at).total_seconds())
    await w.relay.close()
    child = run_child(w, moment)
    assert child.returncode == -signal.SIGKILL, child.stderr
    await w.open()
    assert (await w.relay.deadlines.tick()).reminders == (1 if moment == "before" else 0)
    assert await steps(w) == ["0"]


async def test_who_is_reminded(w: World) -> None:
    due = await running_case(w)
    await walk(w, at_eight(due.due))
    by_step = {one.step: one.to for one in await reminders(w)}
    assert by_step["-10"] == ("cand.example/clerk",)
    assert by_step["0"] == ("cand.example/approver", "cand.example/clerk", "ccq.example/approver")
    await w.revoke(w.ca, w.ca.clerk.signer.vkey)
    await walk(w, at_eight(due.due, 1))
    last = (await reminders(w))[-1]
    assert (last.step, last.to) == ("+1", ("cand.example", "cand.example/approver", "ccq.example/approver"))


async def test_those_reminded_see_the_case(w: World) -> None:
    due = await running_case(w)
    roots = 24
    actor = await w.actor(w.ca.approver)
    assert len((await w.relay.reading.statements(w.log, actor, 0, 1000)).statements) == roots
    await walk(w, at_eight(due.due))
    assert len((await w.relay.reading.statements(w.log, actor, 0, 1000)).statements) == w.log.size


async def test_a_reply_stops_the_reminders(w: World) -> None:
    request = w.dispatch(term="in-province")
    sent, _ = await w.send_and_sign(request)
    case = request.statement.case
    reply = w.dispatch("reply", sender=w.ca.clerk, to=w.ccq.name, case=case, regarding=sent.id)
    await w.send_and_sign(reply, w.ccq.clerk)
    w.clock.demo = True
    await walk(w, w.clock.at + timedelta(days=80), timedelta(days=1))
    assert await steps(w) == []


async def test_an_extension_moves_the_reminders(w: World) -> None:
    request = w.dispatch(term="in-province")
    sent, signed_for = await w.send_and_sign(request)
    due = cast(Due, statements_of(signed_for)[-1])
    later = due.due + timedelta(days=28)
    case = request.statement.case
    extension = w.dispatch(
        "extension", sender=w.ca.clerk, to=w.ccq.name, case=case, regarding=sent.id, due=later
    )
    answer, _ = await w.send_and_sign(extension, w.ccq.clerk)
    moved = proofs.parse(answer.receipts[-1]).extra
    assert moved is not None
    await walk(w, at_eight(later))
    assert await steps(w) == ["-10", "-5", "-2", "-1", "0"]
    assert {one.due for one in await reminders(w)} == {hashlib.sha256(moved).hexdigest()}


async def test_a_new_calendar_moves_the_reminders_of_a_date_that_stays(w: World) -> None:
    request = w.dispatch(term="in-province")
    sent, signed_for = await w.send_and_sign(request)
    later = cast(Due, statements_of(signed_for)[-1]).due + timedelta(days=56)
    case = request.statement.case
    extension = w.dispatch(
        "extension", sender=w.ca.clerk, to=w.ccq.name, case=case, regarding=sent.id, due=later
    )
    await w.send_and_sign(extension, w.ccq.clerk)
    before = calendar.parse(w.calendar)
    off = before.add_working_days(later, -5)
    new = with_day_off(w.calendar, off.isoformat())
    await w.post(w.approval(new, w.ca.approver, w.calendar), documents=(new,))
    await w.post(w.approval(new, w.ccq.approver, w.calendar))
    first = calendar.parse(new).add_working_days(later, -10)
    assert first < before.add_working_days(later, -10)
    await walk(w, at_eight(first) + timedelta(hours=1))
    assert await steps(w) == ["-10"]


async def test_nobody_signed_is_recalled_until_somebody_does(w: World) -> None:
    sent = await w.send(w.dispatch())  # on a Monday
    await walk(w, w.clock.at + timedelta(days=4))
    found = await reminders(w)
    assert [one.step for one in found] == ["unsigned+1", "unsigned+2", "unsigned+3", "unsigned+4"]
    assert {one.due for one in found} == {sent.id}
    assert found[0].to == ("cand.example/clerk",)
    await w.post(w.receipt(sent.id, w.ca.clerk))
    await walk(w, w.clock.at + timedelta(days=4))
    assert len(await steps(w)) == 4


async def test_urgent_packages_are_recalled_at_once(w: World) -> None:
    await w.send(w.dispatch(urgency="hoa-toc"))
    await w.relay.deadlines.tick()
    assert await steps(w) == ["unsigned+0"]


async def test_a_log_that_stopped_does_not_stop_the_ticks_of_the_others(w: World) -> None:
    """Nothing is added to it, but headers still go when their time is over, and the heartbeat goes on."""
    opened, _ = await w.send_and_sign(w.dispatch())
    await w.post(w.opening(opened.id, w.ca.clerk))
    await running_case(w)
    await w.relay.ledger.stop(w.log, "a test says so")
    w.clock.advance(days=40)
    w.relay.timekeeper.agree(int(w.clock.at.timestamp()))
    ticked = await w.relay.deadlines.tick()
    assert (ticked.reminders, ticked.headers_deleted) == (0, 1)
    assert await w.relay.deadlines.heartbeat() == int(w.clock.at.timestamp())


async def test_a_tick_leaves_a_heartbeat(w: World) -> None:
    assert await w.relay.deadlines.heartbeat() is None
    await w.relay.deadlines.tick()
    assert await w.relay.deadlines.heartbeat() == int(w.clock.at.timestamp())


async def test_a_pause_that_nobody_ends_ends_by_itself_at_the_first_tick_after(w: World) -> None:
    """DESIGN §3.5, "A pause ends": the DUE comes before anything else of the case, once."""
    case = str(uuid.uuid4())
    sent, _ = await w.send_and_sign(w.dispatch(case=case, term="in-province"))
    back = await w.send(w.dispatch("return", sender=w.ca.clerk, to=w.ccq.name, case=case, regarding=sent.id))
    supplement = await w.send(w.dispatch("supplement", case=case, regarding=back.id))
    days = calendar.shipped()
    last = days.next_working_day(local_date(w.clock.now()))
    ended = midnight_after(last)
    while w.clock.at < ended - timedelta(hours=1):
        w.clock.advance(hours=1)
        await w.relay.deadlines.tick()
    assert [one.because for one in await dues(w)] == ["receipt"]
    while w.clock.at < ended:
        w.clock.advance(hours=1)
    for _ in range(2):
        await w.relay.deadlines.tick()
    assert [one.because for one in await dues(w)] == ["receipt", "return"]
    first, found = await dues(w)
    assert (found.dispatch, found.basis, found.start) == (supplement.id, back.id, first.start)
    assert found.due == days.add_working_days(last, 35)
    await w.post(w.receipt(supplement.id, w.ca.clerk))
    assert [one.because for one in await dues(w)] == ["receipt", "return"]
