"""`kynhan verify` on paper: the PDF, a scan, a photo; and everything that such a file may be instead."""

from __future__ import annotations

import io
import random
import struct
import subprocess
import zlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest
import segno
from PIL import Image, ImageFilter
from tests.client.agreement import PASSPHRASE
from tests.client.cli import Kynhan
from tests.client.printing.story import Paper

from kynhan_client import papers
from kynhan_client.clock import Clock
from kynhan_client.errors import ClientError
from kynhan_client.home import Home
from kynhan_client.printing import dates, receipt
from kynhan_client.printing.sheet import BUNDLE, RECEIPT, Printed
from kynhan_client.scanning import limits
from kynhan_client.verifying import Report, Trust
from kynhan_protocol import qr_text
from kynhan_protocol.qr_text import Reference


def verify(path: Path, evidence: Path | None = None, trust: Trust | None = None) -> Report:
    return papers.verify_path(
        path, trust or Trust(), lambda _: None if evidence is None else papers.of_path(evidence)
    )


def reasons(report: Report) -> set[str]:
    return {one.code for one in report.reasons}


def opened(paper: Paper) -> Home:
    return Home.open(paper.home, PASSPHRASE, clock=Clock(paper.offset))


def page(paper: Paper, printed: Printed, number: int = 1) -> Image.Image:
    """A page at 150 dpi, as pdftoppm draws it."""
    path = paper.file("page.pdf", printed.pdf)
    command = ["pdftoppm", "-r", "150", "-f", str(number), "-l", str(number), "-png", str(path)]
    return Image.open(io.BytesIO(subprocess.run(command, check=True, capture_output=True).stdout)).convert(
        "L"
    )


def scanned(picture: Image.Image, degrees: float = 2, blur: float = 0.7) -> Image.Image:
    """The page laid on a scanner askew: turned, slightly out of focus, grainy."""
    turned = picture.rotate(degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=235)
    soft = turned.filter(ImageFilter.GaussianBlur(blur))
    grain = random.Random(7).randbytes(soft.width * soft.height)
    return Image.blend(soft, Image.frombytes("L", soft.size, grain), 0.2)


def saved(folder: Path, picture: Image.Image, name: str = "scan.jpg") -> Path:
    path = folder / name
    picture.save(path, quality=55)
    return path


def code(folder: Path, reference: Reference | str) -> Path:
    """A picture of nothing but a code."""
    path = folder / "code.png"
    text = reference if isinstance(reference, str) else qr_text.format(reference)
    segno.make(text, error="q", micro=False).save(str(path), scale=5, border=4)
    return path


def with_attachments(pdf: bytes, files: Mapping[str, bytes]) -> bytes:
    """The same pages with other files attached."""
    document = pypdfium2.PdfDocument(pdf)
    while document.count_attachments():
        document.del_attachment(0)
    for name, data in files.items():
        document.new_attachment(name).set_data(data)
    made = io.BytesIO()
    document.save(made)
    document.close()
    return made.getvalue()


def attachments(pdf: bytes) -> dict[str, bytes]:
    document = pypdfium2.PdfDocument(pdf)
    found = [document.get_attachment(number) for number in range(document.count_attachments())]
    files = {one.get_name(): bytes(one.get_data()) for one in found}
    document.close()
    return files


# --- the file itself


def test_a_printed_pdf_is_valid_without_home_or_network(paper: Paper) -> None:
    for printed in (paper.receipt, paper.titled, paper.certificate):
        report = verify(paper.file("whole.pdf", printed.pdf))
        assert (report.verdict, report.reasons) == ("VALID", ())
        assert report.references == (printed.reference,)
        assert report.fingerprint is not None
        assert printed.reference.id in {one.id for one in report.receipts}


def test_the_readers_own_keys_count_for_a_pdf_too(paper: Paper, tmp_path: Path) -> None:
    path = paper.file("whole.pdf", paper.receipt.pdf)
    roots = paper.folder / "case" / "roots"
    assert verify(path, trust=Trust(roots=roots)).anchored
    other = tmp_path / "roots"
    other.write_text(roots.read_text().splitlines()[0] + "\n")
    assert verify(path, trust=Trust(roots=other)).verdict != "VALID"


def test_a_pending_receipt_is_incomplete(paper: Paper) -> None:
    with opened(paper) as home:
        printed = receipt.receipt(home, paper.pending)
    report = verify(paper.file("pending.pdf", printed.pdf))
    assert report.verdict == "INCOMPLETE"
    assert report.references == (printed.reference,)


def test_one_changed_byte_of_the_attached_receipt_is_invalid(paper: Paper) -> None:
    files = attachments(paper.receipt.pdf)
    data = files[RECEIPT]
    for at in range(30, len(data), len(data) // 5):
        changed = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
        both = with_attachments(paper.receipt.pdf, {RECEIPT: changed, BUNDLE: files[BUNDLE]})
        assert verify(paper.file("tampered.pdf", both)).verdict == "INVALID", at
        alone = with_attachments(paper.receipt.pdf, {RECEIPT: changed})
        assert verify(paper.file("tampered.pdf", alone)).verdict != "VALID", at


def test_the_page_of_one_with_the_evidence_of_another_is_invalid(paper: Paper) -> None:
    with opened(paper) as home:
        other = receipt.receipt(home, paper.other)
    mixed = paper.file("mixed.pdf", with_attachments(paper.receipt.pdf, attachments(other.pdf)))
    report = verify(mixed)
    assert report.verdict == "INVALID"
    assert "other-statement" in reasons(report)
    assert (
        verify(paper.file("unmixed.pdf", with_attachments(other.pdf, attachments(other.pdf)))).verdict
        == "VALID"
    )


def test_a_page_that_tells_another_time_is_invalid(paper: Paper, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as lying, opened(paper) as home:
        lying.setattr(
            dates, "long_moment", lambda _: ("08 giờ 00 phút 00 giây, ngày 05 tháng 3 năm 2026",) * 2
        )
        printed = receipt.receipt(home, paper.request)
    report = verify(paper.file("lie.pdf", printed.pdf))
    assert report.verdict == "INVALID"
    assert reasons(report) == {"other-text"}


def test_a_page_without_its_code_is_not_held_against_the_evidence(paper: Paper) -> None:
    blank = pypdfium2.PdfDocument.new()
    blank.new_page(595, 842)
    made = io.BytesIO()
    blank.save(made)
    blank.close()
    path = paper.file("blank.pdf", with_attachments(made.getvalue(), attachments(paper.receipt.pdf)))
    report = verify(path)
    assert (report.verdict, reasons(report)) == ("INCOMPLETE", {"no-code"})


# --- a scan or a photo


@pytest.mark.parametrize(("degrees", "blur"), [(2, 0.7), (-2, 1.2), (93, 0.7), (180, 0)])
def test_the_code_is_read_from_a_page_at_150_dpi_askew(
    paper: Paper, tmp_path: Path, degrees: float, blur: float
) -> None:
    path = saved(tmp_path, scanned(page(paper, paper.receipt), degrees, blur))
    report = verify(path, paper.file("bundle.tar", paper.bundle))
    assert (report.verdict, report.reasons) == ("VALID", ())
    assert report.references == (paper.receipt.reference,)


def test_a_scanned_certificate_is_held_against_a_folder_or_a_pdf(paper: Paper, tmp_path: Path) -> None:
    number = len(pypdfium2.PdfDocument(paper.certificate.pdf))
    scan = scanned(page(paper, paper.certificate, number))
    for path in (saved(tmp_path, scan), saved(tmp_path, scan, "scan.pdf"), saved(tmp_path, scan, "scan.png")):
        for evidence in (paper.folder / "case", paper.file("certificate.pdf", paper.certificate.pdf)):
            report = verify(path, evidence)
            assert (report.verdict, report.reasons) == ("VALID", ())
            assert report.references == (paper.certificate.reference,)


def test_a_code_alone_is_incomplete_and_says_where_to_ask(paper: Paper, tmp_path: Path) -> None:
    report = verify(code(tmp_path, paper.receipt.reference))
    assert (report.verdict, reasons(report)) == ("INCOMPLETE", {"no-evidence"})
    assert f"(mục {paper.receipt.reference.index} của relay.example/kynhan)" in report.reasons[0].vi


CHANGES: dict[str, tuple[dict[str, object], str, str]] = {
    "index": ({"index": 3}, "INVALID", "other-index"),
    "root": ({"root": "ab" * 32}, "INVALID", "other-tree"),
    "size": ({"size": 1000}, "INCOMPLETE", "tree-unknown"),
    "log": ({"origin": "other.example/kynhan"}, "INVALID", "other-log"),
    "statement": ({"id": "cd" * 32}, "INVALID", "other-statement"),
    "statement-elsewhere": ({"id": "cd" * 32, "index": 40}, "INCOMPLETE", "not-in-evidence"),
    "case": ({"case": "0198f0c1-7f1e-7a53-9d5e-2b8f6f0c1a11"}, "INVALID", "other-case"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_code_that_differs_from_the_evidence_is_told_so(paper: Paper, tmp_path: Path, change: str) -> None:
    changes, verdict, why = CHANGES[change]
    wrong = replace(paper.receipt.reference, **changes)  # type: ignore[arg-type]
    report = verify(code(tmp_path, wrong), paper.file("bundle.tar", paper.bundle))
    assert report.verdict == verdict
    assert why in reasons(report)


def test_a_certificate_that_leaves_out_the_end_is_invalid(paper: Paper, tmp_path: Path) -> None:
    sent = paper.case.dispatches[paper.request]
    early = replace(paper.certificate.reference, index=sent.index, id=sent.id)
    report = verify(code(tmp_path, early), paper.folder / "case")
    assert (report.verdict, reasons(report)) == ("INVALID", {"not-last"})


def test_a_misspelled_code_of_ours_is_invalid(paper: Paper, tmp_path: Path) -> None:
    for text in ("KYNHAN1:R:X", "KYNHAN2:R:RELAY.EXAMPLE:1", qr_text.format(paper.receipt.reference) + ":"):
        report = verify(code(tmp_path, text))
        assert (report.verdict, reasons(report)) == ("INVALID", {"bad-code"})


# --- the command


def test_a_home_finds_the_evidence_by_itself(
    paper: Paper, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kynhan = Kynhan(capsys, "--lang", "vi", "--demo-clock", str(paper.offset)).at(
        paper.home, paper.passphrase
    )
    for printed in (paper.receipt, paper.certificate):
        ran = kynhan("verify", str(code(tmp_path, printed.reference)))
        assert ran.status == 0, ran.stdout
        assert "✓ HỢP LỆ" in ran.stdout
        assert f"Mã QR: mục {printed.reference.index} của relay.example/kynhan" in ran.stdout
        assert "Theo chứng cứ:" in ran.stdout
    for changes in ({"root": "ab" * 32}, {"id": "cd" * 32}, {"size": 20, "index": 16}):
        wrong = replace(paper.receipt.reference, **changes)  # type: ignore[arg-type]
        ran = kynhan("verify", str(code(tmp_path, wrong)), "--json")
        assert (ran.status, ran.json["verdict"]) == (1, "INVALID")
        assert ran.json["qr"][0]["id"] == wrong.id


def test_without_a_passphrase_the_code_stays_incomplete(
    paper: Paper, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO())
    kynhan = Kynhan(capsys, "--lang", "vi", "--home", str(paper.home))
    ran = kynhan("verify", str(code(tmp_path, paper.receipt.reference)))
    assert ran.status == 1
    assert "? CHƯA ĐỦ CĂN CỨ" in ran.stdout and "--evidence" in ran.stdout
    ran = kynhan("verify", str(paper.file("whole.pdf", paper.receipt.pdf)))
    assert ran.status == 0


# --- what is none of this


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
