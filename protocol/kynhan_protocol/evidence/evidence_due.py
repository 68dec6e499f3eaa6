"""A DUE held against the date that the log gives: the fold of its case over what is on the table (DESIGN §3.5)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ..agreement.calendar import Calendar
from ..agreement.calendars import CalendarBook
from ..agreement.profile import Profile
from ..case import dates, fold, pauses
from ..case.case import Case
from ..statements.committees import Committees
from ..statements.statements import Dispatch, Due, Handover
from .evidence_waits import of_case, waited_at_most
from .exhibits import Exhibit


class _MissingError(Exception):
    """Something to compute the date from is not on the table; str() says what."""


class _NoCalendarError(Exception):
    """The document of the calendar that it was computed with is not on the table."""


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
    book = CalendarBook.begin(first.calendar, first.committees).beside(committees)
    for exhibit in sorted(placed.values(), key=lambda one: one.index):
        book = book.apply(exhibit.logged())
    return book


def check_dues(
    exhibits: Iterable[Exhibit],
    placed: Mapping[str, Exhibit],
    profiles: Mapping[str, Profile],
    calendars: Mapping[str, Calendar],
    book: CalendarBook | None,
) -> None:
    """Blames every DUE that is not what the log gives (DESIGN §3.5), or for which something to compute it from is not
    on the table; and what asked for a DUE that is not where it has to stand, in a case of which one is here.

    What the log gives is what the fold of the case gives.
    """
    dues = [one for one in exhibits if one.signed and one.head and isinstance(one.statement, Due)]
    table = {**placed, **{one.id: one for one in dues}}
    known = book.with_documents(*calendars.values()) if book is not None else None
    for case_id in sorted({one.statement.case for one in dues if isinstance(one.statement, Due)}):
        _check_case(case_id, table, profiles, known)


def _check_case(
    case_id: str, placed: Mapping[str, Exhibit], profiles: Mapping[str, Profile], book: CalendarBook | None
) -> None:
    case: Case | None = None
    unsure: set[str] = set()
    by_index = {one.index: one for one in placed.values()}
    for exhibit in of_case(case_id, placed):
        before = case
        statement = exhibit.statement
        made = profiles.get(case.profile if case else getattr(statement, "profile", ""))
        if made is not None and book is not None:
            case = fold.apply(case, exhibit.logged(), made, book)
        if not isinstance(statement, Due):
            continue
        try:
            _check_inputs(exhibit, statement, placed, book, unsure)
            if made is None or book is None or case is None:
                raise _MissingError("profile")
            _check_cause(exhibit, statement, by_index)
            _judge(exhibit, statement, before, case, placed, made, book)
        except _NoCalendarError as missing:
            exhibit.blame("no-calendar", missing)
            unsure.add(exhibit.id)
        except _MissingError as missing:
            exhibit.blame("due-inputs-missing", missing)
            unsure.add(exhibit.id)
        except _DiffersError as error:
            exhibit.blame("due-differs", error)
    for objection in case.objections if case is not None else ():
        if objection.rule == "due.missing" and objection.index in by_index and not unsure:
            by_index[objection.index].blame("due-missing", f"since index {objection.index}")


def _judge(
    exhibit: Exhibit,
    statement: Due,
    before: Case | None,
    case: Case,
    placed: Mapping[str, Exhibit],
    made: Profile,
    book: CalendarBook,
) -> None:
    """Raises where the fold objected to the DUE, which it was applied to last; `before` is the case before it."""
    record = case.due_history[-1] if case.due_history else None
    if record is None or record.id != exhibit.id:
        raise _DiffersError("it is of no case")
    if record.objection is None:
        if not record.checked:
            raise _NoCalendarError(statement.calendar)
        return
    start = placed[statement.start or ""]
    days = book.documents[statement.calendar].without_end()
    at = exhibit.logged().time
    base = dates.reached(before, exhibit.index, at, made, book).due if before is not None else None
    if base is not None and isinstance(start.statement, Handover):
        most = waited_at_most(exhibit, start.statement, made, days)
        if most and base.due <= statement.due <= pauses.later(base.due, most, days):
            raise _MissingError("what questions took of the time")
    raise _DiffersError(record.objection)


def _check_inputs(
    exhibit: Exhibit,
    statement: Due,
    placed: Mapping[str, Exhibit],
    book: CalendarBook | None,
    unsure: set[str],
) -> None:
    """Raises where something that the DUE names, or rests on, is not on the table."""
    _check_start(statement, placed)
    if statement.replaces is not None and statement.replaces not in placed:
        raise _MissingError("the due date that it replaces")
    if statement.replaces in unsure:
        raise _MissingError("what the due date that it replaces was computed from")
    _check_term(statement, placed)
    _check_calendar(exhibit, statement, book)
    _check_basis(statement, placed)


def _check_cause(exhibit: Exhibit, statement: Due, by_index: Mapping[int, Exhibit]) -> None:
    """What it was logged for stands right before it; a calendar need not, nor does a pause that ended by itself."""
    handed = by_index.get(exhibit.index - 1)
    if statement.because == "return" and (handed is None or handed.id != statement.start):
        return
    if statement.because != "calendar" and exhibit.index - 1 not in by_index:
        raise _MissingError("what stands before it")


def _check_start(statement: Due, placed: Mapping[str, Exhibit]) -> None:
    """The handover that it counts from, its receipt and its dispatch are here."""
    start = placed.get(statement.start or "")
    if not start or statement.dispatch not in placed:
        raise _MissingError("handover or dispatch")
    if not isinstance(start.statement, Handover):
        raise _DiffersError("counted from something else than a handover")
    if start.statement.of not in placed:
        raise _MissingError("receipt")


def _check_term(statement: Due, placed: Mapping[str, Exhibit]) -> None:
    """The term was stated by a dispatch of the case."""
    dispatches = [one.statement for one in placed.values() if isinstance(one.statement, Dispatch)]
    if statement.term not in {one.term for one in dispatches if one.case == statement.case}:
        raise _MissingError(f"what made the term {statement.term}")


def _check_calendar(exhibit: Exhibit, statement: Due, book: CalendarBook | None) -> None:
    """The calendar was named by the profile, or approved by both committees, and is here."""
    if book is None:
        raise _MissingError("profile")
    if all(statement.calendar != one.document for one in book.changes if one.index < exhibit.index):
        raise _MissingError("both committees' approvals of the calendar")
    if statement.calendar not in book.documents:
        raise _NoCalendarError(statement.calendar)


def _check_basis(statement: Due, placed: Mapping[str, Exhibit]) -> None:
    """What moved the date is here, and what that agrees to or answers."""
    if statement.because == "receipt":
        return
    found = placed.get(statement.basis or "")
    if found is None:
        raise _MissingError("what moved it")
    basis = found.statement
    agrees = isinstance(basis, Dispatch) and basis.kind in ("correction", "answer")
    if isinstance(basis, Dispatch) and agrees and basis.regarding and basis.regarding not in placed:
        raise _MissingError("what its basis regards")
