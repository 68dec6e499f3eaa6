"""How the documents of a report call things: phrases, shares with their denominators, subjects, terms and units."""

from __future__ import annotations

from typing import Final

from kynhan_protocol.agreement.profile import Profile
from kynhan_protocol.reports.facts import NO_TERM, UNKNOWN_SUBJECT
from kynhan_protocol.reports.figures import Row

from .. import words
from ..printing import dates

OTHERS: Final = "report.row.others"


def vi(key: str, **blanks: object) -> str:
    """A phrase as documents have it."""
    return words.pair(key, **blanks)[0]


def number(count: int) -> str:
    """1.234: a number as Vietnamese documents write it."""
    return dates.number(count)[0]


def share(count: int, of: int) -> str:
    """7/9 (77,8%); a dash where there is nothing to divide by."""
    if of == 0:
        return "–"
    per_mille = (2000 * count + of) // (2 * of)
    return f"{number(count)}/{number(of)} ({per_mille // 10},{per_mille % 10}%)"


def row_label(row: Row, labels: dict[str, str]) -> str:
    """What a row of a breakdown is called; a merged one says whose cases it holds, subjects by their codes."""
    if row.key is not None:
        return labels.get(row.key, row.key)
    names = [
        label if not (label := labels.get(key, key)).startswith(f"{key} ") else key for key in row.merged
    ]
    return vi(OTHERS, names="; ".join(names))


def subjects(profile: Profile) -> dict[str, str]:
    """What subject codes are called."""
    labels = {one.code: f"{one.code} {one.label.vi}" for one in profile.subjects}
    return {**labels, UNKNOWN_SUBJECT: vi("report.row.unknown-subject")}


def terms(profile: Profile) -> dict[str, str]:
    """What terms are called."""
    return {**{one.code: one.label.vi for one in profile.terms}, NO_TERM: vi("report.row.no-term")}


def units(profile: Profile) -> dict[str, str]:
    """What the responding committee is called where no unit has a case; units go by their names."""
    party = profile.parties.responding
    return {party.committee: vi("report.row.no-unit", who=party.short)}


def labels(profile: Profile) -> dict[str, str]:
    """What codes of subjects, terms and units are called, all together."""
    return {**subjects(profile), **terms(profile), **units(profile)}
