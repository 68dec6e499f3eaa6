"""Notice (R21): information that the other side did not ask for; difficulty note (R25). Either way, on a case or alone.

Each function makes the letter; send.py sends it.
"""

from __future__ import annotations

from pathlib import Path

from ..dossiers import dossier, texts
from ..dossiers.dossier import Cover
from ..dossiers.letter import Letter
from ..home.home import Home
from ..log.view import View
from ..packages.drafting import label_of
from . import sides


def notice(
    home: Home,
    files: tuple[Path, ...],
    *,
    to: str | None = None,
    case: str | None = None,
    words: str | None = None,
    title: str | None = None,
    cover: Path | Cover | None = None,
    subject: str | None = None,
    urgency: str | None = None,
    secrecy: str | None = None,
) -> Letter:
    """The letter of a notice (*chủ động cung cấp thông tin*), in a case of its own unless `case` is given.

    Raises ClientError not-found, bad-letter, bad-cover.
    """
    view = View(home)
    found = None if case is None else view.case(case)
    return Letter(
        kind="notice",
        to=to or sides.other_side(home, view, found),
        files=files,
        words=None if words is None else texts.text(words),
        title=None if title is None else texts.title(title),
        cover=cover,
        subject=subject,
        urgency=urgency,
        secrecy=secrecy,
        case=case,
    )


def difficulty(
    home: Home,
    words: str | None,
    *,
    to: str | None = None,
    case: str | None = None,
    files: tuple[Path, ...] = (),
    title: str | None = None,
    cover: Path | Cover | None = None,
) -> Letter:
    """The letter of a difficulty note (*vướng mắc, phát sinh*): words, files, or both.

    Raises ClientError not-found, bad-letter, bad-cover.
    """
    view = View(home)
    found = None if case is None else view.case(case)
    return Letter(
        kind="difficulty",
        to=to or sides.other_side(home, view, found),
        files=files,
        words=None if words is None and files else texts.text(words or ""),
        title=titled("difficulty", title, dossier.read_cover(cover)),
        cover=cover,
        case=case,
    )


def titled(kind: str, title: str | None, cover: Cover) -> str:
    """The title given, else the cover's, else what a letter of this kind is called. Raises ClientError bad-letter."""
    return texts.title(title or cover.title or label_of(kind))
