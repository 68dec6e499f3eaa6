"""The log itself, open to everybody: checkpoints, tiles, and the witnesses' way in."""

from __future__ import annotations

from aiohttp import web

from kynhan_protocol.wire import api
from kynhan_server.web.problems import HttpProblem, not_found
from kynhan_server.web.routes.call import Call

FOREVER = "public, max-age=31536000, immutable"


def _note(text: bytes) -> web.Response:
    return web.Response(body=text, headers={"Content-Type": api.NOTE, "Cache-Control": "no-cache"})


async def checkpoint(call: Call) -> web.Response:
    """The latest checkpoint with all cosignatures known."""
    return _note(await call.relay.reading.checkpoint(call.log))


async def cosigned(call: Call) -> web.Response:
    """The latest checkpoint that the witnesses of all committees cosigned; 404 until there is one."""
    text = await call.relay.reading.cosigned(call.log)
    if text is None:
        raise not_found()
    return _note(text)


async def candidate(call: Call) -> web.Response:
    """The checkpoint that witnesses should cosign now."""
    return _note(await call.relay.reading.candidate(call.log))


async def tile(call: Call) -> web.Response:
    """A tile or entry bundle (c2sp.org/tlog-tiles); full ones never change."""
    path = call.values["tile"]
    data = await call.relay.reading.tile(call.log, f"tile/{path}")
    kept = "public, max-age=60" if ".p/" in path else FOREVER
    return web.Response(body=data, headers={"Content-Type": api.BYTES, "Cache-Control": kept})


async def cosignatures(call: Call) -> web.Response:
    """A witness hands in the checkpoint it cosigned; the note authenticates itself."""
    if not call.content:
        raise HttpProblem("bad-checkpoint", "The body must be a checkpoint with a cosignature.")
    await call.relay.witnesses.add(call.log, call.content)
    return web.Response(status=204)
