"""What questions took of a case's time, as the evidence on the table tells it (pauses.py): only where the profile lets
them stop the clock.

The evidence may lack a question or an answer without anybody knowing. So a date that differs only by days that such a
question could have taken is not called false: what it was computed from is missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from ..agreement.calendar import Calendar
from ..agreement.calendars import CalendarBook
from ..agreement.profile import Profile
from ..case import fold, pauses
from ..case.case import Case
from ..statements.statements import (
    Acceptance,
    Decline,
    Destruction,
    Dispatch,
    Due,
    Handover,
    Opening,
    Receipt,
    Withdrawal,
)
from ..vietnam_time import local_date
from .exhibits import Exhibit


@dataclass(frozen=True, slots=True)
class Waited:
    """Working days to be added to what the rest of the rules give: `told` by the evidence, `most` that there can be."""

    told: int = 0
    most: int = 0

    def fits(self, base: date, stated: date, calendar: Calendar) -> bool:
        """Whether more or fewer days of waiting than are told would give the date stated."""
        return self.most > 0 and base <= stated <= pauses.later(base, self.most, calendar)


def waited(
    exhibit: Exhibit,
    due: Due,
    start: Handover,
    placed: Mapping[str, Exhibit],
    profile: Profile,
    calendar: Calendar,
    book: CalendarBook | None,
) -> Waited:
    """The days that the DUE `due` has to count for questions: those its answer ended, or all since the start."""
    if not profile.settings.question_stops_clock or book is None:
        return Waited()
    since, until = local_date(start.time), local_date(exhibit.logged().time)
    most = max(calendar.without_end().working_days_between(since, until), 0)
    case = _folded(exhibit, due.case, placed, profile, book.with_documents(calendar))
    if case is None:
        return Waited(0, most)
    total = pauses.days(case, calendar)
    if due.because == "answer":
        total -= pauses.days(case, calendar, but=due.basis)
    return Waited(total, most)


def _folded(
    exhibit: Exhibit, case_id: str, placed: Mapping[str, Exhibit], profile: Profile, book: CalendarBook
) -> Case | None:
    """The case as the evidence tells it, up to the place of `exhibit`."""
    case: Case | None = None
    known: set[str] = set()
    for one in sorted(placed.values(), key=lambda placed_one: placed_one.index):
        if one.index < exhibit.index and _is_of(one, case_id, known):
            known.add(one.id)
            case = fold.apply(case, one.logged(), profile, book)
    return case


def _is_of(exhibit: Exhibit, case: str, known: set[str]) -> bool:
    match exhibit.statement:
        case Dispatch(case=named) | Due(case=named):
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
