"""Dates, times and numbers as an office document spells them: ngày 05 tháng 02 năm 2026, 16.416; times always in
Asia/Ho_Chi_Minh."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from kynhan_protocol.vietnam_time import VIETNAM

from ..words import Pair

MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def long_date(day: date) -> Pair:
    """A day as in the heading of a document: days below ten, and the first two months, with a nought before them."""
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return (
        f"ngày {day.day:02d} tháng {month} năm {day.year}",
        f"{day.day} {MONTHS[day.month - 1]} {day.year}",
    )


def long_moment(at: datetime) -> Pair:
    """A moment, to the second, as the log has it."""
    local = at.astimezone(VIETNAM)
    vi, en = long_date(local.date())
    return (
        f"{local:%H} giờ {local:%M} phút {local:%S} giây, {vi}",
        f"{local:%H:%M:%S} on {en} (UTC+7)",
    )


def number(count: int) -> Pair:
    """A number in groups of three: 16.416 in Vietnamese, 16,416 in English."""
    return f"{count:,}".replace(",", "."), f"{count:,}"
