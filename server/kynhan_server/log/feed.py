"""What happened, for those who listen: from the writer thread to any number of subscribers on the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from types import TracebackType


@dataclass(frozen=True, slots=True)
class Appended:
    """A statement stands in the log; `type` is its first line's word, such as `dispatch`."""

    log: str
    index: int
    id: str
    type: str
    case: str | None


@dataclass(frozen=True, slots=True)
class CheckpointMade:
    """A group was committed; its checkpoint has `size` leaves."""

    log: str
    size: int


@dataclass(frozen=True, slots=True)
class Cosigned:
    """The checkpoint of `size` leaves is cosigned by witnesses of all committees now."""

    log: str
    size: int


Happening = Appended | CheckpointMade | Cosigned


class Subscription:
    """An async iterator of what happens from now on; also a context manager that ends it.

    It ends by itself when its reader falls behind by more than the queue holds: read the log instead and begin anew.
    """

    def __init__(self, feed: Feed, limit: int) -> None:
        self._feed = feed
        self._limit = limit
        self._queue: asyncio.Queue[Happening | None] = asyncio.Queue()

    def put(self, happening: Happening) -> None:
        """Hands it over, or ends the subscription."""
        if self._queue.qsize() < self._limit:
            self._queue.put_nowait(happening)
        else:
            self.end()

    def end(self) -> None:
        """Nothing more comes behind what is waiting."""
        self._feed.leave(self)
        self._queue.put_nowait(None)

    def __aiter__(self) -> Subscription:
        return self

    async def __anext__(self) -> Happening:
        happening = await self._queue.get()
        if happening is None:
            raise StopAsyncIteration
        return happening

    def __enter__(self) -> Subscription:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._feed.leave(self)


class Feed:
    """Lives on the event loop; nothing here is safe to call from another thread."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._subscribers: set[Subscription] = set()

    def subscribe(self) -> Subscription:
        """A new subscription."""
        subscription = Subscription(self, self._limit)
        self._subscribers.add(subscription)
        return subscription

    def leave(self, subscription: Subscription) -> None:
        """Sends nothing more to it."""
        self._subscribers.discard(subscription)

    def publish(self, happenings: Iterable[Happening]) -> None:
        """Sends these to everybody, in order."""
        for happening in happenings:
            for subscription in tuple(self._subscribers):
                subscription.put(happening)

    def close(self) -> None:
        """Ends all subscriptions."""
        for subscription in tuple(self._subscribers):
            subscription.end()
