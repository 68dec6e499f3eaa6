"""Due dates: the agreed cases, an independent second computation, and the explanation in words."""

from __future__ import annotations

import bisect
import csv
from datetime import UTC, date, datetime, timedelta, timezone
from importlib import resources
from pathlib import Path

import pytest

from kynhan_protocol.agreement import calendar, due
from kynhan_protocol.agreement.terms import REGULATION_TERMS, TermRule
from kynhan_protocol.errors import CalendarError

VIETNAM = timezone(timedelta(hours=7))
CASES_FILE = Path(__file__).parent / "data" / "deadline-cases.csv"
CASES = list(csv.DictReader(CASES_FILE.read_text("utf-8").splitlines()))
CALENDAR = calendar.shipped()


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['receipt']}-{case['term']}")
def test_agreed_cases(case: dict[str, str]) -> None:
    result = due.compute(datetime.fromisoformat(case["receipt"]), REGULATION_TERMS[case["term"]], CALENDAR)
    if case["extension_working_days"]:
        result = due.extend(result.due, int(case["extension_working_days"]), CALENDAR)
    assert result.due == date.fromisoformat(case["due"])
    assert result.late_from.isoformat() == case["late_from_utc"]


def _working_dates() -> list[date]:
    """Every working date 2023-2026, from the decisions' list by set arithmetic (no code of kynhan's)."""
    text = (
        resources.files("kynhan_protocol.agreement")
        .joinpath("data", "calendar-decisions.csv")
        .read_text("utf-8")
    )
    rows = list(csv.reader(text.splitlines()[1:]))
    off = {date.fromisoformat(row[0]) for row in rows if row[1] == "off"}
    work = {date.fromisoformat(row[0]) for row in rows if row[1] == "work"}
    first = date(2023, 1, 1).toordinal()
    everything = {date.fromordinal(n) for n in range(first, date(2027, 1, 1).toordinal())}
    weekends = {day for day in everything if day.isoweekday() in (6, 7)}
    return sorted(((everything - weekends) - off) | work)


WORKING = _working_dates()
RECEIPTS = [
    date(2024, 1, 1) + timedelta(days=n) for n in range((date(2026, 6, 30) - date(2024, 1, 1)).days + 1)
]


@pytest.mark.parametrize(("term", "days"), [("in-province", 35), ("in-country", 45)])
def test_working_days_equal_an_independent_computation_for_every_receipt_date(term: str, days: int) -> None:
    for received in RECEIPTS:
        expected = WORKING[bisect.bisect_right(WORKING, received) + days - 1]
        start = datetime(received.year, received.month, received.day, 23, 59, 59, tzinfo=VIETNAM)
        result = due.compute(start, REGULATION_TERMS[term], CALENDAR)
        late_from = datetime(expected.year, expected.month, expected.day, 17, tzinfo=UTC)
        assert (result.due, result.late_from) == (expected, late_from)


def test_ninety_days_equal_an_independent_computation_for_every_receipt_date() -> None:
    for received in RECEIPTS:
        ninetieth = received + timedelta(90)
        expected = WORKING[bisect.bisect_left(WORKING, ninetieth)]
        start = datetime(received.year, received.month, received.day, tzinfo=VIETNAM)
        result = due.compute(start, REGULATION_TERMS["foreign"], CALENDAR)
        assert (result.due, result.unrolled) == (expected, ninetieth)


def test_every_day_is_explained_with_its_number_or_its_decision() -> None:
    result = due.compute(
        datetime(2025, 12, 26, 10, tzinfo=VIETNAM), REGULATION_TERMS["in-province"], CALENDAR
    )
    by_date = {step.date: step for step in result.days}
    assert len(by_date) == (result.due - date(2025, 12, 26)).days + 1
    assert by_date[date(2025, 12, 26)].why_vi == "thứ Sáu: ngày ký nhận, không tính"
    assert by_date[date(2025, 12, 27)].why_en == "Saturday: not counted, weekly day off"
    assert by_date[date(2025, 12, 29)].counted == 1
    assert by_date[date(2025, 12, 29)].why_vi == "thứ Hai: ngày làm việc thứ 1"
    swapped = by_date[date(2026, 1, 2)]
    assert swapped.counted is None
    assert (
        swapped.why_vi == "thứ Sáu: không tính, ngày nghỉ hoán đổi với thứ Bảy 10/01/2026 (12729/VPCP-KGVX)"
    )
    worked = by_date[date(2026, 1, 10)]
    assert worked.counted == 9
    assert "ngày làm bù cho thứ Sáu 02/01/2026 (12729/VPCP-KGVX)" in worked.why_vi
    assert [step.counted for step in result.days if step.counted] == list(range(1, 36))


def test_a_target_on_a_day_off_is_shown_with_and_without_rolling() -> None:
    start = datetime(2026, 6, 4, 10, tzinfo=VIETNAM)
    rolled = due.compute(start, REGULATION_TERMS["foreign"], CALENDAR)
    assert (rolled.unrolled, rolled.due) == (date(2026, 9, 2), date(2026, 9, 3))
    assert "Quốc khánh" in rolled.days[-1].why_vi
    kept = due.compute(start, TermRule("foreign", 90, "calendar", "target", rolls=False), CALENDAR)
    assert (kept.unrolled, kept.due) == (date(2026, 9, 2), date(2026, 9, 2))


def test_a_count_that_reaches_a_draft_year_is_provisional() -> None:
    term = REGULATION_TERMS["in-province"]
    assert not due.compute(datetime(2026, 10, 5, tzinfo=VIETNAM), term, CALENDAR).provisional
    assert due.compute(datetime(2026, 12, 1, tzinfo=VIETNAM), term, CALENDAR).provisional
    last_day_of_2026 = due.compute(
        datetime(2026, 12, 30, tzinfo=VIETNAM), TermRule("x", 1, "working", "limit"), CALENDAR
    )
    assert last_day_of_2026.due == date(2026, 12, 31)
    assert not last_day_of_2026.provisional


def test_a_year_without_calendar_is_refused_by_name_or_counted_provisionally() -> None:
    start = datetime(2027, 12, 20, tzinfo=VIETNAM)
    with pytest.raises(CalendarError, match="no calendar for 2028") as caught:
        due.compute(start, REGULATION_TERMS["in-province"], CALENDAR)
    assert caught.value.code == "no-calendar"
    assert due.compute(start, REGULATION_TERMS["in-province"], CALENDAR.without_end()).provisional
    with pytest.raises(CalendarError, match="2022"):
        due.compute(datetime(2022, 1, 3, tzinfo=VIETNAM), REGULATION_TERMS["foreign"], CALENDAR.without_end())


@pytest.mark.parametrize("start", [datetime.max.replace(tzinfo=UTC), datetime.min.replace(tzinfo=VIETNAM)])
def test_times_at_the_edges_are_refused(start: datetime) -> None:
    with pytest.raises(CalendarError):
        due.compute(start, REGULATION_TERMS["in-country"], CALENDAR.without_end())


def test_impossible_lengths_are_refused() -> None:
    with pytest.raises(CalendarError, match="cannot be extended by 0 days"):
        due.extend(date(2026, 1, 5), 0, CALENDAR)
    with pytest.raises(CalendarError, match="cannot be counted"):
        due.compute(
            datetime(2026, 1, 5, tzinfo=UTC), TermRule("x", 10**9, "working", "limit"), CALENDAR.without_end()
        )
    with pytest.raises(CalendarError, match="zone"):
        due.compute(datetime(2026, 1, 5), REGULATION_TERMS["in-country"], CALENDAR)  # noqa: DTZ001
