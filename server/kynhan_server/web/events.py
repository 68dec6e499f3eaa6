"""Live events: Server-Sent Events whose id is the log index, so that a client resumes exactly where it was.

The hub only wakes streams. What a stream sends it reads from the database, from its own next index on and through the
actor's own view; a slow reader therefore holds no queue, misses nothing, and gets nothing it may not see.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from aiohttp import web

from kynhan_protocol.strict_json import encode
from kynhan_protocol.wire import api
from kynhan_server.log.feed import CheckpointMade, Cosigned
from kynhan_server.web.hub import Hub, Waker
from kynhan_server.web.routes.call import Call, write
from kynhan_server.web.target import number

if TYPE_CHECKING:
    from kynhan_server.relay import Relay

PAGE = 200
MAX_INDEX = 1 << 53
_RETRY_MS = 2000


async def forward(relay: Relay, hub: Hub) -> None:
    """Pass on what the ledger reports until the hub closes; a subscription that was cut off is begun anew."""
    while not hub.closing:
        with relay.ledger.subscribe() as news:
            hub.wake()
            async for happening in news:
                match happening:
                    case CheckpointMade():
                        hub.checkpoint_made(happening.log, happening.size)
                    case Cosigned():
                        hub.cosigned(happening.log, happening.size)
        await asyncio.sleep(0.05)


async def stream(call: Call) -> web.StreamResponse:
    """Events from Last-Event-ID on, or from now on without one."""
    slug, member = call.values["log"], call.actor.member
    asked = call.request.headers.get("Last-Event-ID")
    with call.services.hub.listening(slug, member) as waker:
        start = call.log.size if asked is None else number(asked, most=MAX_INDEX) + 1
        response = web.StreamResponse(headers={"Content-Type": api.EVENT_STREAM, "Cache-Control": "no-store"})
        await response.prepare(call.request)
        sender = _Sender(call, response)
        await sender.send(f"retry: {_RETRY_MS}\n\n")
        await _follow(call, waker, start, sender)
    return response


class _Sender:
    """Writes to one stream."""

    def __init__(self, call: Call, response: web.StreamResponse) -> None:
        self._call = call
        self._response = response

    async def send(self, text: str) -> None:
        await write(self._call, self._response, text.encode())

    async def event(self, name: str, data: object, index: int | None = None) -> None:
        named = "" if index is None else f"id: {index}\n"
        await self.send(f"{named}event: {name}\ndata: {encode(data).decode()}\n\n")


async def _follow(call: Call, waker: Waker, start: int, sender: _Sender) -> None:
    """Send what is there from `start` on, then what comes, until the relay closes or the membership ends."""
    hub = call.services.hub
    while not hub.closing:
        checkpoint, cosigned = waker.take()
        start = await _send_statements(call, start, sender)
        if checkpoint is not None:
            await sender.event("checkpoint", api.CheckpointEvent(size=checkpoint))
        if cosigned is not None:
            await sender.event("cosigned", api.CheckpointEvent(size=cosigned))
        try:
            async with asyncio.timeout(api.HEARTBEAT):
                await waker.called.wait()
        except TimeoutError:
            await sender.send(": still here\n\n")
        found = await call.relay.reading.member_key(call.log, call.actor.member)
        if found is None or found[1].membership != call.actor.membership:
            return


async def _send_statements(call: Call, start: int, sender: _Sender) -> int:
    """Every visible statement from `start` on; gives the index to go on from."""
    while True:
        happened, size = await call.relay.reading.happened(call.log, call.actor, start, PAGE)
        for one in happened:
            event = api.StatementEvent(index=one.index, id=one.id, type=one.type, case=one.case)
            await sender.event("statement", event, one.index)
        if len(happened) < PAGE:
            return max(start, size)
        start = happened[-1].index + 1
