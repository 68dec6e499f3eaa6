"""What is no report is refused in one sentence, whatever its size."""

from __future__ import annotations

import tarfile
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.client.calling import Kynhan

from kynhan_client.errors import ClientError
from kynhan_client.reporting import reading


@dataclass
class Rubbish:
    name: str
    data: bytes


RUBBISH = [
    Rubbish("report.json", b"{}"),
    Rubbish("report.json", b"\xff" * 1000),
    Rubbish("report.json", b'{"kynhan":"report@v1"}'),
    Rubbish("x.pdf", b"%PDF-1.7\nrubbish"),
    Rubbish("x.tar", b"rubbish"),
    Rubbish("big.json", b"[" * (50 << 20)),
    Rubbish("big.pdf", b"%PDF-1.7\n" + b"\x00" * (50 << 20)),
    Rubbish("huge.json", b" " * ((64 << 20) + 1)),
]


@pytest.mark.parametrize("rubbish", RUBBISH, ids=lambda one: f"{one.name}-{len(one.data)}")
def test_rubbish_is_refused_in_one_sentence(
    rubbish: Rubbish, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / rubbish.name
    path.write_bytes(rubbish.data)
    ran = Kynhan(capsys, "--lang", "en")("report", "verify", str(path))
    assert ran.status == 1
    assert "Traceback" not in ran.stderr
    assert "there is no report to be read in" in ran.stderr.lower()


def test_a_sparse_tar_cannot_claim_to_be_large(tmp_path: Path) -> None:
    path = tmp_path / "bomb.tar"
    info = tarfile.TarInfo("report.json")
    info.size = 1 << 40
    path.write_bytes(info.tobuf(tarfile.GNU_FORMAT) + bytes(1024))
    with pytest.raises(ClientError) as refused:
        reading.read(path)
    assert refused.value.code == "bad-report"
