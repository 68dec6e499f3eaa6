"""Uploads of bodies: tus 1.0.0 (https://tus.io/protocols/resumable-upload), core, creation, termination."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from aiohttp import web

from kynhan_protocol.wire import api
from kynhan_server.web.problems import HttpProblem
from kynhan_server.web.routes.call import Call
from kynhan_server.web.target import number

MAX_LENGTH = 1 << 50
_TUS = {"Tus-Resumable": api.TUS, "Cache-Control": "no-store"}


def _check_version(call: Call) -> None:
    if call.request.headers.get("Tus-Resumable") != api.TUS:
        raise HttpProblem(
            "precondition-failed", f"Tus-Resumable must be {api.TUS}.", {"Tus-Version": api.TUS, **_TUS}
        )


def _header_number(call: Call, name: str) -> int:
    values = call.request.headers.getall(name, [])
    if len(values) != 1:
        raise HttpProblem("bad-request", f"{name} must be given once.")
    return number(values[0], most=MAX_LENGTH)


async def create(call: Call) -> web.Response:
    """A new upload of Upload-Length bytes. Metadata is not kept: names have no business here."""
    _check_version(call)
    upload = await call.relay.uploads.create(call.log, call.actor, _header_number(call, "Upload-Length"))
    place = api.path(api.UPLOAD, log=call.values["log"], upload=upload)
    return web.Response(status=201, headers={"Location": place, "Upload-Offset": "0", **_TUS})


async def state(call: Call) -> web.Response:
    """How far the upload has come, as far as it is durable."""
    _check_version(call)
    offset, length = await call.relay.uploads.state(call.log, call.actor, call.values["upload"])
    return web.Response(headers={"Upload-Offset": str(offset), "Upload-Length": str(length), **_TUS})


async def append(call: Call) -> web.Response:
    """Bytes from Upload-Offset on; what arrived before a break is kept."""
    _check_version(call)
    if call.request.content_type != api.TUS_CHUNK:
        raise HttpProblem("unsupported-media-type", f"The body must be {api.TUS_CHUNK}.")
    offset = _header_number(call, "Upload-Offset")
    seconds = call.services.connections.limits.body_seconds
    reached = await call.relay.uploads.append(
        call.log, call.actor, call.values["upload"], offset, _pieces(call.request, seconds)
    )
    return web.Response(status=204, headers={"Upload-Offset": str(reached), **_TUS})


async def delete(call: Call) -> web.Response:
    """Give the upload up."""
    _check_version(call)
    await call.relay.uploads.delete(call.log, call.actor, call.values["upload"])
    return web.Response(status=204, headers=_TUS)


async def _pieces(request: web.Request, seconds: float) -> AsyncIterator[bytes]:
    """The body as it arrives; HttpProblem `request-timeout` when nothing arrives for `seconds`."""
    content = request.content
    while True:
        try:
            async with asyncio.timeout(seconds):
                piece = await content.readany()
        except TimeoutError:
            raise HttpProblem("request-timeout", "The upload stalled; resume it.") from None
        if not piece:
            return
        yield piece
