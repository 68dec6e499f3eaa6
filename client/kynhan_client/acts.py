"""Acts on a dispatch: signing for it, declining it, saying what was found on opening it, taking it back. Drafted like a
dispatch, anew where the view has moved on; allowed by the code that the relay decides by."""

from __future__ import annotations

import secrets
from typing import Literal

import msgspec

from kynhan_protocol.allowed import check_act
from kynhan_protocol.errors import CaseRuleError, StatementError
from kynhan_protocol.signing import SignedStatement, sign
from kynhan_protocol.statements import Decline, Dispatch, Opening, Receipt, Withdrawal

from . import drafting
from .drafting import Ready
from .errors import problem
from .home import Home
from .view import View


class Act(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is to be said about a dispatch; it waits in the outbox as JSON until it is signed and posted."""

    kind: Literal["receipt", "opening", "decline", "withdrawal"]
    dispatch: str
    result: str | None = None
    manifest: str | None = None
    code: str | None = None


def check(ready: Ready, home: Home, act: Act) -> None:
    """Whether the act may be done now, and by us. Raises ClientError not-found, not-now, wrong-role."""
    dispatch = ready.view.dispatch(act.dispatch)
    entitled = is_sender(home, dispatch) if act.kind == "withdrawal" else is_addressee(home, dispatch)
    if not entitled:
        who = dispatch.from_ if act.kind == "withdrawal" else dispatch.to
        raise problem("wrong-role", member=home.config.member, role=who)
    if act.kind in ("receipt", "decline") and ready.own.id not in dispatch.sealed:
        raise drafting.refusal(
            "the package is not sealed to the key you have now",
            "bì không niêm phong cho khóa hiện nay của bạn",
        )
    try:
        undelivered = act.result == "undelivered"
        calendar = ready.view.calendars.in_force(ready.view.size) if undelivered else None
        check_act(ready.view.case(dispatch.case), statement(home, ready.view, act), calendar)
    except CaseRuleError as error:
        raise drafting.not_now(error) from error


def is_addressee(home: Home, dispatch: Dispatch) -> bool:
    """Whether a dispatch is for us: to us, or to our committee while we are one of its clerks."""
    if "/" in dispatch.to:
        return dispatch.to == home.config.member
    return dispatch.to == home.config.committee and "clerk" in home.config.roles


def is_sender(home: Home, dispatch: Dispatch) -> bool:
    """Whether a dispatch is ours to take back: we sent it, or our committee did while we are one of its clerks."""
    ours = dispatch.from_.partition("/")[0] == home.config.committee
    return dispatch.from_ == home.config.member or (ours and "clerk" in home.config.roles)


def statement(home: Home, view: View, act: Act) -> Receipt | Opening | Decline | Withdrawal:
    """The statement of an act, dated now, as of `view`."""
    relay, seen, head = home.relay.origin, view.seen, view.heads
    time, nonce, by = home.clock.now(), secrets.token_bytes(16), home.config.member
    match act.kind:
        case "receipt":
            return Receipt(
                dispatch=act.dispatch, by=by, relay=relay, seen=seen, head=head, time=time, nonce=nonce
            )
        case "decline":
            return Decline(
                dispatch=act.dispatch,
                by=by,
                code=act.code or "other",
                relay=relay,
                seen=seen,
                head=head,
                time=time,
                nonce=nonce,
            )
        case "withdrawal":
            return Withdrawal(
                dispatch=act.dispatch,
                by=by,
                code=act.code or "other",
                relay=relay,
                seen=seen,
                head=head,
                time=time,
                nonce=nonce,
            )
        case "opening":
            return Opening(
                dispatch=act.dispatch,
                by=by,
                manifest=act.manifest,
                result=act.result or "faulty",
                code=act.code,
                relay=relay,
                seen=seen,
                head=head,
                time=time,
                nonce=nonce,
            )


def sign_act(home: Home, view: View, act: Act) -> SignedStatement:
    """The signed statement of an act. Raises ClientError bad-letter for a code that does not exist."""
    try:
        return sign(statement(home, view, act), home.keyring.signer)
    except StatementError as error:
        raise problem("bad-letter", why=error) from error
