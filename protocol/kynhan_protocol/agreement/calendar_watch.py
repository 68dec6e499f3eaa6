"""Which year's calendar both sides have to be reminded of: the Government decides a year's days off late in the year
before, and until both committees have signed it every date in that year is only *dự kiến*."""

from __future__ import annotations

from datetime import date
from typing import Final

from .calendar import Calendar

REMIND_FROM_MONTH: Final = 10


def missing_year(calendar: Calendar, today: date) -> int | None:
    """The year whose calendar is wanted on `today` (a date in Việt Nam); None if nobody needs reminding.

    `calendar` is the one in force. The present year is wanted whenever it is missing or a draft; next year from
    1 October on.
    """
    if calendar.status(today.year) != "official":
        return today.year
    if today.month >= REMIND_FROM_MONTH and calendar.status(today.year + 1) != "official":
        return today.year + 1
    return None
