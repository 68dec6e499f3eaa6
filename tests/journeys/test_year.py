"""A year in the life (two, in fact): 400 cases, 60 in the normal lane, of two committees and three units, through a
real relay process and real clients on a virtual clock, compared with the same two years reckoned by brute force (year/
says how).

Dates, reminders and figures have to be the same in the relay, in both committees' clients and in the reckoning.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.client.parties import LOG
from tests.journeys.year.counted import counted
from tests.journeys.year.days import DAY, Days, at, day_of
from tests.journeys.year.drive import Year, year
from tests.journeys.year.plan import CA, CCQ, DECISIONS, END, steps
from tests.journeys.year.reckoning import Life
from tests.lanes import YEAR_CASES

from kynhan_client.home.home import Home
from kynhan_client.log.view import View
from kynhan_client.reporting import making
from kynhan_client.reporting.making import Wanted
from kynhan_protocol.agreement import periods
from kynhan_protocol.case.case import Case, DueRecord

SEED = 7
PERIODS = (
    *("2025", "2026", "2025-H1", "2025-H2", "2026-H1", "2026-H2"),
    *(f"{year}-Q{quarter}" for year in (2025, 2026) for quarter in range(1, 5)),
)
MONTHS = ("2025-01", "2025-06", "2025-12", "2026-03", "2026-07", "2026-12")
CLERKS = (f"{CCQ}/van-thu", f"{CA}/van-thu")


@asynccontextmanager
async def lived(folder: Path, cases: int) -> AsyncIterator[Year]:
    """Both years over, everything cosigned, the new year ten minutes old."""
    async with year(folder) as one:
        await one.live(steps(SEED, cases))
        await one.rest(at(END + DAY, 0, 10))
        yield one


def honest(case: Case) -> tuple[DueRecord, ...]:
    """Every due date of a case that an honest relay logged: nothing in it is objected to."""
    assert case.objections == ()
    return case.due_history


def dates(one: Year, home: Home) -> dict[int, list[tuple[Any, ...]]]:
    """Every due date ever in force, by case: date, original date, provisional, why."""
    view = View(home)
    return {
        number: [(each.due, each.original, each.provisional, each.because) for each in honest(view.case(id_))]
        for number, id_ in one.cases.items()
    }


def reckoned_dates(one: Year) -> dict[int, list[tuple[Any, ...]]]:
    return {
        number: [(each.due, each.original, each.provisional, each.because) for each in life.dates]
        for number, life in one.reckoning.lives.items()
    }


def reminders(one: Year, home: Home) -> list[tuple[Any, ...]]:
    """Case, what is reminded of, step, day in Việt Nam; in the order of all four."""
    view = View(home)
    labels = {id_: label for (_, label), id_ in one.dispatches.items()}
    found = []
    for number, id_ in one.cases.items():
        case = view.case(id_)
        names = {each.id: f"due {place}" for place, each in enumerate(case.due_history, 1)} | labels
        found += [(number, names[each.due], each.step, day_of(each.at)) for each in case.reminders]
    return sorted(found)


def days_at(one: Year, moment: datetime) -> Days:
    """The calendar in force at a moment."""
    return one.reckoning.calendars[sum(at(day, 17) < moment for day in DECISIONS)]


def figures(home: Home, name: str) -> Any:
    return json.loads(msgspec.json.encode(making.make(home, Wanted(name=name)).report.figures))


def relay_figures(one: Year, name: str) -> Any:
    """What `kynhan-relay report` says beside the running relay."""
    period = periods.named(name, 1)
    command = [
        *(
            sys.executable,
            "-m",
            "kynhan_server",
            "report",
            "--data",
            str(one.two.folder / "relay"),
            "--log",
            LOG,
        ),
        *("--from", str(period.begins), "--to", str(period.ends), "--json"),
        *("--at", one.clock.now().strftime("%Y-%m-%dT%H:%M:%SZ")),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)["figures"]


def brute_force(one: Year, name: str, who: str | None) -> Any:
    """As `who` can count: the relay (None) knows no subject, CA's clerk none of a request sent straight to a unit."""

    def subject_of(life: Life) -> str:
        opened = who == CCQ or life.mails[life.main or ""].to == CA
        return (life.subject or "") if opened else "unknown"

    period = periods.named(name, 1)
    lives = one.reckoning.lives.values()
    return counted(
        lives,
        days_at(one, period.until),
        period.since,
        period.until,
        subject_of=None if who is None else subject_of,
    )


def summary(one: Year, home: Home) -> str:
    """All that the seed decides, as one hash."""
    said = [dates(one, home), reminders(one, home), [figures(home, name) for name in PERIODS]]
    return hashlib.sha256(repr(said).encode()).hexdigest()


@pytest.mark.timeout(3000)
async def test_a_year_in_the_life(tmp_path: Path) -> None:
    async with lived(tmp_path, YEAR_CASES) as one:
        assert len(one.cases) == YEAR_CASES
        homes = [one.homes[name] for name in CLERKS]
        for home in homes:
            assert home.frozen is None
            assert [alarm.code for alarm in home.archive.alarms()] == []
            assert dates(one, home) == reckoned_dates(one)
            assert reminders(one, home) == sorted(one.reckoning.reminders)
        assert len(one.moved) == 2
        assert YEAR_CASES < 400 or all(one.moved)  # both decisions moved dates
        for name in PERIODS:
            for home in homes:
                assert figures(home, name) == brute_force(one, name, home.config.committee), name
        for name in MONTHS:  # one committee's will do: it is the same code over the same statements
            assert figures(homes[0], name) == brute_force(one, name, CCQ), name
        for name in ("2025", "2026", "2026-Q3", "2025-11"):
            said = await asyncio.to_thread(relay_figures, one, name)
            assert said == brute_force(one, name, None), name
        unit = one.homes["ca.example/pc01"]
        assert unit.archive.alarms() == []
        mine = View(unit).cases()
        assert mine
        assert all(case.due == View(homes[0]).case(case.id).due for case in mine)


@pytest.mark.long
@pytest.mark.timeout(600)
async def test_the_same_seed_gives_the_same_year(tmp_path: Path) -> None:
    said = []
    for turn in ("first", "second"):
        (tmp_path / turn).mkdir()
        async with lived(tmp_path / turn, 12) as one:
            said.append(summary(one, one.homes[CLERKS[0]]))
    assert said[0] == said[1]
