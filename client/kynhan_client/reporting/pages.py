"""The printed report: A4, the Party's form of heading, tables, and bars that can be read in black and white.

The pages depend on nothing but the report and its profile, so that whoever checks a PDF can make it again and compare.
"""

from __future__ import annotations

from typing import Any, Final

from kynhan_protocol.agreement.profile import Profile
from kynhan_protocol.reports.figures import Figures
from kynhan_protocol.reports.reports import Report

from ..printing import glyphs, typeset
from ..screen.output import day, moment
from . import tables
from .naming import number, vi
from .reading import JSON
from .tables import Table

TEMPLATE: Final = "report.typ"


def pdf(report: Report, data: bytes, profile: Profile) -> bytes:
    """The PDF/A-3 with report.json (`data`) inside. The same input gives the same bytes."""
    shown = glyphs.all_printable(content(report, profile))
    return typeset.pdf(TEMPLATE, shown, {JSON: data}, at=report.at)


def content(report: Report, profile: Profile) -> dict[str, Any]:
    """What the template shows: texts, tables, bars."""
    own = profile.parties.requesting
    for party in (profile.parties.requesting, profile.parties.responding):
        if party.committee == report.committee:
            own = party
    other = profile.parties.responding if own == profile.parties.requesting else profile.parties.requesting
    regulation = profile.regulation
    title = vi("report.heading", period=report.period.label.vi)
    return {
        "title": title,
        "parent": vi("report.parent"),
        "committee": own.name.vi.upper(),
        "symbol": vi("report.symbol", short=own.short),
        "party": vi("report.party"),
        "place": vi("report.place"),
        "kind": vi("report.kind"),
        "subject": title,
        "basis": vi(
            "report.basis",
            number=regulation.number,
            date=day(regulation.date),
            issuer=regulation.issuer,
            title=regulation.title.vi,
        ),
        "span": tables.span(report),
        "unfinished": "" if report.finished else vi("report.unfinished"),
        "charts": _charts(report.figures),
        "tables": [_table(place, table) for place, table in enumerate(tables.all_of(report, profile), 1)],
        "copies-to": vi("report.copies"),
        "copies": [
            vi("report.copy.board"),
            vi("report.copy.other", name=other.name.vi),
            vi("report.copy.file"),
        ],
        "authority": vi("report.authority"),
        "proof-title": vi("report.proof"),
        "proof": _proof(report),
    }


def _table(place: int, table: Table) -> dict[str, Any]:
    return {
        "title": f"{place}. {table.title}",
        "headings": list(table.headings),
        "rows": [[number(cell) if isinstance(cell, int) else cell for cell in row] for row in table.rows],
        "note": table.note,
        "wide": len(table.headings) > 4,
    }


def _charts(figures: Figures) -> list[dict[str, Any]]:
    """Stacked bars: each part has its own pattern, its number and its name."""
    total = figures.total
    limits, targets = total.limits, total.targets
    return [
        _chart(
            "report.chart.limits",
            ("report.row.answered-in-time", limits.in_time),
            ("report.row.late", limits.late),
            ("report.row.open-within", limits.open_within),
            ("report.row.open-soon", limits.open_soon),
            ("report.row.open-past", limits.open_past),
            ("report.row.paused", limits.open_paused),
        ),
        _chart(
            "report.chart.targets",
            ("report.row.answered-in-target", targets.in_time),
            ("report.row.past-target", targets.late),
            ("report.row.open-within-target", targets.open_within),
            ("report.row.open-soon-target", targets.open_soon),
            ("report.row.open-past-target", targets.open_past),
            ("report.row.paused", targets.open_paused),
        ),
    ]


def _chart(title: str, *parts: tuple[str, int]) -> dict[str, Any]:
    return {"title": vi(title), "parts": [_part(key, count) for key, count in parts]}


def _part(key: str, count: int) -> dict[str, Any]:
    return {"name": vi(key), "count": count, "shown": number(count)}


def _proof(report: Report) -> list[list[str]]:
    place = report.log
    return [
        [vi("report.proof.made"), moment(report.at)],
        [vi("report.proof.log"), place.origin],
        [vi("report.proof.size"), number(place.size)],
        [vi("report.proof.root"), place.root],
        [vi("report.proof.profile"), report.profile],
        [vi("report.proof.calendar"), report.calendar],
        [vi("report.proof.check"), "kynhan report verify"],
    ]
