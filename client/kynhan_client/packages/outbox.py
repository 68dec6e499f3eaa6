"""What waits to be sent: durable from the moment it is sealed or signed, delivered by whoever comes next.

A row is a `dispatch` (outline, sealed body on disk, file key, header and note) or an act (`receipt`, `opening`,
`decline`, `withdrawal`, `destruction`: acts.py). Its steps: `upload` (the body has to reach the relay), `post` (the
note), `done`. A crash, a broken line or Ctrl-C leaves the row where it was; delivering.py goes on there.
outbox_list.py tells what waits, cancelling.py takes it back.
"""

from __future__ import annotations

import math
import os
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Final, Literal

import msgspec

from kynhan_protocol.wire import api

from ..clauses import Pair, clause
from ..dossiers import sealing
from ..dossiers.dossier import Progress
from ..dossiers.sealing import SealedBody
from ..errors import ClientError, problem
from ..home import cupboard, locking
from ..home.cupboard import Waiting
from ..home.home import Home
from ..log.answers import Accepted
from ..relay.relay import Relay
from . import delivering
from .acts import ActDraft
from .delivering import DRAFT_ANEW, body_path, change
from .drafting import Outline

# Nothing is wrong with what we sent: it waits. By our code, and by the relay's.
_WAIT: Final = frozenset(
    ("relay-down", "home-in-use", "relay-answer-invalid", "disk-full", "frozen", "not-compared", "stale")
)
_WAIT_CODES: Final = frozenset(("unauthorized", "clock-behind", "clock-doubt", *DRAFT_ANEW))


@dataclass(frozen=True)
class Delivered:
    """What became of one row. `queued`: it still waits, `error` says why; `failed`: the relay will never take it."""

    waiting: int
    kind: str
    state: Literal["sent", "queued", "failed"]
    case: str | None
    dispatch: str
    index: int | None = None
    accepted: Accepted | None = None
    error: ClientError | None = None


# --- putting something in


def put_dispatch(home: Home, outline: Outline, body: SealedBody, manifest: bytes) -> int:
    """A sealed body and all that its dispatch needs, kept together; gives the row's number. Under the home's lock."""
    path = sealing.keep(body)
    archive, now = home.archive, home.clock.posix()
    try:
        with archive.transaction():
            row = cupboard.put_waiting(
                archive, "dispatch", "upload", msgspec.to_builtins(outline), case=outline.case, time=now
            )
            cupboard.change_waiting(
                archive,
                row,
                time=now,
                file_key=body.file_key,
                manifest=manifest,
                body_path=path.name,
                body_size=body.size,
                body_sha256=body.sha256,
                step="upload" if body.size > api.MAX_INLINE_BODY else "post",
            )
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return row


def put_act(home: Home, act: ActDraft, *, case: str | None) -> int:
    """An act that has to reach the relay, kept before it is signed and posted; gives the row's number. One that waits
    already is the same row."""
    waiting = waiting_act(home, act.kind, act.dispatch)
    if waiting is not None:
        return waiting.id
    archive, now = home.archive, home.clock.posix()
    with archive.transaction():
        row = cupboard.put_waiting(archive, act.kind, "post", msgspec.to_builtins(act), case=case, time=now)
        cupboard.change_waiting(archive, row, time=now, dispatch=act.dispatch)
    return row


def waiting_act(home: Home, kind: str, dispatch: str) -> Waiting | None:
    """The act of this kind about a dispatch that waits already."""
    rows = cupboard.waiting(home.archive)
    return next((row for row in rows if (row.kind, row.dispatch) == (kind, dispatch)), None)


# --- delivering


async def deliver_all(home: Home, relay: Relay, *, progress: Progress | None = None) -> list[Delivered]:
    """Delivers everything that waits, oldest first; what another command is sending just now is left to it.

    Raises ClientError frozen; what went wrong with one row is told in its result. Once the relay is down, the rest
    waits without being tried.
    """
    home.require_not_frozen()
    async with home.writing():
        names = [row.body_path for row in cupboard.waiting(home.archive) if row.body_path]
        sealing.clear_unfinished(home.path / "sealed", keep=names)
    results: list[Delivered] = []
    for row in cupboard.waiting(home.archive):
        result = await deliver(home, relay, row.id, progress=progress, wait=False)
        results.append(result)
        if result.error is not None and result.error.code == "relay-down":
            break
    return results


async def deliver(
    home: Home, relay: Relay, row_id: int, *, progress: Progress | None = None, wait: bool = True
) -> Delivered:
    """Delivers one row, or says why it still waits. With `wait`, until another command that sends it is done."""
    row = cupboard.waiting_by_id(home.archive, row_id)
    try:
        async with alone(home, row, wait=wait):
            row = cupboard.waiting_by_id(home.archive, row_id)
            if row.state != "waiting":  # somebody else did it meanwhile
                return _told(row)
            if row.kind == "dispatch":
                accepted = await delivering.deliver_dispatch(home, relay, row, progress)
            else:
                accepted = await delivering.deliver_act(home, relay, row)
    except ClientError as error:
        return _refused(home, cupboard.waiting_by_id(home.archive, row_id), error)
    return Delivered(row.id, row.kind, "sent", row.case, _about(row, accepted), accepted.own.index, accepted)


# --- how it went


def _refused(home: Home, row: Waiting, error: ClientError) -> Delivered:
    """Whether a row still waits after `error`. What has failed for good leaves no file key and no body behind."""
    if row.state != "waiting":  # another command brought it to its end meanwhile
        return _told(row)
    if error.code in _WAIT or error.data.get("relay_code") in _WAIT_CODES:
        change(home, row, last_error=_kept(error))
        return Delivered(row.id, row.kind, "queued", row.case, row.dispatch or "", error=error)
    if row.body_path:
        (home.path / "sealed" / row.body_path).unlink(missing_ok=True)
    change(home, row, state="failed", file_key=None, body_path=None, last_error=_kept(error))
    return Delivered(row.id, row.kind, "failed", row.case, row.dispatch or "", error=error)


def _told(row: Waiting) -> Delivered:
    state: Literal["sent", "failed"] = "sent" if row.state == "sent" else "failed"
    error = None if state == "sent" else problem("not-now", why=_failed(row))
    return Delivered(row.id, row.kind, state, row.case, row.dispatch or "", error=error)


def last_error(row: Waiting) -> Pair | None:
    """What went wrong with a row last, in both languages; None if nothing did."""
    return None if row.last_error is None else msgspec.json.decode(row.last_error, type=tuple[str, str])


def _kept(error: ClientError) -> str:
    """An error as the row keeps it: in both languages."""
    return msgspec.json.encode(error.pair).decode()


def _failed(row: Waiting) -> Pair:
    """Why a row is not sent, as it was kept."""
    if row.state == "cancelled":
        return clause("outbox.taken-back")
    why = last_error(row)
    return clause("outbox.failed") if why is None else clause("outbox.because", why=why)


def _about(row: Waiting, accepted: Accepted) -> str:
    return accepted.id if row.kind == "dispatch" else row.dispatch or ""


@asynccontextmanager
async def alone(home: Home, row: Waiting, *, wait: bool) -> AsyncIterator[None]:
    """Only one command at a time delivers a row or takes it back: flock on its body, for acts (small and few) on the
    folder of bodies. Read the row again inside. Raises ClientError home-in-use, unless `wait`."""
    if row.state != "waiting":
        yield
        return
    with ExitStack() as stack:
        try:
            place = body_path(home, row) if row.body_path else home.path / "sealed"
            descriptor = stack.enter_context(locking.opened(place, os.O_RDONLY))
        except (
            FileNotFoundError
        ):  # gone since body_path() looked: another command is bringing the row to its end
            raise problem("home-in-use", path=home.path) from None
        if not await locking.awaited(descriptor, math.inf if wait else 0):
            raise problem("home-in-use", path=home.path)
        yield
