"""What waits in the outbox, as a clerk reads it: what it is, to whom, since when, and why it waits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import msgspec

from kynhan_protocol.package import manifest as manifests
from kynhan_protocol.statements.statements import Dispatch

from ..clauses import Pair
from ..dossiers import dossier
from ..dossiers.letter import Letter
from ..home import cupboard
from ..home.cupboard import Waiting
from ..home.home import Home
from ..log.view import View
from . import outbox
from .drafting import Outline


@dataclass(frozen=True)
class Item:
    """`kind` is that of the letter, or the act (`is_letter` tells which); `to` is whom it goes to, for an act the other
    side of the dispatch that it is about; `about` is that dispatch. `why` is what went wrong last, None if nothing did;
    `posted`: it was posted before, so the relay may have it."""

    number: int
    kind: str
    is_letter: bool
    case: str | None
    to: str | None
    about: str | None
    title: str | None
    since: datetime
    why: Pair | None
    posted: bool


def waiting(home: Home) -> list[Item]:
    """What waits, oldest first."""
    rows = cupboard.waiting(home.archive)
    view = View(home) if any(row.kind != "dispatch" for row in rows) else None
    return [_letter(row) if view is None or row.kind == "dispatch" else _act(home, view, row) for row in rows]


def alike(home: Home, letter: Letter) -> int | None:
    """The number under which the same letter waits already: the same kind, case (any, if the letter names none),
    addressee, and files by name and hash. Raises ClientError as dossier.gather does."""
    rows = [row for row in cupboard.waiting(home.archive) if row.manifest and _says_the_same(row, letter)]
    if not rows:
        return None
    cover, formal = dossier.read_cover(letter.cover), letter.kind not in dossier.INFORMAL
    sources = dossier.gather(letter.files, letter.words, cover, formal=formal, parts=letter.parts)
    given = {(source.entry.name, source.entry.hash) for source in sources}
    return next((row.id for row in rows if _files(row) == given), None)


def _says_the_same(row: Waiting, letter: Letter) -> bool:
    if row.kind != "dispatch":
        return False
    kept = msgspec.convert(row.draft, Outline)
    return (
        (kept.kind, kept.to, kept.about, kept.term, kept.due)
        == (letter.kind, letter.to, letter.about, letter.term, letter.due)
        and (letter.case or letter.begins) in (None, kept.case)
        and letter.regarding in (None, kept.regarding)
    )


def _files(row: Waiting) -> set[tuple[str, str]]:
    return {(entry.name, entry.hash) for entry in manifests.parse(row.manifest or b"").manifest.file}


def _letter(row: Waiting) -> Item:
    outline = msgspec.convert(row.draft, Outline)
    title = None if row.manifest is None else manifests.parse(row.manifest).manifest.title
    return _item(row, kind=outline.kind, to=outline.to, about=outline.regarding, title=title)


def _act(home: Home, view: View, row: Waiting) -> Item:
    entry = view.statement(row.dispatch or "")
    dispatch = None if entry is None else entry.logged.statement
    to = _other_side(home, row.kind, dispatch) if isinstance(dispatch, Dispatch) else None
    return _item(row, kind=row.kind, to=to, about=row.dispatch, title=None)


def _item(row: Waiting, *, kind: str, to: str | None, about: str | None, title: str | None) -> Item:
    return Item(
        row.id,
        kind,
        row.kind == "dispatch",
        row.case,
        to,
        about,
        title,
        datetime.fromtimestamp(row.created, UTC),
        outbox.last_error(row),
        row.attempts > 0,
    )


def _other_side(home: Home, act: str, dispatch: Dispatch) -> str:
    """Whom an act on a dispatch is told to: its sender, or, by the sender, its addressee."""
    by_sender = act == "withdrawal" or (act == "destruction" and not home.config.is_for_us(dispatch.to))
    return dispatch.to if by_sender else dispatch.from_
