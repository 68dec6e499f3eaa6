"""Taking back beside other commands, across crashes, and where the log cannot be relied on: either, never both."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from tests.client.agreement import CCQ, PASSPHRASE
from tests.client.parties import parties
from tests.client.waiting import (
    SMALL,
    CrashError,
    gone,
    logged,
    lose_answers,
    queued,
    sealed,
)

from kynhan_client.errors import ClientError, problem
from kynhan_client.home import cupboard, durable
from kynhan_client.home.home import Home
from kynhan_client.log import mirror
from kynhan_client.log.mirroring import SyncResult
from kynhan_client.packages.cancelling import cancel
from kynhan_client.packages.outbox import deliver, deliver_all
from kynhan_client.packages.send import send
from kynhan_client.registers import numbering
from kynhan_client.relay import transfers
from kynhan_client.relay.relay import Relay


async def test_what_is_in_the_log_is_not_signed_anew_whatever_the_relay_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with parties(tmp_path) as two:
        lose_answers(monkeypatch)
        sent = await send(two.ccq, two.to[CCQ], two.letter())
        monkeypatch.undo()
        posted: list[bytes] = []

        async def stale(self: Relay, note: bytes, **_: Any) -> None:
            posted.append(note)
            raise problem("stale", why="again", relay_code="stale")

        monkeypatch.setattr(Relay, "post_statement", stale)
        with pytest.raises(ClientError):
            await cancel(two.ccq, two.to[CCQ], sent.waiting)
        assert len(posted) == 1
        monkeypatch.undo()
        assert (await cancel(two.ccq, two.to[CCQ], sent.waiting)).state == "sent"
        assert len(logged(two)) == 1


async def test_what_another_command_is_sending_is_not_taken_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with parties(tmp_path) as two:
        number = await queued(two)
        await two.start_relay()
        begun, go_on = asyncio.Event(), asyncio.Event()
        upload = transfers.upload

        async def slow(*args: Any, **kwargs: Any) -> None:
            begun.set()
            await go_on.wait()
            await upload(*args, **kwargs)

        monkeypatch.setattr(transfers, "upload", slow)
        first = asyncio.create_task(deliver(two.ccq, two.to[CCQ], number))
        await begun.wait()
        with Home.open(two.ccq.path, PASSPHRASE, clock=two.ccq.clock) as second:
            with pytest.raises(ClientError) as error:
                await cancel(second, two.to[CCQ], number)
            assert error.value.code == "home-in-use"
            go_on.set()
            assert (await first).state == "sent"
            with pytest.raises(ClientError) as error:
                await cancel(second, two.to[CCQ], number)
            assert error.value.code == "not-waiting"


async def test_what_another_command_takes_back_is_not_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with parties(tmp_path) as two:
        number = await queued(two, SMALL)
        await two.start_relay()
        begun, go_on = asyncio.Event(), asyncio.Event()
        sync = mirror.sync

        async def slow(*args: Any) -> SyncResult:
            begun.set()
            await go_on.wait()
            return await sync(*args)

        monkeypatch.setattr(mirror, "sync", slow)
        first = asyncio.create_task(cancel(two.ccq, two.to[CCQ], number))
        await begun.wait()
        with Home.open(two.ccq.path, PASSPHRASE, clock=two.ccq.clock) as second:
            other = asyncio.create_task(deliver(second, two.to[CCQ], number))
            (left,) = await deliver_all(second, two.to[CCQ])
            assert (left.state, left.error.code if left.error else "") == ("queued", "home-in-use")
            go_on.set()
            assert (await first).state == "cancelled"
            told = await other
        assert told.state == "failed"
        assert told.error is not None
        assert "it was taken back" in told.error.en
        gone(two.ccq, number)
        await two.sync(two.ccq)
        assert logged(two) == []


@pytest.mark.parametrize("place", ["settle", "note_event", "unlink"])
async def test_a_crash_while_taking_back_leaves_it_waiting_or_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    async with parties(tmp_path) as two:
        number = await queued(two)
        owner: Any = {"settle": numbering, "note_event": two.ccq.archive, "unlink": Path}[place]

        def crash(*_: Any, **__: Any) -> None:
            raise CrashError

        monkeypatch.setattr(owner, place, crash)
        with pytest.raises(CrashError):
            await cancel(two.ccq, two.to[CCQ], number)
        monkeypatch.undo()
        await two.start_relay()
        delivered = (await two.sync(two.ccq)).delivered
        if place == "unlink":  # it was dropped before: the body goes with the next sync
            assert delivered == ()
            gone(two.ccq, number)
            assert logged(two) == []
        else:
            assert [one.state for one in delivered] == ["sent"]
            assert len(logged(two)) == 1


async def test_a_crash_while_ending_what_arrived_sends_it_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with parties(tmp_path) as two:
        lose_answers(monkeypatch)
        sent = await send(two.ccq, two.to[CCQ], two.letter())
        monkeypatch.undo()

        def crash(*_: Any, **__: Any) -> None:
            raise CrashError

        monkeypatch.setattr(durable, "write", crash)
        with pytest.raises(CrashError):
            await cancel(two.ccq, two.to[CCQ], sent.waiting)
        monkeypatch.undo()
        assert (await cancel(two.ccq, two.to[CCQ], sent.waiting)).state == "sent"
        assert len(logged(two)) == 1
        assert len(sealed(two.ccq)) == 2


async def test_nothing_is_dropped_on_a_log_that_was_not_read_to_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with parties(tmp_path) as two:
        number = await queued(two, SMALL)
        await two.start_relay()

        async def behind(*_: Any) -> SyncResult:
            return SyncResult()

        monkeypatch.setattr(mirror, "sync", behind)
        with pytest.raises(ClientError) as error:
            await cancel(two.ccq, two.to[CCQ], number)
        assert error.value.code == "log-not-read"
        assert [row.id for row in cupboard.waiting(two.ccq.archive)] == [number]


async def test_a_frozen_home_drops_only_what_was_never_posted(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        posted = await queued(two, SMALL)
        never = await queued(two)
        two.ccq.freeze(("thử", "test"), two.ccq.keep_evidence("test", {"x": b"y"}))
        await two.start_relay()
        with pytest.raises(ClientError) as error:
            await cancel(two.ccq, two.to[CCQ], posted)
        assert error.value.code == "frozen"
        assert (await cancel(two.ccq, two.to[CCQ], never)).state == "cancelled"
