"""Reading evidence from disk: what belongs to it is read, whatever else lies there is named, and both are bounded."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import pytest

from kynhan_client.errors import ClientError
from kynhan_client.evidence import reading
from kynhan_client.evidence.verifying import verify_path


def tar_of(count: int) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for number in range(count):
            tar.addfile(tarfile.TarInfo(f"receipts/{number:05d}.receipt"))
    return out.getvalue()


def test_what_does_not_belong_to_the_evidence_is_named_and_not_read(tmp_path: Path) -> None:
    names = ("receipts/1.receipt", "members/a.note", "roots", "policy-x", "calendar-2.json")
    others = ("log/checkpoint", "receipts/readme.txt", "sub/2.receipt", "thư.pdf")
    for name in (*names, *others):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / "thư.pdf").write_bytes(bytes(reading.MAX_FILE + 1))
    brought = reading.read_files(tmp_path)
    assert (sorted(brought.files), list(brought.others)) == (sorted(names), sorted(others))
    named = {one.subject for one in verify_path(tmp_path).aside}
    assert named == {*others, "members/a.note", "calendar-2.json"}


def test_a_tar_of_50_000_members_is_refused_by_name_after_the_most_that_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "many.tar"
    path.write_bytes(tar_of(50_000))
    looked: list[None] = []
    advance = tarfile.TarFile.next

    def counted(tar: tarfile.TarFile) -> tarfile.TarInfo | None:
        looked.append(None)
        return advance(tar)

    monkeypatch.setattr(tarfile.TarFile, "next", counted)
    with pytest.raises(ClientError) as error:
        verify_path(path)
    assert error.value.code == "bad-file"
    assert str(reading.MAX_FILES) in error.value.en
    assert len(looked) <= reading.MAX_FILES + 2  # the first one is looked at on opening


def test_a_folder_of_too_many_files_is_refused_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "MAX_FILES", 3)
    for number in range(4):
        (tmp_path / str(number)).write_bytes(b"")
    with pytest.raises(ClientError) as error:
        verify_path(tmp_path)
    assert error.value.code == "bad-file"
