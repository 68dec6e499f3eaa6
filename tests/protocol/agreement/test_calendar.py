"""The shipped calendar equals its lists; a calendar document has one meaning or is refused."""

from __future__ import annotations

import csv
import json
import re
from datetime import date, datetime
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from kynhan_protocol.agreement import calendar, calendar_source, due
from kynhan_protocol.agreement.terms import REGULATION_TERMS
from kynhan_protocol.errors import CalendarError

CALENDAR = calendar.shipped()


def test_shipped_calendar_is_generated_from_the_lists() -> None:
    assert calendar.shipped_bytes() == calendar_source.build_shipped()


def test_every_decided_day_is_shipped_with_its_decision() -> None:
    text = (
        resources.files("kynhan_protocol.agreement")
        .joinpath("data", "calendar-decisions.csv")
        .read_text("utf-8")
    )
    rows = list(csv.DictReader(text.splitlines()))
    assert len(rows) == 57
    for row in rows:
        entry = CALENDAR.why(date.fromisoformat(row["date"]))
        assert entry is not None
        assert (entry.day, entry.why.en, entry.decision) == (row["day"], row["why"], row["decision"])
    assert {day.year for day in CALENDAR.days} == {2023, 2024, 2025, 2026, 2027}


def test_years_are_official_or_draft() -> None:
    assert [CALENDAR.status(year) for year in range(2022, 2029)] == [None, *["official"] * 4, "draft", None]
    assert CALENDAR.is_provisional(2027)
    assert not CALENDAR.is_provisional(2026)


def test_draft_year_has_tet_and_the_statutory_days() -> None:
    off = [day for day in CALENDAR.days if day.year == 2027 and day.weekday() < 5]
    assert len(off) == 12  # eleven statutory days and Culture Day: each falls on a weekday, or is made up for
    assert not CALENDAR.is_working_day(date(2027, 2, 8))


def test_working_days_are_walked_both_ways() -> None:
    assert CALENDAR.next_working_day(date(2026, 2, 13)) == date(2026, 2, 23)
    assert CALENDAR.add_working_days(date(2026, 2, 23), -1) == date(2026, 2, 13)
    assert CALENDAR.add_working_days(date(2026, 2, 23), 0) == date(2026, 2, 23)
    assert CALENDAR.working_days_between(date(2026, 2, 13), date(2026, 2, 24)) == 2
    assert CALENDAR.working_days_between(date(2026, 2, 24), date(2026, 2, 13)) == -2


def _document() -> dict[str, Any]:
    return json.loads(calendar.shipped_bytes())  # type: ignore[no-any-return]


def _with(change: str) -> bytes:
    document = _document()
    years, days = document["years"], document["days"]
    match change:
        case "unknown field":
            document["extra"] = 1
        case "other type":
            document["kynhan"] = "calendar@v2"
        case "no year":
            document["years"] = []
        case "gap between years":
            del years[1]
        case "day twice":
            days.insert(1, days[0])
        case "days out of order":
            days[0], days[1] = days[1], days[0]
        case "day without its year":
            del years[-1]
        case "worked weekday":
            days[0]["day"] = "work"
        case "no decision":
            days[0]["decision"] = " "
        case "official without decision":
            years[0]["decision"] = None
        case "not a date":
            days[0]["date"] = "2023-02-30"
    return json.dumps(document).encode()


CHANGES = [
    "unknown field",
    "other type",
    "no year",
    "gap between years",
    "day twice",
    "days out of order",
    "day without its year",
    "worked weekday",
    "no decision",
    "official without decision",
    "not a date",
]


@pytest.mark.parametrize("change", CHANGES)
def test_documents_that_break_a_rule_are_refused(change: str) -> None:
    with pytest.raises(CalendarError):
        calendar.parse(_with(change))


@pytest.mark.parametrize(
    "data", [b"", b"[]", b"\xff", b'{"kynhan":1,"kynhan":1}', b"{" * 10_000, b" " * (1 << 21)]
)
def test_bytes_that_are_no_calendar_are_refused(data: bytes) -> None:
    with pytest.raises(CalendarError):
        calendar.parse(data)


def test_the_page_shows_a_calendar_and_dates_that_hold() -> None:
    page = (Path(__file__).parents[3] / "docs" / "spec" / "calendar.md").read_text("utf-8")
    example = page.partition("```json calendar\n")[2].partition("```")[0]
    assert calendar.parse(example.encode()).is_working_day(date(2026, 1, 10))
    rows = re.findall(r"^\| (\d\S+) \| (\S+) \| (\S+) \| (\S+) \|$", page, re.MULTILINE)
    assert len(rows) == 3
    for received, term, last, late_from in rows:
        found = due.compute(datetime.fromisoformat(received), REGULATION_TERMS[term], CALENDAR)
        assert (found.due.isoformat(), found.late_from.isoformat()) == (last, late_from)
