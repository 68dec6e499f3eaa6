"""Rows of the registers, as small typed functions: a number in its series, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final, Literal

from ..clauses import clause
from ..errors import problem
from ..forms.model import Family
from ..home.archive import Archive, Value

Direction = Literal["in", "out"]
State = Literal["entered", "reserved", "void"]


@dataclass(frozen=True)
class Series:
    """Where a number counts: `series` is a type's abbreviation or empty, `period` a year or a term of office."""

    direction: Direction
    family: Family
    series: str
    period: str

    @property
    def key(self) -> tuple[str, str, str, str]:
        return (self.direction, self.family, self.series, self.period)


@dataclass(frozen=True)
class RegisterEntry:
    """One row of a register, as it is kept."""

    id: int
    series: Series
    number: int | None
    state: State
    dispatch: str | None
    time: datetime
    distribution: str | None
    location: str | None


_COLUMNS: Final = (
    "id, direction, family, series, period, number, state, dispatch, time, distribution, location"
)
_IN_SERIES: Final = "direction = ? AND family = ? AND series = ? AND period = ?"


def next_number(archive: Archive, series: Series) -> int:
    """One more than the highest number of a series, reserved and void ones included."""
    row = archive.row(f"SELECT max(number) FROM register WHERE {_IN_SERIES}", series.key)  # noqa: S608
    return 1 if row is None or row[0] is None else int(row[0]) + 1


def in_use(archive: Archive, series: Series, number: int) -> bool:
    """Whether a number was given before, to whatever end."""
    sql = f"SELECT 1 FROM register WHERE {_IN_SERIES} AND number = ?"  # noqa: S608 - constants
    return archive.row(sql, (*series.key, number)) is not None


def add(
    archive: Archive,
    series: Series,
    number: int | None,
    state: State,
    dispatch: str | None,
    at: datetime,
    day: date,
) -> RegisterEntry:
    """One more row."""
    archive.run(
        "INSERT INTO register (direction, family, series, period, number, state, dispatch, time, day)"
        " VALUES (?,?,?,?,?,?,?,?,?)",
        (*series.key, number, state, dispatch, int(at.timestamp()), day.isoformat()),
    )
    return one(archive, archive.last_id())


def entry_of(archive: Archive, dispatch: str) -> RegisterEntry | None:
    """The entry of a dispatch."""
    found = entries(archive, "dispatch = ? AND state = 'entered'", (dispatch,))
    return found[0] if found else None


def entries(archive: Archive, where: str, values: tuple[Value, ...]) -> list[RegisterEntry]:
    """Rows in the order of series and number. `where` is a constant of the caller's."""
    rows = archive.rows(
        f"SELECT {_COLUMNS} FROM register WHERE {where} ORDER BY period, family, series, number, id",  # noqa: S608
        values,
    )
    return [_entry(row) for row in rows]


def reserved(archive: Archive, series: Series, number: int | None) -> int | None:
    """The row that a number was reserved in."""
    sql = f"SELECT id FROM register WHERE {_IN_SERIES} AND number = ? AND state = 'reserved'"  # noqa: S608
    row = archive.row(sql, (*series.key, number))
    return None if row is None else int(row[0])


def one(archive: Archive, id_: int) -> RegisterEntry:
    """A row that is there."""
    return entries(archive, "id = ?", (id_,))[0]


def day_of(archive: Archive, id_: int) -> date:
    """The date by which a row's period was chosen."""
    row = archive.row("SELECT day FROM register WHERE id = ?", (id_,))
    if row is None:
        raise problem("not-found", what=clause("thing.register"))
    return date.fromisoformat(row[0])


def _entry(row: tuple[Any, ...]) -> RegisterEntry:
    id_, direction, family, series, period, number, state, dispatch, at, distribution, location = row
    return RegisterEntry(
        id_,
        Series(direction, family, series, period),
        number,
        state,
        dispatch,
        datetime.fromtimestamp(at, UTC),
        distribution,
        location,
    )
