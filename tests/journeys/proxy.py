"""A proxy between the clients and the relay that a test can make slow or dishonest; otherwise it changes nothing.

with Proxy(relay_port) as proxy:      the relay serves with `--authority` proxy.authority
    proxy.answers = corrupt           a function of (method, path, body) that gives the body to answer with
    proxy.delay = 0.05                seconds before each piece of a body, either way
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from types import TracebackType
from typing import Final

import aiohttp
from aiohttp import web
from yarl import URL

PIECE: Final = 64 * 1024
DROPPED: Final = frozenset({"transfer-encoding", "connection", "keep-alive", "content-length", "date"})

Answer = Callable[[str, str, bytes], bytes]


def honest(method: str, path: str, body: bytes) -> bytes:
    """What the relay answered."""
    return body


class Proxy:
    """Listens on a port of its own, in a thread of its own."""

    def __init__(self, relay_port: int) -> None:
        self.answers: Answer = honest
        self.delay = 0.0
        self.requests: list[tuple[str, str, dict[str, str]]] = []
        self.port = 0
        self._relay = f"http://127.0.0.1:{relay_port}"
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._done: asyncio.Event | None = None
        self._thread = threading.Thread(target=self._loop.run_until_complete, args=(self._serve(),))

    @property
    def authority(self) -> str:
        """Host and port that the clients see."""
        return f"127.0.0.1:{self.port}"

    def __enter__(self) -> Proxy:
        self._thread.start()
        assert self._ready.wait(20)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._done is not None
        self._loop.call_soon_threadsafe(self._done.set)
        self._thread.join(20)
        self._loop.close()

    async def _serve(self) -> None:
        self._done = asyncio.Event()
        app = web.Application(client_max_size=1 << 30, handler_args={"auto_decompress": False})
        app.router.add_route("*", "/{tail:.*}", self._forward)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        self.port = runner.addresses[0][1]
        async with aiohttp.ClientSession(auto_decompress=False) as self._session:
            self._ready.set()
            await self._done.wait()
        await runner.cleanup()

    async def _forward(self, request: web.Request) -> web.StreamResponse:
        headers = {name: value for name, value in request.headers.items() if name.lower() != "host"}
        self.requests.append((request.method, request.raw_path, headers))
        try:
            async with self._session.request(
                request.method,
                URL(self._relay + request.raw_path, encoded=True),
                headers={name: value for name, value in headers.items() if name.lower() not in DROPPED},
                data=self._pieces(request.content) if request.body_exists else None,
                allow_redirects=False,
            ) as answered:
                return await self._answer(request, answered)
        except aiohttp.ClientConnectionError:
            assert request.transport is not None
            request.transport.close()
            raise

    async def _answer(self, request: web.Request, answered: aiohttp.ClientResponse) -> web.StreamResponse:
        kept = {name: value for name, value in answered.headers.items() if name.lower() not in DROPPED}
        kept["Date"] = answered.headers["Date"]
        slow = self.delay and request.method == "GET" and request.raw_path.endswith("/body")
        if slow or answered.content_type == "text/event-stream":
            response = web.StreamResponse(status=answered.status, headers=kept)
            response.content_length = answered.content_length
            await response.prepare(request)
            async for piece in self._pieces(answered.content) if slow else answered.content.iter_any():
                await response.write(piece)
            return response
        body = self.answers(request.method, request.raw_path, await answered.read())
        return web.Response(status=answered.status, headers=kept, body=body)

    async def _pieces(self, content: aiohttp.StreamReader) -> AsyncIterator[bytes]:
        async for piece in content.iter_chunked(PIECE):
            await asyncio.sleep(self.delay)
            yield piece
