"""The profile: what an agreement is, as one readable JSON document that both committees attest (DESIGN §2, §3.4).

It names the regulation, the relay and its keys, the two parties, the subjects and terms of the regulation, the first
calendar, and every rule of ours where the regulation is silent ([P] in its requirements). Statements name a profile by
the SHA-256 of its bytes, so the bytes are kept as they came; parsing is strict: unknown fields are refused.
docs/spec/profile.md describes it field by field; profile_parts.py has the fields, this module what they say together.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from typing import Final

from kynhan_keys.errors import VkeyError
from kynhan_keys.vkeys import ED25519, ML_DSA_44

from .. import names, strict_json
from ..errors import NameFormatError, ProfileError
from ..statements import codes
from ..strict_json import StrictJsonError
from .profile_parts import (
    Approval,
    Completion,
    Hours,
    NumberSeries,
    Parties,
    Party,
    Profile,
    Regulation,
    Relay,
    Reminders,
    Reports,
    Secrecy,
    Settings,
    Standing,
    Subject,
    Term,
    Unsigned,
)

__all__ = [
    "MAX_BYTES",
    "VERSION",
    "Approval",
    "Completion",
    "Hours",
    "NumberSeries",
    "Parties",
    "Party",
    "Profile",
    "Regulation",
    "Relay",
    "Reminders",
    "Reports",
    "Secrecy",
    "Settings",
    "Standing",
    "Subject",
    "Term",
    "Unsigned",
    "document_hash",
    "parse",
]

VERSION: Final = "profile@v1"
MAX_BYTES: Final = 1 << 18
MAX_PLACE: Final = 200  # characters

_HASH = re.compile(r"[0-9a-f]{64}")
_CODE = re.compile(r"[a-z0-9]+(?:[.-][a-z0-9]+)*")
_TIME_OF_DAY = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]")


def parse(data: bytes) -> Profile:
    """The profile that `data` spells, all its rules checked. Raises ProfileError with the first one broken."""
    if len(data) > MAX_BYTES:
        raise ProfileError(f"A profile has at most {MAX_BYTES} bytes.")
    try:
        profile = strict_json.decode(data, Profile)
    except StrictJsonError as error:
        raise ProfileError(f"This is not a profile: {error}.") from error
    _check_parties(profile)
    _check_lists(profile)
    _check_reminders(profile.reminders)
    _check_numbers(profile)
    _check_later_parts(profile)
    _check_secrecy(profile.secrecy)
    _check_known_values(profile)
    return profile


def document_hash(data: bytes) -> str:
    """What statements call this document by: the SHA-256 of its exact bytes, in hex."""
    return hashlib.sha256(data).hexdigest()


def _check_parties(profile: Profile) -> None:
    relay = profile.relay
    try:
        names.check_committees(profile.committees)
        names.check_origin(relay.origin)
        keys = relay.vkeys
    except (NameFormatError, VkeyError) as error:
        raise ProfileError(f"The profile names its parties or relay wrongly: {error}") from error
    if any(key.name != relay.origin for key in keys):
        raise ProfileError("The relay's keys do not bear its origin as their name.")
    if tuple(key.type for key in keys) != (ED25519, ML_DSA_44):
        raise ProfileError(
            "The relay needs an Ed25519 key (0x01) and an ML-DSA-44 key (0x06), each in its place."
        )
    if len({party.short for party in (profile.parties.requesting, profile.parties.responding)}) != 2:
        raise ProfileError("The two parties bear the same short name.")


def _check_lists(profile: Profile) -> None:
    _unique("subject", [subject.code for subject in profile.subjects])
    _unique("term", [term.code for term in profile.terms])
    _unique("kind of dispatch that needs approval", profile.approval.kinds, may_be_empty=True)
    if unknown := [term.code for term in profile.terms if term.code not in codes.TERMS]:
        raise ProfileError(f"The profile has a term {unknown[0]} that no statement can name.")
    if unknown := [kind for kind in profile.approval.kinds if kind not in codes.KINDS]:
        raise ProfileError(f"The profile wants approval of {unknown[0]}, which is no kind of dispatch.")
    if not _HASH.fullmatch(profile.calendar):
        raise ProfileError("The profile does not name its calendar by 64 lower-case hex digits.")


def _check_reminders(reminders: Reminders) -> None:
    before, after, unsigned = reminders.before, reminders.after, reminders.unsigned
    if not _TIME_OF_DAY.fullmatch(reminders.at):
        raise ProfileError("Reminders go out at a time such as 08:00.")
    if list(before) != sorted(set(before), reverse=True) or list(after) != sorted(set(after)):
        raise ProfileError("The steps of the ladder are not in the order in which they come.")
    if not all(1 <= step <= 365 for step in (*before, *after, reminders.then_every)):
        raise ProfileError("A step of the ladder is 1 to 365 working days.")
    if not (1 <= unsigned.after_working_days <= 365 and 1 <= unsigned.then_every <= 365):
        raise ProfileError("Unsigned packages are recalled after 1 to 365 working days.")
    if not 0 <= unsigned.urgent_hours <= 720:
        raise ProfileError("Unsigned urgent packages are recalled after 0 to 720 hours.")


def _check_numbers(profile: Profile) -> None:
    if not all(1 <= term.days <= 3660 for term in profile.terms):
        raise ProfileError("A term has 1 to 3,660 days.")
    if not 0 <= profile.return_within <= 365:
        raise ProfileError("A dossier is returned within 0 to 365 working days.")
    if not 0 <= profile.header_retention_days <= 3660:
        raise ProfileError("Headers are kept for 0 to 3,660 days.")
    if not 0 <= profile.settings.retention_years <= 1000:
        raise ProfileError("Documents are kept for 0 to 1,000 years.")


def _check_later_parts(profile: Profile) -> None:
    hours = profile.hours
    if not (_TIME_OF_DAY.fullmatch(hours.begin) and _TIME_OF_DAY.fullmatch(hours.end)):
        raise ProfileError("Working hours begin and end at a time such as 07:30.")
    if hours.begin >= hours.end:
        raise ProfileError("Working hours end after they begin.")
    if not (1 <= profile.standing.soon <= 365 and 1 <= profile.standing.long_overdue <= 365):
        raise ProfileError("A case is soon due, and long overdue, at 1 to 365 working days.")
    if not 1 <= profile.reports.begins_on <= 28:
        raise ProfileError("A reporting period begins on day 1 to 28 of a month.")
    completion = profile.completion
    if not (0 <= completion.pauses <= 100 and 1 <= completion.received_after <= 365):
        raise ProfileError(
            "0 to 100 returns pause; a completion counts as received after 1 to 365 working days."
        )
    if not 1 <= profile.reports.small_cell <= 100:
        raise ProfileError("Groups of fewer than 1 to 100 cases are merged.")


def _check_secrecy(secrecy: Secrecy) -> None:
    """State secrets stay on machines of an isolated LAN inside one headquarters (Luật 117/2025/QH15, Điều 5)."""
    if secrecy.ceiling != codes.SECRECIES[0] and not secrecy.isolated_lan:
        raise ProfileError(
            f"The ceiling {secrecy.ceiling} needs `isolated-lan` true and its `place`: Law 117/2025/QH15, Article 5"
            " clause 2, forbids state secrets on machines joined to any other network.",
            code="not-isolated",
        )
    if secrecy.isolated_lan != bool(secrecy.place.strip()) or len(secrecy.place) > MAX_PLACE:
        raise ProfileError(
            f"`isolated-lan` true and the `place` of that LAN, at most {MAX_PLACE} characters, go together.",
            code="no-lan-place",
        )


def _check_known_values(profile: Profile) -> None:
    """What the document can say and this program cannot do is refused, never ignored."""
    if not profile.settings.open_cases_keep_profile:
        raise ProfileError(
            "This version knows only `open-cases-keep-profile` true: every dispatch names the profile of its case."
        )


def _unique(what: str, values: Sequence[str], *, may_be_empty: bool = False) -> None:
    if not values and not may_be_empty:
        raise ProfileError(f"The profile has no {what}.")
    if len(set(values)) != len(values):
        raise ProfileError(f"The profile names a {what} twice.")
    if wrong := [value for value in values if not _CODE.fullmatch(value)]:
        raise ProfileError(f"{wrong[0]!r} is not the code of a {what}.")
