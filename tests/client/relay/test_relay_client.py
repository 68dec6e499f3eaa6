"""Talking to the relay: what is sent, what is taken for an answer, what survives a broken line."""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from pathlib import Path

import pytest
from tests.client.agreement import CA, CCQ, connected, founded, until
from tests.client.relay_simulator import LOG

from kynhan_client.errors import ClientError
from kynhan_client.home import cupboard, durable
from kynhan_client.log import answers
from kynhan_client.log.view import View
from kynhan_client.relay import live, transfers
from kynhan_client.relay.relay import Answer, connect


async def test_a_relay_that_is_down_is_said_to_be_down(tmp_path: Path) -> None:
    async with connected(tmp_path) as world:
        home = world.ccq
    async with connect(home) as relay:
        with pytest.raises(ClientError) as caught:
            await relay.checkpoint()
    assert caught.value.code == "relay-down"
    assert "127.0.0.1" in caught.value.en


@pytest.mark.parametrize(
    ("status", "code", "expected"),
    [
        (409, "stale", "stale"),
        (422, "outside-window", "outside-window"),
        (404, "not-found", "not-found"),
        (409, "not-now", "refused"),
        (401, "unauthorized", "refused"),
        (503, "clock-behind", "relay-down"),
        (429, "rate-limited", "relay-down"),
        (500, "internal", "relay-down"),
    ],
)
async def test_a_problem_becomes_an_error_with_advice(
    tmp_path: Path, status: int, code: str, expected: str
) -> None:
    async with connected(tmp_path) as world:
        world.simulator.refuse_with = (status, code)
        with pytest.raises(ClientError) as caught:
            await world.to[CCQ].statements(0)
        assert caught.value.code == expected
        assert caught.value.data["relay_code"] == code
        assert caught.value.advice_vi


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        b'{"size":1,"statements":[],"more":1}',
        b'{"size":1,"size":2,"statements":[]}',
        b'{"size":1,"statements":[{"index":-1,"id":"' + b"0" * 64 + b'","note":""}]}',
        b'{"size":1,"statements":[{"index":1,"id":"..","note":""}]}',
        b'{"size":1,"statements":[{"index":1,"id":"' + b"0" * 64 + b'","note":"\\ud800"}]}',
    ],
)
async def test_an_answer_of_another_shape_is_not_taken(tmp_path: Path, data: bytes) -> None:
    async with connected(tmp_path) as world:
        world.simulator.replaced[f"/v1/logs/{LOG}/statements"] = data
        with pytest.raises(ClientError) as caught:
            await world.to[CCQ].statements(0)
        assert caught.value.code == "relay-answer-invalid"


async def test_an_endless_answer_is_cut_off(tmp_path: Path) -> None:
    async with connected(tmp_path) as world:
        world.simulator.replaced[f"/v1/logs/{LOG}/checkpoint"] = bytes(1 << 20)
        with pytest.raises(ClientError) as caught:
            await world.to[CCQ].checkpoint()
        assert caught.value.code == "relay-answer-invalid"


async def test_a_posted_statement_comes_back_with_proofs_that_are_kept(tmp_path: Path) -> None:
    async with founded(tmp_path) as world:
        accepted = await world.send()
        assert [type(one.statement).__name__ for one in accepted.relay] == ["Acceptance"]
        kept = cupboard.receipt(world.ccq.archive, accepted.id)
        assert kept is not None
        assert not kept.final
        signed = await world.receive(accepted.id)
        assert signed.handover is not None
        assert signed.due is not None


async def test_the_same_statement_again_gets_the_same_answer(tmp_path: Path) -> None:
    async with founded(tmp_path) as world:
        dispatch, header, body = world.dispatch()
        first = await world.to[CCQ].post_statement(dispatch.note, header=header, body=body)
        assert await world.to[CCQ].post_statement(dispatch.note, header=header, body=body) == first


async def test_an_answer_that_proves_something_else_is_refused_and_kept_as_evidence(tmp_path: Path) -> None:
    async with founded(tmp_path) as world:
        first, header, body = world.dispatch()
        good = await world.to[CCQ].post_statement(first.note, header=header, body=body)
        other, *_ = world.dispatch()
        byte = bytearray(good.receipts[0])
        byte[len(byte) // 2] ^= 1
        for sent, answer in (
            (other, good),
            (first, Answer(good.id, good.index + 1, good.receipts)),
            (first, Answer("00" * 32, good.index, good.receipts)),
            (first, Answer(good.id, good.index, good.receipts[:1])),
            (first, Answer(good.id, good.index, (good.receipts[0], good.receipts[0]))),
            (first, Answer(good.id, good.index, (bytes(byte), *good.receipts[1:]))),
        ):
            before = len(list((world.ccq.path / "evidence").iterdir()))
            with pytest.raises(ClientError) as caught:
                answers.check(world.ccq, sent, answer)
            assert caught.value.code == "relay-answer-invalid"
            assert len(list((world.ccq.path / "evidence").iterdir())) == before + 1
        assert answers.check(world.ccq, first, good).id == first.id


async def test_an_upload_goes_on_where_the_line_broke(tmp_path: Path) -> None:
    async with founded(tmp_path) as world:
        relay, data = world.to[CCQ], secrets.token_bytes(3_000_000)
        source = tmp_path / "body"
        source.write_bytes(data)
        world.simulator.break_after = 900_000
        seen: list[int] = []
        upload = await transfers.create_upload(relay, len(data))
        await transfers.upload(relay, upload, source, progress=seen.append)
        assert bytes(world.simulator.uploads[upload]) == data
        assert seen[-1] == len(data)
        await transfers.delete_upload(relay, upload)
        with pytest.raises(ClientError) as caught:
            await transfers.upload_offset(relay, upload)
        assert caught.value.code == "not-found"


async def test_a_download_goes_on_where_the_line_broke_and_is_checked(tmp_path: Path) -> None:
    async with founded(tmp_path) as world:
        data = secrets.token_bytes(2_000_000)
        world.simulator.bodies["aa" * 32] = data
        world.simulator.break_after = 700_000
        into = tmp_path / "body"
        seen: list[int] = []
        await transfers.download(
            world.to[CA],
            "aa" * 32,
            into,
            size=len(data),
            sha256=hashlib.sha256(data).hexdigest(),
            progress=seen.append,
        )
        assert into.read_bytes() == data
        assert seen[-1] == len(data)
        assert not into.with_name("body.part").exists()


async def test_a_body_that_is_not_the_one_signed_is_thrown_away(tmp_path: Path) -> None:
    async with founded(tmp_path) as world:
        world.simulator.bodies["aa" * 32] = b"khac"
        for size, sha256 in ((4, "00" * 32), (3, hashlib.sha256(b"kha").hexdigest())):
            with pytest.raises(ClientError) as caught:
                await transfers.download(world.to[CA], "aa" * 32, tmp_path / "body", size=size, sha256=sha256)
            assert caught.value.code == "relay-answer-invalid"
        assert not (tmp_path / "body").exists()


async def test_a_download_onto_a_full_disk_keeps_what_came(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with founded(tmp_path) as world:
        data = secrets.token_bytes(500_000)
        world.simulator.bodies["aa" * 32] = data
        full = True

        def sync_file(descriptor: int) -> None:
            if full:
                raise OSError(28, "No space left on device")

        monkeypatch.setattr(durable, "sync_file", sync_file)
        wanted = {"size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        with pytest.raises(ClientError) as caught:
            await transfers.download(world.to[CA], "aa" * 32, tmp_path / "body", **wanted)
        assert caught.value.code == "disk-full"
        full = False
        await transfers.download(world.to[CA], "aa" * 32, tmp_path / "body", **wanted)
        assert (tmp_path / "body").read_bytes() == data


async def test_news_come_live_and_name_their_index(tmp_path: Path) -> None:
    async with founded(tmp_path) as world:
        stream = live.events(world.to[CA], View(world.ca).size - 1)
        task = asyncio.ensure_future(anext(stream))
        await until(lambda: world.simulator.listeners)
        accepted = await world.send()
        event = await asyncio.wait_for(task, 5)
        assert (event.kind, event.index, event.id) == ("statement", accepted.own.index, accepted.id)
        await stream.aclose()
