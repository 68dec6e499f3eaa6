"""Small tars that somebody handed in: whatever their headers say, the work grows with their size alone."""

from __future__ import annotations

import io
import tarfile
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from kynhan_client.errors import ClientError
from kynhan_client.evidence import reading
from kynhan_client.home import tars
from kynhan_client.reporting import reading as report_reading

SIZE = 150_000  # half a minute and more, where the work grows with its square
PATH = Path("x.tar")


def extended(type_: bytes, data: bytes, size: int | None = None) -> bytes:
    """A tar that begins with a header saying more of the next one."""
    header = tarfile.TarInfo("x")
    header.type, header.size = type_, len(data) if size is None else size
    block = header.tobuf(tarfile.GNU_FORMAT)
    return block + data + bytes(-len(data) % 512) + tars.tar_of({"roots": b"x\n"})


@pytest.mark.parametrize("read", [reading.read_tar, report_reading.untar], ids=["evidence", "report"])
@pytest.mark.parametrize(
    "made",
    [
        lambda: extended(tarfile.XHDTYPE, b"1" * SIZE),
        lambda: extended(tarfile.XGLTYPE, b"1" * SIZE),
        lambda: extended(tarfile.SOLARIS_XHDTYPE, b"1" * SIZE),
        lambda: extended(tarfile.XHDTYPE, b"1" * SIZE, size=-5),
    ],
    ids=["pax", "global", "solaris", "negative"],
)
def test_a_header_without_bound_is_refused_by_name(
    made: Callable[[], bytes], read: Callable[[bytes, Path], dict[str, bytes]]
) -> None:
    data = made()
    began = time.process_time()
    with pytest.raises(ClientError) as error:
        read(data, PATH)
    assert error.value.code in ("bad-file", "bad-report")
    assert time.process_time() - began < 1


@pytest.mark.parametrize("form", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_a_folder_that_another_program_packed_is_read(form: int) -> None:
    name = f"chains/{'a' * 128}/01.receipt"
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form) as tar:
        member = tarfile.TarInfo(name)
        member.size, member.mtime = 1, 1.5 if form == tarfile.PAX_FORMAT else 1
        tar.addfile(member, io.BytesIO(b"x"))
    assert reading.read_tar(out.getvalue(), PATH) == {name: b"x"}
