"""The hub of live events: it wakes the streams of a log when something happened there; what, they read themselves."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from kynhan_server.web.problems import HttpProblem


@dataclass(eq=False)
class Waker:
    """What happened in one log since its stream last looked; sizes of trees, None where nothing did."""

    called: asyncio.Event = field(default_factory=asyncio.Event)
    checkpoint: int | None = None
    cosigned: int | None = None

    def take(self) -> tuple[int | None, int | None]:
        """Both sizes, and forget them."""
        taken = self.checkpoint, self.cosigned
        self.checkpoint = self.cosigned = None
        self.called.clear()
        return taken


class Hub:
    """Hands what the ledger reports to the streams of each log. Lives on the event loop's thread."""

    def __init__(self, per_member: int) -> None:
        self._per_member = per_member
        self._wakers: defaultdict[str, set[Waker]] = defaultdict(set)
        self._members: Counter[tuple[str, str]] = Counter()
        self.closing = False

    def checkpoint_made(self, slug: str, size: int) -> None:
        """A group was committed: its statements and its checkpoint are there."""
        for waker in self._wakers.get(slug, ()):
            waker.checkpoint = size
            waker.called.set()

    def cosigned(self, slug: str, size: int) -> None:
        """All witnesses have cosigned a tree of `size`."""
        for waker in self._wakers.get(slug, ()):
            waker.cosigned = size
            waker.called.set()

    def wake(self) -> None:
        """Let every stream look: something may have happened unheard."""
        for wakers in self._wakers.values():
            for waker in wakers:
                waker.called.set()

    def close(self) -> None:
        """End every stream, so that the relay can stop."""
        self.closing = True
        self.wake()

    @contextmanager
    def listening(self, slug: str, member: str) -> Iterator[Waker]:
        """A waker for one stream of `member`; HttpProblem `rate-limited` when it has too many."""
        if self._members[slug, member] >= self._per_member:
            raise HttpProblem("rate-limited", "This member has too many event streams open.")
        waker = Waker()
        self._members[slug, member] += 1
        self._wakers[slug].add(waker)
        try:
            yield waker
        finally:
            self._wakers[slug].discard(waker)
            self._members[slug, member] -= 1
