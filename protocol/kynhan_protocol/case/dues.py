"""The dates that a case's rules give: what the relay signs as DUE and every client computes again.

A date is never shortened: it is the later of the one in force and the new one (DESIGN §3.5). Years without a calendar
are counted Monday to Friday and make the date provisional, so that a clock can always start.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final, Literal

from ..agreement import due, terms
from ..agreement.calendar import Calendar
from ..agreement.calendars import CalendarBook
from ..agreement.profile import Profile
from ..errors import CaseRuleError
from ..vietnam_time import day_after, local_date
from . import pauses
from .case import Case, Clock, DueNeed, DueRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class DueDraft:
    """The fields of a DUE, but for the relay's own (`relay time nonce`). `original`: without extensions.

    `unrolled` is the last day counted, where that is a day off and `original` the next working day. `agreed`: `due`
    lies before the end of the term, since both sides agreed on it; no calendar moves it then.
    """

    case: str
    dispatch: str
    start: str | None
    term: str
    profile: str
    calendar: str
    due: date
    provisional: bool
    because: str
    basis: str | None
    replaces: str | None
    original: date
    unrolled: date | None = None
    agreed: bool = False


def for_need(case: Case, need: DueNeed, profile: Profile, calendars: CalendarBook, index: int) -> DueDraft:
    """The DUE that `need` asks for, as of log index `index`.

    Raises CalendarError, ProfileError `no-term`; CaseRuleError `due.clock` without a clock.
    """
    clock, term = _clock_and_term(case)
    calendar = calendars.in_force(index).without_end()
    asked = case.dispatches[need.dispatch].due if need.dispatch in case.dispatches else None
    counted = _count(case, clock, term, profile, calendar)
    if need.because == "extension" and asked is not None and case.due is not None:
        draft = _draft(case, clock, term, calendar, need, asked, case.due.original)
        return replace(draft, agreed=case.due.agreed and draft.due < counted.due)
    if need.because == "answer" and case.due is not None:
        waited = pauses.days(case, calendar) - pauses.days(case, calendar, but=need.basis)
        moved, original = (pauses.later(day, waited, calendar) for day in (case.due.due, case.due.original))
        draft = _draft(case, clock, term, calendar, need, moved, original)
        return replace(draft, agreed=case.due.agreed)
    if need.because == "correction":
        agreed = asked if asked is not None else counted.due
        draft = _draft(case, clock, term, calendar, need, agreed, _never_earlier(case, agreed), counted)
        return replace(draft, agreed=draft.due < counted.due)
    return _draft(case, clock, term, calendar, need, counted.due, _never_earlier(case, counted.due), counted)


def for_calendar(
    case: Case, basis: str, profile: Profile, calendars: CalendarBook, index: int
) -> DueDraft | None:
    """The DUE `because calendar` that `case` gets from the calendar in force at `index`; None if nothing changes.

    `basis` is the approval that put it in force. A date moves only to a later one; a date that stays is signed anew
    when it is no longer provisional, or has become so; one agreed on before the end of the term is left alone. Raises
    as `for_need` does.
    """
    if case.due is None or case.clock is None or not case.is_timed or case.due.agreed:
        return None
    draft = _because_calendar(case, basis, profile, calendars, index)
    moved = draft.due != case.due.due or draft.provisional != case.due.provisional
    return draft if moved else None


def draft_of(case: Case, record: DueRecord) -> DueDraft:
    """The DUE that says what `record`, a date of `case` that the log gives, says."""
    return DueDraft(
        case=case.id,
        profile=case.profile,
        **{name: getattr(record, name) for name in _OF_RECORD},
    )


_OF_RECORD: Final = (
    *("dispatch", "start", "term", "calendar", "due", "provisional", "because", "basis", "replaces"),
    *("original", "unrolled", "agreed"),
)


def record_of(draft: DueDraft, profile: Profile, index: int, at: datetime) -> DueRecord:
    """The date of `draft` as one that the log gives since `index`, at the log time `at`, and that no DUE says yet."""
    return DueRecord(
        id=None,
        index=index,
        at=at,
        nature=nature_of(draft.term, profile),
        **{name: getattr(draft, name) for name in _OF_RECORD},
    )


def nature_of(term: str, profile: Profile) -> Literal["limit", "target"]:
    """Whether a term is a limit or a target; a limit where the profile does not know it."""
    return next((one.nature for one in profile.terms if one.code == term), "limit")


def explanation(case: Case, profile: Profile, calendars: CalendarBook) -> tuple[due.DayStep, ...]:
    """ "Why this date?" for the DUE in force, day by day: the term's count, then the days up to an announced date.

    It ends with the date in force, also where both sides agreed on one before the end of the term. Empty without a
    DUE. Raises CalendarError, ProfileError as `for_need` does.
    """
    if case.due is None:
        return ()
    clock, term = _clock_and_term(case)
    calendar = calendars.document(case.due.calendar).without_end()
    counted = due.compute(clock.started_at, terms.of_profile(profile, term), calendar)
    until = case.due.due
    first, *days = counted.days
    if _has_no_receipt(case, clock):
        first = due.as_if_received(first.date)
    return (first, *(one for one in days if one.date <= until), *due.explain(counted.due, until, calendar))


def _has_no_receipt(case: Case, clock: Clock) -> bool:
    """Whether nobody signed for the supplement that it counts from: it has the HANDOVER of the start before."""
    return any(one.handover == clock.handover and one.dispatch != clock.dispatch for one in case.clocks)


def _because_calendar(
    case: Case, basis: str | None, profile: Profile, calendars: CalendarBook, index: int
) -> DueDraft:
    clock, term = _clock_and_term(case)
    calendar = calendars.in_force(index).without_end()
    if case.due is not None and case.due.agreed:
        raise agreed_error()
    counted = _count(case, clock, term, profile, calendar)
    ground = _Ground("calendar", basis)
    return _draft(
        case, clock, term, calendar, ground, counted.due, _never_earlier(case, counted.due), counted
    )


def agreed_error() -> CaseRuleError:
    """A calendar does not move a date that both sides agreed on."""
    return CaseRuleError(
        "Both sides agreed on the date in force; no calendar moves it.",
        rule="due.agreed",
        sentence_vi="Hai bên đã thống nhất ngày đang tính; lịch làm việc không làm thay đổi.",
    )


def _never_earlier(case: Case, original: date) -> date:
    """The date by the regulation: like the one in force it is never shortened."""
    return original if case.due is None else max(original, case.due.original)


@dataclass(frozen=True, slots=True)
class _Ground:
    """Why a date is computed, where no need in the case says so."""

    because: str
    basis: str | None


@dataclass(frozen=True, slots=True)
class _Counted:
    """What the term gives, moved by the days that questions took."""

    due: date
    unrolled: date


def _count(case: Case, clock: Clock, term: str, profile: Profile, calendar: Calendar) -> _Counted:
    found = due.compute(clock.started_at, terms.of_profile(profile, term), calendar)
    waited = pauses.days(case, calendar)
    moved = pauses.later(found.due, waited, calendar)
    return _Counted(moved, moved if waited else found.unrolled)


def _draft(
    case: Case,
    clock: Clock,
    term: str,
    calendar: Calendar,
    ground: _Ground | DueNeed,
    day: date,
    original: date,
    counted: _Counted | None = None,
) -> DueDraft:
    last = day if case.due is None else max(day, case.due.due)
    first_year = day_after(local_date(clock.started_at)).year
    return DueDraft(
        case=case.id,
        dispatch=clock.dispatch,
        start=clock.handover,
        term=term,
        profile=case.profile,
        calendar=calendar.sha,
        due=last,
        provisional=any(calendar.is_provisional(year) for year in range(first_year, last.year + 1)),
        because=ground.because,
        basis=ground.basis,
        replaces=case.due.last_signed if case.due is not None else None,
        original=original,
        unrolled=_unrolled(case, original, counted),
    )


def _unrolled(case: Case, original: date, counted: _Counted | None) -> date | None:
    if counted is not None and counted.due == original:
        return counted.unrolled if counted.unrolled != original else None
    return case.due.unrolled if case.due is not None and case.due.original == original else None


def _clock_and_term(case: Case) -> tuple[Clock, str]:
    if case.clock is None or case.term is None:
        raise CaseRuleError(
            "The case has no clock.", rule="due.clock", sentence_vi="Việc này chưa tính thời hạn."
        )
    return case.clock, case.term
