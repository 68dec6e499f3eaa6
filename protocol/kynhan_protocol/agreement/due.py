"""Due dates (REGULATION "Counting time"; Civil Code 2015, Articles 147 and 148). Pure: dates in, dates out.

The day of receipt does not count; the period ends at 24:00 in Việt Nam on its last day; one in calendar days whose
last day is not worked ends with the next working day. Every date comes with its count, day by day, in words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from ..errors import CalendarError
from ..vietnam_time import WEEKDAYS_EN, WEEKDAYS_VI, day_after, local_date, midnight_after
from .calendar import Calendar
from .terms import TermRule

MAX_DAYS = 3_660


@dataclass(frozen=True, slots=True)
class DayStep:
    """One line of the explanation: `counted` is the number the day got, None where it does not count."""

    date: date
    counted: int | None
    why_vi: str
    why_en: str


@dataclass(frozen=True, slots=True)
class DueDate:
    """`due` is the last day in time; from `late_from` (UTC) on it is late.

    `provisional` (*ngày dự kiến*): the count touches a year that the calendar has only as a draft. `unrolled` is the
    last day counted, which differs from `due` where that day was not worked.
    """

    due: date
    late_from: datetime
    provisional: bool
    unrolled: date
    days: tuple[DayStep, ...]


def compute(start: datetime, term: TermRule, calendar: Calendar) -> DueDate:
    """The due date of `term` for a receipt handed over at `start` (aware).

    Raises CalendarError `no-calendar` for a year that the calendar does not have, `no-time-zone`, `bad-term`.
    """
    if not 1 <= term.days <= MAX_DAYS:
        raise CalendarError(f"A term of {term.days} days cannot be counted.", code="bad-term")
    received = local_date(start)
    first = DayStep(
        received,
        None,
        f"{WEEKDAYS_VI[received.weekday()]}: ngày ký nhận, không tính",
        f"{WEEKDAYS_EN[received.weekday()]}: day of receipt, does not count",
    )
    if term.unit == "working":
        return _finish((first, *_count_working(received, term.days, calendar)), calendar)
    return _finish((first, *_count_calendar(received, term.days, calendar, rolls=term.rolls)), calendar)


def as_if_received(on: date) -> DayStep:
    """The first line where nobody signed for what completes a dossier (DESIGN §3.5, "A pause ends")."""
    return DayStep(
        on,
        None,
        f"{WEEKDAYS_VI[on.weekday()]}: chưa ai ký nhận phần bổ sung, tính như đã nhận ngày này; không tính",
        f"{WEEKDAYS_EN[on.weekday()]}: nobody signed for what completes it, counts as received; does not count",
    )


def extend(due: date, working_days: int, calendar: Calendar) -> DueDate:
    """The date `working_days` working days after `due`, which does not count itself.

    Raises CalendarError `no-calendar`, `bad-term`.
    """
    if not 1 <= working_days <= MAX_DAYS:
        raise CalendarError(f"A deadline cannot be extended by {working_days} days.", code="bad-term")
    first = DayStep(
        due,
        None,
        f"{WEEKDAYS_VI[due.weekday()]}: hạn đang tính, gia hạn từ ngày tiếp theo",
        f"{WEEKDAYS_EN[due.weekday()]}: the date extended; counting begins the day after",
    )
    return _finish((first, *_count_working(due, working_days, calendar)), calendar)


def explain(after: date, until: date, calendar: Calendar) -> tuple[DayStep, ...]:
    """The days after `after` up to `until`, working days numbered from 1. Raises CalendarError `no-calendar`."""
    steps: list[DayStep] = []
    counted = 0
    day = after
    while day < until:
        day = day_after(day)
        counted += calendar.is_working_day(day)
        steps.append(_working_step(day, counted, calendar))
    return tuple(steps)


def _finish(days: Sequence[DayStep], calendar: Calendar) -> DueDate:
    due = days[-1].date
    return DueDate(
        due=due,
        late_from=midnight_after(due),
        provisional=any(calendar.is_provisional(year) for year in {step.date.year for step in days[1:]}),
        unrolled=max(step.date for step in days if step.counted is not None),
        days=tuple(days),
    )


def _count_working(after: date, days: int, calendar: Calendar) -> list[DayStep]:
    steps: list[DayStep] = []
    counted = 0
    day = after
    while counted < days:
        day = day_after(day)
        counted += calendar.is_working_day(day)
        steps.append(_working_step(day, counted, calendar))
    return steps


def _count_calendar(after: date, days: int, calendar: Calendar, *, rolls: bool) -> list[DayStep]:
    steps: list[DayStep] = []
    day = after
    for number in range(1, days + 1):
        day = day_after(day)
        steps.append(
            DayStep(
                day,
                number,
                f"{WEEKDAYS_VI[day.weekday()]}: ngày thứ {number}",
                f"{WEEKDAYS_EN[day.weekday()]}: day {number}",
            )
        )
    while rolls and not calendar.is_working_day(day):
        last, day = day, day_after(day)
        off_vi, off_en = _reason_off(last, calendar)
        steps.append(
            DayStep(
                day,
                None,
                f"{WEEKDAYS_VI[day.weekday()]}: hạn chuyển sang vì hôm trước là {off_vi}",
                f"{WEEKDAYS_EN[day.weekday()]}: moved on, the day before is {off_en}",
            )
        )
    return steps


def _working_step(day: date, counted: int, calendar: Calendar) -> DayStep:
    weekday_vi, weekday_en = WEEKDAYS_VI[day.weekday()], WEEKDAYS_EN[day.weekday()]
    if not calendar.is_working_day(day):
        off_vi, off_en = _reason_off(day, calendar)
        return DayStep(
            day, None, f"{weekday_vi}: không tính, {off_vi}", f"{weekday_en}: not counted, {off_en}"
        )
    exception = calendar.why(day)
    worked_vi = f", {exception.why.vi} ({exception.decision})" if exception else ""
    worked_en = f", {exception.why.en} ({exception.decision})" if exception else ""
    return DayStep(
        day,
        counted,
        f"{weekday_vi}: ngày làm việc thứ {counted}{worked_vi}",
        f"{weekday_en}: working day {counted}{worked_en}",
    )


def _reason_off(day: date, calendar: Calendar) -> tuple[str, str]:
    exception = calendar.why(day)
    if exception is None:
        return "ngày nghỉ hằng tuần", "weekly day off"
    return f"{exception.why.vi} ({exception.decision})", f"{exception.why.en} ({exception.decision})"
