"""Words of the screens about cases and deadlines."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, tuple[str, str]]] = {
    "due.result": ("Hạn trả lời: hết ngày {date}", "Due: by the end of {date}"),
    "due.target": ("Mốc phấn đấu: hết ngày {date}", "Target: by the end of {date}"),
    "due.provisional": (
        "Ngày dự kiến: lịch làm việc của năm liên quan chưa được quyết định chính thức",
        "Provisional: the calendar of a year it touches is still a draft",
    ),
    "cases.empty": ("Chưa có việc phối hợp nào", "There are no cases yet"),
    "cases.case": ("Việc", "case"),
    "cases.title": ("Trích yếu", "title"),
    "cases.status": ("Tình trạng", "status"),
    "cases.waiting": ("Chờ", "waits for"),
    "due.unchecked": (
        "Ngày theo máy trung chuyển, chưa kiểm được: chưa có tệp lịch làm việc",
        "The date is the relay's, not checked: the calendar is not at hand",
    ),
    "left.unchecked": ("theo máy trung chuyển, chưa kiểm được", "by the relay, not checked"),
    "case.as-of": (
        "Theo mốc đối chứng gồm {size} mục của nhật ký, lập lúc {at}",
        "As of the checkpoint of {size} log entries, made at {at}",
    ),
    "cases.due": ("Hạn trả lời", "due"),
    "cases.untitled": ("(chưa mở được bì)", "(not opened)"),
    "case.head": ("Việc phối hợp {case}", "Case {case}"),
    "case.title": ("Trích yếu: {title}", "Title: {title}"),
    "case.status": ("Tình trạng: {status}", "Status: {status}"),
    "case.due": ("Hạn trả lời: hết ngày {date}", "Due: by the end of {date}"),
    "case.due-target": ("Mốc phấn đấu: hết ngày {date}", "Target: by the end of {date}"),
    "case.due-original": (
        "Hạn theo Quy chế: {original}; theo thông báo: {date}",
        "Original date: {original}; announced: {date}",
    ),
    "case.paused": (
        "Tạm ngừng tính hạn từ {date}: chưa ai phải giữ ngày này",
        "The clock stands still since {date}: nobody has to keep this date",
    ),
    "case.contested": (
        "Đang báo lỗi bì {dispatch} ({code}): chưa tính đúng hạn hay quá hạn",
        "Package {dispatch} is said to be faulty ({code}): neither in time nor overdue meanwhile",
    ),
    "case.contested-sender": (
        "Bên gửi: gửi lại như lần đầu (`kynhan request --case`, `kynhan reply`); nếu bản giữ tại bên gửi không có"
        " lỗi, chương trình cho biết và gửi lại tệp bằng `kynhan supplement` hoặc `kynhan reply`",
        "Its sender: send the same again (`kynhan request --case`, `kynhan reply`); if the sender's own copy has no"
        " fault, the program says so, and the files go again by `kynhan supplement` or `kynhan reply`",
    ),
    "case.contested-addressee": (
        "Bên nhận: mở lại được (`kynhan open {dispatch}`) thì hết báo lỗi; hai bên cùng bỏ bì này: `kynhan correct"
        " --void`",
        "Its addressee: opening it after all (`kynhan open {dispatch}`) takes that back; both sides can void it:"
        " `kynhan correct --void`",
    ),
    "case.waiting": ("Chờ {who}: {what}, từ {since}", "Waiting for {who}: {what}, since {since}"),
    "case.dispatches": ("Các lượt gửi", "Dispatches"),
    "case.index": ("Mục", "entry"),
    "case.at": ("Lúc", "at"),
    "case.kind": ("Loại", "kind"),
    "case.route": ("Nơi gửi → nhận", "from → to"),
    "case.state": ("Trạng thái", "state"),
    "case.reminders": ("Nhắc hạn", "Reminders"),
    "case.reminder": ("{at}: {step}, gửi {to}", "{at}: {step}, to {to}"),
    "case.objections": ("Không đúng quy tắc, không có hiệu lực", "Against the rules, without effect"),
    "case.why": ("Cách tính hạn, từng ngày", "How the date was counted, day by day"),
    "case.no-due": ("Việc này không có hạn đang tính", "No time limit runs in this case"),
    "step.before": ("trước hạn {n} ngày làm việc", "{n} working day(s) before"),
    "step.on-day": ("đúng ngày đến hạn", "on the day"),
    "step.after": ("sau hạn {n} ngày làm việc", "{n} working day(s) after"),
    "step.unsigned": ("chờ ký nhận {n} ngày làm việc", "unsigned for {n} working day(s)"),
    "step.contested": (
        "bì gửi {n} ngày làm việc trước đang bị báo lỗi",
        "sent {n} working day(s) ago, said to be faulty",
    ),
    "step.declined": (
        "văn bản bổ sung gửi {n} ngày làm việc trước bị từ chối tiếp nhận",
        "supplement sent {n} working day(s) ago, declined",
    ),
}
