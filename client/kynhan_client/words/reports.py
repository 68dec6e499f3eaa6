"""Words of periodic reports on the screen: commands, options, errors."""

from __future__ import annotations

from typing import Final

from .help import Help
from .told import Told

WORDS: Final[dict[str, tuple[str, str]]] = {
    "report.made": ("Đã ghi {path}", "Wrote {path}"),
    "report.counts": (
        "Chuyển sang {carried}, tiếp nhận {received}, đã trả lời {answered}, đang xử lý {open}",
        "Carried over {carried}, received {received}, answered {answered}, open {open}",
    ),
    "report.counts-aside": (
        "Tính lại {reopened}, không còn tính {fallen_out}, đang báo lỗi bì {contested}",
        "Reopened {reopened}, fallen out {fallen_out}, package said to be faulty {contested}",
    ),
    "report.rate": (
        "Đúng hạn {due}; theo hạn Quy chế {original}; quá hạn chưa trả lời {past}",
        "In time {due}; by the original date {original}; overdue {past}",
    ),
    "report.not-final": (
        "Nhật ký chưa đủ đối chứng đến cuối kỳ; chạy `kynhan sync` rồi lập lại để có căn cứ đầy đủ",
        "The log is not yet cosigned that far: run `kynhan sync` and make it again",
    ),
    "report.not-covered": (
        "Nhật ký tại đây mới đến {at}, trước khi hết kỳ: người nhận kiểm chứng sẽ thấy chưa đủ căn cứ. Khi nhật ký có"
        " mục sau kỳ, chạy `kynhan sync` rồi lập lại",
        "The log here goes up to {at}, before the period ends: who checks it will find it INCOMPLETE. Once something is"
        " logged after the period, run `kynhan sync` and make it again",
    ),
    "report.unknown-subjects": (
        "{count} việc chưa rõ nội dung: bì chưa mở tại đây",
        "{count} cases have no subject here: their packages were not opened in this home",
    ),
    "report.verdict": ("{verdict}: báo cáo {period}", "{verdict}: report {period}"),
    "report.reaches": (
        "Nhật ký được đưa ra đầy đủ đến {at}; {finality}",
        "The log is shown whole up to {at}; {finality}",
    ),
    "report.declared": (
        "Mã nội dung của từng việc và trích yếu vướng mắc do bên lập báo cáo kê khai, không kiểm chứng được từ nhật ký",
        "Subjects, and titles of difficulty notes, are as declared by who made the report: the log does not tell them",
    ),
    "report.pages": (
        "Trang in của {name} đúng là bản in của số liệu này",
        "The pages of {name} are those of these figures",
    ),
    "report.books": (
        "Mọi ô của {name} đúng với số liệu này",
        "All cells of {name} are those of these figures",
    ),
    "report.lines": (
        "Theo chứng cứ, trang in và bảng tính phải ghi:",
        "By the evidence pages and spreadsheets say:",
    ),
    "report.unread": (
        "Không kiểm chứng các tệp khác: {names}",
        "Other files were not checked: {names}",
    ),
    "report.budget.term": ("Loại thời hạn", "term"),
    "report.budget.count": ("Tiếp nhận", "received"),
    "report.budget.each": ("Định mức", "each"),
    "report.budget.cost": ("Thành tiền", "cost"),
    "report.budget.sum": ("Tổng cộng", "total"),
    "report.ask-send": (
        "Gửi báo cáo {period} cho {to}, kèm toàn bộ chứng cứ?",
        "Send the report {period} to {to}, with all evidence?",
    ),
}

TROUBLE: Final[dict[str, Told]] = {
    "bad-period": Told(
        "this is no reporting period: {why}",
        "kỳ báo cáo không đúng: {why}",
        "Write 2026-03, 2026-Q1, 2026-H1, 2026, or two dates as 2026-03-01 and 2026-03-31.",
        "Viết như 2026-03, 2026-Q1, 2026-H1, 2026, hoặc hai ngày như 2026-03-01 và 2026-03-31.",
    ),
    "bad-report": Told(
        "there is no report to be read in {path}: {why}",
        "không đọc được báo cáo trong {path}: {why}",
        "Give report.json, the PDF, or the folder or tar as it was received.",
        "Chỉ tệp report.json, tệp PDF, hoặc thư mục hay tệp tar như khi nhận được.",
    ),
}

COMMANDS: Final[dict[str, Help]] = {
    "report": Help(
        ("Báo cáo định kỳ: lập, gửi, kiểm chứng", "periodic reports"),
        (
            "Báo cáo định kỳ: số liệu tính từ nhật ký đối chứng, kèm chứng cứ để bên nhận tự kiểm chứng.",
            "Periodic reports: figures counted from the log, with the evidence to check them.",
        ),
        (
            "kynhan report make --month 2026-03",
            "kynhan report send bao-cao/2026-03 --to ccq.example/ban-to-chuc",
            "kynhan report verify bao-cao/2026-03",
            "kynhan report budget --year 2026",
        ),
    ),
    "report make": Help(
        ("Lập báo cáo của một kỳ", "make the report of a period"),
        (
            "Lập báo cáo của một kỳ từ nhật ký của thư mục này: PDF, XLSX, report.json và chứng cứ. Kỳ chưa kết thúc"
            " thì số liệu là tạm tính.",
            "Makes the report of a period from this home's copy of the log: PDF, XLSX, report.json and the evidence."
            " A period that is not over gives provisional figures.",
        ),
        (
            "kynhan report make --month 2026-03",
            "kynhan report make --quarter 2026-Q1 --format pdf,xlsx",
            "kynhan report make --from 2026-03-01 --to 2026-03-15 --out bao-cao",
        ),
    ),
    "report send": Help(
        ("Gửi báo cáo kèm chứng cứ", "send a report with its evidence"),
        (
            "Niêm phong và gửi báo cáo (PDF, XLSX, report.json, chứng cứ) cho đảng ủy hoặc người kiểm tra. REPORT là"
            " thư mục đã lập.",
            "Seals and sends a report (PDF, XLSX, report.json, evidence) to a committee or an auditor. REPORT is the"
            " folder that was made.",
        ),
        (
            "kynhan report send bao-cao/2026-03 --to ca.example",
            "kynhan report send bao-cao/2026-Q1 --to ccq.example/ban-to-chuc",
        ),
    ),
    "report verify": Help(
        ("Kiểm chứng báo cáo, không cần mạng", "check a report offline"),
        (
            "Tính lại mọi số liệu từ chứng cứ và nêu từng chỗ khác. Nhận report.json, tệp PDF, thư mục hoặc tệp tar"
            " như khi nhận được. Với --own: đối chiếu thêm với nhật ký và các bì đã mở của thư mục Ký nhận này.",
            "Counts every figure again from the evidence and names each difference. Takes report.json, the PDF, or"
            " the folder or tar as received. With --own also against this home's log and opened packages.",
        ),
        (
            "kynhan report verify bao-cao/2026-03",
            "kynhan report verify bao-cao.pdf --evidence bang-chung.tar",
            "kynhan report verify nhan-duoc --roots khoa-goc.txt --own",
        ),
    ),
    "report budget": Help(
        ("Số việc để lập dự toán năm", "counts for the yearly budget"),
        (
            "Số việc tiếp nhận trong năm theo loại thời hạn, và số tiền nếu cho định mức của từng loại.",
            "Cases received in a year by term, and what they cost where the cost of one is given.",
        ),
        (
            "kynhan report budget --year 2026",
            "kynhan report budget --year 2026 --unit-cost in-province=1500000",
        ),
    ),
}

OPTIONS: Final[dict[str, tuple[str, str]]] = {
    "report.month": ("Tháng, như 2026-03", "month, as 2026-03."),
    "report.quarter": ("Quý, như 2026-Q1", "quarter, as 2026-Q1."),
    "report.half": ("Nửa năm, như 2026-H1", "half-year, as 2026-H1."),
    "report.year": ("Năm, như 2026", "year, as 2026."),
    "report.from": ("Ngày đầu", "first day."),
    "report.to-date": ("Ngày cuối", "last day."),
    "report.at": ("Tính đến thời điểm này thay vì bây giờ", "as of this time instead of now."),
    "report.out": ("Thư mục để ghi (mặc định bao-cao/KỲ)", "folder to write (else bao-cao/PERIOD)."),
    "report.format": ("Các dạng, cách nhau bằng dấu phẩy", "formats, separated by commas."),
    "report.titles": ("Thêm trích yếu vào danh sách việc", "add titles to the list of cases."),
    "report.to": ("Nơi nhận: đảng ủy hoặc người kiểm tra", "committee or auditor to send to."),
    "report.about": ("Mã số chủ đề chung của các lượt gửi", "id that several dispatches share."),
    "report.title": ("Trích yếu", "title."),
    "report.evidence": ("Tệp chứng cứ bang-chung.tar", "the evidence tar."),
    "report.own": ("Đối chiếu với thư mục Ký nhận này", "compare with this home too."),
    "report.unit-cost": ("Định mức MÃ=SỐ (lặp lại được)", "cost of one, TERM=NUMBER (may be repeated)."),
}
