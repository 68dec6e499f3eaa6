"""What a DUE names or rests on has to be on the table before it is held against the date that the log gives."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from ..agreement.calendars import CalendarBook
from ..agreement.profile import Profile
from ..rulebook.place import LackingError
from ..statements.committees import Committees
from ..statements.statements import Dispatch, Due, Handover
from .exhibits import Exhibit
from .table_place import Hearing


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


def require_grounds(
    statement: Due, index: int, hearing: Hearing, book: CalendarBook, unsure: Collection[str]
) -> None:
    """Raises LackingError `grounds` where something that the DUE at log index `index` names, or rests on, is not on the
    table; `unsure` are those of which that was said. Without the calendar's document: LackingError `calendar`.
    """
    placed = hearing.placed
    _require_start(statement, placed)
    if statement.replaces is not None and statement.replaces not in placed:
        raise _missing("the due date that it replaces")
    if statement.replaces in unsure:
        raise _missing("what the due date that it replaces was computed from")
    _require_term(statement, hearing)
    _require_calendar(statement, index, book)
    _require_basis(statement, placed)
    _require_cause(statement, hearing.by_index.get(index - 1))


def _require_cause(statement: Due, before: Exhibit | None) -> None:
    """What it was logged for stands right before it; a calendar need not, nor does a pause that ended by itself."""
    by_itself = statement.because == "return" and (before is None or before.id != statement.start)
    if before is None and statement.because != "calendar" and not by_itself:
        raise _missing("what stands before it")


def _missing(what: str) -> LackingError:
    return LackingError("grounds", what)


def _require_start(statement: Due, placed: Mapping[str, Exhibit]) -> None:
    """The handover that it counts from, its receipt and its dispatch are here; what is no handover is the fold's."""
    start = placed.get(statement.start or "")
    if not start or statement.dispatch not in placed:
        raise _missing("handover or dispatch")
    if isinstance(start.statement, Handover) and start.statement.of not in placed:
        raise _missing("receipt")


def _require_term(statement: Due, hearing: Hearing) -> None:
    """The term was stated by a dispatch of the case."""
    if statement.term not in hearing.terms.get(statement.case, ()):
        raise _missing(f"what made the term {statement.term}")


def _require_calendar(statement: Due, index: int, book: CalendarBook) -> None:
    """The calendar was named by the profile, or approved by both committees, and is here."""
    if all(statement.calendar != one.document for one in book.changes if one.index < index):
        raise _missing("both committees' approvals of the calendar")
    if statement.calendar not in book.documents:
        raise LackingError("calendar", statement.calendar)


def _require_basis(statement: Due, placed: Mapping[str, Exhibit]) -> None:
    """What moved the date is here, and what that agrees to or answers."""
    if statement.because == "receipt":
        return
    found = placed.get(statement.basis or "")
    if found is None:
        raise _missing("what moved it")
    basis = found.statement
    agrees = isinstance(basis, Dispatch) and basis.kind in ("correction", "answer")
    if isinstance(basis, Dispatch) and agrees and basis.regarding and basis.regarding not in placed:
        raise _missing("what its basis regards")
