"""Words of periodic reports: on the screen, in the printed report and its spreadsheet, and of the verdict on one."""

from __future__ import annotations

from typing import Final

from .help import Help
from .told import Told

WORDS: Final[dict[str, tuple[str, str]]] = {
    # --- the printed page
    "report.parent": ("TỈNH ỦY …", "PROVINCIAL COMMITTEE …"),
    "report.party": ("ĐẢNG CỘNG SẢN VIỆT NAM", "Communist Party of Việt Nam"),
    "report.symbol": ("Số      -BC/{short}", "No.      -BC/{short}"),
    "report.place": ("…, ngày … tháng … năm …", "…, … … …"),
    "report.kind": ("BÁO CÁO SỐ LIỆU", "REPORT OF FIGURES"),
    "report.heading": (
        "thực hiện Quy chế phối hợp, {period}",
        "on carrying out the coordination regulation, {period}",
    ),
    "report.basis": (
        "Thực hiện Quy chế số {number} ngày {date} của {issuer} ({title}).",
        "Under regulation {number} of {date} by {issuer} ({title}).",
    ),
    "report.span": (
        "Kỳ báo cáo: từ 00 giờ ngày {begins} đến 24 giờ ngày {ends}.",
        "Period: from 00:00 on {begins} to 24:00 on {ends}.",
    ),
    "report.span-open": (
        "Kỳ báo cáo: từ ngày {begins} đến ngày {ends}; số liệu tính đến {at}.",
        "Period: from {begins} to {ends}; figures as of {at}.",
    ),
    "report.unfinished": (
        "Kỳ báo cáo chưa kết thúc: đây là số liệu tạm tính.",
        "The period is not over: these figures are provisional.",
    ),
    "report.copies": ("Nơi nhận:", "Copies to:"),
    "report.copy.board": (
        "- Ban Tổ chức Tỉnh ủy (để báo cáo Ban Thường vụ Tỉnh ủy),",
        "- the Organisation Board (for the Standing Committee),",
    ),
    "report.copy.other": ("- {name},", "- {name},"),
    "report.copy.file": ("- Lưu.", "- file."),
    "report.authority": ("T/M BAN THƯỜNG VỤ", "FOR THE STANDING COMMITTEE"),
    "report.proof": ("Căn cứ của số liệu", "What the figures rest on"),
    "report.proof.made": ("Lập lúc", "made"),
    "report.proof.log": ("Nhật ký đối chứng", "log"),
    "report.proof.size": ("Số mục", "entries"),
    "report.proof.root": ("Mốc đối chứng", "root"),
    "report.proof.profile": ("Bản quy ước", "profile"),
    "report.proof.calendar": ("Lịch làm việc", "calendar"),
    "report.proof.check": ("Kiểm chứng bằng", "check with"),
    "report.chart.limits": ("Việc có thời hạn", "cases under a limit"),
    "report.chart.targets": ("Việc có mốc phấn đấu", "cases under a target"),
    # --- tables: names of sheets, titles, columns
    "report.sheet.total": ("Tổng hợp", "total"),
    "report.sheet.limits": ("Có thời hạn", "limits"),
    "report.sheet.targets": ("Mốc phấn đấu", "targets"),
    "report.sheet.untimed": ("Không tính thời hạn", "no term"),
    "report.sheet.subject": ("Theo nội dung", "by subject"),
    "report.sheet.term": ("Theo thời hạn", "by term"),
    "report.sheet.unit": ("Theo đơn vị", "by unit"),
    "report.sheet.signing": ("Chờ ký nhận", "signing"),
    "report.sheet.changes": ("Gia hạn, trả lại", "changes"),
    "report.sheet.sent": ("Lượt gửi", "dispatches"),
    "report.sheet.difficulties": ("Vướng mắc", "difficulties"),
    "report.sheet.cases": ("Danh sách việc", "cases"),
    "report.sheet.budget": ("Dự toán", "budget"),
    "report.title.total": ("Tình hình tiếp nhận và trả lời", "received and answered"),
    "report.title.limits": ("Việc có thời hạn theo Quy chế", "cases under a limit"),
    "report.title.targets": ("Việc có yếu tố nước ngoài (mốc phấn đấu)", "cases under a target"),
    "report.title.untimed": (
        "Đề nghị cung cấp thông tin, không tính thời hạn",
        "information requests without a term",
    ),
    "report.title.subject": ("Theo nội dung phối hợp", "by subject"),
    "report.title.term": ("Theo loại thời hạn", "by term"),
    "report.title.unit": ("Theo cơ quan chức năng được giao", "by unit"),
    "report.title.signing": ("Thời gian chờ ký nhận", "waiting before the signature"),
    "report.title.changes": (
        "Gia hạn, trả lại bổ sung hồ sơ, việc không còn tính",
        "extensions, returns, cases that fell out",
    ),
    "report.title.sent": ("Số lượt gửi trong kỳ", "dispatches of the period"),
    "report.title.difficulties": ("Vướng mắc, phát sinh", "difficulties"),
    "report.title.cases": ("Danh sách việc phối hợp trong kỳ", "cases of the period"),
    "report.title.budget": (
        "Số việc làm căn cứ lập dự toán kinh phí xác minh",
        "counts for the yearly budget estimate",
    ),
    "report.column.what": ("Chỉ tiêu", "figure"),
    "report.column.count": ("Số lượng", "count"),
    "report.column.subject": ("Nội dung", "subject"),
    "report.column.term": ("Loại thời hạn", "term"),
    "report.column.unit": ("Cơ quan chức năng", "unit"),
    "report.column.carried": ("Kỳ trước chuyển sang", "carried over"),
    "report.column.received": ("Tiếp nhận trong kỳ", "received"),
    "report.column.answered": ("Đã trả lời", "answered"),
    "report.column.in-time": ("Đúng hạn", "in time"),
    "report.column.extended": ("Có gia hạn", "extended"),
    "report.column.open": ("Đang xử lý", "open"),
    "report.column.past": ("Quá hạn", "overdue"),
    "report.column.target-passed": ("Quá mốc phấn đấu", "target passed"),
    "report.column.requests": ("Văn bản đề nghị, {who} ký nhận", "requests, signed by {who}"),
    "report.column.replies": ("Văn bản trả lời, {who} ký nhận", "replies, signed by {who}"),
    "report.column.kind": ("Loại", "kind"),
    "report.column.title": ("Trích yếu", "title"),
    "report.column.when": ("Thời điểm gửi", "sent"),
    "report.column.who": ("Bên gửi", "by"),
    "report.column.case": ("Mã số việc", "case"),
    "report.column.started": ("Ngày ký nhận", "signed for"),
    "report.column.original": ("Hạn theo Quy chế", "original date"),
    "report.column.due": ("Hạn theo thông báo", "announced date"),
    "report.column.answered-on": ("Ngày trả lời", "answered on"),
    "report.column.days": ("Số ngày", "days"),
    "report.column.outcome": ("Kết quả", "outcome"),
    "report.column.unit-cost": ("Định mức (đồng/việc)", "cost of one"),
    "report.column.cost": ("Thành tiền (đồng)", "cost"),
    # --- rows
    "report.row.carried": ("Kỳ trước chuyển sang", "carried over"),
    "report.row.received": ("Tiếp nhận trong kỳ", "received in the period"),
    "report.row.reopened": (
        "Tính lại do văn bản trả lời không dùng được",
        "counted again: the reply did not hold",
    ),
    "report.row.cases": ("Tổng số việc trong kỳ", "cases of the period"),
    "report.row.answered": ("Đã trả lời", "answered"),
    "report.row.fallen": ("Không còn tính (bì lỗi, thu hồi, kết thúc)", "fallen out"),
    "report.row.open": ("Đang xử lý cuối kỳ", "open at the end"),
    "report.row.in-time": ("Đúng hạn theo hạn đang tính (gồm gia hạn)", "in time, by the date in force"),
    "report.row.in-time-original": ("Đúng hạn theo hạn Quy chế", "in time, by the original date"),
    "report.row.answered-in-time": ("Đã trả lời đúng hạn", "answered in time"),
    "report.row.late": ("Trả lời trễ hạn", "answered late"),
    "report.row.open-within": ("Đang xử lý trong hạn", "open within the limit"),
    "report.row.open-soon": ("Sắp đến hạn", "soon due"),
    "report.row.open-past": ("Quá hạn, chưa trả lời", "past the limit"),
    "report.row.in-time-of-all": (
        "Đúng hạn so với số đã trả lời và số quá hạn",
        "in time, of those answered or overdue",
    ),
    "report.row.within-target": ("Trong mốc phấn đấu (gồm gia hạn)", "within the target in force"),
    "report.row.within-target-original": ("Trong mốc phấn đấu theo Quy chế", "within the original target"),
    "report.row.answered-in-target": ("Đã trả lời trong mốc phấn đấu", "answered within the target"),
    "report.row.past-target": ("Trả lời khi đã quá mốc phấn đấu", "answered after the target"),
    "report.row.open-within-target": ("Đang xử lý trong mốc phấn đấu", "open within the target"),
    "report.row.open-soon-target": ("Sắp đến mốc phấn đấu", "near the target"),
    "report.row.open-past-target": ("Quá mốc phấn đấu, chưa trả lời", "target passed"),
    "report.row.within-target-of-all": (
        "Trong mốc so với số đã trả lời và số quá mốc",
        "within the target, of those answered or past it",
    ),
    "report.row.undated": ("Chưa xác định được hạn", "without a date"),
    "report.row.median": ("Số ngày trả lời: trung vị", "days: median"),
    "report.row.p90": ("Số ngày trả lời: bách phân vị 90", "days: 90th percentile"),
    "report.row.longest": ("Số ngày trả lời: dài nhất", "days: longest"),
    "report.row.longest-first": ("Dài nhất, tính từ lần ký nhận đầu", "longest, from the first start"),
    "report.row.signed": ("Đã ký nhận trong kỳ", "signed for"),
    "report.row.signed-late": ("Ký nhận sau ngày làm việc tiếp theo", "signed after the next working day"),
    "report.row.urgent-late": ("Bì khẩn ký nhận chậm", "urgent ones signed late"),
    "report.row.wait-median": ("Số ngày làm việc chờ: trung vị", "working days waited: median"),
    "report.row.wait-longest": ("Số ngày làm việc chờ: dài nhất", "working days waited: longest"),
    "report.row.unsigned": ("Chưa ký nhận cuối kỳ", "unsigned at the end"),
    "report.row.unsigned-late": ("Trong đó hết thời gian chờ ký nhận", "of these, too long"),
    "report.row.extended": ("Số việc có gia hạn", "cases extended"),
    "report.row.extensions": ("Số thông báo gia hạn", "extension notices"),
    "report.row.extensions-late": ("Trong đó thông báo sau khi đã quá hạn", "of these, given late"),
    "report.row.returns": ("Số lần trả lại để bổ sung hồ sơ", "returns for completion"),
    "report.row.returns-late": ("Trong đó quá thời gian được tính lại hạn", "of these, too late to restart"),
    "report.row.restarts": ("Số lần tính lại hạn", "restarts of the clock"),
    "report.row.out-faulty": ("Không còn tính do bì lỗi", "fallen out: package faulty"),
    "report.row.out-recalled": ("Không còn tính do thu hồi", "fallen out: recalled"),
    "report.row.out-closed": ("Kết thúc khi chưa có trả lời", "closed without an answer"),
    "report.row.declined": ("Văn bản đề nghị bị từ chối tiếp nhận", "requests declined"),
    "report.row.withdrawn": ("Văn bản đề nghị được lấy lại", "requests withdrawn"),
    "report.row.others": ("Các nhóm ít việc, gộp chung: {names}", "small groups together: {names}"),
    "report.row.no-unit": ("{who}, chưa giao đơn vị", "{who}, no unit assigned"),
    "report.row.no-term": ("Không tính thời hạn", "no term"),
    "report.row.unknown-subject": ("Chưa rõ nội dung", "subject unknown"),
    "report.row.no-title": ("(chưa mở bì)", "(not opened)"),
    # --- notes under tables
    "report.note.balance": (
        "Kỳ trước chuyển sang + tiếp nhận + tính lại = đã trả lời + không còn tính + đang xử lý.",
        "carried over + received + reopened = answered + fallen out + open",
    ),
    "report.note.working-days": (
        "Số ngày là ngày làm việc, không kể ngày ký nhận.",
        "days are working days, the day of receipt not counted",
    ),
    "report.note.calendar-days": (
        "Số ngày là ngày theo lịch; quá mốc phấn đấu không phải là quá hạn.",
        "days are calendar days; a target passed is not overdue",
    ),
    "report.note.small": (
        "Nhóm ít việc được gộp chung; không thống kê đến cá nhân.",
        "small groups are merged; nothing is counted by officer",
    ),
    "report.note.signing": (
        "Ký nhận chậm nhất hết ngày làm việc tiếp theo; bì khẩn trong {hours} giờ.",
        "to be signed by the end of the next working day; urgent ones within {hours} hours",
    ),
    "report.note.difficulties": (
        "Trích yếu do bên lập báo cáo ghi theo bì đã mở.",
        "titles as declared by who made the report",
    ),
    "report.note.none": ("Không có.", "none"),
    "report.note.budget": (
        "Nhập định mức vào cột D; cột E tự tính theo số tiếp nhận.",
        "enter the cost of one in column D; column E multiplies it by those received",
    ),
    # --- the screen
    "report.made": ("Đã ghi {path}", "Wrote {path}"),
    "report.counts": (
        "Chuyển sang {carried}, tiếp nhận {received}, đã trả lời {answered}, đang xử lý {open}",
        "Carried over {carried}, received {received}, answered {answered}, open {open}",
    ),
    "report.rate": (
        "Đúng hạn {due}; theo hạn Quy chế {original}; quá hạn chưa trả lời {past}",
        "In time {due}; by the original date {original}; overdue {past}",
    ),
    "report.not-final": (
        "Nhật ký chưa đủ đối chứng đến cuối kỳ; chạy `kynhan sync` rồi lập lại để có căn cứ đầy đủ",
        "The log is not yet cosigned that far: run `kynhan sync` and make it again",
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
        "Mã nội dung của từng việc do bên lập báo cáo kê khai, không kiểm chứng được từ nhật ký",
        "Subjects are as declared by who made the report: the log does not tell them",
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

CLAUSES: Final[dict[str, tuple[str, str]]] = {
    "period.none": ("không có kỳ như vậy", "there is none of that name"),
    "period.backwards": ("ngày cuối trước ngày đầu", "it ends before it begins"),
    "report.none": ("không có báo cáo ở đây", "it holds no report"),
    "report.bad-pdf": ("tệp PDF không đọc được", "the PDF cannot be read"),
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
    "report.other-pdf": (
        "Số liệu kèm trong PDF khác với report.json",
        "The data inside the PDF is not the report beside it",
    ),
    "report.pages-unknown": (
        "Trang in của PDF không khớp với bản in lại từ số liệu: chỉ tin số liệu kèm theo",
        "The pages differ from those printed again from the data: trust only the data inside",
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
            "kynhan report send bao-cao/2026-03 --to bantc.example/kiem-tra",
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
            "kynhan report send bao-cao/2026-Q1 --to ccq.example/kiem-tra",
        ),
    ),
    "report verify": Help(
        ("Kiểm chứng báo cáo, không cần mạng", "check a report offline"),
        (
            "Tính lại mọi số liệu từ chứng cứ và nêu từng chỗ khác. FILE là report.json, tệp PDF, thư mục hoặc tệp tar"
            " như khi nhận được. Với --own: đối chiếu thêm với nhật ký và các bì đã mở của thư mục Ký nhận này.",
            "Counts every figure again from the evidence and names each difference. FILE is report.json, the PDF, or"
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
