"""Whatever a PDF or a picture may be instead of ours: one sentence, never a traceback, never too much."""

from __future__ import annotations

import io
import random
import struct
import subprocess
import sys
import zlib
from typing import Any

import pypdfium2
import pytest
import segno
from PIL import Image
from tests.client.calling import Kynhan
from tests.client.printing.paper import (
    verify,
    with_attachments,
)
from tests.client.printing.story import Paper

from kynhan_client.errors import ClientError
from kynhan_client.scanning import limits
from kynhan_client.scanning.scan import scan


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int, data: bytes = b"") -> bytes:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(data)) + chunk(b"IEND", b"")


def encrypted(pdf: bytes) -> bytes:
    """A PDF whose password nobody knows."""
    lock = b"<</Encrypt<</Filter/Standard/V 1/R 2/O(" + b"o" * 32 + b")/U(" + b"u" * 32 + b")/P -4>>"
    start, trailer, end = pdf.rpartition(b"trailer")
    return start + trailer + end.replace(b"<<", lock, 1)


def many_pages() -> bytes:
    document = pypdfium2.PdfDocument.new()
    for _ in range(limits.PAGES + 1):
        document.new_page(10, 10)
    made = io.BytesIO()
    document.save(made)
    document.close()
    return made.getvalue()


def rubbish(paper: Paper) -> dict[str, tuple[bytes, str]]:
    """Files, and what is said of each."""
    pdf = paper.receipt.pdf
    white = io.BytesIO()
    Image.new("L", (200, 200), 255).save(white, "png")
    other = io.BytesIO()
    segno.make("https://example.com/", micro=False).save(other, kind="png", scale=5)
    plain = pypdfium2.PdfDocument.new()
    plain.new_page(595, 842)
    nothing = io.BytesIO()
    plain.save(nothing)
    plain.close()
    gif = b"GIF89a" + struct.pack("<HHBBB", 65535, 65535, 0xF7, 0, 0) + bytes(768) + b"," + bytes(99)
    return {
        "rubbish.pdf": (b"%PDF-1.7\n" + bytes(range(256)) * 50, "không mở được như một tệp PDF"),
        "cut.pdf": (pdf[: len(pdf) // 3], "không mở được như một tệp PDF"),
        "encrypted.pdf": (encrypted(pdf), "tệp PDF có mật khẩu"),
        "pages.pdf": (many_pages(), "có quá nhiều trang"),
        "nothing.pdf": (nothing.getvalue(), "không có biên nhận đính kèm, cũng không đọc được mã QR"),
        "rubbish.png": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 50, "không đọc được như một ảnh"),
        "cut.png": (other.getvalue()[:200], "không đọc được như một ảnh"),
        "bomb.png": (png(60_000, 60_000, bytes(1 << 20)), "ảnh quá lớn"),
        "large.png": (png(9_000, 9_000), "ảnh quá lớn"),
        "bomb.gif": (gif, "không"),
        "white.png": (white.getvalue(), "không đọc được mã QR của Ký nhận"),
        "other.png": (other.getvalue(), "không đọc được mã QR của Ký nhận"),
        "rubbish.jpg": (b"\xff\xd8\xff\xe0" + bytes(range(256)) * 50, "không đọc được như một ảnh"),
        "large.pdf": (b"%PDF-1.7\n" + bytes(limits.FILE), "quá lớn so với một tệp bằng chứng"),
    }


def test_what_cannot_be_read_is_told_in_one_sentence(
    paper: Paper, capsys: pytest.CaptureFixture[str]
) -> None:
    kynhan = Kynhan(capsys, "--lang", "vi", "--home", str(paper.folder / "no-home"))
    for name, (data, said) in rubbish(paper).items():
        path = paper.file(name, data)
        ran = kynhan("verify", str(path))
        told = " ".join(ran.stderr.split())
        assert ran.status == 1 and ran.stdout == "", name
        assert said in told, (name, told)
        assert told.startswith("✗ Tệp ") and told.count("✗") == 1 and "Traceback" not in told, name
        path.unlink()


def test_too_much_attached_is_refused(paper: Paper) -> None:
    many = {f"{number}.receipt": b"x" for number in range(limits.ATTACHMENTS + 1)}
    with pytest.raises(ClientError) as error:
        verify(paper.file("many.pdf", with_attachments(paper.receipt.pdf, many)))
    assert error.value.code == "bad-file"


def test_a_cut_or_changed_pdf_never_ends_in_a_traceback(paper: Paper) -> None:
    chance = random.Random(11)
    pdf = paper.receipt.pdf
    for _ in range(12):
        changed = bytearray(pdf)
        for _ in range(40):
            changed[chance.randrange(len(changed))] = chance.randrange(256)
        path = paper.file("changed.pdf", bytes(changed[: chance.randrange(1000, len(pdf))]))
        try:
            assert verify(path).verdict in ("VALID", "INVALID", "INCOMPLETE")
        except ClientError as error:
            assert error.code in ("bad-file",)


def test_the_process_that_reads_can_open_nothing_and_is_handed_no_secrets(
    paper: Paper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("A_SECRET", "của tôi")
    handed: list[dict[str, str]] = []
    run = subprocess.run

    def watched(*words: Any, **more: Any) -> Any:
        handed.append(more["env"])
        return run(*words, **more)

    monkeypatch.setattr(subprocess, "run", watched)
    assert verify(paper.file("whole.pdf", paper.receipt.pdf)).verdict == "VALID"
    assert handed and all("A_SECRET" not in one for one in handed)
    tries = "\n".join(
        [
            "import socket, sys",
            "from kynhan_client.scanning import worker",
            "worker.confine()",
            "for attempt in (lambda: open(sys.executable, 'rb'), socket.socket, lambda: open(sys.argv[1], 'wb')):",
            "    try:",
            "        attempt()",
            "    except OSError:",
            "        print('refused')",
        ]
    )
    left = paper.folder / "left"
    done = run([sys.executable, "-c", tries, str(left)], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["refused"] * 3
    assert not left.exists()


def test_the_code_on_the_last_of_very_many_pages_is_read(paper: Paper) -> None:
    """A long certificate has its code at the end; each page before it is looked at only as long as needed."""
    source = pypdfium2.PdfDocument(paper.certificate.pdf)
    first, last = 0, len(source) - 1
    assert first < last
    document = pypdfium2.PdfDocument.new()
    document.import_pages(source, [first] * (limits.PAGES - 1) + [last])
    made = io.BytesIO()
    document.save(made)
    document.close()
    source.close()
    found = scan(paper.file("long.pdf", made.getvalue()))
    assert len(found.texts) == limits.PAGES
    assert len(found.codes) == 1
