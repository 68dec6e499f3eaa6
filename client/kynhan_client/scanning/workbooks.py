"""What stands in the cells of a spreadsheet (XLSX, ISO/IEC 29500): a zip of XML, read in the process that has nothing
to lose. Formulas are text here, and nothing is counted."""

from __future__ import annotations

import hashlib
import io
import zipfile
import zlib
from collections.abc import Iterator
from typing import Final
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException  # type: ignore[import-untyped]
from defusedxml.ElementTree import fromstring  # type: ignore[import-untyped]

from . import limits

START: Final = b"PK\x03\x04"
_MAIN: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_BOOK, _LINKS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
_STRINGS: Final = "xl/sharedStrings.xml"

Sheets = list[tuple[str, list[tuple[str, str]]]]
"""By name, in the order of the book: cells by their place (`B12`), those that show something."""


class WorkbookError(Exception):
    """Not a spreadsheet that can be read; `str()` is the key of the clause that says why."""


def read(data: bytes) -> tuple[Sheets, list[str]]:
    """The cells, and hashes of all other parts of the file, by which what gives them their look can be compared.

    Raises WorkbookError.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            parts = _parts(book)
        strings = _strings(parts.get(_STRINGS))
        places = _places(parts)
        sheets = [(name, list(_cells(parts[place], strings))) for name, place in places]
        texts = {_STRINGS, *(place for _, place in places)}
        looks = sorted(
            hashlib.sha256(name.encode() + b"\n" + part).hexdigest()
            for name, part in parts.items()
            if name not in texts
        )
        return sheets, looks
    except DefusedXmlException as error:
        raise WorkbookError("scan.too-much") from error
    except (
        zipfile.BadZipFile,
        zlib.error,
        NotImplementedError,
        ParseError,
        KeyError,
        IndexError,
        ValueError,
        EOFError,
        RuntimeError,
        RecursionError,
    ) as error:
        raise WorkbookError("sheet.broken") from error


def _parts(book: zipfile.ZipFile) -> dict[str, bytes]:
    members = book.infolist()
    if len(members) > limits.PARTS or sum(one.file_size for one in members) > limits.UNPACKED:
        raise WorkbookError("scan.too-much")
    if len({one.filename for one in members}) != len(members):
        raise WorkbookError("sheet.broken")
    found = {}
    for one in members:
        with book.open(one) as part:
            found[one.filename] = part.read(one.file_size + 1)
    return found


def _strings(part: bytes | None) -> list[str]:
    return [] if part is None else [_text(one) for one in fromstring(part).iter(f"{_MAIN}si")]


def _places(parts: dict[str, bytes]) -> list[tuple[str, str]]:
    """The sheets by name, and the part of the file that each is."""
    links = {link.get("Id"): link.get("Target", "") for link in fromstring(parts[_LINKS])}
    found = []
    for sheet in fromstring(parts[_BOOK]).iter(f"{_MAIN}sheet"):
        target = links[sheet.get(_RELATION)]
        found.append(
            (sheet.get("name", ""), target.lstrip("/") if target.startswith("/") else f"xl/{target}")
        )
    return found


def _cells(part: bytes, strings: list[str]) -> Iterator[tuple[str, str]]:
    for cell in fromstring(part).iter(f"{_MAIN}c"):
        shown = _shown(cell, strings)
        if shown:
            yield cell.get("r", ""), shown


def _shown(cell: Element, strings: list[str]) -> str:
    value, formula = cell.findtext(f"{_MAIN}v", ""), cell.findtext(f"{_MAIN}f")
    kind = cell.get("t", "n")
    if kind == "s":
        value = strings[int(value)]
    elif kind == "inlineStr":
        value = _text(cell)
    return value if formula is None else f"={formula} ({value})"


def _text(part: Element) -> str:
    return "".join(one.text or "" for one in part.iter(f"{_MAIN}t"))
