"""Civil time in Việt Nam. `Asia/Ho_Chi_Minh` is UTC+7 all year since 1975, so no time zone database is needed."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Final

from .errors import CalendarError

VIETNAM: Final = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")
ONE_DAY: Final = timedelta(days=1)

WEEKDAYS_VI: Final = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
WEEKDAYS_EN: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def local_date(moment: datetime) -> date:
    """The date in Việt Nam at the aware `moment`. Raises CalendarError for a time without zone or out of range."""
    if moment.tzinfo is None:
        raise CalendarError("A time without its zone has no date in Việt Nam.", code="no-time-zone")
    try:
        return moment.astimezone(VIETNAM).date()
    except OverflowError:
        raise CalendarError("The time lies outside all calendars.", code="no-calendar") from None


def local_time(day: date, clock: time) -> datetime:
    """The moment, in UTC, at which clocks in Việt Nam show `clock` on `day`."""
    return datetime.combine(day, clock, VIETNAM).astimezone(UTC)


def day_after(day: date) -> date:
    """The next date. Raises CalendarError past the last date there is."""
    if day == date.max:
        raise CalendarError("The date lies outside all calendars.", code="no-calendar")
    return day + ONE_DAY


def midnight_after(day: date) -> datetime:
    """24:00 of `day` in Việt Nam, in UTC: the first moment at which something due on `day` is late."""
    return local_time(day_after(day), time())


def format_date_vi(day: date) -> str:
    """`day` as written in Vietnamese offices: 03/03/2025."""
    return f"{day.day:02d}/{day.month:02d}/{day.year:04d}"
