"""Each figure, date and name that a report's pages and spreadsheet show, changed by a letter: not VALID, and named."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import pytest_asyncio
import xlsxwriter  # type: ignore[import-untyped]
from tests import lanes
from tests.client.reporting.report_story import Told, codes, kept, telling

from kynhan_client.printing import glyphs, typeset
from kynhan_client.reporting import checking, making, pages, reading
from kynhan_client.reporting.checking import Checked, Trust
from kynhan_client.reporting.making import Made
from kynhan_client.scanning import limits, scan, worker
from kynhan_client.scanning.found import PAGES, SHEETS

pytestmark = pytest.mark.asyncio(loop_scope="module")
XLSX, PDF = "bao-cao.xlsx", "bao-cao.pdf"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def told(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Told]:
    async with telling(tmp_path_factory.mktemp("two")) as story:
        yield story


@pytest.fixture(scope="module")
def made(told: Told) -> Made:
    return making.make(told.two.ccq, told.wanted, told.at)


@pytest.fixture(scope="module")
def folder(told: Told, made: Made, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return kept(made, told.two.ccq, tmp_path_factory.mktemp("report") / "whole")


@pytest.fixture(autouse=True)
def in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan, "pages", lambda pdf: worker.look(pdf, PAGES))
    monkeypatch.setattr(scan, "sheets", lambda book: worker.look(book, SHEETS))


def checked(folder: Path, name: str, data: bytes) -> Checked:
    """The verdict with one file of the folder replaced."""
    whole = (folder / name).read_bytes()
    try:
        (folder / name).write_bytes(data)
        return checking.check(reading.read(folder), Trust())
    finally:
        (folder / name).write_bytes(whole)


def one_character(text: str, chance: random.Random) -> str:
    at = chance.choice([at for at, char in enumerate(text) if char.isalnum()])
    other = chance.choice(
        [char for char in ("0123456789" if text[at].isdigit() else "xyz") if char != text[at]]
    )
    return text[:at] + other + text[at + 1 :]


# --- the spreadsheet


def rewritten(data: bytes, change: Callable[[str, str], str]) -> bytes:
    """The workbook with each part's text changed."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for one in old.infolist():
            new.writestr(one.filename, change(one.filename, old.read(one).decode()))
    return made.getvalue()


async def test_one_character_of_any_cell_changed_is_invalid_and_its_place_is_named(folder: Path) -> None:
    chance = random.Random(8)
    book = openpyxl.load_workbook(folder / XLSX)
    filled = [
        (sheet.title, cell.coordinate)
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None and any(char.isalnum() for char in str(cell.value))
    ]
    for title, place in chance.sample(filled, min(len(filled), lanes.VALUES_OF_A_PAGE)):
        changed = openpyxl.load_workbook(folder / XLSX)
        cell = changed[title][place]
        if isinstance(cell.value, int):
            cell.value += chance.choice((1, 10))
        elif isinstance(cell.value, str):
            cell.value = one_character(cell.value, chance)
        else:
            cell.value = cell.value.replace(day=cell.value.day % 28 + 1)
        saved = io.BytesIO()
        changed.save(saved)
        found = checked(folder, XLSX, saved.getvalue())
        assert (found.verdict, found.books) == ("INVALID", ()), (title, place)
        assert f"{XLSX}, {title}!{place}" in {one.subject for one in found.reasons}, (title, place)


async def test_a_figure_of_the_total_that_grew_says_both_numbers(folder: Path) -> None:
    book = openpyxl.load_workbook(folder / XLSX)
    assert book["Tổng hợp"]["B5"].value == 6
    book["Tổng hợp"]["B5"].value = 9
    saved = io.BytesIO()
    book.save(saved)
    found = checked(folder, XLSX, saved.getvalue())
    (why,) = [one for one in found.reasons if one.subject.endswith("Tổng hợp!B5")]
    assert (why.code, why.vi) == ("shown", "Ghi “9”, theo chứng cứ là “6”")


async def test_cells_that_are_right_in_a_file_of_another_program_are_not_vouched_for(folder: Path) -> None:
    book = (folder / XLSX).read_bytes()
    styled = rewritten(book, lambda name, text: text.replace("#,##0", "&quot;9&quot;"))
    assert styled != book
    found = checked(folder, XLSX, styled)
    assert (found.verdict, codes(found)) == ("INCOMPLETE", {"sheet-look"})


async def test_titles_are_held_against_the_clerks_own_packages_only(
    told: Told, made: Made, tmp_path: Path
) -> None:
    titled = kept(made, told.two.ccq, tmp_path / "titled", with_titles=True)
    handed = reading.read(titled)
    found = checking.check(handed, Trust())
    assert (found.verdict, codes(found), found.books) == ("INCOMPLETE", {"sheet-titles"}, (XLSX,))
    assert checking.check(handed, Trust(), told.two.ccq).verdict == "VALID"
    book = openpyxl.load_workbook(titled / XLSX)
    cell = next(
        cell for row in book["Danh sách việc"].iter_rows() for cell in row if "HYPERLINK" in str(cell.value)
    )
    cell.value = one_character(str(cell.value), random.Random(8))
    book.save(titled / XLSX)
    assert checking.check(reading.read(titled), Trust(), told.two.ccq).verdict == "INVALID"


def hostile() -> dict[str, bytes]:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/workbook.xml", b" " * (limits.UNPACKED + 1))
    entity = b'<!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><x>&b;</x>'
    laughing = io.BytesIO()
    with zipfile.ZipFile(laughing, "w") as book:
        for name in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels"):
            book.writestr(name, entity)
    return {
        "empty": b"",
        "no-zip": b"PK\x03\x04 and nothing",
        "bomb": bomb.getvalue(),
        "entities": laughing.getvalue(),
        "cut": plain()[:-40],
        "no-strings": rewritten(plain(), lambda name, text: "<x/>" if name.endswith("Strings.xml") else text),
    }


def plain() -> bytes:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    book.add_worksheet("Một").write_string(0, 0, "chữ")
    book.close()
    return buffer.getvalue()


async def test_what_is_no_spreadsheet_is_told_and_never_valid(folder: Path) -> None:
    assert worker.look(plain(), SHEETS).sheets == [("Một", [("A1", "chữ")])]
    for name, data in hostile().items():
        found = checked(folder, XLSX, data)
        assert (found.verdict, codes(found)) == ("INCOMPLETE", {"sheet-unread"}), name


async def test_the_process_reads_a_spreadsheet_under_its_limits(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    book = (folder / XLSX).read_bytes()
    assert scan.sheets(book) == worker.look(book, SHEETS)
    assert scan.sheets(hostile()["bomb"]).trouble == "scan.too-much"


# --- the pages


def shown(content: dict[str, Any]) -> list[tuple[tuple[Any, ...], str]]:
    """Where each value of the pages stands, and what it is called."""
    found: list[tuple[tuple[Any, ...], str]] = [(("span",), content["span"])]
    for at, table in enumerate(content["tables"]):
        for row, cells in enumerate(table["rows"]):
            found += [
                (("tables", at, "rows", row, column), table["title"])
                for column, text in enumerate(cells)
                if any(char.isalnum() for char in text)
            ]
    found += [(("proof", row, 1), label) for row, (label, _) in enumerate(content["proof"])]
    for at, chart in enumerate(content["charts"]):
        parts = chart["parts"] if any(part["count"] for part in chart["parts"]) else []
        found += [(("charts", at, "parts", part, "shown"), chart["title"]) for part in range(len(parts))]
    return found


async def test_one_character_of_any_value_of_the_pages_changed_is_invalid_and_named(
    folder: Path, made: Made
) -> None:
    chance = random.Random(8)
    profile = made.source.profile
    places = shown(pages.content(made.report, profile))
    for place, called in chance.sample(places, min(len(places), lanes.VALUES_OF_A_PAGE)):
        content = glyphs.all_printable(pages.content(made.report, profile))
        inner: Any = content
        for step in place[:-1]:
            inner = inner[step]
        inner[place[-1]] = one_character(inner[place[-1]], chance)
        lie = typeset.pdf(pages.TEMPLATE, content, {reading.JSON: made.data}, at=made.report.at)
        found = checked(folder, PDF, lie)
        assert (found.verdict, codes(found), found.pages) == ("INVALID", {"shown"}, ()), place
        where = " ".join(f"{one.subject} {one.vi}" for one in found.reasons)
        assert called in where, (place, called, where)


async def test_an_honest_folder_says_what_was_compared(folder: Path) -> None:
    found = checking.check(reading.read(folder), Trust())
    assert (found.verdict, found.pages, found.books) == ("VALID", (PDF,), (XLSX,))
    assert "6" in {one.text.rpartition(" · ")[2] for one in found.lines}
