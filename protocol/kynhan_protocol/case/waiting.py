"""Who waits for whom in a case (R9): read from its dispatches, never stored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from ..agreement.profile import Profile
from ..names import Name
from ..words import Words
from .case import Case, Sent
from .kind_rules import wants_agreement
from .kinds import Phase
from .phases import WORKING
from .table import RULES

What = Literal["sign", "open", "header", "answer", "agree", "reply", "supplement", "resend"]

LABELS: Final[dict[What, Words]] = {
    "sign": Words("ký nhận", "sign for it"),
    "open": Words("mở bì", "open it"),
    "header": Words("nhận khóa mở bì", "get the header that did not arrive"),
    "answer": Words("cho ý kiến, trả lời", "answer"),
    "agree": Words("đồng ý đính chính", "agree to the correction"),
    "reply": Words("trả lời kết quả", "reply"),
    "supplement": Words("bổ sung hồ sơ", "complete the dossier"),
    "resend": Words("gửi lại", "send it again"),
}


@dataclass(frozen=True, slots=True)
class Waiting:
    """`who` (a committee or a member) has to do `what` about `dispatch`, since `since`."""

    who: str
    what: What
    dispatch: str
    since: datetime


def waiting(case: Case, profile: Profile) -> tuple[Waiting, ...]:
    """Everything that someone has to do next, oldest first."""
    settled = {sent.regarding: set[str]() for sent in case.dispatches.values() if sent.regarding is not None}
    for sent in case.dispatches.values():
        if sent.regarding is not None and sent.stands:
            settled[sent.regarding].add(sent.kind)
    found = [
        one
        for sent in case.dispatches.values()
        for one in _about(case, sent, settled.get(sent.id, set()), profile)
    ]
    found.extend(_of_phase(case, profile))
    return tuple(sorted(found, key=lambda one: one.since))


def _about(case: Case, sent: Sent, settled: set[str], profile: Profile) -> list[Waiting]:
    if sent.refused is not None or sent.to in sent.destroyed_by:
        return []
    received = sent.received_at or sent.sent_at
    found: list[Waiting] = []
    if sent.state == "sent":
        found.append(Waiting(sent.to, "sign", sent.id, sent.sent_at))
    elif sent.stands and sent.opening is None:
        found.append(Waiting(sent.to, "open", sent.id, received))
    elif sent.stands and sent.opening == "undelivered":
        found.append(Waiting(sent.to, "header", sent.id, sent.opened_at or received))
    if _has_to_be_resent(case, sent):
        since = sent.ended_at or sent.opened_at or received
        found.append(Waiting(Name.of(sent.from_).committee, "resend", sent.id, since))
    wanted = _settled_by(case, sent, profile)
    if sent.stands and wanted and not wanted & settled:
        what: What = "agree" if sent.kind == "correction" else "answer"
        found.append(Waiting(sent.to, what, sent.id, sent.sent_at))
    return found


def _settled_by(case: Case, sent: Sent, profile: Profile) -> frozenset[str]:
    if sent.kind == "correction" and (
        not profile.settings.correction_by_both or not wants_agreement(case, sent)
    ):
        return frozenset()
    recalled = case.dispatches.get(sent.regarding or "") if sent.kind == "recall" else None
    if recalled is not None and recalled.to in recalled.destroyed_by:
        return frozenset()  # agreed to by destroying it
    return RULES[sent.kind].settled_by


def _has_to_be_resent(case: Case, sent: Sent) -> bool:
    """Whether its sender has something to send for it: again, or, where a fault is contested, what settles that."""
    unusable = sent.is_contested or sent.voided_by is not None or sent.state == "declined"
    if not unusable or (case.request is not None and sent.index < case.request.index):
        return False  # it was of a request that another one took the place of
    match sent.kind:
        case "request" | "notice":
            return sent.is_contested and case.phase is not Phase.CLOSED
        case "return" | "extension":
            return sent.is_contested and sent.admissible and case.phase in WORKING
        case "reply" | "supplement" if case.phase in RULES[sent.kind].phases:
            return not any(later.index > sent.index for later in case.standing(sent.kind))
        case _:
            return False


def _of_phase(case: Case, profile: Profile) -> list[Waiting]:
    main = case.main_dispatch
    if main is None:
        return []
    requesting, responding = profile.committees
    since = main.received_at or main.sent_at
    reply = [Waiting(case.unit or responding, "reply", main.id, since)] if case.paused is None else []
    match case.phase:
        case Phase.RUNNING:
            return reply
        case Phase.RETURNED:  # a return that came too late stops nothing: the reply is due all the same
            last = list(case.standing("return"))[-1:]
            return [*reply, *(Waiting(requesting, "supplement", one.id, one.sent_at) for one in last)]
        case Phase.FAULTY:
            return [Waiting(Name.of(main.from_).committee, "resend", main.id, main.opened_at or since)]
        case _:
            return []
