"""Signed statements: a statement's text and exactly the signature lines that its type asks for, in order.

Who signs (DESIGN §3.2): root statements the committee's root, under the committee's name (a membership then
the member itself, unless its key is a witness's; a succession the old root, where there is one, then the new);
member statements the member, a dispatch then its approver; relay statements the relay's log key, under its
origin.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from kynhan_keys import notes
from kynhan_keys.errors import NoteError, SignatureError
from kynhan_keys.vkeys import ED25519, Signer, Vkey

from ..errors import StatementError
from .grammar import format_text, parse_text
from .statements import (
    Acceptance,
    Dispatch,
    Due,
    Handover,
    Membership,
    ProfileAttestation,
    Reminder,
    Revocation,
    Statement,
    Succession,
)

MAX_BYTES: Final = 64 * 1024
SIGNATURE_BYTES: Final = 64  # Ed25519 (RFC 8032)


@dataclass(frozen=True, slots=True)
class SignedStatement:
    """A statement as posted and logged, with the signature lines of its type; verify() says if they hold."""

    note: bytes
    text: str
    statement: Statement
    signatures: tuple[notes.Signature, ...]

    @property
    def id(self) -> str:
        """SHA-256 of the whole note, 64 hex digits: the statement's id, and the log's entry."""
        return hashlib.sha256(self.note).hexdigest()

    @property
    def text_hash(self) -> str:
        """SHA-256 of the text alone, 64 hex digits: one text is logged once, whoever signs it again."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def signed_by(self) -> tuple[str, ...]:
        """The key names of the signature lines."""
        return tuple(signature.name for signature in self.signatures)

    @property
    def has_old_root(self) -> bool:
        """Whether this is a succession that the old root signed too; without it, keys are compared again."""
        return isinstance(self.statement, Succession) and len(self.signatures) == 2


def signer_names(statement: Statement) -> tuple[str, ...]:
    """The key names of the lines that `statement` asks for, in order.

    A succession may do with its last one (see SignedStatement.has_old_root).
    """
    match statement:
        case Membership():
            is_witness = statement.signing.type != ED25519
            return (statement.committee,) if is_witness else (statement.committee, statement.member)
        case Succession():
            return (statement.committee, statement.committee)
        case Revocation() | ProfileAttestation():
            return (statement.committee,)
        case Dispatch():
            return (statement.from_,) if statement.approver is None else (statement.from_, statement.approver)
        case Acceptance() | Handover() | Due() | Reminder():
            return (statement.relay,)
        case _:
            return (statement.by,)


def parse(data: bytes) -> SignedStatement:
    """The signed statement that `data` spells, at most 64 KiB; signatures stand but are not verified.

    Raises StatementError: `bad-statement`, or `bad-signature` where the lines are not those of the type.
    """
    try:
        note = notes.parse(data, max_bytes=MAX_BYTES)
    except NoteError as error:
        raise StatementError(f"Not a signed note: {error}.") from None
    statement = parse_text(note.text)
    _check_lines(statement, note.signatures)
    return SignedStatement(data, note.text, statement, note.signatures)


def sign(statement: Statement, *signers: Signer) -> SignedStatement:
    """`statement`, signed by each in turn. Raises StatementError where they are not those it asks for."""
    try:
        note = notes.sign(format_text(statement), *signers)
    except NoteError as error:
        raise StatementError(f"The statement cannot be signed: {error}.", code="bad-signature") from None
    return parse(notes.format(note))


def verify(signed: SignedStatement, vkeys: Sequence[Vkey]) -> None:
    """Checks that the lines are those of `vkeys`, in order, and valid.

    The last line of a succession, and of a membership with a 0x01 key, must be that of the key certified.
    Raises StatementError (`bad-signature`).
    """
    stated = _stated_key(signed.statement)
    if stated is not None and (not vkeys or vkeys[-1] != stated):
        raise StatementError("The last signature is not that of the key certified.", code="bad-signature")
    try:
        notes.verify_exactly(notes.Note(signed.text, signed.signatures), vkeys)
    except SignatureError as error:
        raise StatementError(
            f"The statement is not signed as it must be: {error}.", code="bad-signature"
        ) from None


def _stated_key(statement: Statement) -> Vkey | None:
    """The key in the statement that must have made its last signature."""
    match statement:
        case Succession():
            return statement.root
        case Membership() if statement.signing.type == ED25519:
            return statement.signing
        case _:
            return None


def _check_lines(statement: Statement, signatures: tuple[notes.Signature, ...]) -> None:
    found = tuple(signature.name for signature in signatures)
    expected = signer_names(statement)
    if found != expected and not (isinstance(statement, Succession) and found == expected[1:]):
        raise StatementError(
            f"The signature lines are not those of {' and '.join(expected)}.", code="bad-signature"
        )
    if any(len(signature.signature) != SIGNATURE_BYTES for signature in signatures):
        raise StatementError("A signature is not an Ed25519 signature of 64 bytes.", code="bad-signature")
    if len({(signature.name, signature.key_id) for signature in signatures}) < len(signatures):
        raise StatementError("The same key signed twice.", code="bad-signature")
    stated = _stated_key(statement)
    if stated is not None and signatures[-1].key_id != stated.key_id:
        raise StatementError("The last signature is not that of the key certified.", code="bad-signature")
