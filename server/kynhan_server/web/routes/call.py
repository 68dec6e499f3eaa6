"""What a handler is given, and what it may use."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Final

from aiohttp import web

from kynhan_protocol.wire import api
from kynhan_server.channels.outgoing import Outgoing
from kynhan_server.web.limits import Connections
from kynhan_server.web.nonces import Nonces
from kynhan_server.web.problems import HttpProblem

if TYPE_CHECKING:
    from kynhan_server.log.logs import Log
    from kynhan_server.log.visibility import Actor
    from kynhan_server.relay import Relay
    from kynhan_server.upkeep.upkeep import Upkeep
    from kynhan_server.web.hub import Hub


@dataclass(frozen=True)
class Services:
    """Everything a request can reach; made once when the relay starts."""

    relay: Relay
    authority: str
    nonces: Nonces
    connections: Connections
    hub: Hub
    upkeep: Upkeep
    version: str
    outgoing: Outgoing = field(default_factory=Outgoing)


SERVICES: Final = web.AppKey("services", Services)


@dataclass(frozen=True)
class Call:
    """One request that passed the checks of its route.

    `values` are the variables of the path, each of its pattern; `content` is the body where the route takes a small
    one. `log` and `actor` raise where the route has none: the route table, not the client, decides that.
    """

    request: web.Request
    services: Services
    values: Mapping[str, str]
    query: Mapping[str, str]
    content: bytes
    found_log: Log | None
    found_actor: Actor | None

    @property
    def log(self) -> Log:
        """The log that the path names."""
        if self.found_log is None:
            raise RuntimeError("this route names no log")
        return self.found_log

    @property
    def actor(self) -> Actor:
        """The member who signed the request."""
        if self.found_actor is None:
            raise RuntimeError("this route is open to everybody")
        return self.found_actor

    @property
    def relay(self) -> Relay:
        """The core."""
        return self.services.relay


Handler = Callable[[Call], Awaitable[web.StreamResponse]]


class Auth(Enum):
    """Who may call: everybody, or a member of the log whose membership is in force."""

    NONE = "none"
    MEMBER = "member"


@dataclass(frozen=True)
class Body:
    """A small body read before the handler runs: its media type (None: any) and its largest size in bytes."""

    media_type: str | None
    most: int


@dataclass(frozen=True)
class Route:
    """One row of the table. `gives` maps each status of success to its media type (None: no content).

    `body` is None where the request must have none; `streams` routes read theirs themselves.
    """

    operation: str
    method: str
    path: str
    handler: Handler
    auth: Auth
    gives: Mapping[int, str | None]
    query: tuple[str, ...] = ()
    body: Body | None = None
    streams: bool = False

    @property
    def has_head(self) -> bool:
        """Whether HEAD answers with the head of GET: everywhere but on event streams."""
        return self.method == "GET" and api.EVENT_STREAM not in self.gives.values()


async def read_body(request: web.Request, most: int, seconds: float) -> bytes:
    """The whole body of at most `most` bytes, arriving within `seconds`."""
    if (request.content_length or 0) > most:
        raise HttpProblem("too-large", f"The body may have at most {most} bytes.")
    pieces: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(seconds):
            async for piece in request.content.iter_any():
                size += len(piece)
                if size > most:
                    raise HttpProblem("too-large", f"The body may have at most {most} bytes.")
                pieces.append(piece)
    except TimeoutError:
        raise HttpProblem("request-timeout", "The body took too long to arrive.") from None
    return b"".join(pieces)


def private(body: bytes, media_type: str, headers: Mapping[str, str] | None = None) -> web.Response:
    """An answer that no cache keeps."""
    return web.Response(
        body=body, headers={"Content-Type": media_type, "Cache-Control": "no-store", **(headers or {})}
    )


async def write(call: Call, response: web.StreamResponse, piece: bytes) -> None:
    """Send `piece`; a reader that takes nothing for too long is dropped (ConnectionResetError)."""
    try:
        async with asyncio.timeout(call.services.connections.limits.write_seconds):
            await response.write(piece)
    except TimeoutError:
        if call.request.transport is not None:
            call.request.transport.abort()
        raise ConnectionResetError("the reader stalled") from None
