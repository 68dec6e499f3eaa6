"""The parts of a profile document, as read: what each field is called and means (docs/spec/profile.md).

Nothing here checks what the fields say together; profile.py does, before anybody gets to see a Profile.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from kynhan_keys.vkeys import Vkey

from ..errors import ProfileError
from ..names import Name
from ..statements import codes
from ..strict_json import DocumentPart
from ..words import Words


class Regulation(DocumentPart, frozen=True):
    """The regulation carried out: number, date of issue, issuer, title."""

    number: str
    date: date
    issuer: str
    title: Words


class Relay(DocumentPart, frozen=True):
    """The relay of the agreement: its origin and its two keys, as vkeys under that name."""

    origin: str
    ed25519: str
    ml_dsa_44: str

    @property
    def vkeys(self) -> tuple[Vkey, Vkey]:
        """The keys that sign checkpoints, in the order of their lines; the first signs relay statements too."""
        return Vkey.parse(self.ed25519), Vkey.parse(self.ml_dsa_44)


class Party(DocumentPart, frozen=True):
    """One of the two committees, by its name in statements, its short name and its full one."""

    committee: str
    short: str
    name: Words


class Parties(DocumentPart, frozen=True):
    """The requesting committee asks, concludes and reports; the responding one answers within the limit."""

    requesting: Party
    responding: Party


class Subject(DocumentPart, frozen=True):
    """A subject of the regulation; whether a request on it bears a term."""

    code: str
    label: Words
    term: Literal["mandatory", "optional", "none"]


class Term(DocumentPart, frozen=True):
    """`days`, of the `unit` given; a `limit` can be overdue, a `target` is only strived for."""

    code: str
    days: int
    unit: Literal["working", "calendar"]
    nature: Literal["limit", "target"]
    label: Words


class Unsigned(DocumentPart, frozen=True):
    """When it is recalled that nobody has signed: after so many working days, urgent ones after hours, then
    every `then_every` working days.
    """

    after_working_days: int
    urgent_hours: int
    then_every: int

    @property
    def hours_to_sign(self) -> int:
        """Within how many hours an urgent package is signed for in time: nobody can sign in the hour it comes."""
        return max(self.urgent_hours, 1)


class Reminders(DocumentPart, frozen=True):
    """The ladder: `at` (HH:MM, Vietnamese time) on working days before and after the due date, then
    `then_every`.
    """

    at: str
    before: tuple[int, ...]
    on_day: bool
    after: tuple[int, ...]
    then_every: int
    unsigned: Unsigned


class Hours(DocumentPart, frozen=True):
    """When e-mail and webhooks may go out: between two times of day (HH:MM, Vietnamese time) on working days."""

    begin: str = "07:30"
    end: str = "17:00"


class Standing(DocumentPart, frozen=True):
    """How many working days before its date a case is *soon due*, and after it *long overdue*."""

    soon: int = 5
    long_overdue: int = 20


class Reports(DocumentPart, frozen=True):
    """Periods of reports, and when figures say too much.

    A month, quarter, half-year or year begins on day `begins_on` (1 to 28): 1 is the calendar's own; with 15 January
    runs from 15 December to 14 January. Groups of fewer than `small_cell` cases are merged.
    """

    begins_on: int = 1
    small_cell: int = 3


class Completion(DocumentPart, frozen=True):
    """How the pause of a returned dossier ends: so many returns of a request pause its clock, and a completion that
    nobody signs for counts as received at the end of the working day so many after it was sent.
    """

    pauses: int = 1
    received_after: int = 1


class Secrecy(DocumentPart, frozen=True):
    """The highest marking that may travel. `isolated_lan`: both committees declare that all their machines stand in one
    isolated LAN inside one headquarters, at `place`; only then may it be above the lowest (R2, DESIGN §3.4).
    """

    ceiling: Literal["khong-mat", "mat", "toi-mat", "tuyet-mat"]
    isolated_lan: bool = False
    place: str = ""


class Approval(DocumentPart, frozen=True):
    """The kinds of dispatch that need a second person's signature."""

    kinds: tuple[str, ...]


class NumberSeries(DocumentPart, frozen=True):
    """Over what the numbers of documents run, in the Party's form and in the State's."""

    party: Literal["term-of-office", "calendar-year"]
    state: Literal["term-of-office", "calendar-year"]


class Settings(DocumentPart, frozen=True):
    """The rules of ours where the regulation is silent, each with the row that marks it [P]."""

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


class Profile(DocumentPart, frozen=True):
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
    completion: Completion = Completion()

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
        committee = Name.of(name).committee
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

    def wants_approver(self, kind: str, marking: str = codes.SECRECIES[0]) -> bool:
        """Whether a dispatch of that kind, holding a document with that marking, needs the signature of a second person
        (DESIGN §3.4). The relay, which does not see the marking, asks by kind alone.
        """
        return kind in self.approval.kinds or marking != codes.SECRECIES[0]
