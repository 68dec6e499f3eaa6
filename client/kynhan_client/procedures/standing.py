"""What every procedure stands on: the case as our copy of the log has it, the document to be sent, and the rules, asked
before anything is done."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from kynhan_protocol.agreement.calendar import Calendar
from kynhan_protocol.agreement.profile import Profile
from kynhan_protocol.case.case import Case, Sent
from kynhan_protocol.vietnam_time import day_after, local_date

from ..dossiers import texts
from ..dossiers.dossier import Cover, read_cover
from ..dossiers.letter import Letter
from ..errors import ClientError
from ..home.home import Home
from ..log.view import View
from ..packages import drafting, own_copy, send


@dataclass(frozen=True, kw_only=True)
class Papers:
    """The document that a procedure sends: its files, title and register fields (those of `cover` count where none is
    given), its markings, and words beside it."""

    files: tuple[Path, ...] = ()
    title: str | None = None
    cover: Path | Cover | None = None
    secrecy: str | None = None
    urgency: str | None = None
    words: str | None = None

    def letter(self, kind: str, to: str, *, title: str | None = None, **fields: Any) -> Letter:
        """A letter with this document in it; `title` is what it is called where nobody said. Raises ClientError
        missing-file, bad-cover."""
        cover = read_cover(self.cover)
        return Letter(
            kind=kind,
            to=to,
            files=self.files,
            cover=cover,
            title=self.title or cover.title or title,
            secrecy=self.secrecy,
            urgency=self.urgency,
            **{"words": self.words, **fields},
        )


@dataclass(frozen=True)
class CaseStanding:
    """A case and its rules: the profile it began under, the calendar in force (continued without end), today in Việt
    Nam."""

    home: Home
    view: View
    case: Case
    profile: Profile
    calendar: Calendar
    today: date

    @property
    def request(self) -> Sent:
        """The request that carries the case. Raises ClientError not-now where nothing was requested."""
        if self.case.request is None:
            raise drafting.refusal(
                "nothing was requested in this case", "việc này chưa có văn bản đề nghị phối hợp"
            )
        return self.case.request

    @property
    def own(self) -> str:
        """Our committee."""
        return self.home.config.committee

    @property
    def other(self) -> str:
        """The other committee."""
        return next((name for name in self.profile.committees if name != self.own), self.own)

    @property
    def provisional_from(self) -> date:
        """The first date that is provisional: one whose count touches a year that the calendar has only as a draft."""
        clock = self.case.clock
        first = self.today if clock is None else day_after(local_date(clock.started_at))
        year = first.year
        while not self.calendar.is_provisional(year):
            year += 1
        return max(first, date(year, 1, 1))

    @property
    def is_clerk(self) -> bool:
        """Whether we act for the committee; else for a unit of it."""
        return "clerk" in self.home.config.roles


def of_case(home: Home, case: str) -> CaseStanding:
    """Where a case stands, given by its full id. Raises ClientError not-found, no-profile, keys-missing."""
    view = View(home)
    found = view.case(case)
    calendar = view.calendars.in_force(view.size).without_end()
    return CaseStanding(home, view, found, view.profile_of(found.profile), calendar, local_date(view.now))


def regarded(standing: CaseStanding, kind: str, to: str, otherwise: str) -> str:
    """What a letter of that kind to `to` regards: ours that is said to be faulty, where our own copy shows that, and it
    admits the fault; else `otherwise`, and it admits nothing.
    """
    try:
        first = own_copy.to_admit(standing.home, standing.view, standing.case, kind, to)
    except ClientError:  # our copy cannot be looked at here
        first = None
    return otherwise if first is None else first.id


def allowed(home: Home, letter: Letter) -> Letter:
    """The letter with its words in order, if the case table lets it be sent now. Raises ClientError as send.send does
    before anything is sealed."""
    if letter.title is not None:
        letter = replace(letter, title=texts.title(letter.title))
    if letter.words is not None:
        letter = replace(letter, words=texts.text(letter.words))
    ready = drafting.require_ready(home)
    drafting.check_outline(home, ready, send.outline_of(home, ready.view, letter))
    return letter
