"""A letter: what somebody wants to send, before anything of it is checked, hashed or sealed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from .dossier import Cover, Part


@dataclass(frozen=True, kw_only=True)
class Letter:
    """What is to be sent. Register fields come from `cover` (a cover.toml, or the fields); those given here win.

    `words` travel as files/message.txt, ending in one newline; `parts` are files of the procedure's own. `case` None
    begins a new case, or goes on in the one named by `begins`, which may not be there yet. `regarding` None means the
    dispatch that a letter of this kind naturally answers.
    """

    kind: str
    to: str
    files: tuple[Path, ...] = ()
    words: str | None = None
    parts: tuple[Part, ...] = ()
    cover: Path | Cover | None = None
    title: str | None = None
    term: str | None = None
    subject: str | None = None
    urgency: str | None = None
    secrecy: str | None = None
    case: str | None = None
    begins: str | None = None
    regarding: str | None = None
    about: str | None = None
    due: date | None = None
    wish_date: date | None = None
