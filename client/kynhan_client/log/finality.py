"""Receipts that wait for the witnesses longer than they should: shown by `receipts` and `status`, recorded once.

A witness runs all the time, so a receipt becomes final within minutes; one that is still pending when the working day
after its own is over says that a witness is off, or that the relay keeps its cosignatures back (DESIGN §3.3).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from kynhan_protocol.agreement import calendar as calendars
from kynhan_protocol.agreement.calendar import Calendar
from kynhan_protocol.agreement.due import compute
from kynhan_protocol.agreement.terms import TermRule
from kynhan_protocol.errors import CalendarError

from ..errors import ClientError
from ..home import cupboard
from ..home.home import Home
from . import logbook
from .logbook import Entry
from .view import View

WITHIN: Final = TermRule("finality", 1, "working", "target")
WITHOUT_CALENDAR: Final = timedelta(days=3)
RECORDED: Final = (
    "finality-overdue"  # kind in the diary; configuration: the oldest statement recorded as overdue
)


def overdue(home: Home) -> list[Entry]:
    """The statements whose receipt we hold and that are overdue to become final, in the order of the log."""
    head = logbook.latest_final(home.archive)
    held = (logbook.by_id(home.archive, id_) for id_ in cupboard.pending_receipts(home.archive))
    waiting = [one for one in held if one is not None and one.logged.index >= (head.size if head else 0)]
    if not waiting:
        return []
    calendar, now = _calendar(home), home.clock.now()
    late = [one for one in waiting if _late_from(one.logged.time, calendar) <= now]
    return sorted(late, key=lambda one: one.logged.index)


def record(home: Home) -> None:
    """Writes into the diary that finality is overdue, once for the statement that has waited longest."""
    late = overdue(home)
    if not late or home.archive.get(RECORDED) == late[0].logged.id:
        return
    with home.archive.transaction():
        home.archive.put(RECORDED, late[0].logged.id)
        home.archive.note_event(
            RECORDED,
            home.clock.posix(),
            id=late[0].logged.id,
            index=late[0].logged.index,
            since=late[0].logged.time.isoformat(),
            count=len(late),
        )


def _late_from(logged: datetime, calendar: Calendar) -> datetime:
    try:
        return compute(logged, WITHIN, calendar).late_from
    except CalendarError:
        return logged + WITHOUT_CALENDAR


def _calendar(home: Home) -> Calendar:
    view = View(home)
    try:
        return view.calendars.in_force(view.size)
    except (ClientError, CalendarError):
        return calendars.shipped()
