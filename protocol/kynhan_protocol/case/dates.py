"""The date in force as a function of the log before an index (DESIGN §3.5).

A HANDOVER or ACCEPTANCE that sets a date sets it at once, a calendar from the approval on that put it in force; the DUE
that the relay logs for it says what is so already. One that does not come in time is missing: an objection.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

from ..agreement.calendars import CalendarBook, Change
from ..agreement.profile import Profile
from ..errors import CalendarError, CaseRuleError, ProfileError
from ..statements.logged import Logged
from ..statements.statements import Due
from ..vietnam_time import midnight_after
from . import dues, pauses
from .case import Case, Clock, DueNeed, Objection, Sent
from .effects import move
from .kinds import Event

WITHIN: Final = timedelta(hours=24)
"""How long after the approval that put a calendar in force, in log time, its DUE may come."""
EVER: Final = datetime.max.replace(microsecond=0, tzinfo=UTC)
"""For one that the relay's first tick logs: it only has to come before anything else of its case."""


def before(case: Case, logged: Logged, profile: Profile, calendars: CalendarBook) -> Case:
    """The case right before `logged`, a statement of it: with the calendars that came in force since the one before."""
    case = reached(case, logged.index, logged.time, profile, calendars)
    need = case.need
    if need is None or _answers(logged, need):
        return case
    return _missed(case, need)


def reached(case: Case, index: int, at: datetime, profile: Profile, calendars: CalendarBook) -> Case:
    """The case before log index `index`, at the log time `at`: with what calendars and the time alone did to it."""
    return passed(moved(case, index, profile, calendars), at, index, profile, calendars)


def after(earlier: Case, case: Case, logged: Logged, profile: Profile, calendars: CalendarBook) -> Case:
    """The case with the date that `logged` set, with which it was folded; `earlier` is the case before it.

    A case whose clock runs again is moved by the calendar that came in force while it did not.
    """
    if case.need is not None and case.need.index == logged.index and case.need.until is None:
        return _computed(case, case.need, logged.time, profile, calendars)
    change = calendars.change_at(logged.index)
    if earlier.is_timed or not case.is_timed or case.need is not None:
        return case
    # what made it run is accepted at the next index: the DUE comes behind that
    return _by(case, change, logged.index + 1, None, profile, calendars)


def as_of(
    case: Case, size: int, profile: Profile, calendars: CalendarBook, at: datetime | None = None
) -> Case:
    """The case in a log of `size` entries, of which it has folded all of its own; `at` is the log time of the last.

    Its date is then the one in force, also where the relay has not said so yet.
    """
    case = (
        moved(case, size, profile, calendars) if at is None else reached(case, size, at, profile, calendars)
    )
    need = case.need
    if need is None:
        return case
    late = need.index + 1 < size if need.until is None else at is not None and at > need.until
    return _missed(case, need) if late else case


def moved(case: Case, upto: int, profile: Profile, calendars: CalendarBook) -> Case:
    """The case with the dates that calendars gave it which came in force after its last statement, below log index
    `upto`.
    """
    for change in calendars.changes:
        if case.last_index <= change.index < upto and case.is_timed:
            until = change.at + WITHIN if change.at is not None else None
            if change.at is not None:
                case = passed(case, change.at, change.index, profile, calendars)
            case = _by(case, change, change.index, until, profile, calendars)
    return case


def passed(case: Case, at: datetime, index: int, profile: Profile, calendars: CalendarBook) -> Case:
    """The case at the log time `at` before log index `index`: where nobody signed in time for the supplement that a
    returned dossier waits for, the term has started anew as if it had been received on the last day to do so.

    Not by one that nobody could sign for any more at the end of that day, nor by one that the relay dates before any
    calendar.
    """
    for supplement in pauses.completions(case):
        try:
            last = midnight_after(pauses.last_day(supplement, profile, calendars.at_hand(supplement.index)))
        except CalendarError:
            continue
        if at < last:
            break
        last -= timedelta(seconds=1)
        chains, (to, since) = calendars.chains, (supplement.to, supplement.sent_at)
        if chains is None or chains.can_still_sign(to, supplement.index, since, last):
            return _as_received(case, supplement, last, index, profile, calendars)
    return case


def _as_received(
    case: Case, supplement: Sent, last: datetime, index: int, profile: Profile, calendars: CalendarBook
) -> Case:
    """The case whose term starts anew at `last`, as if `supplement` had been received then."""
    clock = case.clock
    assert clock is not None  # it is paused
    if case.need is not None:  # what is owed already never came
        case = _missed(case, case.need)
    started = Clock(supplement.id, clock.handover, last, "return")
    case = move(replace(case, clock=started, clocks=(*case.clocks, started)), supplement, Event.RECEIVED)
    case = pauses.settle(case, profile)
    if case.term is None:
        return case
    need = DueNeed(index, "return", supplement.id, supplement.regarding, supplement.id, EVER)
    return _computed(case, need, last + timedelta(seconds=1), profile, calendars)


def _by(
    case: Case,
    change: Change,
    index: int,
    until: datetime | None,
    profile: Profile,
    calendars: CalendarBook,
) -> Case:
    """The case with the date that the calendar of `change` gives, since `index`; as it is where nothing moves."""
    in_force, clock = case.due, case.clock
    if change.approval is None or in_force is None or clock is None or in_force.agreed:
        return case
    if case.need is not None:  # what is owed already never came
        case = _missed(case, case.need)
    need = DueNeed(index, "calendar", clock.dispatch, change.approval, change.approval, until)
    try:
        draft = dues.for_calendar(case, change.approval, profile, calendars, change.index + 1)
    except (CalendarError, ProfileError) as error:
        if error.code != "calendar-unknown":  # such a date stays as it is
            return case
        return replace(case, need=replace(need, lacks=error.code, told=True))
    if draft is None:
        return case
    return _in_force(case, draft, need, change.at or in_force.at, profile)


def _computed(case: Case, need: DueNeed, at: datetime, profile: Profile, calendars: CalendarBook) -> Case:
    """The case with the date that `need` asks for; without it where something to count with is not at hand."""
    try:
        draft = dues.for_need(case, need, profile, calendars, need.index)
    except (CalendarError, ProfileError, CaseRuleError) as error:
        return replace(case, need=replace(need, lacks=error.code))
    return _in_force(case, draft, need, at, profile)


def _in_force(case: Case, draft: dues.DueDraft, need: DueNeed, at: datetime, profile: Profile) -> Case:
    record = dues.record_of(draft, profile, need.index, at)
    if case.due is not None and not case.due.checked:
        record = replace(record, checked=False)
    return replace(case, due=record, need=need)


def _answers(logged: Logged, need: DueNeed) -> bool:
    """Whether `logged` stands where the DUE that is owed has to stand, or before that."""
    if need.until is None and logged.index <= need.index:
        return True
    if not isinstance(logged.statement, Due):
        return False
    if need.until is None:
        return logged.index == need.index + 1
    return logged.time <= need.until


def _missed(case: Case, need: DueNeed) -> Case:
    """The case with the objection that the DUE owed since `need` did not come in time."""
    if need.told:
        return case
    objection = Objection(
        need.index,
        need.cause,
        "due.missing",
        f"Máy trung chuyển không ghi đúng lúc hạn trả lời phát sinh từ mục {need.index}.",
        f"The relay did not log in time the due date that statement {need.index} asked for.",
    )
    return replace(case, need=replace(need, told=True), objections=(*case.objections, objection))
