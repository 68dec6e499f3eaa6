"""The periods of reports (R23): a month, quarter, half-year or year as the profile bounds them, or any two dates.

`2026-03`, `2026-Q1`, `2026-H1`, `2026` name them. With `begins_on` 15 January runs from 15 December to 14 January, and
the first quarter, half-year and year begin on 15 December too (profile.Reports).
"""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Final, Literal

import msgspec

from ..errors import ReportError
from ..vietnam_time import ONE_DAY, format_date_vi, local_time, midnight_after
from ..words import Words

Kind = Literal["month", "quarter", "half-year", "year", "dates"]

_MONTHS: Final = {"month": 1, "quarter": 3, "half-year": 6, "year": 12}
_NAMES: Final = (
    ("month", re.compile(r"([0-9]{4})-([0-9]{2})")),
    ("quarter", re.compile(r"([0-9]{4})-Q([0-9])")),
    ("half-year", re.compile(r"([0-9]{4})-H([0-9])")),
    ("year", re.compile(r"([0-9]{4})")),
)
FIRST_YEAR: Final = 1976
LAST_YEAR: Final = 9000


class Period(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """Both days belong to it; `name` is None for any two dates."""

    kind: Kind
    name: str | None
    begins: date
    ends: date

    @property
    def since(self) -> datetime:
        """Its first moment (UTC)."""
        return local_time(self.begins, datetime.min.time())

    @property
    def until(self) -> datetime:
        """The first moment after it (UTC)."""
        return midnight_after(self.ends)

    @property
    def label(self) -> Words:
        """As a title says it: *Tháng 3 năm 2026*."""
        vi_dates = f"từ ngày {format_date_vi(self.begins)} đến ngày {format_date_vi(self.ends)}"
        en_dates = f"{self.begins} to {self.ends}"
        if self.name is None:
            return Words(vi_dates, en_dates)
        year, _, part = self.name.partition("-")
        number = part.lstrip("QH0")
        match self.kind:
            case "month":
                return Words(f"tháng {number} năm {year}", f"month {self.name}")
            case "quarter":
                return Words(f"quý {('I', 'II', 'III', 'IV')[int(number) - 1]} năm {year}", self.name)
            case "half-year":
                half = "đầu" if number == "1" else "cuối"
                return Words(f"6 tháng {half} năm {year}", self.name)
            case _:
                return Words(f"năm {year}", f"year {year}")


def named(name: str, begins_on: int) -> Period:
    """The period of that name, `2026-Q1`, whose months begin on day `begins_on`. Raises ReportError `no-period`."""
    for kind, pattern in _NAMES:
        found = pattern.fullmatch(name)
        if found is None:
            continue
        months = _MONTHS[kind]
        year, number = int(found[1]), int(found[2]) if kind != "year" else 1
        if not FIRST_YEAR <= year <= LAST_YEAR or not 1 <= number <= 12 // months:
            break
        first = 12 * year + (number - 1) * months
        return Period(kind, name, _begins(first, begins_on), _begins(first + months, begins_on) - ONE_DAY)  # type: ignore[arg-type]
    raise ReportError("There is no such period.", code="no-period")


def between(begins: date, ends: date) -> Period:
    """Any two dates, both included. Raises ReportError `period-backwards`, `no-period`."""
    if ends < begins:
        raise ReportError("The period ends before it begins.", code="period-backwards")
    if not FIRST_YEAR <= begins.year <= ends.year <= LAST_YEAR:
        raise ReportError("There is no such period.", code="no-period")
    return Period("dates", None, begins, ends)


def holds(period: Period, begins_on: int) -> bool:
    """Whether a period read from a document is one that this module makes under that profile."""
    try:
        if period.name is None:
            return period == between(period.begins, period.ends)
        return period == named(period.name, begins_on)
    except ReportError:
        return False


def is_one(period: Period) -> bool:
    """Whether it is a period under some profile: one whose months begin on the day of the month that it begins on."""
    return period.begins.day <= 28 and holds(period, period.begins.day) if period.name else holds(period, 1)


def _begins(month: int, begins_on: int) -> date:
    """The first day of month number `month` (12 a year, January of year 0 being 0)."""
    if begins_on > 1:
        month -= 1
    return date(month // 12, month % 12 + 1, begins_on)
