"""Drafting a year: what the library computes stays a draft; what a decision says is taken to the letter."""

from __future__ import annotations

import csv
from datetime import date
from importlib import resources
from pathlib import Path

import pytest

from kynhan_client.calendars import calendar_decision, calendar_draft
from kynhan_client.errors import ClientError
from kynhan_protocol.agreement import calendar
from kynhan_protocol.agreement.calendar import Calendar, Day, Year, compose
from kynhan_protocol.words import Words

SHIPPED = calendar.shipped()
NUMBER = "12729/VPCP-KGVX"
FILE = Path("quyet-dinh.csv")
SWAP = f"""date,day,why,decision
2026-01-02,off,swapped with Saturday 2026-01-10,{NUMBER}
2026-01-10,work,swapped for Friday 2026-01-02,{NUMBER}
"""


def decisions() -> bytes:
    return (
        resources.files("kynhan_protocol.agreement").joinpath("data", "calendar-decisions.csv").read_bytes()
    )


def undecided() -> Calendar:
    """The shipped calendar before decision 12729: 2026 a draft without the swap."""
    years = [Year(2026, "draft", None) if one.year == 2026 else one for one in SHIPPED.years.values()]
    days = (one for one in SHIPPED.days.values() if one.decision != NUMBER)
    return calendar.parse(compose(years, days))


def of_year(found: Calendar, year: int) -> dict[date, Day]:
    return {day: one for day, one in found.days.items() if day.year == year}


def test_the_library_is_believed_only_as_a_draft() -> None:
    """It misses the swap of Friday 02/01/2026 for Saturday 10/01/2026, and says nothing of it."""
    days = {one.date: one.day for one in calendar_draft.library_days(2026)}
    assert date(2026, 1, 2) not in days
    assert date(2026, 1, 10) not in days
    made = calendar_draft.from_library(undecided(), 2026)
    found = calendar.parse(made.document)
    assert found.status(2026) == "draft"
    assert "guessed" in made.warnings
    assert found.is_working_day(date(2026, 1, 2))  # which is why it is no decision
    assert of_year(found, 2025) == of_year(SHIPPED, 2025)


def test_the_library_and_the_shipped_draft_agree_on_2027() -> None:
    drafted = {one.date for one in calendar_draft.library_days(2027) if one.date.weekday() < 5}
    assert drafted == {day for day in of_year(SHIPPED, 2027) if day.weekday() < 5}


def test_a_holiday_on_a_weekend_is_made_up_for() -> None:
    days = {one.date: one for one in calendar_draft.library_days(2028)}
    assert days[date(2028, 1, 3)].why.vi == "Tết Dương lịch (nghỉ bù)"  # 1 January 2028 is a Saturday
    assert all("drafted for 2028" in one.decision for one in days.values())


def test_the_years_of_a_library_worked_elsewhere_stay_out() -> None:
    assert all(one.date.year == 2028 for one in calendar_draft.library_days(2028))


def test_a_whole_decided_year_is_taken_to_the_letter() -> None:
    made = calendar_draft.from_decision(
        undecided(), 2026, calendar_decision.parse(decisions(), FILE), NUMBER, partial=False
    )
    found = calendar.parse(made.document)
    assert found.years == SHIPPED.years
    assert found.days == SHIPPED.days
    rows = list(csv.DictReader(decisions().decode().splitlines()))
    assert made.left_out == sum(not row["date"].startswith("2026") for row in rows)


def test_a_decision_of_some_days_is_laid_over_what_is_known() -> None:
    made = calendar_draft.from_decision(
        undecided(), 2026, calendar_decision.parse(SWAP.encode(), FILE), NUMBER, partial=True
    )
    assert calendar.parse(made.document).days == SHIPPED.days
    with pytest.raises(ClientError) as refused:
        calendar_draft.from_decision(
            undecided(), 2026, calendar_decision.parse(SWAP.encode(), FILE), NUMBER, partial=False
        )
    assert refused.value.code == "calendar-not-whole"


def test_a_year_behind_the_last_begins_with_the_librarys_days() -> None:
    swap = (Day(date(2028, 5, 6), "work", Words("làm bù", "worked"), "5/VPCP-KGVX"),)
    found = calendar.parse(
        calendar_draft.from_decision(SHIPPED, 2028, swap, "5/VPCP-KGVX", partial=True).document
    )
    assert found.is_working_day(date(2028, 5, 6))
    assert not found.is_working_day(date(2028, 1, 26))
    assert found.years[2028] == Year(2028, "official", "5/VPCP-KGVX")


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbf" + SWAP.encode(),
        SWAP.replace("\n", "\r\n").encode(),
        (
            "date,day,why_vi,why_en,decision\n"
            f"2026-01-02,off,ngày nghỉ hoán đổi với thứ Bảy 10/01/2026,swapped with Saturday 2026-01-10,{NUMBER}\n"
            f"2026-01-10,work,ngày làm bù cho thứ Sáu 02/01/2026,swapped for Friday 2026-01-02,{NUMBER}\n"
        ).encode(),
        (
            '{"days": [{"date": "2026-01-02", "day": "off", "why": {"vi": "ngày nghỉ hoán đổi với thứ Bảy'
            ' 10/01/2026", "en": "swapped with Saturday 2026-01-10"}, "decision": "' + NUMBER + '"},'
            ' {"date": "2026-01-10", "day": "work", "why": {"vi": "ngày làm bù cho thứ Sáu 02/01/2026",'
            ' "en": "swapped for Friday 2026-01-02"}, "decision": "' + NUMBER + '"}]}'
        ).encode(),
    ],
    ids=["from a spreadsheet", "from Windows", "both languages", "JSON"],
)
def test_a_decision_may_be_typed_in_several_ways(data: bytes) -> None:
    assert calendar_decision.parse(data, FILE) == tuple(
        one for one in SHIPPED.days.values() if one.decision == NUMBER
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (SWAP.replace("off", "maybe"), "dòng 2"),
        (SWAP.replace(f",{NUMBER}\n2026-01-10", "\n2026-01-10"), "dòng 2"),
        (SWAP.replace("2026-01-10,work", "2026-13-10,work"), "dòng 3"),
        (SWAP.replace("2026-01-10,work", "2026-01-12,work"), "12/01/2026"),
        (SWAP.replace(f",{NUMBER}", ", "), "02/01/2026"),
        (SWAP.replace("swapped with Saturday 2026-01-10", "x" * 401), "dòng 2"),
    ],
)
def test_what_is_wrong_is_named_with_its_line_or_day(text: str, said: str) -> None:
    with pytest.raises(ClientError) as refused:
        calendar_decision.parse(text.encode(), FILE)
    assert refused.value.code == "bad-decision"
    assert said in refused.value.vi
