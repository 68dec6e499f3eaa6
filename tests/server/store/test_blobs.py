"""Blobs: what fsync has to have seen, and what is cut off."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from kynhan_server.store.blobs import Blobs, make_folder, write_new

BLOB = "ab" * 16


def test_a_blob_lies_under_its_id_for_the_owner_alone(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path / "deep" / "blobs")
    blobs.create(BLOB)
    path = blobs.path(BLOB)
    assert path == tmp_path / "deep" / "blobs" / "ab" / BLOB
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert list(blobs.folders()) == [(BLOB[:2], [BLOB])]
    with pytest.raises(FileExistsError):
        blobs.create(BLOB)


def test_what_lies_beyond_the_offset_is_cut_off(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path)
    blobs.create(BLOB)
    blobs.path(BLOB).write_bytes(b"acknowledged, not acknowledged")
    with blobs.open_at(BLOB, 12) as file:
        file.write(b"!")
    assert blobs.path(BLOB).read_bytes() == b"acknowledged!"


def test_a_blob_shorter_than_acknowledged_is_an_error(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path)
    blobs.create(BLOB)
    with pytest.raises(EOFError):
        blobs.open_at(BLOB, 1)
    with pytest.raises(EOFError):
        blobs.digest(BLOB, 1)


def test_the_hash_is_that_of_the_beginning(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path)
    blobs.create(BLOB)
    data = os.urandom(3 << 20)
    blobs.path(BLOB).write_bytes(data)
    assert blobs.digest(BLOB, 2_500_000).digest() == hashlib.sha256(data[:2_500_000]).digest()


def test_file_and_folder_are_synced_before_it_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[str] = []
    real = os.fsync

    def fsync(descriptor: int) -> None:
        synced.append(Path(f"/proc/self/fd/{descriptor}").readlink().name)
        real(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    make_folder(tmp_path / "one" / "two")
    write_new(tmp_path / "one" / "two" / "file", b"data")
    assert synced == [tmp_path.name, "one", "file", "two"]


def test_deleting_twice_is_no_error(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path)
    blobs.create(BLOB)
    blobs.delete(BLOB)
    blobs.delete(BLOB)
    assert list(blobs.folders()) == [(BLOB[:2], [])]
