"""Uploads: resumable, durable before they are acknowledged, and nobody else's."""

from __future__ import annotations

import hashlib
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.server.world import Person, World, hash_size, world

from kynhan_protocol.statements.statements import HashSize
from kynhan_server.config import Settings
from kynhan_server.errors import Refused
from kynhan_server.log import uploads

BODY = os.urandom(3_000_000)


@pytest.fixture
async def w(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path / "relay", settings=Settings(upload_sync=1 << 20)) as made:
        yield made


async def pieces(data: bytes, size: int = 100_000) -> AsyncIterator[bytes]:
    for at in range(0, len(data), size):
        yield data[at : at + size]


async def broken(data: bytes) -> AsyncIterator[bytes]:
    async for piece in pieces(data):
        yield piece
    raise ConnectionResetError


async def refused(waiting: object) -> str:
    with pytest.raises(Refused) as found:
        await waiting  # type: ignore[misc]
    return found.value.code


async def begin(w: World, person: Person | None = None, length: int = len(BODY)) -> str:
    return await w.relay.uploads.create(w.log, await w.actor(person or w.ccq.clerk), length)


async def append(w: World, upload: str, offset: int, source: AsyncIterator[bytes]) -> int:
    return await w.relay.uploads.append(w.log, await w.actor(w.ccq.clerk), upload, offset, source)


async def uploaded(w: World, data: bytes = BODY) -> str:
    upload = await begin(w, length=len(data))
    assert await append(w, upload, 0, pieces(data)) == len(data)
    return upload


async def test_an_uploaded_body_is_the_dispatches_and_is_served_from_its_file(w: World) -> None:
    upload = await uploaded(w)
    package = w.dispatch(body=BODY)
    answer = await w.post(package.signed, header=package.header, upload=upload)
    source = await w.relay.reading.body(w.log, await w.actor(w.ca.clerk), answer.id)
    assert (source.size, source.sha256, source.inline) == (len(BODY), hash_size(BODY).hash, None)
    assert source.path is not None
    assert source.path.read_bytes() == BODY
    assert await w.post(package.signed, header=package.header, upload=upload) == answer
    actor = await w.actor(w.ccq.clerk)
    assert await refused(w.relay.uploads.state(w.log, actor, upload)) == "not-found"
    assert await refused(w.relay.uploads.delete(w.log, actor, upload)) == "not-found"
    await w.reopen()
    assert source.path.read_bytes() == BODY


async def test_what_arrived_before_a_break_is_kept_and_goes_on_from_there(w: World) -> None:
    upload = await begin(w)
    with pytest.raises(ConnectionResetError):
        await append(w, upload, 0, broken(BODY[:1_234_567]))
    actor = await w.actor(w.ccq.clerk)
    assert await w.relay.uploads.state(w.log, actor, upload) == (1_234_567, len(BODY))
    assert await append(w, upload, 1_234_567, pieces(BODY[1_234_567:])) == len(BODY)
    package = w.dispatch(body=BODY)
    await w.post(package.signed, header=package.header, upload=upload)


async def test_the_hash_is_read_back_from_disk_after_a_restart(w: World) -> None:
    upload = await begin(w)
    await append(w, upload, 0, pieces(BODY[:1_500_000]))
    await w.reopen()
    path = w.folder / "blobs" / upload[:2] / upload
    with path.open("ab") as file:
        file.write(b"never acknowledged")
    await append(w, upload, 1_500_000, pieces(BODY[1_500_000:]))
    assert path.read_bytes() == BODY
    package = w.dispatch(body=BODY)
    await w.post(package.signed, header=package.header, upload=upload)


async def test_bytes_are_on_disk_before_the_offset_is_committed(
    w: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []
    real_fsync, real_commit = os.fsync, w.relay.uploads.commit

    def fsync(descriptor: int) -> None:
        order.append("fsync")
        real_fsync(descriptor)

    async def commit(*args: object, **named: object) -> None:
        order.append("commit")
        await real_commit(*args, **named)  # type: ignore[arg-type]

    upload = await begin(w)
    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(w.relay.uploads, "commit", commit)
    await append(w, upload, 0, pieces(BODY))
    assert order == ["fsync", "commit"] * 3


async def test_another_offset_and_too_many_bytes_are_refused(w: World) -> None:
    upload = await begin(w, length=1000)
    assert await refused(append(w, upload, 1, pieces(b"x"))) == "upload-offset"
    assert await refused(append(w, upload, 0, pieces(bytes(2000), 600))) == "too-large"
    assert await w.relay.uploads.state(w.log, await w.actor(w.ccq.clerk), upload) == (600, 1000)


async def test_two_writers_at_once_are_refused(w: World) -> None:
    upload = await begin(w, length=10)

    async def inside() -> AsyncIterator[bytes]:
        assert await refused(append(w, upload, 0, pieces(b"x"))) == "upload-offset"
        yield b"0123456789"

    assert await append(w, upload, 0, inside()) == 10


async def test_an_upload_is_its_committees_own(w: World) -> None:
    upload = await uploaded(w)
    stranger = await w.actor(w.ca.clerk)
    for waiting in (
        w.relay.uploads.state(w.log, stranger, upload),
        w.relay.uploads.append(w.log, stranger, upload, 0, pieces(b"x")),
        w.relay.uploads.delete(w.log, stranger, upload),
        w.relay.uploads.state(w.log, stranger, "ab" * 16),
    ):
        assert await refused(waiting) == "not-found"
    theirs = w.dispatch("message", sender=w.ca.clerk, to=w.ccq.name, body=BODY)
    assert await refused(w.post(theirs.signed, header=theirs.header, upload=upload)) == "body-mismatch"


async def test_only_a_finished_and_fitting_upload_becomes_a_body_and_only_once(w: World) -> None:
    half = await begin(w)
    await append(w, half, 0, pieces(BODY[:100]))
    package = w.dispatch(body=BODY)
    assert await refused(w.post(package.signed, header=package.header, upload=half)) == "body-mismatch"
    upload = await uploaded(w)
    other = w.dispatch(body=BODY[:-1] + b"!")
    assert await refused(w.post(other.signed, header=other.header, upload=upload)) == "body-mismatch"
    longer = w.dispatch(body=BODY)
    assert longer.statement.body == HashSize(hashlib.sha256(BODY).hexdigest(), len(BODY))
    await w.post(longer.signed, header=longer.header, upload=upload)
    again = w.dispatch(body=BODY)
    assert await refused(w.post(again.signed, header=again.header, upload=upload)) == "body-used"


async def test_deleted_and_forgotten_uploads_leave_no_file(w: World) -> None:
    upload = await uploaded(w)
    await w.relay.uploads.delete(w.log, await w.actor(w.ccq.clerk), upload)
    forgotten = await begin(w)
    assert [path.name for path in (w.folder / "blobs").rglob("*") if path.is_file()] == [forgotten]
    w.clock.demo = True
    w.clock.advance(days=30, seconds=1)
    assert (await w.relay.deadlines.tick()).uploads_deleted == 1
    assert [path for path in (w.folder / "blobs").rglob("*") if path.is_file()] == []


async def test_a_file_of_no_upload_is_removed_at_the_next_start(w: World) -> None:
    upload = await uploaded(w)
    orphan = w.folder / "blobs" / "ff" / ("ff" * 16)
    orphan.parent.mkdir(exist_ok=True)
    orphan.write_bytes(b"begun when the relay died")
    await w.reopen()
    assert not orphan.exists()
    assert (w.folder / "blobs" / upload[:2] / upload).exists()


async def test_lengths_and_numbers_of_uploads_are_limited(tmp_path: Path) -> None:
    async with world(tmp_path, settings=Settings(max_body=1000, max_open_uploads=2)) as w:
        assert await refused(begin(w, length=1001)) == "too-large"
        assert await refused(begin(w, length=0)) == "too-large"
        await begin(w, length=10)
        await begin(w, w.ccq.unit, length=10)
        assert await refused(begin(w, length=10)) == "rate-limited"
        await begin(w, w.ca.clerk, length=10)
        assert len([path for path in (tmp_path / "blobs").rglob("*") if path.is_file()]) == 3


async def test_uploads_leave_room_for_what_has_to_be_logged(
    w: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = await begin(w)
    left = w.settings.keep_free + 1_500_000
    monkeypatch.setattr(uploads, "free_bytes", lambda folder: left - sum(blob_sizes(folder)))
    assert await refused(begin(w)) == "disk-full"
    assert await refused(append(w, upload, 0, pieces(BODY))) == "disk-full"
    assert sum(blob_sizes(w.folder / "blobs")) <= 2 * (uploads.WRITE + 100_000)
    await w.send(w.dispatch())
    monkeypatch.undo()
    offset, _ = await w.relay.uploads.state(w.log, await w.actor(w.ccq.clerk), upload)
    assert offset > 0
    assert await append(w, upload, offset, pieces(BODY[offset:])) == len(BODY)


def blob_sizes(folder: Path) -> list[int]:
    return [file.stat().st_size for file in folder.rglob("*") if file.is_file()]
