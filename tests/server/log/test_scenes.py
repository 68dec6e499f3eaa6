"""The table of who may do what when (tests/protocol/scenes.py), played on a relay that ticks four times a day."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from tests.protocol.scenes import SCENES, Scene, Step
from tests.server.world import ManualClock, World, world

from kynhan_protocol.agreement import profile as profiles
from kynhan_protocol.agreement.calendars import CalendarBook
from kynhan_protocol.agreement.profile import Profile
from kynhan_protocol.case import contests
from kynhan_protocol.case.case import Case
from kynhan_protocol.case.fold import fold
from kynhan_protocol.case.status import status
from kynhan_protocol.vietnam_time import local_date
from kynhan_server.errors import Refused
from kynhan_server.log.logs import as_logged
from kynhan_server.store import tables as t

HOUR = timedelta(hours=1)
OF_CA = {"return", "reply", "extension"}
"""Their labels begin with B, A and E."""


async def pass_to(w: World, at: datetime) -> None:
    while w.clock.at < at:
        w.clock.advance(seconds=min(6 * HOUR, at - w.clock.at).total_seconds())
        await w.relay.deadlines.tick()


async def play(w: World, step: Step, case: str, ids: dict[str, str]) -> None:
    label = ids.get(step.label, "f" * 64)
    if step.act == "send":
        assert step.kind is not None
        by_ca = step.by_ca or step.kind in OF_CA
        package = w.dispatch(
            step.kind,
            sender=w.ca.clerk if by_ca else w.ccq.clerk,
            to=w.ccq.name if by_ca else w.ca.name,
            case=case,
            regarding=ids.get(step.regarding, "f" * 64) if step.regarding else None,
            urgency=step.urgency,
            due=step.until,
            term="in-province" if step.kind == "request" else None,
        )
        ids[step.label] = (await w.send(package)).id
        return
    of_ca = step.label[0] in "ABE"
    sender, addressee = (w.ca.clerk, w.ccq.clerk) if of_ca else (w.ccq.clerk, w.ca.clerk)
    match step.act:
        case "sign":
            await w.post(w.receipt(label, addressee))
        case "open":
            await w.post(w.opening(label, addressee))
        case "faulty":
            await w.post(w.opening(label, addressee, "faulty", "payload"))
        case "decline":
            await w.post(w.decline(label, addressee))
        case "withdraw":
            await w.post(w.withdrawal(label, sender))


async def folded(w: World, name: str) -> tuple[Case, Profile, CalendarBook]:
    """The case as anybody folds it from what the relay logged."""
    s = t.statements.c
    query = select(s.idx, s.note, s.time).where(s.case == name).order_by(s.idx)
    async with w.relay._store.read() as connection:
        rows = (await connection.execute(query)).all()
    assert w.log.state.calendars is not None
    book = w.log.state.calendars.beside(w.log.state.committees)
    profile = profiles.parse(w.profile)
    case = fold((as_logged(row.idx, row.note, row.time) for row in rows), profile, book)
    assert case is not None
    return case, profile, book


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
async def test_on_a_relay(scene: Scene, tmp_path: Path) -> None:
    steps = scene.parsed()
    async with world(tmp_path, ManualClock(steps[0].at)) as w:
        name, ids = str(uuid.uuid4()), dict[str, str]()
        for step in steps:
            await pass_to(w, step.at)
            if step.refused:
                with pytest.raises(Refused):
                    await play(w, step, name, ids)
            else:
                await play(w, step, name, ids)
        await pass_to(w, scene.end)
        case, profile, book = await folded(w, name)
        assert case.objections == ()
        assert case.need is None
        assert status(case, w.clock.at, book.in_force(w.log.size), profile).code == scene.status
        assert (case.due.due if case.due else None) == scene.due
        assert tuple(local_date(clock.started_at) for clock in case.clocks) == scene.starts
        disputed = contests.contested(case)
        assert (disputed.id if disputed else None) == (ids[scene.contested] if scene.contested else None)
        assert case.phase.value == scene.phase
