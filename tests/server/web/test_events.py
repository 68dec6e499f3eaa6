"""Server-Sent Events: nothing missed, nothing seen that is not one's own, and no stream that outlives its right."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from tests import moments
from tests.server.agreement import CA, CA_CLERK, CCQ, CLERK, UNIT, Agreement, admitted, found, joined, live
from yarl import URL

from kynhan_protocol.wire import api, requests
from kynhan_server.web import events


@pytest.fixture
async def agreement(tmp_path: Path) -> AsyncIterator[Agreement]:
    vkeys = await admitted(tmp_path, "ccq-ca", "relay.example/kynhan", (CCQ, CA))
    async with (
        live(tmp_path) as serving,
        joined(serving.authority, "ccq-ca", "relay.example/kynhan", vkeys) as joining,
    ):
        await found(joining)
        yield joining


@dataclass(frozen=True)
class Event:
    name: str
    id: int | None
    data: Any


@dataclass
class Stream:
    response: aiohttp.ClientResponse

    async def next(self) -> Event | str:
        """The next event, or the text of the next comment; EOFError at the end."""
        fields: dict[str, str] = {}
        async with asyncio.timeout(5):
            while line := (await self.response.content.readline()).decode():
                name, _, value = line.rstrip("\n").partition(": ")
                if line.startswith(":"):
                    return value
                if line == "\n" and "event" in fields:
                    index = int(fields["id"]) if "id" in fields else None
                    return Event(fields["event"], index, json.loads(fields["data"]))
                fields[name] = value
        raise EOFError

    async def statement(self) -> Event:
        """The next statement event."""
        while True:
            event = await self.next()
            if isinstance(event, Event) and event.name == "statement":
                return event


@asynccontextmanager
async def listening(agreement: Agreement, member: str, last: int | None = None) -> AsyncIterator[Stream]:
    target = agreement.path(api.EVENTS)
    headers = requests.sign(
        requests.Request("GET", agreement.authority, target),
        keyid=member,
        sign_bytes=agreement.keys[member].sign_bytes,
        created=int(moments.machine_time()),
        nonce=os.urandom(16),
    )
    if last is not None:
        headers["Last-Event-ID"] = str(last)
    url = URL(f"http://{agreement.authority}{target}", encoded=True)
    async with agreement.session.get(url, headers=headers) as response:
        assert response.status == 200, await response.read()
        assert response.headers["Content-Type"] == api.EVENT_STREAM
        yield Stream(response)


async def test_stream_tells_what_comes(agreement: Agreement) -> None:
    async with listening(agreement, CA_CLERK) as stream:
        posted, _ = await agreement.send()
        event = await stream.statement()
        assert (event.id, event.data["id"], event.data["type"]) == (posted.index, posted.id, "dispatch")
        assert (await stream.statement()).data["type"] == "acceptance"
        checkpoint = await stream.next()
        assert checkpoint == Event("checkpoint", None, {"size": posted.index + 2})
        await agreement.cosign()
        assert await stream.next() == Event("cosigned", None, {"size": posted.index + 2})


async def test_stream_resumes_behind_the_last_event_seen(agreement: Agreement) -> None:
    posted, _ = await agreement.send()
    await agreement.receipt(posted.id)
    size = (await agreement.seen()).size
    async with listening(agreement, CLERK, last=posted.index - 1) as stream:
        events = [await stream.statement() for _ in range(size - posted.index)]
    assert [event.id for event in events] == list(range(posted.index, size))
    assert [event.data["type"] for event in events[:4]] == ["dispatch", "acceptance", "receipt", "handover"]
    cases = {event.data["case"] for event in events}
    assert len(cases) == 1 and None not in cases


async def test_unit_hears_nothing_of_what_does_not_concern_it(agreement: Agreement) -> None:
    async with listening(agreement, UNIT) as stream, listening(agreement, CLERK) as clerk:
        await agreement.send()
        assert (await clerk.statement()).data["type"] == "dispatch"
        event = await stream.next()
        assert isinstance(event, Event) and event.name == "checkpoint"


async def test_idle_stream_shows_that_it_lives(agreement: Agreement, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events.api, "HEARTBEAT", 0.1)
    async with listening(agreement, CLERK) as stream:
        assert await stream.next() == "still here"


async def test_stream_ends_with_the_membership(agreement: Agreement) -> None:
    await agreement.certify(f"{CA}/tam", "clerk")
    async with listening(agreement, f"{CA}/tam") as stream:
        await agreement.revoke(f"{CA}/tam")
        with pytest.raises(EOFError):
            for _ in range(10):
                await stream.next()


async def test_a_member_has_so_many_streams(agreement: Agreement) -> None:
    async with AsyncExitStack() as stack:
        for _ in range(8):
            await stack.enter_async_context(listening(agreement, CLERK))
        answer = await agreement.ask(CLERK, "GET", agreement.path(api.EVENTS))
        assert (answer.status, answer.code) == (429, "rate-limited")
        await stack.enter_async_context(listening(agreement, CA_CLERK))


@pytest.mark.parametrize("last", ["-1", "x", "1.5", "99999999999999999999"])
async def test_last_event_id_is_an_index(agreement: Agreement, last: str) -> None:
    answer = await agreement.ask(CLERK, "GET", agreement.path(api.EVENTS), headers={"Last-Event-ID": last})
    assert answer.code == "bad-request"


async def test_relay_stops_in_spite_of_open_streams(tmp_path: Path) -> None:
    vkeys = await admitted(tmp_path, "ccq-ca", "relay.example/kynhan", (CCQ, CA))
    relay = live(tmp_path)
    serving = await relay.__aenter__()
    async with joined(serving.authority, "ccq-ca", "relay.example/kynhan", vkeys) as agreement:
        await agreement.certify(CLERK, "clerk")
        async with listening(agreement, CLERK) as stream:
            async with asyncio.timeout(5):
                await relay.__aexit__(None, None, None)
            with pytest.raises(EOFError):
                await stream.statement()
