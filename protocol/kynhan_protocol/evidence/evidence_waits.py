"""What questions may have taken of the time of a case, where the profile lets them stop the clock.

The evidence may lack a question or an answer without anybody knowing. So a date that differs only by days that such a
question could have taken is not called false: what it was computed from is missing.
"""

from __future__ import annotations

from datetime import date, datetime

from ..agreement.calendar import Calendar
from ..agreement.profile import Profile
from ..case import pauses
from ..vietnam_time import local_date


def may_be_waits(
    stated: date, ours: date, since: datetime, until: datetime, profile: Profile, calendar: Calendar
) -> bool:
    """Whether `stated` is `ours` moved by no more working days than questions can have taken from `since`, when the
    clock started, to `until`.
    """
    if not profile.settings.question_stops_clock:
        return False
    days = calendar.without_end()
    most = max(days.working_days_between(local_date(since), local_date(until)), 0)
    return most > 0 and ours <= stated <= pauses.later(ours, most, days)
