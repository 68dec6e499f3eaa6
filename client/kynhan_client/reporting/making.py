"""Making a periodic report (R23) from a clerk's own copy of the log; the relay is not asked for a single figure.

    made = make(home, Wanted(name="2026-Q1"))     made.report, made.data (the bytes of report.json), made.facts

Which case is on which subject, and the titles of difficulty notes, come from the manifests that were opened or made
here: the log does not tell.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from kynhan_protocol.agreement import periods
from kynhan_protocol.agreement.periods import Period
from kynhan_protocol.errors import CalendarError, ProtocolError, ReportError
from kynhan_protocol.package import manifest as manifests
from kynhan_protocol.reports import reports
from kynhan_protocol.reports.facts import Fact, Scope
from kynhan_protocol.reports.reports import Declared, Place, Report, Source
from kynhan_protocol.statements.logged import Logged

from ..clauses import clause
from ..errors import problem
from ..home import cupboard
from ..home.home import Home
from ..log import logbook
from ..log.logbook import Head
from ..log.view import View


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """The period asked for: by name (`2026-03`, `2026-Q1`, `2026-H1`, `2026`), or from one date to another. `kind`: of
    which kind the name has to be (month, quarter, half-year, year), where it was asked for as that."""

    name: str | None = None
    kind: str | None = None
    begins: date | None = None
    ends: date | None = None


@dataclass(frozen=True)
class Made:
    """A report, its bytes, and what it was counted from. `final`: both sides' witnesses cosigned the log that far.

    `reaches`: how far its checkpoint goes. Before what the report describes is over, whoever checks it cannot know yet
    whether something more was logged in that time.
    """

    report: Report
    data: bytes
    facts: tuple[Fact, ...]
    scope: Scope
    source: Source
    head: Head
    final: bool
    reaches: datetime

    @property
    def is_covered(self) -> bool:
        """Whether the checkpoint goes as far as a finished report does."""
        return not self.report.finished or self.reaches >= self.report.period.until


def make(home: Home, wanted: Wanted, at: datetime | None = None) -> Made:
    """The report of a period as of `at` (else now). A period that is not over yet gives a report marked unfinished.

    Raises ClientError bad-period (also for an `at` that lies ahead), wrong-role (a clerk has every statement, others do
    not), no-profile, not-final while no checkpoint covers what the period needs, keys-missing.
    """
    if "clerk" not in home.config.roles:
        raise problem("wrong-role", member=home.config.member, role="clerk")
    view = View(home)
    period = period_of(view, wanted)
    if at is not None and at > view.now:
        raise problem("bad-period", why=clause("period.ahead"))
    at = reports.moment(at or view.now)
    head, final = _checkpoint(home, view, reports.until(period, at))
    source = source_of(view, head.size, reports.until(period, at))
    try:
        on = reports.scope(source, period, at)
        facts = reports.gather(source, on)
        subjects = subjects_of(home, facts)
        report = Report(
            kynhan=reports.VERSION,
            committee=home.config.committee,
            period=period,
            at=at,
            finished=at >= period.until,
            log=Place(home.relay.origin, head.size, head.root.hex()),
            profile=source.profile_id,
            calendar=source.calendar.sha,
            subjects=tuple(Declared(case, subjects[case]) for case in sorted(subjects)),
            difficulties=reports.difficulties(facts, on, titles_of(home, facts)),
            figures=reports.figures(facts, source, on, subjects),
        )
    except CalendarError as error:
        raise problem("keys-missing", what=error) from error
    except KeyError as error:  # facts.gather(): a case began under a profile that nobody attested
        raise problem("keys-missing", what=clause("thing.profile", id=str(error.args[0])[:16])) from error
    last = logbook.at(home.archive, head.size - 1)
    reaches = datetime.fromtimestamp(head.time, UTC)
    if last is not None:
        reaches = max(reaches, last.logged.time)
    return Made(report, reports.spell(report), facts, on, source, head, final, reaches)


def period_of(view: View, wanted: Wanted) -> Period:
    """The period asked for, as the profile in force bounds it. Raises ClientError bad-period, no-profile."""
    try:
        if wanted.name is not None:
            period = periods.named(wanted.name, view.profile.reports.begins_on)
            if wanted.kind not in (None, period.kind):
                raise ReportError("The period is of another kind.", code="no-period")
            return period
        if wanted.begins is None or wanted.ends is None:
            raise ReportError("There is no such period.", code="no-period")
        return periods.between(wanted.begins, wanted.ends)
    except ReportError as error:
        why = clause("period.backwards") if error.code == "period-backwards" else clause("period.none")
        raise problem("bad-period", why=why) from error


def source_of(view: View, size: int, until: datetime) -> Source:
    """Our copy of the log, as of a checkpoint of `size`, with profile and calendar as they stood at `until`.

    Raises ClientError no-profile, keys-missing.
    """
    row = view.archive.row(
        "SELECT min(idx) FROM statements WHERE log_time >= ? AND idx < ?", (until.timestamp(), size)
    )
    cut = size if row is None or row[0] is None else int(row[0])
    in_order = view.committees.profiles()
    if not in_order:
        raise problem("no-profile")
    profiles = {one.document: view.profile_of(one.document) for one in in_order if one.index < size}
    try:
        calendar = view.calendars.in_force(cut)
    except CalendarError as error:
        raise problem("keys-missing", what=clause("thing.calendar")) from error
    return Source(
        log=_cases(view, min(cut, size)),
        profiles=profiles,
        calendars=view.calendars,
        profile_id=view.committees.profile_at(cut) or in_order[0].document,
        calendar=calendar,
        committees=view.committees,
    )


def subjects_of(home: Home, facts: tuple[Fact, ...]) -> dict[str, str]:
    """The subject of each case of the period, as the manifest of its request says; those not opened here are left
    out."""
    found: dict[str, str] = {}
    for fact in facts:
        main = fact.main
        if fact.entered is None or main is None:
            continue
        subject = _manifest_field(home, main.id, "subject")
        if subject is not None:
            found[fact.case.id] = subject
    return found


def titles_of(home: Home, facts: tuple[Fact, ...]) -> Mapping[str, str | None]:
    """The title of each difficulty note, by dispatch, as its manifest says; None where it was not opened here."""
    notes = [sent.id for fact in facts for sent in fact.case.standing("difficulty")]
    return {id_: _manifest_field(home, id_, "title") for id_ in notes}


def _manifest_field(home: Home, dispatch: str, name: str) -> str | None:
    note = cupboard.manifest(home.archive, dispatch)
    if note is None:
        return None
    try:
        value: str | None = getattr(manifests.parse(note).manifest, name)
    except ProtocolError:
        return None  # a manifest that its opening found faulty
    return value


def _checkpoint(home: Home, view: View, until: datetime) -> tuple[Head, bool]:
    """The cosigned checkpoint, if everything before `until` lies under it; else the newest one, not final yet."""
    row = home.archive.row("SELECT max(idx) FROM statements WHERE log_time < ?", (until.timestamp(),))
    needed = 0 if row is None or row[0] is None else int(row[0]) + 1
    for head, final in ((logbook.latest_final(home.archive), True), (logbook.latest(home.archive), False)):
        if head is not None and needed <= head.size <= view.size:
            return head, final
    raise problem("not-final", why=clause("final.none"))


def _cases(view: View, size: int) -> dict[str, list[Logged]]:
    cases: dict[str, list[Logged]] = {}
    for entry in logbook.since(view.archive, 0):
        if entry.case is not None and entry.logged.index < size:
            cases.setdefault(entry.case, []).append(entry.logged)
    return cases
