"""When the committees have to be told that next year's working-day calendar is missing."""

from __future__ import annotations

from datetime import date
from typing import Final

from .calendar import Calendar

FROM_MONTH: Final = 10
"""October: the Government's decision for the next year usually comes in the last quarter."""


def missing_year(calendar: Calendar, today: date) -> int | None:
    """The year whose official calendar is missing on `today`: this one, or from October on the next; None if none."""
    years = (today.year, today.year + 1) if today.month >= FROM_MONTH else (today.year,)
    return next((year for year in years if calendar.status(year) != "official"), None)
