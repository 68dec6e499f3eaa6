"""Words of what is printed: the receipt, the case certificate."""

from __future__ import annotations

from typing import Final

from .help import Help
from .told import Told

WORDS: Final[dict[str, tuple[str, str]]] = {
    # --- on paper
    "paper.receipt": ("GIẤY BIÊN NHẬN", "RECEIPT"),
    "paper.certificate": (
        "GIẤY XÁC NHẬN DIỄN BIẾN VIỆC PHỐI HỢP",
        "CERTIFICATE OF THE COURSE OF A CASE",
    ),
    "paper.regulation": (
        "Quy chế phối hợp số {number}, {date}",
        "Coordination regulation no. {number} of {date}",
    ),
    "paper.as-of": (
        "Theo mốc đối chứng gồm {size} mục của nhật ký, lập lúc {at}",
        "As of the checkpoint of {size} log entries, made at {at}",
    ),
    "paper.foot": ("Mục {index} của nhật ký, mã {id}", "Entry {index} of the log, id {id}"),
    "paper.foot-case": ("Việc phối hợp {case}", "Case {case}"),
    "paper.document": ("Văn bản", "Document"),
    "paper.dispatch": ("Lượt gửi", "Dispatch"),
    "paper.case": ("Việc phối hợp", "Case"),
    "paper.began": ("Bắt đầu", "Begun"),
    "paper.kind": ("Loại", "Kind"),
    "paper.from": ("Bên gửi", "From"),
    "paper.to": ("Nơi nhận", "To"),
    "paper.party": ("{name} ({member})", "{name} ({member})"),
    "paper.sent": ("Gửi lúc", "Sent at"),
    "paper.urgency": ("Độ khẩn", "Urgency"),
    "paper.term": ("Loại thời hạn", "Term"),
    "paper.package": ("Bì niêm phong", "Sealed package"),
    "paper.package-size": ("{bytes} byte, mã SHA-256:", "{bytes} bytes, SHA-256:"),
    "paper.title": ("Trích yếu", "Title"),
    "paper.printed": ("Số, ký hiệu", "Number, symbol"),
    "paper.issued": ("Ngày văn bản", "Date of document"),
    "paper.issuer": ("Cơ quan ban hành", "Issuer"),
    "paper.secrecy": ("Độ mật", "Secrecy"),
    "paper.signing": ("Ký nhận", "Signed for"),
    "paper.signed-by": ("Bên ký nhận", "Signed for by"),
    "paper.signed-at": ("Ký nhận lúc", "Signed for at"),
    "paper.declined-at": ("Từ chối tiếp nhận lúc", "Declined at"),
    "paper.withdrawn-at": ("Bên gửi lấy lại lúc", "Withdrawn at"),
    "paper.why": ("Lý do", "Reason"),
    "paper.unsigned": (
        "Chưa có ai ký nhận. Giấy này chỉ chứng nhận việc gửi.",
        "Nobody has signed for it yet. This paper certifies only the sending.",
    ),
    "paper.opening": ("Kết quả mở bì", "Opening"),
    "paper.not-opened": ("chưa có kết quả mở bì", "no opening reported yet"),
    "paper.opened": ("{result}, lúc {at}", "{result}, at {at}"),
    "paper.due": ("Thời hạn trả lời", "Time limit"),
    "paper.due-limit": ("Hạn trả lời", "Due date"),
    "paper.due-target": ("Mốc phấn đấu", "Target"),
    "paper.by-the-end": ("hết {date}", "by the end of {date}"),
    "paper.provisional": (
        "hết {date} (ngày dự kiến: lịch làm việc của năm liên quan chưa chính thức)",
        "by the end of {date} (provisional: the calendar of a year it touches is a draft)",
    ),
    "paper.original": ("Hạn theo Quy chế", "Original date"),
    "paper.due-basis": ("Căn cứ", "Basis"),
    "paper.due-because": (
        "{because}; {term}; tính từ ngày sau ngày ký nhận ({date})",
        "{because}; {term}; counted from the day after it was signed for ({date})",
    ),
    "paper.calendar": ("Lịch làm việc", "Calendar"),
    "paper.answered": ("Trả lời lúc", "Answered at"),
    "paper.meaning": (
        "Ký nhận nghĩa là đã nhận đủ bì; không có nghĩa là đồng ý với nội dung.",
        "Signing for it means having received the whole package, not agreeing with what it says.",
    ),
    "paper.evidence": ("Căn cứ chứng minh", "Evidence"),
    "paper.statement": ("Văn bản ký", "Statement"),
    "paper.statement-by": ("{type}, do {who} ký", "{type}, signed by {who}"),
    "paper.id": ("Mã số", "Id"),
    "paper.place": ("mục {index} của {origin}", "entry {index} of {origin}"),
    "paper.log": ("Nhật ký đối chứng", "Log"),
    "paper.logged-at": ("Ghi vào nhật ký lúc", "Logged at"),
    "paper.checkpoint": ("Mốc đối chứng", "Checkpoint"),
    "paper.checkpoint-is": ("{size} mục, mã gốc:", "{size} entries, root hash:"),
    "paper.state": ("Tình trạng", "State"),
    "paper.state-final": (
        "biên nhận đủ đối chứng (bên đối chứng của hai đảng ủy đã ký)",
        "final receipt (cosigned by the witnesses of both committees)",
    ),
    "paper.state-pending": (
        "biên nhận chờ đối chứng (mới có chữ ký của máy trung chuyển)",
        "pending receipt (so far signed by the relay alone)",
    ),
    "paper.keys": ("Khóa", "Keys"),
    "paper.key-relay": ("máy trung chuyển {ids}", "relay {ids}"),
    "paper.key-root": ("khóa gốc {name} {ids}", "root of {name} {ids}"),
    "paper.digits": ("Mã đối chiếu khóa", "Fingerprint"),
    "paper.check": ("Cách kiểm chứng", "How to check it"),
    "paper.check-file": (
        "Tệp PDF này chứa biên nhận số. Kiểm chứng, không cần mạng: kynhan verify TỆP.pdf",
        "This PDF file holds the digital receipt. To check it offline: kynhan verify FILE.pdf",
    ),
    "paper.check-paper": (
        "Chỉ có bản giấy: chụp hoặc quét mã QR (từ 150 dpi), rồi kynhan verify ẢNH.png --evidence TỆP,"
        " hoặc chạy trên máy có thư mục Ký nhận của đảng ủy mình.",
        "With the paper alone: photograph or scan the QR code (150 dpi or more), then kynhan verify"
        " PHOTO.png --evidence FILE, or run it where your committee's home is.",
    ),
    "paper.check-keys": (
        "Kết quả chỉ đáng tin khi mã đối chiếu khóa đã được đối chiếu trực tiếp. Mã QR dẫn đến chứng cứ; tự nó"
        " không phải là chứng cứ.",
        "The verdict is worth as much as comparing the fingerprint in person. The QR code leads to the"
        " evidence; it is none by itself.",
    ),
    "paper.qr": ("Mã QR dẫn đến mục {index} của nhật ký", "QR code leading to entry {index} of the log"),
    "paper.attached-receipt": ("Biên nhận số (C2SP tlog-proof)", "Digital receipt (C2SP tlog-proof)"),
    "paper.attached-bundle": ("Toàn bộ chứng cứ để kiểm chứng", "All evidence needed to check it"),
    # --- the certificate's tables
    "paper.dispatches": ("Các lượt gửi và ký nhận", "Dispatches and receipts"),
    "paper.dues": ("Diễn biến thời hạn", "History of the time limit"),
    "paper.reminders": ("Các lần nhắc hạn", "Reminders"),
    "paper.number": ("TT", "No."),
    "paper.entry": ("Mục", "Entry"),
    "paper.route": ("Nơi gửi → nơi nhận", "From → to"),
    "paper.at": ("Lúc", "At"),
    "paper.because": ("Căn cứ", "Because"),
    "paper.date": ("Hạn", "Due"),
    "paper.note": ("Ghi chú", "Note"),
    "paper.step": ("Mốc nhắc", "Step"),
    "paper.reminded": ("Gửi", "To"),
    "paper.status": ("Tình trạng", "Status"),
    "paper.unit": ("Cơ quan chức năng", "Unit"),
    "paper.waiting": ("Đang chờ", "Waiting for"),
    "paper.waiting-for": ("{who}: {what} ({count} lượt)", "{who}: {what} ({count})"),
    "paper.signed-short": ("{who} ký nhận {at}", "signed for by {who} {at}"),
    "paper.ended-short": ("{what} {at}", "{what} {at}"),
    "paper.without-effect": ("không có hiệu lực", "without effect"),
    "paper.in-force": ("đang có hiệu lực", "in force"),
    "paper.replaced": ("đã được thay", "replaced"),
    "paper.provisional-short": ("ngày dự kiến", "provisional"),
    "paper.objected": ("khác kết quả tự tính", "differs from our own computation"),
    "paper-because.receipt": ("từ khi ký nhận", "receipt"),
    "paper-because.extension": ("theo thông báo gia hạn", "extension notice"),
    "paper-because.return": ("tính lại sau khi trả lại hồ sơ", "return for completion"),
    "paper-because.calendar": ("lịch làm việc thay đổi", "change of the calendar"),
    "paper-because.answer": ("cộng thời gian chờ làm rõ", "days that an answer took"),
    "paper-because.correction": ("hai bên đính chính", "correction by both sides"),
    "paper-secrecy.khong-mat": ("Không mật", "not classified"),
    "paper-secrecy.mat": ("Mật", "confidential"),
    "paper-secrecy.toi-mat": ("Tối mật", "secret"),
    "paper-secrecy.tuyet-mat": ("Tuyệt mật", "top secret"),
    # --- on the screen
    "print.done": (
        "Đã ghi {path} ({size}); kiểm chứng bằng `kynhan verify {path}`",
        "Wrote {path} ({size}); check it with `kynhan verify {path}`",
    ),
    "print.pending": (
        "Biên nhận còn chờ đối chứng: `kynhan receipts --upgrade`, rồi in lại",
        "The receipt is still pending: `kynhan receipts --upgrade`, then print it again",
    ),
}

CLAUSES: Final[dict[str, tuple[str, str]]] = {
    "print.not-opened": ("bì này chưa được mở ở đây", "its package was not opened here"),
}

TROUBLE: Final[dict[str, Told]] = {
    "no-title": Told(
        "there are no register fields to print: {why}",
        "không có trích yếu để in: {why}",
        "Open it with `kynhan open`, or print without --with-title.",
        "Mở bì bằng `kynhan open`, hoặc in không có --with-title.",
    ),
    "paper-exists": Told(
        "{out} exists already",
        "{out} đã có sẵn",
        "Choose another name; nothing was written.",
        "Chọn tên khác; chưa ghi gì.",
    ),
}

COMMANDS: Final[dict[str, Help]] = {
    "print": Help(
        ("In giấy biên nhận, giấy xác nhận (PDF/A)", "print receipts and certificates"),
        (
            "In chứng cứ thành PDF/A-3 khổ A4: trên giấy có mã QR dẫn đến chứng cứ, trong tệp có chính biên nhận"
            " số. `kynhan verify` đọc lại được tệp PDF, và ảnh chụp hoặc bản quét của mã QR.",
            "Prints evidence as PDF/A-3 on A4: the page bears a QR code that leads to the evidence, the file holds"
            " the digital receipt itself. `kynhan verify` reads the PDF, and a photo or scan of the QR code.",
        ),
        (
            "kynhan print receipt 3f9a61 --out bien-nhan.pdf",
            "kynhan print case 0198f0c1 --out dien-bien.pdf",
        ),
    ),
    "print receipt": Help(
        ("In giấy biên nhận của một lượt gửi", "print the receipt of a dispatch"),
        (
            "In GIẤY BIÊN NHẬN: ai gửi gì cho ai, ai ký nhận, lúc nào, hạn trả lời, mục nào của nhật ký. ID là lượt"
            " gửi (in việc ký nhận, nếu đã có) hoặc một văn bản ký bất kỳ. Mặc định chỉ in những gì có trên phong"
            " bì; --with-title in thêm trích yếu của bì đã mở.",
            "Prints the receipt: who sent what to whom, who signed for it, when, the due date, which entry of the"
            " log. ID is a dispatch (its receipt, once there is one) or any statement. What stands outside of the"
            " envelope is printed; --with-title adds the register fields of an opened package.",
        ),
        (
            "kynhan print receipt 3f9a61 --out bien-nhan.pdf",
            "kynhan print receipt 3f9a61 --with-title --lang both \\\n        --out bien-nhan.pdf",
        ),
    ),
    "print case": Help(
        ("In giấy xác nhận diễn biến một việc", "print the certificate of a case"),
        (
            "In GIẤY XÁC NHẬN DIỄN BIẾN VIỆC PHỐI HỢP: mọi lượt gửi, ký nhận, hạn và các lần thay đổi, các lần nhắc"
            " hạn, kèm toàn bộ chứng cứ trong tệp PDF.",
            "Prints the certificate of a case: all dispatches, receipts, due dates and their changes, reminders,"
            " with all the evidence inside the PDF.",
        ),
        ("kynhan print case 0198f0c1 --out dien-bien.pdf",),
    ),
}

OPTIONS: Final[dict[str, tuple[str, str]]] = {
    "print.out": ("Tệp PDF sẽ ghi.", "The PDF file to write."),
    "print.lang": ("Ngôn ngữ của giấy (mặc định: vi).", "Language of the paper (default: vi)."),
    "print.with-title": (
        "In thêm trích yếu, số, ký hiệu của bì đã mở.",
        "Add the title, number and symbol of an opened package.",
    ),
}
