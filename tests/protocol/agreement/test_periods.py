"""Periods: bounded as the profile says, named as offices name them, and refused where there are none."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest

from kynhan_protocol.agreement import periods
from kynhan_protocol.errors import ReportError


@pytest.mark.parametrize(
    ("name", "begins_on", "begins", "ends", "vi"),
    [
        ("2026-03", 1, date(2026, 3, 1), date(2026, 3, 31), "tháng 3 năm 2026"),
        ("2026-02", 1, date(2026, 2, 1), date(2026, 2, 28), "tháng 2 năm 2026"),
        ("2026-01", 15, date(2025, 12, 15), date(2026, 1, 14), "tháng 1 năm 2026"),
        ("2026-10", 1, date(2026, 10, 1), date(2026, 10, 31), "tháng 10 năm 2026"),
        ("2026-Q1", 1, date(2026, 1, 1), date(2026, 3, 31), "quý I năm 2026"),
        ("2026-Q4", 15, date(2026, 9, 15), date(2026, 12, 14), "quý IV năm 2026"),
        ("2026-H1", 1, date(2026, 1, 1), date(2026, 6, 30), "6 tháng đầu năm 2026"),
        ("2026-H2", 28, date(2026, 6, 28), date(2026, 12, 27), "6 tháng cuối năm 2026"),
        ("2026", 1, date(2026, 1, 1), date(2026, 12, 31), "năm 2026"),
        ("2026", 15, date(2025, 12, 15), date(2026, 12, 14), "năm 2026"),
    ],
)
def test_periods_have_the_bounds_of_the_profile(
    name: str, begins_on: int, begins: date, ends: date, vi: str
) -> None:
    period = periods.named(name, begins_on)
    assert (period.begins, period.ends, period.label.vi) == (begins, ends, vi)
    assert periods.holds(period, begins_on)
    assert not periods.holds(period, 2 if begins_on == 1 else 1)


def test_months_follow_one_another_without_gap_or_overlap() -> None:
    for begins_on in (1, 15, 28):
        names = [f"{year}-{month:02d}" for year in (2025, 2026) for month in range(1, 13)]
        made = [periods.named(name, begins_on) for name in names]
        for one, following in pairwise(made):
            assert following.begins == one.ends + timedelta(days=1)
            assert one.until == following.since


def test_a_period_is_counted_in_vietnam() -> None:
    period = periods.named("2026-03", 1)
    assert period.since == datetime(2026, 2, 28, 17, tzinfo=UTC)
    assert period.until == datetime(2026, 3, 31, 17, tzinfo=UTC)


@pytest.mark.parametrize(
    "name", ["", "2026-13", "2026-00", "2026-Q0", "2026-Q5", "2026-H3", "26", "2026-3", "٢٠٢٦", "0001", "x"]
)
def test_what_names_no_period_is_refused(name: str) -> None:
    with pytest.raises(ReportError) as refused:
        periods.named(name, 1)
    assert refused.value.code == "no-period"


def test_any_two_dates_make_a_period_in_their_order() -> None:
    one_day = periods.between(date(2026, 3, 5), date(2026, 3, 5))
    assert one_day.label.vi == "từ ngày 05/03/2026 đến ngày 05/03/2026"
    assert periods.holds(one_day, 15)
    with pytest.raises(ReportError) as refused:
        periods.between(date(2026, 3, 6), date(2026, 3, 5))
    assert refused.value.code == "period-backwards"
