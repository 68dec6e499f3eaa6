"""The fold's part for what happens to a dispatch after it was sent: signed for, opened, declined, taken back."""

from __future__ import annotations

from dataclasses import replace

from ..agreement.calendars import CalendarBook
from ..agreement.profile import Profile
from ..errors import CaseRuleError
from ..statements.logged import Logged
from ..statements.statements import Decline, Destruction, Handover, Opening, Receipt, Withdrawal
from . import contests
from .act_rules import Act, check_act, holder, is_addressee
from .admissions import settle, take_back
from .case import Case, Clock, DueNeed, Sent
from .effects import add, move
from .kinds import Event, Phase


def apply(case: Case, act: Act, logged: Logged, profile: Profile, calendars: CalendarBook) -> Case:
    """The case after `act`. Raises CaseRuleError where it may not be done to that dispatch now."""
    undelivered = isinstance(act, Opening) and act.result == "undelivered"
    check_act(case, act, calendars.at_hand(logged.index) if undelivered else None, profile)
    sent = case.dispatches[act.dispatch]
    match act:
        case Receipt():
            signed = replace(
                sent, state="received", receipt=logged.id, received_by=act.by, received_at=logged.time
            )
            return add(case, signed)
        case Opening():
            return _open(case, sent, act, logged, profile, calendars)
        case Decline():
            return _end(case, replace(sent, state="declined"), act, logged, Event.DECLINED, profile)
        case Withdrawal():
            return _end(case, replace(sent, state="withdrawn"), act, logged, Event.WITHDRAWN, profile)
        case Destruction():
            return _destroy(case, sent, act, profile)


def hand_over(case: Case, statement: Handover, logged: Logged, profile: Profile) -> Case:
    """The case after the header of a signed dispatch was released, which starts or restarts the clock.

    Raises CaseRuleError without the receipt named.
    """
    if error := why_no_handover(case, statement):
        raise error
    sent = case.dispatches[statement.dispatch]
    sent = replace(sent, handover=logged.id, received_at=logged.time)
    before = case.phase
    case = move(add(case, sent), sent, Event.RECEIVED)
    if sent.id == case.main:  # nothing takes it back any more
        case = replace(case, aside=None)
    if sent.id == case.main and sent.kind == "request" and case.phase is Phase.RUNNING:
        return _start(case, Clock(sent.id, logged.id, logged.time, "receipt"), None, logged)
    if sent.kind == "supplement" and before is Phase.RETURNED and case.phase is Phase.RUNNING:
        returned = [one for one in case.standing("return") if one.part != "copy"]
        if profile.settings.return_restarts_clock and returned and not returned[-1].late:
            return _start(case, Clock(sent.id, logged.id, logged.time, "return"), returned[-1].id, logged)
    return case


def why_no_handover(case: Case, statement: Handover) -> CaseRuleError | None:
    """Why no header may be released now: the RECEIPT named is not the one that won; None if it is."""
    sent = case.dispatches.get(statement.dispatch)
    if sent is not None and sent.receipt == statement.of and sent.handover is None:
        return None
    return CaseRuleError(
        "A handover without its receipt.",
        rule="handover.of",
        sentence_vi="Trao khóa mở bì khi chưa ký nhận.",
    )


def _start(case: Case, clock: Clock, basis: str | None, logged: Logged) -> Case:
    case = replace(case, clock=clock, clocks=(*case.clocks, clock))
    if case.term is None:
        return case
    return replace(case, need=DueNeed(logged.index, clock.because, clock.dispatch, basis, logged.id))


def _open(
    case: Case, sent: Sent, act: Opening, logged: Logged, profile: Profile, calendars: CalendarBook
) -> Case:
    """The case after an opening, which moves nothing: a faulty one is contested (DESIGN §3.5)."""
    result = next(word for word in ("verified", "faulty", "undelivered") if word == act.result)
    opened = replace(sent, opening=result, opening_code=act.code, opened_by=act.by, opened_at=logged.time)
    if result == "faulty":
        in_time = contests.is_in_time(sent, logged.time, profile, calendars.at_hand(logged.index))
        opened = replace(opened, admissible=in_time)
    return add(case, opened)


def _end(
    case: Case, sent: Sent, act: Decline | Withdrawal, logged: Logged, event: Event, profile: Profile
) -> Case:
    ended = replace(sent, ended_by=logged.id, ended_at=logged.time, ended_code=act.code)
    case = settle(move(add(case, ended), ended, event), ended, profile)
    return take_back(case, ended, profile)


def _destroy(case: Case, sent: Sent, act: Destruction, profile: Profile) -> Case:
    sent = replace(sent, destroyed_by=(*sent.destroyed_by, holder(act, sent)))
    case = add(case, sent)
    # that a recall stands was checked: the code alone says that the recipient agreed to it
    agreed = act.code == "recalled" and is_addressee(act.by, sent)
    if not agreed or not sent.stands:
        return case
    sent = replace(sent, recalled=True)
    return settle(move(add(case, sent), sent, Event.RECALLED), sent, profile)
