"""The same letter to several addressees, each sealed and signed for on its own, under one `about` (R10, R11).

    begun = rounds.begin(home, "opinion", case, words, digests)     # the same facts give the same round again
    sent = await rounds.send_round(home, relay, letters, told=show)

What was sent stays sent; the rest waits in the outbox, or was not begun. Giving the same command again goes on where it
stopped: nobody is sent it twice.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import msgspec

from kynhan_protocol.case.case import Sent

from ..dossiers.dossier import Progress
from ..dossiers.letter import Letter
from ..errors import ClientError, problem
from ..home import cupboard
from ..home.home import Home
from ..log.view import View
from ..packages import drafting, outbox
from ..packages import send as sends
from ..packages.drafting import Outline
from ..relay.relay import Relay

KEY: Final = "round:"  # configuration keys of rounds that were begun


@dataclass(frozen=True)
class Begun:
    """A round's `about`, and the case it is in (a new one where none was given)."""

    about: str
    case: str


@dataclass(frozen=True)
class RoundLetter:
    """What became of one addressee's letter. `before`: it had been sent already. `reason`: why it waits."""

    to: str
    state: Literal["sent", "queued", "before"]
    dispatch: str
    index: int | None = None
    reason: ClientError | None = None


def begin(home: Home, kind: str, case: str | None, *facts: object) -> Begun:
    """The round of these facts (anything that JSON has): the one begun before, or a new one, on record from here on.

    Who is addressed is no such fact: one more addressee joins the round.
    """
    digest = hashlib.sha256(msgspec.json.encode([kind, case, *facts])).hexdigest()
    archive = home.archive
    with archive.transaction():
        known = archive.get(KEY + digest)
        if known is None:
            now = home.clock.now()
            known = {"about": drafting.new_case(now), "case": case or drafting.new_case(now)}
            archive.put(KEY + digest, known)
    return Begun(str(known["about"]), str(known["case"]))


def digests(files: Sequence[Path]) -> list[str]:
    """SHA-256 of each file, so that other content makes another round. Raises ClientError missing-file,
    unreadable-file."""
    found = []
    for path in files:
        try:
            with path.open("rb") as file:
                found.append(hashlib.file_digest(file, "sha256").hexdigest())
        except FileNotFoundError as error:
            raise problem("missing-file", path=path) from error
        except OSError as error:
            raise problem("unreadable-file", path=path, why=error) from error
    return found


async def send_round(
    home: Home,
    relay: Relay,
    letters: Sequence[Letter],
    *,
    progress: Progress | None = None,
    told: Callable[[RoundLetter], None] = lambda line: None,
) -> tuple[RoundLetter, ...]:
    """Sends each letter that was not sent before; `told` hears of each one as it is done.

    All of them are checked before the first is sealed. Raises ClientError as send.send does; what was told stays.
    """
    home.require_not_frozen()
    await sends.read_log(home, relay)
    ready = drafting.require_ready(home)
    outlines = [sends.outline_of(home, ready.view, letter) for letter in letters]
    for outline in outlines:
        if _sent_before(home, ready.view, outline) is None and _row(home, outline, "waiting") is None:
            drafting.check_outline(home, ready, outline)
    lines = []
    for letter, outline in zip(letters, outlines, strict=True):
        line = await _send_one(home, relay, letter, outline, progress)
        told(line)
        lines.append(line)
    return tuple(lines)


async def _send_one(
    home: Home, relay: Relay, letter: Letter, outline: Outline, progress: Progress | None
) -> RoundLetter:
    before = _sent_before(home, View(home), outline)
    if before is not None:
        return RoundLetter(letter.to, "before", before.id, before.index)
    if (done := _row(home, outline, "sent")) is not None and _is_unread(home, done.dispatch):
        return RoundLetter(letter.to, "before", done.dispatch or "")
    waiting = _row(home, outline, "waiting")
    if waiting is None:
        sent = await sends.send(home, relay, letter, progress=progress)
        return RoundLetter(letter.to, sent.state, sent.dispatch, sent.index, sent.reason)
    result = await outbox.deliver(home, relay, waiting.id, progress=progress)
    if result.state == "failed" and result.error is not None:
        raise result.error
    state: Literal["sent", "queued"] = "sent" if result.state == "sent" else "queued"
    return RoundLetter(letter.to, state, result.dispatch, result.index, result.error)


def _sent_before(home: Home, view: View, outline: Outline) -> Sent | None:
    """The dispatch of ours that says the same, in the log; not one that was taken back or declined."""
    case = drafting.find_case(view, outline.case)
    for sent in () if case is None else case.dispatches.values():
        same = (sent.kind, sent.to, sent.about, sent.regarding) == (
            outline.kind,
            outline.to,
            outline.about,
            outline.regarding,
        )
        if (
            same
            and home.config.is_ours(sent.from_)
            and sent.state in ("sent", "received")
            and not sent.recalled
        ):
            return sent
    return None


def _row(home: Home, outline: Outline, state: str) -> cupboard.Waiting | None:
    """What is in the outbox in this state and says the same."""
    for row in cupboard.waiting(home.archive, state):
        if row.kind != "dispatch" or row.case != outline.case:
            continue
        kept = msgspec.convert(row.draft, Outline)
        if (kept.kind, kept.to, kept.about, kept.regarding) == (
            outline.kind,
            outline.to,
            outline.about,
            outline.regarding,
        ):
            return row
    return None


def _is_unread(home: Home, dispatch: str | None) -> bool:
    """Whether our copy of the log does not show a dispatch yet."""
    return dispatch is not None and View(home).statement(dispatch) is None
