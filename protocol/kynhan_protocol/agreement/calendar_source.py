"""Makes the shipped calendar from the two lists beside it: the days decided, and the days drafted.

After either list changed, `python -m kynhan_protocol.agreement.calendar_source > calendar.json`, in `agreement/data`; a
test keeps the three equal. The lists have English reasons; REASONS_VI has them in Vietnamese.
"""

from __future__ import annotations

import csv
import re
import sys
from datetime import date
from importlib import resources
from typing import Final

from ..vietnam_time import WEEKDAYS_VI
from ..words import Words
from .calendar import Day, Year, compose

YEARS: Final = (
    Year(2023, "official", "8056/VPCP-KGVX"),
    Year(2024, "official", "2450/VPCP-KGVX"),
    Year(2025, "official", "8726/VPCP-KGVX"),
    Year(2026, "official", "12729/VPCP-KGVX"),
    Year(2027, "draft", None),
)
REASONS_VI: Final = {
    "New Year": "Tết Dương lịch",
    "New Year (compensatory)": "nghỉ bù Tết Dương lịch",
    "Labour Day": "Quốc tế Lao động",
    "Labour Day (compensatory)": "nghỉ bù Quốc tế Lao động",
    "compensatory (Hùng Kings 29/4, Reunification 30/4)": "nghỉ bù Giỗ Tổ Hùng Vương 29/4 và Chiến thắng 30/4",
    "Hùng Kings": "Giỗ Tổ Hùng Vương",
    "Hùng Kings (compensatory)": "nghỉ bù Giỗ Tổ Hùng Vương",
    "Reunification, Labour Day": "Chiến thắng 30/4, Quốc tế Lao động 1/5",
    "National Day": "Quốc khánh",
    "National Day (compensatory)": "nghỉ bù Quốc khánh",
    "Vietnam Culture Day": "Ngày Văn hóa Việt Nam",
}
_SWAPPED: Final = re.compile(r"swapped (with|for) (\w+) (\d{4})-(\d\d)-(\d\d)")
_WEEKDAYS: Final = dict(
    zip(
        ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
        WEEKDAYS_VI,
        strict=True,
    )
)


def reason_vi(reason: str) -> str:
    """The Vietnamese for an English reason of the lists. Raises KeyError for one that REASONS_VI lacks."""
    swapped = _SWAPPED.fullmatch(reason)
    if swapped:
        how, weekday, year, month, day = swapped.groups()
        kind = "ngày nghỉ hoán đổi với" if how == "with" else "ngày làm bù cho"
        return f"{kind} {_WEEKDAYS[weekday]} {day}/{month}/{year}"
    return reason if reason.startswith("Tết ") else REASONS_VI[reason]


def build(*lists: str) -> bytes:
    """The calendar document for CSV texts with the columns date, day, why, decision."""
    rows = [row for text in lists for row in csv.DictReader(text.splitlines())]
    days = [
        Day(
            date.fromisoformat(row["date"]),
            "work" if row["day"] == "work" else "off",
            Words(reason_vi(row["why"]), row["why"]),
            row["decision"],
        )
        for row in rows
    ]
    return compose(YEARS, days)


def build_shipped() -> bytes:
    """The document for the two lists shipped with this package."""
    data = resources.files(__package__).joinpath("data")
    return build(
        *(data.joinpath(name).read_text("utf-8") for name in ("calendar-decisions.csv", "calendar-draft.csv"))
    )


if __name__ == "__main__":
    sys.stdout.buffer.write(build_shipped())
