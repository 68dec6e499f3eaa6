"""Who signed a member's statement, and whether that was theirs to sign (DESIGN §2, §3.2, §3.4)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kynhan_keys import notes
from kynhan_keys.errors import SignatureError
from kynhan_keys.vkeys import Vkey

from ..case.act_rules import Act, may_act
from ..statements import signing
from ..statements.signing import SignedStatement
from ..statements.statements import CalendarApproval, Dispatch, MemberStatement, RelayStatement
from ..statements.text import same_person
from .faults import Article, Fault, fault
from .place import LackingError, LogPlace


def is_valid(signed: SignedStatement, number: int, key: Vkey) -> bool:
    """Whether signature line `number`, from 0, is a valid one under `key`."""
    try:
        notes.verify(signed.text, key, signed.signatures[number])
    except SignatureError:
        return False
    return True


def _origin(signed: SignedStatement, place: LogPlace) -> Iterator[Fault]:
    statement = signed.statement
    assert isinstance(statement, MemberStatement | RelayStatement)
    if not place.is_origin(statement.relay):
        yield fault("other-relay", relay=statement.relay)


def _signers(signed: SignedStatement, place: LogPlace) -> Iterator[Fault]:
    """Each line is that of a membership in force; what is wrong with one does not hide what is with another."""
    lacking: LackingError | None = None
    for number, name in enumerate(signing.signer_names(signed.statement)):
        try:
            member = place.member(name)
        except LackingError as error:
            lacking = error
            continue
        if member is None:
            yield fault("not-in-force", name=name)
        elif not signed.signatures[number].is_under(member.statement.signing):
            yield fault("key-not-in-force", name=name)
        elif not place.is_valid(signed, number, member.statement.signing):
            yield fault("bad-signature", name=name)
    if lacking is not None:
        raise lacking


def _approval(signed: SignedStatement, place: LogPlace) -> Iterator[Fault]:
    """The second signature under a dispatch is that of an approver who is another person than the sender."""
    statement = signed.statement
    assert isinstance(statement, Dispatch)
    if statement.approver is None:
        return
    sender, approver = place.member(statement.from_), place.member(statement.approver)
    if approver is None or sender is None:
        return  # said of the signers
    if not approver.has("approver") or same_person(approver.statement.holder, sender.statement.holder):
        yield fault("not-approved", name=approver.name)


def _approver(signed: SignedStatement, place: LogPlace) -> Iterator[Fault]:
    """A calendar is signed by an approver."""
    statement = signed.statement
    assert isinstance(statement, CalendarApproval)
    member = place.member(statement.by)
    if member is not None and not member.has("approver"):
        yield fault("no-approver", name=statement.by)


def _entitled(signed: SignedStatement, place: LogPlace) -> Iterator[Fault]:
    """What is done to a dispatch is done by who may, and the dispatch stands before it."""
    act = signed.statement
    assert isinstance(act, Act)
    dispatch = place.dispatch(act.dispatch)
    if dispatch is None:
        yield fault("dispatch-unknown", dispatch=act.dispatch)
        return
    member = place.member(act.by)
    if member is not None and not may_act(act, dispatch, member):
        yield fault("not-addressee", name=act.by)


ORIGIN: Final = Article("origin", (MemberStatement, RelayStatement), _origin)
SIGNERS: Final = Article("signers", MemberStatement, _signers)
APPROVAL: Final = Article("approval", Dispatch, _approval)
APPROVER: Final = Article("approver", CalendarApproval, _approver)
ENTITLED: Final = Article("entitled", Act.__args__, _entitled)
