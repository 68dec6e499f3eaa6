"""A new calendar and many open cases: the dates move in parts, and nobody can tell but by the clock."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import cast

import pytest
from sqlalchemy import select
from tests.server.log.test_deadlines import at_eight, steps
from tests.server.world import World, statements_of, with_day_off, world

from kynhan_protocol.statements import signing
from kynhan_protocol.statements.statements import Due, Statement
from kynhan_server.errors import Refused
from kynhan_server.log import agreement, deadlines
from kynhan_server.log.ledger import Answer
from kynhan_server.operator.log_audit import audit
from kynhan_server.store import tables as t

CASES = 7
OFF = "2026-04-01"


@dataclass(frozen=True)
class Running:
    case: str
    request: str
    due: Due


@pytest.fixture
async def w(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path / "relay") as made:
        made.clock.demo = True
        yield made


@pytest.fixture(autouse=True)
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(agreement, "PAGE", 2)


async def running(w: World, count: int = CASES) -> list[Running]:
    """Cases whose clock runs, in the order of their numbers."""
    found = []
    for _ in range(count):
        request = w.dispatch(term="in-province")
        sent, signed_for = await w.send_and_sign(request)
        found.append(Running(request.statement.case, sent.id, cast(Due, statements_of(signed_for)[-1])))
    return sorted(found, key=lambda one: one.case)


async def new_calendar(w: World, *off: str) -> Answer:
    """Signed by both; the answer to the second. The calendar in force afterwards is the world's."""
    new = w.calendar
    for day in off:
        new = with_day_off(new, day)
    await w.post(w.approval(new, w.ca.approver, w.calendar), documents=(new,))
    second = await w.post(w.approval(new, w.ccq.approver, w.calendar))
    w.calendar = new
    return second


async def told(w: World) -> list[tuple[str | None, Statement]]:
    """The whole log: each statement and its case."""
    s = t.statements.c
    async with w.relay._store.read() as connection:
        rows = (await connection.execute(select(s.case, s.note).order_by(s.idx))).all()
    return [(row.case, signing.parse(row.note).statement) for row in rows]


async def moved(w: World) -> list[Due]:
    """The DUEs of calendars, in their order."""
    found = [one for _, one in await told(w) if isinstance(one, Due)]
    return [one for one in found if one.because == "calendar"]


async def pending(w: World) -> int:
    async with w.relay._store.read() as connection:
        return len((await connection.execute(select(t.moves))).all())


async def test_the_dates_move_page_by_page_and_each_once(w: World) -> None:
    cases = await running(w)
    approval = await new_calendar(w, OFF)
    assert [one.case for one in await moved(w)] == [one.case for one in cases[:2]]
    assert len(approval.receipts) == 2
    await w.relay.deadlines.tick()
    assert await pending(w) == 0
    found = await moved(w)
    assert [one.case for one in found] == [one.case for one in cases]
    assert {one.basis for one in found} == {approval.id}
    assert [one.due for one in found] == [one.due.due + timedelta(days=1) for one in cases]
    size = w.log.size
    await w.relay.deadlines.tick()
    assert w.log.size == size
    await w.relay.close()
    (report,) = audit(w.folder, None, None)
    await w.open()
    assert report.discrepancies == []


@pytest.mark.parametrize("count", [0, 1, 2, 4])
async def test_full_pages_and_none_end_too(w: World, count: int) -> None:
    cases = await running(w, count)
    await new_calendar(w, OFF)
    for _ in range(2):
        await w.relay.deadlines.tick()
    assert await pending(w) == 0
    assert [one.case for one in await moved(w)] == [one.case for one in cases]


async def test_others_post_between_two_pages(w: World) -> None:
    cases = await running(w)
    await new_calendar(w, OFF)
    log = w.log
    await asyncio.gather(
        *(w.relay.ledger.move_dates(log) for _ in range(4)),
        w.send(w.dispatch("message", case=cases[0].case)),
    )
    assert len(await moved(w)) == CASES
    assert await pending(w) == 0


@pytest.mark.parametrize("page", [2, 1000])
async def test_what_is_said_of_a_case_meanwhile_comes_behind_its_new_date(
    w: World, page: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether all dates moved at once or this one was still waiting: the same order, the same answers."""
    monkeypatch.setattr(agreement, "PAGE", page)
    cases = await running(w)
    last = cases[-1]
    await new_calendar(w, OFF)
    later = last.due.due + timedelta(days=28)
    extension = w.dispatch(
        "extension", sender=w.ca.clerk, to=w.ccq.name, case=last.case, regarding=last.request, due=later
    )
    sent = await w.send(extension)
    assert [type(one).__name__ for one in statements_of(sent)] == ["Dispatch", "Acceptance", "Due"]
    assert (await w.send(extension)).receipts == sent.receipts
    order = [one for case, one in await told(w) if case == last.case]
    assert [type(one).__name__ for one in order[-4:]] == ["Due", "Dispatch", "Acceptance", "Due"]
    dues = [one for one in order if isinstance(one, Due)]
    assert [one.because for one in dues] == ["receipt", "calendar", "extension"]
    assert [one.due for one in dues] == [last.due.due, last.due.due + timedelta(days=1), later]
    await w.relay.deadlines.tick()
    assert [one.case for one in await moved(w)].count(last.case) == 1


async def test_an_opening_and_a_refusal_meanwhile(w: World) -> None:
    cases = await running(w)
    await new_calendar(w, OFF)
    with pytest.raises(Refused):
        await w.send(w.dispatch("extension", case=cases[-1].case, regarding=cases[-1].request))
    assert len(await moved(w)) == 2
    opened = await w.post(w.opening(cases[-1].request, w.ca.clerk))
    assert [type(one).__name__ for one in statements_of(opened)] == ["Opening", "Acceptance"]
    assert [one.case for one in await moved(w)][2:] == [cases[-1].case]


async def test_nobody_is_reminded_by_a_date_that_is_still_to_move(
    w: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deadlines, "TURNS", 0)
    cases = await running(w)
    day: date = cases[0].due.due
    w.clock.advance(seconds=(at_eight(day, -1) - w.clock.at).total_seconds())
    await w.relay.deadlines.tick()
    before = await steps(w)
    await new_calendar(w, OFF)
    w.clock.advance(days=1)
    await w.relay.deadlines.tick()
    assert "0" not in await steps(w)
    w.clock.advance(days=1)
    await w.relay.deadlines.tick()
    assert (await steps(w))[len(before) :].count("0") == CASES
    assert len(await moved(w)) == CASES


async def test_the_next_calendar_waits_until_all_have_the_dates_of_this_one(w: World) -> None:
    await running(w)
    await new_calendar(w, OFF)
    new = with_day_off(w.calendar, "2026-04-02")
    await w.post(w.approval(new, w.ca.approver, w.calendar), documents=(new,))
    with pytest.raises(Refused) as refused:
        await w.post(w.approval(new, w.ccq.approver, w.calendar))
    assert refused.value.code == "unavailable"
    await w.relay.deadlines.tick()
    await w.post(w.approval(new, w.ccq.approver, w.calendar))
    await w.relay.deadlines.tick()
    assert len(await moved(w)) == 2 * CASES


CHILD = """
import asyncio, os, signal, sys
from datetime import datetime
from pathlib import Path
from kynhan_server.log import agreement, writer
from tests.server.world import World, ManualClock, Settings

async def main():
    world = World(Path(sys.argv[1]), ManualClock(datetime.fromisoformat(sys.argv[2]), demo=True), Settings())
    await world.open()
    agreement.PAGE = 2
    name, goes = ("_publish", writer.Writer._publish) if sys.argv[3] == "after" else ("write_group", writer.write_group)
    left = 2

    def dies(*given):
        nonlocal left
        left -= 1
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)
        return goes(*given)

    setattr(writer.Writer if name == "_publish" else writer, name, dies)
    await world.relay.deadlines.tick()

asyncio.run(main())
"""


@pytest.mark.parametrize(("moment", "done"), [("before", 4), ("after", 6)])
async def test_killed_between_two_pages_the_rest_moves_after_the_start(
    w: World, moment: str, done: int
) -> None:
    cases = await running(w)
    await new_calendar(w, OFF)
    await w.relay.close()
    top = Path(__file__).parents[3]
    child = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-c", CHILD, str(w.folder), w.clock.at.isoformat(), moment],
        capture_output=True,
        cwd=top,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(top), os.environ.get("PYTHONPATH", "")])},
    )
    assert child.returncode == -signal.SIGKILL, child.stderr
    await w.open()
    assert len(await moved(w)) == done
    assert await pending(w) == 1
    await w.relay.deadlines.tick()
    assert await pending(w) == 0
    assert [one.case for one in await moved(w)] == [one.case for one in cases]
