"""What each option means: one line in Vietnamese and in English, as the help shows it."""

from __future__ import annotations

from typing import Final

OPTIONS: Final[dict[str, tuple[str, str]]] = {
    # every command
    "home": ("Thư mục Ký nhận", "home folder (KYNHAN_HOME, else ~/.kynhan)."),
    "passphrase-file": ("Tệp chứa cụm mật khẩu", "file whose first line is the passphrase."),
    "passphrase-fd": ("Số mô tả tệp để đọc cụm mật khẩu", "descriptor to read the passphrase from."),
    "lang": ("Ngôn ngữ", "language (KYNHAN_LANG)."),
    "json": ("Kết quả cho chương trình khác", "machine-readable output."),
    "demo-clock": ("Chỉ để trình diễn trên máy này", "loopback demonstration only."),
    "yes": ("Không hỏi lại", "do not ask."),
    # keys and trust
    "init.committee": ("Tên đảng ủy", "name of the committee, as ccq.example."),
    "init.holder": ("Người hoặc đơn vị giữ khóa", "person or unit that holds the keys."),
    "init.clerk": ("Tên của văn thư", "the clerk's local name."),
    "init.witness": ("Tạo khóa đối chứng", "make a witness key too."),
    "init.join": ("Chỉ tạo khóa của một người (đơn vị)", "one member's keys only."),
    "init.member": ("Tên người (đơn vị), như ca.example/pc03", "name of the member."),
    "init.role": ("Vai trò đề nghị (lặp lại được)", "role asked for (may be repeated)."),
    "init.out": ("Tệp đề nghị cấp khóa", "request file to write."),
    "invite.role": ("Vai trò (lặp lại được)", "role (may be repeated)."),
    "invite.holder": ("Người hoặc đơn vị giữ khóa", "person or unit, if other than in the request."),
    "invite.not-after": ("Ngày cuối có hiệu lực", "last day of validity."),
    "invite.out": ("Tệp kết quả đưa lại cho người được cấp", "file to give back to the member."),
    "trust.relay": ("Tệp do máy trung chuyển cấp, hoặc tệp cấp khóa", "the relay's file, or an invitation."),
    "trust.digits": ("60 chữ số bên kia đọc", "the 60 digits that the other side reads out."),
    # profile
    "profile.requesting": ("Bên đề nghị", "requesting committee."),
    "profile.responding": ("Bên trả lời", "responding committee."),
    "profile.out": ("Tệp để ghi", "file to write."),
    "profile.number": ("Số, ký hiệu của Quy chế", "number of the regulation."),
    "profile.date": ("Ngày ban hành Quy chế", "its date of issue."),
    # sending
    "send.to": ("Nơi nhận: đảng ủy hoặc người (đơn vị)", "committee or member to send to."),
    "send.kind": (
        "Loại: request (văn bản đề nghị phối hợp), supplement (văn bản bổ sung hồ sơ), "
        "message (tin trao đổi), question (đề nghị làm rõ), answer (nội dung làm rõ), "
        "reply (văn bản trả lời kết quả), interim (thông tin chưa kết luận), "
        "extension (thông báo gia hạn thời gian trả lời), return (trả lại để bổ sung hồ sơ), "
        "assignment (giao cơ quan chức năng), notice (chủ động cung cấp thông tin), "
        "conference (đề xuất hội nghị), minutes (biên bản hội nghị), opinion (xin ý kiến bằng văn bản), "
        "closing (kết thúc việc phối hợp), recall (đề nghị thu hồi), correction (đính chính thời hạn), "
        "note (phiếu ghi nội dung trao đổi trực tiếp), difficulty (vướng mắc, phát sinh), "
        "draft (dự thảo trình duyệt), report (báo cáo định kỳ)",
        "kind of dispatch.",
    ),
    "send.term": (
        "Loại thời hạn: in-province (trong tỉnh), in-country (trong nước, ngoài tỉnh),"
        " foreign (có yếu tố nước ngoài)",
        "time limit.",
    ),
    "send.subject": ("Nội dung phối hợp, như 3.1", "subject code of the profile."),
    "send.title": (
        "Trích yếu; không nêu họ tên, ghi 'theo danh sách kèm theo'",
        "title; it names no person.",
    ),
    "send.cover": ("Tệp .toml có các mục đăng ký văn bản", "file with the register fields."),
    "send.urgency": (
        "Độ khẩn: khan (Khẩn), thuong-khan (Thượng khẩn), hoa-toc (Hỏa tốc)",
        "urgency, on the outside.",
    ),
    "send.secrecy": (
        "Độ mật: khong-mat (Không mật), mat (Mật), toi-mat (Tối mật), tuyet-mat (Tuyệt mật). Từ Mật trở lên không gửi"
        " được giữa hai trụ sở: Luật 117/2025/QH15 (Điều 5 khoản 2) chỉ cho soạn thảo, lưu giữ bí mật nhà nước trên máy"
        " thuộc mạng LAN độc lập trong một trụ sở",
        "secrecy marking. What is marked mat or higher cannot travel between two offices: Law 117/2025/QH15 (Article 5"
        " clause 2) keeps state secrets on machines of an isolated LAN inside one headquarters.",
    ),
    "send.case": ("Việc đã có (mặc định: việc mới)", "existing case (default: a new one)."),
    "send.regarding": ("Lượt gửi được trả lời, bổ sung …", "the dispatch that this is about."),
    "send.about": ("Việc con (UUID)", "topic within the case (UUID)."),
    "send.due": ("Ngày thông báo (gia hạn)", "announced date (extension)."),
    "message.text-file": ("Lấy lời từ tệp", "take the words from a file."),
    # receiving
    "decline.code": (
        "Lý do: wrong-addressee (gửi nhầm nơi nhận), duplicate (gửi trùng), damaged (bì hỏng),"
        " not-competent (không thuộc thẩm quyền), secrecy (độ mật không phù hợp), other (lý do khác)",
        "reason.",
    ),
    "open.out": ("Thư mục để ghi (mặc định: 12 chữ số đầu)", "folder to write into."),
    "open.age": ("Ghi bì thành một tệp age, không mở", "write the package as one age file."),
    "open.force": ("Ghi đè tệp đã có", "overwrite files that exist."),
    "open.undelivered": ("Ghi nhận khóa mở bì không về", "record that the header never came."),
    # cases and time
    "case.why": ("Giải thích hạn từng ngày", "explain the date, day by day."),
    "due.received": ("Lúc ký nhận", "when it was signed for."),
    "due.term": (
        "Loại thời hạn: in-province (trong tỉnh), in-country (trong nước, ngoài tỉnh),"
        " foreign (có yếu tố nước ngoài)",
        "time limit.",
    ),
    "due.extend": ("Gia hạn N ngày làm việc kể từ hạn", "N working days from the due date."),
    "due.calendar": ("Lịch làm việc khác (JSON)", "another calendar document."),
    # evidence
    "receipts.upgrade": ("Lấy bản đủ đối chứng", "ask for final ones."),
    "receipts.bundle": ("Gói một biên nhận cùng mọi căn cứ", "one receipt with all it needs."),
    "receipts.out": ("Thư mục (việc) hoặc tệp .tar (gói)", "folder (case) or .tar file (bundle)."),
    "evidence.out": ("Thư mục mới để ghi", "new folder to write into."),
    "verify.policy": ("Tệp chính sách tin cậy", "tlog-policy file to trust."),
    "verify.roots": ("Tệp khóa gốc, mỗi dòng một khóa", "file of root vkeys, one a line."),
    "verify.ed25519-until": (
        "Không tin chữ ký Ed25519 sau ngày này",
        "last day on which Ed25519 is relied on.",
    ),
    # following
    "watch.witness": ("Làm bên đối chứng của đảng ủy", "act as the committee's witness."),
    "watch.once": ("Một lượt rồi thôi", "one round only."),
}
