"""Reminders of a real relay process: each rung exactly once, whatever happens to the process and to its clock."""

from __future__ import annotations

import asyncio
import random
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.journeys.reminding import BEGIN, TICK, Deadline, deadline, founded
from tests.server.agreement import APPROVER, CA, CA_CLERK, CLERK, Opening

from kynhan_protocol.statements.statements import Reminder

LADDER = ("-10", "-5", "-2", "-1", "0", "+1", "+3", "+5", "+10")
SECOND = timedelta(seconds=1)
CLERKS = (CA_CLERK,)
WITH_APPROVERS = tuple(sorted((CA, CA_CLERK, APPROVER)))
"""CA has no approver in force, so the committee itself stands for them."""


async def test_each_rung_goes_out_once_with_the_relay_killed_between_any_two_ticks(tmp_path: Path) -> None:
    chance = random.Random(10)
    async with deadline(tmp_path) as one:
        for number, step in enumerate(LADDER):
            await one.at(
                one.rungs[step].at - SECOND
            )  # within a second it is due, before the kill or after it
            await asyncio.sleep(chance.uniform(0, 1.2))
            one.relay.kill()
            if number % 3 == 0:  # once more, somewhere in its start, in its first tick, or later
                await asyncio.to_thread(one.relay.start, None)
                await asyncio.sleep(chance.uniform(0.7, 1.3))
                one.relay.kill()
            await one.start()
            await one.until(*LADDER[: number + 1])
        sent = await one.reminders()
        assert {reminder.due for reminder in sent} == {one.due}
        assert {reminder.case for reminder in sent} == {one.case}
        assert [reminder.to for reminder in sent] == [CLERKS] * 4 + [WITH_APPROVERS] * 5
        for reminder in sent:
            assert timedelta() <= reminder.time - one.rungs[reminder.step].at < timedelta(seconds=15)


@pytest.mark.parametrize("running", [True, False], ids=["while it runs", "while it is down"])
async def test_after_a_jump_over_several_rungs_only_the_latest_goes_out(
    tmp_path: Path, running: bool
) -> None:
    async with deadline(tmp_path) as one:

        async def jump(step: str, later: timedelta) -> None:
            if not running:
                one.relay.kill()
            await one.at(one.rungs[step].at + later)
            if not running:
                await one.start()

        await jump("-1", timedelta(hours=3))
        await one.until("-1")
        await jump("0", timedelta())
        await one.until("-1", "0")
        await jump("+10", timedelta(hours=1))
        await one.until("-1", "0", "+10")


async def test_a_clock_set_back_stops_the_relay_until_time_has_caught_up(tmp_path: Path) -> None:
    async with deadline(tmp_path) as one:
        await one.at(one.rungs["-10"].at)
        await one.until("-10")
        size = len(await one.logged())

        await one.at(one.rungs["-10"].at - timedelta(days=1))
        await one.some_ticks()
        await refuses(one)
        await one.restart()  # it knows so from its log, not only from memory
        await refuses(one)
        health = await one.health()
        assert (health["status"], health["clock"]["state"]) == ("unwell", "behind")
        assert health["tick"]["result"] == "clock-behind"
        assert len(await one.logged()) == size

        await one.at(one.rungs["-10"].at - timedelta(seconds=40))  # up to 60 s: the last time is used again
        await one.some_ticks()
        case, dispatch = one.case, one.dispatch
        await one.send()
        one.case, one.dispatch = case, dispatch
        last = (await one.logged())[-1][1]
        assert last.time >= one.rungs["-10"].at
        assert await one.steps() == ["-10"]
        assert (await one.health())["tick"]["result"] == "ok"

        await one.at(one.rungs["-5"].at)

        def went_on(sent: list[Reminder]) -> bool:
            return [each.step for each in sent if each.due == one.due] == ["-10", "-5"]

        await one.eventually(one.reminders, went_on)


async def refuses(one: Deadline) -> None:
    """Nothing can be posted now."""
    dispatch, parts = await one.agreement.dispatch()
    answer = await one.agreement.post(
        dispatch, one.agreement.keys[CLERK], header=parts.header, body=parts.body
    )
    assert (answer.status, answer.code) == (503, "clock-behind")


async def test_a_standby_takes_over_and_no_rung_is_lost_or_sent_twice(tmp_path: Path) -> None:
    async with deadline(tmp_path) as one:
        for number, step in enumerate(LADDER[:4]):
            with one.relay.another() as second:
                await asyncio.to_thread(second.start, "standby")
                await one.at(one.rungs[step].at)
                await asyncio.sleep((0, 0.5 * TICK, 1.2 * TICK, 10 * TICK)[number])
                assert second.events()[-1] == "standby"  # it only waits, and does not tick
                one.relay.kill()
                await asyncio.to_thread(second.wait_for, "ready")
                await one.until(*LADDER[: number + 1])
                one.relay.number, one.relay.popen = second.number, second.popen
                second.popen = None


async def test_a_package_nobody_signed_for_is_recalled_each_working_day(tmp_path: Path) -> None:
    async with founded(tmp_path) as one:
        await one.send(urgency="khan")
        await one.until("unsigned+0")  # an urgent one at once
        steps = ["unsigned+0"]
        for step, days in (
            ("+1", 1),
            ("+2", 2),
            ("+4", 4),
            ("+5", 7),
        ):  # Monday; +3 is jumped over; a weekend
            moment = BEGIN.replace(hour=1) + timedelta(days=days)
            await one.at(moment - SECOND)
            if step in ("+1", "+5"):
                await one.restart()
            await one.at(moment)
            steps.append(f"unsigned{step}")
            await one.until(*steps)
        sent = await one.reminders()
        assert {(each.case, each.due, each.to) for each in sent} == {(one.case, one.dispatch, CLERKS)}

        await one.sign()
        await one.at(BEGIN.replace(hour=1) + timedelta(days=9))
        await one.until(*steps)
        await one.at(one.rungs["-10"].at)
        await one.until(*steps, "-10")
        assert (await one.reminders())[-1].due == one.due


async def test_a_reply_stops_the_rest(tmp_path: Path) -> None:
    async with deadline(tmp_path) as one:
        await one.at(one.rungs["-5"].at)
        await one.until("-5")
        reply = await answer(one)
        await one.at(one.rungs["0"].at)
        await one.restart()
        recalls = (await one.eventually(one.reminders, lambda sent: len(sent) > 1))[1:]
        assert {(each.due, each.to) for each in recalls} == {(reply, (CLERK,))}  # CCQ has not signed for it
        assert {each.step[:8] for each in recalls} == {"unsigned"}

        await one.agreement.receipt(reply, by=CLERK)
        verified = {"result": "verified", "code": None, "manifest": "ab" * 32}
        assert (await one.agreement.act(Opening, CLERK, reply, **verified)).status == 200
        before = await one.steps()
        for step in ("+1", "+10"):
            await one.at(one.rungs[step].at)
            await one.restart()
            await one.some_ticks()
            assert await one.steps() == before


async def answer(one: Deadline) -> str:
    """CA's clerk replies; gives the dispatch."""
    fields: dict[str, Any] = {"from_": CA_CLERK, "to": CLERK.partition("/")[0], "kind": "reply", "term": None}
    posted, _ = await one.agreement.send(case=one.case, regarding=one.dispatch, **fields)
    return posted.id
