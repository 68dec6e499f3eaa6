"""Signed notes: a text that a person can read, a blank line, and the lines of those who signed it.

  If you think cryptography is the answer to your problem,
  then you don't know what your problem is.

  — PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=

Specification: https://c2sp.org/signed-note. A note has one spelling only:
`format(parse(data)) == data`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from nacl.exceptions import BadSignatureError
from nacl.signing import VerifyKey

from kynhan_keys import b64
from kynhan_keys.errors import EncodingError, NoteError, SignatureError
from kynhan_keys.vkeys import ED25519, Signer, Vkey, is_key_name

MAX_BYTES: Final = 1 << 20
MAX_SIGNATURES: Final = 100
KEY_ID_BYTES: Final = 4

_DASH: Final = "— "  # em dash (U+2014), space
# C0 (which has CR and tab), DEL and C1; newline alone is a character of notes
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")


@dataclass(frozen=True)
class Signature:
    """One signature line. `signature` is what follows the key id: at least one byte."""

    name: str
    key_id: bytes
    signature: bytes

    def __post_init__(self) -> None:
        if not is_key_name(self.name):
            raise NoteError(f"not a key name: {self.name!r}")
        if len(self.key_id) != KEY_ID_BYTES or not self.signature:
            raise NoteError("a signature is a key id of 4 bytes and at least one byte more")

    def is_under(self, vkey: Vkey) -> bool:
        """Whether name and key id are those of `vkey` (not whether the signature is valid)."""
        return self.name == vkey.name and self.key_id == vkey.key_id

    def line(self) -> str:
        """The line as it stands in a note, with its newline."""
        return f"{_DASH}{self.name} {b64.encode(self.key_id + self.signature)}\n"


@dataclass(frozen=True)
class Note:
    """A text ending in one newline, and 1 to 100 signature lines."""

    text: str
    signatures: tuple[Signature, ...]

    def __post_init__(self) -> None:
        _check_text(self.text)
        if not self.signatures:
            raise NoteError("nobody signed the note")
        if len(self.signatures) > MAX_SIGNATURES:
            raise NoteError(f"more than {MAX_SIGNATURES} signature lines")


def parse(data: bytes, *, max_bytes: int = MAX_BYTES) -> Note:
    """The note that `data` spells; no signature is verified. Raises NoteError."""
    if len(data) > max_bytes:
        raise NoteError(f"note of more than {max_bytes} bytes")
    text = split_text(data)
    try:
        return Note(text.decode(), tuple(_parse_lines(data[len(text) + 1 :].decode())))
    except UnicodeDecodeError as error:
        raise NoteError("note is not UTF-8") from error


def format(note: Note) -> bytes:  # noqa: A001
    """The bytes of a note, as parse() takes them."""
    return (note.text + "\n" + "".join(signature.line() for signature in note.signatures)).encode()


def split_text(data: bytes) -> bytes:
    """The text of a note, up to its last empty line, whatever stands behind; NoteError if it has none."""
    end = data.rfind(b"\n\n")
    if end < 0:
        raise NoteError("no empty line before the signatures")
    return data[: end + 1]


def sign(text: str, *signers: Signer) -> Note:
    """`text` signed by each signer in turn, with Ed25519 over its UTF-8 bytes. Raises NoteError.

    ML-DSA-44 keys sign checkpoints only (cosignatures.py).
    """
    if any(signer.vkey.type != ED25519 for signer in signers):
        raise NoteError("only an Ed25519 key signs a note")
    _check_text(text)
    message = text.encode()
    return Note(
        text,
        tuple(
            Signature(signer.vkey.name, signer.vkey.key_id, signer.sign_bytes(message)) for signer in signers
        ),
    )


def verify(text: str, vkey: Vkey, signature: Signature) -> None:
    """Checks that `signature` is that of `vkey` over `text`. Raises SignatureError.

    Strict RFC 8032 (libsodium): S below the group order, no point of small order.
    """
    if vkey.type != ED25519:
        raise SignatureError(f"{vkey.name}: a key of type {vkey.type:#04x} does not sign notes")
    if not signature.is_under(vkey):
        raise SignatureError(f"signature of {signature.name} {signature.key_id.hex()}, not of {_label(vkey)}")
    if len(signature.signature) != 64:
        raise SignatureError(f"{vkey.name}: an Ed25519 signature has 64 bytes")
    try:
        VerifyKey(vkey.key).verify(text.encode(), signature.signature)
    except BadSignatureError as error:
        raise SignatureError(f"{_label(vkey)}: the signature does not verify") from error


def verify_exactly(note: Note, vkeys: Sequence[Vkey]) -> None:
    """Checks that the signature lines are those of `vkeys`, in that order, no more and no fewer, all valid.

    Raises SignatureError.
    """
    if len(note.signatures) != len(vkeys):
        raise SignatureError(f"{len(note.signatures)} signature lines instead of {len(vkeys)}")
    for vkey, signature in zip(vkeys, note.signatures, strict=True):
        verify(note.text, vkey, signature)


def _check_text(text: str) -> None:
    if not text.endswith("\n"):
        raise NoteError("the text does not end with a newline")
    if text == "\n" or text.endswith("\n\n"):
        raise NoteError("the text ends with an empty line")
    if _CONTROL.search(text):
        raise NoteError("control character in the text")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise NoteError("the text has no UTF-8 spelling") from error


def _parse_lines(block: str) -> list[Signature]:
    *lines, rest = block.split("\n")
    if rest:
        raise NoteError("the last line does not end with a newline")
    if len(lines) > MAX_SIGNATURES:
        raise NoteError(f"more than {MAX_SIGNATURES} signature lines")
    return [_parse_line(line) for line in lines]


def _parse_line(line: str) -> Signature:
    if not line.startswith(_DASH):
        raise NoteError("a signature line begins with an em dash and a space")
    name, _, encoded = line.removeprefix(_DASH).partition(" ")
    try:
        payload = b64.decode(encoded)
    except EncodingError as error:
        raise NoteError(f"signature line: {error}") from error
    return Signature(name, payload[:KEY_ID_BYTES], payload[KEY_ID_BYTES:])


def _label(vkey: Vkey) -> str:
    return f"{vkey.name}+{vkey.key_id.hex()}"
