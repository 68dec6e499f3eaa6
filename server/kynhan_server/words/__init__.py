"""Every word that `kynhan-relay` says to its operator, Vietnamese and English side by side.

What programs read stays as it is: JSON, the log on stderr while it serves, problem documents with their codes.
`pair("keyfile.missing", file="keys.age")` finds a sentence by its key and fills its blanks.
"""

from __future__ import annotations

import os
from typing import Final, Literal

from . import answers, audit
from .help import EXAMPLES, HELP, OPTIONS, SHORT

Language = Literal["vi", "en", "both"]
Pair = tuple[str, str]

LANGUAGES: Final[tuple[Language, ...]] = ("vi", "en", "both")

WORDS: Final[dict[str, Pair]] = {**answers.WORDS, **audit.WORDS}

__all__ = [
    "EXAMPLES",
    "HELP",
    "OPTIONS",
    "SHORT",
    "WORDS",
    "Language",
    "Pair",
    "beside",
    "default_language",
    "lines",
    "pair",
]


def pair(key: str, **blanks: object) -> Pair:
    """The Vietnamese and the English of `key`; a blank that is a Pair is filled in its language. Raises KeyError."""
    vi, en = WORDS[key]
    return vi.format_map(_in(0, blanks)), en.format_map(_in(1, blanks))


def lines(told: Pair, language: Language) -> list[str]:
    """A sentence in the language asked for; `both`: Vietnamese first, each on a line of its own."""
    vi, en = told
    return {"vi": [vi], "en": [en], "both": list(dict.fromkeys(told))}[language]


def beside(told: Pair) -> str:
    """Both languages on one line, as help has them."""
    return " / ".join(dict.fromkeys(told))


def default_language() -> Language:
    """KYNHAN_LANG if it is vi, en or both; else by the locale; else both."""
    asked = os.environ.get("KYNHAN_LANG")
    for language in LANGUAGES:
        if asked == language:
            return language
    locale = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    if locale.startswith("vi"):
        return "vi"
    return "en" if locale.startswith("en") else "both"


def _in(language: int, blanks: dict[str, object]) -> dict[str, object]:
    return {name: value[language] if isinstance(value, tuple) else value for name, value in blanks.items()}
