"""Our own reminders: a relay that stays silent, or signs and reminds by another date, makes nobody miss theirs."""

from __future__ import annotations

import asyncio
import json
import secrets
import uuid
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import takewhile
from pathlib import Path
from typing import Any

import pytest
from tests import moments
from tests.client.agreement import CA, CCQ, PASSPHRASE, World, founded
from tests.client.parties import parties
from tests.client.relay_simulator import ORIGIN

from kynhan_client.cli import reminders, watching
from kynhan_client.errors import ClientError
from kynhan_client.home.home import Home
from kynhan_client.log import mirror, track
from kynhan_client.log.view import View
from kynhan_client.packages import receive
from kynhan_client.reminding import own, snooze
from kynhan_client.reminding.own import Key
from kynhan_client.screen.output import JsonOutput
from kynhan_client.screen.screen import Screen
from kynhan_protocol.agreement import ladder
from kynhan_protocol.agreement.ladder import Rung
from kynhan_protocol.statements import signing
from kynhan_protocol.statements.statements import Dispatch, Due, Reminder
from kynhan_protocol.vietnam_time import VIETNAM, local_time

MINUTE = timedelta(minutes=1)
LIES: dict[str, dict[str, Any]] = {
    "earlier": {"due_shift": -20},
    "later": {"due_shift": 60},
    "missing": {"owes_due": True},
    "no cause": {"due_changes": {"because": "calendar"}},
}


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """A relay that never reminds of anything by itself."""
    async with founded(tmp_path) as made:
        yield made


async def running(world: World, **lies: Any) -> str:
    """A case signed for over a relay that lies so; both have read of it."""
    case = str(uuid.uuid4())
    sent = await world.send(case=case)
    for name, value in lies.items():
        setattr(world.simulator, name, value)
    await world.receive(sent.id)
    await world.sync()
    return case


def due_of(home: Home, case: str) -> date:
    due = View(home).case(case).due
    assert due is not None
    return due.due


def rungs(home: Home, case: str, until: timedelta = timedelta(days=12)) -> list[Rung]:
    """Those of the date in force that are still to come, until so long after it."""
    view = View(home)
    due, settings = due_of(home, case), view.profile.reminders
    last = local_time(due, datetime.min.time()) + until
    found = ladder.rungs(due, view.calendars.at_hand(view.size), settings)
    return [rung for rung in takewhile(lambda one: one.at <= last, found) if rung.at > view.now]


def told(home: Home, place: own.Place = "screen") -> list[Key]:
    """What is told there now."""
    with own.telling(home, place) as found:
        return [one.key for one in found]


def at(world: World, moment: datetime) -> None:
    moments.set_clock(world.offset, moment)


def remind(world: World, case: str, step: str, due: str) -> str:
    """The relay logs a REMINDER to CA's clerk."""
    world.simulator.log_own(
        Reminder(
            case=case,
            step=step,
            due=due,
            to=(f"{CA}/van-thu",),
            relay=ORIGIN,
            time=world.simulator.time(),
            nonce=secrets.token_bytes(16),
        )
    )
    return world.simulator.log[-1].id


async def message(world: World, case: str) -> str:
    """CCQ sends a message in a case; its dispatch."""
    like, header, body = world.dispatch("message", case)
    assert isinstance(like.statement, Dispatch)
    signed = signing.sign(replace(like.statement, term=None), world.ccq.keyring.signer)
    await world.to[CCQ].post_statement(signed.note, header=header, body=body)
    return signed.id


@pytest.mark.parametrize("lie", ["silent", *LIES])
async def test_each_step_is_told_once_by_the_computed_date_whatever_the_relay_does(
    world: World, lie: str
) -> None:
    honest = due_of(world.ca, await running(world))
    case = await running(world, **LIES.get(lie, {}))
    assert due_of(world.ca, case) == honest
    steps = rungs(world.ca, case)
    assert [one.step for one in steps][:5] == ["-10", "-5", "-2", "-1", "0"]
    mine: list[Key] = []
    for rung in steps:
        at(world, rung.at - MINUTE)
        assert told(world.ca) == []
        at(world, rung.at)
        found = told(world.ca)
        mine += [key for key in found if key[0] == case]
        assert len(found) == 2  # the honest case has the same date
        at(world, rung.at + timedelta(hours=3))
        assert told(world.ca) == []
    assert mine == [(case, rung.step, honest.isoformat()) for rung in steps]


async def test_from_the_day_itself_the_approvers_of_both_sides_are_reminded(world: World) -> None:
    case = await running(world)
    before, day = (next(one for one in rungs(world.ca, case) if one.step == step) for step in ("-1", "0"))
    at(world, before.at)
    assert [len(told(home)) for home in (world.ccq, world.ca)] == [0, 1]
    at(world, day.at)
    assert [len(told(home)) for home in (world.ccq, world.ca)] == [1, 1]


async def test_the_relays_reminder_of_the_same_step_and_date_is_the_same_reminder(world: World) -> None:
    case = await running(world)
    due = View(world.ca).case(case).due
    assert due is not None
    assert due.id is not None
    first, second = rungs(world.ca, case)[:2]
    at(world, first.at)
    assert len(told(world.ca)) == 1
    remind(world, case, first.step, due.id)
    await mirror.sync(world.ca, world.to[CA])
    assert told(world.ca) == []
    at(world, second.at)
    remind(world, case, second.step, due.id)
    await mirror.sync(world.ca, world.to[CA])
    assert told(world.ca) == [(case, second.step, due.due.isoformat())]
    assert world.ca.archive.alarms() == []


async def test_a_reminder_of_another_date_or_before_its_time_is_none_and_takes_none_away(
    world: World,
) -> None:
    """One that names a DUE of another date; the day itself, twenty days before; a step far beyond those to come."""
    case = await running(world)
    due = View(world.ca).case(case).due
    signed = next(one.statement for one in world.simulator.log if isinstance(one.statement, Due))
    assert due is not None
    assert due.id is not None
    world.simulator.log_own(
        replace(signed, due=signed.due - timedelta(days=30), nonce=secrets.token_bytes(16))
    )
    lied = world.simulator.log[-1].id
    for step, names in (("0", lied), ("+3", lied), ("0", due.id), ("+400", due.id)):
        remind(world, case, step, names)
    await mirror.sync(world.ca, world.to[CA])
    assert len([one for one in world.ca.archive.alarms() if one.severity == "objection"]) == 5
    assert told(world.ca) == []
    for rung in rungs(world.ca, case):
        at(world, rung.at)
        assert told(world.ca) == [(case, rung.step, due.due.isoformat())]


async def test_after_being_away_only_the_newest_step_of_each_case_is_told(world: World) -> None:
    case, other = await running(world), await running(world)
    steps = rungs(world.ca, case)
    at(world, steps[-1].at + MINUTE)
    day = due_of(world.ca, case).isoformat()
    assert told(world.ca) == [(case, steps[-1].step, day), (other, steps[-1].step, day)]
    assert told(world.ca) == []


async def test_a_package_that_nobody_signs_for_is_told_of_too(world: World) -> None:
    case = str(uuid.uuid4())
    sent = await world.send(case=case)
    await world.sync()
    at(world, View(world.ca).now + timedelta(days=1))
    (found,) = own.reached(world.ca)
    assert (found.notice.step, found.dispatch) == ("unsigned+1", sent.id)
    assert told(world.ca) == [(case, "unsigned+1", moments.MORNING.date().isoformat())]
    assert told(world.ca) == told(world.ccq) == []


async def test_packages_that_nobody_signs_for_hide_no_due_date(world: World) -> None:
    """Their steps come every working day: of these the newest alone is told, beside that of the date."""
    case = await running(world)
    first = rungs(world.ca, case)[0]
    at(world, first.at - timedelta(days=8))
    await message(world, case)
    at(world, first.at - timedelta(days=7))
    last = await message(world, case)
    await world.sync()
    at(world, first.at + timedelta(days=1))
    of_date, of_package = own.reached(world.ca)
    assert (of_date.notice.step, of_date.dispatch) == (first.step, None)
    assert of_package.dispatch is not None
    assert of_package.at >= of_date.at
    assert told(world.ca) == [of_date.key, of_package.key]
    assert last in {one.id for one in View(world.ca).case(case).unsigned()}
    assert len(of_package.passed) == 1
    assert told(world.ca) == []


async def test_what_is_put_off_is_told_when_it_speaks_again_and_only_the_newest(world: World) -> None:
    case = await running(world)
    first, second, third = rungs(world.ca, case)[:3]
    at(world, first.at - MINUTE)
    until = second.at.astimezone(VIETNAM).date() + timedelta(days=1)
    snooze.put(world.ca, case, until)
    for rung in (first, second):
        at(world, rung.at)
        assert told(world.ca) == []
    at(world, datetime(until.year, until.month, until.day, 9, tzinfo=VIETNAM))
    assert [key[1] for key in told(world.ca)] == [second.step]
    at(world, third.at)
    assert [key[1] for key in told(world.ca)] == [third.step]


async def test_over_tet_each_step_comes_on_its_working_day_though_the_relay_is_gone(tmp_path: Path) -> None:
    async with parties(tmp_path, begin=datetime(2026, 12, 1, 10, tzinfo=VIETNAM)) as two:
        sent = await two.request()
        await receive.sign(two.ca, two.to[CA], sent.dispatch)
        await two.sync()
        (line,) = track.cases(two.ca)
        await two.stop_relay()
        steps = rungs(two.ca, line.case)
        found = []
        for rung in steps:
            two.set_clock(rung.at + MINUTE)
            found += told(two.ca)
        assert found == [(line.case, rung.step, str(line.due)) for rung in steps]
        day, next_one = (next(one.at for one in steps if one.step == step) for step in ("0", "+1"))
        assert next_one - day > timedelta(days=7)


# --- once


async def test_what_could_not_be_told_is_told_again_and_each_place_tells_for_itself(world: World) -> None:
    case = await running(world)
    at(world, rungs(world.ca, case)[0].at)
    with pytest.raises(OSError, match="full"), own.telling(world.ca, "screen"):
        raise OSError("full")
    assert len(told(world.ca)) == 1
    assert len(told(world.ca, "desktop")) == 1
    assert told(world.ca) == told(world.ca, "desktop") == []


async def test_of_two_processes_one_tells_and_where_that_one_dies_the_other_does(world: World) -> None:
    case = await running(world)
    first = rungs(world.ca, case)[0]
    at(world, first.at)
    (taken,) = own.take(world.ca, "screen")  # and dies
    with Home.open(world.ca.path, PASSPHRASE, clock=world.ca.clock) as other:
        assert told(other) == []
        at(world, first.at + timedelta(seconds=own.HELD + 1))
        assert told(other) == [taken.key]
    assert told(world.ca) == []
    own.leave(world.ca, "screen", [taken])  # too late: it was told
    assert told(world.ca) == []


# --- what is said


async def test_it_is_said_to_scripts_and_to_people(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    case = await running(world, owes_due=True)
    rung = rungs(world.ca, case)[1]
    at(world, rung.at)
    for _ in range(2):
        await reminders.remind(JsonOutput("en"), world.ca, None)
    said = json.loads(capsys.readouterr().out)
    assert said == {
        "event": "reminder",
        "case": case,
        "dispatch": None,
        "time": f"{rung.at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "step": "-5",
        "date": due_of(world.ca, case).isoformat(),
        "provisional": False,
        "target": False,
    }
    world.ca.archive.run("DELETE FROM reminded")
    await reminders.remind(Screen("vi"), world.ca, None)
    line = capsys.readouterr().out
    assert f"nhắc hạn: Việc {case[:12]}: còn 5 ngày làm việc đến hạn trả lời. Hạn trả lời: " in line


async def test_a_relay_that_does_not_answer_silences_nothing(
    world: World, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither a look at the news nor one that goes on by itself."""
    monkeypatch.setattr(watching, "LOOK_EVERY", 0.05)
    case = await running(world)
    first, second = rungs(world.ca, case)[:2]
    world.simulator.refuse_with = (503, "unavailable")
    at(world, first.at)
    with pytest.raises(ClientError):
        await watching._news_once(JsonOutput("en"), world.ca, world.to[CA], None)
    assert json.loads(capsys.readouterr().out)["step"] == first.step
    at(world, second.at)
    watched = asyncio.create_task(watching._news(JsonOutput("en"), world.ca, world.to[CA], None))
    said = ""
    try:
        async with asyncio.timeout(10):
            while f'"{second.step}"' not in said:
                await asyncio.sleep(0.05)
                said += capsys.readouterr().out
    finally:
        watched.cancel()
        await asyncio.wait([watched])


async def test_what_the_relay_logs_is_told_once_by_watch(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    case = await running(world)
    due = View(world.ca).case(case).due
    assert due is not None
    first = rungs(world.ca, case)[0]
    at(world, first.at)
    remind(world, case, first.step, str(due.id))
    for _ in range(2):
        await watching._news_once(JsonOutput("en"), world.ca, world.to[CA], None)
    events = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    (said,) = [one for one in events if one["event"] == "reminder"]
    assert (said["case"], said["step"]) == (case, first.step)
