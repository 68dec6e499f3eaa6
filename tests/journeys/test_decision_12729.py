"""Decision 12729/VPCP-KGVX replayed: published on 25/12/2025, it makes Friday 02/01/2026 a day off and Saturday
10/01/2026 a working day. Cases received in autumn 2025 are previewed, moved, never shortened; each new date can be
proved.

A real relay, two committees with a clerk and an approver each; what a person types is a process of its own.
"""

from __future__ import annotations

import csv
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from importlib import resources
from pathlib import Path

from tests.client.agreement import CA, CCQ
from tests.journeys.approving import Approving, approving

from kynhan_client.dossiers.letter import Letter
from kynhan_client.home.home import Home
from kynhan_client.log.view import View
from kynhan_client.packages import opening, receive, send
from kynhan_client.procedures import replies
from kynhan_client.procedures.standing import Papers
from kynhan_protocol.agreement import calendar
from kynhan_protocol.agreement.calendar import Year
from kynhan_protocol.vietnam_time import VIETNAM

NUMBER = "12729/VPCP-KGVX"
PUBLISHED = datetime(2025, 12, 25, 9, 0, tzinfo=VIETNAM)
DECISION = f"""date,day,why,decision
2026-01-02,off,swapped with Saturday 2026-01-10,{NUMBER}
2026-01-10,work,swapped for Friday 2026-01-02,{NUMBER}
"""
CASES = {
    "in the year": ("in-province", date(2025, 10, 20)),
    "would be earlier": ("foreign", date(2025, 10, 12)),
    "rolls on": ("foreign", date(2025, 10, 4)),
    "loses a day": ("in-province", date(2025, 11, 18)),
    "loses and wins": ("in-country", date(2025, 11, 18)),
    "extended": ("in-province", date(2025, 11, 19)),
    "onto the Saturday": ("in-province", date(2025, 11, 20)),
    "answered": ("in-province", date(2025, 11, 20)),
}
ANNOUNCED = date(2026, 1, 30)


def before_the_decision() -> bytes:
    """The calendar as it stood in autumn 2025: without the decision, 2026 a draft."""
    shipped = calendar.shipped()
    years = [Year(2026, "draft", None) if one.year == 2026 else one for one in shipped.years.values()]
    return calendar.compose(years, (one for one in shipped.days.values() if one.decision != NUMBER))


# --- the same dates counted without our code


def exceptions(*, decided: bool) -> tuple[set[date], set[date]]:
    """Days off and days worked, read straight from the list of decisions."""
    text = (
        resources.files("kynhan_protocol.agreement")
        .joinpath("data", "calendar-decisions.csv")
        .read_text("utf-8")
    )
    rows = [row for row in csv.DictReader(text.splitlines()) if decided or row["decision"] != NUMBER]
    found = {
        way: {date.fromisoformat(row["date"]) for row in rows if row["day"] == way} for way in ("off", "work")
    }
    return found["off"], found["work"]


def counted(term: str, received: date, *, decided: bool) -> date:
    """The last day of the term, by walking the days."""
    off, work = exceptions(decided=decided)

    def worked(day: date) -> bool:
        return day in work or (day.weekday() < 5 and day not in off)

    day = received
    if term == "foreign":
        day += timedelta(days=90)
        while not worked(day):
            day += timedelta(days=1)
        return day
    left = {"in-province": 35, "in-country": 45}[term]
    while left:
        day += timedelta(days=1)
        left -= worked(day)
    return day


# --- the ground


@dataclass
class Replay(Approving):
    """Both committees with their approvers, and the cases by name."""

    cases: dict[str, str] = field(default_factory=dict)


@asynccontextmanager
async def autumn(folder: Path) -> AsyncIterator[Replay]:
    """All CASES received, each on its day; on 25/12/2025 the decision is published."""
    begin = datetime(2025, 9, 15, 9, 0, tzinfo=VIETNAM)
    async with approving(folder, begin, before_the_decision(), kind=Replay) as replay:
        two = replay.two
        for name, (term, received) in sorted(CASES.items(), key=lambda one: one[1][1]):
            two.set_clock(datetime.combine(received, PUBLISHED.timetz()))
            await two.witness()
            await two.sync()
            sent = await two.request(term=term, subject="3.1")
            await receive.sign(two.ca, two.to[CA], sent.dispatch)
            await opening.open_package(two.ca, two.to[CA], sent.dispatch, folder / f"opened {name}")
            replay.cases[name] = sent.case
        await answered(replay, replay.cases["answered"])
        await extended(replay, replay.cases["extended"])
        two.set_clock(PUBLISHED)
        await two.witness()
        await replay.sync()
        yield replay


async def answered(replay: Replay, case: str) -> None:
    two = replay.two
    letter = replies.reply(two.ca, case, Papers(files=(two.file("Trả lời.pdf"),), title="Trả lời"))
    await send.send(two.ca, two.to[CA], letter)
    await two.sync()


async def extended(replay: Replay, case: str) -> None:
    two = replay.two
    letter = Letter(
        kind="extension", to=CCQ, case=case, due=ANNOUNCED, files=(two.file("Gia hạn.pdf"),), title="Gia hạn"
    )
    await send.send(two.ca, two.to[CA], letter)
    await two.sync()


async def test_the_decision_moves_dates_and_shortens_none(tmp_path: Path) -> None:
    async with autumn(tmp_path) as replay:
        two, cases = replay.two, replay.cases
        assert (await replay.run(two.ccq, "status"))["calendar"]["missing_year"] == 2026
        view = View(two.ccq)
        old = {name: counted(*CASES[name], decided=False) for name in CASES} | {"extended": ANNOUNCED}
        for name, case in cases.items():
            due = view.case(case).due
            assert due is not None
            assert (due.due, due.provisional) == (old[name], old[name].year == 2026), name

        draft = str(tmp_path / "lich.json")
        decision = replay.file("12729.csv", DECISION)
        made = await replay.run(
            replay.approvers[CCQ],
            *("calendar", "draft", "2026", "--decision", decision, "--number", NUMBER),
            *("--partial", "--out", draft),
        )
        assert made["year"] == {"year": 2026, "status": "official", "decision": NUMBER}

        new = {name: max(old[name], counted(*CASES[name], decided=True)) for name in CASES}
        new["answered"] = old["answered"]  # its clock has stopped
        assert new["onto the Saturday"] == date(2026, 1, 10)
        expected = {
            (cases["onto the Saturday"], "moves", date(2026, 1, 9), date(2026, 1, 10)),
            (cases["loses a day"], "moves", old["loses a day"], new["loses a day"]),
            (cases["rolls on"], "moves", date(2026, 1, 2), date(2026, 1, 5)),
            (cases["would be earlier"], "stays", date(2026, 1, 12), date(2026, 1, 12)),
            (cases["loses and wins"], "settles", old["loses and wins"], old["loses and wins"]),
            (cases["extended"], "settles", ANNOUNCED, ANNOUNCED),
        }
        assert counted(*CASES["would be earlier"], decided=True) == date(2026, 1, 10)
        assert new["loses a day"] > old["loses a day"]
        preview = await replay.run(two.ccq, "calendar", "preview", draft)
        assert preview["whole"] is True
        assert [one["date"] for one in preview["days"]] == ["2026-01-02", "2026-01-10"]
        assert len(preview["cases"]) == len(expected)
        assert {
            (one["case"], one["what"], date.fromisoformat(one["before"]), date.fromisoformat(one["after"]))
            for one in preview["cases"]
        } == expected
        assert {(one["was_provisional"], one["provisional"]) for one in preview["cases"]} == {(True, False)}

        first = await replay.run(replay.approvers[CCQ], "calendar", "sign", draft, "--yes")
        assert (first["in_force"], first["moved"]) == (False, 0)
        await two.sync()
        assert {name: due_of(two.ca, case) for name, case in cases.items()} == old
        waiting = (await replay.run(two.ca, "status"))["calendar"]
        assert waiting["waiting"] == made["sha256"]

        second = await replay.run(replay.approvers[CA], "calendar", "sign", "--yes")
        assert (second["in_force"], second["preview"]["whole"]) == (True, False)
        await two.sync()
        for home in (two.ccq, two.ca):
            assert home.archive.alarms() == []
            assert {name: due_of(home, case) for name, case in cases.items()} == new
        assert all(new[name] >= old[name] for name in CASES)
        assert (await replay.run(two.ca, "status"))["calendar"] == {
            "missing_year": None,
            "waiting": None,
            "signed_by": [],
        }
        await proved(replay, {case for case, *_ in expected}, second["statement"])


def due_of(home: Home, case: str) -> date:
    due = View(home).case(case).due
    assert due is not None
    return due.due


async def proved(replay: Replay, moved: set[str], approval: str) -> None:
    """Each case whose DUE was signed anew shows it, and its receipt is VALID for whoever gets the bundle."""
    two = replay.two
    # A statement of each side that has seen the dates attests that no root statement was kept from who judges them.
    await two.witness()
    await two.sync()
    done = two.letter(kind="message", to=CCQ, term=None, subject=None, words="Đã rõ.")
    last = await send.send(two.ca, two.to[CA], done)
    await two.sync()
    await receive.sign(two.ccq, two.to[CCQ], last.dispatch)
    await two.witness()
    await two.sync()
    for name, case in replay.cases.items():
        detail = await replay.run(two.ccq, "case", case)
        history = detail["due_history"]
        if case not in moved:
            assert "calendar" not in {one["because"] for one in history}, name
            continue
        last_due = history[-1]
        assert (last_due["because"], last_due["basis"], last_due["provisional"]) == (
            "calendar",
            approval,
            False,
        )
        assert last_due["replaces"] == history[-2]["id"]
        bundle = str(two.folder / f"{case}.tar")
        await replay.run(two.ccq, "receipts", "--bundle", last_due["id"], "--out", bundle)
        judged = await replay.run(two.ccq, "verify", bundle)
        assert judged["verdict"] == "VALID", (name, judged)
