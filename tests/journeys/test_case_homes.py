"""The same on real homes and sockets, a few dozen acts: both programs and the relay make the same of every case."""

from __future__ import annotations

import random
from contextlib import AsyncExitStack
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.client.agreement import CA, CCQ
from tests.client.parties import LOG, SECRET, Parties, parties
from tests.lanes import HOME_STEPS

from kynhan_client.dossiers.letter import Letter
from kynhan_client.errors import ClientError
from kynhan_client.home.home import Home
from kynhan_client.log.view import View
from kynhan_client.packages import opening, receive, send
from kynhan_protocol.case import case_json
from kynhan_protocol.case.kinds import Phase, Presence
from kynhan_protocol.case.table import RULES
from kynhan_protocol.vietnam_time import local_date
from kynhan_server.clock import DemoClock
from kynhan_server.log.draft import Layer
from kynhan_server.serving import Listening, Serving, running
from kynhan_server.web.limits import Limits

TOPIC = "0198f0c1-7f1e-7a53-9d5e-2b8f6f0c1a22"


class Watched(Parties):
    """With the relay at hand, to see what it makes of a case."""

    serving: Serving

    async def start_relay(self) -> None:
        stack = AsyncExitStack()
        listening = Listening("127.0.0.1", self.port, None, 86_400, Limits())  # ticks when told
        clock = DemoClock(self.offset)
        self.serving = await stack.enter_async_context(
            running(self.folder / "relay", SECRET, clock, listening)
        )
        self.running = stack

    async def on_relay(self, name: str) -> bytes:
        relay = self.serving.relay
        log = relay.log(LOG)
        now = int(relay.clock.now().timestamp())
        case = await relay.ledger.task(lambda connection: Layer.bottom(log, connection, now).case(name))
        assert case is not None
        return case_json.dump(case)


async def a_letter(two: Watched, home: Home, chance: random.Random) -> str:
    """One of the kinds that the phase allows, with whatever term, date and regarded dispatch; `sent` or the refusal."""
    cases = View(home).cases()
    case = chance.choice(cases) if cases and chance.random() < 0.9 else None
    phase = case.phase if case is not None else Phase.NEW
    rule = chance.choice([one for one in RULES.values() if phase in one.phases or chance.random() < 0.1])
    known = list(case.dispatches) if case is not None else []
    changes: dict[str, Any] = {
        "kind": rule.kind,
        "to": CA if home is two.ccq else CCQ,
        "case": case.id if case is not None else None,
        "term": chance.choice(("in-province", "foreign", None))
        if rule.term is not Presence.FORBIDDEN
        else None,
        "subject": "3.3" if rule.kind == "request" else None,
        "regarding": chance.choice(known) if known and chance.random() < 0.3 else None,
        "about": TOPIC if rule.about is Presence.REQUIRED else None,
        "due": None if rule.due is Presence.FORBIDDEN else some_day(two, chance),
    }
    letter = Letter(title="Về việc phối hợp theo danh sách kèm theo", files=(two.file("a.pdf"),), **changes)
    try:
        return (await send.send(home, two.relay(home), letter)).state
    except ClientError as error:
        assert error.code in ("not-now", "bad-letter"), error
        assert error.pair[0] != error.pair[1]
        return error.code


def some_day(two: Watched, chance: random.Random) -> date:
    return local_date(View(two.ccq).now) + timedelta(days=chance.randrange(40, 120))


async def an_act(two: Watched, home: Home, chance: random.Random, folder: Path) -> str:
    """Signs for and opens something that waits, or declines it."""
    waits = receive.inbox(home)
    if not waits:
        return "nothing"
    item = chance.choice(waits)
    if chance.random() < 0.1:
        await receive.decline(home, two.relay(home), item.dispatch, "other")
        return "declined"
    await receive.fetch(home, two.relay(home), item.dispatch)
    await receive.sign(home, two.relay(home), item.dispatch)
    await opening.open_package(home, two.relay(home), item.dispatch, folder / item.dispatch[:12])
    return "opened"


async def test_two_homes_and_the_relay_make_the_same_of_every_case(tmp_path: Path) -> None:
    chance = random.Random(20260302)
    done: dict[str, int] = {}
    async with parties(tmp_path, kind=Watched) as two:
        await two.request(term="in-province")
        for step in range(HOME_STEPS):
            home = chance.choice((two.ccq, two.ca))
            if chance.random() < 0.5:
                result = await an_act(two, home, chance, tmp_path / f"opened-{step}")
            else:
                result = await a_letter(two, home, chance)
            done[result] = done.get(result, 0) + 1
            if chance.random() < 0.3:
                two.move_clock(chance.randrange(3600, 6 * 86_400))
                await two.serving.relay.deadlines.tick()
            await two.sync()
            first, second = View(two.ccq), View(two.ca)
            names = [case.id for case in first.cases()]
            assert names == [case.id for case in second.cases()]
            for name in names:
                ours = case_json.dump(first.case(name))
                assert ours == case_json.dump(second.case(name))
                assert ours == await two.on_relay(name)
                assert first.case(name).objections == ()
        assert two.ccq.frozen is None
        assert two.ca.frozen is None
    assert done.get("sent", 0) >= HOME_STEPS // 8
    assert done.get("opened", 0) >= HOME_STEPS // 8
    assert done.get("not-now", 0) >= 1, done


pytestmark = pytest.mark.timeout(1_800)
