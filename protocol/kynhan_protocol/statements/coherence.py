"""What the fields of one statement must say together. Nothing here looks beyond the statement itself."""

from __future__ import annotations

from kynhan_keys.vkeys import ED25519, ML_DSA_44

from ..names import Name
from .fields import FieldError
from .statements import Dispatch, Membership, Opening, Revocation, RootStatement, Succession


def nothing(_: object) -> None:
    """No rule beyond the fields'."""


def chained(statement: RootStatement) -> None:
    """A chain's first statement has `number 1` and `previous -`, every other one names its predecessor."""
    if (statement.number == 1) != (statement.previous is None):
        raise FieldError("previous is - in statement number 1 of a chain, and only there")


def membership(statement: Membership) -> None:
    """The member is the committee's, the keys are the member's; a 0x06 key makes a witness, nothing else."""
    chained(statement)
    if not Name.parse(statement.member).is_of(statement.committee):
        raise FieldError(f"the member {statement.member} is not one of {statement.committee}")
    if statement.signing.name != statement.member:
        raise FieldError("the signing key bears another name than the member")
    if (statement.signing.type == ML_DSA_44) != ("witness" in statement.role):
        raise FieldError("a witness has a key of type 0x06, everyone else one of type 0x01")
    if "witness" in statement.role and (len(statement.role) > 1 or statement.sealing is not None):
        raise FieldError("a witness has no other role and no sealing key")
    if statement.not_before > statement.not_after:
        raise FieldError("not-before lies behind not-after")


def revocation(statement: Revocation) -> None:
    """The key is the member's, the member is the committee's."""
    chained(statement)
    if not Name.parse(statement.member).is_of(statement.committee):
        raise FieldError(f"the member {statement.member} is not one of {statement.committee}")
    if statement.key.name != statement.member:
        raise FieldError("the key bears another name than the member")


def succession(statement: Succession) -> None:
    """The new root bears the committee's name and signs notes."""
    chained(statement)
    if statement.root.name != statement.committee:
        raise FieldError("the root key bears another name than the committee")
    if statement.root.type != ED25519:
        raise FieldError("a root key is of type 0x01")


def dispatch(statement: Dispatch) -> None:
    """The second signature is that of somebody else in the same committee."""
    if statement.approver is None:
        return
    if statement.approver == statement.from_:
        raise FieldError("the approver is the sender")
    if Name.parse(statement.approver).committee != Name.parse(statement.from_).committee:
        raise FieldError("the approver is of another committee than the sender")


def opening(statement: Opening) -> None:
    """`verified` has a manifest and no code, `faulty` a code, `undelivered` neither."""
    if (statement.result == "faulty") != (statement.code is not None):
        raise FieldError("an opening has a code when it is faulty, and only then")
    if statement.result == "verified" and statement.manifest is None:
        raise FieldError("an opening that verified names the manifest")
    if statement.result == "undelivered" and statement.manifest is not None:
        raise FieldError("an opening undelivered has no manifest")
