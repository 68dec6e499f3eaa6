"""The ladder of reminders (DESIGN §3.5): at which moments, under which step, and who is reminded.

Steps of a due date are working days before and after it: `-10 … -1 0 +1 …`; those of a package nobody has signed for
are working days since it was sent: `unsigned+1 …`, for an urgent one `unsigned+0` first. All moments are UTC.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import chain, count

from ..vietnam_time import local_date, local_time
from .calendar import Calendar
from .profile import Reminders


@dataclass(frozen=True, slots=True)
class Rung:
    """The reminder `step` is due at `at` (UTC)."""

    step: str
    at: datetime

    @property
    def order(self) -> int:
        """Its place on its ladder: of two rungs the later one has the larger."""
        return order_of(self.step)


def order_of(step: str) -> int:
    """The number in `step`: working days after the due date, or since it was sent. 0 for a step of no ladder."""
    try:
        return int(step.lstrip("abcdefghijklmnopqrstuvwxyz"))
    except ValueError:
        return 0


def rungs(due: date, calendar: Calendar, reminders: Reminders) -> Iterator[Rung]:
    """The rungs for the date `due`, in order, without end."""
    calendar = calendar.without_end()
    at = time.fromisoformat(reminders.at)
    for days in reminders.before:
        yield Rung(f"-{days}", local_time(calendar.add_working_days(due, -days), at))
    if reminders.on_day:
        yield Rung("0", local_time(due, at))
    last = reminders.after[-1] if reminders.after else 0
    steps = chain(reminders.after, count(last + reminders.then_every, reminders.then_every))
    for days, day in _walk(due, steps, calendar):
        yield Rung(f"+{days}", local_time(day, at))


def unsigned_rungs(
    sent_at: datetime, urgent: bool, calendar: Calendar, reminders: Reminders
) -> Iterator[Rung]:
    """The rungs for a package sent at `sent_at` that nobody has signed for, in order, without end."""
    calendar = calendar.without_end()
    at = time.fromisoformat(reminders.at)
    unsigned = reminders.unsigned
    if urgent:
        yield Rung("unsigned+0", sent_at + timedelta(hours=unsigned.urgent_hours))
    for days, day in _walk(
        local_date(sent_at), count(unsigned.after_working_days, unsigned.then_every), calendar
    ):
        yield Rung(f"unsigned+{days}", local_time(day, at))


def _walk(day: date, steps: Iterable[int], calendar: Calendar) -> Iterator[tuple[int, date]]:
    """Each number of working days in `steps` (rising) with the date it leads to from `day`."""
    walked = 0
    for days in steps:
        day = calendar.add_working_days(day, days - walked)
        walked = days
        yield days, day


def due_rung(ladder: Iterable[Rung], now: datetime, since: datetime, last_sent: str | None) -> Rung | None:
    """The rung to send at `now`: the latest one reached, if it and none after it was sent; None otherwise.

    Rungs before `since` (when the date became known) are not missed. After an outage the older missed rungs are
    passed over. `last_sent` is the step of the latest reminder on this ladder.
    """
    latest: Rung | None = None
    for rung in ladder:
        if rung.at > now:
            break
        if rung.at >= since:
            latest = rung
    if latest is None or (last_sent is not None and latest.order <= order_of(last_sent)):
        return None
    return latest


def next_rung(ladder: Iterable[Rung], now: datetime, since: datetime, last_sent: str | None) -> Rung:
    """The first rung after `now` that will have to be sent: when to look again."""
    for rung in ladder:
        unsent = last_sent is None or rung.order > order_of(last_sent)
        if rung.at > now and rung.at >= since and unsent:
            return rung
    raise AssertionError("a ladder has no end")
