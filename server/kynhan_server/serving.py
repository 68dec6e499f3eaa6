"""One relay process: open the core, listen, tick, and stop in order when told to."""

from __future__ import annotations

import asyncio
import ipaddress
import math
import signal
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from typing import Final

import structlog
from aiohttp import web

from kynhan_server.channels.outgoing import Outgoing
from kynhan_server.clock import Clock, SystemClock
from kynhan_server.errors import OperatorError
from kynhan_server.relay import Relay
from kynhan_server.upkeep.sending import Sender
from kynhan_server.upkeep.upkeep import Upkeep
from kynhan_server.web import app, limits, nonces
from kynhan_server.web.events import forward
from kynhan_server.web.hub import Hub
from kynhan_server.web.limits import Connections, Limits
from kynhan_server.web.routes.call import Services

log = structlog.get_logger("kynhan.relay")

NONCES: Final = "nonces"
GRACE: Final = 10.0
"""Seconds that handlers get to finish after SIGTERM."""


@dataclass(frozen=True)
class Listening:
    """Where and how to serve. `authority` is what requests must be signed for; None means host and port."""

    host: str
    port: int
    authority: str | None
    tick: float
    limits: Limits
    outgoing: Outgoing = field(default_factory=Outgoing)


def is_loopback(host: str) -> bool:
    """Whether a listening address reaches only this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@dataclass(frozen=True)
class Serving:
    """A relay that answers; `authority` is what requests to it are signed for."""

    authority: str
    relay: Relay


async def serve(
    folder: Path, passphrase: bytes, clock: Clock, listening: Listening, ready: Callable[[str], None]
) -> None:
    """Serve until SIGTERM or SIGINT. The caller holds the folder's lock. `ready` gets the authority served."""
    loop = asyncio.get_running_loop()
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    async with running(folder, passphrase, clock, listening) as serving:
        ready(serving.authority)
        await stopping.wait()
        log.info("stopping")
    log.info("stopped")


@asynccontextmanager
async def running(
    folder: Path, passphrase: bytes, clock: Clock, listening: Listening
) -> AsyncIterator[Serving]:
    """A relay at work inside the block; leaving it ends streams, lets handlers finish, and closes the core."""
    sock = _bound(listening.host, listening.port)
    try:
        relay = await Relay.open(folder, passphrase, clock)
    except BaseException:
        sock.close()
        raise
    used = nonces.Nonces(
        folder / NONCES,
        boot=nonces.boot_id(),
        relay_now=math.ceil(clock.now().timestamp()),
        system_now=SystemClock().now().timestamp(),
    )
    try:
        async with _listening(relay, used, sock, listening) as authority:
            yield Serving(authority, relay)
    finally:
        await relay.close()
        used.close()


@asynccontextmanager
async def _listening(
    relay: Relay, used: nonces.Nonces, sock: socket.socket, listening: Listening
) -> AsyncIterator[str]:
    host, port = sock.getsockname()[:2]
    authority = listening.authority or (f"[{host}]:{port}" if ":" in host else f"{host}:{port}")
    connections = Connections(listening.limits)
    hub = Hub(listening.limits.streams_per_member)
    upkeep = Upkeep(relay, listening.tick)
    sender = Sender(relay, listening.outgoing, listening.tick)
    version = metadata.version("kynhan")
    services = Services(relay, authority, used, connections, hub, upkeep, version, listening.outgoing)
    runner = web.AppRunner(app.build(services), shutdown_timeout=GRACE)
    await runner.setup()
    if runner.server is None:
        raise RuntimeError("the runner was set up")
    factory = limits.protocol_factory(runner.server, connections)
    listener = await asyncio.get_running_loop().create_server(factory, sock=sock)
    news = asyncio.create_task(forward(relay, hub))
    upkeep.start()
    sender.start()
    try:
        yield authority
    finally:
        listener.close()
        hub.close()
        await upkeep.stop()
        await sender.stop()
        await runner.cleanup()
        news.cancel()
        await asyncio.gather(news, return_exceptions=True)


def _bound(host: str, port: int) -> socket.socket:
    """Raises OperatorError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind((host, port))
        sock.listen(512)
        sock.setblocking(False)
    except OSError as error:
        sock.close()
        raise OperatorError("serve.bind", host=host, port=port, why=error.strerror or error) from None
    return sock
