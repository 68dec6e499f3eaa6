"""To whom something naturally goes: the other side of a case, whoever asked, all who are concerned."""

from __future__ import annotations

from kynhan_protocol.case.case import Case
from kynhan_protocol.case.kinds import Addressee
from kynhan_protocol.case.table import RULES
from kynhan_protocol.names import Name

from ..home.home import Home
from ..log.view import View


def other_side(home: Home, view: View, case: Case | None) -> str:
    """The other committee; for who asks, the unit where the request went straight to one (R13).

    Raises ClientError no-profile, keys-missing.
    """
    committees = (view.profile if case is None else view.profile_of(case.profile)).committees
    own = home.config.committee
    request = case.request if case is not None else None
    if request is not None and request.stands:
        to = Name.of(request.to)
        if to.is_member and not to.is_of(own):
            return request.to
    return next((name for name in committees if name != own), own)


def back_to(view: View, from_: str) -> str:
    """Where an answer to a member goes: to its committee if it is one of the clerks or approvers there, else to itself
    (a unit, an auditor), who alone could open it."""
    certified = view.in_force().get(from_)
    if certified is None or certified.has("clerk") or certified.has("approver"):
        return Name.of(from_).committee
    return from_


def concerned(home: Home, view: View, case: Case, kind: str) -> tuple[str, ...]:
    """Everybody in a case to whom a dispatch of this kind can go, ourselves excepted: the other committee first, then
    units in the order they came in."""
    profile = view.profile_of(case.profile)
    names = [name for name in profile.committees if name != home.config.committee]
    for sent in case.dispatches.values():
        if sent.refused is None:
            names += [sent.to, back_to(view, sent.from_)]
    in_force = view.in_force()
    reachable = [name for name in dict.fromkeys(names) if not Name.of(name).is_member or name in in_force]
    return tuple(name for name in reachable if name != home.config.member and _can_go(home, kind, name))


def _can_go(home: Home, kind: str, to: str) -> bool:
    own = home.config.is_ours(to)
    if Name.of(to).is_member:
        where = Addressee.OWN_MEMBER if own else Addressee.OTHER_MEMBER
    else:
        where = Addressee.OWN if own else Addressee.OTHER
    return where in RULES[kind].addressees and not (own and where is Addressee.OWN)
