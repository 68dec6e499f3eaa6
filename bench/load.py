"""POST requests over many kept-open connections, as fast as they are answered; leaner than any HTTP library.

The driver must cost as little as possible: it shares the machine with what it measures.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_LENGTH = re.compile(rb"\r\ncontent-length: (\d+)\r\n", re.IGNORECASE)


@dataclass(frozen=True)
class Load:
    """What a run came to: wall seconds, and the answers' bodies in no particular order."""

    seconds: float
    answers: list[bytes]

    @property
    def per_second(self) -> float:
        return len(self.answers) / self.seconds


def drive(port: int, path: str, bodies: Sequence[bytes], connections: int) -> Load:
    """Posts every body (JSON) once over `connections` connections to loopback. An answer other than 200 is an error."""
    return asyncio.run(_drive(port, path, bodies, connections))


async def _drive(port: int, path: str, bodies: Sequence[bytes], connections: int) -> Load:
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n"
    requests = [f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body for body in bodies]
    waiting = iter(requests)
    opened = [await asyncio.open_connection("127.0.0.1", port, limit=1 << 20) for _ in range(connections)]
    began = time.perf_counter()
    answers = await asyncio.gather(*(_post_all(reader, writer, waiting) for reader, writer in opened))
    seconds = time.perf_counter() - began
    for _, writer in opened:
        writer.close()
        await writer.wait_closed()
    return Load(seconds, [answer for some in answers for answer in some])


async def _post_all(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, waiting: Iterator[bytes]
) -> list[bytes]:
    answers: list[bytes] = []
    for request in waiting:
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        found = _LENGTH.search(head)
        body = await reader.readexactly(int(found[1]) if found else 0)
        if not head.startswith(b"HTTP/1.1 200 "):
            raise RuntimeError(f"{head.decode()}{body.decode()}")
        answers.append(body)
    return answers
