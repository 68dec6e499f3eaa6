"""The body may come early and opens nothing; the header comes with the signature, and nothing else is needed then."""

from __future__ import annotations

import asyncio
import os
import secrets
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from tests.client.parties import CA, CCQ, Parties, parties
from tests.journeys.relay_process import ProcessParties

from kynhan_client.errors import ClientError
from kynhan_client.home.home import Home
from kynhan_client.log.view import View
from kynhan_client.packages import opening, receive
from kynhan_client.relay.wire import Wire
from kynhan_keys import age, header, stream
from kynhan_keys.errors import AgeError

SMALL, LARGE = 3_000, 700_000


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often which part of a dispatch was asked for (`GET header`, `GET body`, …) by any client here."""
    counted: Counter[str] = Counter()
    exchange = Wire.exchange

    @asynccontextmanager
    async def counting(self: Wire, method: str, target: str, **rest: Any) -> AsyncIterator[Any]:
        counted[f"{method} {target.partition('?')[0].rpartition('/')[2]}"] += 1
        async with exchange(self, method, target, **rest) as answered:
            yield answered

    monkeypatch.setattr(Wire, "exchange", counting)
    return counted


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["sent with the dispatch", "uploaded"])
async def test_the_body_alone_opens_nothing(tmp_path: Path, size: int) -> None:
    async with parties(tmp_path, kind=ProcessParties) as two:
        content = secrets.token_bytes(size)
        other = await two.request(two.file("Công văn khác.pdf"))
        sent = await two.request(two.file("Công văn.pdf", content))
        await receive.fetch(two.ca, two.to[CA], sent.dispatch)
        body = await asyncio.to_thread(two.ca.sealed_path(sent.dispatch, "body").read_bytes)
        assert content[:32] not in body

        with pytest.raises(ClientError) as refused:
            await opening.open_package(two.ca, two.to[CA], sent.dispatch, tmp_path / "early")
        assert refused.value.code == "not-signed-for"
        with pytest.raises(ClientError) as kept:
            await two.to[CA].header(sent.dispatch)
        assert kept.value.code == "not-found"
        assert not (tmp_path / "early").exists()

        await receive.sign(two.ca, two.to[CA], other.dispatch)  # a header of another dispatch, well come by
        await opens_with_none_of(two, body, await two.to[CA].header(other.dispatch))

        # whoever has both halves opens it: what failed above failed for want of the header alone
        await receive.sign(two.ca, two.to[CA], sent.dispatch)
        whole = await two.to[CA].header(sent.dispatch) + body
        opened = b"".join(age.open_([whole], two.ca.keyring.identities, workers=1))
        assert content in opened


async def opens_with_none_of(two: Parties, body: bytes, others: bytes) -> None:
    """All that CA has, without the header of this dispatch: nothing of the content comes out."""
    identities = two.ca.keyring.identities
    forged = age.make_header(secrets.token_bytes(16), [identities[0].recipient()])
    for what, data in {
        "body": body,
        "body under another dispatch's header": others + body,
        "body under a header of one's own": forged + body,
        "body under a header cut short": others[: len(others) // 2] + body,
    }.items():
        with pytest.raises(AgeError):
            print(what, b"".join(age.open_([data], identities, workers=1)))
    with pytest.raises(AgeError):
        header.split(body)
    for guess in (bytes(16), body[:16], body[16:32], age.open_header(others, identities)):
        with pytest.raises(AgeError):
            b"".join(stream.open_payload(guess, iter([body])))
    tool = await asyncio.to_thread(
        subprocess.run, [sys.executable, "-m", "kynhan_keys", "open"], input=body, capture_output=True
    )
    assert (tool.returncode, tool.stdout) == (1, b"")


@pytest.mark.parametrize("early", [True, False], ids=["fetched early", "fetched when signing"])
async def test_after_signing_nothing_more_is_downloaded(
    tmp_path: Path, asked: Counter[str], early: bool
) -> None:
    async with parties(tmp_path, kind=ProcessParties) as two:
        content = os.urandom(LARGE)
        sent = await two.request(two.file("Ảnh quét.bin", content), two.file("Công văn.pdf"))
        if early:
            await receive.fetch(two.ca, two.to[CA], sent.dispatch)
            assert (asked["GET body"], asked["GET header"]) == (1, 0)
        signed = await receive.sign(two.ca, two.to[CA], sent.dispatch)
        assert signed.header_here
        assert (asked["GET body"], asked["GET header"]) == (1, 1)
        await two.stop_relay()

        opened = await opening.open_package(two.ca, None, sent.dispatch, tmp_path / "opened")
        assert opened.result == "verified"
        assert await asyncio.to_thread((tmp_path / "opened" / "Ảnh quét.bin").read_bytes) == content
        assert (asked["GET body"], asked["GET header"]) == (1, 1)

        await two.start_relay()  # what was found is told at the next sync
        await two.sync()
        found = View(two.ccq).case(sent.case).dispatches[sent.dispatch]
        assert found.opening == "verified"


async def test_the_header_lost_with_the_relay_comes_later_and_the_body_does_not_come_again(
    tmp_path: Path, asked: Counter[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The relay dies between its answer to the RECEIPT and the header."""
    async with parties(tmp_path, kind=ProcessParties) as two:
        sent = await two.request(two.file("Công văn.pdf", bytes(LARGE)))
        take = receive.take_header

        async def die(home: Home, relay: Any, dispatch: str) -> bool:
            await two.stop_relay()
            return await take(home, relay, dispatch)

        with monkeypatch.context() as dying:
            dying.setattr(receive, "take_header", die)
            signed = await receive.sign(two.ca, two.to[CA], sent.dispatch)
        assert not signed.header_here
        with pytest.raises(ClientError) as missing:
            await opening.open_package(two.ca, None, sent.dispatch, tmp_path / "opened")
        assert missing.value.code == "header-missing"

        await two.start_relay()
        await two.sync(two.ca)
        await two.stop_relay()
        opened = await opening.open_package(two.ca, None, sent.dispatch, tmp_path / "opened")
        assert opened.files == ("Công văn.pdf",)
        assert asked["GET body"] == 1
        assert CCQ in View(two.ca).dispatch(sent.dispatch).from_
