"""What waits for the writer, and what became of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection

from kynhan_protocol.statements.statements import Dispatch
from kynhan_server.log.draft import Layer
from kynhan_server.log.feed import Happening
from kynhan_server.log.logs import Log
from kynhan_server.log.writing import Written

T = TypeVar("T")


@dataclass
class Item(Generic[T]):
    """Something waiting for the writer; `future` belongs to the event loop."""

    future: asyncio.Future[T]

    def settle(self, result: Any, error: BaseException | None) -> None:
        """Hands over the outcome, unless nobody waits any more."""
        if self.future.done():
            return
        if error is not None:
            self.future.set_exception(error)
        else:
            self.future.set_result(result)


@dataclass
class Addition(Item[Any]):
    """Adds to a log: `run` works on a layer of its own.

    `text_hash` is that of the posted text, if it is a post; `dispatch` is there if that is one.
    """

    log: Log
    run: Callable[[Layer], Any]
    text_hash: str | None = None
    dispatch: Dispatch | None = None


@dataclass
class Task(Item[Any]):
    """Writes something that is no statement, under a savepoint of its own."""

    run: Callable[[Connection], Any]


@dataclass
class Pause(Item[Any]):
    """Runs between two groups, outside any transaction."""

    run: Callable[[], Any]


@dataclass(frozen=True)
class Posted:
    """Where a posted statement stands; `group` if it was logged just now, else it is read back."""

    index: int
    group: list[Written]


@dataclass
class Outcome:
    """What a group of items came to."""

    settled: list[tuple[Item[Any], Any, BaseException | None]] = field(default_factory=list)
    happenings: list[Happening] = field(default_factory=list)
