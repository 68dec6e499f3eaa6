"""What is wrong with a report: clauses of errors, and the sentences of a verdict on one (../reporting/reasons.py)."""

from __future__ import annotations

from typing import Final

CLAUSES: Final[dict[str, tuple[str, str]]] = {
    "period.none": ("không có kỳ như vậy", "there is none of that name"),
    "period.backwards": ("ngày cuối trước ngày đầu", "it ends before it begins"),
    "period.ahead": ("thời điểm tính đến còn ở phía trước", "the time it is to be made as of lies ahead"),
    "report.none": ("không có báo cáo ở đây", "it holds no report"),
    "report.many-pdfs": ("có quá nhiều tệp PDF", "it holds too many PDFs"),
    "report.not-in-pdf": ("tệp PDF không kèm số liệu report.json", "the PDF has no report.json attached"),
    "report.bad-tar": ("tệp tar không đọc được", "the tar cannot be read"),
    "report.too-large": ("tệp quá lớn", "it is too large"),
    # --- reasons of a verdict
    "report.no-evidence": (
        "Không có chứng cứ kèm theo báo cáo để tính lại số liệu",
        "There is no evidence with the report from which to count again",
    ),
    "report.no-tree": (
        "Chứng cứ thiếu mốc đối chứng hoặc danh sách mục",
        "The evidence lacks checkpoint or leaves",
    ),
    "report.bad-checkpoint": (
        "Mốc đối chứng không có chữ ký đúng của máy trung chuyển",
        "The checkpoint is not signed by the relay as it must be",
    ),
    "report.other-tree": (
        "Các mục của nhật ký không dẫn đến mốc đối chứng",
        "The entries shown do not lead to the checkpoint",
    ),
    "report.bad-statements": ("Tệp văn bản ký không đúng dạng", "The list of statements cannot be read"),
    "report.altered": (
        "Văn bản ký đưa ra không phải là mục đó của nhật ký",
        "The statement shown is not that entry of the log",
    ),
    "report.withheld": (
        "{count} mục của nhật ký không được đưa ra: số liệu có thể thiếu việc",
        "{count} entries of the log are not shown: cases may be missing from the figures",
    ),
    "report.bad-roots": ("Không đọc được danh sách khóa gốc", "The list of root keys cannot be read"),
    "report.no-roots": ("Thiếu khóa gốc của hai đảng ủy", "The root keys of the committees are missing"),
    "report.no-profile": (
        "Thiếu bản quy ước, hoặc thiếu xác nhận của hai đảng ủy",
        "The profile is missing, or the attestations of it",
    ),
    "report.no-calendar": ("Thiếu lịch làm việc", "The calendar is missing"),
    "report.other-relay": (
        "Khóa của máy trung chuyển khác với bản quy ước đang có hiệu lực",
        "The relay's keys are not those of the profile in force",
    ),
    "report.time-contradicts": (
        "Thời điểm trong nhật ký mâu thuẫn với thời điểm ký của bên đối chứng",
        "The times in the log contradict those at which witnesses cosigned",
    ),
    "report.policy-not-met": (
        "Mốc đối chứng không đạt chính sách đã cho",
        "The checkpoint does not meet the policy given",
    ),
    "report.other-checkpoint": (
        "Báo cáo nêu một mốc đối chứng khác với chứng cứ",
        "The report names another checkpoint than the evidence",
    ),
    "report.ends-early": (
        "Nhật ký đưa ra dừng trước cuối kỳ: những gì ghi sau đó không được đưa ra",
        "The log as shown ends before the period does: what was logged after is not shown",
    ),
    "report.not-ours-yet": (
        "Nhật ký tại đây chưa đến mốc đối chứng của báo cáo; hãy chạy `kynhan sync`",
        "Our own copy of the log does not reach the report's checkpoint: run `kynhan sync`",
    ),
    "report.two-histories": (
        "Mốc đối chứng của báo cáo mâu thuẫn với nhật ký tại đây",
        "The report's checkpoint contradicts our own copy of the log",
    ),
    "report.other-documents": (
        "Báo cáo nêu bản quy ước hoặc lịch làm việc không có hiệu lực cuối kỳ",
        "The report names a profile or calendar that was not in force at its end",
    ),
    "report.other-period": (
        "Kỳ báo cáo không đúng cách chia kỳ của bản quy ước",
        "The period does not have the bounds of the profile",
    ),
    "report.not-counted": ("Không tính lại được số liệu", "The figures cannot be counted again"),
    "report.figure": (
        "Số liệu khác: tính lại được {ours}, báo cáo ghi {theirs}",
        "The figure differs: {ours} by our count, {theirs} in the report",
    ),
    "report.difficulties": (
        "Danh sách vướng mắc khác với nhật ký",
        "The difficulty notes are not those of the log",
    ),
    "report.no-such-case": (
        "Báo cáo kê khai nội dung của việc không thuộc kỳ",
        "The report declares the subject of a case that is not of the period",
    ),
    "report.no-such-subject": (
        "Mã nội dung kê khai không có trong bản quy ước",
        "The subject declared is not in the profile",
    ),
    "report.subject-left-out": (
        "Báo cáo không kê khai nội dung của việc mà bì đã mở tại đây",
        "The report leaves out the subject of a case opened here",
    ),
    "report.subject": (
        "Nội dung kê khai khác: bì mở tại đây ghi {ours}, báo cáo ghi {theirs}",
        "The subject differs: {ours} in the package opened here, {theirs} in the report",
    ),
    "report.no-such-committee": (
        "Bên lập báo cáo không phải là bên tham gia Quy chế",
        "The committee that made the report is none of the profile",
    ),
    "report.title": (
        "Trích yếu vướng mắc khác: bì mở tại đây ghi “{ours}”, báo cáo ghi “{theirs}”",
        "The title of a difficulty note differs: “{ours}” in the package opened here, “{theirs}” in the report",
    ),
    "report.other-pdf": (
        "Số liệu kèm trong PDF khác với report.json",
        "The data inside the PDF is not the report beside it",
    ),
    "report.shown": (
        "Ghi “{theirs}”, theo chứng cứ là “{ours}”",
        "It says “{theirs}”, the evidence “{ours}”",
    ),
    "report.sheet-unread": (
        "Chưa đối chiếu được bảng tính này với chứng cứ: chỉ tin số liệu trong report.json",
        "This spreadsheet was not held against the evidence: trust only the figures in report.json",
    ),
    "report.sheet-titles": (
        "Cột trích yếu lấy từ trong bì, không có trong chứng cứ nên chưa được đối chiếu",
        "The column of titles comes from inside the seals, is in no evidence, and was not compared",
    ),
    "report.sheet-look": (
        "Các ô đúng với chứng cứ, nhưng tệp không phải do chương trình này ghi: cách hiển thị của ô có thể khác",
        "The cells are those of the evidence, but this program did not write the file: they may be displayed otherwise",
    ),
    "report.pages-unknown": (
        "Trang in của PDF không khớp với bản mà phiên bản này in từ số liệu (bị sửa, hoặc do phiên bản khác in): chỉ"
        " tin số liệu trong report.json",
        "The pages differ from those that this version prints from the data (they were changed, or another version"
        " printed them): trust only the figures in report.json",
    ),
}
