"""Sealing: what comes out is one age body that opens to the package, in constant memory, or nothing."""

from __future__ import annotations

import asyncio
import io
import secrets
import tarfile
import threading
import tracemalloc
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from kynhan_client.dossiers import sealing
from kynhan_client.dossiers.dossier import Cover, Source, gather
from kynhan_client.dossiers.sealing import seal_body
from kynhan_client.errors import ClientError
from kynhan_keys import stream
from kynhan_keys.vkeys import Signer
from kynhan_protocol.package import manifest as manifests
from kynhan_protocol.package import package
from kynhan_protocol.package.manifest import Manifest

SIGNER = Signer.ed25519("ccq.example/van-thu", bytes(32))


def manifest_for(sources: tuple[Source, ...]) -> bytes:
    """The smallest manifest that lists these."""
    absent = dict.fromkeys(
        [
            "about",
            "subject",
            "term",
            "urgency",
            "approver",
            "regarding",
            "due",
            "form",
            "issuer",
            "parent",
            "doctype",
            "number",
            "symbol",
            "printed",
            "place",
            "issued",
            "authority",
            "position",
            "signer",
            "pages",
            "secret_until",
            "circulation",
            "enclosures",
            "reply_to",
            "wish_date",
            "drafting",
        ]
    )
    made = Manifest(
        relay="relay.example/kynhan",
        case="0198f0c1-7f1e-7a53-9d5e-2b8f6f0c1a11",
        kind="request",
        from_="ccq.example/van-thu",
        to="ca.example",
        title="Trích yếu",
        secrecy="khong-mat",
        copy=(),
        file=tuple(source.entry for source in sources),
        time=datetime(2026, 3, 2, tzinfo=UTC),
        nonce=bytes(16),
        **absent,  # type: ignore[arg-type]
    )
    return manifests.sign(made, SIGNER).note


def sources_of(folder: Path, **files: bytes) -> tuple[Source, ...]:
    paths = []
    for name, content in files.items():
        paths.append(folder / f"{name}.bin")
        paths[-1].write_bytes(content)
    return gather(paths, None, Cover(), formal=True)


def test_a_sealed_body_opens_to_the_package(tmp_path: Path) -> None:
    content = secrets.token_bytes(100_000)
    sources = sources_of(tmp_path, a=content, b=b"")
    note = manifest_for(sources)
    body = seal_body(tmp_path, note, None, sources)
    data = body.path.read_bytes()
    assert (len(data), sha256(data).hexdigest()) == (body.size, body.sha256)
    assert body.path.stat().st_mode & 0o777 == 0o600
    plain = b"".join(stream.open_payload(body.file_key, [data]))
    assert len(plain) == package.length(note, None, [source.entry for source in sources])
    with tarfile.open(fileobj=io.BytesIO(plain)) as tar:
        assert tar.getnames() == ["manifest.note", "files/a.bin", "files/b.bin"]
        assert tar.extractfile("files/a.bin").read() == content  # type: ignore[union-attr]


def test_each_package_has_a_key_of_its_own_and_never_shows_it(tmp_path: Path) -> None:
    sources = sources_of(tmp_path, a=b"x")
    first, second = (seal_body(tmp_path, manifest_for(sources), None, sources) for _ in range(2))
    assert first.file_key != second.file_key
    assert first.sha256 != second.sha256
    assert first.file_key.hex() not in repr(first)
    assert repr(first.file_key) not in repr(first)


def test_memory_does_not_grow_with_the_files(tmp_path: Path) -> None:
    sources = sources_of(tmp_path, large=bytes(64 << 20))
    note = manifest_for(sources)
    tracemalloc.start()
    try:
        seal_body(tmp_path, note, None, sources)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 40 << 20


def test_a_file_that_shrank_grew_or_went_away_is_named(tmp_path: Path) -> None:
    sources = sources_of(tmp_path, good=b"good", bad=b"bad")
    bad = tmp_path / "bad.bin"
    changes: list[Callable[[], object]] = [
        lambda: bad.write_bytes(b"ba"),
        lambda: bad.write_bytes(b"bad!"),
        lambda: bad.write_bytes(b"dab"),
        bad.unlink,
    ]
    for change in changes:
        change()
        with pytest.raises(ClientError) as error:
            seal_body(tmp_path, manifest_for(sources), None, sources)
        assert error.value.code == "file-changed"
        assert error.value.data["path"] in (str(bad), bad)
        assert not list(tmp_path.glob(".sealing*"))


def test_told_to_stop_it_stops_and_cleans_up(tmp_path: Path) -> None:
    sources = sources_of(tmp_path, a=bytes(1 << 20))
    with pytest.raises(InterruptedError):
        seal_body(tmp_path, manifest_for(sources), None, sources, stopped=lambda: True)
    assert not list(tmp_path.glob(".sealing*"))


async def test_a_cancelled_thread_is_told_and_waited_for() -> None:
    done: list[str] = []

    def work(stopped: Callable[[], bool]) -> None:
        while not stopped():
            pass
        done.append("cleaned up")

    task = asyncio.create_task(sealing.in_thread(work))
    await asyncio.sleep(0.05)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert done == ["cleaned up"]


async def test_what_was_finished_when_somebody_stopped_it_is_discarded() -> None:
    begun, go_on = threading.Event(), threading.Event()
    gone: list[str] = []

    def work(stopped: Callable[[], bool]) -> str:
        begun.set()
        go_on.wait()
        return "made"  # its last look whether it should stop is behind it

    task = asyncio.create_task(sealing.in_thread(work, discard=gone.append))
    await asyncio.to_thread(begun.wait)
    task.cancel()
    await asyncio.sleep(0)
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert gone == ["made"]
