"""The ledger: everything that waits goes into one transaction, one tree update, one checkpoint, one fsync.

One thread writes. It takes what is waiting, lets each submission find its place (refusals, intake, handover,
agreement), writes the group, commits, and only then answers: each caller gets its finished proofs, never a promise.
The answer is made from what was stored, so the same statement gets the same bytes whenever it is posted again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, TypeVar

from sqlalchemy import Connection

from kynhan_protocol.statements.statements import CalendarApproval, Dispatch, RootStatement
from kynhan_server.clock import Timekeeper
from kynhan_server.config import Settings
from kynhan_server.errors import Refused
from kynhan_server.log import agreement, handover, intake, receipts, reminders
from kynhan_server.log.draft import Layer
from kynhan_server.log.feed import Feed, Happening, Subscription
from kynhan_server.log.intake import Prepared, Submission, Unacceptable
from kynhan_server.log.items import Addition, Item, Outcome, Pause, Posted, Task
from kynhan_server.log.logs import Log, Standing
from kynhan_server.log.reading import Reading
from kynhan_server.log.writer import Writer
from kynhan_server.log.writing import Written
from kynhan_server.store import tables as t
from kynhan_server.store.store import Store

__all__ = ["Answer", "Ledger", "Submission"]

T = TypeVar("T")

HEAVY: Final = 32 * 1024
"""A submission of more bytes than this is read on another thread, so that the event loop goes on."""


@dataclass(frozen=True)
class Answer:
    """What whoever posts a statement gets: its id and index, and tlog-proofs: its own, then the relay's answers'."""

    id: str
    index: int
    receipts: tuple[bytes, ...]


class Ledger:
    """All logs of one relay and the thread that writes them."""

    def __init__(
        self, store: Store, reading: Reading, logs: Sequence[Log], timekeeper: Timekeeper, settings: Settings
    ) -> None:
        self._reading = reading
        self._logs = {log.id: log for log in logs}
        self._timekeeper = timekeeper
        self._settings = settings
        self._loop = asyncio.get_running_loop()
        self._feed = Feed(settings.subscriber_queue)
        self._standing = Standing()
        self._closed = False
        self._writer = Writer(store, logs, timekeeper, settings.max_group, self._hand_over)

    async def post(self, log: Log, submission: Submission) -> Answer:
        """Logs a statement and gives its receipts; if its text is logged already, the first one's. Raises Refused."""
        prepared = await self._prepare(log, submission)
        if isinstance(prepared, Unacceptable):
            known = await self._reading.index_of_text(log, prepared.text_hash)
            if known is None:
                raise prepared.refusal
            return await self._stored_answer(log, known)
        statement = prepared.signed.statement
        addition = Addition(
            self._loop.create_future(),
            log,
            lambda place: _sequence(place, prepared),
            prepared.text_hash,
            statement if isinstance(statement, Dispatch) else None,
        )
        posted: Posted = await self._enqueue(addition)
        if posted.group:
            return _answer(posted.group[0], posted.index)
        return await self._stored_answer(log, posted.index)

    async def remind(self, log: Log, case: str) -> int:
        """Logs the reminders that a case needs now; gives how many."""
        addition = Addition(self._loop.create_future(), log, lambda place: reminders.remind(place, case))
        return int(await self._enqueue(addition))

    async def move_dates(self, log: Log) -> bool:
        """Gives the next cases the dates of a new calendar; whether there are more."""
        return bool(await self._enqueue(Addition(self._loop.create_future(), log, agreement.move_on)))

    async def task(self, run: Callable[[Connection], T]) -> T:
        """Runs `run` on the writer's connection, committed when this returns."""
        result: T = await self._enqueue(Task(self._loop.create_future(), run))
        return result

    async def between_groups(self, run: Callable[[], T]) -> T:
        """Runs `run` on the writer's thread while no transaction is open."""
        result: T = await self._enqueue(Pause(self._loop.create_future(), run))
        return result

    async def stop(self, log: Log, reason: str) -> None:
        """From now on, and after a restart, nothing is added to the log."""
        update = t.logs.update().where(t.logs.c.id == log.id).values(stopped=reason)
        await self.task(lambda connection: connection.execute(update).rowcount)
        await self.between_groups(lambda: setattr(log, "state", replace(log.state, stopped=reason)))

    def subscribe(self) -> Subscription:
        """What happens from now on in any log. Call it on the event loop."""
        return self._feed.subscribe()

    def publish(self, *happenings: Happening) -> None:
        """Tells the subscribers. Call it on the event loop."""
        self._feed.publish(happenings)

    def log_of(self, number: int) -> Log:
        """The log of that row."""
        return self._logs[number]

    async def close(self) -> None:
        """Finishes what is waiting, then stops the writer and ends all subscriptions."""
        self._closed = True
        await asyncio.to_thread(self._writer.stop)
        self._feed.close()

    async def _prepare(self, log: Log, submission: Submission) -> Prepared | Unacceptable:
        state, at = log.state, self._timekeeper.clock.now().replace(microsecond=0)
        size = len(submission.note) + len(submission.header or b"") + len(submission.body or b"")
        if size <= HEAVY and not submission.documents:
            return intake.prepare(submission, state, self._standing, at)
        return await asyncio.to_thread(intake.prepare, submission, state, Standing(), at)

    async def _stored_answer(self, log: Log, index: int) -> Answer:
        group = await self._reading.group_of(log, index)
        return Answer(
            group.ids[0],
            index,
            tuple(
                receipts.receipt(at, note, group.checkpoint, group.node)
                for at, note in zip(group.indices, group.notes, strict=True)
            ),
        )

    async def _enqueue(self, item: Item[Any]) -> Any:
        if self._closed:
            raise Refused("unavailable", "The relay is stopping.")
        if self._writer.waiting >= self._settings.max_waiting:
            raise Refused("unavailable", "Too much is waiting to be logged; try again.")
        self._writer.put(item)
        return await item.future

    def _hand_over(self, outcome: Outcome) -> None:
        """From the writer's thread to the event loop."""
        self._loop.call_soon_threadsafe(self._announce, outcome)

    def _announce(self, outcome: Outcome) -> None:
        for item, result, error in outcome.settled:
            item.settle(result, error)
        self._feed.publish(outcome.happenings)


def _sequence(place: Layer, prepared: Prepared) -> None:
    statement = prepared.signed.statement
    match statement:
        case Dispatch():
            intake.log_dispatch(place, prepared)
        case CalendarApproval():
            agreement.log_calendar_approval(place, prepared)
        case RootStatement():
            agreement.log_root_statement(place, prepared)
        case _:
            handover.log_act(place, prepared)


def _answer(group: Written, index: int) -> Answer:
    indices = [index, *group.causes.get(index, ())]
    made = tuple(
        receipts.receipt(
            at, group.notes[at - group.first], group.state.checkpoint, lambda level, i: group.nodes[level, i]
        )
        for at in indices
    )
    return Answer(receipts.id_of(group.notes[index - group.first]), index, made)
