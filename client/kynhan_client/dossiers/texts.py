"""Words that a person typed and that travel inside the seal: what may stand in them, so that no screen and no print is
led astray by them. Each function names the `field` (a clause) in its refusal: ClientError bad-letter."""

from __future__ import annotations

import unicodedata
from typing import Final

from kynhan_protocol.statements.text import fault

from ..clauses import clause
from ..errors import problem

MAX_LINE: Final = 1000  # bytes, like those below
MAX_TITLE: Final = 4096
MAX_TEXT: Final = 64 * 1024


def title(given: str) -> str:
    """A title: one line of at most 4,096 bytes. Raises ClientError bad-letter."""
    return line(given, "field.title", most=MAX_TITLE)


def line(given: str, field: str, *, most: int = MAX_LINE) -> str:
    """One line of at most `most` bytes; NFC, without empty ends. Raises ClientError bad-letter."""
    return _checked(given.strip(), field, most, allowed="")


def text(given: str, field: str = "said.words") -> str:
    """Words of one or more lines, at most 64 KiB; NFC, without empty ends. Raises ClientError bad-letter."""
    return _checked(given.replace("\r\n", "\n").strip(), field, MAX_TEXT, allowed="\n\t")


def _checked(given: str, field: str, most: int, *, allowed: str) -> str:
    normal, named = unicodedata.normalize("NFC", given), clause(field)
    if not normal:
        raise problem("bad-letter", why=clause("text.empty", field=named))
    if fault(normal, allowed=allowed) is not None:
        raise problem("bad-letter", why=clause("text.controls", field=named))
    if len(normal.encode()) > most:
        raise problem("bad-letter", why=clause("text.too-long", field=named, most=most))
    return normal
