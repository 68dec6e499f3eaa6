"""One statement, one entry, one answer: posted again, by 32 callers at once, across `kill -9`, or spelled otherwise."""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
from nacl import bindings
from tests import moments
from tests.journeys.relay_process import MovedClock, RelayProcess
from tests.protocol.world import CA, CA_CLERK, CCQ, CLERK, seed
from tests.server.agreement import PASSPHRASE, Agreement, Answer, admitted, found, joined

from kynhan_keys import b64, notes
from kynhan_keys.vkeys import Vkey
from kynhan_protocol.statements import signing
from kynhan_protocol.statements.statements import Dispatch, Receipt
from kynhan_protocol.strict_json import decode, encode
from kynhan_protocol.wire import api

CALLERS = 32


@asynccontextmanager
async def founded(folder: Path) -> AsyncIterator[tuple[RelayProcess, Agreement]]:
    """A relay process with two committees."""
    keys = await admitted(folder / "relay", "ccq-ca", "relay.example/kynhan", (CCQ, CA))
    clock = MovedClock(folder / "clock")
    clock.set(moments.MORNING)
    with RelayProcess(folder / "relay", PASSPHRASE, clock.file) as relay:
        await asyncio.to_thread(relay.start)
        async with joined(relay.authority, "ccq-ca", "relay.example/kynhan", keys, clock=clock) as agreement:
            await found(agreement)
            yield relay, agreement


async def prepared(agreement: Agreement, what: str) -> tuple[bytes, bytes]:
    """A signed note that is not logged yet, and the body of the request that posts it."""
    if what == "dispatch":
        dispatch, parts = await agreement.dispatch()
        note = signing.sign(dispatch, agreement.keys[CLERK]).note
        return note, request_of(note, header=parts.header, body=parts.body)
    sent, _ = await agreement.send()
    receipt = Receipt(dispatch=sent.id, by=CA_CLERK, **await agreement.member_fields())
    note = signing.sign(receipt, agreement.keys[CA_CLERK]).note
    return note, request_of(note)


def request_of(note: bytes, header: bytes | None = None, body: bytes | None = None) -> bytes:
    """POST statements' body."""
    return encode(api.PostStatement(note=note.decode(), header=header, body=body))


async def post(agreement: Agreement, content: bytes) -> Answer:
    """One caller, on a connection of its own."""
    headers = {"Content-Type": api.JSON}
    return await agreement.ask(None, "POST", agreement.path(api.STATEMENTS), headers=headers, content=content)


async def texts(agreement: Agreement) -> list[bytes]:
    """The texts of all logged statements."""
    answer = await agreement.ask(CLERK, "GET", agreement.path(api.STATEMENTS))
    return [notes.split_text(one.note.encode()) for one in decode(answer.body, api.Statements).statements]


@pytest.mark.parametrize("what", ["dispatch", "receipt"])
async def test_32_callers_at_once_get_the_same_bytes_and_one_entry(tmp_path: Path, what: str) -> None:
    async with founded(tmp_path) as (relay, agreement):
        note, content = await prepared(agreement, what)
        answers = await asyncio.gather(*(post(agreement, content) for _ in range(CALLERS)))
        assert {answer.status for answer in answers} == {200}
        assert len({answer.body for answer in answers}) == 1
        assert answers[0].posted().id == hashlib.sha256(note).hexdigest()

        await asyncio.to_thread(relay.restart)
        again = await asyncio.gather(*(post(agreement, content) for _ in range(CALLERS)))
        assert {answer.body for answer in again} == {answers[0].body}
        logged = await texts(agreement)
        assert logged.count(notes.split_text(note)) == 1
        assert len(set(logged)) == len(logged)


@pytest.mark.parametrize("after", [0.01, 0.05, None], ids=["10 ms", "50 ms", "with the first answer"])
async def test_callers_cut_off_by_a_kill_get_the_same_afterwards(tmp_path: Path, after: float | None) -> None:
    """Whoever was answered before the kill, and whoever asks after it: one entry, the same bytes."""
    async with founded(tmp_path) as (relay, agreement):
        note, content = await prepared(agreement, "dispatch")

        async def attempt() -> bytes | None:
            try:
                answer = await post(agreement, content)
            except (aiohttp.ClientError, ConnectionError):
                return None
            return answer.body if answer.status == 200 else None

        calls = [asyncio.create_task(attempt()) for _ in range(CALLERS)]
        await asyncio.wait(calls, timeout=after, return_when=asyncio.FIRST_COMPLETED)
        relay.kill()
        before = set(await asyncio.gather(*calls)) - {None}
        assert before or after is not None
        await asyncio.to_thread(relay.start)
        answers = await asyncio.gather(*(post(agreement, content) for _ in range(CALLERS)))
        assert {answer.status for answer in answers} == {200}
        assert before <= {answer.body for answer in answers}
        assert len({answer.body for answer in answers}) == 1
        assert (await texts(agreement)).count(notes.split_text(note)) == 1


async def test_a_resigned_or_respelled_variant_gets_the_first_ones_answer(tmp_path: Path) -> None:
    async with founded(tmp_path) as (relay, agreement):
        note, content = await prepared(agreement, "dispatch")
        first = await post(agreement, content)
        size = (await agreement.seen()).size
        await asyncio.to_thread(relay.restart)
        text, line = notes.split_text(note), note.splitlines(keepends=True)[-1]
        again = signed_again(text, agreement.keys[CLERK].vkey)
        assert isinstance(signing.parse(again).statement, Dispatch)
        signing.verify(signing.parse(again), [agreement.keys[CLERK].vkey])  # as good a signature as the first
        variants = {
            "signed again": again,
            "signed twice": note + line,
            "signed by another": notes.format(notes.sign(text.decode(), agreement.keys[CA_CLERK])),
            "base64 without padding": note.removesuffix(b"=\n") + b"\n",
            "a damaged signature": note[:-8] + b"AAAA" + note[-4:],
        }
        assert len({note, *variants.values()}) == len(variants) + 1
        for what, variant in variants.items():
            answer = await post(agreement, request_of(variant))
            assert answer.body == first.body, what
        calls = [post(agreement, request_of(variant)) for variant in variants.values() for _ in range(6)]
        assert {answer.body for answer in await asyncio.gather(*calls)} == {first.body}
        for respelled in (text.replace(b"\nterm in-country", b"\nterm  in-country"), text + b"note -\n"):
            odd = notes.format(notes.sign(respelled.decode(), agreement.keys[CLERK]))
            answer = await post(agreement, request_of(odd))
            assert (answer.status, answer.code) == (400, "bad-statement")  # another text, and no statement
        assert (await agreement.seen()).size == size


def signed_again(text: bytes, vkey: Vkey) -> bytes:
    """The text under another valid Ed25519 signature of the same key: RFC 8032 with a random nonce."""
    expanded = bytearray(hashlib.sha512(seed(f"{vkey.name} ")).digest()[:32])
    expanded[0] &= 248
    expanded[31] = expanded[31] & 127 | 64
    nonce = bindings.crypto_core_ed25519_scalar_reduce(os.urandom(64))
    point = bindings.crypto_scalarmult_ed25519_base_noclamp(nonce)
    challenge = bindings.crypto_core_ed25519_scalar_reduce(hashlib.sha512(point + vkey.key + text).digest())
    secret = bindings.crypto_core_ed25519_scalar_reduce(bytes(expanded) + bytes(32))
    product = bindings.crypto_core_ed25519_scalar_mul(challenge, secret)
    signature = point + bindings.crypto_core_ed25519_scalar_add(nonce, product)
    return text + f"\n— {vkey.name} {b64.encode(vkey.key_id + signature)}\n".encode()
