"""One reading of a log, in a process of its own: `python -m bench.reader read HOME OFFSET SIZE | check NOTES`.

Prints the seconds of CPU that the reading itself took.
"""

from __future__ import annotations

import asyncio
import hashlib
import sys
import time
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from tests.client.agreement import PASSPHRASE

from kynhan_client.clock import Clock
from kynhan_client.home.home import Home
from kynhan_client.log import mirror
from kynhan_client.relay.relay import connect


async def read(home: Path, offset: Path, size: int) -> float:
    """Brings a home's copy up to date: `size` entries, no alarm."""
    with Home.open(home, PASSPHRASE, clock=Clock(offset)) as opened:
        async with connect(opened) as relay:
            began = time.process_time()
            result = await mirror.sync(opened, relay)
            seconds = time.process_time() - began
    if result.alarms or result.size != size:
        raise RuntimeError(f"{result.size} of {size} read: {result.alarms}")
    return seconds


def check(listed: Path) -> float:
    """Hashes each note and verifies each signature: lines of note, then key, signature, key, signature … in hex."""
    found = [line.split() for line in listed.read_text().splitlines()]
    signed = [[bytes.fromhex(each) for each in parts] for parts in found]
    began = time.process_time()
    for note, *pairs in signed:
        hashlib.sha256(b"\0" + hashlib.sha256(note).digest())
        text = note[: note.rindex(b"\n\n") + 1]
        for key, signature in zip(pairs[::2], pairs[1::2], strict=True):
            Ed25519PublicKey.from_public_bytes(key).verify(signature, text)
    return time.process_time() - began


def main() -> None:
    what, *arguments = sys.argv[1:]
    if what == "read":
        home, offset, size = arguments
        print(asyncio.run(read(Path(home), Path(offset), int(size))))
    else:
        print(check(Path(arguments[0])))


if __name__ == "__main__":
    main()
