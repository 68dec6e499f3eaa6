"""What may be done to a dispatch that was sent: sign for it, open it, decline it, take it back, destroy it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from ..agreement.calendar import Calendar
from ..agreement.profile import Profile
from ..errors import CaseRuleError
from ..names import Name
from ..statements.chains import Certified
from ..statements.statements import Decline, Destruction, Dispatch, Opening, Receipt, Withdrawal
from ..vietnam_time import local_date, midnight_after
from ..words import Words
from .case import Case, Sent
from .reasons import Why

Act = Receipt | Opening | Decline | Withdrawal | Destruction

_CANNOT: Final[Mapping[type, Words]] = {
    Receipt: Words("Không ký nhận được", "No receipt now"),
    Opening: Words("Không ghi nhận việc mở bì được", "No opening now"),
    Decline: Words("Không từ chối tiếp nhận được", "No decline now"),
    Withdrawal: Words("Không lấy lại được", "No withdrawal now"),
    Destruction: Words("Không ghi nhận tiêu hủy được", "No destruction now"),
}
_SETTLED: Final[Mapping[str, Why]] = {
    "received": ("bì đã được ký nhận", "it was signed for"),
    "declined": ("bì đã bị từ chối tiếp nhận", "it was declined"),
    "withdrawn": ("bì đã được lấy lại", "it was withdrawn"),
}
_UNSIGNED: Final[Why] = ("bì chưa được ký nhận", "nobody signed for it")


def check_act(case: Case, act: Act, calendar: Calendar | None = None, profile: Profile | None = None) -> None:
    """Raise CaseRuleError `not-now` unless `act` may be done to its dispatch now.

    Whether `by` is a membership in `sealed` of the dispatch is for who knows the chains: see may_act. Per dispatch
    the first of RECEIPT, DECLINE, WITHDRAWAL wins; an OPENING follows a RECEIPT, and only `undelivered` can be
    replaced, which (told by `calendar`, the one in force) is dated within one working day of the HANDOVER, and `faulty`
    by `verified` while it is contested. `profile`, the case's, tells whether documents may be destroyed for their age.
    The columns of `rule`: dispatch, by, state, unsigned, undelivered, admitted, recall, retention.
    """
    sent = case.dispatches.get(act.dispatch)
    if sent is None:
        raise _refuse(act, "dispatch", ("việc này không có lượt gửi đó", "the case has no such dispatch"))
    if not _is_for(act, sent):
        why = (f"{act.by} không phải bên được làm", f"{act.by} is not the one to do it")
        raise _refuse(act, "by", why)
    match act:
        case Receipt() | Decline() | Withdrawal():
            if sent.state != "sent":
                raise _refuse(act, "state", _SETTLED[sent.state])
            if isinstance(act, Withdrawal) and case.agreement_to(sent) is not None:
                why = ("bên kia đã đồng ý đính chính", "the other side has agreed to the correction")
                raise _refuse(act, "state", why)
        case Opening():
            _check_opening(act, sent, calendar)
        case Destruction():
            _check_destruction(act, sent, case, profile)


def _is_for(act: Act, sent: Sent) -> bool:
    of_sender = Name.of(act.by).committee == Name.of(sent.from_).committee
    match act:
        case Withdrawal():
            return of_sender
        case Destruction():
            return of_sender or is_addressee(act.by, sent)
        case _:
            return is_addressee(act.by, sent)


def is_addressee(member: str, sent: Sent) -> bool:
    """Whether `member` is who a dispatch is for: the member addressed, or one of the committee."""
    return member == sent.to if Name.of(sent.to).is_member else Name.of(member).is_of(sent.to)


def may_act(act: Act, sent: Dispatch, member: Certified) -> bool:
    """Whether `member`, in force, may do that to the dispatch (DESIGN §2).

    Those keys in `sealed` that are the addressee's sign for it, open and decline it. The sender's committee takes it
    back and destroys it, and so does the addressee: their clerks, or who has a key in `sealed`.
    """
    addressed = member.name == sent.to or member.committee == sent.to
    if isinstance(act, Withdrawal | Destruction):
        concerned = member.committee == Name.of(sent.from_).committee
        if isinstance(act, Destruction):
            concerned = concerned or addressed
        return concerned and (member.has("clerk") or member.id in sent.sealed)
    is_addressee = addressed and (Name.of(sent.to).is_member or member.has("clerk"))
    return is_addressee and member.id in sent.sealed


def holder(act: Destruction, sent: Sent) -> str:
    """Whose copy a DESTRUCTION is of: that of the member addressed, or that of a committee."""
    return sent.to if act.by == sent.to else Name.of(act.by).committee


def _check_opening(act: Opening, sent: Sent, calendar: Calendar | None) -> None:
    if sent.state == "sent":
        raise _refuse(act, "unsigned", _UNSIGNED)
    if sent.state != "received":
        raise _refuse(act, "state", _SETTLED[sent.state])
    if sent.opening == "faulty" and act.result == "verified":
        if not sent.is_contested:
            why = ("lỗi của bì đã được thừa nhận", "its fault is admitted")
            raise _refuse(act, "admitted", why)
        return
    if sent.opening in ("verified", "faulty"):
        raise _refuse(act, "state", ("bì đã được mở và ghi nhận", "its opening is already on record"))
    if act.result == "undelivered" and calendar is not None and sent.received_at is not None:
        last = calendar.without_end().add_working_days(local_date(sent.received_at), 1)
        if act.time >= midnight_after(last):
            why = ("đã quá một ngày làm việc từ khi ký nhận", "more than one working day has passed")
            raise _refuse(act, "undelivered", why)


def _check_destruction(act: Destruction, sent: Sent, case: Case, profile: Profile | None) -> None:
    if sent.state == "sent":
        raise _refuse(act, "unsigned", _UNSIGNED)
    if holder(act, sent) in sent.destroyed_by:
        raise _refuse(act, "state", ("đã ghi nhận tiêu hủy", "its destruction is already on record"))
    if act.code == "recalled" and not any(one.regarding == sent.id for one in case.standing("recall")):
        raise _refuse(act, "recall", ("không có đề nghị thu hồi", "nobody asked to recall it"))
    if act.code == "retention" and profile is not None:
        _check_age(act, sent, profile.settings.retention_years)


def _check_age(act: Destruction, sent: Sent, years: int) -> None:
    if years == 0:
        why = (
            "hai bên thống nhất chỉ tiêu hủy khi có lệnh",
            "the profile keeps everything until a destruction is ordered",
        )
        raise _refuse(act, "retention", why)
    first = _years_after(local_date(sent.sent_at), years)
    if first is None or local_date(act.time) < first:
        why = (f"thời hạn lưu giữ là {years} năm", f"documents are kept for {years} years")
        raise _refuse(act, "retention", why)


def _years_after(day: date, years: int) -> date | None:
    """The same day so many years later (1 March for 29 February); None beyond the calendar."""
    if day.year + years > date.max.year:
        return None
    if (day.month, day.day) == (2, 29):
        return date(day.year + years, 3, 1)
    return day.replace(year=day.year + years)


def _refuse(act: Act, column: str, why: Why) -> CaseRuleError:
    cannot = _CANNOT[type(act)]
    return CaseRuleError(
        f"{cannot.en}: {why[1]}.",
        rule=f"{type(act).__name__.lower()}.{column}",
        sentence_vi=f"{cannot.vi}: {why[0]}.",
    )
