"""The words of the case table: events of a dispatch, and what a row of the table says. Phases are in phases.py."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from ..words import Words
from .phases import PHASE_LABELS, Phase

__all__ = [
    "EVENT_LABELS",
    "PHASE_LABELS",
    "Addressee",
    "ClockEffect",
    "Content",
    "Event",
    "Phase",
    "Presence",
    "Rule",
    "Sender",
]


class Event(StrEnum):
    """What can happen to a dispatch that moves its case.

    `sent` at its ACCEPTANCE, `received` at its HANDOVER, `faulty` when its sender admits a fault by sending it again,
    or both sides say so, `recalled` when its recipient destroys it after a recall.
    """

    SENT = "sent"
    RECEIVED = "received"
    WITHDRAWN = "withdrawn"
    DECLINED = "declined"
    FAULTY = "faulty"
    RECALLED = "recalled"


EVENT_LABELS: Final[Mapping[Event, Words]] = {
    Event.SENT: Words("gửi", "sent"),
    Event.RECEIVED: Words("ký nhận", "signed for"),
    Event.WITHDRAWN: Words("lấy lại", "withdrawn"),
    Event.DECLINED: Words("từ chối tiếp nhận", "declined"),
    Event.FAULTY: Words("bì lỗi", "faulty"),
    Event.RECALLED: Words("thu hồi", "recalled"),
}


class Sender(StrEnum):
    """Who may send: a clerk of the requesting or of the responding committee, the unit concerned, an auditor."""

    REQUESTING = "requesting"
    RESPONDING = "responding"
    UNIT = "unit"
    AUDITOR = "auditor"


class Addressee(StrEnum):
    """To whom, seen from the sender: the other or the own committee, or one member of it."""

    OTHER = "other"
    OTHER_MEMBER = "other-member"
    OWN = "own"
    OWN_MEMBER = "own-member"


class Presence(StrEnum):
    """Whether a field of the dispatch must, may or must not be there."""

    REQUIRED = "required"
    OPTIONAL = "optional"
    FORBIDDEN = "forbidden"


class Content(StrEnum):
    """Whether what it says is concluded by the competent body (R12); only `reply` and `closing` are."""

    CONCLUDED = "concluded"
    NOT_CONCLUDED = "not-concluded"
    NEITHER = "neither"


class ClockEffect(StrEnum):
    """What it does to the clock of its case."""

    NONE = "none"
    STARTS = "starts"
    STOPS = "stops"
    EXTENDS = "extends"
    RESTARTS = "restarts"
    CORRECTS = "corrects"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One row of the case table.

    `phases`: where it may be sent. `member_roles`: of which a member addressed must have one. `unit_opens`: a unit may
    begin a case with it. `regarding` must name a dispatch of `regarding_kinds` (empty: of any kind).
    `settled_by`: the kinds whose dispatch regarding it ends the waiting; empty where nobody waits for an answer.
    `moves`: for each event the phases it leads from and to. `undone_by`: events that take its moves back.
    """

    kind: str
    label: Words
    rows: str
    senders: frozenset[Sender]
    addressees: frozenset[Addressee]
    phases: frozenset[Phase]
    member_roles: frozenset[str] = frozenset({"approver", "unit"})
    unit_opens: bool = False
    term: Presence = Presence.FORBIDDEN
    due: Presence = Presence.FORBIDDEN
    about: Presence = Presence.OPTIONAL
    regarding: Presence = Presence.OPTIONAL
    regarding_kinds: frozenset[str] = frozenset()
    content: Content = Content.NEITHER
    clock: ClockEffect = ClockEffect.NONE
    settled_by: frozenset[str] = frozenset()
    moves: Mapping[Event, Mapping[Phase, Phase]] = field(default_factory=dict)
    undone_by: frozenset[Event] = frozenset()

    @property
    def opens(self) -> bool:
        """Whether a case can begin with it."""
        return Phase.NEW in self.phases
