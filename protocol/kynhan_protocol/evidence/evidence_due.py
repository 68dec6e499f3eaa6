"""Recomputing a DUE from what is on the table: the dispatch, its receipt and handover, the profile, the calendar, its
basis.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from ..agreement import due, terms
from ..agreement.calendar import Calendar
from ..agreement.calendars import CalendarBook
from ..agreement.profile import Profile
from ..case import pauses
from ..errors import CalendarError, ProfileError
from ..names import Name
from ..statements.committees import Committees
from ..statements.statements import CalendarApproval, Dispatch, Due, Handover, Receipt
from ..vietnam_time import day_after, local_date
from .evidence_waits import Waited, waited
from .exhibits import Exhibit


class _MissingError(Exception):
    """Something to compute the date from is not on the table; str() says what."""


class _DiffersError(Exception):
    """The DUE cannot be what the rules give; str() says why."""


def calendars_on_table(
    committees: Committees, profiles: Mapping[str, Profile], placed: Mapping[str, Exhibit]
) -> CalendarBook | None:
    """Which calendar was in force where, as the first profile and the approvals on the table tell; None without a
    profile in force.
    """
    first = next((profiles[one.document] for one in committees.profiles() if one.document in profiles), None)
    if first is None:
        return None
    book = CalendarBook.begin(first.calendar, first.committees)
    for exhibit in sorted(placed.values(), key=lambda one: one.index):
        book = book.apply(exhibit.logged())
    return book


def check_due(
    exhibit: Exhibit,
    statement: Due,
    placed: Mapping[str, Exhibit],
    profiles: Mapping[str, Profile],
    calendars: Mapping[str, Calendar],
    book: CalendarBook | None,
) -> None:
    """Blames the DUE if it is not what the rules give, or if something to compute it from is not on the
    table.

    The date is never shortened: it is the later of the computed one and that of the DUE it replaces (DESIGN §3.5).
    An extension or correction gives the date that its dispatch names; an answer moves the one in force by the
    working days that its question took.
    """
    try:
        start = _start(statement, placed)
        replaced = _replaced(exhibit, statement, placed)
        _check_term(statement, placed, replaced)
        _check_calendar(exhibit, statement, book)
        made, days = profiles.get(statement.profile), calendars.get(statement.calendar)
        if not made or not days:
            raise _MissingError("profile or calendar")
        days = days.without_end()
        received = start.time
        if statement.because == "calendar" and replaced:
            _check_not_agreed(replaced, start, made, calendars.get(replaced.calendar))
        took = waited(exhibit, statement, start, placed, made, days, book)
        base = due.compute(received, terms.of_profile(made, statement.term), days).due
        if statement.because == "answer" and replaced:
            base = replaced.due
        announced = _announced(statement, placed, made)
        if announced:
            base, took = announced, Waited()
        expected = pauses.later(base, took.told, days)
        if replaced:
            expected = max(expected, replaced.due)
        provisional = _is_provisional(day_after(local_date(received)), expected, days)
        if statement.due != expected and took.fits(base, statement.due, days):
            raise _MissingError("what questions took of the time")
    except _MissingError as missing:
        exhibit.blame("due-inputs-missing", missing)
        return
    except (_DiffersError, CalendarError, ProfileError) as error:
        exhibit.blame("due-differs", error)
        return
    if (statement.due, statement.provisional) != (expected, provisional):
        exhibit.blame("due-differs", f"{expected}{', provisional' if provisional else ''} by our computation")


def _start(statement: Due, placed: Mapping[str, Exhibit]) -> Handover:
    """The handover that it counts from, which stands on a receipt of its dispatch, which is of its case."""
    start, sent = placed.get(statement.start or ""), placed.get(statement.dispatch)
    if not start or not sent:
        raise _MissingError("handover or dispatch")
    if not isinstance(start.statement, Handover) or start.statement.dispatch != statement.dispatch:
        raise _DiffersError("counted from something else than the handover of its dispatch")
    signed = placed.get(start.statement.of)
    if not signed or not isinstance(signed.statement, Receipt):
        raise _MissingError("receipt")
    made = sent.statement
    if not isinstance(made, Dispatch) or (made.case, made.profile) != (statement.case, statement.profile):
        raise _DiffersError("its dispatch is of another case or profile")
    return start.statement


def _replaced(exhibit: Exhibit, statement: Due, placed: Mapping[str, Exhibit]) -> Due | None:
    """The DUE that it replaces: the one in force (DESIGN §3.5)."""
    for one in placed.values():
        other = one.statement
        if (
            isinstance(other, Due)
            and one.index < exhibit.index
            and (other.case, other.start, other.replaces)
            == (statement.case, statement.start, statement.replaces)
        ):
            raise _DiffersError(f"does not replace the one in force, {one.name}")
    if statement.replaces is None:
        return None
    replaced = placed.get(statement.replaces)
    if replaced is None:
        raise _MissingError("the due date that it replaces")
    if not isinstance(replaced.statement, Due) or replaced.statement.case != statement.case:
        raise _DiffersError("replaces something else than a due date of its case")
    return replaced.statement


def _check_not_agreed(replaced: Due, start: Handover, made: Profile, counted_with: Calendar | None) -> None:
    """A date before the end of its term is one that both sides agreed on: no calendar moves it."""
    if counted_with is None:
        return
    term = terms.of_profile(made, replaced.term)
    if replaced.due < due.compute(start.time, term, counted_with.without_end()).due:
        raise _DiffersError(f"both sides agreed on {replaced.due}, which no calendar moves")


def _check_term(statement: Due, placed: Mapping[str, Exhibit], replaced: Due | None) -> None:
    """The term is that of the request, unless both sides corrected it."""
    dispatches = [one.statement for one in placed.values() if isinstance(one.statement, Dispatch)]
    stated = {
        one.term
        for one in dispatches
        if one.case == statement.case and one.kind in ("request", "correction") and one.term
    }
    if replaced is not None and replaced.start == statement.start and statement.because != "correction":
        stated = {replaced.term}
    if statement.term not in stated:
        raise _MissingError(f"what made the term {statement.term}")


def _check_calendar(exhibit: Exhibit, statement: Due, book: CalendarBook | None) -> None:
    """The calendar is the one in force: named by the profile, or approved by both committees since."""
    if book is None:
        raise _MissingError("profile")
    known = [change for change in book.changes if change.index < exhibit.index]
    if statement.calendar == known[-1].document:
        return
    if any(statement.calendar == change.document for change in known):
        raise _DiffersError("counted by a calendar that was no longer in force")
    raise _MissingError("both committees' approvals of the calendar")


def _announced(statement: Due, placed: Mapping[str, Exhibit], made: Profile) -> date | None:
    """The date that its basis announces; None where the term gives it."""
    if statement.because == "receipt":
        return None
    found = placed.get(statement.basis or "")
    if found is None:
        raise _MissingError("what moved it")
    basis = found.statement
    if statement.because == "calendar":
        if not isinstance(basis, CalendarApproval) or basis.document != statement.calendar:
            raise _DiffersError("no approval of its calendar moved it")
        return None
    kinds = ("answer", "reply", "interim") if statement.because == "answer" else (statement.because,)
    if not isinstance(basis, Dispatch) or basis.case != statement.case or basis.kind not in kinds:
        raise _DiffersError(f"no {statement.because} of its case moved it")
    if statement.because == "answer" and not made.settings.question_stops_clock:
        raise _DiffersError("questions do not stop the clock under its profile")
    if statement.because == "correction" and made.settings.correction_by_both:
        first = placed.get(basis.regarding or "")
        if first is None:
            raise _MissingError("the correction that was agreed to")
        proposed = first.statement
        if (
            not isinstance(proposed, Dispatch)
            or proposed.kind != "correction"
            or Name.of(proposed.from_).committee == Name.of(basis.from_).committee
            or (proposed.term, proposed.due) != (basis.term, basis.due)
        ):
            raise _DiffersError("the correction was not agreed to by both sides")
    return basis.due if statement.because in ("extension", "correction") else None


def _is_provisional(first: date, last: date, days: Calendar) -> bool:
    return any(days.is_provisional(year) for year in range(first.year, last.year + 1))
