"""What the case table allows: may this dispatch be sent now, may this act on a dispatch be done now.

The relay asks before it logs, the client before it seals; the fold asks again. The answer is None, or a CaseRuleError
whose `rule` names the column that was broken and whose sentence says why, in both languages.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from .calendar import Calendar
from .case import Case, PartyName, Sent
from .errors import CaseRuleError
from .kind_rules import NOTHING_ELSE, Circumstances, why_not
from .kinds import Addressee, Phase, Presence, Rule, Sender
from .profile import Profile
from .reasons import because_of_phase, refuse
from .statements import Decline, Destruction, Dispatch, Opening, Receipt, Withdrawal
from .table import RULES
from .vietnam_time import local_date

__all__ = ["NOTHING_ELSE", "Act", "Circumstances", "check", "check_act", "is_copy"]

Act = Receipt | Opening | Decline | Withdrawal | Destruction

LAST_YEAR: Final = 2999
"""No date announced lies beyond it: what is counted from one (midnight, reminders) never leaves the calendar."""


def check(
    case: Case | None,
    dispatch: Dispatch,
    sender_party: PartyName,
    profile: Profile,
    circumstances: Circumstances = NOTHING_ELSE,
) -> None:
    """Raise CaseRuleError `not-now` unless the table allows `dispatch` as the next one of `case`.

    `case` is None before its first dispatch; `profile` is the case's.
    """
    rule = RULES[dispatch.kind]
    _check_profile(rule, case, dispatch, sender_party, profile)
    _check_sender(rule, case, dispatch, sender_party, profile, circumstances.roles)
    _check_addressee(rule, dispatch, profile, circumstances.addressee_roles)
    phase = case.phase if case is not None else Phase.NEW
    if phase not in rule.phases:
        raise refuse(rule, "phase", profile.party(sender_party).short, because_of_phase(case))
    for name, presence, value in (
        ("term", rule.term, dispatch.term),
        ("due", rule.due, dispatch.due),
        ("about", rule.about, dispatch.about),
        ("regarding", rule.regarding, dispatch.regarding),
    ):
        _check_presence(rule, name, presence, value, profile.party(sender_party).short)
    _check_date_and_term(rule, dispatch, profile, profile.party(sender_party).short)
    regarded = _check_regarding(rule, case, dispatch, profile.party(sender_party).short)
    why = why_not(case, dispatch, regarded, circumstances)
    if why is not None:
        raise refuse(rule, dispatch.kind, profile.party(sender_party).short, why)


def is_copy(case: Case | None, dispatch: Dispatch, profile: Profile) -> bool:
    """Whether `dispatch` only repeats for one more addressee what was sent already: it then moves nothing."""
    if dispatch.kind == "reply":
        return dispatch.to.partition("/")[0] == dispatch.from_.partition("/")[0]
    request = case.request if case is not None else None
    return dispatch.kind == "request" and request is not None and request.stands


def check_act(case: Case, act: Act, calendar: Calendar | None = None) -> None:
    """Raise CaseRuleError `not-now` unless `act` may be done to its dispatch now.

    Whether `by` is a membership in `sealed` of the dispatch is for who knows the chains. Per dispatch the first of
    RECEIPT, DECLINE, WITHDRAWAL wins; an OPENING follows a RECEIPT, and only `undelivered` can be replaced, which
    (told by `calendar`, the one in force) is dated within one working day of the HANDOVER.
    """
    sent = case.dispatches.get(act.dispatch)
    name = type(act).__name__.lower()
    if sent is None:
        raise _refuse_act(name, "dispatch", "việc này không có lượt gửi đó", "the case has no such dispatch")
    committee = act.by.partition("/")[0]
    addressee, sender = sent.to.partition("/")[0], sent.from_.partition("/")[0]
    by_addressee = act.by == sent.to if "/" in sent.to else committee == addressee
    if isinstance(act, Withdrawal):
        fits = committee == sender
    else:
        fits = by_addressee or (isinstance(act, Destruction) and committee in (addressee, sender))
    if not fits:
        raise _refuse_act(
            name, "by", f"{act.by} không phải bên được làm", f"{act.by} is not the one to do it"
        )
    if isinstance(act, Receipt | Decline | Withdrawal) and sent.state != "sent":
        words = {
            "received": ("bì đã được ký nhận", "it was signed for"),
            "declined": ("bì đã bị từ chối tiếp nhận", "it was declined"),
            "withdrawn": ("bì đã được lấy lại", "it was withdrawn"),
        }[sent.state]
        raise _refuse_act(name, "state", *words)
    if isinstance(act, Opening):
        if sent.state != "received":
            raise _refuse_act(name, "state", "bì chưa được ký nhận", "nobody signed for it")
        if sent.opening in ("verified", "faulty"):
            raise _refuse_act(name, "state", "bì đã được mở và ghi nhận", "its opening is already on record")
        if act.result == "undelivered" and calendar is not None and sent.received_at is not None:
            last = calendar.without_end().add_working_days(local_date(sent.received_at), 1)
            if local_date(act.time) > last:
                words = ("đã quá một ngày làm việc từ khi ký nhận", "more than one working day has passed")
                raise _refuse_act(name, "undelivered", *words)
    if isinstance(act, Destruction):
        if sent.state == "sent":
            raise _refuse_act(name, "state", "bì chưa được ký nhận", "nobody signed for it")
        if committee in sent.destroyed_by:
            raise _refuse_act(name, "state", "đã ghi nhận tiêu hủy", "its destruction is already on record")


def _refuse_act(act: str, column: str, vi: str, en: str) -> CaseRuleError:
    return CaseRuleError(
        f"No {act} now: {en}.", rule=f"{act}.{column}", sentence_vi=f"Không thực hiện được: {vi}."
    )


def _check_profile(
    rule: Rule, case: Case | None, dispatch: Dispatch, sender_party: PartyName, profile: Profile
) -> None:
    short = profile.party(sender_party).short
    if profile.party_of(dispatch.from_) != sender_party:
        raise refuse(
            rule,
            "sender",
            short,
            (f"{dispatch.from_} thuộc bên kia", f"{dispatch.from_} is the other side's"),
        )
    if case is not None and case.profile and dispatch.profile != case.profile:
        why = ("việc này theo bản hồ sơ quy chế khác", "the case began under another profile")
        raise refuse(rule, "profile", short, why)
    own_log = len(set(profile.committees)) == 1
    if (dispatch.kind == "draft") != own_log and dispatch.kind not in ("message", "note"):
        why = ("loại này chỉ gửi trong nội bộ đảng ủy", "it travels inside one committee only")
        if own_log:
            why = ("nhật ký này chỉ dùng nội bộ đảng ủy", "this log is one committee's own")
        raise refuse(rule, "log", short, why)
    if dispatch.kind in profile.approval.kinds and dispatch.approver is None:
        raise refuse(rule, "approver", short, ("thiếu người duyệt phát hành", "nobody approved it"))
    if dispatch.kind == "return" and not profile.settings.return_for_completion:
        why = ("hai bên thống nhất không trả lại hồ sơ", "the profile does not know returns")
        raise refuse(rule, "setting", short, why)


def _check_sender(
    rule: Rule,
    case: Case | None,
    dispatch: Dispatch,
    sender_party: PartyName,
    profile: Profile,
    roles: Collection[str],
) -> None:
    short = profile.party(sender_party).short
    as_committee = Sender(sender_party) in rule.senders
    as_unit = Sender.UNIT in rule.senders and (sender_party == "responding" or as_committee)
    if not roles:
        if not as_committee and not as_unit:
            raise refuse(rule, "sender", short, ("đây là việc của bên kia", "that is for the other side"))
        return
    if ("clerk" in roles or "approver" in roles) and as_committee:
        return
    if not set(roles) & {"clerk", "approver", "unit", "auditor"}:
        raise refuse(
            rule, "sender", short, (f"{dispatch.from_} không được gửi", f"{dispatch.from_} may not send")
        )
    concerned = case is not None and (
        case.unit == dispatch.from_
        if rule.kind in ("reply", "interim", "extension", "return")
        else any(sent.to == dispatch.from_ and sent.stands for sent in case.dispatches.values())
    )
    allowed = (as_unit and "unit" in roles) or (Sender.AUDITOR in rule.senders and "auditor" in roles)
    if not allowed:
        raise refuse(
            rule, "sender", short, (f"{dispatch.from_} không được gửi", f"{dispatch.from_} may not send it")
        )
    if not concerned:
        why = (f"việc này không giao cho {dispatch.from_}", f"the case is not with {dispatch.from_}")
        raise refuse(rule, "sender", short, why)


def _check_addressee(rule: Rule, dispatch: Dispatch, profile: Profile, roles: Collection[str]) -> None:
    short = profile.party(profile.party_of(dispatch.from_)).short
    committee, slash, _ = dispatch.to.partition("/")
    if committee not in profile.committees:
        raise refuse(
            rule, "to", short, (f"{dispatch.to} không thuộc hai bên", f"{dispatch.to} is of neither side")
        )
    own = committee == dispatch.from_.partition("/")[0]
    if slash:
        addressee = Addressee.OWN_MEMBER if own else Addressee.OTHER_MEMBER
    else:
        addressee = Addressee.OWN if own else Addressee.OTHER
    if addressee not in rule.addressees or dispatch.to == dispatch.from_:
        why = (f"không gửi cho {dispatch.to} được", f"it cannot go to {dispatch.to}")
        raise refuse(rule, "to", short, why)
    wanted = {
        "request": {"unit"},
        "supplement": {"unit"},
        "assignment": {"unit"},
        "draft": {"approver", "clerk"},
    }
    if slash and roles and dispatch.kind in wanted and not wanted[dispatch.kind] & set(roles):
        why = (f"{dispatch.to} không phải cơ quan chức năng", f"{dispatch.to} is not certified as a unit")
        raise refuse(rule, "to", short, why)


def _check_presence(rule: Rule, name: str, presence: Presence, value: object, short: str) -> None:
    words = {
        "term": ("thời hạn", "a term"),
        "due": ("ngày trả lời", "a due date"),
        "about": ("mã đợt (about)", "a topic (about)"),
        "regarding": ("lượt gửi liên quan", "the dispatch it regards"),
    }
    vi, en = words[name]
    if presence is Presence.REQUIRED and value is None:
        raise refuse(rule, name, short, (f"phải nêu {vi}", f"it must name {en}"))
    if presence is Presence.FORBIDDEN and value is not None:
        raise refuse(rule, name, short, (f"không được nêu {vi}", f"it cannot name {en}"))


def _check_date_and_term(rule: Rule, dispatch: Dispatch, profile: Profile, short: str) -> None:
    if dispatch.due is not None and dispatch.due.year > LAST_YEAR:
        raise refuse(rule, "due", short, ("ngày trả lời quá xa", "its date lies too far ahead"))
    if dispatch.term is not None and dispatch.term not in {term.code for term in profile.terms}:
        why = (f"hai bên không có thời hạn {dispatch.term}", f"the profile has no term {dispatch.term}")
        raise refuse(rule, "term", short, why)


def _check_regarding(rule: Rule, case: Case | None, dispatch: Dispatch, short: str) -> Sent | None:
    if dispatch.regarding is None:
        return None
    sent = case.dispatches.get(dispatch.regarding) if case is not None else None
    if sent is None or sent.refused is not None:
        why = ("lượt gửi liên quan không có trong việc này", "the dispatch it regards is not of this case")
        raise refuse(rule, "regarding", short, why)
    if rule.regarding_kinds and sent.kind not in rule.regarding_kinds:
        label = RULES[sent.kind].label
        raise refuse(rule, "regarding", short, (f"không thể về {label.vi}", f"it cannot regard a {label.en}"))
    return sent
