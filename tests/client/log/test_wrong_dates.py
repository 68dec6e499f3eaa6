"""A relay that signs what it likes as due date: everything that a user sees keeps the computed one, and what is wrong
is said (DESIGN §3.5).
"""

from __future__ import annotations

import secrets
import uuid
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.client.agreement import CCQ, PASSPHRASE, World, founded
from tests.client.calling import Kynhan

from kynhan_client.evidence import casefolder
from kynhan_client.log import mirror, track
from kynhan_client.log.view import View
from kynhan_client.reporting import making
from kynhan_client.reporting.making import Wanted
from kynhan_protocol.evidence import evidence
from kynhan_protocol.statements.statements import Due
from kynhan_protocol.vietnam_time import local_date

DAY = 86_400


async def requested(world: World, **lies: Any) -> str:
    """A request signed for, over a relay whose DUE differs so; the case."""
    case = str(uuid.uuid4())
    sent = await world.send(case=case)
    world.simulator.due_shift = lies.pop("shift", 0)
    world.simulator.owes_due = lies.pop("owes", False)
    world.simulator.due_changes = lies
    await world.receive(sent.id)
    return case


async def expected(world: World) -> date:
    """The date that an honest relay gives to a request of the same moment."""
    case = await requested(world)
    await world.sync()
    due = View(world.ccq).case(case).due
    assert due is not None
    assert due.id is not None
    return due.due


LIES: dict[str, dict[str, Any]] = {
    "earlier": {"shift": -20},
    "later": {"shift": 60},
    "missing": {"owes": True},
    "calendar": {"because": "calendar"},
    "extension": {"because": "extension", "basis": "ab" * 32},
    "another start": {"start": "ab" * 32},
    "another term": {"term": "foreign"},
    "another calendar": {"calendar": "ab" * 32},
    "replaces": {"replaces": "ab" * 32},
}


@pytest.mark.parametrize("lie", LIES)
async def test_whatever_the_relay_signs_the_computed_date_is_shown(lie: str, tmp_path: Path) -> None:
    async with founded(tmp_path) as world:
        honest = await expected(world)
        case = await requested(world, **LIES[lie])
        await world.sync()
        alarms = [(one.severity, one.code) for one in world.ccq.archive.alarms()]
        assert alarms == [("objection", "due-missing" if lie == "missing" else "due-differs")]
        for home in (world.ccq, world.ca):
            view = View(home)
            found = view.case(case)
            assert found.due is not None
            assert (found.due.due, found.due.id, found.due.checked) == (honest, None, True)
            assert {one.due for one in track.deadlines(home)} == {honest}
            assert {one.due for one in track.cases(home)} == {honest}
            detail = track.case_detail(home, case, why=True)
            assert (detail["due"]["due"], detail["explanation"]["due"]) == (honest.isoformat(),) * 2
            assert track.as_of(view)["size"] == view.size  # type: ignore[index]


async def test_a_case_that_is_overdue_stays_so_whatever_the_relay_signs(tmp_path: Path) -> None:
    """`because calendar`, with nothing behind it, sixty days later."""
    async with founded(tmp_path) as world:
        case = await requested(world)
        await world.sync()
        before = View(world.ccq).case(case).due
        assert before is not None
        signed = next(one.statement for one in world.simulator.log if isinstance(one.statement, Due))
        for days, because in ((60, "calendar"), (-30, "calendar"), (60, "extension"), (60, "correction")):
            world.simulator.log_own(
                replace(
                    signed,
                    due=signed.due + timedelta(days=days),
                    because=because,
                    basis="ab" * 32,
                    replaces=before.id,
                    nonce=secrets.token_bytes(16),
                    time=world.simulator.time(),
                )
            )
        days = (before.due - local_date(world.ccq.clock.now())).days + 4
        world.offset.write_text(str(days * DAY))
        await mirror.sync(world.ccq, world.to[CCQ])
        assert View(world.ccq).case(case).due == before
        (line,) = track.deadlines(world.ccq)
        assert (line.due, line.group) == (before.due, "overdue")
        assert len(world.ccq.archive.alarms()) == 4
        await world.sync()
        await world.witness()
        await world.sync()
        today = local_date(world.ccq.clock.now())
        made = making.make(
            world.ccq, Wanted(begins=today.replace(month=1, day=1), ends=today), world.ccq.clock.now()
        )
        assert made.report.figures.total.limits.open_past == 1


async def test_verify_names_a_due_date_that_is_not_the_logs(tmp_path: Path) -> None:
    async with founded(tmp_path) as world:
        case = await requested(world, shift=60)
        await world.sync()
        await world.witness()
        await world.sync()
        judged = evidence.verify_case(casefolder.contents(world.ccq, case))
        assert judged.verdict == "INVALID"
        assert {why.code for one in judged.receipts for why in one.reasons if one.type == "due"} >= {
            "due-differs"
        }


async def test_without_the_calendar_the_date_is_the_relays_and_the_screen_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with founded(tmp_path) as world:
        honest = await expected(world)
        case = await requested(world, shift=60)
        await world.sync()
        sha = View(world.ccq).profile.calendar
        data = world.ccq.archive.document(sha)
        assert data is not None
        world.ccq.archive.run("DELETE FROM documents WHERE sha256 = ?", (sha,))
        found = View(world.ccq).case(case)
        assert found.due is not None
        assert (found.due.due, found.due.checked) == (honest + timedelta(days=60), False)
        assert {one.checked for one in track.deadlines(world.ccq)} == {False}
        assert track.case_detail(world.ccq, case, why=True)["explanation"] is None
        secret = tmp_path / "secret"
        secret.write_bytes(PASSPHRASE)
        kynhan = Kynhan(capsys, "--lang", "vi").at(world.ccq.path, secret)
        assert "theo máy" in kynhan("deadlines").stdout
        assert "theo máy trung chuyển, chưa kiểm được" in kynhan("case", case).stdout
        world.ccq.archive.put_document(sha, data)
        again = View(world.ccq).case(case).due
        assert again is not None
        assert (again.due, again.checked) == (honest, True)
