"""What a new calendar would change: days and years against the one in force, and the date of each running case.

A running deadline is never shortened (DESIGN §3.5): where the new count gives an earlier date, the date stays.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from ..agreement import due, terms
from ..agreement.calendar import Calendar, Day, Year
from ..agreement.profile import Profile
from ..errors import CalendarError, ProfileError
from . import fold
from .case import Case

What = Literal["moves", "stays", "settles", "unsettles"]


@dataclass(frozen=True, slots=True)
class DayChange:
    """A day that differs; None where its weekday alone decides."""

    date: date
    before: Day | None
    after: Day | None


@dataclass(frozen=True, slots=True)
class YearChange:
    """A year whose status or decision differs; None where it is not covered."""

    year: int
    before: Year | None
    after: Year | None


@dataclass(frozen=True, slots=True)
class Effect:
    """What would become of a running case's date.

    `moves` from `before` to the later `after`; `stays` where the new count alone would give the earlier `counted`;
    `settles` and `unsettles` where only the mark *dự kiến* goes or comes. `provisional` is how it would be then.
    """

    case: str
    what: What
    before: date
    after: date
    counted: date
    was_provisional: bool
    provisional: bool


def days(before: Calendar, after: Calendar) -> tuple[DayChange, ...]:
    """The days that differ in whether they are worked, or in why, in order."""
    return tuple(
        DayChange(day, before.days.get(day), after.days.get(day))
        for day in sorted(before.days.keys() | after.days.keys())
        if before.days.get(day) != after.days.get(day)
    )


def years(before: Calendar, after: Calendar) -> tuple[YearChange, ...]:
    """The years that differ in status or decision, in order."""
    return tuple(
        YearChange(year, before.years.get(year), after.years.get(year))
        for year in sorted(before.years.keys() | after.years.keys())
        if before.years.get(year) != after.years.get(year)
    )


def lacking_years(before: Calendar, after: Calendar) -> tuple[int, ...]:
    """Years that the one in force has and the new one lacks: it cannot replace it."""
    return tuple(sorted(before.years.keys() - after.years.keys()))


def effect(case: Case, candidate: Calendar, profile: Profile, counted_with: Calendar) -> Effect | None:
    """What `candidate` would do to the date of `case`; None where nothing runs or nothing would show.

    `profile` is the case's, `counted_with` the calendar that its date in force was counted with.
    """
    if case.due is None or case.clock is None or not case.is_timed:
        return None
    try:
        draft = fold.preview(case, candidate, profile)
        term = terms.of_profile(profile, case.term or case.due.term)
        counted = due.compute(case.clock.started_at, term, candidate.without_end()).due
        counted_before = due.compute(case.clock.started_at, term, counted_with.without_end()).due
    except (CalendarError, ProfileError):  # the relay leaves such a date as it is
        return None
    in_force = case.due
    after = in_force.due if draft is None else draft.due
    provisional = in_force.provisional if draft is None else draft.provisional
    made = Effect(case.id, "stays", in_force.due, after, counted, in_force.provisional, provisional)
    what = next(_what(made, counted_before), None)
    return None if what is None else Effect(case.id, what, *_rest(made))


def _what(made: Effect, counted_before: date) -> Iterator[What]:
    if made.after > made.before:
        yield "moves"
    if made.counted < counted_before and counted_before >= made.before > made.counted:
        yield "stays"
    if made.was_provisional and not made.provisional:
        yield "settles"
    if made.provisional and not made.was_provisional:
        yield "unsettles"


def _rest(made: Effect) -> tuple[date, date, date, bool, bool]:
    return made.before, made.after, made.counted, made.was_provisional, made.provisional
