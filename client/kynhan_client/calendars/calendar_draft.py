"""A new calendar document: the one in force with one year drafted, or taken from a decision.

Drafting is guessing: the `holidays` library computes the Labour Code's days and the lunar dates, knows no swap that is
not in its tables (version 0.109 lacks that of Friday 2026-01-02 for Saturday 2026-01-10), and does not say what it
guesses. So what it drafts is a `draft`, and whoever drafts is told to look for swaps.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from importlib import metadata
from typing import Final, Literal

import holidays

from kynhan_protocol.agreement.calendar import Calendar, Day, Year, compose
from kynhan_protocol.errors import CalendarError
from kynhan_protocol.statements import fields
from kynhan_protocol.words import Words

from ..clauses import clause
from ..errors import problem

COUNTRY: Final = "VN"
BY_LAW: Final = ((1, 1), (4, 30), (5, 1), (9, 2))
"""Month and day of the Labour Code's days off (Article 112) that do not follow the moon."""

Warn = Literal["guessed", "no-swap", "moon"]


@dataclass(frozen=True)
class Drafted:
    """The document's bytes; `left_out` days of the file belong to other years; `warnings` say what to check."""

    document: bytes
    year: int
    left_out: int
    warnings: tuple[Warn, ...]


def from_library(current: Calendar, year: int) -> Drafted:
    """The calendar in force with `year` as the library has it, status `draft`.

    Raises ClientError calendar-year, calendar-decided (that year needs a decision to be changed).
    """
    _require_year(current, year)
    known = current.years.get(year)
    if known is not None and known.status == "official":
        raise problem("calendar-decided", year=year, decision=known.decision)
    days = library_days(year)
    swapped = any(one.day == "work" for one in days)
    told: tuple[Warn, ...] = ("guessed", "moon") if swapped else ("guessed", "moon", "no-swap")
    return Drafted(_with(current, Year(year, "draft", None), days), year, 0, told)


def from_decision(
    current: Calendar, year: int, days: Iterable[Day], number: str, *, partial: bool
) -> Drafted:
    """The calendar in force with `year` as decided under `number`, status `official`.

    `days` are the year's whole exceptions; with `partial` only those that change, laid over what the calendar in force
    has (the library's draft, where it does not have the year). Days of other years are left out.
    Raises ClientError calendar-year, calendar-number, calendar-not-whole, calendar-no-day.
    """
    _require_year(current, year)
    if not is_number(number):
        raise problem("calendar-number", number=number)
    given = tuple(days)
    own = {one.date: one for one in given if one.date.year == year}
    if not own:
        raise problem("calendar-no-day", year=year)
    if partial:
        known = current.years.get(year)
        before = _days_of(current, year) if known is not None else library_days(year)
        own = {one.date: one for one in before} | own
    else:
        _require_whole(year, own.keys())
    return Drafted(
        _with(current, Year(year, "official", number), own.values()),
        year,
        sum(one.date.year != year for one in given),
        (),
    )


def library_days(year: int) -> tuple[Day, ...]:
    """The library's days off of `year`, and the Saturdays it knows as worked. Raises ClientError calendar-year."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that a year lies beyond its tables is what status `draft` says
        vi, en = (
            holidays.country_holidays(COUNTRY, years=year, language=language) for language in ("vi", "en_US")
        )
    why = f"drafted for {year} (holidays {metadata.version('holidays')})"
    off = [Day(on, "off", Words(vi[on], en[on]), why) for on in vi if on.year == year]
    swap = Words("ngày làm bù", "worked instead of a day off")
    work = [Day(on, "work", swap, why) for on in vi.weekend_workdays if on.year == year]
    if not off:
        raise problem("calendar-year", year=year, why=clause("calendar.beyond-library"))
    return tuple(sorted((*off, *work), key=lambda one: one.date))


def is_number(text: str) -> bool:
    """Whether a decision's number can stand in a statement: one word of at most 64 characters."""
    try:
        return fields.TOKEN.text_of(text) == text
    except fields.FieldError:
        return False


def _with(current: Calendar, year: Year, days: Iterable[Day]) -> bytes:
    years = {**current.years, year.year: year}
    others = (one for one in current.days.values() if one.date.year != year.year)
    try:
        return compose(years.values(), (*others, *days))
    except CalendarError as error:
        raise problem("calendar-year", year=year.year, why=error) from error


def _days_of(calendar: Calendar, year: int) -> tuple[Day, ...]:
    return tuple(one for one in calendar.days.values() if one.date.year == year)


def _require_year(current: Calendar, year: int) -> None:
    """One that the calendar has, or the one behind its last: years follow one another without a gap."""
    if year not in current.years and year != max(current.years) + 1:
        why = clause("calendar.gap", first=min(current.years), next=max(current.years) + 1)
        raise problem("calendar-year", year=year, why=why)


def _require_whole(year: int, days: Iterable[date]) -> None:
    known = set(days)
    by_law = (date(year, month, day) for month, day in BY_LAW)
    missing = [on for on in by_law if on.weekday() < 5 and on not in known]
    if missing:
        raise problem("calendar-not-whole", date=f"{missing[0]:%d/%m/%Y}", year=year)
