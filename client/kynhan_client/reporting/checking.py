"""Checking a periodic report: every figure is counted again from the statements, and each one that differs is named.

    checked = check(read(path), Trust(roots=…))                offline, without a home: an auditor's way
    checked = check(read(path), Trust(), home=home)            also against our own copy of the log and our manifests

VALID: everything follows from what is shown. INVALID: something contradicts. INCOMPLETE: what is shown is not enough.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import msgspec

from kynhan_keys import merkle, policies
from kynhan_keys.errors import KeysError, PolicyError
from kynhan_keys.policies import Policy
from kynhan_keys.vkeys import Vkey
from kynhan_protocol.agreement import periods
from kynhan_protocol.errors import CalendarError, ProfileError
from kynhan_protocol.evidence.verdicts import Reason, Verdict
from kynhan_protocol.reports import reports
from kynhan_protocol.reports.facts import Fact
from kynhan_protocol.reports.reports import Report, Source

from ..errors import ClientError
from ..evidence import verifying
from ..evidence.values import Value
from ..home.home import Home
from ..log import logbook, track
from ..log.view import View
from ..trust import trust as trust_of
from . import making, prints, replay
from .reading import ReportFiles
from .reasons import Reasons
from .replay import Replayed
from .sheets import Counted

UNFINISHED_SLACK: Final = timedelta(days=1)


@dataclass(frozen=True)
class Trust:
    """What the reader brings along: root vkeys compared in person, a tlog-policy. None: the evidence's own."""

    roots: Path | None = None
    policy: Path | None = None


@dataclass(frozen=True)
class Checked:
    """The verdict with every reason. `final`: both sides' witnesses cosigned the log; `reaches`: up to when the log is
    shown to be whole; `anchored`: the root keys were compared before; `subjects`: whether those declared, and titles,
    were held against own manifests (`compared`) or stand as declared. `fingerprint`: the 60 digits of the keys it rests
    on. `pages`: the PDFs whose pages are those of the report, `books`: the spreadsheets whose cells are; `unread`:
    files that nobody looked at; `lines`: what pages and sheets have to say."""

    verdict: str
    reasons: tuple[Reason, ...]
    report: Report
    final: bool
    reaches: datetime | None
    anchored: bool
    subjects: str
    fingerprint: str | None
    pages: tuple[str, ...]
    unread: tuple[str, ...]
    books: tuple[str, ...] = ()
    lines: tuple[Value, ...] = ()


def check(handed: ReportFiles, trust: Trust, home: Home | None = None) -> Checked:
    """The verdict on a report as handed in (reading.py).

    Raises ClientError missing-file, bad-file for the reader's own files; no-profile, not-certified of the home.
    """
    found = Reasons()
    report = handed.report
    roots = None if trust.roots is None else verifying.read_roots(trust.roots)
    policy = None if trust.policy is None else verifying.read_policy(trust.policy)
    replayed = _replayed(handed, roots, policy, home, found)
    source = None if replayed is None else _source(replayed, report, found)
    if source is None and home is not None:
        source = _own_source(home, report, found)
    if source is None and replayed is None and handed.evidence is None:
        found.add("report.no-evidence", Verdict.INCOMPLETE, handed.name)
    if home is not None:
        _hold_against_tree(home, report, found)
    counted = None if source is None else _count(source, report, found)
    facts = None if counted is None else counted.facts
    told, books, lines = _hold_shown(handed, counted, home, found)
    compared = home is not None and facts is not None and "clerk" in home.config.roles
    if compared and home is not None and facts is not None:
        _hold_against_manifests(home, report, facts, found)
    return Checked(
        verdict=found.verdict.value,
        reasons=tuple(found.found),
        report=report,
        final=replayed is not None and replayed.final,
        reaches=None if replayed is None else replayed.reaches,
        anchored=roots is not None or (home is not None and trust_of.is_compared(home)),
        subjects="compared" if compared else "declared",
        fingerprint=None if replayed is None else replayed.fingerprint,
        pages=told,
        unread=handed.unread,
        books=books,
        lines=lines,
    )


# --- the log


def _replayed(
    handed: ReportFiles,
    roots: dict[str, Vkey] | None,
    policy: Policy | None,
    home: Home | None,
    found: Reasons,
) -> Replayed | None:
    if handed.evidence is None:
        return None
    anchors = roots if roots is not None or home is None else dict(home.relay.root_keys)
    replayed = replay.replay(handed.evidence, anchors, found)
    if policy is not None and (note := handed.evidence.get("checkpoint")) is not None:
        _hold_against_policy(policy, note, found)
    return replayed


def _hold_against_policy(policy: Policy, note: bytes, found: Reasons) -> None:
    try:
        policies.check(policy, note)
    except PolicyError as error:
        try:
            policies.check(Policy(policy.logs), note)
            verdict = Verdict.INCOMPLETE
        except KeysError:
            verdict = Verdict.INVALID
        found.add("report.policy-not-met", verdict, "checkpoint", error)
    except KeysError:
        return  # no checkpoint at all, which was said already


def _source(replayed: Replayed, report: Report, found: Reasons) -> Source | None:
    """The log as shown, if the report is about it."""
    head, place = replayed.head, report.log
    if (head.origin, head.size, head.root.hex()) != (place.origin, place.size, place.root):
        found.add("report.other-checkpoint", Verdict.INVALID, "log", f"{head.origin} {head.size}")
    until = reports.until(report.period, report.at)
    slack = timedelta() if report.finished else UNFINISHED_SLACK
    if replayed.reaches < until - slack:
        found.add("report.ends-early", Verdict.INCOMPLETE, "log", f"{replayed.reaches:%Y-%m-%dT%H:%M:%SZ}")
    cut = replayed.cut(until)
    profile = replayed.committees.profile_at(cut) or replayed.committees.profiles()[0].document
    if profile not in replayed.profiles:
        found.add("report.no-profile", Verdict.INCOMPLETE, "profile")
        return None
    calendar = replayed.calendars.in_force(cut)
    return Source(
        log=replayed.cases(min(cut, head.size)),
        profiles=replayed.profiles,
        calendars=replayed.calendars,
        profile_id=profile,
        calendar=calendar,
        committees=replayed.committees,
    )


def _own_source(home: Home, report: Report, found: Reasons) -> Source | None:
    """Our own copy of the log, which a clerk has whole."""
    view = View(home)
    if "clerk" not in home.config.roles or report.log.size > view.size:
        return None
    try:
        return making.source_of(view, report.log.size, reports.until(report.period, report.at))
    except ClientError as error:
        found.told(error.code, Verdict.INCOMPLETE, "log", error.pair)
        return None


def _hold_against_tree(home: Home, report: Report, found: Reasons) -> None:
    """Whether the report's tree is a prefix of the one that this home verified: nobody was shown another history."""
    if report.log.origin != home.relay.origin or report.log.size > logbook.size(home.archive):
        found.add("report.not-ours-yet", Verdict.INCOMPLETE, "log", report.log.size)
        return
    ours = logbook.root_at(home.archive, report.log.size) if report.log.size else merkle.EMPTY_ROOT
    if ours.hex() != report.log.root:
        found.add("report.two-histories", Verdict.INVALID, "log", report.log.size)


# --- the figures


def _hold_shown(
    handed: ReportFiles, counted: Counted | None, home: Home | None, found: Reasons
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[Value, ...]]:
    """PDFs and spreadsheets that show what was counted, and what that is. Those of a report that is wrong already are
    not made again; without evidence nothing can be."""
    right = counted if found.verdict is not Verdict.INVALID else None
    titles = None
    if home is not None and "clerk" in home.config.roles and right is not None:
        titles = {fact.case.id: track.title_of(home, fact.case) or "" for fact in right.facts}
    told = prints.hold_pages(handed, right, found)
    books = prints.hold_books(handed, right, titles, found)
    return told, books, prints.lines(right) if right is not None and (handed.pdfs or handed.books) else ()


def _count(source: Source, report: Report, found: Reasons) -> Counted | None:
    """Counts again and names every difference; gives what was counted."""
    if (source.profile_id, source.calendar.sha) != (report.profile, report.calendar):
        found.add("report.other-documents", Verdict.INVALID, "profile")
    bounds = {profile.reports.begins_on for profile in source.profiles.values()}
    if not any(periods.holds(report.period, begins_on) for begins_on in bounds):
        found.add("report.other-period", Verdict.INVALID, "period")
    if report.committee not in source.profile.committees:
        found.add("report.no-such-committee", Verdict.INVALID, report.committee)
    try:
        on = reports.scope(source, report.period, report.at)
        facts = reports.gather(source, on)
        declared = {one.case: one.subject for one in report.subjects}
        subjects = None if report.figures.by_subject is None else declared
        figures = reports.figures(facts, source, on, subjects)
    except (CalendarError, KeyError) as error:
        found.add("report.not-counted", Verdict.INCOMPLETE, "figures", error)
        return None
    for name, ours, theirs in _differences("figures", figures, report.figures):
        found.add("report.figure", Verdict.INVALID, name, "", ours=ours, theirs=theirs)
    _check_declared(source, report, facts, found)
    titles = {one.dispatch: one.title for one in report.difficulties}
    if reports.difficulties(facts, on, titles) != report.difficulties:
        found.add("report.difficulties", Verdict.INVALID, "difficulties")
    for fact in facts:
        for objection in fact.case.objections:
            if fact.entered is not None and objection.rule.startswith("due."):
                found.told("due-differs", Verdict.INVALID, fact.case.id, (objection.vi, objection.en))
    return Counted(report, source.profile, facts, on)


def _check_declared(source: Source, report: Report, facts: tuple[Fact, ...], found: Reasons) -> None:
    of_period = {fact.case.id for fact in facts if fact.entered is not None}
    for one in report.subjects:
        if one.case not in of_period:
            found.add("report.no-such-case", Verdict.INVALID, one.case)
        try:
            source.profile.subject(one.subject)
        except ProfileError:
            if not any(_has_subject(profile, one.subject) for profile in source.profiles.values()):
                found.add("report.no-such-subject", Verdict.INVALID, one.case, one.subject)


def _has_subject(profile: Any, code: str) -> bool:
    return any(subject.code == code for subject in profile.subjects)


def _hold_against_manifests(home: Home, report: Report, facts: tuple[Fact, ...], found: Reasons) -> None:
    """Subjects, and titles of difficulty notes, as the manifests say that were opened or made here."""
    own = making.subjects_of(home, facts)
    declared = {one.case: one.subject for one in report.subjects}
    for case, subject in own.items():
        if case not in declared:
            found.add("report.subject-left-out", Verdict.INCOMPLETE, case, subject)
        elif declared[case] != subject:
            found.add("report.subject", Verdict.INVALID, case, "", ours=subject, theirs=declared[case])
    titles = making.titles_of(home, facts)
    for note in report.difficulties:
        known = titles.get(note.dispatch)
        if known is not None and note.title is not None and note.title != known:
            found.add("report.title", Verdict.INVALID, note.dispatch, "", ours=known, theirs=note.title)


def _differences(name: str, ours: Any, theirs: Any) -> Iterator[tuple[str, str, str]]:
    """Where two figures differ: the path to each, and both values."""
    if isinstance(ours, msgspec.Struct) and type(ours) is type(theirs):
        for field in msgspec.structs.fields(ours):
            yield from _differences(
                f"{name}.{field.encode_name}", getattr(ours, field.name), getattr(theirs, field.name)
            )
    elif isinstance(ours, tuple) and isinstance(theirs, tuple) and len(ours) == len(theirs):
        for number, (one, other) in enumerate(zip(ours, theirs, strict=True)):
            yield from _differences(f"{name}[{_called(one, number)}]", one, other)
    elif ours != theirs:
        yield name, _shown(ours), _shown(theirs)


def _called(row: Any, number: int) -> str:
    return str(getattr(row, "key", None) or getattr(row, "kind", None) or number)


def _shown(value: Any) -> str:
    if isinstance(value, tuple):
        return str(len(value))
    return "–" if value is None else str(value)
