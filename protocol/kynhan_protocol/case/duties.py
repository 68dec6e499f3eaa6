"""What a profile asks of who writes a letter, where only the sealed content or a second letter can show it.

The relay cannot check any of this; the client asks before it seals, and tells its user. What the outside of the
envelope shows is checked by the case table (setting_rules.py).
"""

from __future__ import annotations

from datetime import date

from ..agreement.calendar import Calendar
from ..agreement.profile import Profile
from ..names import Name
from ..vietnam_time import local_date
from .case import Case
from .pauses import is_used_up


def copies_to(kind: str, from_: str, to: str, profile: Profile, *, by_unit: bool = False) -> tuple[str, ...]:
    """The committees that a copy of the letter goes to as well: the same dispatch once more, regarding the same.

    CA's clerk gets a dossier sent directly to a unit where `copy-to-clerk` says so (R13); its own committee what a unit
    replies directly where `copy-reply-to-committee` does (R17). `by_unit`: `from_` is a unit, no clerk. A copy of a
    request regards that request.
    """
    addressee, sender = Name.of(to).committee, Name.of(from_).committee
    settings = profile.settings
    if kind in ("request", "supplement") and Name.of(to).is_member and settings.copy_to_clerk:
        return (addressee,)
    if kind in ("reply", "interim") and by_unit and addressee != sender and settings.copy_reply_to_committee:
        return (sender,)
    return ()


def reply_goes_to(case: Case, from_: str, profile: Profile) -> str:
    """The committee to which `from_` addresses its reply: the one that asked; a unit's own where the unit does not
    reply directly, whose clerk then replies (R17).
    """
    if case.unit == from_ and not profile.settings.unit_replies_directly:
        return Name.of(from_).committee
    return profile.committees[0]


def may_wish_date(kind: str, profile: Profile) -> bool:
    """Whether a letter of that kind may name a wished-for date: an opinion round where the profile says so (R11)."""
    return kind != "opinion" or profile.settings.opinion_wish_date


def closing_carries_content(profile: Profile) -> bool:
    """Whether a closing carries the conclusion itself, beside its number and date (R14)."""
    return profile.settings.closing_content


def last_day_to_return(case: Case, profile: Profile, calendar: Calendar) -> date | None:
    """The last day on which returning the dossier starts the clock anew (counting time); None where it never does."""
    settings = profile.settings
    if (
        case.clock is None
        or is_used_up(case, profile)
        or not (settings.return_for_completion and settings.return_restarts_clock)
    ):
        return None
    return calendar.without_end().add_working_days(local_date(case.clock.started_at), profile.return_within)
