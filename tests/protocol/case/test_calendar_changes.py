"""What a new calendar would change: days, years, and the date of a running case, never to an earlier one."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.protocol.story import CALENDAR, Story, vn

from kynhan_protocol.agreement import calendar
from kynhan_protocol.agreement.calendar import Calendar, Day, Year, compose
from kynhan_protocol.case import calendar_changes
from kynhan_protocol.case.calendar_changes import Effect
from kynhan_protocol.words import Words


def changed(*days: Day, without: tuple[date, ...] = (), years: tuple[Year, ...] = ()) -> Calendar:
    """The shipped calendar with these days and years instead of its own."""
    kept = {day: one for day, one in CALENDAR.days.items() if day not in without}
    kept |= {one.date: one for one in days}
    return calendar.parse(
        compose({**CALENDAR.years, **{one.year: one for one in years}}.values(), kept.values())
    )


def off(day: date) -> Day:
    return Day(day, "off", Words("nghỉ", "off"), "1/QD")


def work(day: date) -> Day:
    return Day(day, "work", Words("làm bù", "worked"), "1/QD")


def running(term: str = "in-province", received: tuple[int, int, int] = (2026, 3, 2)) -> Story:
    story = Story(now=vn(*received))
    story.sign(story.send("request", term=term))
    return story


def effect(story: Story, new: Calendar) -> Effect | None:
    return calendar_changes.effect(story.case, new, story.profile, CALENDAR)


def test_differences_are_told_day_by_day_and_year_by_year() -> None:
    new = changed(
        off(date(2026, 4, 1)), without=(date(2026, 1, 2),), years=(Year(2027, "official", "9/VPCP-KGVX"),)
    )
    found = [
        (one.date, one.before is None, one.after is None) for one in calendar_changes.days(CALENDAR, new)
    ]
    assert found == [(date(2026, 1, 2), False, True), (date(2026, 4, 1), True, False)]
    (year,) = calendar_changes.years(CALENDAR, new)
    assert (year.year, year.before, year.after) == (2027, Year(2027, "draft", None), new.years[2027])
    assert calendar_changes.days(CALENDAR, CALENDAR) == calendar_changes.years(CALENDAR, CALENDAR) == ()


def test_years_that_would_be_lost() -> None:
    shorter = calendar.parse(
        compose(
            (one for one in CALENDAR.years.values() if 2024 <= one.year <= 2026),
            (one for one in CALENDAR.days.values() if 2024 <= one.date.year <= 2026),
        )
    )
    assert calendar_changes.lacking_years(CALENDAR, shorter) == (2023, 2027)
    assert calendar_changes.lacking_years(shorter, CALENDAR) == ()


def test_a_day_off_in_the_term_moves_the_date() -> None:
    story = running()
    found = effect(story, changed(off(date(2026, 4, 1))))
    assert found is not None
    assert (found.what, found.before, found.after) == (
        "moves",
        story.due.due,
        story.due.due + timedelta(days=1),
    )


def test_a_day_worked_in_the_term_changes_nothing_and_says_so() -> None:
    story = running()
    found = effect(story, changed(work(date(2026, 3, 14))))
    assert found is not None
    assert (found.what, found.before, found.after) == ("stays", story.due.due, story.due.due)
    assert found.counted < found.before


def test_a_year_decided_settles_a_date_and_one_reopened_unsettles_it() -> None:
    story = running("in-country", (2026, 11, 25))
    decided = changed(years=(Year(2027, "official", "9/VPCP-KGVX"),))
    found = effect(story, decided)
    assert found is not None
    assert (found.what, found.was_provisional, found.provisional) == ("settles", True, False)
    early = running()
    reopened = effect(early, changed(years=(Year(2026, "draft", None),)))
    assert reopened is not None
    assert (reopened.what, reopened.provisional) == ("unsettles", True)


@pytest.mark.parametrize("day", [date(2026, 3, 2), date(2026, 12, 1)], ids=["day of receipt", "long after"])
def test_a_day_outside_the_term_has_no_effect(day: date) -> None:
    assert effect(running(), changed(off(day))) is None


def test_a_case_that_was_answered_has_no_date_to_move() -> None:
    story = running()
    (request,) = story.case.dispatches
    story.send("reply", regarding=request)
    assert effect(story, changed(off(date(2026, 4, 1)))) is None


def test_a_date_that_nobody_has_to_keep_at_the_moment_moves_too_and_is_previewed() -> None:
    story = running()
    (request,) = story.case.dispatches
    story.sent_and_signed("return", regarding=request)
    assert story.case.paused is not None
    before, new = story.due.due, changed(off(date(2026, 4, 1)))
    found = effect(story, new)
    story.approve_calendar(new)
    assert story.due.due > before
    assert found is not None
    assert (found.what, found.after) == ("moves", story.due.due)


@settings(max_examples=60, deadline=None)
@given(st.sets(st.dates(date(2026, 3, 3), date(2026, 6, 30)), max_size=12))
def test_no_calendar_ever_shortens_a_date(days: set[date]) -> None:
    """Weekends become worked, weekdays days off: what is previewed is what the case gets, and never earlier."""
    story = running()
    new = changed(*(work(day) if day.weekday() >= 5 else off(day) for day in days))
    before = story.due.due
    found = effect(story, new)
    story.approve_calendar(new) if new.sha != CALENDAR.sha else None
    assert story.due.due >= before
    assert (found.after if found is not None else before) == story.due.due
