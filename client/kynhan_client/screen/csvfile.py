"""Lists as CSV for a spreadsheet: RFC 4180, UTF-8 with a byte order mark, no cell that is read as a formula.

A cell that begins with = + - @, a tab or a line end gets an apostrophe before it, as spreadsheets show text by; what is
a plain number keeps its sign. The same behind a semicolon or a tab inside a cell: many spreadsheets begin a cell there.
Text from the other side can thus never run in a clerk's spreadsheet.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Final

BOM: Final = "\ufeff"
DANGEROUS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_NUMBER = re.compile(r"-[0-9]{1,15}")
_BEHIND = re.compile(rf"([;\t][ \u00a0\"]*)(?=[{re.escape(''.join(DANGEROUS))}])")


class _Bare(str):
    """A cell with quotes only where it must have them: csv.QUOTE_NONNUMERIC gives them to all that is no number."""

    def __float__(self) -> float:
        raise ValueError


def render(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """The whole file; None is an empty cell, everything else its text."""
    file = io.StringIO(newline="")
    file.write(BOM)
    writer = csv.writer(file, quoting=csv.QUOTE_NONNUMERIC)
    for line in (headings, *rows):
        writer.writerow([_cell(value) for value in line])
    return file.getvalue().encode()


def neutral(text: str) -> str:
    """`text` as a cell that no spreadsheet takes for a formula."""
    if text.lstrip(" \u00a0").startswith(DANGEROUS) and not _NUMBER.fullmatch(text):
        text = f"'{text}"
    return _BEHIND.sub(r"\1'", text)


def _cell(value: object) -> str:
    # lone surrogates have no UTF-8; nothing that was checked on arrival holds any
    text = neutral("" if value is None else str(value)).encode("utf-8", "replace").decode()
    return _Bare(text) if text == text.strip() else text  # spaces at the ends get lost without quotes
