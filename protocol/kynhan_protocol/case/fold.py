"""The fold: from the statements of a case, in log order, to what is known of it (case.py).

The same function runs on the relay and on both clients. It is total: a logged statement that breaks a rule gets an
objection and no effect. `apply` takes the statements that name the case, one of its dispatches, or a statement about
one of those; anything else leaves the case as it is. Each step costs about the same, however long the case.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from ..agreement.calendar import Calendar
from ..agreement.calendars import CalendarBook
from ..agreement.profile import Profile
from ..errors import CaseRuleError, ProtocolError
from ..statements.committees import Committees
from ..statements.logged import Logged
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
from ..vietnam_time import local_date, midnight_after
from . import acts, admissions, contests, dates, dues, pauses, relay_said
from .allowed import Circumstances, check, is_copy
from .case import Case, DueNeed, PartyName, Sent
from .dues import DueDraft
from .effects import add, can_stop, move, object_to, settle_stop
from .kinds import Event
from .sent import KEEPS_TIME
from .table import RULES


def fold(
    statements: Iterable[Logged],
    profile: Profile,
    calendars: CalendarBook,
    committees: Committees | None = None,
) -> Case | None:
    """The case that all its `statements`, in log order, make; None if there are none. The rest as for apply()."""
    case: Case | None = None
    for logged in statements:
        case = apply(case, logged, profile, calendars, committees)
    return case


def apply(
    case: Case | None,
    logged: Logged,
    profile: Profile,
    calendars: CalendarBook,
    committees: Committees | None = None,
) -> Case:
    """The case after `logged`; `case` is None before its first statement. Never raises for what was logged.

    `profile` is the one that the case began under; `calendars` and `committees` know the log up to `logged` at least.
    Without `committees` nobody's role is asked: so does who logged nothing that a role forbids. A statement at or
    before `case.last_index` was folded already and changes nothing.
    """
    statement = logged.statement
    if case is None:
        case = Case(id=getattr(statement, "case", ""), profile=getattr(statement, "profile", ""))
    if logged.index <= case.last_index:
        return case
    before = dates.before(case, logged, profile, calendars)
    stepped = _step(replace(before, last_index=logged.index), logged, profile, calendars, committees)
    return pauses.settle(dates.after(before, stepped, logged, profile, calendars), profile)


def _step(
    case: Case, logged: Logged, profile: Profile, calendars: CalendarBook, committees: Committees | None
) -> Case:
    statement = logged.statement
    try:
        match statement:
            case Dispatch():
                return _dispatch(case, statement, logged, profile, calendars, committees)
            case Receipt() | Opening() | Decline() | Withdrawal() | Destruction():
                return acts.apply(case, statement, logged, profile, calendars)
            case Handover():
                return acts.hand_over(case, statement, logged, profile)
            case Acceptance():
                return _accept(case, statement, logged, profile)
            case Due():
                return relay_said.due(case, statement, logged, profile, calendars)
            case Reminder():
                return relay_said.reminder(case, statement, logged)
            case _:
                return case
    except ProtocolError as error:
        return object_to(case, logged, error)


def due_for(case: Case, logged: Logged, profile: Profile, calendars: CalendarBook) -> DueDraft | None:
    """The DUE that the relay must log right after `logged`, which `case` has been folded with; mostly None.

    It follows a HANDOVER that starts or restarts the clock, the ACCEPTANCE of an extension or of the second signature
    under a correction, and one that makes the clock run again, where a calendar came in force meanwhile. Raises
    CalendarError, ProfileError if no date can be computed.
    """
    if case.need is None or case.need.index != logged.index:
        return None
    if case.need.lacks is not None or case.due is None:
        return dues.for_need(case, case.need, profile, calendars, logged.index)
    return dues.draft_of(case, case.due)


def due_for_calendar(
    case: Case, logged: Logged, profile: Profile, calendars: CalendarBook
) -> DueDraft | None:
    """The DUE for `case` after `logged`, the approval that put a new calendar in force; None if nothing moves.

    `calendars` has `logged` applied, `case` is as of before it.
    """
    return dues.for_calendar(case, logged.id, profile, calendars, logged.index + 1)


def due_for_time(
    case: Case, at: datetime, profile: Profile, calendars: CalendarBook, size: int
) -> DueDraft | None:
    """The DUE that the relay must log for `case` in a log of `size` entries at the time `at`, where a pause ended by
    itself; None where none did. Raises as `due_for` does.
    """
    passed = dates.passed(case, at, size, profile, calendars)
    if passed is case or passed.need is None:
        return None
    if passed.need.lacks is not None or passed.due is None:
        return dues.for_need(passed, passed.need, profile, calendars, size)
    return dues.draft_of(passed, passed.due)


def preview(case: Case, candidate: Calendar, profile: Profile) -> DueDraft | None:
    """The DUE that `case` would get if `candidate` came in force now; None if nothing would move."""
    book = CalendarBook.begin(candidate.sha, profile.committees, candidate)
    return dues.for_calendar(case, candidate.sha, profile, book, case.last_index + 1)


def _dispatch(
    case: Case,
    statement: Dispatch,
    logged: Logged,
    profile: Profile,
    calendars: CalendarBook,
    committees: Committees | None,
) -> Case:
    refused: ProtocolError | None = None
    sender: PartyName = "requesting"
    try:
        sender = profile.party_of(statement.from_)
        if statement.case != case.id:
            raise CaseRuleError("The dispatch belongs to another case.", rule=f"{statement.kind}.case")
        around = circumstances(statement, logged, calendars, committees)
        check(case if case.dispatches else None, statement, sender, profile, around)
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
    first = contests.admitted(case, statement)
    if first is not None:
        case = admissions.admit(case, first, sent.id, profile)
        sent = replace(sent, admits=first.id)
    if first is not None and first.kind in KEEPS_TIME:
        return add(case, replace(sent, part="copy", late=first.late))
    if is_copy(case, statement, profile):
        return add(case, replace(sent, part="copy"))
    if statement.kind == "request" or _carries_case(case, statement):
        sent = replace(sent, part="main")
        case = replace(case, main=sent.id, term=sent.term, clock=None, stopped=None, due=None, need=None)
    elif statement.kind == "extension":
        sent = replace(sent, late=case.due is not None and logged.time >= midnight_after(case.due.due))
    elif statement.kind == "return":
        sent = replace(sent, late=_return_is_late(case, logged, profile, calendars))
    if can_stop(sent.kind, profile) and case.paused is not None:
        sent = replace(sent, stood_since=case.paused.since)
    elif first is not None:
        sent = replace(sent, stood_since=first.stood_since)
    case = replace(case, began_at=case.began_at or logged.time)
    case = move(add(case, sent), sent, Event.SENT)
    case = _take_effect(case, sent, profile)
    return settle_stop(case, profile) if can_stop(sent.kind, profile) else case


def circumstances(
    dispatch: Dispatch, logged: Logged, calendars: CalendarBook, committees: Committees | None
) -> Circumstances:
    """What beside its case decides whether `dispatch`, at its place, was allowed."""
    names = (dispatch.from_, dispatch.to)
    found = [committees.member(name, logged.index, logged.time) if committees else None for name in names]
    sender, addressee = (one.statement.role if one is not None else () for one in found)
    calendar = calendars.documents.get(calendars.change_at(logged.index).document)
    return Circumstances(sender, addressee, calendar, local_date(logged.time))


def _carries_case(case: Case, statement: Dispatch) -> bool:
    """Whether a notice is what the case is about: nothing was requested, and no other notice stands for it."""
    main = case.main_dispatch
    return (
        statement.kind == "notice"
        and case.phase in RULES["notice"].moves[Event.SENT]
        and (main is None or main.kind == "notice")
    )


def _return_is_late(case: Case, logged: Logged, profile: Profile, calendars: CalendarBook) -> bool:
    if case.clock is None or pauses.is_used_up(case, profile):
        return True
    calendar = calendars.at_hand(logged.index)
    last = calendar.add_working_days(local_date(case.clock.started_at), profile.return_within)
    return local_date(logged.time) > last


def _take_effect(case: Case, sent: Sent, profile: Profile) -> Case:
    """Effects on other dispatches and on the term, at once when it is sent."""
    if sent.kind == "recall" and sent.regarding is not None:
        regarded = case.dispatches[sent.regarding]
        if regarded.kind == "assignment":  # within the committee nobody has to agree
            return add(case, replace(regarded, recalled=True))
    if sent.kind == "correction" and sent.term is not None and _corrects(case, sent, profile):
        return replace(case, term=sent.term)
    annulled = contests.annulled(case, sent)
    if annulled is not None and case.first_correction(sent) is not None:
        return admissions.annul(case, annulled, sent.id, profile)
    return case


def _corrects(case: Case, sent: Sent, profile: Profile) -> bool:
    """Whether `sent` is the correction that takes effect: the second signature, or any where one is enough (R17)."""
    if sent.kind != "correction" or contests.annuls(sent):
        return False
    return not profile.settings.correction_by_both or case.first_correction(sent) is not None


def _accept(case: Case, statement: Acceptance, logged: Logged, profile: Profile) -> Case:
    sent = case.dispatches.get(statement.of)
    if sent is None or sent.acceptance is not None:
        return case
    case = add(case, replace(sent, acceptance=logged.id))
    if case.stopped is not None and case.stopped.dispatch == sent.id:
        case = replace(case, stopped=replace(case.stopped, acceptance=logged.id))
    if not sent.stands or case.clock is None:
        return case
    if (sent.kind, sent.part) == ("extension", "other") and case.due is not None and sent.due is not None:
        return replace(case, need=DueNeed(logged.index, "extension", sent.id, sent.id, logged.id))
    if case.term is not None and _corrects(case, sent, profile):
        return replace(case, need=DueNeed(logged.index, "correction", sent.id, sent.id, logged.id))
    waited = pauses.ended(case, sent, logged.time, profile)
    if waited.waits != case.waits and case.due is not None:
        return replace(waited, need=DueNeed(logged.index, "answer", sent.id, sent.id, logged.id))
    return waited
