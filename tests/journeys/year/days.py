"""Working days counted again, without the product's code: from the list of decisions, day by day.

Three calendars, as the year brings them: the one the profile names (2026 drafted: fixed holidays only), the one after
decision 12729 (the swap of 2 and 10 January 2026), the one after a decision of 2026 that comes late in the year.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from importlib import resources

VIETNAM = timezone(timedelta(hours=7))
DAY = timedelta(days=1)
FIRST_DECISION = {date(2026, 1, 2): "off", date(2026, 1, 10): "work"}
SECOND_DECISION = {date(2026, 8, 22): "work", date(2026, 8, 31): "off", date(2026, 11, 24): "off"}


@dataclass(frozen=True)
class Days:
    """`off` and `work` are the exceptions to Monday to Friday; `drafted` years make a date provisional."""

    off: frozenset[date]
    work: frozenset[date]
    drafted: frozenset[int]
    last: int

    def is_worked(self, day: date) -> bool:
        if day in self.work:
            return True
        return day.weekday() < 5 and day not in self.off

    def after(self, day: date, count: int) -> date:
        """The `count`-th working day after `day`; before it for a negative count."""
        step = DAY if count > 0 else -DAY
        left = abs(count)
        while left:
            day += step
            if self.is_worked(day):
                left -= 1
        return day

    def between(self, after: date, until: date) -> int:
        """Working days after `after` up to and including `until`."""
        return sum(self.is_worked(after + DAY * n) for n in range(1, (until - after).days + 1))

    def term(self, received: date, term: str) -> date:
        """The last day of a term (R17, R18): 35 or 45 working days, or 90 calendar days rolled over days off."""
        if term != "foreign":
            return self.after(received, {"in-province": 35, "in-country": 45}[term])
        day = received + DAY * 90
        while not self.is_worked(day):
            day += DAY
        return day

    def is_provisional(self, received: date, due: date) -> bool:
        """Whether a count from the day after `received` to `due` touches a year that is not decided."""
        years = range((received + DAY).year, due.year + 1)
        return any(year in self.drafted or year > self.last for year in years)


def decided() -> list[tuple[date, str]]:
    """Every day of the list of decisions that ships with the program, and whether it is off or worked."""
    text = (
        resources.files("kynhan_protocol.agreement")
        .joinpath("data", "calendar-decisions.csv")
        .read_text("utf-8")
    )
    return [(date.fromisoformat(row["date"]), row["day"]) for row in csv.DictReader(text.splitlines())]


def three() -> tuple[Days, Days, Days]:
    """The calendars in the order in which they come in force."""
    late = FIRST_DECISION | SECOND_DECISION
    first = [(day, kind) for day, kind in decided() if day not in late]
    second = first + list(FIRST_DECISION.items())
    third = second + list(SECOND_DECISION.items())
    return _made(first, {2026}), _made(second, set()), _made(third, set())


def _made(days: list[tuple[date, str]], drafted: set[int]) -> Days:
    return Days(
        frozenset(day for day, kind in days if kind == "off"),
        frozenset(day for day, kind in days if kind == "work"),
        frozenset(drafted),
        2026,
    )


def at(day: date, hour: int, minute: int = 0, second: int = 0) -> datetime:
    """A moment in Việt Nam, in UTC."""
    return datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=VIETNAM).astimezone(UTC)


def day_of(moment: datetime) -> date:
    """Its date in Việt Nam."""
    return moment.astimezone(VIETNAM).date()
