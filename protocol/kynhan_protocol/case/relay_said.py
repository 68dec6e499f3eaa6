"""The fold's part for what the relay says of its own accord: due dates, held against those that the log gives, and
reminders.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from ..agreement.calendars import CalendarBook
from ..agreement.profile import Profile
from ..errors import CaseRuleError
from ..statements.logged import Logged
from ..statements.statements import Due, Reminder
from . import dues
from .allowed import LAST_YEAR
from .case import Case, DueNeed, DueRecord, Reminded
from .effects import object_to


def due(case: Case, statement: Due, logged: Logged, profile: Profile, calendars: CalendarBook) -> Case:
    """The case after a DUE, which moves nothing: the date is what the log gives, and the DUE says it or is objected to.

    Only where the calendar to compute with is not at hand the relay's date is in force, marked as not checked.
    """
    need = case.need
    error = why_not_due(case, statement, logged.index, calendars)
    if error is not None:
        record = _record(case, statement, logged, profile, str(error))
        case = object_to(case, logged, error)
        case = replace(case, due_history=(*case.due_history, record))
        if need is not None and (need.because == statement.because or logged.index == need.index + 1):
            case = replace(case, need=replace(need, told=True))  # one objection is enough
        return case
    assert need is not None
    if not is_computed(case):
        record = replace(_record(case, statement, logged, profile, None), checked=False)
    else:
        assert case.due is not None
        record = replace(case.due, id=logged.id, index=logged.index, at=logged.time)
    return replace(case, due=record, need=None, due_history=(*case.due_history, record))


_COMPARED: Final = (
    *("dispatch", "start", "term", "profile", "calendar"),
    *("due", "provisional", "because", "basis", "replaces"),
)


def is_computed(case: Case) -> bool:
    """Whether the date that a DUE is owed for could be computed: the calendar to count with is at hand."""
    return case.need is not None and case.need.lacks is None and case.due is not None


def why_not_due(case: Case, statement: Due, index: int, calendars: CalendarBook) -> CaseRuleError | None:
    """Why the DUE at log index `index` is not the one that the log asks for; None if it is. `case` is the one right
    before it (dates.reached).
    """
    try:
        _check(case, statement, index, case.need, calendars)
    except CaseRuleError as error:
        return error
    return None


def _check(case: Case, statement: Due, index: int, need: DueNeed | None, calendars: CalendarBook) -> None:
    """Raises CaseRuleError where the DUE is not the one that the log asks for."""
    if statement.due.year > LAST_YEAR:
        raise CaseRuleError(
            f"The relay's due date {statement.due} lies too far ahead.",
            rule="due.due",
            sentence_vi=f"Hạn do máy trung chuyển tính ({statement.due}) quá xa.",
        )
    if need is None or need.because != statement.because:
        if statement.because == "calendar" and case.due is not None and case.due.agreed:
            raise dues.agreed_error()
        raise CaseRuleError(
            f"Nothing asked for a due date because of {statement.because}.",
            rule="due.because",
            sentence_vi="Không có căn cứ để tính lại hạn.",
        )
    basis = case.dispatches.get(need.basis) if need.basis is not None else None
    if index > need.index + 1 and basis is not None and not basis.stands:
        raise CaseRuleError(
            "What the due date stands on counts no more.",
            rule="due.basis",
            sentence_vi="Căn cứ tính hạn không còn giá trị.",
        )
    if need.lacks is not None or case.due is None:
        _check_unknown(case, statement, need, calendars)
        return
    draft = dues.draft_of(case, case.due)
    differing = [name for name in _COMPARED if getattr(draft, name) != getattr(statement, name)]
    if differing:
        raise _differs(
            statement, f"differs from ours, {draft.due}, in: {', '.join(differing)}", str(draft.due)
        )


def _check_unknown(case: Case, statement: Due, need: DueNeed, calendars: CalendarBook) -> None:
    """What can be said of a DUE without the calendar: what it stands on, and that it shortens nothing."""
    clock, before = case.clock, case.due
    told = (statement.dispatch, statement.start, statement.term, statement.profile, statement.basis)
    calendar = calendars.change_at(need.index + (need.because == "calendar")).document
    known = (
        statement.calendar == calendar
        and clock is not None
        and told
        == (
            clock.dispatch,
            clock.handover,
            case.term,
            case.profile,
            need.basis,
        )
    )
    replaces = before.last_signed if before is not None else None
    if need.lacks != "calendar-unknown" or not known or statement.replaces != replaces:
        raise _differs(statement, "stands on something else than the log gives", "?")
    if before is not None and statement.due < before.due:
        raise _differs(statement, f"is earlier than the one in force, {before.due}", str(before.due))


def _differs(statement: Due, en: str, ours: str) -> CaseRuleError:
    return CaseRuleError(
        f"The relay's due date {statement.due} {en}.",
        rule="due.differs",
        sentence_vi=f"Hạn do máy trung chuyển tính ({statement.due}) khác hạn tự tính ({ours}).",
    )


def _record(case: Case, statement: Due, logged: Logged, profile: Profile, objection: str | None) -> DueRecord:
    """The DUE as the relay logged it."""
    ours = case.due
    return DueRecord(
        id=logged.id,
        index=logged.index,
        due=statement.due,
        original=ours.original if ours is not None and ours.due == statement.due else statement.due,
        provisional=statement.provisional,
        because=statement.because,
        dispatch=statement.dispatch,
        start=statement.start,
        term=statement.term,
        nature=dues.nature_of(statement.term, profile),
        calendar=statement.calendar,
        basis=statement.basis,
        replaces=statement.replaces,
        at=logged.time,
        objection=objection,
    )


def reminder(case: Case, statement: Reminder, logged: Logged) -> Case:
    """The case after a REMINDER of one of its due dates or dispatches."""
    known = statement.due in case.dispatches or any(one.id == statement.due for one in case.due_history)
    if not known:
        error = CaseRuleError(
            "A reminder of nothing known.", rule="reminder.due", sentence_vi="Nhắc hạn không có căn cứ."
        )
        return object_to(case, logged, error)
    reminded = Reminded(
        logged.id, logged.index, statement.step, statement.due, statement.to, _whole(logged.time)
    )
    return replace(case, reminders=(*case.reminders, reminded))


def _whole(moment: datetime) -> datetime:
    return moment.replace(microsecond=0)
