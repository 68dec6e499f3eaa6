"""Opinion rounds (R11): one written question to all concerned except the asker, and who has answered it.

Each addressee gets a dispatch of its own, sealed and signed for on its own, under one `about`; rounds.py sends them.
They are answered like a question (exchanges.answer).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final, Literal

import msgspec

from kynhan_protocol.case import duties
from kynhan_protocol.case.case import Case, Sent
from kynhan_protocol.names import Name
from kynhan_protocol.package import manifest as manifests
from kynhan_protocol.vietnam_time import local_date

from ..clauses import clause
from ..dossiers import dossier, texts
from ..dossiers.dossier import Cover
from ..dossiers.letter import Letter
from ..errors import problem
from ..home import cupboard
from ..home.home import Home
from ..log import track
from ..log.view import View
from ..packages.drafting import Outline
from . import rounds, sides
from .notices import titled

State = Literal["answered", "read", "unsigned", "declined", "withdrawn", "queued"]
LEAST: Final = 6  # characters of an id that name it


@dataclass(frozen=True)
class Asked:
    """One addressee: `answered` (*đã cho ý kiến*), or not yet (*chưa*): `read` is signed for, `queued` not sent yet."""

    to: str
    state: State
    dispatch: str | None
    asked_at: datetime | None = None
    answered_by: str | None = None
    answered_at: datetime | None = None


@dataclass(frozen=True)
class Round:
    """An opinion round; `wish_date` as its package says, where that is open here."""

    about: str
    case: str
    by: str
    asked: tuple[Asked, ...]
    wish_date: date | None = None


def ask(
    home: Home,
    words: str | None,
    *,
    case: str | None = None,
    to: tuple[str, ...] = (),
    files: tuple[Path, ...] = (),
    title: str | None = None,
    cover: Path | Cover | None = None,
    wish_date: date | None = None,
) -> tuple[Letter, ...]:
    """The letters of a round; without `to` they go to everybody concerned in the case except ourselves.

    Raises ClientError not-found, missing-file; bad-letter where nobody is asked, for a date that has passed; not-now
    for a wished-for date that the profile does not know.
    """
    view = View(home)
    found = None if case is None else view.case(case)
    asked = tuple(dict.fromkeys(to)) or (sides.concerned(home, view, found, "opinion") if found else ())
    if not asked:
        raise problem("bad-letter", why=clause("opinion.nobody"))
    if home.config.committee in asked or home.config.member in asked:
        raise problem("bad-letter", why=clause("opinion.asker"))
    given = dossier.read_cover(cover)
    wish_date = wish_date or given.wish_date
    _check_wish(view, found, wish_date)
    said = None if words is None and files else texts.text(words or "")
    titled_ = titled("opinion", title, given)
    facts = (said, titled_, str(wish_date), msgspec.to_builtins(given))
    begun = rounds.begin(home, "opinion", case, *facts, *rounds.digests(files))
    return tuple(
        Letter(
            kind="opinion",
            to=name,
            words=said,
            files=files,
            title=titled_,
            cover=given,
            wish_date=wish_date,
            begins=begun.case,
            about=begun.about,
        )
        for name in asked
    )


def of_case(case: Case) -> tuple[Round, ...]:
    """The opinion rounds of a case, as its statements tell them."""
    rounds_: dict[str, list[Sent]] = {}
    for sent in case.dispatches.values():
        if sent.kind == "opinion" and sent.about is not None and sent.refused is None:
            rounds_.setdefault(sent.about, []).append(sent)
    answers = {sent.regarding: sent for sent in case.standing("answer") if sent.regarding is not None}
    return tuple(
        Round(
            about,
            case.id,
            Name.of(asked[0].from_).committee,
            tuple(_asked(sent, answers.get(sent.id)) for sent in asked),
        )
        for about, asked in rounds_.items()
    )


def status(home: Home, prefix: str) -> list[Round]:
    """The rounds of a case, or the one whose `about` begins so; letters that still wait in the outbox are in it.

    Raises ClientError not-found, ambiguous.
    """
    wanted = prefix.strip().lower()
    view = View(home)
    every = [one for case in view.cases() for one in of_case(case)]
    waiting = _waiting(home)
    every += [one for one in waiting if one.about not in {known.about for known in every}]
    found = [one for one in every if len(wanted) >= LEAST and one.about.startswith(wanted)]
    if not found:
        of = {one.case for one in every if len(wanted) >= LEAST and one.case.startswith(wanted)}
        case = next(iter(of)) if len(of) == 1 else track.find_case(home, wanted)
        found = [one for one in every if one.case == case]
    return [_with_waiting(home, one, waiting) for one in found]


def _asked(sent: Sent, answer: Sent | None) -> Asked:
    state: State = "read" if sent.state == "received" else "unsigned"
    if sent.state == "declined":
        state = "declined"
    elif sent.state == "withdrawn" or sent.recalled:
        state = "withdrawn"
    if answer is None:
        return Asked(sent.to, state, sent.id, sent.sent_at)
    return Asked(sent.to, "answered", sent.id, sent.sent_at, answer.id, answer.sent_at)


def _waiting(home: Home) -> list[Round]:
    """What of rounds still waits in our outbox."""
    found: dict[tuple[str, str], list[Asked]] = {}
    for row in cupboard.waiting(home.archive):
        if row.kind != "dispatch":
            continue
        outline = msgspec.convert(row.draft, Outline)
        if outline.kind == "opinion" and outline.about is not None:
            found.setdefault((outline.about, outline.case), []).append(Asked(outline.to, "queued", None))
    committee = home.config.committee
    return [Round(about, case, committee, tuple(asked)) for (about, case), asked in found.items()]


def _with_waiting(home: Home, round_: Round, waiting: list[Round]) -> Round:
    asked = list(round_.asked)
    for other in waiting:
        known = {one.to for one in asked}
        asked += [one for one in other.asked if other.about == round_.about and one.to not in known]
    return Round(round_.about, round_.case, round_.by, tuple(asked), _wish_date(home, round_))


def _wish_date(home: Home, round_: Round) -> date | None:
    for one in round_.asked:
        note = None if one.dispatch is None else cupboard.manifest(home.archive, one.dispatch)
        if note is not None:
            return manifests.parse(note).manifest.wish_date
    return None


def _check_wish(view: View, case: Case | None, wish_date: date | None) -> None:
    if wish_date is None:
        return
    profile = view.profile if case is None else view.profile_of(case.profile)
    if not duties.may_wish_date("opinion", profile):
        raise problem("not-now", why=clause("opinion.no-wish-date"))
    if wish_date < local_date(view.now):
        raise problem("bad-letter", why=clause("opinion.wish-past"))
