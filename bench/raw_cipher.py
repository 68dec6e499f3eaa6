"""The peer for sealing: nothing but `cryptography`'s ChaCha20-Poly1305 over 64 KiB chunks, on every core.

Reads stdin, writes stdout; `seal` or `open`. Not a file format: no header, no key wrapping; the key is fixed. Buffers
are used again, so that what is measured is the cipher and not the allocator.
"""

from __future__ import annotations

import os
import sys
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor

from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

CHUNK = 64 * 1024
BATCH = 16
TAG = 16


def main() -> None:
    sealing = sys.argv[1] == "seal"
    cipher = ChaCha20Poly1305(bytes(32))
    step, made = (CHUNK, CHUNK + TAG) if sealing else (CHUNK + TAG, CHUNK)
    work = cipher.encrypt_into if sealing else cipher.decrypt_into

    def batch(first: int, source: memoryview, target: memoryview) -> memoryview:
        """Writes what `source` becomes into `target`; gives as much of it as was written."""
        written = 0
        for number, start in enumerate(range(0, len(source), step)):
            chunk = source[start : start + step]
            into = target[written : written + len(chunk) + made - step]
            work((first + number).to_bytes(12, "big"), chunk, None, into)
            written += len(into)
        return target[:written]

    workers = os.cpu_count() or 1
    free = [
        (memoryview(bytearray(step * BATCH)), memoryview(bytearray(made * BATCH)))
        for _ in range(2 * workers + 1)
    ]
    waiting: deque[tuple[Future[memoryview], tuple[memoryview, memoryview]]] = deque()
    counter = 0

    def write_first() -> None:
        future, buffers = waiting.popleft()
        sys.stdout.buffer.write(future.result())
        free.append(buffers)

    with ThreadPoolExecutor(workers) as pool:
        while True:
            if not free:
                write_first()
            source, target = buffers = free.pop()
            size = sys.stdin.buffer.readinto(source)  # type: ignore[attr-defined]
            if not size:
                break
            waiting.append((pool.submit(batch, counter, source[:size], target), buffers))
            counter += BATCH
        while waiting:
            write_first()


if __name__ == "__main__":
    main()
