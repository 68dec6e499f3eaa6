"""Values as TOML 1.0 writes them, for the cover.toml files that the program writes itself."""

from __future__ import annotations

import re
from datetime import date

_ESCAPED = re.compile('["\\\\\x00-\x1f\x7f]')


def value(of: str | int | bool | date) -> str:
    """A string, a whole number, a truth value or a date."""
    if isinstance(of, bool):
        return "true" if of else "false"
    if isinstance(of, int):
        return str(of)
    if isinstance(of, date):
        return of.isoformat()
    return '"' + _ESCAPED.sub(_escape, of) + '"'


def _escape(found: re.Match[str]) -> str:
    char = found[0]
    return f"\\{char}" if char in '"\\' else f"\\u{ord(char):04x}"
