"""Holding what a report shows against what was counted again: the pages of its PDFs and the cells of its spreadsheets
are made anew, and every value that differs is named.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from kynhan_protocol.evidence.verdicts import Verdict

from ..evidence import values
from ..evidence.values import Value
from ..printing import glyphs
from ..scanning import scan
from ..scanning.found import Found
from . import pages, reading, sheets
from .naming import vi
from .reading import ReportFiles
from .reasons import Reasons
from .sheets import Counted

COLUMNS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def hold_pages(handed: ReportFiles, counted: Counted | None, found: Reasons) -> tuple[str, ...]:
    """Whether what each PDF shows is what the report says: the same report always gives the same pages. Gives those.
    Nothing is made anew, and so nothing known, without what was `counted`."""
    ours = None if counted is None else pages.pdf(handed.report, handed.data, counted.profile)
    for name, pdf in handed.pdfs.items():
        if pdf == ours:
            continue
        if reading.embedded(pdf) not in (handed.data, None):
            found.add("report.other-pdf", Verdict.INVALID, name)
        elif counted is None or ours is None or not _tell_pages(counted, name, ours, pdf, found):
            found.add("report.pages-unknown", Verdict.INCOMPLETE, name)
    return tuple(name for name, pdf in handed.pdfs.items() if pdf == ours)


def _tell_pages(counted: Counted, name: str, ours: bytes, pdf: bytes, found: Reasons) -> bool:
    """Names every value that a PDF shows otherwise; False if it shows none, or nothing that can be read."""
    theirs = scan.pages(pdf)
    if not any(map(str.strip, theirs.texts)):
        return False
    shown = list(_cells(glyphs.all_printable(pages.content(counted.report, counted.profile))))
    told = values.differences(scan.pages(ours).texts, theirs.texts, shown)
    for one in told:
        where = f"{name}, {one.label}" if one.label else name
        found.add("report.shown", Verdict.INVALID, where, ours=one.ours, theirs=glyphs.printable(one.theirs))
    return bool(told)


def lines(counted: Counted) -> tuple[Value, ...]:
    """What the pages show, as it is told to people: a line for each row of each table."""
    content = pages.content(counted.report, counted.profile)
    told = [Value(content["kind"], content["subject"]), Value("", content["span"])]
    for table in content["tables"]:
        told += [Value(table["title"], " · ".join(row)) for row in table["rows"]]
    return (*told, *(Value(label, text) for label, text in content["proof"]))


def _cells(content: Mapping[str, Any]) -> Iterator[Value]:
    """Every value of the pages by itself, in their order."""
    heading = (
        "parent",
        "party",
        "committee",
        "symbol",
        "place",
        "kind",
        "subject",
        "basis",
        "span",
        "unfinished",
    )
    yield from (Value(content["kind"], content[name]) for name in heading if content[name])
    for chart in content["charts"]:
        yield Value(chart["title"], chart["title"])
        for part in chart["parts"] if any(part["count"] for part in chart["parts"]) else ():
            yield Value(f"{chart['title']}, {part['name']}", f"{part['name']}: {part['shown']}")
    for table in content["tables"]:
        yield Value(table["title"], table["title"])
        yield from (Value("", text) for text in table["headings"] if table["rows"])
        for row in table["rows"]:
            for column, text in zip(table["headings"], row, strict=True):
                label = f"{table['title']}, {row[0]}, {column}" if text != row[0] else table["title"]
                yield Value(label, text)
        if table["note"]:
            yield Value(table["title"], table["note"])
    for text in (content["copies-to"], *content["copies"], content["authority"]):
        yield Value("", text)
    for label, text in content["proof"]:
        yield Value(label, text)


@dataclass(frozen=True)
class _Books:
    """Our spreadsheet and theirs, cell by cell."""

    ours: Found
    theirs: Found

    def differences(self) -> Iterator[tuple[str, str, str]]:
        """Of each cell that differs its place, and both texts."""
        mine, other = dict(self.ours.sheets), dict(self.theirs.sheets)
        for name in dict.fromkeys((*mine, *other)):
            here, there = dict(mine.get(name, [])), dict(other.get(name, []))
            for place in dict.fromkeys((*here, *there)):
                if here.get(place) != there.get(place):
                    yield f"{name}!{place}", here.get(place, "–"), there.get(place, "–")


def hold_books(
    handed: ReportFiles, counted: Counted | None, titles: Mapping[str, str] | None, found: Reasons
) -> tuple[str, ...]:
    """Whether each cell of each spreadsheet is what was counted; gives those of which every cell was compared.

    `titles`: of the cases, where they are known; a column of titles is in no evidence.
    """
    whole = []
    for name, book in handed.books.items():
        theirs = scan.sheets(book)
        if theirs.trouble or counted is None:
            found.add("report.sheet-unread", Verdict.INCOMPLETE, name)
            continue
        given = _titles(theirs)
        ours = sheets.xlsx(counted, None if given is None else {**given, **(titles or {})})
        if given is not None and not titles:
            found.add("report.sheet-titles", Verdict.INCOMPLETE, name)
        if book == ours:
            whole.append(name)
            continue
        made = scan.sheets(ours)
        told = list(_Books(made, theirs).differences())[: values.MAX_TOLD]
        for place, mine, other in told:
            found.add(
                "report.shown",
                Verdict.INVALID,
                f"{name}, {place}",
                ours=glyphs.printable(mine[: values.MAX_LETTERS]),
                theirs=glyphs.printable(other[: values.MAX_LETTERS]),
            )
        if not told:
            found.add("report.sheet-look", Verdict.INCOMPLETE, name)
    return tuple(whole)


def _titles(book: Found) -> dict[str, str] | None:
    """The titles that a spreadsheet gives the cases, as it does; None without such a column."""
    cells = dict(dict(book.sheets).get(vi("report.sheet.cases"), []))
    column = next((one for one in COLUMNS if cells.get(f"{one}3") == vi("report.column.title")), None)
    if column is None:
        return None
    rows = (place[1:] for place in cells if place[:1] == "A" and place[1:].isdigit())
    return {cells[f"A{row}"]: cells.get(f"{column}{row}", "") for row in rows}
