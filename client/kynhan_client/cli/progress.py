"""How far a transfer is: bytes and phase on stderr, at a terminal only, with the way to stop it beside them.

    with meter(session) as show:
        await send(home, relay, letter, progress=show)

A bar is full only when the block ended well: for a sending that is after the relay's proof was verified. Until then it
waits below 100 %, whatever has been uploaded.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from ..lazy import load
from .base import Session


class Meter:
    """Told of `phase` (hash, seal, upload, fetch, open), bytes done and bytes in all; shows nothing.

    `ended`: set to False where the block ended without an error, yet not with a verified receipt.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self.ended = True

    def __call__(self, phase: str, done: int, total: int) -> None:
        self._session.phase = phase


@contextmanager
def meter(session: Session) -> Iterator[Meter]:
    """A meter for one transfer of this run. What remains of it after an error stays on the screen, unfinished."""
    if session.as_json or not sys.stderr.isatty():
        yield Meter(session)
    else:
        shown: AbstractContextManager[Meter] = load("kynhan_client.cli.bars:shown")(session)
        with shown as bars:
            yield bars
    session.phase = None
