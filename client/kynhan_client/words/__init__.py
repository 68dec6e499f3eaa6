"""Every word that the program says, apart from errors (errors.py has those): Vietnamese and English, side by side.

One file per part of the screen; `text("inbox.empty", "both")` finds a sentence by its key and fills its blanks. Help is
always in both languages: commands.py has what each command does, options.py what each option means. A test holds that
no key lacks a language, that no key is unused, and that no command prints words of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from . import cases, evidence, packages, setup, statuses
from .commands import COMMANDS
from .options import OPTIONS

Language = Literal["vi", "en", "both"]
Pair = tuple[str, str]

PARTS: Final[tuple[Mapping[str, Pair], ...]] = (
    setup.WORDS,
    packages.WORDS,
    cases.WORDS,
    evidence.WORDS,
    statuses.WORDS,
)
WORDS: Final[Mapping[str, Pair]] = {key: pair for part in PARTS for key, pair in part.items()}


def pair(key: str, **blanks: object) -> Pair:
    """The Vietnamese and the English of `key`, blanks filled; a blank that is a Pair is filled in its language.

    Raises KeyError for a key or blank that is not there.
    """
    vi, en = WORDS[key]
    return vi.format_map(_in(0, blanks)), en.format_map(_in(1, blanks))


def _in(language: int, blanks: Mapping[str, object]) -> dict[str, object]:
    return {name: value[language] if isinstance(value, tuple) else value for name, value in blanks.items()}


def text(key: str, language: Language, **blanks: object) -> str:
    """One line in the language asked for; `both` puts Vietnamese first, then English after a slash."""
    return choose(pair(key, **blanks), language)


def label(prefix: str, code: str) -> Pair:
    """The label of a code, `kind.request`; the code itself for one that has none."""
    return WORDS.get(f"{prefix}.{code}", (code, code))


def choose(words: Pair, language: Language) -> str:
    """The same for a pair at hand; a pair that is the same in both languages is said once."""
    vi, en = words
    if language == "both":
        return vi if vi == en else f"{vi} / {en}"
    return vi if language == "vi" else en


# --- help


def short_help(command: str) -> str:
    """One line about a command, for the list of commands."""
    return choose(COMMANDS[command].short, "both")


def help_text(command: str) -> str:
    """What a command does, a paragraph in each language."""
    return "\n\n".join(COMMANDS[command].long)


def help_examples(command: str) -> str:
    """Examples, one a line, kept as they are by click."""
    lines = [f"  {line}" for line in COMMANDS[command].examples]
    return "\b\n" + "\n".join([f"{heading('examples')}:", *lines])


def option(key: str) -> str:
    """What an option means."""
    return choose(OPTIONS[key], "both")


def heading(key: str) -> str:
    """A heading of the help."""
    return text(f"help.{key}", "both")
