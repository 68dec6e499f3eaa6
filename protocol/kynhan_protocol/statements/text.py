"""What text may hold: the one rule for values, titles, words and file names, sealed, unsealed, imported or exported.

DESIGN §3.1 and §3.2: no control, format, private, surrogate or unassigned code point, no line separator, form NFC.
The ranges are data of ours (unicode14.py), so every Python gives the same answer: the form is asked only of text that
holds no hidden code point, and what Unicode 14 assigned has the same normal form in every later version.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterable
from typing import Final, Literal

from . import unicode14

Fault = Literal["control", "separator", "format", "private", "surrogate", "unassigned", "not-nfc"]

_KINDS: Final[tuple[tuple[Fault, str], ...]] = (
    ("control", unicode14.CONTROL),
    ("separator", unicode14.SEPARATOR),
    ("format", unicode14.FORMAT),
    ("private", unicode14.PRIVATE),
    ("surrogate", unicode14.SURROGATE),
    ("unassigned", unicode14.UNASSIGNED),
)
_TURNING: Final = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Format characters that change the direction of what stands around them."""


def fault(text: str, *, allowed: str = "") -> Fault | None:
    """What is wrong with `text`: the kind of its first hidden code point but `allowed`, or that its form is not NFC."""
    if text.isascii() and text.isprintable():
        return None  # what nearly every value is, told at once
    for found in _hidden().finditer(text):
        if found[0] not in allowed:
            return kind_of(found[0])
    return None if unicodedata.is_normalized("NFC", text) else "not-nfc"


def kind_of(char: str) -> Fault | None:
    """Why one character is hidden; None for one that can be seen, or is a plain space."""
    return next((kind for kind, one in _classes() if one.match(char)), None)


def spelled_out(text: str, form: str = "⟦U+{:04X}⟧") -> str:
    """`text` for people, with every hidden code point spelled out as `form` has it."""
    if text.isascii() and text.isprintable():
        return text
    return _hidden().sub(lambda found: form.format(ord(found[0])), text)


def without_format(text: str, *, turning: bool = True) -> str:
    """`text` in form NFC without its format characters: soft hyphens, zero-width spaces and joiners, byte order marks.

    With `turning` False those that change the direction of text stay, so that fault() refuses them.
    """
    if text.isascii():
        return text
    kept = (char for char in text if kind_of(char) != "format" or (not turning and char in _TURNING))
    return unicodedata.normalize("NFC", "".join(kept))


def begins_or_ends_with_space(text: str) -> bool:
    """Whether white space stands at an end of `text`, which is not empty."""
    return _space().match(text[0]) is not None or _space().match(text[-1]) is not None


def has_space(text: str) -> bool:
    """Whether white space stands anywhere in `text`."""
    return _space().search(text) is not None


def same_person(holder: str, other: str) -> bool:
    """Whether two holders count as one person: equal but for case and white space (DESIGN §3.2)."""
    return _folded(holder) == _folded(other)


def alike(holder: str, other: str) -> bool:
    """Whether two holders are equal but for case, white space and diacritics: perhaps one person, spelled twice."""
    return _bare(holder) == _bare(other)


def _folded(holder: str) -> str:
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFC", holder).casefold())
    return " ".join(part for part in _space().split(folded) if part)


def _bare(holder: str) -> str:
    apart = unicodedata.normalize("NFKD", _folded(holder).replace("đ", "d"))
    return "".join(char for char in apart if unicodedata.category(char) != "Mn")


def _class(*ranges: str) -> re.Pattern[str]:
    """A pattern of one character out of the ranges of unicode14.py."""
    pairs = (part.partition("-") for part in " ".join(ranges).split())
    return re.compile("[" + "".join(_range(first, last or first) for first, _, last in pairs) + "]")


def _range(first: str, last: str) -> str:
    return rf"\U{int(first, 16):08x}-\U{int(last, 16):08x}"


@functools.cache
def _hidden() -> re.Pattern[str]:
    return _class(*(ranges for _, ranges in _KINDS))


@functools.cache
def _space() -> re.Pattern[str]:
    return _class(unicode14.SPACE)


@functools.cache
def _classes() -> Iterable[tuple[Fault, re.Pattern[str]]]:
    return tuple((kind, _class(ranges)) for kind, ranges in _KINDS)
