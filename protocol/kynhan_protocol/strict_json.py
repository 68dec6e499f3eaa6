"""JSON as kynhan reads it from outside: RFC 8259 with one spelling of trouble, `StrictJsonError`.

msgspec alone keeps the last of two equal keys; everything here refuses duplicate keys, NaN and infinities, lone
surrogates, data after the value, deep nesting, unknown fields and wrong types.
"""

from __future__ import annotations

import json
import math
import re
from typing import Any, NoReturn, TypeVar

import msgspec

T = TypeVar("T")

MAX_DEPTH = 32


class StrictJsonError(ValueError):
    """The bytes are not the JSON asked for; `str()` is one English sentence without the data itself."""


class DocumentPart(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """A part of a JSON document of ours: its fields are spelled with hyphens, none may be missing, none unknown."""


def _refuse_constant(name: str) -> NoReturn:
    raise StrictJsonError(f"{name} is not JSON")


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise StrictJsonError("a number is too large")
    return number


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise StrictJsonError("an object names the same member twice")
    return members


def _depth(data: bytes) -> int:
    """The deepest bracket nesting, counting brackets inside strings too: an upper bound is all that is needed."""
    deepest = depth = 0
    for byte in data.translate(None, delete=_NOT_BRACKETS):
        depth += 1 if byte in b"[{" else -1
        deepest = max(deepest, depth)
    return deepest


_MAYBE_SURROGATE = re.compile(rb"\\u[dD]")
_NOT_BRACKETS = bytes(b for b in range(256) if b not in b"[]{}")


def check(data: bytes) -> None:
    """Raise StrictJsonError unless `data` is one UTF-8 JSON value without duplicate keys or lone surrogates."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise StrictJsonError("the JSON is not UTF-8") from None
    if _depth(data) > MAX_DEPTH:
        raise StrictJsonError(f"the JSON nests deeper than {MAX_DEPTH} levels")
    try:
        value = json.loads(
            text, object_pairs_hook=_unique_keys, parse_constant=_refuse_constant, parse_float=_finite
        )
        if _MAYBE_SURROGATE.search(data):
            json.dumps(value, ensure_ascii=False).encode("utf-8")
    except StrictJsonError:
        raise
    except UnicodeEncodeError:
        raise StrictJsonError("the JSON contains a lone surrogate") from None
    except (ValueError, RecursionError):
        raise StrictJsonError("the bytes are not one JSON value") from None


def decode(data: bytes, type_: type[T]) -> T:
    """The value of `type_` (a msgspec Struct that forbids unknown fields) in `data`, or StrictJsonError."""
    check(data)
    try:
        return msgspec.json.decode(data, type=type_, strict=True)
    except (msgspec.DecodeError, RecursionError) as error:
        raise StrictJsonError(f"the JSON has not the expected shape: {error}") from None


def encode(value: object) -> bytes:
    """`value` as compact UTF-8 JSON, fields in the order of its Struct."""
    return msgspec.json.encode(value)
