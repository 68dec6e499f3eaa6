"""What a reminder says outside the program: in a mail, a webhook, a calendar entry, on a desktop.

Only the case's number, the step in words, a date and the command that leads on: never a title, a subject or a name.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from ..agreement.ladder import order_of
from ..vietnam_time import format_date_vi, local_date
from ..words import Words
from .case import Case, Sent

SHORT: Final = 12
UNSIGNED: Final = "unsigned"
CONTESTED: Final = "contested"
"""`unsigned+N` about a package that was signed for and is said to be faulty is told as `contested+N`."""
DECLINED: Final = "declined"
"""Likewise about one that was declined while a returned dossier waits for it."""
PROVISIONAL: Final = Words(vi="dự kiến", en="provisional")
CALENDAR_COMMAND: Final = "kynhan calendar"


@dataclass(frozen=True, slots=True)
class Notice:
    """A reminder as it is told. `date` is the due date, or of a package the day it was sent.

    `target`: the date is only strived for (*mốc phấn đấu*). `escalated`: it goes to whoever approves, because the day
    has come.
    """

    case: str
    step: str
    date: date | None
    provisional: bool = False
    target: bool = False
    escalated: bool = False

    @property
    def unsigned(self) -> bool:
        """Whether it is about a package, and no due date."""
        return self.step.startswith((UNSIGNED, CONTESTED, DECLINED))


def short(case: str) -> str:
    """A case as the program's lists name it."""
    return case[:SHORT]


def command(case: str) -> str:
    """What to type to see the case."""
    return f"kynhan case {short(case)}"


def notice_of(case: Case, step: str, dispatch: str | None) -> Notice:
    """What the step `step` of a case says: of its package `dispatch`, or with None of the date in force."""
    if dispatch is not None:
        sent = case.dispatches[dispatch]
        return Notice(case.id, _told_step(step, sent), local_date(sent.sent_at))
    assert case.due is not None  # the ladder stands on it
    return Notice(case.id, step, case.due.due, case.due.provisional, case.due.nature == "target")


def _told_step(step: str, sent: Sent) -> str:
    """The step of a REMINDER of a package as it is told: by what became of that."""
    if sent.state == "declined":
        return step.replace(UNSIGNED, DECLINED)
    return step.replace(UNSIGNED, CONTESTED) if sent.is_contested else step


def step_as_told(step: str, sent: Sent | None, at: datetime) -> str:
    """The same of a REMINDER logged at `at`, whatever became of the package since; `sent` None: it is of a date."""
    if sent is None:
        return step
    if sent.state == "declined" and sent.ended_at is not None and sent.ended_at <= at:
        return step.replace(UNSIGNED, DECLINED)
    signed_for = sent.received_at is not None and sent.received_at <= at
    return step.replace(UNSIGNED, CONTESTED) if signed_for else step


def step_words(step: str, target: bool = False) -> Words:
    """A step of the ladder in words; a target is passed, never overdue."""
    days = order_of(step)
    if step.startswith(CONTESTED):
        return Words(
            vi=f"bì gửi {days} ngày làm việc trước đang bị báo lỗi",
            en=f"a package sent {_days(days)} ago is said to be faulty",
        )
    if step.startswith(DECLINED):
        return Words(
            vi=f"văn bản bổ sung gửi {days} ngày làm việc trước bị từ chối tiếp nhận",
            en=f"a supplement sent {_days(days)} ago was declined",
        )
    if step.startswith(UNSIGNED):
        return Words(
            vi="bì khẩn chưa có người ký nhận"
            if days == 0
            else f"bì chưa có người ký nhận sau {days} ngày làm việc",
            en="nobody has signed for an urgent package"
            if days == 0
            else f"nobody has signed for a package after {_days(days)}",
        )
    if days < 0:
        return Words(
            vi=f"còn {-days} ngày làm việc đến {'mốc phấn đấu' if target else 'hạn trả lời'}",
            en=f"{_days(-days)} left to the {'target' if target else 'due date'}",
        )
    if days == 0:
        return Words(
            vi="đến mốc phấn đấu hôm nay" if target else "đến hạn hôm nay",
            en="target reached today" if target else "due today",
        )
    if target:
        return Words(vi=f"quá mốc phấn đấu {days} ngày làm việc", en=f"target passed {_days(days)} ago")
    return Words(vi=f"quá hạn {days} ngày làm việc", en=f"overdue by {_days(days)}")


def headline(notice: Notice) -> Words:
    """One line: the case and the step."""
    step = step_words(notice.step, notice.target)
    return Words(
        vi=f"Việc {short(notice.case)}: {step.vi}",
        en=f"Case {short(notice.case)}: {step.en}",
    )


def date_line(notice: Notice) -> Words | None:
    """The date with its name; None where there is none."""
    if notice.date is None:
        return None
    shown = format_date_vi(notice.date)
    if notice.unsigned:
        return Words(vi=f"Ngày gửi: {shown}", en=f"Sent on: {shown}")
    vi, en = ("Mốc phấn đấu", "Target") if notice.target else ("Hạn trả lời", "Due date")
    if notice.provisional:
        return Words(vi=f"{vi}: {shown} ({PROVISIONAL.vi})", en=f"{en}: {shown} ({PROVISIONAL.en})")
    return Words(vi=f"{vi}: {shown}", en=f"{en}: {shown}")


def told(notice: Notice) -> Words:
    """All of it, a line each: headline, date, why an approver gets it, how to go on."""
    on = date_line(notice)
    lines = [headline(notice), *([] if on is None else [on])]
    if notice.escalated:
        lines.append(
            Words(
                vi="Gửi người duyệt phát hành: việc đã đến hạn mà chưa có văn bản trả lời.",
                en="To the approver: the day has come and there is no reply yet.",
            )
        )
    lines.append(Words(vi=f"Xem: {command(notice.case)}", en=f"See: {command(notice.case)}"))
    return _joined(lines)


def missing_calendar(year: int) -> Words:
    """The yearly reminder that a working-day calendar has to be drawn up and signed."""
    return Words(
        vi=f"Chưa có lịch làm việc chính thức năm {year}; các hạn trong năm đó là dự kiến.\n"
        f"Xem: {CALENDAR_COMMAND}",
        en=f"There is no official working-day calendar for {year}; dates in it are provisional.\n"
        f"See: {CALENDAR_COMMAND}",
    )


def _joined(lines: list[Words]) -> Words:
    return Words(vi="\n".join(line.vi for line in lines), en="\n".join(line.en for line in lines))


def _days(count: int) -> str:
    return "1 working day" if count == 1 else f"{count} working days"
