"""What is no report is refused in one sentence, whatever its size."""

from __future__ import annotations

import tarfile
import zlib
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


def unpacks_to_much() -> bytes:
    """A PDF whose report.json is 400 MB of nothing."""
    bomb = zlib.compress(bytes(400 << 20), 9)
    objects = (
        b"<</Type/Catalog/Pages 2 0 R/Names<</EmbeddedFiles<</Names[(report.json) 4 0 R]>>>>>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 10 10]>>",
        b"<</Type/Filespec/F(report.json)/UF(report.json)/EF<</F 5 0 R>>>>",
        b"<</Type/EmbeddedFile/Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (len(bomb), bomb),
    )
    body = b"".join(b"%d 0 obj\n%s\nendobj\n" % (number, one) for number, one in enumerate(objects, 1))
    return b"%PDF-1.7\n" + body + b"trailer\n<</Root 1 0 R>>\n%%EOF\n"


def test_a_pdf_that_unpacks_to_much_is_refused_by_a_process_of_its_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "bomb.pdf"
    path.write_bytes(unpacks_to_much())
    ran = Kynhan(capsys, "--lang", "en")("report", "verify", str(path))
    assert ran.status == 1
    assert "its attachments are too many or too large" in " ".join(ran.stderr.split())


def names_upon_names() -> bytes:
    """A tar in which one long name follows another, which Python's reader follows by calling itself."""
    name = tarfile.TarInfo("x")
    name.type, name.size = tarfile.GNUTYPE_LONGNAME, 2
    return (name.tobuf(tarfile.GNU_FORMAT) + b"a\0".ljust(512, b"\0")) * 3000 + bytes(1024)


def test_a_tar_of_names_upon_names_ends_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "names.tar"
    path.write_bytes(names_upon_names())
    for words in (("report", "verify"), ("verify",)):
        ran = Kynhan(capsys, "--lang", "en")(*words, str(path))
        assert (ran.status, ran.stdout, ran.stderr.count("✗")) == (1, "", 1), words


def test_a_sparse_tar_cannot_claim_to_be_large(tmp_path: Path) -> None:
    path = tmp_path / "bomb.tar"
    info = tarfile.TarInfo("report.json")
    info.size = 1 << 40
    path.write_bytes(info.tobuf(tarfile.GNU_FORMAT) + bytes(1024))
    with pytest.raises(ClientError) as refused:
        reading.read(path)
    assert refused.value.code == "bad-report"
