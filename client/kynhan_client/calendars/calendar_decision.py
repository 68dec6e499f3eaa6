"""A decision of the Government as a file: the days of a year that it turns off or on, as a clerk typed them.

    date,day,why,decision                        date,day,why_vi,why_en,decision
    2026-01-02,off,swapped with Saturday 2026-01-10,12729/VPCP-KGVX

CSV with one of these two headings (the first with the English reasons that protocol/calendar_source.py knows in
Vietnamese), or the JSON `{"days": […]}` with days as in a calendar document. Days are in order, none twice; a file has
at most 1 MiB and 1,000 days. Everything else is refused with its line.
"""

from __future__ import annotations

import csv
import re
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Final, Literal

import msgspec

from kynhan_protocol import strict_json
from kynhan_protocol.agreement import calendar_source
from kynhan_protocol.agreement.calendar import MAX_BYTES, SATURDAY, Day
from kynhan_protocol.words import Words

from ..clauses import Pair, clause
from ..errors import ClientError, problem
from ..screen.output import day as shown

MAX_DAYS: Final = 1_000
MAX_WORDS: Final = 400
KNOWN_REASONS: Final = ("date", "day", "why", "decision")
BOTH_LANGUAGES: Final = ("date", "day", "why_vi", "why_en", "decision")
_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d")


class _Document(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    days: tuple[Day, ...]


def parse(data: bytes, path: Path) -> tuple[Day, ...]:
    """The days of a decision file. Raises ClientError bad-decision, naming `path` and what is wrong where."""
    if len(data) > MAX_BYTES:
        raise _bad(path, clause("calendar.too-long"))
    days = _json(data, path) if data.lstrip()[:1] == b"{" else _csv(data, path)
    if not days:
        raise _bad(path, clause("calendar.no-days"))
    if len(days) > MAX_DAYS:
        raise _bad(path, clause("calendar.too-many", most=MAX_DAYS))
    for before, after in pairwise(days):
        if after.date <= before.date:
            raise _bad(path, clause("calendar.order", date=shown(after.date)))
    for one in days:
        if one.day == "work" and one.date.weekday() < SATURDAY:
            raise _bad(path, clause("calendar.works-anyway", date=shown(one.date)))
        if not all(
            text.strip() and len(text) <= MAX_WORDS for text in (one.why.vi, one.why.en, one.decision)
        ):
            raise _bad(path, clause("calendar.no-reason", date=shown(one.date)))
    return days


def _json(data: bytes, path: Path) -> tuple[Day, ...]:
    try:
        return strict_json.decode(data, _Document).days
    except strict_json.StrictJsonError as error:
        raise problem("bad-decision", path=path, why=error) from error


def _csv(data: bytes, path: Path) -> tuple[Day, ...]:
    try:
        text = data.decode("utf-8-sig")  # spreadsheet programs begin the file so
    except UnicodeDecodeError as error:
        raise problem("bad-decision", path=path, why=error) from error
    reader = csv.reader(text.splitlines(), strict=True)
    try:
        heading = tuple(next(reader, ()))
        if heading not in (KNOWN_REASONS, BOTH_LANGUAGES):
            raise _bad(path, clause("calendar.heading", known=",".join(KNOWN_REASONS)))
        return tuple(_day(row, len(heading), reader.line_num, path) for row in reader)
    except csv.Error as error:
        raise _bad(path, clause("calendar.line", line=reader.line_num)) from error


def _day(row: list[str], columns: int, line: int, path: Path) -> Day:
    if len(row) != columns or not _DATE.fullmatch(row[0]) or row[1] not in ("off", "work"):
        raise _bad(path, clause("calendar.line", line=line))
    try:
        on = date.fromisoformat(row[0])
    except ValueError as error:
        raise _bad(path, clause("calendar.line", line=line)) from error
    which: Literal["off", "work"] = "work" if row[1] == "work" else "off"
    return Day(on, which, _why(row[2:-1], line, path), row[-1])


def _why(reasons: list[str], line: int, path: Path) -> Words:
    if len(reasons) == 2:
        return Words(*reasons)
    try:
        return Words(calendar_source.reason_vi(reasons[0]), reasons[0])
    except KeyError as error:
        raise _bad(path, clause("calendar.unknown-reason", line=line)) from error


def _bad(path: Path, why: Pair) -> ClientError:
    return problem("bad-decision", path=path, why=why)
