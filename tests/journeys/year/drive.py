"""The year, lived: every step of the plan done by real clients against a real relay process, on a virtual clock.

async with year(folder) as one:
    await one.live(steps(seed=7, cases=400))
one.reckoning        the same year, reckoned without the product
"""

from __future__ import annotations

import asyncio
import json
import urllib.request
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.client.parties import SECRET, parties
from tests.journeys.relay_process import MovedClock, ProcessParties, RelayProcess
from tests.journeys.year import documents
from tests.journeys.year.days import DAY, at
from tests.journeys.year.plan import BEGIN, CA, CCQ, DECISIONS, END, OUTAGES, UNITS, Step
from tests.journeys.year.reckoning import Reckoning

from kynhan_client.calendars import calendars
from kynhan_client.dossiers.letter import Letter
from kynhan_client.home.home import Home
from kynhan_client.log import mirror
from kynhan_client.packages import opening, outbox, receive, send
from kynhan_client.procedures import recalls
from kynhan_client.relay.relay import Relay

TITLE = "Về việc phối hợp theo danh sách kèm theo"
MORNING = (8, 0, 30)
APPROVERS = (f"{CCQ}/pho-bi-thu", f"{CA}/bi-thu")


class OftenLooking(ProcessParties):
    """A relay that looks every few hundredths of a second, so that a virtual morning is short."""

    async def start_relay(self) -> None:
        if self.process is None:
            self.process = RelayProcess(self.folder / "relay", SECRET, self.offset, tick=0.05, port=self.port)
        await super().start_relay()


@asynccontextmanager
async def year(folder: Path) -> AsyncIterator[Year]:
    """Two committees, three units, an approver each, a relay: ready for the first step."""
    async with AsyncExitStack() as stack:
        two = await stack.enter_async_context(
            parties(
                folder,
                kind=OftenLooking,
                begin=at(BEGIN - DAY, 9),
                calendar_document=documents.three()[0],
            )
        )
        homes = {f"{CCQ}/van-thu": two.ccq, f"{CA}/van-thu": two.ca}
        relays = {f"{CCQ}/van-thu": two.to[CCQ], f"{CA}/van-thu": two.to[CA]}
        for name in (*UNITS, *APPROVERS):
            committee, _, short = name.partition("/")
            role = "approver" if name in APPROVERS else "unit"
            homes[name] = await two.add_member(two.home(committee), short, role)
            relays[name] = two.relay(homes[name])
        yield Year(two, homes, relays, MovedClock(two.offset))


@dataclass
class Year:
    """The relay, everybody's home and connection, and what was made so far."""

    two: ProcessParties
    homes: dict[str, Home]
    relays: dict[str, Relay]
    clock: MovedClock
    reckoning: Reckoning = field(default_factory=Reckoning)
    cases: dict[int, str] = field(default_factory=dict)
    dispatches: dict[tuple[int, str], str] = field(default_factory=dict)
    moved: list[list[int]] = field(default_factory=list)
    up: bool = True
    queued: int | None = None

    async def live(self, steps: Sequence[Step]) -> None:
        """All days of the two years, with every morning's look and every step at its moment."""
        waiting = list(reversed(steps))
        day = BEGIN
        while day <= END:
            await self._outage(day)
            await self._morning(day)
            while waiting and waiting[-1].day == day:
                await self._step(waiting.pop())
            if day in DECISIONS:
                await self._decide(day)
            if day.weekday() == 4:
                await self._cosign(day)
            day += DAY
        await self._cosign(END)

    async def rest(self, moment: datetime) -> None:
        """Nothing happens any more: everything is cosigned, and everybody has read it."""
        self.clock.set(moment)
        await self.two.witness()
        for name, home in self.homes.items():
            await mirror.sync(home, self.relays[name])

    # --- time

    async def _outage(self, day: date) -> None:
        for begin, end in OUTAGES:
            if day == begin + DAY:
                await self.two.stop_relay()
                self.up = False
                await self._send_in_vain(at(day, 9))
            if day == end:
                self.clock.set(at(day, 8, 25))
                await self.two.start_relay()
                self.up = True
                await self._look(at(day, 8, 26))
                await self._deliver(day)

    async def _send_in_vain(self, moment: datetime) -> None:
        """A message on a running case, if there is one, while the relay is down: it waits in the outbox."""
        self.clock.set(moment)
        number = next((life.number for life in self.reckoning.lives.values() if life.runs), None)
        if number is None:
            return
        letter = Letter(kind="message", to=CA, words="Máy đang ngừng.", case=self.cases[number])
        sent = await send.send(self.two.ccq, self.two.to[CCQ], letter)
        assert sent.state == "queued"
        self.queued = number

    async def _deliver(self, day: date) -> None:
        """What waited goes out, and is signed for."""
        if self.queued is None:
            return
        (delivered,) = await outbox.deliver_all(self.two.ccq, self.two.to[CCQ])
        assert delivered.state == "sent"
        label = f"message-late-{day}"
        self.dispatches[self.queued, label] = delivered.dispatch
        now = self.clock.now()
        asked = Step(self.queued, "send", CCQ, label, day, 0, now, {"kind": "message", "to": CA})
        self.reckoning.take(asked, now)
        await self._step(Step(self.queued, "sign", CA, label, day, 1, now))
        self.queued = None

    async def _morning(self, day: date) -> None:
        if self.up:
            await self._look(at(day, *MORNING))

    async def _look(self, moment: datetime) -> None:
        """It is `moment`; the relay has looked since, and so has the reckoning."""
        if moment > self.clock.now():
            self.clock.set(moment)
        await self._ticked()
        self.reckoning.look(moment)

    async def _ticked(self) -> None:
        """The relay has looked once more, from beginning to end, at all that was done so far.

        It says in whole seconds when it looked, so the clock goes on to a second that no look has seen yet.
        """
        since = self.clock.now().replace(microsecond=0) + timedelta(seconds=2)
        self.clock.set(since)
        for _ in range(2000):
            health = await asyncio.to_thread(_health, self.two.port)
            last = health["tick"]["last"]
            if last is not None and datetime.fromisoformat(last) >= since:
                assert health["tick"]["result"] == "ok", health
                return
            await asyncio.sleep(0.01)
        raise AssertionError("the relay does not tick")

    # --- steps

    async def _step(self, step: Step) -> None:
        if step.at > self.clock.now():
            self.clock.set(step.at)
        who = self._member(step.who)
        home, relay = self.homes[who], self.relays[who]
        if step.act == "send":
            await self._send(home, relay, step)
        else:
            await self._act(home, relay, step, self.dispatches[step.case, step.of])
        self.reckoning.take(step, self.clock.now())
        if step.act == "send" and step.more.get("urgency"):
            await self._ticked()
            self.reckoning.look(self.clock.now())

    async def _send(self, home: Home, relay: Relay, step: Step) -> None:
        sent = await send.send(home, relay, self._letter(step))
        assert sent.state == "sent", (step, sent)
        self.cases[step.case] = sent.case
        self.dispatches[step.case, step.of] = sent.dispatch

    def _letter(self, step: Step) -> Letter:
        more = step.more
        regarding = more.get("regarding")
        return Letter(
            kind=more["kind"],
            to=more["to"],
            words="Theo công văn kèm theo.",
            title=TITLE,
            term=more.get("term"),
            subject=more.get("subject"),
            urgency=more.get("urgency"),
            case=self.cases.get(step.case),
            regarding=None if regarding is None else self._latest(step.case, regarding),
            due=self.reckoning.extended_to(step) if more["kind"] == "extension" else None,
        )

    def _latest(self, case: int, kind: str) -> str:
        """The newest dispatch of the case whose label begins with that kind."""
        return [
            id_
            for (number, label), id_ in self.dispatches.items()
            if number == case and label.startswith(kind)
        ][-1]

    async def _act(self, home: Home, relay: Relay, step: Step, dispatch: str) -> None:
        match step.act:
            case "sign":
                await receive.sign(home, relay, dispatch)
            case "open":
                folder = self.two.folder / "opened" / dispatch[:16]
                opened = await opening.open_package(home, relay, dispatch, folder)
                assert opened.result == "verified", (step, opened)
            case "withdraw":
                await recalls.withdraw(home, relay, dispatch, "mistake")
            case "agree":
                await recalls.agree(home, relay, dispatch)
            case "decline":
                await receive.decline(home, relay, dispatch, "not-competent")
            case _:
                raise AssertionError(step)

    # --- calendars and witnesses

    async def _decide(self, day: date) -> None:
        """A decision is announced: an approver of each committee signs the calendar that follows from it."""
        number = len(self.moved) + 1
        self.clock.set(at(day, 17, 0))
        for name in APPROVERS:
            home, relay = self.homes[name], self.relays[name]
            await mirror.sync(home, relay)
            approved = await calendars.sign(home, relay, documents.three()[number])
        assert approved.in_force
        self.moved.append(self.reckoning.decide(number, self.clock.now()))
        await self._look(self.clock.now())

    async def _cosign(self, day: date) -> None:
        if not self.up:
            return
        self.clock.set(at(day, 18, 0))
        await self.two.witness()

    @staticmethod
    def _member(who: str) -> str:
        return who if "/" in who else f"{who}/van-thu"


def _health(port: int) -> Any:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=10) as answer:
        return json.load(answer)
