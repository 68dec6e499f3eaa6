"""Every word that the program says, Vietnamese and English side by side.

A module here is a subject, with any of these tables: WORDS (sentences of the screen), TROUBLE (errors, see
../errors.py), CLAUSES (what fills their blanks), COMMANDS and OPTIONS (help, always in both languages). PARTS lists the
modules; `text("inbox.empty", "both")` finds a sentence by its key and fills its blanks. Tests hold that no key lacks a
language, stands twice or is unused, and that no command prints words of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain
from types import ModuleType
from typing import Any, Final, Literal

from . import (
    calendars,
    cases,
    channels,
    clauses,
    commands,
    conferences,
    disclosure,
    edxml,
    evidence,
    exchanges,
    forms,
    lists,
    options,
    outbox,
    packages,
    printing,
    procedures,
    recalls,
    registers,
    report_pages,
    report_reasons,
    reports,
    scanning,
    setup,
    statuses,
    trouble_home,
    trouble_packages,
    trouble_relay,
    usage,
)
from .help import Help
from .told import Told

Language = Literal["vi", "en", "both"]
Pair = tuple[str, str]

PARTS: Final[tuple[ModuleType, ...]] = (
    setup,
    packages,
    outbox,
    procedures,
    cases,
    calendars,
    evidence,
    disclosure,
    printing,
    scanning,
    statuses,
    exchanges,
    conferences,
    recalls,
    lists,
    registers,
    forms,
    edxml,
    channels,
    reports,
    report_pages,
    report_reasons,
    commands,
    options,
    clauses,
    trouble_home,
    trouble_packages,
    trouble_relay,
    usage,
)


def _table(name: str) -> dict[str, Any]:
    """The tables of that name of all parts, as one. Raises ValueError for a key that stands twice."""
    pairs = list(chain.from_iterable(getattr(part, name, {}).items() for part in PARTS))
    table = dict(pairs)
    if len(table) != len(pairs):
        raise ValueError(f"{name} has a key twice")
    return table


WORDS: Final[Mapping[str, Pair]] = _table("WORDS")
TROUBLE: Final[Mapping[str, Told]] = _table("TROUBLE")
CLAUSES: Final[Mapping[str, Pair]] = _table("CLAUSES")
COMMANDS: Final[Mapping[str, Help]] = _table("COMMANDS")
OPTIONS: Final[Mapping[str, Pair]] = _table("OPTIONS")


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
