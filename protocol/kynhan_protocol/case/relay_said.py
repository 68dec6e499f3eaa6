"""The fold's part for what the relay says of its own accord: due dates, each computed again, and reminders."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from ..agreement.calendars import CalendarBook
from ..agreement.profile import Profile
from ..errors import CaseRuleError, ProtocolError
from ..statements.logged import Logged
from ..statements.statements import Due, Reminder
from . import dues
from .allowed import LAST_YEAR
from .case import Case, DueRecord, Reminded
from .dues import DueDraft
from .effects import object_to


def due(case: Case, statement: Due, logged: Logged, profile: Profile, calendars: CalendarBook) -> Case:
    """The case after a DUE: in force if it replaces the one in force and something asked for it.

    One that differs from our own computation is in force all the same, with an objection: the relay's date is what
    both sides were told.
    """
    objection: ProtocolError | None = None
    draft: DueDraft | None = None
    try:
        draft = dues.recompute(case, statement, profile, calendars, logged.index)
        differing = [name for name in _COMPARED if getattr(draft, name) != getattr(statement, name)]
        if statement.due.year > LAST_YEAR:
            raise CaseRuleError(
                f"The relay's due date {statement.due} lies too far ahead.",
                rule="due.due",
                sentence_vi=f"Hạn do máy trung chuyển tính ({statement.due}) quá xa.",
            )
        if differing:
            raise CaseRuleError(
                f"The relay's due date {statement.due} differs from ours, {draft.due}, in: {', '.join(differing)}.",
                rule="due.differs",
                sentence_vi=f"Hạn do máy trung chuyển tính ({statement.due}) khác hạn tự tính ({draft.due}).",
            )
    except ProtocolError as error:
        objection = error
    record = _record(case, statement, logged, profile, draft, objection)
    if objection is not None:
        case = object_to(case, logged, objection)
    case = replace(case, due_history=(*case.due_history, record))
    in_force = case.due.id if case.due is not None else None
    grounded = not isinstance(objection, CaseRuleError) or objection.rule == "due.differs"
    if statement.replaces != in_force or not grounded:
        return case
    return replace(case, due=record, need=None)


_COMPARED = (
    "dispatch",
    "start",
    "term",
    "profile",
    "calendar",
    "due",
    "provisional",
    "because",
    "basis",
    "replaces",
)


def _record(
    case: Case,
    statement: Due,
    logged: Logged,
    profile: Profile,
    draft: DueDraft | None,
    objection: ProtocolError | None,
) -> DueRecord:
    natures = {term.code: term.nature for term in profile.terms}
    return DueRecord(
        id=logged.id,
        index=logged.index,
        due=statement.due,
        original=draft.original if draft is not None else statement.due,
        provisional=statement.provisional,
        because=statement.because,
        dispatch=statement.dispatch,
        start=statement.start,
        term=statement.term,
        nature=natures.get(statement.term, "limit"),
        calendar=statement.calendar,
        basis=statement.basis,
        replaces=statement.replaces,
        at=logged.time,
        objection=str(objection) if objection is not None else None,
        unrolled=draft.unrolled if draft is not None else None,
        agreed=draft is not None and draft.agreed,
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
