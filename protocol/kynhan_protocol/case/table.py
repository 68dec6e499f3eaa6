"""The case table: which kind of dispatch may follow when, from whom, to whom, and what it does to the case.

One table drives the relay, both clients, the messages of errors and the diagram in docs/spec/cases.md. R… are rows of
the regulation's requirements. Whatever the phase, a message, a note, a notice and a difficulty note can be sent; a
case that was withdrawn, declined or found faulty takes a new request; `closed` ends it by design. What columns cannot
say is in kind_rules.py, what the profile changes in setting_rules.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from ..statements.codes import KINDS
from ..words import Words
from .kinds import Addressee, ClockEffect, Content, Event, Phase, Presence, Rule, Sender
from .phases import BEGUN, FOLLOWABLE, TALKING, VOID, WORKING

__all__ = ["ANYONE", "BEGUN", "KINDS", "RULES"]

REQUESTING: Final = frozenset({Sender.REQUESTING})
RESPONDING: Final = frozenset({Sender.RESPONDING})
COMMITTEES: Final = REQUESTING | RESPONDING
ANSWERING: Final = RESPONDING | {Sender.UNIT}
PARTIES: Final = COMMITTEES | {Sender.UNIT}
ANYONE: Final = frozenset(Sender)

OTHER: Final = frozenset({Addressee.OTHER})
OTHER_SIDE: Final = OTHER | {Addressee.OTHER_MEMBER}
OWN_MEMBER: Final = frozenset({Addressee.OWN_MEMBER})
EVERYBODY: Final = frozenset(Addressee)
UNITS, READERS = frozenset({"unit"}), frozenset({"approver", "auditor"})
MEMBERS: Final = UNITS | READERS

OPENS_EXCHANGE: Final[Mapping[Event, Mapping[Phase, Phase]]] = {Event.SENT: {Phase.NEW: Phase.EXCHANGE}}


def _all_to(phases: Iterable[Phase], phase: Phase) -> dict[Phase, Phase]:
    return {before: phase for before in Phase if before in set(phases)}


_ROWS: Final = (
    Rule(
        kind="request",
        label=Words("văn bản đề nghị phối hợp", "request for coordination"),
        rows="R7 R13 R15",
        senders=REQUESTING,
        addressees=OTHER_SIDE,
        member_roles=UNITS,
        # while a request stands, another one can only be its copy for a further addressee
        phases=VOID | WORKING | {Phase.NEW, Phase.EXCHANGE, Phase.INFORMED, Phase.UNSIGNED},
        term=Presence.OPTIONAL,
        regarding_kinds=frozenset({"request", "notice", "message", "note"}),
        clock=ClockEffect.STARTS,
        moves={
            Event.SENT: _all_to(VOID | {Phase.NEW, Phase.EXCHANGE, Phase.INFORMED}, Phase.UNSIGNED),
            Event.RECEIVED: {Phase.UNSIGNED: Phase.RUNNING},
            Event.WITHDRAWN: {Phase.UNSIGNED: Phase.WITHDRAWN},
            Event.DECLINED: {Phase.UNSIGNED: Phase.DECLINED},
            Event.FAULTY: _all_to(WORKING, Phase.FAULTY),
            Event.RECALLED: _all_to(FOLLOWABLE, Phase.WITHDRAWN),
        },
    ),
    Rule(
        kind="supplement",
        label=Words("văn bản bổ sung hồ sơ", "supplement"),
        rows="R13",
        senders=REQUESTING,
        addressees=OTHER_SIDE,
        member_roles=UNITS,
        phases=FOLLOWABLE,
        regarding=Presence.REQUIRED,
        regarding_kinds=frozenset({"request", "return"}),
        clock=ClockEffect.RESTARTS,
        moves={Event.RECEIVED: {Phase.RETURNED: Phase.RUNNING}},
        undone_by=frozenset({Event.WITHDRAWN, Event.FAULTY, Event.RECALLED}),
    ),
    Rule(
        kind="message",
        label=Words("tin trao đổi", "message"),
        rows="R8",
        senders=ANYONE,
        addressees=EVERYBODY,
        member_roles=MEMBERS,
        unit_opens=True,
        phases=frozenset(Phase),
        moves=OPENS_EXCHANGE,
    ),
    Rule(
        kind="question",
        label=Words("đề nghị làm rõ", "question"),
        rows="R9",
        senders=PARTIES,
        addressees=EVERYBODY,
        phases=TALKING,
        settled_by=frozenset({"answer"}),
    ),
    Rule(
        kind="answer",
        label=Words("nội dung làm rõ", "answer"),
        rows="R9 R10 R11",
        senders=PARTIES,
        addressees=EVERYBODY,
        member_roles=MEMBERS,
        phases=BEGUN,
        regarding=Presence.REQUIRED,
        regarding_kinds=frozenset({"question", "opinion", "conference", "recall"}),
    ),
    Rule(
        kind="reply",
        label=Words("văn bản trả lời kết quả", "reply"),
        rows="R12 R17",
        senders=ANSWERING,
        addressees=OTHER | {Addressee.OWN},  # to the own committee it is the copy for its clerk
        phases=FOLLOWABLE | {Phase.CLOSED},
        regarding=Presence.REQUIRED,
        regarding_kinds=frozenset({"request", "supplement", "reply"}),
        content=Content.CONCLUDED,
        clock=ClockEffect.STOPS,
        moves={Event.SENT: _all_to(WORKING, Phase.ANSWERED)},
        undone_by=frozenset({Event.WITHDRAWN, Event.FAULTY, Event.RECALLED}),
    ),
    Rule(
        kind="interim",
        label=Words("thông tin chưa kết luận", "interim information"),
        rows="R12",
        senders=ANSWERING,
        addressees=OTHER | {Addressee.OWN},
        phases=FOLLOWABLE,
        regarding=Presence.REQUIRED,
        regarding_kinds=frozenset({"request", "supplement", "question"}),
        content=Content.NOT_CONCLUDED,
    ),
    Rule(
        kind="extension",
        label=Words("thông báo gia hạn thời gian trả lời", "extension notice"),
        rows="R19",
        senders=ANSWERING,
        addressees=OTHER,
        phases=WORKING,
        due=Presence.REQUIRED,  # unless the profile says that an extension names no date
        regarding=Presence.REQUIRED,
        regarding_kinds=frozenset({"request", "supplement", "extension"}),
        clock=ClockEffect.EXTENDS,
    ),
    Rule(
        kind="return",
        label=Words("trả lại để bổ sung hồ sơ", "return for completion"),
        rows="R13",
        senders=ANSWERING,
        addressees=OTHER,
        phases=frozenset({Phase.RUNNING}),
        regarding=Presence.REQUIRED,
        regarding_kinds=frozenset({"request", "supplement"}),
        moves={Event.SENT: {Phase.RUNNING: Phase.RETURNED}},
        undone_by=frozenset({Event.WITHDRAWN, Event.DECLINED, Event.FAULTY, Event.RECALLED}),
    ),
    Rule(
        kind="assignment",
        label=Words("giao cơ quan chức năng", "assignment"),
        rows="R16",
        senders=RESPONDING,
        addressees=OWN_MEMBER,
        member_roles=UNITS,
        phases=FOLLOWABLE | {Phase.INFORMED},
        regarding=Presence.REQUIRED,
        regarding_kinds=frozenset({"request", "supplement", "notice", "assignment"}),
    ),
    Rule(
        kind="notice",
        label=Words("chủ động cung cấp thông tin", "notice"),
        rows="R21",
        senders=PARTIES,
        addressees=OTHER_SIDE,
        phases=frozenset(Phase),
        # only where nothing was requested does the notice itself carry the case
        moves={
            Event.SENT: _all_to(VOID | {Phase.NEW}, Phase.UNSIGNED),
            Event.RECEIVED: {Phase.UNSIGNED: Phase.INFORMED},
            Event.WITHDRAWN: {Phase.UNSIGNED: Phase.WITHDRAWN},
            Event.DECLINED: {Phase.UNSIGNED: Phase.DECLINED},
            Event.FAULTY: {Phase.INFORMED: Phase.FAULTY},
            Event.RECALLED: {Phase.INFORMED: Phase.WITHDRAWN},
        },
    ),
    Rule(
        kind="conference",
        label=Words("đề xuất hội nghị", "conference proposal"),
        rows="R10",
        senders=PARTIES,
        addressees=OTHER_SIDE | OWN_MEMBER,
        phases=TALKING | {Phase.NEW},
        settled_by=frozenset({"answer", "conference", "minutes"}),
        moves=OPENS_EXCHANGE,
    ),
    Rule(
        kind="minutes",
        label=Words("biên bản hội nghị", "minutes"),
        rows="R10",
        senders=PARTIES,
        addressees=OTHER_SIDE | OWN_MEMBER,
        phases=BEGUN,
        regarding=Presence.REQUIRED,
        regarding_kinds=frozenset({"conference"}),
    ),
    Rule(
        kind="opinion",
        label=Words("xin ý kiến bằng văn bản", "opinion asked in writing"),
        rows="R11",
        senders=PARTIES,
        addressees=OTHER_SIDE | OWN_MEMBER,
        phases=TALKING | {Phase.NEW},
        about=Presence.REQUIRED,
        settled_by=frozenset({"answer"}),
        moves=OPENS_EXCHANGE,
    ),
    Rule(
        kind="closing",
        label=Words("kết thúc việc phối hợp", "closing"),
        rows="R14",
        senders=REQUESTING,
        addressees=OTHER_SIDE,
        phases=TALKING | VOID,
        regarding_kinds=frozenset({"request", "reply", "notice"}),
        content=Content.CONCLUDED,
        moves={Event.SENT: _all_to(TALKING | VOID, Phase.CLOSED)},
        undone_by=frozenset({Event.WITHDRAWN, Event.RECALLED}),
    ),
    Rule(
        kind="recall",
        label=Words("đề nghị thu hồi", "recall"),
        rows="R5a",
        senders=PARTIES,
        addressees=EVERYBODY,
        member_roles=MEMBERS,
        phases=BEGUN,
        regarding=Presence.REQUIRED,
        regarding_kinds=frozenset(KINDS) - {"recall"},
        settled_by=frozenset({"answer"}),
    ),
    Rule(
        kind="correction",
        label=Words("đính chính thời hạn", "correction of a term"),
        rows="R17",
        senders=COMMITTEES,
        addressees=OTHER,
        phases=FOLLOWABLE,
        term=Presence.OPTIONAL,
        due=Presence.OPTIONAL,
        regarding=Presence.REQUIRED,
        regarding_kinds=frozenset({"request", "correction"}),
        clock=ClockEffect.CORRECTS,
        settled_by=frozenset({"correction"}),
    ),
    Rule(
        kind="note",
        label=Words("phiếu ghi nội dung trao đổi trực tiếp", "note of direct exchange"),
        rows="R8",
        senders=PARTIES,
        addressees=EVERYBODY,
        member_roles=MEMBERS,
        phases=frozenset(Phase),
        moves=OPENS_EXCHANGE,
    ),
    Rule(
        kind="difficulty",
        label=Words("vướng mắc, phát sinh", "difficulty note"),
        rows="R25",
        senders=PARTIES,
        addressees=EVERYBODY,
        member_roles=MEMBERS,
        unit_opens=True,
        phases=frozenset(Phase),
        moves=OPENS_EXCHANGE,
    ),
    Rule(
        kind="draft",
        label=Words("dự thảo trình duyệt", "draft for approval"),
        rows="R5",
        senders=COMMITTEES,
        addressees=OWN_MEMBER,  # in the committee's own log only
        member_roles=frozenset({"approver", "clerk"}),
        phases=frozenset({Phase.NEW, Phase.EXCHANGE}),
        regarding_kinds=frozenset({"draft"}),
        moves=OPENS_EXCHANGE,
    ),
    Rule(
        kind="report",
        label=Words("báo cáo định kỳ", "periodic report"),
        rows="R20 R23",
        senders=REQUESTING,
        addressees=OTHER_SIDE | OWN_MEMBER,
        member_roles=READERS,  # the Organisation Board's auditor is certified by a committee
        phases=frozenset({Phase.NEW, Phase.EXCHANGE}),
        regarding_kinds=frozenset({"report"}),
        moves=OPENS_EXCHANGE,
    ),
)

RULES: Final[Mapping[str, Rule]] = {rule.kind: rule for rule in _ROWS}  # in the order of KINDS
