"""How the relay is, and what it speaks: open to everybody, and telling nothing about anybody."""

from __future__ import annotations

import asyncio
from functools import cache
from importlib import resources

from aiohttp import web

from kynhan_protocol.strict_json import encode
from kynhan_protocol.wire import api
from kynhan_server.web.routes.call import Call


async def health(call: Call) -> web.Response:
    """200 while the relay signs and ticks, 503 otherwise; the same document both times."""
    upkeep = call.services.upkeep
    figures = await call.relay.health()
    well = figures.clock.state == "ok" and not upkeep.is_late()
    document = api.Health(
        status="ok" if well else "unwell",
        version=call.services.version,
        clock=figures.clock,
        tick=upkeep.health(),
        logs=figures.logs,
    )
    return web.Response(
        status=200 if well else 503,
        body=encode(document),
        headers={"Content-Type": api.JSON, "Cache-Control": "no-store"},
    )


async def openapi(call: Call) -> web.Response:
    """The specification of this interface."""
    return web.Response(
        body=await asyncio.to_thread(specification),
        headers={"Content-Type": api.JSON, "Cache-Control": "public, max-age=300"},
    )


@cache
def specification() -> bytes:
    """The bytes of openapi.json as shipped."""
    return resources.files("kynhan_server").joinpath("openapi.json").read_bytes()
