"""The witness cosigns one history only, and forgets nothing."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from tests.client.agreement import CA, CCQ, PASSPHRASE, founded, until
from tests.client.relay_simulator import LOG

from kynhan_client.errors import ClientError
from kynhan_client.home.home import Home
from kynhan_client.log import witness
from kynhan_client.log.view import View
from kynhan_client.log.witness import Cosigned
from kynhan_client.reminding import watching
from kynhan_client.reminding.watching import Connection, News
from kynhan_keys import notes


async def test_a_tree_that_grew_is_cosigned_once(tmp_path: Path) -> None:
    async with founded(tmp_path) as world:
        await world.send()
        async with witness.started(world.ccq) as one:
            cosigned = await one.step(world.to[CCQ])
            assert cosigned is not None
            assert cosigned.size == len(world.simulator.log)
            assert await one.step(world.to[CCQ]) is None
        names = [
            line.name for line in notes.parse(world.simulator.signed(len(world.simulator.log))).signatures
        ]
        assert names[2:] == ["ccq.example/doi-chung"]


async def test_a_receipt_becomes_final_when_both_cosigned(tmp_path: Path) -> None:
    async with founded(tmp_path) as world:
        await world.send()
        await world.witness()
        await world.sync()
        view = View(world.ccq)
        assert view.final_checkpoint is not None
        assert view.final_checkpoint.size == view.size == view.seen.size


async def test_a_witness_refuses_a_fork_and_freezes(tmp_path: Path) -> None:
    async with founded(tmp_path) as world:
        world.simulator.fork(keep=3)
        async with witness.started(world.ccq) as one:
            with pytest.raises(ClientError) as caught:
                await one.step(world.to[CCQ])
            assert caught.value.code == "frozen"
            with pytest.raises(ClientError):
                await one.step(world.to[CCQ])
        assert world.simulator.cosigned == {}
        assert world.ccq.archive.alarms()[-1].severity == "contradiction"


async def test_a_smaller_tree_is_not_cosigned(tmp_path: Path) -> None:
    async with founded(tmp_path) as world:
        old = world.simulator.tree.checkpoints[len(world.simulator.log)]
        await world.send()
        async with witness.started(world.ccq) as one:
            await one.step(world.to[CCQ])
            world.simulator.replaced[f"/v1/logs/{LOG}/checkpoint/candidate"] = old
            with pytest.raises(ClientError) as caught:
                await one.step(world.to[CCQ])
            assert caught.value.code == "relay-answer-invalid"
            assert one.frontier().size == len(world.simulator.log)


async def test_rubbish_changes_nothing(tmp_path: Path) -> None:
    async with founded(tmp_path) as world:
        await world.send()
        size = len(world.simulator.log)
        async with witness.started(world.ccq) as one:
            before = one.frontier()
            path = f"/v1/logs/{LOG}/tile/entries/000.p/{size}"
            for wrong in (b"", b"\0\x20" + bytes(31), (b"\0\x20" + bytes(32)) * size):
                world.simulator.replaced[path] = wrong
                with pytest.raises(ClientError) as caught:
                    await one.step(world.to[CCQ])
                assert caught.value.code == "relay-answer-invalid"
                assert one.frontier() == before
            world.simulator.replaced.clear()
            assert await one.step(world.to[CCQ]) is not None


async def test_the_state_is_saved_before_the_cosignature_leaves(tmp_path: Path) -> None:
    async with founded(tmp_path) as world:
        await world.send()
        size = len(world.simulator.log)

        async def lost(note: bytes) -> None:
            raise ClientError("relay-down", "", "")

        async with witness.started(world.ccq) as one:
            post = world.to[CCQ].post_cosignature
            world.to[CCQ].post_cosignature = lost  # type: ignore[method-assign]
            with pytest.raises(ClientError):
                await one.step(world.to[CCQ])
            assert one.frontier().size == size
            world.to[CCQ].post_cosignature = post  # type: ignore[method-assign]
        async with witness.started(world.ccq) as again:
            cosigned = await again.step(world.to[CCQ])
            assert cosigned is not None
            assert cosigned.size == size


async def test_lost_state_means_a_new_key(tmp_path: Path) -> None:
    async with founded(tmp_path) as world:
        for path in world.ccq.path.glob("witness.db*"):
            path.unlink()
        with pytest.raises(ClientError) as caught:
            async with witness.started(world.ccq):
                pass
        assert caught.value.code == "witness-state-lost"


async def test_lost_state_is_noticed_from_the_log_as_well(tmp_path: Path) -> None:
    async with founded(tmp_path) as world:
        for path in world.ccq.path.glob("witness.db*"):
            path.unlink()
        world.ccq.archive.put(witness.MARK, None)  # as after restoring an old backup
        async with witness.started(world.ccq) as one:
            with pytest.raises(ClientError) as caught:
                await one.step(world.to[CCQ])
            assert caught.value.code == "witness-state-lost"


async def test_one_witness_per_home(tmp_path: Path) -> None:
    async with founded(tmp_path) as world, witness.started(world.ccq):
        with pytest.raises(ClientError) as caught:
            async with witness.started(world.ccq):
                pass
        assert caught.value.code == "witness-running"


def test_a_home_without_a_witness_key_says_so(tmp_path: Path) -> None:
    home = Home.create(
        tmp_path / "home", PASSPHRASE, member="ca.example/to-1", holder="Tổ 1", with_witness=False
    )

    async def start() -> None:
        async with witness.started(home):
            pass

    with home, pytest.raises(ClientError) as caught:
        asyncio.run(start())
    assert caught.value.code == "no-witness-key"


async def test_the_loop_survives_an_outage(tmp_path: Path) -> None:
    async with founded(tmp_path) as world:
        told: list[Cosigned | ClientError] = []
        task = asyncio.create_task(witness.run(world.ccq, world.to[CCQ], every=0.01, on_event=told.append))
        world.simulator.refuse_with = (503, "unavailable")
        await until(lambda: told)
        world.simulator.refuse_with = None
        await world.send()
        await until(lambda: isinstance(told[-1], Cosigned))
        task.cancel()
        last = told[-1]
        assert isinstance(last, Cosigned)
        assert last.size == len(world.simulator.log)
        assert isinstance(told[0], ClientError)


async def test_watching_tells_what_arrives_and_lets_others_work_meanwhile(tmp_path: Path) -> None:
    async with founded(tmp_path) as world:
        events = watching.watch(world.ca, world.to[CA])
        async with asyncio.timeout(10):
            assert await anext(events) == Connection(True)
            waiting = asyncio.ensure_future(anext(events))
            await until(lambda: world.simulator.listeners)
            async with world.ca.writing(wait=0.5):
                pass
            sent = await world.send()
            news = await waiting
        assert isinstance(news, News)
        assert (news.what, news.dispatch) == ("arrived", sent.id)
        await events.aclose()


async def test_watching_tells_what_another_command_read_first(tmp_path: Path) -> None:
    async with founded(tmp_path) as world:
        events = watching.watch(world.ca, world.to[CA])
        async with asyncio.timeout(10):
            assert await anext(events) == Connection(True)
            waiting = asyncio.ensure_future(anext(events))
            await until(lambda: world.simulator.listeners)
            async with world.ca.writing():  # as another command would, before the watcher can
                sent = await world.send()
                await world.sync()
            news = await waiting
        assert isinstance(news, News)
        assert (news.what, news.dispatch) == ("arrived", sent.id)
        await events.aclose()


async def test_watching_goes_on_after_the_relay_was_away(tmp_path: Path) -> None:
    async with founded(tmp_path) as world:
        events = watching.watch(world.ca, world.to[CA])
        async with asyncio.timeout(20):
            assert await anext(events) == Connection(True)
            waiting = asyncio.ensure_future(anext(events))
            await until(lambda: world.simulator.listeners)
            world.simulator.refuse_with = (503, "unavailable")
            for listener in world.simulator.listeners:
                listener.put_nowait(b"")
            lost = await waiting
            assert isinstance(lost, Connection)
            assert not lost.up
            world.simulator.refuse_with = None
            sent = await world.send()
            assert await anext(events) == Connection(True)
            news = await anext(events)
        assert isinstance(news, News)
        assert news.dispatch == sent.id
        await events.aclose()
