"""What happens, as it happens: syncs at every piece of news and tells what a person would want to know.

    async for event in watch(home, relay): …

The home's lock is held only while a sync runs, so that other commands work meanwhile; what they read first is told
all the same.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from dataclasses import dataclass
from typing import Final, Literal

from kynhan_protocol.names import Name
from kynhan_protocol.statements import statements as s

from ..errors import ClientError
from ..home.archive import Alarm
from ..home.home import Home
from ..log import logbook, mirror
from ..log.logbook import Entry
from ..log.view import read_size
from ..relay import live
from ..relay.relay import Relay

FIRST_PAUSE: Final = 0.5  # seconds before trying again to reach a relay that is down; doubled each time
LONGEST_PAUSE: Final = 15.0

What = Literal[
    "arrived",  # a dispatch to us
    "message",  # the same, of kind message
    "sent",  # a dispatch of our committee was logged
    "signed-for",  # somebody signed for a dispatch
    "opened",  # and said what was found inside
    "declined",
    "withdrawn",
    "due",  # a due date was set or moved
    "reminder",  # the relay reminded us: what people are told are our own reminders (own.py)
    "calendar",  # an approver signed a calendar
    "members",  # a root statement: somebody was certified or revoked, a profile attested
]


QUIET: Final[frozenset[What]] = frozenset({"sent", "signed-for", "opened", "due"})
"""What is not told of a case that is put off (snooze.py); what somebody has to act on still is."""


@dataclass(frozen=True)
class News:
    """One statement that matters to a person here; `case` and `dispatch` say where it belongs."""

    what: What
    entry: Entry
    case: str | None
    dispatch: str | None


@dataclass(frozen=True)
class Wrong:
    """An alarm was raised."""

    alarm: Alarm


@dataclass(frozen=True)
class Connection:
    """The relay was reached again, or not: `error` says why."""

    up: bool
    error: ClientError | None = None


class _Told:
    """How far the news was told: statements below `index`, alarms up to number `alarm`."""

    def __init__(self, home: Home) -> None:
        self.index = read_size(home)
        self.alarm = max((alarm.number for alarm in home.archive.alarms()), default=0)


async def watch(home: Home, relay: Relay) -> AsyncGenerator[News | Wrong | Connection, None]:
    """News until the caller stops listening, through outages. Raises ClientError that waiting does not cure."""
    up: bool | None = None
    pause, told = FIRST_PAUSE, _Told(home)
    while True:
        try:
            async with aclosing(_while_up(home, relay, told)) as events:
                async for event in events:
                    if not up:
                        up, pause = True, FIRST_PAUSE
                        yield Connection(True)
                    if event is not None:
                        yield event
        except ClientError as error:
            if error.code not in ("relay-down", "relay-answer-invalid", "home-in-use"):
                raise
            if up is not False:
                up = False
                yield Connection(False, error)
        await asyncio.sleep(pause)
        pause = min(pause * 2, LONGEST_PAUSE)


async def once(home: Home, relay: Relay) -> AsyncGenerator[News | Wrong, None]:
    """The news of one sync. Raises ClientError as mirror.sync() does."""
    for event in await _sync(home, relay, _Told(home)):
        if event is not None:
            yield event


async def _while_up(home: Home, relay: Relay, told: _Told) -> AsyncGenerator[News | Wrong | None, None]:
    """Syncs once, then at each live event; None after each sync that went through."""
    for event in await _sync(home, relay, told):
        yield event
    async with aclosing(live.events(relay, told.index - 1 if told.index else None)) as stream:
        async for _ in stream:
            for event in await _sync(home, relay, told):
                yield event


async def _sync(home: Home, relay: Relay, told: _Told) -> list[News | Wrong | None]:
    await mirror.sync(home, relay)
    entries = logbook.since(home.archive, told.index)
    alarms = home.archive.alarms(told.alarm)
    if entries:
        told.index = entries[-1].logged.index + 1
    if alarms:
        told.alarm = alarms[-1].number
    news = [found for entry in entries for found in _news(home, entry)]
    return [None, *news, *(Wrong(alarm) for alarm in alarms)]


def _news(home: Home, entry: Entry) -> Iterator[News]:
    what = _what(home, entry)
    if what is not None:
        yield News(what, entry, entry.case, entry.dispatch)


def _what(home: Home, entry: Entry) -> What | None:
    committee, member = home.config.committee, home.config.member
    match entry.logged.statement:
        case s.Dispatch(to=to, kind=kind) if to in (committee, member):
            return "message" if kind == "message" else "arrived"
        case s.Dispatch(from_=from_) if Name.of(from_).is_of(committee):
            return "sent"
        case s.Receipt():
            return "signed-for"
        case s.Opening():
            return "opened"
        case s.Decline():
            return "declined"
        case s.Withdrawal():
            return "withdrawn"
        case s.Due():
            return "due"
        case s.Reminder(to=to) if member in to or committee in to:
            return "reminder"
        case s.CalendarApproval():
            return "calendar"
        case s.Membership() | s.Revocation() | s.ProfileAttestation() | s.Succession():
            return "members"
        case _:
            return None
