"""The fold's part for faults of a package that were admitted, or that both sides agree on (contests.py)."""

from __future__ import annotations

from dataclasses import replace

from ..agreement.profile import Profile
from .case import Case, Sent, SetAside
from .effects import add, can_stop, move, replay, settle_start, settle_stop
from .kinds import Event
from .sent import KEEPS_TIME


def admit(case: Case, first: Sent, by: str, profile: Profile) -> Case:
    """The case after the dispatch `by` was sent, which admits the fault of `first`: the start or the reply is void."""
    first = replace(first, admitted_by=by)
    case = add(case, first)
    if first.kind in KEEPS_TIME:
        return case
    if case.main == first.id:
        case = replace(case, aside=SetAside(case.term, case.clock, case.due))
    return settle(move(case, first, Event.FAULTY), first, profile)


def take_back(case: Case, second: Sent, profile: Profile) -> Case:
    """The case after `second`, which admitted a fault, was taken back or declined: as if it had not been sent."""
    first = case.dispatches[second.admits] if second.admits is not None else None
    if first is None or first.admitted_by != second.id:
        return case
    case = add(case, replace(first, admitted_by=None))
    if first.kind in KEEPS_TIME:
        return case
    aside = case.aside
    if case.main == second.id and aside is not None:
        case = replace(
            case, main=first.id, term=aside.term, clock=aside.clock, due=aside.due, need=None, aside=None
        )
    case = replay(case)
    return settle_stop(case, profile) if can_stop(first.kind, profile) else case


def annul(case: Case, sent: Sent, by: str, profile: Profile) -> Case:
    """The case after both sides signed, last by the correction `by`, that `sent` counts no more."""
    sent = replace(sent, voided_by=by)
    return settle(move(add(case, sent), sent, Event.FAULTY), sent, profile)


def settle(case: Case, sent: Sent, profile: Profile) -> Case:
    """The case after `sent` ceased to count: perhaps the clock is not stopped any more, or never started."""
    if can_stop(sent.kind, profile):
        case = settle_stop(case, profile)
    return settle_start(case)
