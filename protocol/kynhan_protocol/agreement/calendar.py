"""The working-day calendar: one content-addressed JSON document over all years, each day with the decision behind it.

    {"kynhan": "calendar@v1",
     "years": [{"year": 2026, "status": "official", "decision": "12729/VPCP-KGVX"}, …],
     "days": [{"date": "2026-01-02", "day": "off", "why": {"vi": "…", "en": "…"}, "decision": "12729/VPCP-KGVX"}, …]}

Monday to Friday are worked, Saturday and Sunday are not; `days` names the exceptions, and days off that fall on a
weekend. A year is `official` (decided) or `draft` (dates in it are provisional, *dự kiến*). docs/spec/calendar.md.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from importlib import resources
from itertools import pairwise
from typing import Final, Literal

import msgspec

from ..errors import CalendarError
from ..strict_json import StrictJsonError, decode
from ..vietnam_time import ONE_DAY, day_after
from ..words import Words

SATURDAY: Final = 5
MAX_BYTES: Final = 1 << 20


class Year(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A year that the calendar covers; `decision` is the Government's, None while it is a draft."""

    year: int
    status: Literal["official", "draft"]
    decision: str | None


class Day(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A day that is off or worked against the rule of its weekday (or a holiday on a weekend), and why."""

    date: date
    day: Literal["off", "work"]
    why: Words
    decision: str


class Document(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The JSON document."""

    kynhan: Literal["calendar@v1"]
    years: tuple[Year, ...]
    days: tuple[Day, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Calendar:
    """A calendar document ready for counting. `sha` is the SHA-256 of its exact bytes, the name it has in statements.

    With `open_ended`, years after the last are counted Monday to Friday and are provisional, so that a clock can
    start before next year is drafted; otherwise they raise CalendarError `no-calendar`, as all other years do.
    """

    sha: str
    years: Mapping[int, Year]
    days: Mapping[date, Day]
    open_ended: bool = False

    def without_end(self) -> Calendar:
        """The same calendar, open-ended."""
        return replace(self, open_ended=True)

    def is_provisional(self, year: int) -> bool:
        """Whether dates in `year` may still move. Raises CalendarError `no-calendar`."""
        known = self.years.get(year)
        if known is not None:
            return known.status == "draft"
        if self.open_ended and year > max(self.years, default=0):
            return True
        raise CalendarError(f"There is no calendar for {year}.", code="no-calendar")

    def status(self, year: int) -> Literal["official", "draft"] | None:
        """How the document marks `year`; None where it does not cover it."""
        known = self.years.get(year)
        return None if known is None else known.status

    def is_working_day(self, day: date) -> bool:
        """Whether `day` is worked. Raises CalendarError `no-calendar`."""
        self.is_provisional(day.year)
        exception = self.days.get(day)
        return day.weekday() < SATURDAY if exception is None else exception.day == "work"

    def why(self, day: date) -> Day | None:
        """The entry that makes `day` different, with its decision; None where only the weekday counts."""
        return self.days.get(day)

    def next_working_day(self, day: date) -> date:
        """The first working day after `day`. Raises CalendarError `no-calendar`."""
        day = day_after(day)
        while not self.is_working_day(day):
            day = day_after(day)
        return day

    def add_working_days(self, day: date, count: int) -> date:
        """The `count`-th working day after `day` (before it, if negative; `day` itself, if 0).

        Raises CalendarError `no-calendar`.
        """
        step = ONE_DAY if count >= 0 else -ONE_DAY
        remaining = abs(count)
        while remaining:
            day = day + step if date.min < day < date.max else day_after(date.max)
            remaining -= self.is_working_day(day)
        return day

    def working_days_between(self, after: date, until: date) -> int:
        """How many working days lie after `after`, up to and including `until`; negative if `until` is earlier."""
        if until < after:
            return -self.working_days_between(until, after)
        return sum(
            self.is_working_day(date.fromordinal(number))
            for number in range(after.toordinal() + 1, until.toordinal() + 1)
        )


WEEKDAYS: Final = Calendar("", {}, {}, open_ended=True)
"""Monday to Friday, of no document: for what is not a date."""


def parse(data: bytes) -> Calendar:
    """The calendar in `data`. Raises CalendarError `bad-calendar` unless every rule of docs/spec/calendar.md holds."""
    if len(data) > MAX_BYTES:
        raise CalendarError("The calendar is longer than 1 MiB.")
    try:
        document = decode(data, Document)
    except StrictJsonError as error:
        raise CalendarError(f"The calendar cannot be read: {error}.") from None
    years = [year.year for year in document.years]
    if not years or years != list(range(years[0], years[0] + len(years))) or not 1976 <= years[0] <= 9000:
        raise CalendarError("The calendar's years do not follow one another.")
    dates = [day.date for day in document.days]
    if any(later <= earlier for earlier, later in pairwise(dates)):
        raise CalendarError("The calendar's days are not in order, or one stands there twice.")
    for day in document.days:
        _check_day(day, years)
    for year in document.years:
        if year.status == "official" and not year.decision:
            raise CalendarError(f"The calendar calls {year.year} official without naming a decision.")
    return Calendar(
        sha=hashlib.sha256(data).hexdigest(),
        years={year.year: year for year in document.years},
        days={day.date: day for day in document.days},
    )


def _check_day(day: Day, years: Iterable[int]) -> None:
    if day.date.year not in years:
        raise CalendarError(f"The calendar has the day {day.date} but not its year.")
    if day.day == "work" and day.date.weekday() < SATURDAY:
        raise CalendarError(f"The calendar makes {day.date} a working day, which it is anyway.")
    if not (day.why.vi.strip() and day.why.en.strip() and day.decision.strip()):
        raise CalendarError(f"The calendar gives no reason or decision for {day.date}.")


def compose(years: Iterable[Year], days: Iterable[Day]) -> bytes:
    """The document of these years and days, put in order; the same always gives the same bytes.

    Raises CalendarError as `parse` does, so that what was composed can always be read.
    """
    one_year = [_line(year) for year in sorted(years, key=lambda year: year.year)]
    one_day = [_line(day) for day in sorted(days, key=lambda day: day.date)]
    lines = ["{", '"kynhan": "calendar@v1",', '"years": [', ",\n".join(one_year), "],"]
    lines += ['"days": [', ",\n".join(one_day), "]", "}", ""]
    data = "\n".join(lines).encode()
    parse(data)
    return data


def _line(part: Year | Day) -> str:
    return json.dumps(msgspec.to_builtins(part), ensure_ascii=False)


def shipped_bytes() -> bytes:
    """The calendar document shipped with this version: 2023 to 2026 as decided, 2027 as a draft."""
    return resources.files(__package__).joinpath("data", "calendar.json").read_bytes()


def shipped() -> Calendar:
    """The shipped calendar, parsed."""
    return parse(shipped_bytes())
