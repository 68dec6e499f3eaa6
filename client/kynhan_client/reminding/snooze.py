"""Putting a case off: its owner hears no reminders of it before a date of their choice.

Personal and local: it is kept in this home alone, sends nothing, moves no date, and ends by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from kynhan_protocol.case.case import DueRecord
from kynhan_protocol.vietnam_time import format_date_vi, local_date

from ..errors import problem
from ..home.home import Home
from ..log.view import View

MOST: Final = timedelta(days=366)


@dataclass(frozen=True)
class Snooze:
    """`until` is the first day on which the case speaks again."""

    case: str
    until: date


def today(home: Home) -> date:
    """The date in Việt Nam by the home's clock."""
    return local_date(home.clock.now())


def past_due(home: Home, case: str, until: date) -> DueRecord | None:
    """The due date in force that would pass in silence; None where there is none, or it is later."""
    found = View(home).case(case)
    if not found.clock_runs or found.due is None or until <= found.due.due:
        return None
    return found.due


def check(home: Home, case: str, until: date) -> None:
    """That `case` can be put off until then: only reminders of a time limit that runs can be.

    Raises ClientError snooze-past, snooze-too-long, snooze-nothing-runs.
    """
    now = today(home)
    if until <= now:
        raise problem("snooze-past", until=format_date_vi(until))
    if until - now > MOST:
        raise problem("snooze-too-long", until=format_date_vi(until), most=MOST.days)
    if not View(home).case(case).clock_runs:
        raise problem("snooze-nothing-runs", case=case[:12])


def put(home: Home, case: str, until: date) -> Snooze:
    """Puts `case` off, in place of what was set before. Raises ClientError as check() does."""
    check(home, case, until)
    home.archive.run(
        "INSERT OR REPLACE INTO snoozes VALUES (?, ?, ?)", (case, until.isoformat(), home.clock.posix())
    )
    return Snooze(case, until)


def end(home: Home, case: str) -> bool:
    """The case speaks again at once; whether it was put off."""
    was = case in active(home)
    home.archive.run("DELETE FROM snoozes WHERE case_id = ?", (case,))
    return was


def active(home: Home) -> dict[str, date]:
    """The cases that are put off today, each with the day it speaks again."""
    rows = home.archive.rows("SELECT case_id, until FROM snoozes WHERE until > ?", (today(home).isoformat(),))
    return {case: date.fromisoformat(until) for case, until in rows}
