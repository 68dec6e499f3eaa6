"""Answering (R12, R17): the concluded reply, and information that is not concluded yet."""

from __future__ import annotations

from kynhan_protocol.case import duties

from ..dossiers.letter import Letter
from ..home.home import Home
from ..packages import drafting
from .standing import CaseStanding, Papers, allowed, of_case, regarded


def reply(home: Home, case: str, papers: Papers) -> Letter:
    """The letter that answers the request (kind `reply`), concluded. It goes to the committee that asked; from a unit,
    where the profile does not let units reply directly, to its own committee, which then answers. Where our earlier one
    is said to be faulty, and our copy shows that, it regards that one, which admits the fault.

    The copy for the unit's own committee is copies.py's. Raises ClientError not-found, not-now.
    """
    standing = of_case(home, case)
    to = duties.reply_goes_to(standing.case, home.config.member, standing.profile)
    regarding = regarded(standing, "reply", to, standing.request.id)
    return allowed(home, papers.letter("reply", to, case=case, regarding=regarding))


def interim(home: Home, case: str, papers: Papers) -> Letter:
    """The letter with information not yet concluded (kind `interim`): it never stops the clock unless the profile says
    so, and is marked wherever it is shown. Raises ClientError as reply does."""
    standing = of_case(home, case)
    to = duties.reply_goes_to(standing.case, home.config.member, standing.profile)
    title = drafting.label_of("interim")
    return allowed(home, papers.letter("interim", to, title=title, case=case, regarding=standing.request.id))


def replies_directly(standing: CaseStanding) -> bool:
    """Whether what we answer goes straight to the committee that asked (R17)."""
    return standing.is_clerk or standing.profile.settings.unit_replies_directly
