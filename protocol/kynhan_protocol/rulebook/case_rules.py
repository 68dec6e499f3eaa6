"""The rules of a case at a place in it: its profile, what the case table allows, what may be done to a dispatch.

They are asked of a statement that is its author's to make (log_rules.VOID): anything else is nothing in the case.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ..agreement.calendar import Calendar
from ..case import allowed
from ..case.act_rules import Act, check_act
from ..case.acts import why_no_handover
from ..case.kind_rules import Circumstances
from ..errors import CalendarError, CaseRuleError, ProtocolError
from ..statements.signing import SignedStatement
from ..statements.statements import Dispatch, Handover, Opening
from ..vietnam_time import local_date
from .case_place import CasePlace, fault_of
from .dates import DUE
from .faults import Article, Fault, fault
from .place import LackingError
from .reminders import REMINDER
from .reuse import BODY, HEADER

CERTAIN: Final = frozenset({"sender", "to", "log", "approver", "term", "due", "about"})
"""Columns of the case table that the statement, its author and the profile decide, whatever stands in the case."""

ENDED: Final = frozenset({"state"})
"""Columns of an act that stay broken whatever else stood before it: what has ended or was opened is so for good."""


def _profile(signed: SignedStatement, place: CasePlace) -> Iterator[Fault]:
    """A dispatch names its case's profile, the first one that in force."""
    statement = signed.statement
    assert isinstance(statement, Dispatch)
    began = place.profile_of_case(statement.case)
    wanted = place.profile_in_force if began is None else began
    if statement.profile != wanted:
        if began is None and place.was_in_force(statement.profile):
            place.vouch()
        yield fault("other-profile", wanted=wanted or "attested by both first")


def _table(signed: SignedStatement, place: CasePlace) -> Iterator[Fault]:
    """Every column of the case table; under a first dispatch's wrong profile none is asked."""
    statement = signed.statement
    assert isinstance(statement, Dispatch)
    case = place.case(statement.case)
    if case is None and statement.profile != place.profile_in_force:
        return
    profile = place.profile(statement.profile if case is None else case.profile)
    sender, addressee = place.member(statement.from_), place.member(statement.to)
    calendar, lack = _calendar(place) if statement.due is not None else (None, None)
    circumstances = Circumstances(
        roles=sender.statement.role if sender else (),
        addressee_roles=addressee.statement.role if addressee else (),
        calendar=calendar,
        today=local_date(place.at),
    )
    try:
        party = profile.party_of(statement.from_)
        errors = list(allowed.faults(case, statement, party, profile, circumstances))
    except ProtocolError as error:
        yield fault(error.code, en=error, vi=error)
        return
    for told in errors:  # in the order of the table, whose first one the sender's client tells
        if _column(told) == "profile":
            continue  # said of the profile
        if _column(told) not in CERTAIN:
            try:
                place.vouch()
            except LackingError as missing:
                lack = missing
                continue
        yield fault_of(told)
    if lack is not None:
        raise lack


def _act(signed: SignedStatement, place: CasePlace) -> Iterator[Fault]:
    """What may be done to a dispatch as it stands."""
    act = signed.statement
    assert isinstance(act, Act)
    dispatch = place.dispatch(act.dispatch)
    case = place.case(dispatch.case) if dispatch is not None else None
    if case is None:
        return
    undelivered = isinstance(act, Opening) and act.result == "undelivered"
    calendar, lack = _calendar(place) if undelivered else (None, None)
    try:
        check_act(case, act, calendar, place.profile(case.profile))
    except CaseRuleError as error:
        if _column(error) not in ENDED:
            place.vouch()
        yield fault_of(error)
    except CalendarError:
        raise LackingError("calendar") from None  # the one in force has nothing of that year
    if lack is not None:
        raise lack


def _handover(signed: SignedStatement, place: CasePlace) -> Iterator[Fault]:
    """The header is released for the RECEIPT that won."""
    handover = signed.statement
    assert isinstance(handover, Handover)
    dispatch = place.dispatch(handover.dispatch)
    case = place.case(dispatch.case) if dispatch is not None else None
    if case is None:
        return
    if error := why_no_handover(case, handover):
        place.vouch()
        yield fault_of(error)


def _calendar(place: CasePlace) -> tuple[Calendar | None, LackingError | None]:
    """The calendar in force, or that it is lacking: what needs none is asked all the same."""
    try:
        return place.calendar, None
    except LackingError as lack:
        return None, lack


def _column(error: CaseRuleError) -> str:
    return error.rule.partition(".")[2]


PROFILE: Final = Article("profile", Dispatch, _profile)
TABLE: Final = Article("table", Dispatch, _table)
ACT: Final = Article("act", Act.__args__, _act)

HANDOVER: Final = Article("handover", Handover, _handover)

CASE_RULES: Final[tuple[Article[CasePlace], ...]] = (
    PROFILE,
    TABLE,
    HEADER,
    BODY,
    ACT,
    HANDOVER,
    DUE,
    REMINDER,
)
