"""The spreadsheet of a report: its tables, the list of cases, and the counts that a budget estimate needs (R20).

Whatever came from outside is written as text, never as a formula: a title may begin with `=`.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import xlsxwriter  # type: ignore[import-untyped]

from kynhan_protocol.agreement.profile import Profile
from kynhan_protocol.reports.facts import Fact, Scope, days_to_answer, position
from kynhan_protocol.reports.figures import Row
from kynhan_protocol.reports.reports import Report
from kynhan_protocol.vietnam_time import VIETNAM, local_date

from ..screen.output import visible
from . import naming, tables
from .naming import vi
from .tables import Table

OPTIONS: Final = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_WIDE: Final = 44
_NARROW: Final = 14


@dataclass(frozen=True)
class Counted:
    """What the workbook shows: the report, the profile that names things, the cases it was counted from, and when."""

    report: Report
    profile: Profile
    facts: tuple[Fact, ...]
    scope: Scope


def xlsx(made: Counted, titles: Mapping[str, str] | None = None) -> bytes:
    """The workbook, the same bytes for the same input. `titles` (by case) adds a column to the list of cases; without
    it no title is in that list."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, OPTIONS)
    book.set_properties({"created": made.report.at.replace(tzinfo=None)})
    for table in tables.all_of(made.report, made.profile):
        _write(book, table)
    _write(book, _cases(made, titles))
    _budget(book, made)
    book.close()
    return buffer.getvalue()


def _write(book: Any, table: Table) -> None:
    sheet = book.add_worksheet(table.sheet)
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "vcenter", "border": 1})
    sheet.write_string(0, 0, table.title, book.add_format({"bold": True, "font_size": 13}))
    for column, heading in enumerate(table.headings):
        sheet.write_string(2, column, heading, head)
    _fill(book, sheet, 3, table.rows)
    if table.note:
        sheet.write_string(4 + len(table.rows), 0, table.note, book.add_format({"italic": True}))
    sheet.set_column(0, 0, _WIDE)
    sheet.set_column(1, max(1, len(table.headings) - 1), _NARROW)
    sheet.freeze_panes(3, 1)
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def _fill(book: Any, sheet: Any, top: int, rows: Sequence[Sequence[Any]]) -> None:
    text = book.add_format({"text_wrap": True, "valign": "top", "border": 1})
    number = book.add_format({"valign": "top", "border": 1, "num_format": "#,##0"})
    dated = book.add_format({"valign": "top", "border": 1, "num_format": "dd/mm/yyyy", "align": "center"})
    for row, cells in enumerate(rows, top):
        for column, cell in enumerate(cells):
            if isinstance(cell, date):
                sheet.write_datetime(row, column, datetime.combine(cell, datetime.min.time()), dated)
            elif isinstance(cell, int):
                sheet.write_number(row, column, cell, number)
            else:
                sheet.write_string(row, column, cell, text)


def _cases(made: Counted, titles: Mapping[str, str] | None) -> Table:
    headings = [
        vi("report.column.case"),
        vi("report.column.subject"),
        vi("report.column.term"),
        vi("report.column.unit"),
        vi("report.column.started"),
        vi("report.column.original"),
        vi("report.column.due"),
        vi("report.column.answered-on"),
        vi("report.column.days"),
        vi("report.column.outcome"),
    ]
    if titles is not None:
        headings.append(vi("report.column.title"))
    subjects = {one.case: one.subject for one in made.report.subjects}
    rows = []
    for fact in made.facts:
        if fact.entered is not None:
            row = _case(made, fact, subjects.get(fact.case.id, ""))
            rows.append(row if titles is None else (*row, visible(titles.get(fact.case.id, ""))))
    return Table(vi("report.sheet.cases"), vi("report.title.cases"), tuple(headings), tuple(rows))


def _case(made: Counted, fact: Fact, subject: str) -> tuple[Any, ...]:
    case = fact.case
    start = local_date(case.clock.started_at) if case.clock else ""
    stop = case.stopped.at.astimezone(VIETNAM).date() if case.stopped else ""
    outcome: str = fact.outcome or "fallen-out"
    if outcome == "open" and fact.nature != "none":
        outcome = f"{fact.nature}-{position(fact, made.scope)}"
    labels = naming.labels(made.profile)
    return (
        case.id,
        subject,
        labels.get(fact.term, fact.term),
        labels.get(fact.unit, fact.unit),
        start,
        case.due.original if case.due else "",
        case.due.due if case.due else "",
        stop,
        days_to_answer(fact, made.scope) if case.stopped else "",
        vi(_OUTCOMES[outcome]),
    )


_OUTCOMES: Final[dict[str, str]] = {
    "answered": "report.row.answered",
    "fallen-out": "report.row.fallen",
    "open": "report.row.open",
    "contested": "report.row.contested",
    "limit-within": "report.row.open-within",
    "limit-soon": "report.row.open-soon",
    "limit-past": "report.row.open-past",
    "limit-paused": "report.row.open-paused",
    "limit-undated": "report.row.undated",
    "target-within": "report.row.open-within-target",
    "target-soon": "report.row.open-soon-target",
    "target-past": "report.row.open-past-target",
    "target-paused": "report.row.open-paused",
    "target-undated": "report.row.undated",
}


def _budget(book: Any, made: Counted) -> None:
    """Counts of what was received, by term, subject and unit; whoever knows the cost of one fills in its column."""
    figures = made.report.figures
    labels = naming.labels(made.profile)
    sheet = book.add_worksheet(vi("report.sheet.budget"))
    head = book.add_format({"bold": True, "text_wrap": True, "border": 1})
    money = book.add_format({"border": 1, "num_format": "#,##0"})
    sheet.write_string(0, 0, vi("report.title.budget"), book.add_format({"bold": True, "font_size": 13}))
    row = 2
    groups: tuple[tuple[str, tuple[Row, ...]], ...] = (
        ("report.column.term", figures.by_term),
        ("report.column.subject", figures.by_subject or ()),
        ("report.column.unit", figures.by_unit),
    )
    for heading, rows in groups:
        for column, key in enumerate((heading, "report.column.received", "report.column.answered")):
            sheet.write_string(row, column, vi(key), head)
        sheet.write_string(row, 3, vi("report.column.unit-cost"), head)
        sheet.write_string(row, 4, vi("report.column.cost"), head)
        for one in rows:
            row += 1
            _fill(book, sheet, row, [(naming.row_label(one, labels), one.group.received, one.group.answered)])
            sheet.write_blank(row, 3, None, money)
            sheet.write_formula(row, 4, f"=B{row + 1}*D{row + 1}", money, 0)
        row += 2
    sheet.write_string(row, 0, vi("report.note.budget"), book.add_format({"italic": True}))
    sheet.set_column(0, 0, _WIDE)
    sheet.set_column(1, 4, _NARROW)
