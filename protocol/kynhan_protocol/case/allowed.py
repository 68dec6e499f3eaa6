"""What the case table allows: may this dispatch be sent now, may this act on a dispatch be done now.

The relay asks before it logs, the client before it seals; the fold asks again. The answer is None, or a CaseRuleError
whose `rule` names the column that was broken and whose sentence says why, in both languages.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Final

from ..agreement.profile import Profile
from ..errors import CaseRuleError
from ..names import Name
from ..statements.statements import Dispatch
from . import contests, kind_rules, setting_rules
from .act_rules import Act, check_act
from .case import Case, PartyName, Sent
from .kind_rules import NOTHING_ELSE, Circumstances
from .kinds import Addressee, Event, Phase, Presence, Rule, Sender
from .reasons import Why, because_of_phase, refuse
from .table import RULES

__all__ = ["NOTHING_ELSE", "Act", "Circumstances", "check", "check_act", "faults", "is_copy"]

LAST_YEAR: Final = 2999
"""No date announced lies beyond it: what is counted from one (midnight, reminders) never leaves the calendar."""


def check(
    case: Case | None,
    dispatch: Dispatch,
    sender_party: PartyName,
    profile: Profile,
    circumstances: Circumstances = NOTHING_ELSE,
) -> None:
    """Raise the first of `faults`, a CaseRuleError `not-now`, unless the table allows `dispatch` as the next one."""
    for error in faults(case, dispatch, sender_party, profile, circumstances):
        raise error


def faults(
    case: Case | None,
    dispatch: Dispatch,
    sender_party: PartyName,
    profile: Profile,
    circumstances: Circumstances = NOTHING_ELSE,
) -> Iterator[CaseRuleError]:
    """Every column of the table that does not allow `dispatch` as the next one of `case`.

    `case` is None before its first dispatch; `profile` is the case's.
    """
    rule = RULES[dispatch.kind]
    yield from _of_profile(rule, case, dispatch, sender_party, profile)
    yield from _of_sender(rule, case, dispatch, sender_party, profile, circumstances.roles)
    yield from _of_addressee(rule, dispatch, sender_party, profile, circumstances.addressee_roles)
    short = profile.party(sender_party).short
    phase = case.phase if case is not None else Phase.NEW
    again = contests.admitted(case, dispatch) is not None
    led_here = again and phase in rule.moves.get(Event.SENT, {}).values()
    if phase not in rule.phases and not led_here:
        yield refuse(rule, "phase", short, because_of_phase(case))
    for name, presence, value in (
        ("term", rule.term, dispatch.term),
        ("due", setting_rules.due_presence(rule, profile), dispatch.due),
        ("about", rule.about, dispatch.about),
        ("regarding", rule.regarding, dispatch.regarding),
    ):
        yield from _of_presence(rule, name, presence, value, short)
    yield from _of_date_and_term(rule, dispatch, profile, short)
    regarded = _regarded(case, dispatch)
    if not again and not _says_void(dispatch, regarded):
        yield from _of_regarding(rule, dispatch, regarded, short)
    if why := setting_rules.why_not(case, dispatch, profile):
        yield refuse(rule, "setting", short, why)
    if why := kind_rules.why_not(case, dispatch, regarded, profile, circumstances):
        yield refuse(rule, dispatch.kind, short, why)


def is_copy(case: Case | None, dispatch: Dispatch, profile: Profile) -> bool:
    """Whether `dispatch` only repeats for one more addressee what was sent already: it then moves nothing."""
    if dispatch.kind in ("reply", "interim"):
        return Name.of(dispatch.to).committee == Name.of(dispatch.from_).committee
    request = case.request if case is not None else None
    return dispatch.kind == "request" and request is not None and request.stands


def _of_profile(
    rule: Rule, case: Case | None, dispatch: Dispatch, sender_party: PartyName, profile: Profile
) -> Iterator[CaseRuleError]:
    short = profile.party(sender_party).short
    if profile.party_of(dispatch.from_) != sender_party:
        yield refuse(
            rule,
            "sender",
            short,
            (f"{dispatch.from_} thuộc bên kia", f"{dispatch.from_} is the other side's"),
        )
    if case is not None and case.profile and dispatch.profile != case.profile:
        why = ("việc này theo bản hồ sơ quy chế khác", "the case began under another profile")
        yield refuse(rule, "profile", short, why)
    own_log = len(set(profile.committees)) == 1
    if (dispatch.kind == "draft") != own_log and dispatch.kind not in ("message", "note"):
        why = ("loại này chỉ gửi trong nội bộ đảng ủy", "it travels inside one committee only")
        if own_log:
            why = ("nhật ký này chỉ dùng nội bộ đảng ủy", "this log is one committee's own")
        yield refuse(rule, "log", short, why)
    if profile.wants_approver(dispatch.kind) and dispatch.approver is None:
        yield refuse(rule, "approver", short, ("thiếu người duyệt phát hành", "nobody approved it"))


def _of_sender(
    rule: Rule,
    case: Case | None,
    dispatch: Dispatch,
    sender_party: PartyName,
    profile: Profile,
    roles: Collection[str],
) -> Iterator[CaseRuleError]:
    short = profile.party(sender_party).short
    as_committee = Sender(sender_party) in rule.senders
    as_unit = Sender.UNIT in rule.senders and (sender_party == "responding" or as_committee)
    if not roles:
        if not as_committee and not as_unit:
            yield refuse(rule, "sender", short, ("đây là việc của bên kia", "that is for the other side"))
        return
    if ("clerk" in roles or "approver" in roles) and as_committee:
        return
    if not set(roles) & {"clerk", "approver", "unit", "auditor"}:
        yield refuse(
            rule, "sender", short, (f"{dispatch.from_} không được gửi", f"{dispatch.from_} may not send")
        )
        return
    allowed = (as_unit and "unit" in roles) or (Sender.AUDITOR in rule.senders and "auditor" in roles)
    if not allowed:
        yield refuse(
            rule, "sender", short, (f"{dispatch.from_} không được gửi", f"{dispatch.from_} may not send it")
        )
        return
    if not _is_concerned(rule, case, dispatch):
        why = (f"việc này không giao cho {dispatch.from_}", f"the case is not with {dispatch.from_}")
        yield refuse(rule, "concern", short, why)


def _is_concerned(rule: Rule, case: Case | None, dispatch: Dispatch) -> bool:
    """Whether the case is a unit's or auditor's to send in: it was sent something of it, or began it itself."""
    if case is None:
        return rule.unit_opens
    if rule.kind in setting_rules.ANSWERS:
        return case.unit == dispatch.from_
    return any(dispatch.from_ in (sent.to, sent.from_) and sent.stands for sent in case.dispatches.values())


def _of_addressee(
    rule: Rule, dispatch: Dispatch, sender_party: PartyName, profile: Profile, roles: Collection[str]
) -> Iterator[CaseRuleError]:
    short = profile.party(sender_party).short
    to = Name.of(dispatch.to)
    if to.committee not in profile.committees:
        yield refuse(
            rule, "to", short, (f"{dispatch.to} không thuộc hai bên", f"{dispatch.to} is of neither side")
        )
    own = to.is_of(Name.of(dispatch.from_).committee)
    if to.is_member:
        addressee = Addressee.OWN_MEMBER if own else Addressee.OTHER_MEMBER
    else:
        addressee = Addressee.OWN if own else Addressee.OTHER
    if addressee not in rule.addressees or dispatch.to == dispatch.from_:
        why = (f"không gửi cho {dispatch.to} được", f"it cannot go to {dispatch.to}")
        yield refuse(rule, "to", short, why)
    elif to.is_member and roles and not rule.member_roles & set(roles):
        yield refuse(rule, "to", short, _why_not_to(rule, dispatch.to))


def _why_not_to(rule: Rule, to: str) -> Why:
    if rule.member_roles == {"unit"}:
        return f"{to} không phải cơ quan chức năng", f"{to} is not certified as a unit"
    roles = ", ".join(sorted(rule.member_roles))
    return f"{to} không có vai trò nào trong: {roles}", f"{to} is none of: {roles}"


def _of_presence(
    rule: Rule, name: str, presence: Presence, value: object, short: str
) -> Iterator[CaseRuleError]:
    words = {
        "term": ("thời hạn", "a term"),
        "due": ("ngày trả lời", "a due date"),
        "about": ("mã đợt (about)", "a topic (about)"),
        "regarding": ("lượt gửi liên quan", "the dispatch it regards"),
    }
    vi, en = words[name]
    if presence is Presence.REQUIRED and value is None:
        yield refuse(rule, name, short, (f"phải nêu {vi}", f"it must name {en}"))
    if presence is Presence.FORBIDDEN and value is not None:
        yield refuse(rule, name, short, (f"không được nêu {vi}", f"it cannot name {en}"))


def _of_date_and_term(
    rule: Rule, dispatch: Dispatch, profile: Profile, short: str
) -> Iterator[CaseRuleError]:
    if dispatch.due is not None and dispatch.due.year > LAST_YEAR:
        yield refuse(rule, "due", short, ("ngày trả lời quá xa", "its date lies too far ahead"))
    if dispatch.term is not None and dispatch.term not in {term.code for term in profile.terms}:
        why = (f"hai bên không có thời hạn {dispatch.term}", f"the profile has no term {dispatch.term}")
        yield refuse(rule, "term", short, why)


def _regarded(case: Case | None, dispatch: Dispatch) -> Sent | None:
    """The dispatch that this one regards, if it is one of the case that the table allowed."""
    if dispatch.regarding is None or case is None:
        return None
    sent = case.dispatches.get(dispatch.regarding)
    return sent if sent is not None and sent.refused is None else None


def _says_void(dispatch: Dispatch, regarded: Sent | None) -> bool:
    """Whether it is the first signature under a correction that says of a contested dispatch that it counts no more."""
    return contests.annuls(dispatch) and regarded is not None and regarded.is_contested


def _of_regarding(
    rule: Rule, dispatch: Dispatch, regarded: Sent | None, short: str
) -> Iterator[CaseRuleError]:
    if dispatch.regarding is None:
        return
    if regarded is None:
        why = ("lượt gửi liên quan không có trong việc này", "the dispatch it regards is not of this case")
        yield refuse(rule, "regarding", short, why)
    elif rule.regarding_kinds and regarded.kind not in rule.regarding_kinds:
        label = RULES[regarded.kind].label
        yield refuse(rule, "regarding", short, (f"không thể về {label.vi}", f"it cannot regard a {label.en}"))
