"""What one connection, and one address, may take: deadlines for request heads, caps, quiet errors.

aiohttp closes a connection that never finishes its first request head only with the keep-alive timeout, and has no
cap of connections. `Protocol` is its connection handler with both added, and with errors of HTTP parsing answered
as problem documents instead of tracebacks in the log.
"""

from __future__ import annotations

import asyncio
import ipaddress
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, cast

import structlog
from aiohttp import web

from kynhan_server.web import problems

log = structlog.get_logger("kynhan.http")

LINE_BYTES = 4096
FIELD_BYTES = 8190
FIELDS = 64


@dataclass(frozen=True)
class Limits:
    """Seconds and counts. A cap of 0 means none; a proxy in front shares one address, so raise it there."""

    head_seconds: float = 10.0
    body_seconds: float = 30.0
    keepalive_seconds: float = 75.0
    write_seconds: float = 60.0
    per_address: int = 64
    per_loopback: int = 1024
    connections: int = 8192
    streams_per_member: int = 8


class _State(Enum):
    HEAD = "a request head has begun, or the first is awaited"
    BUSY = "a handler is at work"
    IDLE = "between two requests"


@dataclass
class Connections:
    """The open connections, by address (IPv6: by /64)."""

    limits: Limits
    open: Counter[str] = field(default_factory=Counter)

    def admit(self, address: str) -> bool:
        """Count one more connection from `address`, or say that it is one too many."""
        loopback, place = _place(address)
        cap = self.limits.per_loopback if loopback else self.limits.per_address
        if (cap and self.open[place] >= cap) or self.open.total() >= self.limits.connections:
            return False
        self.open[place] += 1
        return True

    def leave(self, address: str) -> None:
        """One connection less from `address`."""
        _, place = _place(address)
        self.open[place] -= 1
        if not self.open[place]:
            del self.open[place]


def _place(address: str) -> tuple[bool, str]:
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False, address
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is not None:
            ip = ip.ipv4_mapped
        elif not ip.is_loopback:
            return False, str(ipaddress.ip_network((ip, 64), strict=False))
    return ip.is_loopback, str(ip)


class Protocol(web.RequestHandler):
    """aiohttp's connection handler under `Connections`, with a deadline for every request head.

    The head's deadline runs from the connection, or from the first byte after an answered request; the application
    says through `begun` and `ended` when a handler is at work. A request left unfinished behind a pipelined one
    falls under the keep-alive timeout instead.
    """

    def __init__(self, manager: web.Server, connections: Connections, **options: Any) -> None:
        super().__init__(manager, **options)
        self._connections = connections
        self._address: str | None = None
        self._state = _State.HEAD
        self._deadline: asyncio.TimerHandle | None = None
        self._clock = options["loop"]

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        peer = transport.get_extra_info("peername")
        address = str(peer[0]) if peer else ""
        if not self._connections.admit(address):
            cast(asyncio.Transport, transport).write(_TOO_MANY)
            cast(asyncio.Transport, transport).close()
            return
        self._address = address
        super().connection_made(transport)
        self._await_head()

    def data_received(self, data: bytes) -> None:
        if self._address is None:
            return
        if self._state is _State.IDLE:
            self._await_head()
        super().data_received(data)

    def eof_received(self) -> None:
        if self._address is not None:
            super().eof_received()

    def connection_lost(self, exc: BaseException | None) -> None:
        if self._address is None:
            return
        self._disarm()
        self._connections.leave(self._address)
        super().connection_lost(exc)

    def begun(self) -> None:
        """A request's head is complete and its handler starts."""
        self._disarm()
        self._state = _State.BUSY

    def ended(self) -> None:
        """The handler is done; whatever comes next belongs to another request."""
        self._state = _State.IDLE

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """Answer what never reached the application: a head that is not HTTP, or a failure of aiohttp's own."""
        if isinstance(exc, ConnectionError) or request.writer.output_size > 0:
            raise ConnectionError("nobody listens, or an answer has already begun") from exc
        if status < 500:
            answered = problems.response("bad-request", "This is not an acceptable HTTP/1.1 request.")
        else:
            log.error("internal", exc_info=exc)
            answered = problems.response("internal", "The relay could not do this.")
        answered.headers["Server"] = ""
        answered.force_close()
        return answered

    def _await_head(self) -> None:
        self._disarm()
        self._state = _State.HEAD
        self._deadline = self._clock.call_later(self._connections.limits.head_seconds, self._head_too_late)

    def _head_too_late(self) -> None:
        self._deadline = None
        if self._state is _State.HEAD:
            self.force_close()

    def _disarm(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None


_TOO_MANY = (
    b"HTTP/1.1 429 Too Many Requests\r\nContent-Type: text/plain\r\nContent-Length: 0\r\n"
    b"Connection: close\r\nRetry-After: 5\r\n\r\n"
)


def protocol_factory(server: web.Server, connections: Connections) -> Callable[[], Protocol]:
    """What `loop.create_server` needs: one `Protocol` for each connection to the application behind `server`."""
    loop = asyncio.get_running_loop()
    limits = connections.limits

    def make() -> Protocol:
        return Protocol(
            server,
            connections,
            loop=loop,
            keepalive_timeout=limits.keepalive_seconds,
            lingering_time=2.0,
            access_log=None,
            auto_decompress=False,
            max_line_size=LINE_BYTES,
            max_field_size=FIELD_BYTES,
            max_headers=FIELDS,
        )

    return make
