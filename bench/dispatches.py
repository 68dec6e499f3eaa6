"""Receipted small dispatches per second, against a bare aiohttp handler that reads the same body.

Ours: POST of a signed DISPATCH with its header and its body (the smallest package there is: 16 KiB of plaintext) → both
signatures checked, logged and on disk (fsync) → an answer with two finished proofs, its own and the relay's ACCEPTANCE.
The peer reads the same requests and answers as many bytes. The same driver, 64 connections, processes of their own.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from socket import create_connection, socket

from tests.server.agreement import CA, CCQ, CLERK, PASSPHRASE, admitted, found, joined

from kynhan_keys import proofs
from kynhan_keys.vkeys import Vkey
from kynhan_protocol.statements import signing
from kynhan_protocol.statements.statements import HashSize
from kynhan_protocol.strict_json import decode, encode
from kynhan_protocol.wire import api

from .load import drive
from .processes import memory_mib
from .report import Figure, Report

SLUG, ORIGIN = "ccq-ca", "relay.example/kynhan"
CONNECTIONS = 64
ROUNDS = 5
PEER = "bare aiohttp"
BARE = str(Path(__file__).with_name("bare_handler.py"))


def measure(report: Report, count: int = 1000, rounds: int = ROUNDS) -> None:
    """Adds dispatches per second and peak memory (MiB), over `rounds` rounds of `count` dispatches (medians)."""
    with tempfile.TemporaryDirectory(prefix="kynhan-bench-") as name:
        folder = Path(name)
        keys = asyncio.run(admitted(folder / "relay", SLUG, ORIGIN, (CCQ, CA)))
        with relay(folder) as (ours, port):
            path = api.path(api.STATEMENTS, log=SLUG)
            bodies = asyncio.run(prepared(port, keys, count * rounds + CONNECTIONS))
            warm = drive(port, path, bodies[:CONNECTIONS], CONNECTIONS)
            with bare(len(warm.answers[0])) as (peer, peer_port):
                drive(peer_port, path, bodies[:CONNECTIONS], CONNECTIONS)
                speeds: tuple[list[float], list[float]] = ([], [])
                for start in range(CONNECTIONS, len(bodies), count):
                    some = bodies[start : start + count]
                    mine = drive(port, path, some, CONNECTIONS)
                    check(mine.answers)
                    speeds[0].append(mine.per_second)
                    speeds[1].append(drive(peer_port, path, some * 3, CONNECTIONS).per_second)
                add(report, speeds, (peak_mib(ours), peak_mib(peer)))


def add(report: Report, speeds: tuple[list[float], list[float]], peaks: tuple[float, float]) -> None:
    mine, theirs = map(statistics.median, speeds)
    report.add(Figure("receipted small dispatches", "per second", mine, PEER, theirs, "higher"))
    report.add(Figure("small dispatches peak", "MiB", peaks[0], PEER, peaks[1], "lower"))


def check(answers: list[bytes]) -> None:
    """That what came back is what was asked for: an own entry each, and proofs (of every tenth) that verify."""
    posted = [decode(answer, api.Posted) for answer in answers]
    if len({one.index for one in posted}) != len(answers):
        raise RuntimeError("two dispatches got one index")
    for one in posted[::10]:
        if len(one.receipts) != 2:
            raise RuntimeError("a dispatch is answered with two proofs")
        for text in one.receipts:
            proof = proofs.parse(text.encode())
            proofs.verify_inclusion(proof, hashlib.sha256(proof.extra or b"").digest())


async def prepared(port: int, keys: tuple[Vkey, Vkey], count: int) -> list[bytes]:
    """`count` requests, each a new case with a package of its own, signed beforehand."""
    async with joined(f"127.0.0.1:{port}", SLUG, ORIGIN, keys) as agreement:
        await found(agreement)
        first, _ = await agreement.dispatch()
        sealed = [agreement.committees.by_id(membership) for membership in first.sealed]
        names = [one.name for one in sealed if one is not None]
        bodies = []
        for _ in range(count):
            parts = agreement.seal(names)
            dispatch = replace(
                first,
                case=str(uuid.uuid4()),
                header=HashSize(hashlib.sha256(parts.header).hexdigest(), len(parts.header)),
                body=HashSize(hashlib.sha256(parts.body).hexdigest(), len(parts.body)),
                nonce=os.urandom(16),
            )
            note = signing.sign(dispatch, agreement.keys[CLERK]).note.decode()
            bodies.append(encode(api.PostStatement(note=note, header=parts.header, body=parts.body)))
        return bodies


@contextmanager
def relay(folder: Path) -> Iterator[tuple[int, int]]:
    """A relay process on its data folder; its process id and port."""
    secret = folder / "passphrase"
    secret.touch(mode=0o600)
    secret.write_bytes(PASSPHRASE)
    port = free_port()
    command = ["-m", "kynhan_server", "serve", "--data", str(folder / "relay")]
    command += ["--passphrase-file", str(secret), "--listen", f"127.0.0.1:{port}"]
    with (folder / "relay.log").open("wb") as log, running(command, port, log.fileno()) as pid:
        yield pid, port


@contextmanager
def bare(answer_bytes: int) -> Iterator[tuple[int, int]]:
    """The peer's process; its process id and port."""
    port = free_port()
    with running([BARE, str(port), str(answer_bytes)], port, subprocess.DEVNULL) as pid:
        yield pid, port


@contextmanager
def running(command: list[str], port: int, log: int) -> Iterator[int]:
    """A Python process that listens; stopped in the end."""
    process = subprocess.Popen([sys.executable, *command], stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    try:
        wait_for(port)
        yield process.pid
    finally:
        process.terminate()
        process.wait(20)


def wait_for(port: int, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while True:
        try:
            create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def free_port() -> int:
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def peak_mib(pid: int) -> float:
    """The largest resident memory so far of a process that runs."""
    return memory_mib(str(pid), "VmHWM")
