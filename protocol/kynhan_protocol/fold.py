"""The fold: from the statements of a case, in log order, to what is known of it (case.py).

The same function runs on the relay and on both clients. It is total: a logged statement that breaks a rule gets an
objection and no effect. `apply` takes the statements that name the case, one of its dispatches, or a statement about
one of those; anything else leaves the case as it is. Each step costs about the same, however long the case.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from . import acts, dues
from .allowed import LAST_YEAR, check, is_copy
from .calendar import Calendar
from .calendars import CalendarBook
from .case import Case, DueNeed, DueRecord, PartyName, Reminded, Sent
from .dues import DueDraft
from .effects import add, move, object_to, settle_stop
from .errors import CaseRuleError, ProtocolError
from .kinds import Event
from .logged import Logged
from .profile import Profile
from .statements import (
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
from .table import RULES
from .vietnam_time import local_date, midnight_after


def fold(statements: Iterable[Logged], profile: Profile, calendars: CalendarBook) -> Case | None:
    """The case that all its `statements`, in log order, make; None if there are none."""
    case: Case | None = None
    for logged in statements:
        case = apply(case, logged, profile, calendars)
    return case


def apply(case: Case | None, logged: Logged, profile: Profile, calendars: CalendarBook) -> Case:
    """The case after `logged`; `case` is None before its first statement. Never raises for what was logged.

    `profile` is the one that the case began under; `calendars` knows the log up to `logged` at least. A statement at
    or before `case.last_index` was folded already and changes nothing.
    """
    statement = logged.statement
    if case is None:
        case = Case(id=getattr(statement, "case", ""), profile=getattr(statement, "profile", ""))
    if logged.index <= case.last_index:
        return case
    case = replace(case, last_index=logged.index)
    try:
        match statement:
            case Dispatch():
                return _dispatch(case, statement, logged, profile, calendars)
            case Receipt() | Opening() | Decline() | Withdrawal() | Destruction():
                return acts.apply(case, statement, logged, profile, calendars)
            case Handover():
                return acts.hand_over(case, statement, logged, profile)
            case Acceptance():
                return _accept(case, statement, logged)
            case Due():
                return _due(case, statement, logged, profile, calendars)
            case Reminder():
                return _reminder(case, statement, logged)
            case _:
                return case
    except ProtocolError as error:
        return object_to(case, logged, error)


def due_for(case: Case, logged: Logged, profile: Profile, calendars: CalendarBook) -> DueDraft | None:
    """The DUE that the relay must log right after `logged`, which `case` has been folded with; mostly None.

    It follows a HANDOVER that starts or restarts the clock, and the ACCEPTANCE of an extension or of the second
    signature under a correction. Raises CalendarError, ProfileError if no date can be computed.
    """
    if case.need is None or case.need.index != logged.index:
        return None
    return dues.for_need(case, case.need, profile, calendars, logged.index)


def due_for_calendar(
    case: Case, logged: Logged, profile: Profile, calendars: CalendarBook
) -> DueDraft | None:
    """The DUE for `case` after `logged`, the approval that put a new calendar in force; None if nothing moves.

    `calendars` has `logged` applied.
    """
    return dues.for_calendar(case, logged.id, profile, calendars, logged.index + 1)


def preview(case: Case, candidate: Calendar, profile: Profile) -> DueDraft | None:
    """The DUE that `case` would get if `candidate` came in force now; None if nothing would move."""
    book = CalendarBook.begin(candidate.sha, profile.committees, candidate)
    return dues.for_calendar(case, candidate.sha, profile, book, case.last_index + 1)


def _dispatch(
    case: Case, statement: Dispatch, logged: Logged, profile: Profile, calendars: CalendarBook
) -> Case:
    refused: ProtocolError | None = None
    sender: PartyName = "requesting"
    try:
        sender = profile.party_of(statement.from_)
        if statement.case != case.id:
            raise CaseRuleError("The dispatch belongs to another case.", rule=f"{statement.kind}.case")
        check(case if case.dispatches else None, statement, sender, profile)
    except ProtocolError as error:
        refused = error
    sent = Sent(
        id=logged.id,
        index=logged.index,
        kind=statement.kind,
        sender=sender,
        from_=statement.from_,
        to=statement.to,
        about=statement.about,
        regarding=statement.regarding,
        term=statement.term,
        urgency=statement.urgency,
        due=statement.due,
        sent_at=logged.time,
        part="other",
    )
    if refused is not None:
        return object_to(
            add(case, replace(sent, refused=getattr(refused, "rule", refused.code))), logged, refused
        )
    if is_copy(case, statement, profile):
        return add(case, replace(sent, part="copy"))
    if statement.kind == "request" or _carries_case(case, statement):
        sent = replace(sent, part="main")
        case = replace(case, main=sent.id, term=sent.term, clock=None, due=None, need=None)
    elif statement.kind == "extension":
        sent = replace(sent, late=case.due is not None and logged.time >= midnight_after(case.due.due))
    elif statement.kind == "return":
        sent = replace(sent, late=_return_is_late(case, logged, profile, calendars))
    case = replace(case, began_at=case.began_at or logged.time)
    case = move(add(case, sent), sent, Event.SENT)
    return settle_stop(_take_effect(case, sent), profile)


def _carries_case(case: Case, statement: Dispatch) -> bool:
    """Whether a notice is what the case is about: nothing was requested, and no other notice stands for it."""
    main = case.main_dispatch
    return (
        statement.kind == "notice"
        and case.phase in RULES["notice"].moves[Event.SENT]
        and (main is None or main.kind == "notice")
    )


def _return_is_late(case: Case, logged: Logged, profile: Profile, calendars: CalendarBook) -> bool:
    if case.clock is None:
        return True
    calendar = calendars.in_force(logged.index).without_end()
    last = calendar.add_working_days(local_date(case.clock.started_at), profile.return_within)
    return local_date(logged.time) > last


def _take_effect(case: Case, sent: Sent) -> Case:
    """Effects on other dispatches and on the term, at once when it is sent."""
    if sent.kind == "recall" and sent.regarding is not None:
        regarded = case.dispatches[sent.regarding]
        if regarded.kind == "assignment":  # within the committee nobody has to agree
            return add(case, replace(regarded, recalled=True))
    if sent.kind == "correction" and sent.term is not None and case.first_correction(sent) is not None:
        return replace(case, term=sent.term)
    return case


def _accept(case: Case, statement: Acceptance, logged: Logged) -> Case:
    sent = case.dispatches.get(statement.of)
    if sent is None:
        return case
    case = add(case, replace(sent, acceptance=logged.id))
    if case.stopped is not None and case.stopped.dispatch == sent.id:
        case = replace(case, stopped=replace(case.stopped, acceptance=logged.id))
    if not sent.stands or case.clock is None:
        return case
    if sent.kind == "extension" and case.due is not None:
        return replace(case, need=DueNeed(logged.index, "extension", sent.id, sent.id))
    if case.first_correction(sent) is not None and case.term is not None:
        return replace(case, need=DueNeed(logged.index, "correction", sent.id, sent.id))
    return case


def _due(case: Case, statement: Due, logged: Logged, profile: Profile, calendars: CalendarBook) -> Case:
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
    )


def _reminder(case: Case, statement: Reminder, logged: Logged) -> Case:
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
