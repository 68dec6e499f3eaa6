"""What is on the table of a case, and what questions may have taken of its time, where the profile lets them stop the
clock.

The evidence may lack a question or an answer without anybody knowing. So a date that differs only by days that such a
question could have taken is not called false: what it was computed from is missing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..agreement.calendar import Calendar
from ..agreement.profile import Profile
from ..statements.statements import (
    Acceptance,
    Decline,
    Destruction,
    Dispatch,
    Due,
    Handover,
    Opening,
    Receipt,
    Reminder,
    Withdrawal,
)
from ..vietnam_time import local_date
from .exhibits import Exhibit


def waited_at_most(exhibit: Exhibit, start: Handover, profile: Profile, calendar: Calendar) -> int:
    """The working days that questions can have taken between the start of the clock and the DUE `exhibit`."""
    if not profile.settings.question_stops_clock:
        return 0
    since, until = local_date(start.time), local_date(exhibit.logged().time)
    return max(calendar.without_end().working_days_between(since, until), 0)


def of_case(case_id: str, placed: Mapping[str, Exhibit]) -> Iterator[Exhibit]:
    """What is on the table of a case, in the order of the log."""
    known: set[str] = set()
    for one in sorted(placed.values(), key=lambda placed_one: placed_one.index):
        if _is_of(one, case_id, known):
            known.add(one.id)
            yield one


def _is_of(exhibit: Exhibit, case: str, known: set[str]) -> bool:
    match exhibit.statement:
        case Dispatch(case=named) | Due(case=named) | Reminder(case=named):
            return named == case
        case (
            Receipt(dispatch=about)
            | Opening(dispatch=about)
            | Decline(dispatch=about)
            | Withdrawal(dispatch=about)
            | Destruction(dispatch=about)
            | Handover(dispatch=about)
            | Acceptance(of=about)
        ):
            return about in known
        case _:
            return False
