"""What stands on the printed page: read back with poppler's tools, as an archive would."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from tests.client.agreement import CA, PASSPHRASE
from tests.client.calling import Kynhan
from tests.client.parties import parties
from tests.client.printing.story import SHOWN, Paper

from kynhan_client.clock import Clock
from kynhan_client.home.home import Home
from kynhan_client.log.view import View
from kynhan_client.packages import receive
from kynhan_client.printing import certificate, glyphs, receipt
from kynhan_client.printing.sheet import BUNDLE, RECEIPT
from kynhan_protocol.vietnam_time import VIETNAM, format_date_vi


def tool(*command: str | Path) -> str:
    return subprocess.run(list(map(str, command)), check=True, capture_output=True, text=True).stdout


def text(paper: Paper, pdf: bytes, *, layout: bool = False) -> str:
    path = paper.file("text.pdf", pdf)
    found = tool("pdftotext", *(["-layout"] if layout else []), path, "-")
    return found if layout else " ".join(found.split())


def test_the_receipt_says_who_signed_for_what_and_when(paper: Paper) -> None:
    said = text(paper, paper.receipt.pdf)
    sent = paper.case.dispatches[paper.request]
    assert sent.received_at is not None and paper.case.due is not None
    at = sent.received_at.astimezone(VIETNAM)
    months = f"{at.month:02d}" if at.month < 3 else str(at.month)
    for sentence in (
        "ĐẢNG ỦY CÁC CƠ QUAN TỈNH",
        "ĐẢNG ỦY CÔNG AN TỈNH",
        "GIẤY BIÊN NHẬN",
        "Quy chế phối hợp số 15-QC/TU, ngày 05 tháng 01 năm 2026",
        "Văn bản đề nghị phối hợp",
        "Đảng ủy Các cơ quan tỉnh (ccq.example/van-thu)",
        "Đảng ủy Công an tỉnh (ca.example/van-thu)",
        f"{at:%H} giờ {at:%M} phút {at:%S} giây, ngày {at:%d} tháng {months} năm {at.year}",
        "Ký nhận nghĩa là đã nhận đủ bì; không có nghĩa là đồng ý với nội dung.",
        "theo thông báo gia hạn; 45 ngày làm việc (thân nhân ở trong nước, ngoài tỉnh)",
        "biên nhận đủ đối chứng (bên đối chứng của hai đảng ủy đã ký)",
        f"mục {paper.receipt.reference.index} của relay.example/kynhan",
        paper.receipt.reference.id,
        paper.receipt.reference.root,
        paper.case.id,
        "kynhan verify TỆP.pdf",
    ):
        assert sentence in said, sentence
    assert "Trích yếu" not in said  # what is inside the envelope stays there
    assert paper.receipt.reference.id == sent.receipt


def test_user_text_is_shown_as_it_is_and_never_read_as_markup(paper: Paper) -> None:
    said = text(paper, paper.titled.pdf)
    assert SHOWN in said
    assert "\u202e" not in said
    assert "GIẤY BIÊN NHẬN / RECEIPT" in said
    assert "Trích yếu / Title:" in said
    assert "16.416 byte, mã SHA-256: / 16,416 bytes, SHA-256:" in said


def test_the_certificate_has_everything_on_numbered_pages(paper: Paper) -> None:
    said = text(paper, paper.certificate.pdf)
    path = paper.file("pages.pdf", paper.certificate.pdf)
    pages = int(tool("pdfinfo", path).split("Pages:")[1].split()[0])
    assert pages > 1
    second = tool("pdftotext", "-f", "2", "-l", "2", path, "-").split()
    assert second[0] == "2"
    for sentence in (
        "GIẤY XÁC NHẬN DIỄN BIẾN VIỆC PHỐI HỢP",
        "Các lượt gửi và ký nhận",
        "Diễn biến thời hạn",
        "Các lần nhắc hạn",
        "trước hạn 10 ngày làm việc",
        "Đúng hạn",
        paper.case.id,
    ):
        assert sentence in said, sentence
    assert paper.case.due is not None and len(paper.case.due_history) == 2
    for one in paper.case.due_history:
        assert format_date_vi(one.due) in said
    table = text(paper, paper.certificate.pdf, layout=True)
    for sent in paper.case.dispatches.values():
        assert f" {sent.index}\n" in table


def test_only_the_fonts_of_the_package_are_used_and_embedded(paper: Paper) -> None:
    for printed in (paper.receipt, paper.titled, paper.certificate):
        lines = tool("pdffonts", paper.file("fonts.pdf", printed.pdf)).splitlines()[2:]
        assert lines
        for line in lines:
            assert "+LiberationSerif" in line
            assert line.split()[-5:-2] == ["yes", "yes", "yes"]  # embedded, subset, with Unicode


def test_what_is_attached_is_the_evidence_byte_for_byte(paper: Paper, tmp_path: Path) -> None:
    pdf = paper.file("attached.pdf", paper.receipt.pdf)
    tool("pdfdetach", "-saveall", "-o", tmp_path, pdf)
    assert {path.name for path in tmp_path.iterdir()} == {RECEIPT, BUNDLE} == set(paper.receipt.attached)
    assert (tmp_path / RECEIPT).read_bytes().startswith(b"c2sp.org/tlog-proof")
    index = paper.receipt.reference.index
    (inside,) = (paper.folder / "case" / "receipts").glob(f"{index:04d}-receipt.receipt")
    assert (tmp_path / RECEIPT).read_bytes() == inside.read_bytes()
    tool("tar", "-xf", tmp_path / BUNDLE, "-C", tmp_path)
    assert (tmp_path / "receipts" / f"{index:08d}.receipt").read_bytes() == inside.read_bytes()


def opened(paper: Paper) -> Home:
    return Home.open(paper.home, PASSPHRASE, clock=Clock(paper.offset))


def test_the_same_evidence_prints_the_same_bytes(paper: Paper) -> None:
    with opened(paper) as home:
        assert receipt.receipt(home, paper.request).pdf == paper.receipt.pdf
        assert certificate.certificate(home, paper.case.id, with_title=True).pdf == paper.certificate.pdf


def test_an_unsigned_dispatch_prints_a_pending_receipt_of_the_sending(paper: Paper) -> None:
    with opened(paper) as home:
        made = receipt.receipt(home, paper.pending)
    said = text(paper, made.pdf)
    assert (made.state, made.attached) == ("pending", (RECEIPT,))
    assert "Chưa có ai ký nhận. Giấy này chỉ chứng nhận việc gửi." in said
    assert "biên nhận chờ đối chứng" in said


def test_other_statements_print_too(paper: Paper) -> None:
    with opened(paper) as home:
        reminder = receipt.receipt(home, paper.case.reminders[0].id)
        due = receipt.receipt(home, paper.case.due_history[0].id, language="en")
    assert "nhắc hạn, do relay.example/kynhan ký" in text(paper, reminder.pdf)
    said = text(paper, due.pdf)
    assert "RECEIPT" in said and "due date, signed by relay.example/kynhan" in said
    assert "Committee of the provincial police".upper() in said


async def test_what_was_declined_and_who_was_certified_print_too(paper: Paper, tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        sent = await two.request()
        await receive.decline(two.ca, two.to[CA], sent.dispatch, "duplicate")
        await two.witness()
        await two.sync()
        declined = receipt.receipt(two.ccq, sent.dispatch)
        whole = certificate.certificate(two.ccq, sent.case)
        member = receipt.receipt(two.ccq, View(two.ccq).own().id)
    said = text(paper, declined.pdf)
    assert "Từ chối tiếp nhận lúc" in said and "gửi trùng" in said and "GIẤY BIÊN NHẬN" in said
    assert "Bị từ chối tiếp nhận" in text(paper, whole.pdf)
    assert "cấp khóa, do ccq.example, ccq.example/van-thu ký" in text(paper, member.pdf)


def test_nothing_unprintable_stops_the_printing() -> None:
    assert glyphs.printable("Đề nghị ký nhận → “ổn” – xong") == "Đề nghị ký nhận → “ổn” – xong"
    spelled = "a[U+0000][U+200B][U+2066][U+6F22][U+1F600]"
    assert glyphs.printable("a\x00\u200b\u2066漢😀") == spelled
    assert glyphs.all_printable({"x": ["漢", {"y": "\u202e"}], "n": 1}) == {
        "x": ["[U+6F22]", {"y": "[U+202E]"}],
        "n": 1,
    }
    assert glyphs.printable("e\u0302\u0301") == "ế"
    covered = glyphs.covered()
    vietnamese = "ăâđêôơưàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ"
    assert {ord(char) for char in vietnamese + vietnamese.upper()} <= covered


# --- the command


@pytest.fixture
def kynhan(paper: Paper, capsys: pytest.CaptureFixture[str]) -> Kynhan:
    return Kynhan(capsys, "--lang", "vi", "--demo-clock", str(paper.offset)).at(paper.home, paper.passphrase)


def test_printing_from_the_command_line(kynhan: Kynhan, paper: Paper, tmp_path: Path) -> None:
    out = tmp_path / "bien-nhan.pdf"
    ran = kynhan("print", "receipt", paper.request[:12], "--out", str(out), "--json")
    assert ran.status == 0, ran.stderr
    assert ran.json["id"] == paper.receipt.reference.id
    assert ran.json["qr"].startswith("KYNHAN1:R:RELAY.EXAMPLE/KYNHAN:")
    assert out.read_bytes() == paper.receipt.pdf
    again = kynhan("print", "receipt", paper.request[:12], "--out", str(out))
    assert again.status == 1 and "đã có sẵn." in " ".join(again.stderr.split())
    case = kynhan("print", "case", paper.case.id, "--lang", "en", "--out", str(tmp_path / "case.pdf"))
    assert case.status == 0 and "kynhan verify" in case.stdout
    assert "CERTIFICATE OF THE COURSE OF A CASE" in text(paper, (tmp_path / "case.pdf").read_bytes())


@pytest.mark.parametrize(("words", "mode"), [((), 0o644), (("--with-title",), 0o600)])
def test_what_was_inside_the_seal_is_printed_into_a_file_of_ones_own(
    kynhan: Kynhan, paper: Paper, tmp_path: Path, words: tuple[str, ...], mode: int
) -> None:
    out = tmp_path / "bien-nhan.pdf"
    umask = os.umask(0o022)
    try:
        assert kynhan("print", "receipt", paper.request[:12], *words, "--out", str(out)).status == 0
    finally:
        os.umask(umask)
    assert out.stat().st_mode & 0o777 == mode


def test_a_package_that_was_not_opened_has_no_title_to_print(
    kynhan: Kynhan, paper: Paper, tmp_path: Path
) -> None:
    message = next(sent for sent in paper.case.dispatches.values() if sent.kind == "extension")
    ran = kynhan("print", "receipt", message.id[:12], "--with-title", "--out", str(tmp_path / "x.pdf"))
    assert ran.status == 1
    assert "Không có trích yếu để in: bì này chưa được mở ở đây" in " ".join(ran.stderr.split())
    assert not (tmp_path / "x.pdf").exists()
