"""Rules of single kinds of dispatch that the columns of the case table cannot say."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from .calendar import Calendar
from .case import Case, Sent
from .kinds import Phase
from .reasons import Why, because_of_phase
from .statements import Dispatch
from .vietnam_time import format_date_vi


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What the statements of the case alone do not tell; a rule that needs what is missing here is not checked.

    `roles` are those in force of the sender, `addressee_roles` of the member addressed; `today` is Việt Nam's date.
    """

    roles: Collection[str] = ()
    addressee_roles: Collection[str] = ()
    calendar: Calendar | None = None
    today: date | None = None


NOTHING_ELSE = Circumstances()


def why_not(case: Case | None, dispatch: Dispatch, regarded: Sent | None, other: Circumstances) -> Why | None:
    """Why `dispatch`, which regards `regarded`, may not be sent by its kind's own rules; None if it may."""
    match dispatch.kind:
        case "request":
            return _why_no_request(case, dispatch, regarded)
        case "extension":
            return _why_no_extension(case, dispatch, other)
        case "recall":
            return _why_no_recall(dispatch, regarded)
        case "answer":
            return _why_no_answer(dispatch, regarded)
        case "correction":
            return _why_no_correction(case, dispatch, regarded)
        case _:
            return None


def _why_no_request(case: Case | None, dispatch: Dispatch, regarded: Sent | None) -> Why | None:
    if case is None or case.phase not in (Phase.UNSIGNED, Phase.RUNNING, Phase.RETURNED):
        return None
    request = case.request
    if request is None or regarded is None or regarded.id != request.id:
        return because_of_phase(case)
    if any(sent.to == dispatch.to for sent in case.standing("request")):
        return f"đã gửi cho {dispatch.to}", f"{dispatch.to} was already sent it"
    return None


def _why_no_extension(case: Case | None, dispatch: Dispatch, other: Circumstances) -> Why | None:
    if case is None or case.due is None or dispatch.due is None:
        return "việc này không có thời hạn", "the case has no time limit"
    if dispatch.due <= case.due.due:
        return f"hạn đang tính là {format_date_vi(case.due.due)}", f"the date in force is {case.due.due}"
    if other.today is not None and dispatch.due < other.today:
        return "ngày thông báo đã qua", "the date announced has passed"
    if other.calendar is not None and not other.calendar.without_end().is_working_day(dispatch.due):
        return f"{format_date_vi(dispatch.due)} là ngày nghỉ", f"{dispatch.due} is a day off"
    return None


def _why_no_recall(dispatch: Dispatch, regarded: Sent | None) -> Why | None:
    if regarded is None or regarded.from_.partition("/")[0] != dispatch.from_.partition("/")[0]:
        return "chỉ bên gửi được thu hồi", "only its sender can recall it"
    if regarded.to != dispatch.to:
        return f"bì đó đã gửi cho {regarded.to}", f"it was sent to {regarded.to}"
    if regarded.state == "sent":
        return "chưa ai ký nhận, hãy lấy lại", "nobody signed for it yet, so it can be withdrawn"
    if not regarded.stands:
        return "bì đó không còn hiệu lực", "it no longer counts"
    return None


def _why_no_answer(dispatch: Dispatch, regarded: Sent | None) -> Why | None:
    asked = regarded.to.partition("/")[0] if regarded is not None else ""
    if asked != dispatch.from_.partition("/")[0]:
        return "câu hỏi không gửi cho bên này", "the question was not put to this side"
    return None


def _why_no_correction(case: Case | None, dispatch: Dispatch, regarded: Sent | None) -> Why | None:
    if dispatch.term is None and (dispatch.due is None or case is None or case.term is None):
        return "phải nêu thời hạn đúng", "it must name the right term"
    if regarded is None or regarded.kind != "correction":
        return None
    if regarded.from_.partition("/")[0] == dispatch.from_.partition("/")[0] or not regarded.stands:
        return "phải do bên kia đồng ý", "it is for the other side to agree"
    if (regarded.term, regarded.due) != (dispatch.term, dispatch.due):
        return "không khớp đề nghị đính chính", "it differs from the correction proposed"
    return None
