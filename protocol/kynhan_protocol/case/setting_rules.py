"""What the settings of a profile change in the case table: the rules of ours where the regulation is silent ([P]).

Only what the outside of the envelope shows is decided here; what only the sealed content shows is in duties.py.
"""

from __future__ import annotations

from typing import Final

from ..agreement.profile import Profile
from ..names import Name
from ..statements.statements import Dispatch
from .case import Case
from .kinds import Presence, Rule
from .reasons import Why

ANSWERS: Final = frozenset({"reply", "interim", "extension", "return"})
"""What is for whoever has the case to send."""


def due_presence(rule: Rule, profile: Profile) -> Presence:
    """Whether a dispatch of that kind names a date: an extension must, unless the two sides agreed otherwise (R19)."""
    if rule.kind == "extension" and not profile.settings.extension_names_date:
        return Presence.OPTIONAL
    return rule.due


def why_not(case: Case | None, dispatch: Dispatch, profile: Profile) -> Why | None:
    """Why `dispatch` may not be sent under the settings of the case's profile; None if it may."""
    settings = profile.settings
    if dispatch.kind == "return" and not settings.return_for_completion:
        return "hai bên thống nhất không trả lại hồ sơ", "the profile does not know returns"
    if dispatch.kind not in ANSWERS or settings.unit_replies_directly:
        return None
    outward = Name.of(dispatch.to).committee != Name.of(dispatch.from_).committee
    if outward and case is not None and case.unit == dispatch.from_:
        return (
            "hai bên thống nhất cơ quan chức năng trả lời qua đảng ủy của mình",
            "under the profile a unit answers through its own committee",
        )
    return None
