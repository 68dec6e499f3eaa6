"""How one value is spelled: a codec for each kind of field in DESIGN §3.2.

A codec turns the text after `name ` into a value and back, and refuses every other spelling of that value.
Errors are FieldError with a bare reason; the grammar adds line and field.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

from kynhan_keys import b64, mlkem768x25519
from kynhan_keys.errors import KeysError
from kynhan_keys.vkeys import Vkey

from .. import names
from . import codes
from . import text as texts
from .statements import HashSize, Seen

MAX_VALUE_BYTES: Final = 4096
MAX_INTEGER: Final = 2**63 - 1  # what a database column and other languages' integers hold
NONCE_BYTES: Final = 16
ABSENT: Final = "-"

_PLAIN = re.compile(rf"[!-~](?:[ -~]{{0,{MAX_VALUE_BYTES - 2}}}[!-~])?")  # ASCII that any value may be
_DECIMAL = re.compile(r"0|[1-9][0-9]{0,18}")
_HASH = re.compile(r"[0-9a-f]{64}")
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_STEP = re.compile(r"0|[+-][1-9][0-9]{0,3}|unsigned\+(?:0|[1-9][0-9]{0,3})")
_SUBJECT = re.compile(r"[1-9][0-9]?(?:\.[1-9][0-9]?[a-z]?)?")
_WORD = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_MEDIA_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,126}/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}")


_FAULTS: Final = {
    "control": "has a control character",
    "separator": "has a control character",
    "format": "has a format character",
    "not-nfc": "is not in Unicode normal form C",
}


class FieldError(ValueError):
    """A value that the field does not take; the reason is a clause without capital and full stop."""


@dataclass(frozen=True)
class Codec:
    """`decode` and `encode` are inverse; both raise FieldError. `kind` is the type of the values."""

    kind: type
    decode: Callable[[str], Any]
    encode: Callable[[Any], str]

    def text_of(self, value: object) -> str:
        """The one spelling of `value`. Raises FieldError, also for a value of another type."""
        if type(value) is not self.kind:
            raise FieldError(f"a {type(value).__name__} where a {self.kind.__name__} belongs")
        return check_value(self.encode(value))


def check_value(text: str) -> str:
    """`text`, if it can be a value: 1 to 4,096 bytes of NFC, nothing hidden (text.py), no space at the ends.

    Raises FieldError.
    """
    if _PLAIN.fullmatch(text):
        return text  # what nearly every value is, told at once
    try:
        size = len(text.encode())
    except UnicodeEncodeError:
        raise FieldError("has no UTF-8 spelling") from None
    if not text:
        raise FieldError("is empty")
    if size > MAX_VALUE_BYTES:
        raise FieldError(f"is longer than {MAX_VALUE_BYTES} bytes")
    if texts.begins_or_ends_with_space(text):
        raise FieldError("begins or ends with a space")
    if (wrong := texts.fault(text)) is not None:
        raise FieldError(_FAULTS.get(wrong, f"has a character that is {wrong}"))
    return text


def strings(what: str, accepts: Callable[[str], object]) -> Codec:
    """A codec of strings that stand as they are, if `accepts` them; `what` names them in the error."""

    def same(text: str) -> str:
        if not accepts(text):
            raise FieldError(f"is not {what}")
        return text

    return Codec(str, same, same)


def one_of(words: Collection[str]) -> Codec:
    """A codec of one of a fixed set of words."""
    return strings(f"one of {' '.join(words)}", words.__contains__)


def flag(yes: str, no: str) -> Codec:
    """A codec of a boolean in two words."""
    spelling = {yes: True, no: False}

    def decode(text: str) -> bool:
        if text not in spelling:
            raise FieldError(f"is neither {yes} nor {no}")
        return spelling[text]

    return Codec(bool, decode, lambda value: yes if value else no)


def integers(smallest: int) -> Codec:
    """A codec of decimals without leading zeros, from `smallest` to 2^63 - 1."""

    def within(value: int) -> int:
        if not smallest <= value <= MAX_INTEGER:
            raise FieldError(f"is not between {smallest} and {MAX_INTEGER}")
        return value

    def decode(text: str) -> int:
        if not _DECIMAL.fullmatch(text):
            raise FieldError("is not a decimal number without leading zeros")
        return within(int(text))

    return Codec(int, decode, lambda value: str(within(value)))


def _decode_time(text: str) -> datetime:
    if not _TIME.fullmatch(text):
        raise FieldError("is not a time such as 2026-11-23T02:12:31Z")
    try:
        return datetime.fromisoformat(text[:-1]).replace(tzinfo=UTC)
    except ValueError:
        raise FieldError("is a time that does not exist") from None


def _encode_time(value: datetime) -> str:
    if value.utcoffset() is None or value.microsecond:
        raise FieldError("is not an aware time of whole seconds")
    try:
        return value.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"
    except OverflowError:
        raise FieldError("is a time outside the years 1 to 9999") from None


def _decode_date(text: str) -> date:
    if not _DATE.fullmatch(text):
        raise FieldError("is not a date such as 2026-11-23")
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise FieldError("is a day that does not exist") from None


def _fixed_bytes(size: int) -> Codec:
    def encode(value: bytes) -> str:
        if len(value) != size:
            raise FieldError(f"is not {size} bytes")
        return b64.encode(value)

    def decode(text: str) -> bytes:
        try:
            value = b64.decode(text)
        except KeysError:
            raise FieldError("is not canonical base64") from None
        encode(value)
        return value

    return Codec(bytes, decode, encode)


def _decode_vkey(text: str) -> Vkey:
    try:
        return Vkey.parse(text)
    except KeysError as error:
        raise FieldError(f"is not a vkey: {error}") from None


@functools.lru_cache(maxsize=1024)  # a key is read again with every copy of its membership
def _is_age_recipient(text: str) -> bool:
    try:
        return str(mlkem768x25519.Recipient.parse(text)) == text
    except KeysError:
        return False


def split(text: str, parts: int) -> list[str]:
    """`text` cut at its first `parts - 1` spaces. Raises FieldError if it has fewer."""
    pieces = text.split(" ", parts - 1)
    if len(pieces) != parts:
        raise FieldError(f"has fewer than {parts} parts")
    return pieces


def joined(kind: type, *parts: tuple[str, Codec]) -> Codec:
    """A codec of a dataclass in one line, its attributes a space apart; only the last may hold spaces."""

    def decode(text: str) -> Any:
        pieces = [check_value(piece) for piece in split(text, len(parts))]
        return kind(**{name: codec.decode(piece) for (name, codec), piece in zip(parts, pieces, strict=True)})

    def encode(value: Any) -> str:
        return " ".join(codec.text_of(getattr(value, name)) for name, codec in parts)

    return Codec(kind, decode, encode)


def or_absent(codec: Codec) -> Codec:
    """As `codec`, with `-` for None; for parts of a line (a whole field has its own multiplicity)."""

    class _Optional(Codec):
        def text_of(self, value: object) -> str:
            return ABSENT if value is None else codec.text_of(value)

    return _Optional(codec.kind, lambda text: None if text == ABSENT else codec.decode(text), codec.encode)


def _has_no_space(text: str) -> bool:
    return text != ABSENT and not texts.has_space(text) and len(text) <= 64


TEXT: Final = strings("a text (- means absent)", lambda text: text != ABSENT)
TOKEN: Final = strings("one word of at most 64 characters", _has_no_space)
WORD: Final = strings("lower-case words joined by hyphens", _WORD.fullmatch)
UUID: Final = strings("a UUID in lower case", _UUID.fullmatch)
HASH: Final = strings("a SHA-256 of 64 lower-case hex digits", _HASH.fullmatch)
COMMITTEE: Final = strings("the name of a committee", names.is_committee)
MEMBER: Final = strings("the name of a member", names.is_member)
PARTY: Final = strings("the name of a committee or member", names.is_party)
ORIGIN: Final = strings("a relay's origin", names.is_origin)
STEP: Final = strings("a step such as -10, 0, +1 or unsigned+1", _STEP.fullmatch)
SUBJECT: Final = strings("a subject code such as 3.1 or 3.2a", _SUBJECT.fullmatch)
MEDIA_TYPE: Final = strings("a media type in lower case", _MEDIA_TYPE.fullmatch)
RECIPIENT: Final = strings("an age recipient (age1pq1…)", _is_age_recipient)
VKEY: Final = Codec(Vkey, _decode_vkey, str)
TIME: Final = Codec(datetime, _decode_time, _encode_time)
DATE: Final = Codec(date, _decode_date, date.isoformat)
COUNT: Final = integers(0)
NUMBER: Final = integers(1)
YES_NO: Final = flag("yes", "no")
NONCE: Final = _fixed_bytes(NONCE_BYTES)
HASH_SIZE: Final = joined(HashSize, ("hash", HASH), ("size", COUNT))
SEEN: Final = joined(Seen, ("size", COUNT), ("root", _fixed_bytes(32)))
KIND: Final = one_of(codes.KINDS)
TERM: Final = one_of(codes.TERMS)
URGENCY: Final = one_of(codes.URGENCIES)
ROLE: Final = one_of(codes.ROLES)
RESULT: Final = one_of(codes.RESULTS)
DUE_REASON: Final = one_of(codes.DUE_REASONS)
