"""How a case stands against its time limit, in the words of the screen (REGULATION "Words on the screen")."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from ..agreement.calendar import Calendar
from ..agreement.profile import Profile, Standing, Unsigned
from ..vietnam_time import local_date, midnight_after
from ..words import Words
from .case import Case, DueRecord, Stop
from .kinds import PHASE_LABELS, Phase

PAUSED: Final = {
    "question": Words(
        "tạm ngừng tính hạn, chờ trả lời đề nghị làm rõ", "clock stopped, a question waits for its answer"
    ),
    "return": PHASE_LABELS[Phase.RETURNED],
}


@dataclass(frozen=True, slots=True)
class Status:
    """`code` is stable; `days` are working days: left (soon, within) or past (overdue, late), None elsewhere."""

    code: str
    vi: str
    en: str
    days: int | None = None


@dataclass(frozen=True, slots=True)
class Timeliness:
    """Whether the answer came in time, by the regulation's date and by the one announced; None while there is none."""

    answered_at: datetime
    by_original: bool
    by_due: bool


def timeliness(case: Case) -> Timeliness | None:
    """When and how the clock was stopped; None while it runs or where nothing was due."""
    if case.stopped is None or case.due is None:
        return None
    at = _counts_at(case.stopped)
    by_original, by_due = (at < midnight_after(day) for day in (case.due.original, case.due.due))
    return Timeliness(case.stopped.at, by_original, by_due)


def status(case: Case, now: datetime, calendar: Calendar, profile: Profile) -> Status:
    """How `case` stands at `now` under the calendar in force. Raises CalendarError for years before the calendar.

    `profile`, the case's, says how long a package may wait to be signed for, how many working days before its date a
    case is `soon` due, and after it `long-overdue`. A target is never overdue. While the clock is stopped a case is
    `paused`, or as far past its date as it was then.
    """
    calendar, standing = calendar.without_end(), profile.standing
    if case.phase is Phase.UNSIGNED:
        return _unsigned(case, now, calendar, profile.reminders.unsigned)
    if case.due is not None and case.stopped is not None:
        return _answered(case.due, _counts_at(case.stopped), calendar)
    if case.due is not None and case.is_timed:
        if case.paused is None:
            return _open(case.due, now, calendar, standing)
        if case.paused.since < midnight_after(case.due.due):
            return _of(PAUSED[case.paused.because], "paused")
        return _open(case.due, case.paused.since, calendar, standing)
    label = PHASE_LABELS[case.phase]
    return Status(case.phase.value, label.vi, label.en)


def _counts_at(stopped: Stop) -> datetime:
    """What is held against the due date: while the clock stands no time passes."""
    return stopped.stood_since or stopped.at


def _unsigned(case: Case, now: datetime, calendar: Calendar, unsigned: Unsigned) -> Status:
    main = case.main_dispatch
    if main is None:
        return _of(PHASE_LABELS[Phase.UNSIGNED], "unsigned")
    days = calendar.add_working_days(local_date(main.sent_at), unsigned.after_working_days)
    late_from = midnight_after(days)
    if main.urgency is not None:
        late_from = min(late_from, main.sent_at + timedelta(hours=unsigned.hours_to_sign))
    if now < late_from:
        return _of(PHASE_LABELS[Phase.UNSIGNED], "unsigned")
    return Status("unsigned-overdue", "hết thời gian chờ ký nhận", "nobody has signed yet")


def _answered(due: DueRecord, at: datetime, calendar: Calendar) -> Status:
    if at < midnight_after(due.due):
        if due.nature == "target":
            return Status("within-target", "trong mốc phấn đấu", "within the target")
        return Status("in-time", "đúng hạn", "in time")
    days = calendar.working_days_between(due.due, local_date(at))
    if due.nature == "target":
        return Status("target-passed", "quá mốc phấn đấu", "target passed", days)
    return Status("late", "trả lời trễ hạn", "answered late", days)


def _open(due: DueRecord, now: datetime, calendar: Calendar, standing: Standing) -> Status:
    today = local_date(now)
    if now >= midnight_after(due.due):
        return _past(due, calendar.working_days_between(due.due, today), standing)
    left = calendar.working_days_between(today, due.due)
    if today == due.due:
        return Status("due-today", "đến hạn hôm nay", "due today", 0)
    if left == 0:  # the days until then are all off, the last one too
        return Status("soon", "sắp đến hạn (không còn ngày làm việc)", "soon due (no working day left)", 0)
    if left <= standing.soon:
        return Status(
            "soon", f"sắp đến hạn (còn {left} ngày làm việc)", f"soon due ({left} working days left)", left
        )
    return Status("within", "đang xử lý trong hạn", "open within the limit", left)


def _past(due: DueRecord, days: int, standing: Standing) -> Status:
    if due.nature == "target":
        return Status("target-passed", "quá mốc phấn đấu", "target passed", days)
    if days == 0:  # the days since were all off
        return Status(
            "overdue", "quá hạn, từ đó chưa có ngày làm việc nào", "overdue, no working day since", 0
        )
    if days > standing.long_overdue:
        return Status(
            "long-overdue",
            f"quá hạn kéo dài ({days} ngày làm việc)",
            f"long overdue ({days} working days)",
            days,
        )
    return Status("overdue", f"quá hạn {days} ngày làm việc", f"overdue by {days} working days", days)


def _of(label: Words, code: str) -> Status:
    return Status(code, label.vi, label.en)
