"""Rules of single kinds of dispatch that the columns of the case table cannot say."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Final

from ..agreement.calendar import Calendar
from ..agreement.profile import Profile
from ..names import Name
from ..statements.statements import Dispatch
from ..vietnam_time import format_date_vi, local_date
from . import contests
from .case import Case, Sent
from .kinds import Phase
from .phases import FOLLOWABLE
from .reasons import Why, because_of_phase


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What the statements of the case alone do not tell; a rule that needs what is missing here is not checked.

    `roles` are those in force of the sender, `addressee_roles` of the member addressed; `today` is Việt Nam's date.
    """

    roles: Collection[str] = ()
    addressee_roles: Collection[str] = ()
    calendar: Calendar | None = None
    today: date | None = None


NOTHING_ELSE: Final = Circumstances()
_FOR_A_COMMITTEE: Final = frozenset({"clerk", "approver"})


def why_not(
    case: Case | None, dispatch: Dispatch, regarded: Sent | None, profile: Profile, other: Circumstances
) -> Why | None:
    """Why `dispatch`, which regards `regarded`, may not be sent by its kind's own rules; None if it may."""
    match dispatch.kind:
        case "request":
            return _why_no_request(case, dispatch, regarded)
        case "supplement":
            return _why_no_supplement(case, dispatch)
        case "extension":
            return _why_no_extension(case, dispatch, other)
        case "recall":
            return _why_no_recall(dispatch, regarded, other)
        case "answer":
            return _why_no_answer(case, dispatch, regarded, other)
        case "correction":
            return _why_no_correction(case, dispatch, regarded, profile, other)
        case _:
            return None


def _why_no_request(case: Case | None, dispatch: Dispatch, regarded: Sent | None) -> Why | None:
    """While a request stands, another one is its copy for one more addressee, under the same term."""
    if case is None or case.phase not in (Phase.UNSIGNED, Phase.RUNNING, Phase.RETURNED):
        return None
    request = case.request
    again = contests.admitted(case, dispatch) is not None
    if request is None or regarded is None or (regarded.id != request.id and not again):
        return because_of_phase(case)
    if _was_sent_it(case, dispatch.to) and not again:
        return f"đã gửi cho {dispatch.to}", f"{dispatch.to} was already sent it"
    if dispatch.term not in (request.term, case.term):
        return "bản gửi thêm, gửi lại phải cùng thời hạn", "a copy bears the term of the request"
    return None


def _why_no_supplement(case: Case | None, dispatch: Dispatch) -> Why | None:
    """What completes a dossier goes to who has the dossier, and to no other unit."""
    if case is None or not Name.of(dispatch.to).is_member:
        return None
    if dispatch.to == case.unit or _was_sent_it(case, dispatch.to):
        return None
    return f"việc này không giao cho {dispatch.to}", f"the case is not with {dispatch.to}"


def _was_sent_it(case: Case, to: str) -> bool:
    """Whether `to` was sent the request that carries the case, and not only one that it took the place of."""
    request = case.request
    first = request.index if request is not None else 0
    return any(sent.to == to and sent.index >= first for sent in case.standing("request"))


def _why_no_extension(case: Case | None, dispatch: Dispatch, other: Circumstances) -> Why | None:
    if case is None or case.due is None:
        return "việc này không có thời hạn", "the case has no time limit"
    first = contests.admitted(case, dispatch)
    if first is not None and dispatch.due != first.due:
        return "bản gửi lại phải nêu cùng ngày", "what is sent again names the same date"
    if first is not None:
        return None
    if dispatch.due is None:  # the profile lets an extension be announced without a date
        return None
    if dispatch.due <= case.due.due:
        return _date_in_force(case.due.due)
    if other.today is not None and dispatch.due < other.today:
        return "ngày thông báo đã qua", "the date announced has passed"
    return _why_off(dispatch.due, other.calendar)


def _why_no_recall(dispatch: Dispatch, regarded: Sent | None, other: Circumstances) -> Why | None:
    if regarded is None or Name.of(regarded.from_).committee != Name.of(dispatch.from_).committee:
        return "chỉ bên gửi được thu hồi", "only its sender can recall it"
    if other.roles and not _FOR_A_COMMITTEE & set(other.roles) and regarded.from_ != dispatch.from_:
        return f"bì đó do {regarded.from_} gửi", f"it was sent by {regarded.from_}"
    if regarded.to != dispatch.to:
        return f"bì đó đã gửi cho {regarded.to}", f"it was sent to {regarded.to}"
    if regarded.state == "sent":
        return "chưa ai ký nhận, hãy lấy lại", "nobody signed for it yet, so it can be withdrawn"
    if not regarded.stands:
        return "bì đó không còn hiệu lực", "it no longer counts"
    if regarded.to in regarded.destroyed_by:
        return "bên nhận đã ghi nhận tiêu hủy", "its destruction by the recipient is on record"
    return None


def _why_no_answer(
    case: Case | None, dispatch: Dispatch, regarded: Sent | None, other: Circumstances
) -> Why | None:
    """An answer comes from who was asked, goes to who asked, and follows a question that was signed for."""
    if regarded is None:
        return None
    asker, asked = Name.of(regarded.from_).committee, Name.of(regarded.to).committee
    within = asker == asked  # then it is not the side that tells who was asked
    if not Name.of(dispatch.from_).is_of(asked) or (within and dispatch.from_ == regarded.from_):
        return "câu hỏi không gửi cho bên này", "the question was not put to this side"
    if not _was_asked(case, dispatch, regarded, other):
        return f"câu hỏi gửi cho {regarded.to}", f"the question was put to {regarded.to}"
    if dispatch.to not in (regarded.from_, asker):
        return f"câu hỏi do {regarded.from_} gửi", f"the question was put by {regarded.from_}"
    if regarded.state == "sent":
        return "câu hỏi chưa được ký nhận", "the question was not signed for yet"
    if not regarded.stands:
        return "câu hỏi không còn hiệu lực", "the question no longer counts"
    return None


def _was_asked(case: Case | None, dispatch: Dispatch, regarded: Sent, other: Circumstances) -> bool:
    """Whether the answer's sender was asked. For a member the other side asked its committee may answer too, and what
    is only a question the unit that has the case meanwhile.
    """
    if not Name.of(regarded.to).is_member or dispatch.from_ == regarded.to:
        return True
    if Name.of(regarded.from_).committee == Name.of(regarded.to).committee:
        return False
    if not other.roles or _FOR_A_COMMITTEE & set(other.roles):
        return True
    return regarded.kind == "question" and case is not None and case.unit == dispatch.from_


def _why_no_correction(
    case: Case | None, dispatch: Dispatch, regarded: Sent | None, profile: Profile, other: Circumstances
) -> Why | None:
    if case is not None and contests.annuls(dispatch):
        return _why_no_annulment(case, dispatch, regarded)
    if case is None or (dispatch.term is None and case.term is None):
        return "phải nêu thời hạn đúng", "it must name the right term"
    if why := _why_no_such_limit(case, dispatch.due) or _why_off(dispatch.due, other.calendar):
        return why
    if regarded is None or regarded.kind != "correction" or not profile.settings.correction_by_both:
        if dispatch.due is None and dispatch.term == case.term:
            return f"thời hạn đang tính đã là {case.term}", f"the term in force is {case.term} already"
        return None
    return _why_no_agreement(case, dispatch, regarded)


def _why_no_annulment(case: Case, dispatch: Dispatch, regarded: Sent | None) -> Why | None:
    """Naming neither term nor date it says that a contested dispatch counts no more, or agrees to that."""
    if regarded is not None and contests.annulled(case, regarded) is not None:
        return _why_no_agreement(case, dispatch, regarded)
    if regarded is not None and regarded.is_contested and regarded.kind != "correction":
        return None
    return "phải nêu thời hạn đúng", "it must name the right term"


def _why_no_such_limit(case: Case, day: date | None) -> Why | None:
    """Why no correction can name `day`: it would shorten what runs, or end before it began."""
    if day is None:
        return None
    if case.due is not None and day < case.due.due:
        return _date_in_force(case.due.due)
    if case.clock is not None and day <= local_date(case.clock.started_at):
        return "thời hạn phải kết thúc sau ngày ký nhận", "it must end after the day of the receipt"
    return None


def wants_agreement(case: Case, proposed: Sent) -> bool:
    """Whether the other side still has to agree to the correction `proposed`: it can, and something would change."""
    if case.phase not in FOLLOWABLE or not proposed.stands or _is_of_an_earlier_request(case, proposed):
        return False
    if case.first_correction(proposed) is not None or case.agreement_to(proposed) is not None:
        return False
    if contests.annuls(proposed):
        return contests.annulled(case, proposed) is not None
    if proposed.due is None:
        return proposed.term != case.term
    if _why_no_such_limit(case, proposed.due) is not None:
        return False
    other_term = proposed.term is not None and proposed.term != case.term
    return other_term or case.due is None or proposed.due > case.due.original


def _is_of_an_earlier_request(case: Case, proposed: Sent) -> bool:
    return case.request is not None and proposed.index < case.request.index


def _why_no_agreement(case: Case, dispatch: Dispatch, proposed: Sent) -> Why | None:
    if _is_of_an_earlier_request(case, proposed):
        return "đề nghị đó về một văn bản trước", "it was proposed for an earlier request"
    if Name.of(proposed.from_).committee == Name.of(dispatch.from_).committee or not proposed.stands:
        return "phải do bên kia đồng ý", "it is for the other side to agree"
    if case.first_correction(proposed) is not None or case.agreement_to(proposed) is not None:
        return "hai bên đã ký đính chính", "both sides have signed it already"
    if (proposed.term, proposed.due) != (dispatch.term, dispatch.due):
        return "không khớp đề nghị đính chính", "it differs from the correction proposed"
    return None


def _date_in_force(day: date) -> Why:
    return f"hạn đang tính là {format_date_vi(day)}", f"the date in force is {day}"


def _why_off(day: date | None, calendar: Calendar | None) -> Why | None:
    if day is None or calendar is None:
        return None
    if day.year < min(calendar.years):
        return f"lịch làm việc không có năm {day.year}", f"the calendar does not reach back to {day.year}"
    if calendar.without_end().is_working_day(day):
        return None
    return f"{format_date_vi(day)} là ngày nghỉ", f"{day} is a day off"
