"""Exchanges in few words (R8, R9): message, note of direct exchange, question, answer.

Each function makes the letter; send.py sends it. Without an addressee it goes to the other side, an answer to whoever
asked. Words are checked (texts.py) before anything is sealed: ClientError bad-letter.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from kynhan_protocol.case.case import Case, Sent
from kynhan_protocol.case.waiting import waiting
from kynhan_protocol.vietnam_time import VIETNAM

from ..clauses import clause
from ..dossiers import texts
from ..dossiers.dossier import Part
from ..dossiers.letter import Letter
from ..errors import problem
from ..home.home import Home
from ..log.view import View
from ..packages.drafting import label_of
from . import sides

NOTE: Final = "note.txt"
ASKING: Final = ("question", "opinion")  # what `answer` answers by itself
ELSEWHERE: Final = {"conference": "answer.conference", "recall": "answer.recall"}  # clauses that say where


@dataclass(frozen=True)
class DirectExchange:
    """A talk held elsewhere: when, by what means, between which offices, what was said. All of it travels sealed."""

    at: datetime
    means: str
    between: tuple[str, ...]
    said: str


def message(
    home: Home,
    words: str | None,
    *,
    case: str | None = None,
    to: str | None = None,
    files: tuple[Path, ...] = (),
) -> Letter:
    """A message (*tin trao đổi*); without a case it opens an exchange. Raises ClientError not-found, bad-letter."""
    return _letter(home, "message", words, case, to, files)


def question(
    home: Home, case: str, words: str | None, *, to: str | None = None, files: tuple[Path, ...] = ()
) -> Letter:
    """A question (*đề nghị làm rõ*) on a case. Raises ClientError not-found, bad-letter."""
    return _letter(home, "question", words, case, to, files)


def answer(
    home: Home,
    case: str,
    words: str | None,
    *,
    regarding: str | None = None,
    files: tuple[Path, ...] = (),
) -> Letter:
    """The answer to `regarding`, without it to the newest question or opinion that was put to us and has no answer.

    Raises ClientError not-found, bad-letter; not-now where nothing was asked, nobody has signed for what was asked yet,
    or it is answered in another way (a conference, a recall).
    """
    view = View(home)
    found = view.case(case)
    asked = _asked(home, view, found, regarding)
    return Letter(
        kind="answer",
        to=sides.back_to(view, asked.from_),
        words=_words(words, files),
        files=files,
        case=case,
        regarding=asked.id,
        about=asked.about,
    )


def put_to_us(home: Home, view: View, case: Case) -> list[Sent]:
    """The questions and opinions of a case that wait for our answer, oldest first."""
    unanswered = [
        one.dispatch for one in waiting(case, view.profile_of(case.profile)) if one.what == "answer"
    ]
    found = [case.dispatches[dispatch] for dispatch in unanswered]
    return [sent for sent in found if sent.kind in ASKING and home.config.is_for_us(sent.to)]


def note(
    home: Home,
    exchange: DirectExchange,
    *,
    case: str | None = None,
    to: str | None = None,
    files: tuple[Path, ...] = (),
) -> Letter:
    """The note of a direct exchange (*phiếu ghi nội dung trao đổi trực tiếp*), as a sealed file of role `note`.

    Raises ClientError not-found, bad-letter (empty, or held in the future).
    """
    part = Part(name=NOTE, role="note", data=(note_text(home, exchange) + "\n").encode())
    view = View(home)
    found = None if case is None else view.case(case)
    return Letter(
        kind="note", to=to or sides.other_side(home, view, found), files=files, parts=(part,), case=case
    )


def note_text(home: Home, exchange: DirectExchange) -> str:
    """The note as it is read. Raises ClientError bad-letter."""
    if exchange.at > home.clock.now():
        raise problem("bad-letter", why=clause("note.future"))
    if len(exchange.between) < 2:
        raise problem("bad-letter", why=clause("note.two-offices"))
    offices = [texts.line(office, "said.office") for office in exchange.between]
    return "\n".join(
        [
            label_of("note").upper(),
            "",
            f"Thời điểm: {exchange.at.astimezone(VIETNAM):%H:%M ngày %d/%m/%Y}",
            f"Hình thức: {texts.line(exchange.means, 'said.means')}",
            f"Giữa: {'; '.join(offices)}",
            "",
            "Nội dung:",
            texts.text(exchange.said),
        ]
    )


def _letter(
    home: Home,
    kind: str,
    words: str | None,
    case: str | None,
    to: str | None,
    files: tuple[Path, ...],
) -> Letter:
    view = View(home)
    found = None if case is None else view.case(case)
    return Letter(
        kind=kind,
        to=to or sides.other_side(home, view, found),
        words=_words(words, files),
        files=files,
        case=case,
    )


def _words(words: str | None, files: tuple[Path, ...]) -> str | None:
    """The words, which may be left out where files speak. Raises ClientError bad-letter."""
    return None if words is None and files else texts.text(words or "")


def _asked(home: Home, view: View, case: Case, regarding: str | None) -> Sent:
    if regarding is None:
        waiting_for_us = put_to_us(home, view, case)
        if not waiting_for_us:
            raise problem("not-now", why=clause("answer.nothing-asked"))
        asked = waiting_for_us[-1]
    else:
        found = case.dispatches.get(regarding)
        if found is None:
            raise problem("not-found", what=clause("thing.dispatch", id=regarding[:16]))
        asked = found
    if asked.kind in ELSEWHERE:
        raise problem("not-now", why=clause(ELSEWHERE[asked.kind]))
    if asked.state == "sent" and home.config.is_for_us(asked.to):
        raise problem("not-signed-for", dispatch=asked.id[:12])
    return asked
