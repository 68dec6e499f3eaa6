"""The one thread that writes: a group in, one transaction, one checkpoint, one fsync, the outcomes out.

What a caller is told has been committed. What was refused has left nothing.
"""

from __future__ import annotations

import queue
import sqlite3
import threading
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final, TypeVar

import structlog
from sqlalchemy import Connection, bindparam, select
from sqlalchemy.exc import DBAPIError

from kynhan_server.clock import Timekeeper
from kynhan_server.errors import Refused
from kynhan_server.log import reminders
from kynhan_server.log.draft import Layer
from kynhan_server.log.feed import Appended, CheckpointMade
from kynhan_server.log.items import Addition, Item, Outcome, Pause, Posted, Task
from kynhan_server.log.logs import CorruptError, Log
from kynhan_server.log.writing import Written, write_group
from kynhan_server.store import tables as t
from kynhan_server.store.store import Store

T = TypeVar("T")

_TEXTS: Final = select(t.statements.c.text_hash, t.statements.c.idx).where(
    t.statements.c.log == bindparam("log"), t.statements.c.text_hash.in_(bindparam("texts", expanding=True))
)

log_ = structlog.get_logger("kynhan.ledger")


class Writer:
    """Takes items in the order they come. `announce` is called on this thread with what became of each group."""

    def __init__(
        self,
        store: Store,
        logs: Sequence[Log],
        timekeeper: Timekeeper,
        max_group: int,
        announce: Callable[[Outcome], None],
    ) -> None:
        self._store = store
        self._logs = tuple(logs)
        self._timekeeper = timekeeper
        self._max_group = max_group
        self._announce = announce
        self._queue: queue.SimpleQueue[Item[Any] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._write_forever, name="ledger", daemon=True)
        self._thread.start()

    @property
    def waiting(self) -> int:
        """How many items nobody has looked at yet."""
        return self._queue.qsize()

    def put(self, item: Item[Any]) -> None:
        """Hands an item over."""
        self._queue.put(item)

    def stop(self) -> None:
        """Finishes what waits and ends the thread."""
        self._queue.put(None)
        self._thread.join()

    def _write_forever(self) -> None:
        while True:
            items = self._next()
            pauses = [item for item in items if isinstance(item, Pause)]
            outcome = self._write(
                [item for item in items if item is not None and not isinstance(item, Pause)]
            )
            for pause in pauses:
                try:
                    _attempt(outcome, pause, pause.run)
                except Exception as error:  # there is no group to fail, and this thread must not end
                    outcome.settled.append((pause, None, _refusal(error)))
            if outcome.settled:
                self._announce(outcome)
            if None in items:
                return

    def _next(self) -> list[Item[Any] | None]:
        """Everything that waits, at least one item, at most a group."""
        items = [self._queue.get()]
        while len(items) < self._max_group and items[-1] is not None:
            try:
                items.append(self._queue.get_nowait())
            except queue.Empty:
                break
        return items

    def _write(self, items: Sequence[Item[Any]]) -> Outcome:
        """One transaction for all; if the database refuses that, one for each, so that only the culprit suffers."""
        if not items:
            return Outcome()
        try:
            return self._write_group(items)
        except Exception as error:
            for log in self._logs:
                log.cases.clear()
            if len(items) == 1:
                return Outcome([(items[0], None, _refusal(error))])
            log_.warning("group-failed", items=len(items), error=type(error).__name__)
        outcome = Outcome()
        for item in items:
            alone = self._write([item])
            outcome.settled += alone.settled
            outcome.happenings += alone.happenings
        return outcome

    def _write_group(self, items: Sequence[Item[Any]]) -> Outcome:
        outcome = Outcome()
        written: list[tuple[Layer, list[Written]]] = []
        with self._store.transaction() as connection:
            for task in items:
                if isinstance(task, Task):
                    _attempt(outcome, task, partial(_under_savepoint, connection, task.run))
            for log in self._logs:
                additions = [item for item in items if isinstance(item, Addition) and item.log is log]
                if not additions:
                    continue
                log.refresh(connection)
                bottom = self._place(log, connection, additions, outcome)
                if bottom is not None:
                    written.append(bottom)
            for layer, group in written:
                group.append(write_group(layer))
        for layer, group in written:
            self._publish(layer, group[0], outcome)
        return outcome

    def _place(
        self, log: Log, connection: Connection, additions: Sequence[Addition], outcome: Outcome
    ) -> tuple[Layer, list[Written]] | None:
        """Lets each addition find its place; what is refused leaves nothing. None if nothing is to be written."""
        group: list[Written] = []
        known = _known_texts(log, connection, additions)
        new: list[Addition] = []
        for addition in additions:
            if addition.text_hash in known:
                outcome.settled.append((addition, Posted(known[addition.text_hash], []), None))
            else:
                new.append(addition)
        try:
            if log.stopped is not None:
                raise Refused("unavailable", "This log has stopped: it was shown to contradict itself.")
            time = self._timekeeper.stamp()
        except Refused as refused:
            outcome.settled += [(addition, None, refused) for addition in new]
            return None
        bottom = Layer.bottom(log, connection, time)
        bottom.look_ahead([addition.dispatch for addition in new if addition.dispatch is not None])
        logged: dict[str, int] = {}
        for addition in new:
            if addition.text_hash is not None and addition.text_hash in logged:
                outcome.settled.append((addition, Posted(logged[addition.text_hash], group), None))
                continue
            top = bottom.on_top()
            if _attempt(outcome, addition, partial(addition.run, top)):
                reminders.set_next_looks(top)
                bottom.merge(top)
                if addition.text_hash is not None:
                    index = _index_of(top, addition.text_hash)
                    logged[addition.text_hash] = index
                    outcome.settled[-1] = (addition, Posted(index, group), None)
        changed = bottom.entries or bottom.rows.cases or bottom.rows.moves
        return (bottom, group) if changed else None

    def _publish(self, layer: Layer, group: Written, outcome: Outcome) -> None:
        """The group is on disk: now memory may say so."""
        log = layer.log
        log.state = group.state
        for name, case in layer.cases.items():
            log.cases.put(name, case)
        if not layer.entries:
            return
        self._timekeeper.logged(layer.time)
        outcome.happenings += [
            Appended(log.slug, one.logged.index, one.logged.id, one.type, one.case) for one in layer.entries
        ]
        outcome.happenings.append(CheckpointMade(log.slug, group.state.size))
        log_.info("logged", log=log.slug, size=group.state.size, statements=len(layer.entries))


def _index_of(layer: Layer, text_hash: str) -> int:
    """Where the posted statement stands: not always first, since a date may have had to move before it."""
    return next(one.logged.index for one in layer.entries if one.text_hash == text_hash)


def _known_texts(log: Log, connection: Connection, additions: Sequence[Addition]) -> dict[str | None, int]:
    wanted = {addition.text_hash for addition in additions if addition.text_hash is not None}
    if not wanted:
        return {}
    found = connection.execute(_TEXTS, {"log": log.id, "texts": sorted(wanted)})
    return {row.text_hash: row.idx for row in found}


def _attempt(outcome: Outcome, item: Item[Any], run: Callable[[], Any]) -> bool:
    """Runs it and notes how it ended. A database that fails fails the group; anything else fails only the item."""
    try:
        outcome.settled.append((item, run(), None))
    except Refused as refused:
        outcome.settled.append((item, None, refused))
        return False
    except (DBAPIError, CorruptError):
        raise
    except Exception as error:
        outcome.settled.append((item, None, _refusal(error)))
        return False
    return True


def _under_savepoint(connection: Connection, run: Callable[[Connection], T]) -> T:
    with connection.begin_nested():
        return run(connection)


def _refusal(error: Exception) -> Refused:
    """What a caller is told of an error of ours. What happened is logged, without content."""
    if isinstance(error, Refused):
        return error
    cause = error.orig if isinstance(error, DBAPIError) else None
    log_.error("failed", error=type(error).__name__, exc_info=error)
    if isinstance(cause, sqlite3.OperationalError) and "full" in str(cause):
        return Refused("disk-full", "The relay has no room left; nothing was logged.")
    if isinstance(error, DBAPIError):
        return Refused("unavailable", "The relay's database did not answer; nothing was logged.")
    return Refused("internal", "The relay could not do this; nothing was logged.")
