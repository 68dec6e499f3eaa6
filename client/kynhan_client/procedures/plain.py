"""Words typed in before they are sealed: composed, not empty, not endless, nothing in them that rearranges a screen."""

from __future__ import annotations

import unicodedata
from typing import Final

from ..clauses import clause
from ..errors import problem

MAX_LINE: Final = 500  # characters
MAX_WORDS: Final = 20_000
DIRECTION: Final = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
CONTROLS: Final = frozenset(("Cc", "Cs", "Zl", "Zp"))


def line(text: str, field: str, *, most: int = MAX_LINE) -> str:
    """`text` as one line of at most `most` characters, in form NFC. `field` is the clause that names it.

    Raises ClientError bad-letter.
    """
    return _checked(text, field, most, frozenset())


def words(text: str, field: str = "field.words", *, most: int = MAX_WORDS) -> str:
    """The same for several lines, tabs allowed; line ends become single newlines."""
    return _checked(text.replace("\r\n", "\n"), field, most, frozenset("\n\t"))


def _checked(text: str, field: str, most: int, allowed: frozenset[str]) -> str:
    found = unicodedata.normalize("NFC", text).strip()
    if not found:
        raise problem("bad-letter", why=clause("text.empty", field=clause(field)))
    if len(found) > most:
        raise problem("bad-letter", why=clause("text.too-long", field=clause(field), most=most))
    if DIRECTION & set(found):
        raise problem("bad-letter", why=clause("text.direction", field=clause(field)))
    if any(unicodedata.category(char) in CONTROLS and char not in allowed for char in found):
        raise problem("bad-letter", why=clause("text.controls", field=clause(field)))
    return found
