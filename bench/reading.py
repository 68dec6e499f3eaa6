"""What a client pays to read a log it has not seen: our whole reading, against nothing but hashing and signatures.

The log is that of an agreement with 2,000 requests, each signed for: DISPATCH, ACCEPTANCE, RECEIPT, HANDOVER, DUE.
Ours is `kynhan sync` of a home that stopped reading before the first of them: the tree recomputed, every text parsed,
chains, rules, cases and dates judged, all kept. The peer hashes each note and checks its Ed25519 signatures under keys
that it was told. Both are seconds of CPU of a process of its own; the relay stands in another one.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import shutil
import statistics
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any

from tests.client.agreement import World, founded

from kynhan_client.log.view import View
from kynhan_keys import notes
from kynhan_protocol.statements import signing
from kynhan_protocol.statements.statements import Dispatch, HashSize, Receipt

from .report import Figure, Report

DISPATCHES = 2_000
EACH = 5
"""Statements that a request signed for leaves in the log."""
ROUNDS = 3


def measure(report: Report, dispatches: int = DISPATCHES, rounds: int = ROUNDS) -> None:
    """Adds the seconds of CPU for reading `dispatches` requests signed for, the median of `rounds` rounds."""
    with tempfile.TemporaryDirectory(prefix="kynhan-bench-") as name:
        ours, theirs = asyncio.run(_measured(Path(name), dispatches, rounds))
    label = f"read a log of {dispatches * EACH:,} statements"
    report.add(Figure(label, "s of CPU", ours, "hashes and signatures", theirs, "lower"))


async def _measured(folder: Path, dispatches: int, rounds: int) -> tuple[float, float]:
    async with founded(folder / "world") as world:
        fill(world, dispatches)
        listed = folder / "notes"
        listed.write_text("".join(_lines(world)))
        world.ca.archive.close()  # what is copied is whole
        ours, theirs = [], []
        for turn in range(rounds):
            home = folder / f"home-{turn}"
            shutil.copytree(folder / "world" / "ca.example", home)
            ours.append(await _cpu("read", str(home), str(world.offset), str(len(world.simulator.log))))
            theirs.append(await _cpu("check", str(listed)))
            shutil.rmtree(home)
    return statistics.median(ours), statistics.median(theirs)


def fill(world: World, dispatches: int) -> None:
    """Logs requests of CCQ's clerk, each signed for by CA's, as copies of one with their own case, hashes and time."""
    ccq, ca = world.ccq, world.ca
    first, _, _ = world.dispatch()
    assert isinstance(first.statement, Dispatch)
    view = View(ca)
    for _ in range(dispatches):
        own: dict[str, Any] = {
            "case": str(uuid.uuid4()),
            "time": world.simulator.time(),
            "nonce": os.urandom(16),
        }
        parts = (HashSize(secrets.token_hex(32), 3_184), HashSize(secrets.token_hex(32), 48_234))
        request = replace(first.statement, header=parts[0], body=parts[1], **own)
        signed = signing.sign(request, ccq.keyring.signer)
        world.simulator.post(signed.note)
        receipt = Receipt(
            dispatch=signed.id,
            by=ca.config.member,
            relay=ca.relay.origin,
            seen=view.seen,
            head=view.heads,
            time=own["time"],
            nonce=os.urandom(16),
        )
        world.simulator.post(signing.sign(receipt, ca.keyring.signer).note)


def _lines(world: World) -> Iterator[str]:
    """What the peer is told: a line for each note, then key and signature of each who signed it, all in hex."""
    homes = (world.ccq, world.ca)
    signers = [key for home in homes for key in (home.keyring.root, home.keyring.signer) if key is not None]
    keys = {one.vkey.key_id: one.vkey.key for one in (*signers, world.simulator.ed25519)}
    for logged in world.simulator.log:
        pairs = ((keys[each.key_id], each.signature) for each in notes.parse(logged.note).signatures)
        yield " ".join(part.hex() for part in (logged.note, *chain.from_iterable(pairs))) + "\n"


async def _cpu(what: str, *arguments: str) -> float:
    """Runs `python -m bench.reader WHAT …`; the seconds of CPU that it tells."""
    command = (sys.executable, "-m", "bench.reader", what, *arguments)
    process = await asyncio.create_subprocess_exec(
        *command, stdout=subprocess.PIPE, cwd=Path(__file__).parents[1]
    )
    told, _ = await process.communicate()
    if process.returncode:
        raise RuntimeError(f"bench.reader {what} failed")
    return float(told)


if __name__ == "__main__":
    made = Report()
    measure(made)
    made.table()
