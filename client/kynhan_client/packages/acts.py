"""Acts on a dispatch: signing for it, declining it, saying what was found on opening it, taking it back, destroying it.
Drafted like a dispatch, anew where the view has moved on; allowed by the code that the relay decides by."""

from __future__ import annotations

import secrets
from typing import Any, Literal

import msgspec

from kynhan_protocol.case.act_rules import may_act
from kynhan_protocol.case.allowed import check_act
from kynhan_protocol.errors import CaseRuleError, StatementError
from kynhan_protocol.names import Name
from kynhan_protocol.statements.signing import SignedStatement, sign
from kynhan_protocol.statements.statements import Decline, Destruction, Opening, Receipt, Withdrawal

from ..clauses import clause
from ..errors import problem
from ..home.home import Home
from ..log import logbook
from ..log.logbook import Entry
from ..log.view import View
from . import drafting, erasing
from .drafting import Ready


class ActDraft(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is to be said about a dispatch; it waits in the outbox as JSON until it is signed and posted."""

    kind: Literal["receipt", "opening", "decline", "withdrawal", "destruction"]
    dispatch: str
    result: str | None = None
    manifest: str | None = None
    code: str | None = None


def check(ready: Ready, home: Home, act: ActDraft) -> None:
    """Whether the act may be done now, and by us. Raises ClientError not-found, not-now, wrong-role; still-carried for
    a destruction of what another package here holds too."""
    dispatch = ready.view.dispatch(act.dispatch)
    made = statement(home, ready.view, act)
    if isinstance(made, Withdrawal | Destruction):
        as_clerk = ready.own.has("clerk") or ready.own.id in dispatch.sealed
        if not as_clerk or not may_act(made, dispatch, ready.own):
            name = Name.of(dispatch.from_).committee
            raise problem("wrong-role", member=home.config.member, role=clause("role.sender", name=name))
    elif not home.config.is_for_us(dispatch.to):
        raise problem(
            "wrong-role", member=home.config.member, role=clause("role.addressee", name=dispatch.to)
        )
    elif act.kind != "opening" and ready.own.id not in dispatch.sealed:
        raise drafting.refusal(
            "the package is not sealed to the key you have now",
            "bì không niêm phong cho khóa hiện nay của bạn",
        )
    try:
        undelivered = act.result == "undelivered"
        calendar = ready.view.calendars.in_force(ready.view.size) if undelivered else None
        case = ready.view.case(dispatch.case)
        check_act(case, made, calendar, ready.view.profile_of(case.profile))
    except CaseRuleError as error:
        raise drafting.not_now(error) from error
    if isinstance(made, Destruction):
        erasing.require_nowhere_else(home, ready.view, case, act.dispatch)


def on_record(home: Home, kind: str, dispatch: str) -> Entry | None:
    """The newest statement of this kind about a dispatch by our committee or one of its members, as our copy of the log
    has it."""
    found = None
    for entry in logbook.about_dispatch(home.archive, dispatch):
        by = getattr(entry.logged.statement, "by", "")
        if entry.type == kind and home.config.is_ours(by):
            found = entry
    return found


def statement(
    home: Home, view: View, act: ActDraft
) -> Receipt | Opening | Decline | Withdrawal | Destruction:
    """The statement of an act, dated now, as of `view`."""
    common: dict[str, Any] = {
        "dispatch": act.dispatch,
        "by": home.config.member,
        "relay": home.relay.origin,
        "seen": view.seen,
        "head": view.heads,
        "time": home.clock.now(),
        "nonce": secrets.token_bytes(16),
    }
    match act.kind:
        case "receipt":
            return Receipt(**common)
        case "opening":
            return Opening(**common, manifest=act.manifest, result=act.result or "faulty", code=act.code)
        case "decline":
            return Decline(**common, code=act.code or "other")
        case "withdrawal":
            return Withdrawal(**common, code=act.code or "other")
        case "destruction":
            return Destruction(**common, code=act.code or "other")


def sign_act(home: Home, view: View, act: ActDraft) -> SignedStatement:
    """The signed statement of an act. Raises ClientError bad-letter for a code that does not exist."""
    try:
        return sign(statement(home, view, act), home.keyring.signer)
    except StatementError as error:
        raise problem("bad-letter", why=error) from error
