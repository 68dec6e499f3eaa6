"""From October on next year's calendar is asked for, until it is decided and in force."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from kynhan_protocol.agreement import calendar
from kynhan_protocol.agreement.calendar import Year
from kynhan_protocol.agreement.calendar_watch import missing_year

SHIPPED = calendar.shipped()  # 2023 to 2026 decided, 2027 a draft


@pytest.mark.parametrize(
    ("today", "wanted"),
    [
        (date(2025, 12, 31), None),
        (date(2026, 1, 1), None),
        (date(2026, 9, 30), None),
        (date(2026, 10, 1), 2027),
        (date(2026, 12, 31), 2027),
        (date(2027, 1, 1), 2027),
        (date(2027, 10, 1), 2027),
        (date(2028, 3, 1), 2028),
    ],
)
def test_a_draft_or_missing_year_is_asked_for_from_october(today: date, wanted: int | None) -> None:
    assert missing_year(SHIPPED, today) == wanted


def test_a_decided_year_is_not_asked_for() -> None:
    decided = replace(SHIPPED, years={**SHIPPED.years, 2027: Year(2027, "official", "1/VPCP-KGVX")})
    assert missing_year(decided, date(2026, 11, 1)) is None
    assert missing_year(decided, date(2027, 9, 30)) is None
    assert missing_year(decided, date(2027, 10, 1)) == 2028
