"""A register as it is read and printed: its rows, with what manifests and log say; gaps and void numbers are shown."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import Literal

from kynhan_protocol.statements import signing
from kynhan_protocol.statements.statements import Receipt

from ..home.home import Home
from . import numbering
from . import register_rows as rows
from .register_rows import Direction, RegisterEntry, Series

Shown = Literal["entered", "reserved", "void", "gap", "destroyed"]


@dataclass(frozen=True)
class RegisterLine:
    """One line. A `gap` runs from `number` to `last`. `receiver` is the member that signed for it (in), or the
    addressee (out). `twin`: another line has the same issuer, number, symbol and date."""

    series: Series
    state: Shown
    number: int | None
    last: int | None = None
    dispatch: str | None = None
    at: datetime | None = None
    issuer: str | None = None
    printed: str | None = None
    issued: str | None = None
    doctype: str | None = None
    title: str | None = None
    receiver: str | None = None
    distribution: str | None = None
    location: str | None = None
    twin: bool = False


def register(
    home: Home, direction: Direction, *, series: str | None = None, period: str | None = None
) -> list[RegisterLine]:
    """The register of one direction, by period, series and number. `series` is `party`, `state` or the abbreviation of
    a type (CV); `period` a year or a term of office (2025-2030)."""
    numbering.settle(home)
    found = [
        entry
        for entry in rows.entries(home.archive, "direction = ?", (direction,))
        if _wanted(entry.series, series, period)
    ]
    seen: dict[tuple[object, ...], int] = {}
    lines = [_line(home, entry) for entry in found]
    for line in lines:
        seen[_same(line)] = seen.get(_same(line), 0) + 1
    marked = [_marked(line, seen[_same(line)] > 1) for line in lines]
    return [
        each
        for _, group in groupby(marked, key=lambda line: line.series.key)
        for each in _with_gaps(list(group))
    ]


def _wanted(series: Series, named: str | None, period: str | None) -> bool:
    return (named is None or named.casefold() in (series.family, series.series.casefold())) and (
        period is None or period == series.period
    )


def _line(home: Home, entry: RegisterEntry) -> RegisterLine:
    row = None
    if entry.dispatch is not None:
        row = home.archive.row("SELECT fields FROM manifests WHERE dispatch = ?", (entry.dispatch,))
    fields = {} if row is None else json.loads(row[0])
    state: Shown = "destroyed" if entry.dispatch is not None and row is None else entry.state
    return RegisterLine(
        entry.series,
        state,
        entry.number,
        dispatch=entry.dispatch,
        at=entry.time,
        issuer=fields.get("issuer"),
        printed=fields.get("printed") or fields.get("symbol"),
        issued=fields.get("issued"),
        doctype=fields.get("doctype"),
        title=fields.get("title"),
        receiver=_receiver(home, entry),
        distribution=entry.distribution,
        location=entry.location,
    )


def _receiver(home: Home, entry: RegisterEntry) -> str | None:
    """Who signed for a document that came; to whom one went."""
    if entry.dispatch is None:
        return None
    wanted = "receipt" if entry.series.direction == "in" else "dispatch"
    row = home.archive.row(
        "SELECT note FROM statements WHERE dispatch = ? AND type = ? ORDER BY idx LIMIT 1",
        (entry.dispatch, wanted),
    )
    if row is None:
        return None
    statement = signing.parse(row[0]).statement
    return statement.by if isinstance(statement, Receipt) else getattr(statement, "to", None)


def _same(line: RegisterLine) -> tuple[object, ...]:
    """What two registrations of one document share; a document without a number has no twin."""
    if line.state != "entered" or line.printed is None:
        return (id(line),)
    return (line.series.direction, line.issuer, line.printed, line.issued)


def _marked(line: RegisterLine, twin: bool) -> RegisterLine:
    return replace(line, twin=twin)


def _with_gaps(lines: Sequence[RegisterLine]) -> Iterator[RegisterLine]:
    """The lines of one series, with a line for each run of numbers below the highest that nobody has."""
    expected = 1
    for line in lines:
        if line.number is not None and line.number > expected:
            yield RegisterLine(line.series, "gap", expected, line.number - 1)
        if line.number is not None:
            expected = max(expected, line.number + 1)
        yield line
