"""Recomputing a DUE from what is on the table: the handover it counts from, the profile, the calendar, its
basis.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from . import due, terms
from .calendar import Calendar
from .entries import Entry
from .errors import CalendarError, ProfileError
from .profile import Profile
from .statements import Dispatch, Due, Handover
from .vietnam_time import day_after, local_date


def check_due(
    entry: Entry,
    statement: Due,
    placed: Mapping[str, Entry],
    profiles: Mapping[str, Profile],
    calendars: Mapping[str, Calendar],
) -> None:
    """Blames the DUE if it is not what the rules give, or if something to compute it from is not on the
    table.

    The date is never shortened: it is the later of the computed one and that of the DUE it replaces (DESIGN
    3.5). An extension or correction gives the date that its dispatch names.
    """
    start = placed.get(statement.start or "")
    replaced = placed.get(statement.replaces or "")
    made, days = profiles.get(statement.profile), calendars.get(statement.calendar)
    if not start or not made or not days or (statement.replaces and not replaced):
        entry.blame("due-inputs-missing")
        return
    if not isinstance(start.statement, Handover) or start.statement.dispatch != statement.dispatch:
        entry.blame("due-differs", "counted from something else than the handover of its dispatch")
        return
    if replaced and (not isinstance(replaced.statement, Due) or replaced.statement.case != statement.case):
        entry.blame("due-differs", "replaces something else than a due date of its case")
        return
    received = start.statement.time
    days = days.without_end()
    try:
        expected = due.compute(received, terms.of_profile(made, statement.term), days).due
        if statement.because in ("extension", "correction"):
            asked = placed.get(statement.basis or "")
            if not asked or not isinstance(asked.statement, Dispatch):
                entry.blame("due-inputs-missing")
                return
            expected = asked.statement.due or expected
        if replaced and isinstance(replaced.statement, Due):
            expected = max(expected, replaced.statement.due)
        provisional = _is_provisional(day_after(local_date(received)), expected, days)
    except (CalendarError, ProfileError) as error:
        entry.blame("due-differs", error)
        return
    if (statement.due, statement.provisional) != (expected, provisional):
        entry.blame("due-differs", f"{expected}{', provisional' if provisional else ''} by our computation")


def _is_provisional(first: date, last: date, days: Calendar) -> bool:
    return any(days.is_provisional(year) for year in range(first.year, last.year + 1))
