"""The two halves of a dispatch's age file: the body early and in ranges, the header only after its RECEIPT."""

from __future__ import annotations

import asyncio
import re
from typing import BinaryIO

from aiohttp import web

from kynhan_protocol.wire import api
from kynhan_server.log.reading import BodySource
from kynhan_server.web.problems import HttpProblem
from kynhan_server.web.routes.call import Call, private, write

CHUNK = 1 << 20
_RANGE = re.compile(r"bytes=(?:(0|[1-9][0-9]{0,17})-(0|[1-9][0-9]{0,17})?|-([1-9][0-9]{0,17}))", re.ASCII)


async def header(call: Call) -> web.Response:
    """The age header: the core gives it only when the RECEIPT of this very dispatch is logged (DESIGN §2)."""
    return private(await call.relay.reading.header(call.log, call.actor, call.values["id"]), api.BYTES)


async def body(call: Call) -> web.StreamResponse:
    """The age payload, whole or one range of it (RFC 9110 14); its ETag is the SHA-256 that the sender signed."""
    source = await call.relay.reading.body(call.log, call.actor, call.values["id"])
    request = call.request
    etag = f'"{source.sha256}"'
    span = _span(request, source.size, etag)
    response = web.StreamResponse(status=200 if span is None else 206)
    first, last = (0, source.size - 1) if span is None else span
    response.headers.update(
        {"Content-Type": api.BYTES, "Cache-Control": "no-store", "Accept-Ranges": "bytes", "ETag": etag}
    )
    if span is not None:
        response.headers["Content-Range"] = f"bytes {first}-{last}/{source.size}"
    response.content_length = last + 1 - first
    await response.prepare(request)
    if request.method != "HEAD":
        await _send(call, response, source, first, last + 1)
    await response.write_eof()
    return response


def _span(request: web.Request, size: int, etag: str) -> tuple[int, int] | None:
    """First and last byte asked for; None for the whole. A range of another kind than ours is ignored (14.2)."""
    asked = request.headers.getall("Range", [])
    if request.method != "GET" or len(asked) != 1 or request.headers.get("If-Range", etag) != etag:
        return None
    match = _RANGE.fullmatch(asked[0].strip())
    if match is None:
        return None
    begin, end, suffix = match.groups()
    if suffix is not None:
        first, last = max(0, size - int(suffix)), size - 1
    else:
        first, last = int(begin), size - 1 if end is None else min(int(end), size - 1)
        if end is not None and int(end) < int(begin):
            return None
    if first >= size:
        raise HttpProblem(
            "range-not-satisfiable", f"The body has {size} bytes.", {"Content-Range": f"bytes */{size}"}
        )
    return first, last


async def _send(call: Call, response: web.StreamResponse, source: BodySource, start: int, stop: int) -> None:
    if source.inline is not None:
        await write(call, response, source.inline[start:stop])
        return
    if source.path is None:
        raise RuntimeError("a body lies in the database or in a file")
    file = await asyncio.to_thread(source.path.open, "rb")
    try:
        await asyncio.to_thread(file.seek, start)
        while start < stop:
            piece = await asyncio.to_thread(_read, file, min(CHUNK, stop - start))
            await write(call, response, piece)
            start += len(piece)
    finally:
        file.close()


def _read(file: BinaryIO, size: int) -> bytes:
    piece = file.read(size)
    if not piece:
        raise OSError("a body's file is shorter than its dispatch says")
    return piece
