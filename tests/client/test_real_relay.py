"""The client's library against the real relay, as a process on loopback: setting up, sending, signing, witnessing."""

from __future__ import annotations

import asyncio
import json
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.client.agreement import CA, CCQ, PASSPHRASE, World, make_home, profile_for

from kynhan_client import members, mirror, profile_signing, transfers, trust, witness
from kynhan_client.clock import Clock
from kynhan_client.config import RelayAddress, parse_address
from kynhan_client.errors import ClientError
from kynhan_client.home import Home
from kynhan_client.relay import connect
from kynhan_client.view import View
from kynhan_client.watching import News, watch
from kynhan_keys.vkeys import Vkey

RELAY = (sys.executable, "-m", "kynhan_server")


@dataclass
class Bearer:
    """Bears a vkey."""

    vkey: Vkey


class Keys:
    """Stands where the simulator would: profile_for() asks it for the relay's keys."""

    def __init__(self, address: RelayAddress) -> None:
        self.ed25519, self.ml_dsa_44 = map(Bearer, address.keys)


@contextmanager
def serving(folder: Path, passphrase: Path, port: int = 0) -> Iterator[str]:
    """A relay process on its data folder; gives the authority it serves."""
    process = subprocess.Popen(
        [*RELAY, "serve", "--data", folder, "--passphrase-file", passphrase, "--listen", f"127.0.0.1:{port}"],
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            yield _ready(process)
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.stderr is not None
            process.stderr.read()


def _run(*arguments: str | Path) -> bytes:
    return subprocess.run([*RELAY, *arguments], check=True, capture_output=True).stdout


def _ready(process: subprocess.Popen[str]) -> str:
    assert process.stderr is not None
    deadline = time.monotonic() + 60
    for line in process.stderr:
        if line.startswith("{") and (told := json.loads(line)).get("event") == "ready":
            return str(told["authority"])
        if time.monotonic() > deadline:
            break
    raise AssertionError("the relay did not start")


@asynccontextmanager
async def founded(folder: Path) -> AsyncIterator[World]:
    """Two homes and a relay process, everything set up as for a first dispatch."""
    passphrase = folder / "passphrase"
    passphrase.write_text("cum mat khau cua may trung chuyen")
    passphrase.chmod(0o600)
    clock = Clock()
    ccq, ca = (make_home(folder / name, name, clock) for name in (CCQ, CA))
    common = ("--data", folder / "relay", "--passphrase-file", passphrase)
    await asyncio.to_thread(_run, "init", *common)
    admit = ("--log", "ccq-ca", "--origin", "relay.example/kynhan", "--json", ccq.config.root, ca.config.root)
    printed = await asyncio.to_thread(_run, "admit", *common, *admit)
    async with AsyncExitStack() as stack:
        authority = stack.enter_context(serving(folder / "relay", passphrase))
        address = parse_address(printed, url=f"http://{authority}", roots=[ccq.config.root, ca.config.root])
        to = {}
        for home in (ccq, ca):
            stack.enter_context(home)
            home.connect(address)
            to[home.config.committee] = await stack.enter_async_context(connect(home))
        world = World(Keys(address), ccq, ca, to, folder / "offset")  # type: ignore[arg-type]
        for home in (ccq, ca):
            for statement in members.first_members(home):
                await members.post(home, to[home.config.committee], statement)
        await world.sync()
        document = profile_for(world.simulator)
        for home in (ccq, ca):
            await profile_signing.attest(home, to[home.config.committee], document)
        await world.sync()
        trust.compare(ccq, trust.digits(ca))
        trust.compare(ca, trust.digits(ccq))
        yield world


async def test_a_dispatch_is_sent_signed_for_and_witnessed(tmp_path: Path) -> None:
    async with founded(tmp_path) as world:
        running = [
            asyncio.create_task(witness.run(home, world.to[home.config.committee], every=0.1))
            for home in (world.ccq, world.ca)
        ]
        sent = await world.send()
        with pytest.raises(ClientError) as early:
            await world.to[CA].header(sent.id)
        assert early.value.code == "not-found"
        signed = await world.receive(sent.id)
        assert signed.due is not None
        await world.to[CA].header(sent.id)
        dispatch = View(world.ca).dispatch(sent.id)
        await transfers.download(
            world.to[CA], sent.id, tmp_path / "body", size=dispatch.body.size, sha256=dispatch.body.hash
        )
        async with asyncio.timeout(60):
            while (head := View(world.ccq).final_checkpoint) is None or head.size <= signed.own.index:
                await asyncio.sleep(0.1)
                result = await world.sync()
                assert result.alarms == []
        case = View(world.ccq).case(dispatch.case)
        assert case == View(world.ca).case(dispatch.case)
        assert case.objections == ()
        assert await world.to[CCQ].receipt(sent.id, cosigned=True)
        for task in running:
            task.cancel()


async def test_a_large_body_is_uploaded_in_pieces_and_comes_back_whole(tmp_path: Path) -> None:
    async with founded(tmp_path) as world:
        data = secrets.token_bytes(3_000_000)
        (tmp_path / "source").write_bytes(data)
        upload = await transfers.create_upload(world.to[CCQ], len(data))
        await transfers.upload(world.to[CCQ], upload, tmp_path / "source")
        assert await transfers.upload_offset(world.to[CCQ], upload) == len(data)
        await transfers.delete_upload(world.to[CCQ], upload)
        with pytest.raises(ClientError) as caught:
            await transfers.upload_offset(world.to[CCQ], upload)
        assert caught.value.code == "not-found"


async def test_watching_hears_of_a_package_at_once(tmp_path: Path) -> None:
    async with founded(tmp_path) as world:
        events = watch(world.ca, world.to[CA])
        await anext(events)
        waiting = asyncio.ensure_future(anext(events))
        await asyncio.sleep(0.3)
        sent = await world.send()
        async with asyncio.timeout(20):
            news = await waiting
        assert isinstance(news, News)
        assert (news.what, news.dispatch) == ("arrived", sent.id)
        await events.aclose()


async def test_a_unit_joins_and_follows_its_own_cases_only(tmp_path: Path) -> None:
    async with founded(tmp_path) as world:
        unit = Home.create(
            tmp_path / "unit",
            PASSPHRASE,
            member="ca.example/to-3",
            holder="Tổ 3",
            roles=("unit",),
            with_root=False,
            with_witness=False,
        )
        with unit:
            signed = members.accept(
                unit, members.invite(world.ca, members.parse_request(members.request(unit)))
            )
            sent = await world.send()
            async with connect(unit) as relay:
                await members.post(unit, relay, signed)
                result = await mirror.sync(unit, relay)
            assert result.up_to_date
            assert result.alarms == []
            view = View(unit)
            assert view.own().id == signed.id
            assert view.profile.secrecy.ceiling == "khong-mat"
            assert view.statement(sent.id) is None
            assert view.size == sent.own.index + 4
