"""The statements of DESIGN §3.2 as values. grammar.py has the one table that spells them.

An attribute is the field's name with `-` written `_` (`from` is `from_`); absent is None; times are aware and
of whole seconds; lists are tuples, sorted and without repetition. Nothing is checked here:
grammar.format_text checks.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from kynhan_keys.vkeys import Vkey


@dataclass(frozen=True, slots=True)
class HashSize:
    """SHA-256 as 64 hex digits, and a length in bytes."""

    hash: str
    size: int


@dataclass(frozen=True, slots=True)
class Seen:
    """Size and root (32 bytes) of the last checkpoint that the author verified."""

    size: int
    root: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class RootStatement:
    """A link of a committee's chain, signed by its root; the first has `number` 1 and no `previous`."""

    committee: str
    number: int
    previous: str | None
    time: datetime
    nonce: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership(RootStatement):
    """The committee certifies the keys of `member` for the person or unit `holder`."""

    member: str
    holder: str
    role: tuple[str, ...]
    signing: Vkey
    sealing: str | None
    not_before: datetime
    not_after: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Revocation(RootStatement):
    """The committee withdraws the certified key `key` of `member`."""

    member: str
    key: Vkey
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileAttestation(RootStatement):
    """The committee agrees to the profile whose bytes hash to `document`."""

    document: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Succession(RootStatement):
    """`root` is the committee's root key from here on."""

    root: Vkey
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberStatement:
    """An act of one member, with what it had seen of the log and of both chains."""

    relay: str
    seen: Seen
    head: tuple[str, ...]
    time: datetime
    nonce: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispatch(MemberStatement):
    """A sealed package is sent. `due` is the date that an extension announces or a correction agrees on."""

    case: str
    about: str | None
    kind: str
    term: str | None
    urgency: str | None
    from_: str
    approver: str | None
    to: str
    sealed: tuple[str, ...]
    header: HashSize
    body: HashSize
    regarding: str | None
    due: date | None
    profile: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt(MemberStatement):
    """*Ký nhận*: `by` signs for `dispatch`."""

    dispatch: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening(MemberStatement):
    """What `by` found on opening; `manifest` is the SHA-256 of the manifest.note, where there is one."""

    dispatch: str
    by: str
    manifest: str | None
    result: str
    code: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decline(MemberStatement):
    """The addressee does not accept the dispatch."""

    dispatch: str
    by: str
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal(MemberStatement):
    """The sender's committee takes an unsigned dispatch back."""

    dispatch: str
    by: str
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Destruction(MemberStatement):
    """`by` destroyed its committee's copy of the dispatch."""

    dispatch: str
    by: str
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarApproval(MemberStatement):
    """An approver agrees to the calendar whose bytes hash to `document`, in place of `replaces`."""

    by: str
    document: str
    decision: str | None
    replaces: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RelayStatement:
    """A notarial act of the relay, signed with its log key."""

    relay: str
    time: datetime
    nonce: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance(RelayStatement):
    """The relay logged the root or member statement `of` at `time`."""

    of: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover(RelayStatement):
    """The relay logged the receipt `of` and released the header of `dispatch` at `time`."""

    of: str
    dispatch: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Due(RelayStatement):
    """A signed computation of a due date, from the HANDOVER `start`; `basis` is what made the date move."""

    case: str
    dispatch: str
    start: str | None
    term: str
    profile: str
    calendar: str
    due: date
    provisional: bool
    because: str
    basis: str | None
    replaces: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder(RelayStatement):
    """`to` were reminded; `due` is the id of the DUE, or of the dispatch that nobody signed for."""

    case: str
    step: str
    due: str
    to: tuple[str, ...]


Statement = (
    Membership
    | Revocation
    | ProfileAttestation
    | Succession
    | Dispatch
    | Receipt
    | Opening
    | Decline
    | Withdrawal
    | Destruction
    | CalendarApproval
    | Acceptance
    | Handover
    | Due
    | Reminder
)
ROOT_TYPES: Final = (Membership, Revocation, ProfileAttestation, Succession)
MEMBER_TYPES: Final = (Dispatch, Receipt, Opening, Decline, Withdrawal, Destruction, CalendarApproval)
RELAY_TYPES: Final = (Acceptance, Handover, Due, Reminder)
