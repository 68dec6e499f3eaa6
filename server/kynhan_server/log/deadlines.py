"""The clock that runs by itself: who is to be reminded of what, when headers go, and the sign of life.

A tick looks at an index (`next_remind_at`), never at all cases. Each REMINDER is claimed and logged by the ledger's
writer in one transaction, from the case as it stands there: what was sent in the meantime, or answered, is seen.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Final

import structlog
from sqlalchemy import Connection, select

from kynhan_server.errors import Refused
from kynhan_server.store import tables as t

if TYPE_CHECKING:
    from kynhan_server.clock import Timekeeper
    from kynhan_server.log.ledger import Ledger
    from kynhan_server.log.logs import Log
    from kynhan_server.log.uploads import Uploads
    from kynhan_server.store.store import Store

BATCH: Final = 500
ROUNDS: Final = 20
"""Batches of a tick: a morning on which more is due goes on with the next tick."""
TURNS: Final = 20
"""Pages of cases that a tick gives new dates, after a new calendar; others post between them."""
HEARTBEAT: Final = "heartbeat"
LATER: Final = 3600
"""Seconds until a case that could not be reminded of is looked at again."""
_NOT_OF_THE_CASE: Final = ("clock-behind", "clock-doubt", "disk-full")

log_ = structlog.get_logger("kynhan.deadlines")


@dataclass(frozen=True)
class Ticked:
    """What a tick did."""

    reminders: int
    headers_deleted: int
    uploads_deleted: int


class Deadlines:
    """The tick, for the scheduler to call as often as it likes, in any number of processes."""

    def __init__(self, store: Store, ledger: Ledger, uploads: Uploads, timekeeper: Timekeeper) -> None:
        self._store = store
        self._ledger = ledger
        self._uploads = uploads
        self._timekeeper = timekeeper

    async def tick(self, now: datetime | None = None) -> Ticked:
        """Sends what is due, deletes what is over, and leaves the sign of life.

        The time is the relay's own (`now` is ignored if given). Raises Refused clock-behind or clock-doubt, having
        done nothing.
        """
        time = self._timekeeper.stamp()
        reminders = await self._remind(time)
        await self._move_dates()
        uploads = await self._uploads.sweep(time)
        deleted = await self._ledger.task(lambda connection: _close_tick(connection, time))
        if deleted or not self._store.shrunk:
            await self._ledger.between_groups(self._store.shrink_log)
        self._timekeeper.beat(time)
        ticked = Ticked(reminders, deleted, uploads)
        if ticked != Ticked(0, 0, 0):
            log_.info("ticked", reminders=reminders, headers_deleted=deleted, uploads_deleted=uploads)
        return ticked

    async def _remind(self, time: int) -> int:
        """Looks at every case that is due; gives how many reminders went out."""
        sent = 0
        for _ in range(ROUNDS):
            cases = await self._due_cases(time)
            reminders, busy = await self._remind_of(cases, time)
            sent += reminders
            if busy or len(cases) < BATCH:
                break
        return sent

    async def _remind_of(self, cases: list[tuple[Log, str]], time: int) -> tuple[int, bool]:
        """How many reminders went out, and whether the writer was too busy for some, which the next tick finds again.

        A case that cannot be reminded of (its log has stopped, say) is looked at again later: it holds up nobody else.
        """
        looks = (self._ledger.remind(log, name) for log, name in cases)
        sent, busy = 0, False
        for (log, name), outcome in zip(
            cases, await asyncio.gather(*looks, return_exceptions=True), strict=True
        ):
            if not isinstance(outcome, BaseException):
                sent += outcome
                continue
            if not isinstance(outcome, Refused) or outcome.code in _NOT_OF_THE_CASE:
                raise outcome
            log_.warning("not-reminded", log=log.slug, case=name, code=outcome.code)
            if outcome.code == "unavailable" and log.stopped is None:
                busy = True
                continue
            await self._ledger.task(partial(_look_later, log=log.id, case=name, at=time + LATER))
        return sent, busy

    async def _move_dates(self) -> None:
        """Goes on with what a new calendar moves, in the logs where it does."""
        async with self._store.read() as connection:
            found = (await connection.execute(select(t.moves.c.log))).scalars().all()
        for log in map(self._ledger.log_of, found):
            try:
                for _ in range(TURNS):
                    if not await self._ledger.move_dates(log):
                        break
            except Refused as refused:
                if refused.code in _NOT_OF_THE_CASE:
                    raise
                log_.warning("dates-not-moved", log=log.slug, code=refused.code)

    async def heartbeat(self) -> int | None:
        """POSIX seconds of the last finished tick."""
        async with self._store.read() as connection:
            found = await connection.execute(select(t.meta.c.value).where(t.meta.c.name == HEARTBEAT))
            value = found.scalar_one_or_none()
        return None if value is None else int(value)

    async def _due_cases(self, time: int) -> list[tuple[Log, str]]:
        c = t.cases.c
        query = select(c.log, c.case).where(c.next_remind_at <= time).order_by(c.next_remind_at).limit(BATCH)
        async with self._store.read() as connection:
            rows = (await connection.execute(query)).all()
        return [(self._ledger.log_of(row.log), row.case) for row in rows]


def _look_later(connection: Connection, log: int, case: str, at: int) -> None:
    c = t.cases.c
    connection.execute(t.cases.update().where(c.log == log, c.case == case).values(next_remind_at=at))


def _close_tick(connection: Connection, time: int) -> int:
    _beat(connection, time)
    return _delete_headers(connection, time)


def _delete_headers(connection: Connection, time: int) -> int:
    """The headers of packages opened long enough ago (DESIGN §2): what remains cannot be opened with an old key."""
    d = t.dispatches.c
    done = connection.execute(
        t.dispatches.update().where(d.header_until <= time).values(header=None, header_until=None)
    )
    return done.rowcount


def read_heartbeat(connection: Connection) -> int | None:
    """As Deadlines.heartbeat, before there is an event loop."""
    value = connection.execute(select(t.meta.c.value).where(t.meta.c.name == HEARTBEAT)).scalar_one_or_none()
    return None if value is None else int(value)


def _beat(connection: Connection, time: int) -> None:
    if (
        connection.execute(t.meta.update().where(t.meta.c.name == HEARTBEAT).values(value=str(time))).rowcount
        == 0
    ):
        connection.execute(t.meta.insert(), {"name": HEARTBEAT, "value": str(time)})
