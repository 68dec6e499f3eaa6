"""What the QR code on a printed page says: which statement, at which place of which log, under which tree.

    KYNHAN1:R:RELAY.EXAMPLE/KYNHAN:27:3F9A…64 hex…:31:0B77…64 hex…                         of a statement
    KYNHAN1:C:RELAY.EXAMPLE/KYNHAN:27:3F9A…:31:0B77…:0198F0C1-7F1E-7A53-9D5E-2B8F6F0C1A11  of a case

A reference, not a proof: it leads back to the evidence (docs/spec/qr.md). Only characters of the QR code's alphanumeric
set, and one spelling: a text is accepted exactly when formatting what was parsed gives it back.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from .. import names
from ..errors import NameFormatError, ProtocolError

PREFIX: Final = "KYNHAN1"
MAX_LENGTH: Final = 512
MAX_INDEX: Final = (1 << 63) - 1

_NUMBER = re.compile(r"0|[1-9][0-9]{0,18}")
_HASH = re.compile(r"[0-9A-F]{64}")
_CASE = re.compile(r"[0-9A-F]{8}(?:-[0-9A-F]{4}){3}-[0-9A-F]{12}")
_UNDERSCORE = "+"  # the alphanumeric set has no underscore, an origin no plus sign


class QrTextError(ProtocolError):
    """Not the text of a code of ours. Codes: `other-qr` (something else), `bad-qr` (ours, but misspelled)."""

    default_code = "bad-qr"


@dataclass(frozen=True, slots=True)
class Reference:
    """Statement `id` (hex) at `index` of the log `origin`, in its tree of `size` entries with the root hash `root`.

    With `case` (its UUID) it stands for the case up to and with that statement, the last one about it under that tree.
    """

    origin: str
    index: int
    id: str
    size: int
    root: str
    case: str | None = None


def format(reference: Reference) -> str:  # noqa: A001 - as in the other modules that parse and format
    """The text of the code. Raises QrTextError for values that have none."""
    parts = [
        PREFIX,
        "R" if reference.case is None else "C",
        reference.origin.upper().replace("_", _UNDERSCORE),
        str(reference.index),
        reference.id.upper(),
        str(reference.size),
        reference.root.upper(),
    ]
    text = ":".join(parts if reference.case is None else [*parts, reference.case.upper()])
    if _read(text) != reference:
        raise QrTextError("This statement cannot be named in a QR code.")
    return text


def parse(text: str) -> Reference:
    """The reference that `text` spells. Raises QrTextError."""
    if not text.startswith(f"{PREFIX}:"):
        raise QrTextError("This QR code is not one of Kynhan's.", code="other-qr")
    reference = _read(text)
    if format(reference) != text:
        raise QrTextError("The QR code's text is not spelled as it must be.")
    return reference


def is_ours(text: str) -> bool:
    """Whether a code claims to be one of ours, of this version or another."""
    return text.startswith("KYNHAN")


def _read(text: str) -> Reference:
    parts = text.split(":")
    if len(text) > MAX_LENGTH or parts[:2] not in ([PREFIX, "R"], [PREFIX, "C"]):
        raise QrTextError("The QR code's text is too long, or of another version.")
    case = parts.pop() if parts[1] == "C" else None
    if len(parts) != 7:
        raise QrTextError("The QR code's text has too few or too many parts.")
    origin = parts[2].lower().replace(_UNDERSCORE, "_")
    if parts[2] != parts[2].upper() or "_" in parts[2]:
        raise QrTextError("The QR code's text has characters that it cannot have.")
    try:
        names.check_origin(origin)
    except NameFormatError as error:
        raise QrTextError(f"The QR code names no log: {error}") from error
    index, size = _number(parts[3]), _number(parts[5])
    if index >= size:
        raise QrTextError("The QR code names an entry outside its tree.")
    if case is not None and not _CASE.fullmatch(case):
        raise QrTextError("The QR code names no case.")
    return Reference(
        origin, index, _hash(parts[4]), size, _hash(parts[6]), None if case is None else case.lower()
    )


def _number(text: str) -> int:
    if not _NUMBER.fullmatch(text) or int(text) > MAX_INDEX:
        raise QrTextError("The QR code holds a number that is not spelled as it must be.")
    return int(text)


def _hash(text: str) -> str:
    if not _HASH.fullmatch(text):
        raise QrTextError("The QR code holds a hash that is not spelled as it must be.")
    return text.lower()
