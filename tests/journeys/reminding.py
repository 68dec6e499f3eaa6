"""A case under a deadline on a real relay process with a moved clock: what the tests of reminders stand on.

async with deadline(tmp_path) as one:       CCQ's request was signed for by CA on Monday 2026-03-02, in-province
    await one.at(one.rungs["-10"].at)       it is that moment now, for the relay too
    await one.until("-10")                  the steps reminded of so far, as a clerk's mailbox has them
"""

from __future__ import annotations

import asyncio
import json
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from tests.journeys.relay_process import MovedClock, RelayProcess
from tests.protocol.world import CA, CALENDAR, CCQ
from tests.server.agreement import CLERK, PASSPHRASE, Agreement, admitted, found, joined

from kynhan_protocol.agreement import calendar, ladder, profile
from kynhan_protocol.agreement.ladder import Rung
from kynhan_protocol.statements import signing
from kynhan_protocol.statements.statements import Due, Receipt, Reminder
from kynhan_protocol.strict_json import decode
from kynhan_protocol.wire import api

SLUG, ORIGIN = "ccq-ca", "relay.example/kynhan"
BEGIN = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)  # a Monday, 09:00 in Việt Nam
TICK = 0.1

T = TypeVar("T")


@dataclass
class Deadline:
    """The relay process, its clock, the agreement, and the one case in it."""

    relay: RelayProcess
    clock: MovedClock
    agreement: Agreement
    case: str = ""
    dispatch: str = ""
    due: str = ""
    rungs: dict[str, Rung] = field(default_factory=dict)

    async def send(self, **changes: Any) -> None:
        """CCQ sends the request."""
        dispatch, parts = await self.agreement.dispatch(**{"term": "in-province", **changes})
        answer = await self.agreement.post(
            dispatch, self.agreement.keys[CLERK], header=parts.header, body=parts.body
        )
        self.case, self.dispatch = dispatch.case, answer.posted().id

    async def sign(self) -> None:
        """CA signs for it: the time limit begins to run, and its ladder is known."""
        await self.agreement.receipt(self.dispatch)
        (due,) = [one for one in await self.logged() if isinstance(one[1], Due)]
        self.due = due[0]
        settings = profile.parse(self.agreement.profile).reminders
        upwards = ladder.rungs(due[1].due, calendar.parse(CALENDAR), settings)
        self.rungs = {rung.step: rung for rung in islice(upwards, 12)}

    async def at(self, moment: datetime) -> None:
        """It is `moment` now."""
        await asyncio.to_thread(self.clock.set, moment)

    async def logged(self) -> list[tuple[str, Any]]:
        """Ids and statements of the whole log, from the mailbox of CCQ's clerk."""
        target = self.agreement.path(api.STATEMENTS)
        answer = await self.agreement.ask(CLERK, "GET", target)
        assert answer.status == 200, answer.body
        listing = decode(answer.body, api.Statements)
        assert [one.index for one in listing.statements] == list(range(listing.size))
        return [(one.id, signing.parse(one.note.encode()).statement) for one in listing.statements]

    async def reminders(self) -> list[Reminder]:
        """All REMINDER statements so far."""
        return [one for _, one in await self.logged() if isinstance(one, Reminder)]

    async def steps(self) -> list[str]:
        """Their steps; each (case, step, due id) must be there once."""
        sent = await self.reminders()
        keys = [(one.case, one.step, one.due) for one in sent]
        assert len(set(keys)) == len(keys), keys
        return [one.step for one in sent]

    async def until(self, *steps: str) -> None:
        """Waits until these steps, and no others, were sent, and sees that a few more ticks add nothing."""
        await self.eventually(self.steps, lambda sent: len(sent) >= len(steps))
        assert await self.steps() == list(steps)
        await self.some_ticks()
        assert await self.steps() == list(steps)

    async def eventually(
        self, look: Callable[[], Awaitable[T]], holds: Callable[[T], object], seconds: float = 15
    ) -> T:
        """Looks until what is found is as it should be."""
        async with asyncio.timeout(seconds):
            while not holds(found := await look()):  # noqa: ASYNC110 - the relay is another process
                await asyncio.sleep(TICK / 2)
        return found

    async def some_ticks(self) -> None:
        """Time for three ticks or more."""
        await asyncio.sleep(4 * TICK)

    async def start(self) -> None:
        """The relay runs again."""
        await asyncio.to_thread(self.relay.start)

    async def restart(self) -> None:
        """kill -9, and the relay runs again."""
        await asyncio.to_thread(self.relay.restart)

    async def health(self) -> dict[str, Any]:
        """What /healthz says."""
        return await asyncio.to_thread(_health, f"http://{self.relay.authority}{api.HEALTH}")


def _health(url: str) -> dict[str, Any]:
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            found: dict[str, Any] = json.load(answer)
    except urllib.error.HTTPError as unwell:
        with unwell:
            found = json.load(unwell)
    return found


@asynccontextmanager
async def founded(folder: Path) -> AsyncIterator[Deadline]:
    """Two committees on a relay process, on BEGIN; nothing sent yet."""
    clock = MovedClock(folder / "clock")
    clock.set(BEGIN)
    keys = await admitted(folder / "relay", SLUG, ORIGIN, (CCQ, CA))
    with RelayProcess(folder / "relay", PASSPHRASE, clock.file, TICK) as relay:
        await asyncio.to_thread(relay.start)
        async with joined(relay.authority, SLUG, ORIGIN, keys, clock=clock) as agreement:
            await found(agreement)
            yield Deadline(relay, clock, agreement)


@asynccontextmanager
async def deadline(folder: Path) -> AsyncIterator[Deadline]:
    """The request is signed for an hour later, and its time limit runs."""
    async with founded(folder) as one:
        await one.send()
        await one.at(BEGIN + timedelta(hours=1))
        await one.sign()
        assert [type(statement) for _, statement in (await one.logged())][-3] is Receipt
        yield one
