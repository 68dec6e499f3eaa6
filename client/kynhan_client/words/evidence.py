"""Words of the screens about receipts, verifying, syncing and following live."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, tuple[str, str]]] = {
    "receipts.empty": ("Chưa có biên nhận nào", "There are no receipts yet"),
    "receipts.index": ("Mục", "entry"),
    "receipts.type": ("Văn bản ký", "statement"),
    "receipts.id": ("Mã số", "id"),
    "receipts.state": ("Đối chứng", "state"),
    "receipts.overdue": (
        "{count} biên nhận quá thời gian chờ đối chứng, từ {since}; kiểm tra bên đối chứng của hai đảng ủy",
        "{count} receipts are overdue to become final, since {since}; see to the witnesses of both committees",
    ),
    "receipts.upgraded": ("{count} biên nhận vừa đủ đối chứng", "{count} receipts became final"),
    "receipts.folder": ("Đã ghi {count} tệp vào {folder}", "Wrote {count} files into {folder}"),
    "receipts.bundle": (
        "Đã ghi {path} ({size}); kiểm chứng bằng `kynhan verify {path}`",
        "Wrote {path} ({size}); check it with `kynhan verify {path}`",
    ),
    "verify.verdict": ("{verdict}: {count} biên nhận", "{verdict}: {count} receipts"),
    "verify.incomplete": (
        "Chưa đủ không có nghĩa là sai: xin bên đưa chứng cứ những gì còn thiếu, tốt nhất là cả thư mục mà"
        " `kynhan receipts VIỆC --out THƯ-MỤC` ghi ra; tệp khóa gốc thì nêu bằng --roots.",
        "Not complete is not wrong: ask who gave you this for what is missing, best the whole folder that"
        " `kynhan receipts CASE --out FOLDER` writes; name a file of root keys by --roots.",
    ),
    "verify.aside-more": ("và {count} tệp khác", "and {count} more"),
    "verify.fingerprint": (
        "Dựa trên các khóa có mã đối chiếu sau; chỉ đáng tin nếu đã đối chiếu trực tiếp:",
        "It rests on the keys with this fingerprint, worth as much as comparing it in person:",
    ),
    "sync.done": (
        "Nhật ký: {size} mục, {new} mục mới; hai bên đối chứng đến mục {cosigned}",
        "Log: {size} entries, {new} new; {cosigned} witnessed by both sides",
    ),
    "sync.sent": ("Đã gửi: lượt {dispatch}", "Sent: dispatch {dispatch}"),
    "sync.queued": ("Chưa gửi được: lượt {dispatch} ({why})", "Still waiting: dispatch {dispatch} ({why})"),
    "sync.failed": (
        "Không gửi được, đã bỏ khỏi hàng chờ: việc {case}, lượt {dispatch} ({why}). Xem `kynhan case {case}`; nếu vẫn"
        " cần thì gửi lại từ đầu",
        "Cannot be sent, given up: case {case}, dispatch {dispatch} ({why}). See `kynhan case {case}`; if it is still"
        " needed, send it anew",
    ),
    "sync.header": (
        "Đã nhận khóa mở bì của lượt {dispatch}: `kynhan open {dispatch}`",
        "Header of dispatch {dispatch} here: `kynhan open {dispatch}`",
    ),
    "sync.upgraded": ("{count} biên nhận vừa đủ đối chứng", "{count} receipts became final"),
    "sync.pending": ("{count} biên nhận còn chờ đối chứng", "{count} receipts are still pending"),
    "sync.inbox": ("{count} bì chờ ký nhận: `kynhan inbox`", "{count} packages wait: `kynhan inbox`"),
    "sync.contested": (
        "Bên kia báo lỗi bì {dispatch} của ta, phải gửi lại: `kynhan case {case}`",
        "The other side says that our package {dispatch} is faulty; send it again: `kynhan case {case}`",
    ),
    "sync.reminder": ("Nhắc hạn: {what}", "Reminder: {what}"),
    "sync.evidence": ("Bằng chứng: {path}", "Evidence: {path}"),
    "watch.begin": ("Đang theo dõi {url}; Ctrl-C để dừng", "Following {url}; Ctrl-C stops"),
    "watch.witness": (
        "Bên đối chứng {member} đang chạy; Ctrl-C để dừng",
        "The witness {member} is running; Ctrl-C stops it",
    ),
    "watch.cosigned": ("Đã ký đối chứng {size} mục", "Cosigned {size} entries"),
    "watch.connected": ("Đã nối với máy trung chuyển", "Connected to the relay"),
    "news.arrived": ("bì mới chờ ký nhận:", "a package to sign for:"),
    "news.message": ("tin trao đổi mới:", "a message:"),
    "news.sent": ("đã gửi lượt", "sent dispatch"),
    "news.signed-for": ("đã được ký nhận:", "signed for:"),
    "news.opened": ("đã được mở:", "opened:"),
    "news.declined": ("bị từ chối tiếp nhận:", "declined:"),
    "news.withdrawn": ("đã được lấy lại:", "withdrawn:"),
    "news.due": ("hạn trả lời được đặt hoặc thay đổi:", "a due date was set or moved:"),
    "news.reminder": ("nhắc hạn:", "a reminder:"),
    "news.members": ("thay đổi về khóa hoặc quy ước", "keys or profile changed"),
    "watch.lost": ("Mất liên lạc với máy trung chuyển; sẽ thử lại", "Lost the relay; trying again"),
}
