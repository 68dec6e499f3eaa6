"""Words of reading paper back: PDFs, photos and scans, and how the page is held against the evidence."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, tuple[str, str]]] = {
    # --- reasons of a verdict on paper
    "paper-reason.no-code": (
        "Không đọc được mã QR trên trang, nên chưa đối chiếu được trang giấy với biên nhận đính kèm.",
        "No QR code can be read on the page, so it was not held against the attached receipt.",
    ),
    "paper-reason.bad-code": (
        "Mã QR mang tên Ký nhận nhưng viết sai quy định.",
        "The QR code claims to be Kynhan's but is not spelled as it must be.",
    ),
    "paper-reason.no-evidence": (
        "Mã QR chỉ dẫn đến chứng cứ, mà chứng cứ thì không có ở đây. Hãy xin biên nhận hoặc bó chứng cứ (mục"
        " {index} của {origin}) ở một trong hai đảng ủy rồi dùng --evidence, hoặc chạy lệnh này trên máy có thư mục"
        " Ký nhận.",
        "The QR code only leads to the evidence, which is not here. Ask one of the two committees for the receipt or"
        " its bundle (entry {index} of {origin}) and give it with --evidence, or run this where a home is.",
    ),
    "paper-reason.other-statement": (
        "Trang giấy ghi văn bản ký {id}, nhưng chứng cứ là của văn bản ký khác.",
        "The page names statement {id}, but the evidence is of another one.",
    ),
    "paper-reason.not-in-evidence": (
        "Chứng cứ đưa ra không có văn bản ký {id} mà mã QR nêu.",
        "The evidence given does not hold statement {id}, which the QR code names.",
    ),
    "paper-reason.other-index": (
        "Mã QR ghi một mục khác của nhật ký.",
        "The QR code names another entry of the log.",
    ),
    "paper-reason.other-log": ("Mã QR ghi một nhật ký khác.", "The QR code names another log."),
    "paper-reason.other-tree": (
        "Mã gốc của mốc đối chứng {size} mục trên giấy khác với trong chứng cứ.",
        "The root hash of {size} entries on paper is not that of the evidence.",
    ),
    "paper-reason.tree-unknown": (
        "Chứng cứ không có mốc đối chứng {size} mục mà giấy ghi, nên chưa so được mã gốc.",
        "The evidence shows no tree of {size} entries, as the paper does, so its root hash was not compared.",
    ),
    "paper-reason.other-case": (
        "Văn bản ký mà mã QR nêu thuộc về một việc phối hợp khác.",
        "The statement that the QR code names belongs to another case.",
    ),
    "paper-reason.not-last": (
        "Giấy không nêu mục sau cùng của việc này dưới mốc đối chứng đó.",
        "The paper leaves out the case's last entry under that checkpoint.",
    ),
    "paper-reason.other-value": (
        "{label}: trên giấy là “{theirs}”, theo chứng cứ là “{ours}”.",
        "{label}: the page says “{theirs}”, the evidence “{ours}”.",
    ),
    "paper-reason.other-words": (
        "Trên giấy có “{theirs}”, theo chứng cứ là “{ours}”.",
        "The page says “{theirs}”, where by the evidence it is “{ours}”.",
    ),
    "paper-reason.other-look": (
        "Chữ trong tệp đúng với chứng cứ, nhưng trang trông khác trang của chương trình này: hãy nhìn trang và so bằng"
        " mắt với các giá trị dưới đây.",
        "The words in the file are those of the evidence, but the page looks different from ours: look at it, and"
        " compare it by eye with the values below.",
    ),
    "paper-reason.not-compared": (
        "Chữ trên giấy chưa được đối chiếu, vì đây là ảnh hoặc bản quét: hãy so bằng mắt với các giá trị dưới đây.",
        "The words of the page were not compared, since this is a picture: compare them by eye with the values below.",
    ),
    "paper-reason.not-made": (
        "Chứng cứ ở đây không đủ để lập lại trang giấy: chữ trên giấy chưa được đối chiếu.",
        "The evidence here is not enough to make the page again: its words were not compared.",
    ),
    "paper-reason.not-evident": (
        "Lấy từ trong bì, không có trong chứng cứ nên chưa được đối chiếu: {labels}.",
        "From inside the seal, in no evidence, so not compared: {labels}.",
    ),
    "paper-reason.other-text": (
        "Chữ in trên trang không khớp với chứng cứ: thiếu nội dung dưới đây.",
        "The text of the page does not agree with the evidence: what follows is not in it.",
    ),
    "verify.qr": (
        "Mã QR: mục {index} của {origin}, mã {id}, mốc {size} mục",
        "QR code: entry {index} of {origin}, id {id}, checkpoint of {size} entries",
    ),
    "verify.shown": (
        "  Theo chứng cứ: {type}, mục {index}, {time}",
        "  The evidence says: {type}, entry {index}, {time}",
    ),
    "verify.page-compared": (
        "Đã đối chiếu từng chữ trên giấy; theo chứng cứ, trang giấy phải ghi:",
        "Every word of the page was compared; by the evidence it says:",
    ),
    "verify.page-by-eye": (
        "Chưa đối chiếu: hãy so bằng mắt; theo chứng cứ, trang giấy phải ghi:",
        "Not compared: look for yourself; by the evidence the page says:",
    ),
}

CLAUSES: Final[dict[str, tuple[str, str]]] = {
    "scan.too-much": (
        "đọc tệp quá lâu hoặc cần quá nhiều bộ nhớ",
        "reading it takes too long, or too much memory",
    ),
    "pdf.broken": ("không mở được như một tệp PDF", "it cannot be opened as a PDF"),
    "pdf.encrypted": ("tệp PDF có mật khẩu", "it is encrypted"),
    "pdf.pages": ("có quá nhiều trang", "it has too many pages"),
    "pdf.attachments": (
        "có quá nhiều tệp đính kèm, hoặc quá lớn",
        "its attachments are too many or too large",
    ),
    "pdf.nothing": (
        "không có biên nhận đính kèm, cũng không đọc được mã QR của Ký nhận",
        "it holds neither an attached receipt nor a readable QR code of Kynhan",
    ),
    "image.broken": ("không đọc được như một ảnh PNG hoặc JPEG", "it cannot be read as a PNG or JPEG image"),
    "image.size": ("ảnh quá lớn", "the image is too large"),
    "image.no-qr": (
        "không đọc được mã QR của Ký nhận; hãy quét lại từ 150 dpi, đủ sáng và rõ nét",
        "no QR code of Kynhan can be read in it; scan it again at 150 dpi or more, sharp and well lit",
    ),
}

OPTIONS: Final[dict[str, tuple[str, str]]] = {
    "verify.evidence": (
        "Chứng cứ để đối chiếu mã QR: tệp .receipt, .tar, .pdf hoặc thư mục.",
        "Evidence to hold a QR code against: a .receipt, .tar, .pdf or folder.",
    ),
}
