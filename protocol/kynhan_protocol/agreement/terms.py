"""The terms that a request can run under (R17, R18). A profile has its own; these are the regulation's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from .profile import Profile

Unit = Literal["working", "calendar"]
Nature = Literal["limit", "target"]


@dataclass(frozen=True, slots=True)
class TermRule:
    """How a term is counted: `days` in `unit`; a `limit` can be overdue, a `target` (*mốc phấn đấu*) is only passed.

    `rolls`: a last calendar day that is not worked moves to the next working day.
    """

    code: str
    days: int
    unit: Unit
    nature: Nature
    rolls: bool = True


REGULATION_TERMS: Final = {
    "in-province": TermRule("in-province", 35, "working", "limit"),
    "in-country": TermRule("in-country", 45, "working", "limit"),
    "foreign": TermRule("foreign", 90, "calendar", "target"),
}


def of_profile(profile: Profile, code: str) -> TermRule:
    """The term `code` as `profile` has it. Raises ProfileError `no-term`."""
    term = profile.term(code)
    return TermRule(term.code, term.days, term.unit, term.nature, rolls=profile.roll_foreign)
