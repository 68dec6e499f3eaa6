"""The profile: what an agreement is, as one readable JSON document that both committees attest (DESIGN 2,
3.4).

It names the regulation, the relay and its keys, the two parties, the subjects and terms of the regulation,
the first calendar, and every rule of ours where the regulation is silent ([P] in its requirements).
Statements name a profile by the SHA-256 of its bytes, so the bytes are kept as they came; parsing is strict:
unknown fields are refused. docs/spec/profile.md describes it field by field.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from datetime import date
from typing import Final, Literal

import msgspec

from kynhan_keys.errors import VkeyError
from kynhan_keys.vkeys import ED25519, ML_DSA_44, Vkey

from . import codes, names, strict_json
from .errors import NameFormatError, ProfileError
from .strict_json import StrictJsonError
from .words import Words

VERSION: Final = "profile@v1"
MAX_BYTES: Final = 1 << 18

_HASH = re.compile(r"[0-9a-f]{64}")
_CODE = re.compile(r"[a-z0-9]+(?:[.-][a-z0-9]+)*")
_TIME_OF_DAY = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]")


class _Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """A part of the document: its fields are spelled with hyphens, none may be missing, none unknown."""


class Regulation(_Part, frozen=True):
    """The regulation carried out: number, date of issue, issuer, title."""

    number: str
    date: date
    issuer: str
    title: Words


class Relay(_Part, frozen=True):
    """The relay of the agreement: its origin and its two keys, as vkeys under that name."""

    origin: str
    ed25519: str
    ml_dsa_44: str

    @property
    def vkeys(self) -> tuple[Vkey, Vkey]:
        """The keys that sign checkpoints, in the order of their lines; the first signs relay statements too."""
        return Vkey.parse(self.ed25519), Vkey.parse(self.ml_dsa_44)


class Party(_Part, frozen=True):
    """One of the two committees, by its name in statements, its short name and its full one."""

    committee: str
    short: str
    name: Words


class Parties(_Part, frozen=True):
    """The requesting committee asks, concludes and reports; the responding one answers within the limit."""

    requesting: Party
    responding: Party


class Subject(_Part, frozen=True):
    """A subject of the regulation; whether a request on it bears a term."""

    code: str
    label: Words
    term: Literal["mandatory", "optional", "none"]


class Term(_Part, frozen=True):
    """`days`, of the `unit` given; a `limit` can be overdue, a `target` is only strived for."""

    code: str
    days: int
    unit: Literal["working", "calendar"]
    nature: Literal["limit", "target"]
    label: Words


class Unsigned(_Part, frozen=True):
    """When it is recalled that nobody has signed: after so many working days, urgent ones after hours, then
    every `then_every` working days.
    """

    after_working_days: int
    urgent_hours: int
    then_every: int


class Reminders(_Part, frozen=True):
    """The ladder: `at` (HH:MM, Vietnamese time) on working days before and after the due date, then
    `then_every`.
    """

    at: str
    before: tuple[int, ...]
    on_day: bool
    after: tuple[int, ...]
    then_every: int
    unsigned: Unsigned


class Hours(_Part, frozen=True):
    """When e-mail and webhooks may go out: between two times of day (HH:MM, Vietnamese time) on working days."""

    begin: str = "07:30"
    end: str = "17:00"


class Standing(_Part, frozen=True):
    """How many working days before its date a case is *soon due*, and after it *long overdue*."""

    soon: int = 5
    long_overdue: int = 20


class Reports(_Part, frozen=True):
    """Periods of reports, and when figures say too much.

    A month, quarter, half-year or year begins on day `begins_on` (1 to 28): 1 is the calendar's own; with 15 January
    runs from 15 December to 14 January. Groups of fewer than `small_cell` cases are merged.
    """

    begins_on: int = 1
    small_cell: int = 3


class Secrecy(_Part, frozen=True):
    """The highest marking that may travel."""

    ceiling: Literal["khong-mat", "mat", "toi-mat", "tuyet-mat"]


class Approval(_Part, frozen=True):
    """The kinds of dispatch that need a second person's signature."""

    kinds: tuple[str, ...]


class NumberSeries(_Part, frozen=True):
    """Over what the numbers of documents run, in the Party's form and in the State's."""

    party: Literal["term-of-office", "calendar-year"]
    state: Literal["term-of-office", "calendar-year"]


class Settings(_Part, frozen=True):
    """The rules of ours where the regulation is silent, each with what REGULATION names it ([P])."""

    question_stops_clock: bool  # R9
    opinion_wish_date: bool  # R11: an opinion round may name the date it wishes for
    interim_stops_clock: bool  # R12
    copy_to_clerk: bool  # R13: the clerk also gets a dossier sent directly to a unit
    return_for_completion: bool  # R13: an incomplete dossier may be returned
    return_restarts_clock: bool  # counting time: made within `return-within` working days
    closing_content: bool  # R14: the content of a conclusion may be sent
    unit_replies_directly: bool  # R17
    copy_reply_to_committee: bool  # R17
    correction_by_both: bool  # R17: a wrong term is corrected by both sides' signatures
    show_unrolled_date: bool  # R18: the 90th day itself is shown beside the date rolled over days off
    extension_names_date: bool  # R19
    open_cases_keep_profile: bool  # R24
    receipt_on_day_off: Literal["not-counted"]
    retention_years: int  # R5a: 0 keeps everything until a destruction is ordered
    number_series: NumberSeries


class Profile(_Part, frozen=True):
    """The whole document. `kynhan` is its format and version. The parts with defaults came later: a document without
    them means the defaults.
    """

    kynhan: Literal["profile@v1"]
    regulation: Regulation
    relay: Relay
    parties: Parties
    subjects: tuple[Subject, ...]
    terms: tuple[Term, ...]
    calendar: str
    reminders: Reminders
    secrecy: Secrecy
    approval: Approval
    roll_foreign: bool
    return_within: int
    header_retention_days: int
    agreement: Words
    settings: Settings
    hours: Hours = Hours()
    standing: Standing = Standing()
    reports: Reports = Reports()

    @property
    def committees(self) -> tuple[str, str]:
        """The names of the requesting and the responding committee."""
        return self.parties.requesting.committee, self.parties.responding.committee

    def term(self, code: str) -> Term:
        """The term of that code. Raises ProfileError `no-term`."""
        for term in self.terms:
            if term.code == code:
                return term
        raise ProfileError(f"The profile has no term {code}.", code="no-term")

    def subject(self, code: str) -> Subject:
        """The subject of that code. Raises ProfileError `no-subject`."""
        for subject in self.subjects:
            if subject.code == code:
                return subject
        raise ProfileError(f"The profile has no subject {code}.", code="no-subject")

    def party_of(self, name: str) -> Literal["requesting", "responding"]:
        """Which party a committee, or a member of one, is. Raises ProfileError `no-party`."""
        committee = name.partition("/")[0]
        if committee not in self.committees:
            raise ProfileError(f"{committee} is not a party of the profile.", code="no-party")
        return "requesting" if committee == self.committees[0] else "responding"

    def party(self, which: str) -> Party:
        """The `requesting` or the `responding` party."""
        return self.parties.requesting if which == "requesting" else self.parties.responding

    def allows_secrecy(self, marking: str) -> bool:
        """Whether documents with that secrecy marking may travel. Raises ProfileError for an unknown marking."""
        if marking not in codes.SECRECIES:
            raise ProfileError(f"{marking} is not a secrecy marking.", code="no-secrecy")
        return codes.SECRECIES.index(marking) <= codes.SECRECIES.index(self.secrecy.ceiling)


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
    hours = profile.hours
    if not (_TIME_OF_DAY.fullmatch(hours.begin) and _TIME_OF_DAY.fullmatch(hours.end)):
        raise ProfileError("Working hours begin and end at a time such as 07:30.")
    if hours.begin >= hours.end:
        raise ProfileError("Working hours end after they begin.")
    if not (1 <= profile.standing.soon <= 365 and 1 <= profile.standing.long_overdue <= 365):
        raise ProfileError("A case is soon due, and long overdue, at 1 to 365 working days.")
    if not 1 <= profile.reports.begins_on <= 28:
        raise ProfileError("A reporting period begins on day 1 to 28 of a month.")
    if not 1 <= profile.reports.small_cell <= 100:
        raise ProfileError("Groups of fewer than 1 to 100 cases are merged.")
    if not 0 <= profile.settings.retention_years <= 1000:
        raise ProfileError("Documents are kept for 0 to 1,000 years.")


def _unique(what: str, values: Sequence[str], *, may_be_empty: bool = False) -> None:
    if not values and not may_be_empty:
        raise ProfileError(f"The profile has no {what}.")
    if len(set(values)) != len(values):
        raise ProfileError(f"The profile names a {what} twice.")
    if wrong := [value for value in values if not _CODE.fullmatch(value)]:
        raise ProfileError(f"{wrong[0]!r} is not the code of a {what}.")
