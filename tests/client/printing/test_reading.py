"""`kynhan verify` on paper: the PDF, a scan, a photo."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image
from tests.client.calling import Kynhan
from tests.client.printing.paper import (
    attachments,
    code,
    opened,
    page,
    reasons,
    saved,
    scanned,
    verify,
    with_attachments,
)
from tests.client.printing.story import Paper

from kynhan_client.evidence.verifying import Trust
from kynhan_client.printing import certificate, dates, receipt
from kynhan_client.printing.sheet import BUNDLE, RECEIPT
from kynhan_protocol.package import qr_text

# --- the file itself


def test_a_printed_pdf_is_valid_without_home_or_network(paper: Paper) -> None:
    with opened(paper) as home:
        whole = certificate.certificate(home, paper.case.id)
    for printed in (paper.receipt, whole):
        report = verify(paper.file("whole.pdf", printed.pdf))
        assert (report.verdict, report.reasons) == ("VALID", ())
        assert report.page and all(one.compared for one in report.page)
        assert report.references == (printed.reference,)
        assert report.fingerprint is not None
        assert printed.reference.id in {one.id for one in report.receipts}


def test_what_comes_from_inside_the_seal_is_said_to_be_in_no_evidence(paper: Paper) -> None:
    for printed in (paper.titled, paper.certificate):
        report = verify(paper.file("titled.pdf", printed.pdf))
        assert (report.verdict, reasons(report)) == ("INCOMPLETE", {"not-evident"})
        assert "Trích yếu" in report.reasons[0].vi and "Độ mật" in report.reasons[0].en
        assert [one.label.partition(" / ")[0] for one in report.page if not one.is_evident] == [
            "Trích yếu",
            "Độ mật",
        ]


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
    assert reasons(report) == {"other-value"}
    told = " ".join(one.vi for one in report.reasons)
    assert (
        "Ký nhận lúc: trên giấy là “08 giờ 00 phút 00 giây, ngày 05 tháng 3 năm 2026”, theo chứng cứ là"
        in told
    )


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
    assert (report.verdict, reasons(report)) == ("INCOMPLETE", {"not-compared"})
    assert report.references == (paper.receipt.reference,)
    assert all(one.verdict == "VALID" for one in report.receipts)
    assert report.page and not any(one.compared for one in report.page)


def test_a_photo_from_the_side_is_read(paper: Paper, tmp_path: Path) -> None:
    sheet = page(paper, paper.receipt)
    width, height = sheet.size
    corners = (-90, -60, 40, height + 80, width + 130, height - 40, width + 20, 70)
    photo = sheet.transform(
        sheet.size, Image.Transform.QUAD, corners, Image.Resampling.BICUBIC, fillcolor=190
    )
    darker = photo.point(lambda value: 40 + value * 0.6)
    path = saved(tmp_path, scanned(darker, 4, 0.8))
    report = verify(path, paper.file("bundle.tar", paper.bundle))
    assert (reasons(report), report.references) == ({"not-compared"}, (paper.receipt.reference,))


def test_a_scanned_certificate_is_held_against_a_folder_or_a_pdf(paper: Paper, tmp_path: Path) -> None:
    number = len(pypdfium2.PdfDocument(paper.certificate.pdf))
    scan = scanned(page(paper, paper.certificate, number))
    for path in (saved(tmp_path, scan), saved(tmp_path, scan, "scan.pdf"), saved(tmp_path, scan, "scan.png")):
        for evidence in (paper.folder / "case", paper.file("certificate.pdf", paper.certificate.pdf)):
            report = verify(path, evidence)
            assert (report.verdict, reasons(report)) == ("INCOMPLETE", {"not-compared"})
            assert report.references == (paper.certificate.reference,)
            assert ("Tình trạng", "Đúng hạn") in {(one.label, one.text) for one in report.page}


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
    assert report.verdict == "INVALID" and "not-last" in reasons(report)


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
        assert ran.status == 1, ran.stdout
        assert "? CHƯA ĐỦ CĂN CỨ" in ran.stdout
        assert "hãy so bằng mắt với các giá trị dưới đây" in " ".join(ran.stdout.split())
        assert "hết ngày" in ran.stdout  # the date to compare
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


@pytest.mark.parametrize("form", ["JPEG", "MPO", "PNG"])
def test_a_photo_as_a_telephone_makes_it_is_read(paper: Paper, tmp_path: Path, form: str) -> None:
    """Turned by what the camera noted in it, with a second picture behind the first."""
    picture = Image.open(code(tmp_path, paper.receipt.reference)).convert("RGB")
    noted = Image.Exif()
    noted[0x0112] = 6
    more = {"save_all": True, "append_images": [picture]} if form == "MPO" else {}
    path = tmp_path / "photo"
    picture.rotate(90, expand=True).save(path, form, exif=noted, **more)
    report = verify(path, evidence=paper.file("whole.pdf", paper.receipt.pdf))
    assert (reasons(report), report.references) == ({"not-compared"}, (paper.receipt.reference,))
