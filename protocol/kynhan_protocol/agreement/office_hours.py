"""When mail and webhooks may go out: within the profile's hours, on working days of the calendar in force.

All moments are aware; those given back are UTC. Calendars are read open-ended, so that a year without one is no outage.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Final

from ..vietnam_time import VIETNAM, day_after, local_date, local_time
from .calendar import Calendar
from .profile import Hours

GATHER: Final = timedelta(minutes=10)
"""How long a digest waits for what comes at the same time: the reminders of a morning all come within a tick."""


def is_open(now: datetime, hours: Hours, calendar: Calendar) -> bool:
    """Whether an office works at `now`; the end of the hours no longer belongs to them."""
    clock = now.astimezone(VIETNAM).time()
    begin, end = _span(hours)
    return begin <= clock < end and calendar.without_end().is_working_day(local_date(now))


def next_open(now: datetime, hours: Hours, calendar: Calendar) -> datetime:
    """`now` itself in office hours, else the moment at which they begin next."""
    if is_open(now, hours, calendar):
        return now
    calendar = calendar.without_end()
    today = local_date(now)
    begin, _ = _span(hours)
    if calendar.is_working_day(today) and now < local_time(today, begin):
        return local_time(today, begin)
    return local_time(calendar.next_working_day(today), begin)


def digest_moment(now: datetime, at: str, hours: Hours, calendar: Calendar) -> datetime:
    """When what came at `now` goes out with the day's digest: `at` (HH:MM) plus GATHER, never outside the hours.

    What comes later in the day still goes the same day; whether that day's digest went already is the caller's to know.
    """
    calendar = calendar.without_end()
    _, end = _span(hours)
    day = local_date(now)
    if calendar.is_working_day(day):
        moment = max(_digest_on(day, at, hours), now + GATHER)
        if moment < local_time(day, end):
            return moment
    return _digest_on(calendar.next_working_day(day), at, hours)


def digest_of_today(now: datetime, at: str, hours: Hours) -> datetime:
    """The moment before which no digest goes on the day, in Việt Nam, that `now` belongs to: a working day."""
    return _digest_on(local_date(now), at, hours)


def next_digest_day(now: datetime, at: str, hours: Hours, calendar: Calendar) -> datetime:
    """The moment of the digest of the next working day: what is left when today's has gone."""
    return digest_moment(local_time(day_after(local_date(now)), time()), at, hours, calendar)


def midnight(now: datetime) -> datetime:
    """The beginning of the day, in Việt Nam, that `now` belongs to."""
    return local_time(local_date(now), time())


def _digest_on(day: date, at: str, hours: Hours) -> datetime:
    begin, end = _span(hours)
    clock = min(max(time.fromisoformat(at), begin), end)
    return min(local_time(day, clock) + GATHER, local_time(day, end) - timedelta(minutes=1))


def _span(hours: Hours) -> tuple[time, time]:
    return time.fromisoformat(hours.begin), time.fromisoformat(hours.end)
