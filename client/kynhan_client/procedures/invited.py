"""Who is in a conference: whom we tell of another time or the minutes, and what that is about."""

from __future__ import annotations

from kynhan_protocol.case.case import Case, Sent

from ..home.home import Home
from ..log.view import View
from . import sides
from .conference_state import Conference


def proposals(case: Case, conference: Conference) -> list[Sent]:
    """The proposals of a conference that stand, oldest first."""
    return [sent for sent in case.standing("conference") if sent.about == conference.about]


def others(home: Home, view: View, case: Case, conference: Conference) -> tuple[str, ...]:
    """Whom we tell: as the chair everybody invited, otherwise the chair."""
    if conference.chair != home.config.committee:
        return (sides.back_to(view, conference.proposer),)
    names = [
        sent.to if home.config.is_ours(sent.from_) else sides.back_to(view, sent.from_)
        for sent in proposals(case, conference)
    ]
    return tuple(name for name in dict.fromkeys(names) if name != home.config.member)


def newest_with(home: Home, view: View, case: Case, conference: Conference, name: str) -> str | None:
    """The newest proposal between `name` and us: what another time is about."""
    found = [
        sent.id
        for sent in proposals(case, conference)
        if sent.to == name or (sides.back_to(view, sent.from_) == name and home.config.is_for_us(sent.to))
    ]
    return found[-1] if found else None
