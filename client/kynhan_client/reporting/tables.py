"""A report as tables in the words of an office: the PDF and the spreadsheet show the same ones.

Every rate stands with its denominator. The words are in words/reports.py; documents are in Vietnamese.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from kynhan_protocol.agreement.profile import Profile
from kynhan_protocol.case.table import RULES
from kynhan_protocol.reports.figures import Figures, Group, Row, Signing, Timed
from kynhan_protocol.reports.reports import Report

from ..screen.output import day, moment, visible
from . import naming
from .naming import share, vi

Cell = str | int


@dataclass(frozen=True)
class Table:
    """`sheet` is its short name in the spreadsheet; `note` a sentence under it; the first column is text."""

    sheet: str
    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""


def all_of(report: Report, profile: Profile) -> tuple[Table, ...]:
    """Every table of the report, in the order of the document."""
    figures = report.figures
    found = [
        _balance(figures),
        _timed(figures.total.limits, "report.sheet.limits", "report.title.limits", _LIMIT_ROWS),
        _timed(figures.total.targets, "report.sheet.targets", "report.title.targets", _TARGET_ROWS),
        _untimed(figures),
    ]
    if figures.by_subject is not None:
        found.append(_breakdown("subject", figures.by_subject, naming.subjects(profile)))
    found.append(_breakdown("term", figures.by_term, naming.terms(profile)))
    found.append(_breakdown("unit", figures.by_unit, naming.units(profile)))
    found += [_signing(figures, profile), _changes(figures), _sent(figures, profile)]
    found.append(_difficulties(report, profile))
    return tuple(found)


def _balance(figures: Figures) -> Table:
    total = figures.total
    rows = (
        (vi("report.row.carried"), total.carried_over),
        (vi("report.row.received"), total.received),
        (vi("report.row.reopened"), total.reopened),
        (vi("report.row.cases"), total.cases),
        (vi("report.row.answered"), total.answered),
        (vi("report.row.fallen"), total.fallen_out),
        (vi("report.row.open"), total.open),
        *([(vi("report.row.contested"), total.contested)] if total.contested else []),
    )
    return Table(
        vi("report.sheet.total"),
        vi("report.title.total"),
        (vi("report.column.what"), vi("report.column.count")),
        rows,
        vi("report.note.balance-contested" if total.contested else "report.note.balance"),
    )


_LIMIT_ROWS: Final = (
    "report.row.in-time",
    "report.row.in-time-original",
    "report.row.late",
    "report.row.open-within",
    "report.row.open-soon",
    "report.row.open-past",
    "report.row.in-time-of-all",
    "report.note.working-days",
)
_TARGET_ROWS: Final = (
    "report.row.within-target",
    "report.row.within-target-original",
    "report.row.past-target",
    "report.row.open-within-target",
    "report.row.open-soon-target",
    "report.row.open-past-target",
    "report.row.within-target-of-all",
    "report.note.calendar-days",
)


def _timed(timed: Timed, sheet: str, title: str, keys: tuple[str, ...]) -> Table:
    dated = timed.answered - timed.undated
    rows: list[tuple[Cell, ...]] = [
        (vi("report.row.answered"), timed.answered),
        (vi(keys[0]), share(timed.in_time, dated)),
        (vi(keys[1]), share(timed.in_time_original, dated)),
        (vi(keys[2]), timed.late),
        (vi(keys[3]), timed.open_within),
        (vi(keys[4]), timed.open_soon),
        (vi(keys[5]), timed.open_past),
        (vi("report.row.open-paused"), timed.open_paused),
        (vi(keys[6]), share(timed.in_time, dated + timed.open_past)),
    ]
    if timed.undated or timed.open_undated:
        rows.append((vi("report.row.undated"), timed.undated + timed.open_undated))
    rows += [
        (vi("report.row.median"), _number(timed.days.median)),
        (vi("report.row.p90"), _number(timed.days.p90)),
        (vi("report.row.longest"), _number(timed.days.longest)),
        (vi("report.row.longest-first"), _number(timed.days_from_first_start.longest)),
    ]
    headings = (vi("report.column.what"), vi("report.column.count"))
    return Table(vi(sheet), vi(title), headings, tuple(rows), vi(keys[7]))


def _untimed(figures: Figures) -> Table:
    untimed = figures.total.untimed
    rows = (
        (vi("report.row.received"), untimed.received),
        (vi("report.row.answered"), untimed.answered),
        (vi("report.row.open"), untimed.open),
        (vi("report.row.median"), _number(untimed.days.median)),
        (vi("report.row.longest"), _number(untimed.days.longest)),
    )
    headings = (vi("report.column.what"), vi("report.column.count"))
    return Table(
        vi("report.sheet.untimed"),
        vi("report.title.untimed"),
        headings,
        rows,
        vi("report.note.working-days"),
    )


_BREAKDOWNS: Final = {
    "subject": ("report.sheet.subject", "report.title.subject", "report.column.subject"),
    "term": ("report.sheet.term", "report.title.term", "report.column.term"),
    "unit": ("report.sheet.unit", "report.title.unit", "report.column.unit"),
}


def _breakdown(name: str, rows: tuple[Row, ...], labels: dict[str, str]) -> Table:
    sheet, title, column = (vi(key) for key in _BREAKDOWNS[name])
    headings = (
        column,
        vi("report.column.carried"),
        vi("report.column.received"),
        vi("report.column.answered"),
        vi("report.column.in-time"),
        vi("report.column.extended"),
        vi("report.column.open"),
        vi("report.column.past"),
        vi("report.column.target-passed"),
    )
    return Table(
        sheet,
        title,
        headings,
        tuple((naming.row_label(row, labels), *_cells(row.group)) for row in rows),
        vi("report.note.small"),
    )


def _cells(group: Group) -> tuple[Cell, ...]:
    limits = group.limits
    return (
        group.carried_over + group.reopened,
        group.received,
        group.answered,
        share(limits.in_time, limits.answered - limits.undated),
        group.extended,
        group.open,
        limits.open_past,
        group.targets.open_past + group.targets.late,
    )


def _signing(figures: Figures, profile: Profile) -> Table:
    both = (figures.requests, figures.replies)
    rows = (
        ("report.row.signed", [one.signed for one in both]),
        ("report.row.signed-late", [share(one.late, one.signed) for one in both]),
        ("report.row.urgent-late", [share(one.urgent_late, one.urgent) for one in both]),
        ("report.row.wait-median", [_number(one.days.median) for one in both]),
        ("report.row.wait-longest", [_number(one.days.longest) for one in both]),
        ("report.row.unsigned", [one.unsigned for one in both]),
        ("report.row.unsigned-late", [_late_of(one) for one in both]),
    )
    headings = (
        vi("report.column.what"),
        vi("report.column.requests", who=profile.parties.responding.short),
        vi("report.column.replies", who=profile.parties.requesting.short),
    )
    unsigned = profile.reminders.unsigned
    return Table(
        vi("report.sheet.signing"),
        vi("report.title.signing"),
        headings,
        tuple((vi(key), *cells) for key, cells in rows),
        vi("report.note.signing", days=unsigned.after_working_days, hours=unsigned.hours_to_sign),
    )


def _late_of(one: Signing) -> str:
    return share(one.unsigned_late, one.unsigned)


def _changes(figures: Figures) -> Table:
    rows = (
        (vi("report.row.extended"), figures.extensions.cases),
        (vi("report.row.extensions"), figures.extensions.given),
        (vi("report.row.extensions-late"), figures.extensions.late),
        (vi("report.row.returns"), figures.returns.given),
        (vi("report.row.returns-late"), figures.returns.late),
        (vi("report.row.restarts"), figures.returns.restarts),
        (vi("report.row.out-faulty"), figures.fallen_out.faulty),
        (vi("report.row.out-recalled"), figures.fallen_out.recalled),
        (vi("report.row.out-closed"), figures.fallen_out.closed),
        (vi("report.row.declined"), figures.never_received.declined),
        (vi("report.row.withdrawn"), figures.never_received.withdrawn),
    )
    headings = (vi("report.column.what"), vi("report.column.count"))
    return Table(vi("report.sheet.changes"), vi("report.title.changes"), headings, rows)


def _sent(figures: Figures, profile: Profile) -> Table:
    headings = (
        vi("report.column.kind"),
        profile.parties.requesting.short,
        profile.parties.responding.short,
    )
    rows = tuple(
        (RULES[one.kind].label.vi if one.kind in RULES else one.kind, one.requesting, one.responding)
        for one in figures.sent
        if one.requesting or one.responding
    )
    return Table(vi("report.sheet.sent"), vi("report.title.sent"), headings, rows)


def _difficulties(report: Report, profile: Profile) -> Table:
    headings = (
        vi("report.column.title"),
        vi("report.column.when"),
        vi("report.column.who"),
        vi("report.column.case"),
    )
    shorts = {one.committee: one.short for one in (profile.parties.requesting, profile.parties.responding)}
    rows = tuple(
        (
            vi("report.row.no-title") if one.title is None else visible(one.title),
            moment(one.at),
            shorts.get(one.committee, one.committee),
            one.case[:8],
        )
        for one in report.difficulties
    )
    return Table(
        vi("report.sheet.difficulties"),
        vi("report.title.difficulties"),
        headings,
        rows,
        vi("report.note.difficulties") if rows else vi("report.note.none"),
    )


def _number(value: int | None) -> Cell:
    return "–" if value is None else value


def span(report: Report) -> str:
    """From day to day, and as of when where it is not over."""
    period = report.period
    if report.finished:
        return vi("report.span", begins=day(period.begins), ends=day(period.ends))
    return vi("report.span-open", begins=day(period.begins), ends=day(period.ends), at=moment(report.at))
