"""Which messages go now: rows of notices.py gathered, held until office hours, claimed for this process."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection, exists, select

from kynhan_protocol.agreement import office_hours
from kynhan_protocol.agreement.calendar_watch import missing_year
from kynhan_protocol.vietnam_time import local_date
from kynhan_server.log import notices
from kynhan_server.log.logs import Log, Standing
from kynhan_server.log.notices import Waiting
from kynhan_server.log.rules import RuleBook, Rules
from kynhan_server.store import tables as t

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

    from kynhan_server.clock import Clock
    from kynhan_server.log.ledger import Ledger
    from kynhan_server.store.store import Store

BATCH: Final = 50
WITHOUT_RULES: Final = 3600
"""Seconds until a log without a profile in force is looked at again."""
CALENDAR_ROLES: Final = ("clerk", "approver")
"""Who draws up and signs a calendar."""


@dataclass(frozen=True)
class Message:
    """One mail or webhook, claimed: `batch` is its id. All rows go by the same channel."""

    log: Log
    batch: str
    rows: tuple[Waiting, ...]

    @property
    def channel(self) -> Waiting:
        """Any of its rows: how it goes."""
        return self.rows[0]


@dataclass
class _Plan:
    """What a look at the outbox found, to be written in one transaction."""

    now: int
    messages: list[list[Waiting]] = field(default_factory=list)
    postponed: list[tuple[list[Waiting], int]] = field(default_factory=list)
    dropped: list[Waiting] = field(default_factory=list)
    digests: dict[int, int] = field(default_factory=dict)
    """Log: when its digest of today goes."""
    next_digests: dict[int, int] = field(default_factory=dict)
    midnights: dict[int, int] = field(default_factory=dict)


class Outbox:
    """The outbox of one relay process."""

    def __init__(self, store: Store, ledger: Ledger, logs: Iterable[Log], clock: Clock) -> None:
        self._store = store
        self._ledger = ledger
        self._logs = {log.id: log for log in logs}
        self._clock = clock
        self._rules = RuleBook()
        self._standing: dict[int, Standing] = {}

    async def take(self) -> tuple[list[Message], bool]:
        """The messages of at most BATCH rows (and of all that belong into the same digests), claimed; to be settled by
        done() or undone(). Also whether there may be more to take now.
        """
        at = self._clock.now()
        now = int(at.timestamp())
        async with self._store.read() as connection:
            rows = [notices.waiting(row) for row in await connection.execute(notices.due_query(now, BATCH))]
            more = len(rows) == BATCH
            rows = await _with_whole_digests(connection, rows, now)
            rules = {
                log: await self._rules.in_force(connection, self._logs[log])
                for log in {one.log for one in rows}
            }
        if not rows:
            return [], False
        plan = _Plan(now)
        for log in sorted(rules):
            self._plan(plan, log, rules[log], [one for one in rows if one.log == log], at)
        taken = await self._ledger.task(lambda connection: _write(connection, plan))
        return [Message(self._logs[group[0].log], batch, tuple(group)) for batch, group in taken], more

    def _plan(
        self, plan: _Plan, log: int, rules: Rules | None, rows: Sequence[Waiting], at: datetime
    ) -> None:
        members = self._standing.setdefault(log, Standing()).members(
            self._logs[log].state.committees, at.replace(microsecond=0)
        )
        plan.dropped += [one for one in rows if one.member not in members]
        rows = [one for one in rows if one.member in members]
        open_now, later = True, plan.now + WITHOUT_RULES
        if rules is None:
            open_now = False
        else:
            hours, calendar, clock = rules.profile.hours, rules.calendar, rules.profile.reminders.at
            open_now = office_hours.is_open(at, hours, calendar)
            later = int(office_hours.next_open(at, hours, calendar).timestamp())
            digest = office_hours.next_digest_day(at, clock, hours, calendar)
            plan.next_digests[log] = int(digest.timestamp())
            plan.digests[log] = int(office_hours.digest_of_today(at, clock, hours).timestamp())
        if not open_now:
            plan.postponed.append(([one for one in rows if not one.urgent], later))
            rows = [one for one in rows if one.urgent]
        plan.midnights[log] = int(office_hours.midnight(at).timestamp())
        plan.messages += _gathered(rows)

    async def done(self, message: Message) -> None:
        """The message was handed over."""
        now = self._now()
        await self._ledger.task(lambda connection: notices.sent(connection, message.rows, now))

    async def undone(self, message: Message, error: str, *, final: bool) -> None:
        """It was not."""
        now = self._now()
        await self._ledger.task(
            lambda connection: notices.failed(connection, message.rows, now, error, final=final)
        )

    async def watch_calendars(self) -> None:
        """From October on: a row a week for each channel of those who draw up the calendar, until it is there."""
        at = self._clock.now()
        for log in self._logs.values():
            async with self._store.read() as connection:
                rules = await self._rules.in_force(connection, log)
            year = None if rules is None else missing_year(rules.calendar, local_date(at))
            if year is not None:
                await self._remind_of_calendar(log, year, at)

    async def _remind_of_calendar(self, log: Log, year: int, at: datetime) -> None:
        now, on = int(at.timestamp()), local_date(at)
        about = notices.calendar_row(log.id, "", year, on, now)["about"]
        members = self._standing.setdefault(log.id, Standing()).members(
            log.state.committees, at.replace(microsecond=0)
        )
        asked = [name for name, one in members.items() if any(one.has(role) for role in CALENDAR_ROLES)]
        c, n = t.channels.c, t.notices.c
        told = exists().where(n.log == c.log, n.channel == c.id, n.about == about)
        query = select(c.id).where(
            c.log == log.id, c.member.in_(asked), c.confirmed.is_not(None), c.kind != "feed", ~told
        )
        async with self._store.read() as connection:
            channels = (await connection.execute(query)).scalars().all()
        if channels:
            rows = [notices.calendar_row(log.id, channel, year, on, now) for channel in channels]
            await self._ledger.task(lambda connection: notices.insert(connection, rows))

    async def prune(self) -> None:
        """Forgets what was finished long ago."""
        now = self._now()
        await self._ledger.task(lambda connection: notices.prune(connection, now))

    def _now(self) -> int:
        return int(self._clock.now().timestamp())


async def _with_whole_digests(
    connection: AsyncConnection, rows: Sequence[Waiting], now: int
) -> list[Waiting]:
    """The rows, and those that have to go in the same digests but are beyond the batch."""
    channels = {(one.log, one.channel) for one in rows if one.gathered}
    whole = [one for one in rows if not one.gathered]
    for log, channel in sorted(channels):
        found = await connection.execute(notices.digest_query(now, log, channel))
        whole += [notices.waiting(row) for row in found]
    return whole


def _gathered(rows: Sequence[Waiting]) -> list[list[Waiting]]:
    """Rows that go together: a message begun before, a day's digest, everything else alone."""
    groups: dict[tuple[str, ...], list[Waiting]] = {}
    for one in rows:
        if one.batch is not None:
            key: tuple[str, ...] = ("batch", one.batch)
        elif one.gathered:
            key = ("digest", one.channel)
        else:
            key = ("one", one.about, one.channel)
        groups.setdefault(key, []).append(one)
    return list(groups.values())


def _write(connection: Connection, plan: _Plan) -> list[tuple[str, list[Waiting]]]:
    for rows, until in plan.postponed:
        notices.postpone(connection, rows, until)
    notices.failed(connection, plan.dropped, plan.now, "not-in-force", final=True)
    taken = []
    for group in plan.messages:
        first = group[0]
        if first.gathered and first.batch is None:
            later = _digest_later(connection, plan, first)
            if later is not None:
                notices.postpone(connection, group, later)
                continue
        batch, mine = notices.claim(connection, group, plan.now)
        if mine:
            taken.append((batch, mine))
    return taken


def _digest_later(connection: Connection, plan: _Plan, first: Waiting) -> int | None:
    """When a digest goes that may not go now; None if it may: at its hour, once a day.

    Not before its hour, even where something waits since yesterday: what comes this morning would wait a day for it.
    """
    if plan.now < plan.digests[first.log]:
        return plan.digests[first.log]
    if notices.had_digest(connection, first.log, first.channel, plan.midnights[first.log]):
        return plan.next_digests[first.log]
    return None
