"""The periodic report (*báo cáo định kỳ*, R23) as one JSON document, `report@v1`, and how its figures come about.

The figures follow from the statements of a log up to a checkpoint; only which case is on which subject, and the titles
of difficulty notes, are declared by who reports: they stand inside the seal. docs/spec/reports.md describes it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Literal

import msgspec

from .. import strict_json
from ..agreement import periods
from ..agreement.calendar import Calendar
from ..agreement.calendars import CalendarBook
from ..agreement.periods import Period
from ..agreement.profile import Profile
from ..errors import ReportError
from ..names import Name
from ..statements.committees import Committees
from ..statements.logged import Logged
from ..strict_json import DocumentPart, StrictJsonError
from ..vietnam_time import local_date
from . import counting, facts
from .facts import Fact, Scope
from .figures import Figures

VERSION: Final = "report@v1"
MAX_BYTES: Final = 1 << 26
MAX_TITLE: Final = 4096

_HASH = re.compile(r"[0-9a-f]{64}")
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_MOMENT: Final = timedelta(microseconds=1)


class Place(DocumentPart, frozen=True):
    """The checkpoint that the report was computed at; `root` in hex."""

    origin: str
    size: int
    root: str


class Declared(DocumentPart, frozen=True):
    """The subject code of a case, as the sealed manifest of its request has it."""

    case: str
    subject: str


class Difficulty(DocumentPart, frozen=True):
    """A difficulty note of the period. `title` is declared (its manifest's); None where the reporter has none."""

    dispatch: str
    case: str
    committee: str
    at: datetime
    title: str | None


class Report(DocumentPart, frozen=True):
    """The whole document. `at`: the moment it was made, or an earlier one asked for (UTC, whole seconds); `finished`:
    the period was over by then.

    `profile` and `calendar` are those in force at the end of what it describes. Lists are sorted and without
    repetition: `subjects` by case, `difficulties` by place in the log.
    """

    kynhan: Literal["report@v1"]
    committee: str
    period: Period
    at: datetime
    finished: bool
    log: Place
    profile: str
    calendar: str
    subjects: tuple[Declared, ...]
    difficulties: tuple[Difficulty, ...]
    figures: Figures


@dataclass(frozen=True, kw_only=True)
class Source:
    """A log as far as it is known: the statements of each case, in order, and every document that they name.

    `profile` (with its SHA-256) and `calendar` are those in force where the part described ends; see `cut`.
    `committees` as for fold.apply().
    """

    log: Mapping[str, Sequence[Logged]]
    profiles: Mapping[str, Profile]
    calendars: CalendarBook
    profile_id: str
    calendar: Calendar
    committees: Committees | None = None

    @property
    def profile(self) -> Profile:
        """The profile in force at the end."""
        return self.profiles[self.profile_id]


def until(period: Period, at: datetime) -> datetime:
    """The moment that a report made at `at` describes: the period's end, or `at` while it is not over.

    Statements logged before it count. Profile and calendar are those in force for the first one logged after it.
    """
    return min(period.until, at)


def scope(source: Source, period: Period, at: datetime) -> Scope:
    """What all cases of the report share."""
    end = until(period, at)
    return Scope(
        period=period,
        until=end,
        today=local_date(end - _MOMENT),
        calendar=source.calendar.without_end(),
        soon=source.profile.standing.soon,
    )


def gather(source: Source, on: Scope) -> tuple[Fact, ...]:
    """The facts that the figures count. Raises KeyError for a profile that is not at hand, CalendarError."""
    return facts.gather(source.log, source.profiles, source.calendars, on, source.committees)


def figures(
    found: Sequence[Fact], source: Source, on: Scope, subjects: Mapping[str, str] | None = None
) -> Figures:
    """The figures, with those by subject where `subjects` (case id to code) is given. Raises CalendarError."""
    return counting.count(found, on, source.profile.reports.small_cell, subjects)


def difficulties(
    found: Sequence[Fact], on: Scope, titles: Mapping[str, str | None]
) -> tuple[Difficulty, ...]:
    """The difficulty notes (R25) of the period that still count, by place in the log; `titles` by dispatch."""
    notes = sorted(
        (
            (sent.index, sent, fact.case.id)
            for fact in found
            for sent in fact.case.standing("difficulty")
            if on.during(sent.sent_at)
        ),
        key=lambda one: one[0],
    )
    return tuple(
        Difficulty(sent.id, case, Name.of(sent.from_).committee, sent.sent_at, titles.get(sent.id))
        for _, sent, case in notes
    )


def spell(report: Report) -> bytes:
    """The one spelling of a report."""
    return msgspec.json.format(msgspec.json.encode(report), indent=1) + b"\n"


def parse(data: bytes) -> Report:
    """The report that `data` spells. Raises ReportError with the first rule broken."""
    if len(data) > MAX_BYTES:
        raise ReportError(f"A report has at most {MAX_BYTES} bytes.")
    try:
        report = strict_json.decode(data, Report)
    except StrictJsonError as error:
        raise ReportError(f"This is not a report: {error}.") from None
    _check_fields(report)
    if spell(report) != data:
        raise ReportError("The report is not in the one spelling of its meaning.")
    return report


def _check_fields(report: Report) -> None:
    if not periods.is_one(report.period):
        raise ReportError("The report's period is none.")
    if not all(map(_is_moment, (report.at, *(note.at for note in report.difficulties)))):
        raise ReportError("The report names a time that is not in UTC and whole seconds.")
    at = report.at
    if report.finished != (at >= report.period.until):
        raise ReportError("The report does not say rightly whether its period was over.")
    if not all(map(_HASH.fullmatch, (report.profile, report.calendar, report.log.root))):
        raise ReportError("The report names a document or tree by something else than 64 hex digits.")
    if not 0 <= report.log.size < 1 << 63:
        raise ReportError("The report names a log of no possible size.")
    cases = [one.case for one in report.subjects]
    if cases != sorted(set(cases)) or not all(map(_UUID.fullmatch, cases)):
        raise ReportError("The report's list of subjects is not sorted by case, or names no case.")
    if (report.figures.by_subject is None) and report.subjects:
        raise ReportError("The report declares subjects and counts none.")
    for note in report.difficulties:
        if not _HASH.fullmatch(note.dispatch) or len(note.title or "") > MAX_TITLE:
            raise ReportError(
                "The report's list of difficulty notes names no dispatch, or has an endless title."
            )


def _is_moment(at: datetime) -> bool:
    utc = at.tzinfo is not None and not at.utcoffset()
    return utc and not at.microsecond and periods.FIRST_YEAR <= at.year <= periods.LAST_YEAR


def moment(at: datetime) -> datetime:
    """`at` as a report bears it: UTC, whole seconds."""
    return at.astimezone(UTC).replace(microsecond=0)
