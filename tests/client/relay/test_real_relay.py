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
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from tests import moments
from tests.client.agreement import CA, CCQ, PASSPHRASE, World, make_home, profile_for, until

from kynhan_client.clock import Clock
from kynhan_client.errors import ClientError
from kynhan_client.home.config import RelayAddress, parse_address
from kynhan_client.home.home import Home
from kynhan_client.log import mirror, witness
from kynhan_client.log.view import View
from kynhan_client.log.witness import Cosigned
from kynhan_client.relay import transfers
from kynhan_client.relay.relay import connect
from kynhan_client.reminding.watching import News, watch
from kynhan_client.trust import members, profile_signing, trust
from kynhan_keys.vkeys import Vkey
from kynhan_server.clock import SystemClock
from kynhan_server.serving import Listening
from kynhan_server.serving import running as serving_here
from kynhan_server.web.limits import Limits

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
        [
            *(*RELAY, "serve", "--data", folder, "--passphrase-file", passphrase),
            *("--listen", f"127.0.0.1:{port}"),
            *("--demo-clock", moments.clock_file(folder.with_name("relay.clock"))),
        ],
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
async def founded(folder: Path, relay_clock: SystemClock | None = None) -> AsyncIterator[World]:
    """Two homes and a relay, everything set up as for a first dispatch.

    The relay is a process; with a clock of its own it runs here.
    """
    passphrase = folder / "passphrase"
    passphrase.write_text("cum mat khau cua may trung chuyen")
    passphrase.chmod(0o600)
    clock = Clock(folder / "offset")
    ccq, ca = (make_home(folder / name, name, clock) for name in (CCQ, CA))
    common = ("--data", folder / "relay", "--passphrase-file", passphrase)
    await asyncio.to_thread(_run, "init", *common)
    admit = ("--log", "ccq-ca", "--origin", "relay.example/kynhan", "--json", ccq.config.root, ca.config.root)
    printed = await asyncio.to_thread(_run, "admit", *common, *admit)
    async with AsyncExitStack() as stack:
        if relay_clock is None:
            authority = stack.enter_context(serving(folder / "relay", passphrase))
        else:
            listening = Listening("127.0.0.1", 0, None, 30.0, Limits())
            running = serving_here(folder / "relay", passphrase.read_bytes(), relay_clock, listening)
            authority = (await stack.enter_async_context(running)).authority
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


class JumpingClock(SystemClock):
    """The machine's clocks, the wall clock set by `ahead`."""

    ahead = timedelta()

    def now(self) -> datetime:
        return super().now() + self.ahead


async def test_a_relay_in_doubt_of_its_clock_goes_on_when_a_witness_agrees(tmp_path: Path) -> None:
    clock = JumpingClock()
    async with founded(tmp_path, clock) as world:
        await world.witness()
        await world.sync()
        clock.ahead = timedelta(hours=3)
        told: list[Cosigned | ClientError] = []
        witnessing = asyncio.create_task(
            witness.run(
                world.ca, world.to[CA], every=0.01, look_at_clock=0.01, on_event=lambda one: told.append(one)
            )
        )
        await until(lambda: any(isinstance(one, ClientError) for one in told))
        wrong = told[-1]
        assert isinstance(wrong, ClientError)  # by the witness's clock it is three hours earlier
        assert wrong.code == "clock-doubt"
        assert await world.to[CCQ].clock_state() == "doubt"
        with pytest.raises(ClientError) as doubted:
            await world.send()
        assert doubted.value.data["relay_code"] == "clock-doubt"
        world.offset.write_text(str(3 * 3600))  # the witness comes to see the same time as the relay
        await until(lambda: told[-1] is not wrong)
        again = told[-1]
        assert isinstance(again, Cosigned)
        assert again.size == View(world.ca).size
        assert await world.to[CCQ].clock_state() == "ok"
        await world.send()
        witnessing.cancel()


async def test_without_doubt_nothing_is_cosigned_twice(tmp_path: Path) -> None:
    async with founded(tmp_path, JumpingClock()) as world, witness.started(world.ca) as one:
        assert await one.confirm_time(world.to[CA]) is None
        assert await one.step(world.to[CA]) is not None
        assert await one.confirm_time(world.to[CA]) is None


async def test_a_witness_hands_in_each_tree_once(tmp_path: Path) -> None:
    async with founded(tmp_path, JumpingClock()) as world, witness.started(world.ca) as one:
        assert await one.step(world.to[CA]) is not None
        assert await one.step(world.to[CA]) is None
        await world.send()
        async with witness.started(world.ccq) as other:
            await other.step(world.to[CCQ])  # now both have signed, and the relay shows the newer tree
        assert await one.step(world.to[CA]) is not None
        assert await one.step(world.to[CA]) is None


async def test_lost_state_is_noticed_from_the_log(tmp_path: Path) -> None:
    async with founded(tmp_path, JumpingClock()) as world:
        await world.witness()
        for path in world.ccq.path.glob("witness.db*"):
            path.unlink()
        world.ccq.archive.put(witness.MARK, None)  # as after restoring an old backup
        async with witness.started(world.ccq) as one:
            with pytest.raises(ClientError) as caught:
                await one.step(world.to[CCQ])
        assert caught.value.code == "witness-state-lost"
