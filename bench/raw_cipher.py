"""The peer for sealing: nothing but `cryptography`'s ChaCha20-Poly1305 over 64 KiB chunks, on every core.

Reads stdin, writes stdout; `seal` or `open`. Not a file format: no header, no key wrapping; the key is fixed.
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
    step = CHUNK if sealing else CHUNK + TAG
    work = cipher.encrypt if sealing else cipher.decrypt

    def batch(first: int, data: bytes) -> bytes:
        view = memoryview(data)
        return b"".join(
            work((first + number).to_bytes(12, "big"), view[start : start + step], None)
            for number, start in enumerate(range(0, len(data), step))
        )

    workers = os.cpu_count() or 1
    waiting: deque[Future[bytes]] = deque()
    counter = 0
    with ThreadPoolExecutor(workers) as pool:
        while data := sys.stdin.buffer.read(step * BATCH):
            waiting.append(pool.submit(batch, counter, data))
            counter += BATCH
            if len(waiting) > 2 * workers:
                sys.stdout.buffer.write(waiting.popleft().result())
        for future in waiting:
            sys.stdout.buffer.write(future.result())


if __name__ == "__main__":
    main()
