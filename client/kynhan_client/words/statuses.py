"""Labels of codes: phases, kinds, roles, verdicts, secrecy. Vietnamese as in REGULATION "Words on the screen".

Kinds of dispatch, phases and statuses of a case have theirs in protocol/, where both sides share them.
"""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, tuple[str, str]]] = {
    "verdict.VALID": ("✓ HỢP LỆ", "VALID"),
    "verdict.INVALID": ("✗ KHÔNG HỢP LỆ", "INVALID"),
    "verdict.INCOMPLETE": ("? CHƯA ĐỦ CĂN CỨ", "INCOMPLETE"),
    "receipt.final": ("✓ đủ đối chứng", "final"),
    "receipt.pending": ("chờ đối chứng", "pending"),
    "receipt.missing": ("chưa lấy về", "not fetched"),
    "role.clerk": ("văn thư", "clerk"),
    "role.approver": ("người duyệt phát hành", "approver"),
    "role.unit": ("cơ quan chức năng", "unit"),
    "role.witness": ("bên đối chứng", "witness"),
    "role.auditor": ("kiểm tra", "auditor"),
    "urgency.khan": ("Khẩn", "urgent"),
    "urgency.thuong-khan": ("Thượng khẩn", "very urgent"),
    "urgency.hoa-toc": ("Hỏa tốc", "express"),
    "sent.sent": ("chờ ký nhận", "not signed for"),
    "sent.received": ("đã ký nhận", "signed for"),
    "sent.declined": ("bị từ chối tiếp nhận", "declined"),
    "sent.withdrawn": ("đã lấy lại", "withdrawn"),
    "opening.verified": ("đã mở, đúng", "opened, verified"),
    "opening.faulty": ("bì lỗi", "faulty"),
    "opening.undelivered": ("chưa có khóa mở bì", "header not delivered"),
    "fault.header": ("phần đầu bì không đọc được", "header"),
    "fault.payload": ("nội dung không giải mã được", "payload"),
    "fault.manifest": ("bản kê không đúng", "manifest"),
    "fault.no-stanza": ("không có khóa mở bì cho nơi nhận", "no-stanza"),
    "fault.approval": ("thiếu chữ ký duyệt phát hành", "approval"),
    "type.membership": ("cấp khóa", "membership"),
    "type.revocation": ("thu hồi khóa", "revocation"),
    "type.profile": ("ký quy ước", "profile"),
    "type.succession": ("thay khóa gốc", "succession"),
    "type.dispatch": ("lượt gửi", "dispatch"),
    "type.receipt": ("ký nhận", "receipt"),
    "type.opening": ("kết quả mở bì", "opening"),
    "type.decline": ("từ chối tiếp nhận", "decline"),
    "type.withdrawal": ("lấy lại", "withdrawal"),
    "type.destruction": ("tiêu hủy", "destruction"),
    "type.calendar": ("lịch làm việc", "calendar"),
    "type.acceptance": ("tiếp nhận", "acceptance"),
    "type.handover": ("trao khóa mở bì", "handover"),
    "type.due": ("hạn trả lời", "due date"),
    "type.reminder": ("nhắc hạn", "reminder"),
    "decline.wrong-addressee": ("gửi nhầm nơi nhận", "wrong addressee"),
    "decline.duplicate": ("gửi trùng", "duplicate"),
    "decline.damaged": ("bì hỏng", "damaged"),
    "decline.not-competent": ("không thuộc thẩm quyền", "not competent"),
    "decline.secrecy": ("độ mật không phù hợp", "secrecy"),
    "decline.other": ("lý do khác", "other"),
}
