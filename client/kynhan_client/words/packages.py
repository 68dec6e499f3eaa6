"""Words of the screens about sending, receiving and opening packages, and of transfers in progress."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, tuple[str, str]]] = {
    # transfers in progress
    "progress.hash": ("Đọc tệp", "reading"),
    "progress.seal": ("Niêm phong", "sealing"),
    "progress.upload": ("Gửi, chờ biên nhận", "sending, awaiting receipt"),
    "progress.fetch": ("Tải bì về", "fetching"),
    "progress.open": ("Mở bì, đối chiếu", "opening, checking"),
    "progress.stop": ("Ctrl-C: dừng", "stop"),
    # send, reply, message
    "send.ask-title": ("Trích yếu", "Title"),
    "send.title-note": (
        "Trích yếu không nêu họ tên; ghi 'theo danh sách kèm theo'.",
        "The title names no person; write 'as in the enclosed list'.",
    ),
    "send.renamed": (
        "Tên tệp có ký tự không gửi đi được: {own} được gửi với tên {name}",
        "A file's name holds characters that do not travel: {own} goes as {name}",
    ),
    "send.sent": (
        "Đã gửi, biên nhận của máy trung chuyển đã kiểm chứng (mục {index})",
        "Sent; the relay's receipt verifies (entry {index})",
    ),
    "send.case": ("Việc: {case}", "Case: {case}"),
    "send.dispatch": ("Lượt gửi: {dispatch}", "Dispatch: {dispatch}"),
    "send.queued": (
        "Đã niêm phong và giữ lại, chưa gửi được; `kynhan sync` sẽ gửi, `kynhan outbox` để xem hoặc bỏ",
        "Sealed and kept, not sent yet; `kynhan sync` will send it, `kynhan outbox` shows it and takes it back",
    ),
    # inbox
    "inbox.empty": ("Không có bì nào chờ ký nhận", "Nothing waits to be signed for"),
    "inbox.dispatch": ("Lượt gửi", "dispatch"),
    "inbox.from": ("Nơi gửi", "from"),
    "inbox.kind": ("Loại", "kind"),
    "inbox.size": ("Dung lượng", "size"),
    "inbox.since": ("Từ lúc", "since"),
    "inbox.fetched": ("Đã tải", "fetched"),
    "inbox.yes": ("✓ rồi", "✓ yes"),
    "inbox.no": ("chưa", "no"),
    "inbox.next": ("Ký nhận bằng `kynhan sign LƯỢT-GỬI`.", "Sign for one with `kynhan sign DISPATCH`."),
    # fetch, sign, decline
    "fetch.done": (
        "Đã tải đủ bì ({size}), khớp mã băm người gửi đã ký; ký nhận rồi mới mở được",
        "Fetched whole ({size}), as the sender signed it; it opens once it is signed for",
    ),
    "sign.package": (
        "Bì của {from_}: {kind}, {size}, gửi lúc {since}",
        "Package from {from_}: {kind}, {size}, sent {since}",
    ),
    "sign.meaning": (
        "Ký nhận nghĩa là đã nhận đủ bì; không có nghĩa là đồng ý với nội dung.",
        "Signing means that the package was received whole; it does not mean agreement with its content.",
    ),
    "sign.ask": ("Ký nhận?", "Sign for it?"),
    "sign.done": ("Đã ký nhận lúc {at}", "Signed for at {at}"),
    "sign.due": ("Hạn trả lời: hết ngày {date}", "Due: by the end of {date}"),
    "sign.header-here": (
        "Đã nhận khóa mở bì: `kynhan open {dispatch}`",
        "Header here: `kynhan open {dispatch}`",
    ),
    "sign.header-missing": (
        "Chưa nhận được khóa mở bì; chạy `kynhan sync` để lấy lại",
        "The header has not come yet; `kynhan sync` asks again",
    ),
    "decline.ask": ("Từ chối tiếp nhận với lý do: {reason}?", "Decline, because: {reason}?"),
    "decline.done": ("Đã từ chối tiếp nhận (mục {index})", "Declined (entry {index})"),
    # open
    "open.verified": (
        "Đã mở vào {folder}; từng tệp đúng như người gửi đã ký",
        "Opened into {folder}; every file is as the sender signed it",
    ),
    "open.faulty": (
        "Bì lỗi ({code}); nơi gửi được báo để gửi lại",
        "The package is faulty ({code}); its sender is told to send it again",
    ),
    "open.undelivered": (
        "Đã ghi nhận: ký nhận rồi mà chưa nhận được khóa mở bì",
        "Recorded: signed for, but the header has not come",
    ),
    "open.own": ("Bản lưu của chính ta, không báo kết quả mở", "Our own copy; no opening is reported"),
    "open.waiting": (
        "Kết quả mở chưa báo được; `kynhan sync` sẽ gửi",
        "The opening is not reported yet; `kynhan sync` will send it",
    ),
    "open.title": ("Trích yếu: {title}", "Title: {title}"),
    "open.number": ("Số, ký hiệu: {printed}, ngày {issued}", "Number: {printed}, dated {issued}"),
    "open.age": (
        "Đã ghi {path} ({size}): tệp age, mở được bằng age ≥ 1.3 và tar",
        "Wrote {path} ({size}): an age file for age ≥ 1.3 and tar",
    ),
}
