"""What fills the blanks of an error's sentence, in both languages: reasons, things, and what exceptions mean.

    problem("bad-letter", why=clause("no-term", subject="3.1"))
    problem("bad-file", path=path, why=error)              # because(error) puts it into words

A Pair is (Vietnamese, English), as in words/. What only a technician can use stays English, behind a Vietnamese clause
and marked as technical.
"""

from __future__ import annotations

import errno
from typing import Final

from kynhan_protocol.errors import CaseRuleError, ProtocolError
from kynhan_protocol.wire import api

from . import words

Pair = tuple[str, str]

"""Clauses that fill a blank: Vietnamese, English."""

TECHNICAL: Final[Pair] = ("{vi} (chi tiết kỹ thuật: {detail})", "{detail}")

BY_CODE: Final[dict[str, Pair]] = {
    "name-empty": ("tệp không có tên", "it has no name"),
    "name-characters": ("tên có ký tự không nhìn thấy được", "it holds characters that cannot be seen"),
    "name-too-long": ("tên quá dài", "it is too long"),
    "name-not-nfc": ("tên không ở dạng Unicode chuẩn NFC", "it is not in Unicode form NFC"),
    "name-absolute": ("tên là một đường dẫn tuyệt đối", "it is absolute"),
    "name-climbs": ("tên dẫn ra ngoài thư mục", "it climbs out of its folder"),
    "name-reserved": ("tên được dành riêng ở một số hệ điều hành", "it is reserved on some systems"),
    "name-too-deep": ("tên nằm sâu quá 8 lớp thư mục", "it lies more than 8 folders deep"),
    "too-many-files": ("bì có quá 10.000 tệp", "the package has more than 10,000 files"),
    "too-many-folders": ("bì có quá 1.000 thư mục", "the package has more than 1,000 folders"),
    "name-repeated": ("trùng tên với tệp khác", "it repeats another one"),
    "no-term": ("hồ sơ quy chế không có loại thời hạn này", "the profile has no such term"),
    "no-subject": ("hồ sơ quy chế không có mã nội dung này", "the profile has no such subject"),
    "no-party": ("không phải là bên tham gia quy chế", "it is not a party of the profile"),
    "no-secrecy": ("không có độ mật này", "there is no such marking"),
    "not-isolated": (
        "mức trên Không mật phải có `isolated-lan` true và nơi đặt mạng (`place`), hai đảng ủy cùng ký: Luật"
        " 117/2025/QH15 (Điều 5 khoản 2) cấm soạn thảo, lưu giữ bí mật nhà nước trên máy có nối mạng, trừ mạng LAN"
        " độc lập trong một trụ sở",
        "a ceiling above khong-mat needs `isolated-lan` true and the LAN's `place`, attested by both: Law 117/2025/QH15"
        " (Article 5 clause 2) forbids drafting or keeping state secrets on a machine joined to any network but an"
        " isolated LAN inside one headquarters",
    ),
    "no-lan-place": (
        "`isolated-lan` true phải đi cùng nơi đặt mạng (`place`)",
        "`isolated-lan` true and the LAN's `place` go together",
    ),
}
"""What a ProtocolError's code says by itself; the name or code it is about stands in the sentence around it."""

BY_CLASS: Final[dict[str, str]] = {
    "NameFormatError": "không đúng cách đặt tên",
    "StatementError": "văn bản ký không đúng thể thức",
    "ManifestError": "thông tin văn bản không đúng thể thức",
    "PackageError": "bì không đúng quy cách",
    "ProfileError": "hồ sơ quy chế không đúng dạng",
    "CalendarError": "lịch làm việc không đúng dạng hoặc chưa đủ năm",
    "ChainError": "chuỗi văn bản gốc không đúng",
    "EvidenceError": "chưa đủ căn cứ",
    "StrictJsonError": "nội dung không đúng dạng JSON quy định",
    "ValidationError": "có mục không đúng kiểu",
    "TOMLDecodeError": "không đúng dạng TOML",
    "UnicodeDecodeError": "không phải văn bản UTF-8",
    "KeysError": "chữ ký, khóa hoặc bằng chứng không đúng",
}
"""What an exception is about, by the name of its class or of one it inherits from."""

BY_ERRNO: Final[dict[int, Pair]] = {
    errno.ENOENT: ("không có tệp hoặc thư mục này", "no such file or folder"),
    errno.EACCES: ("không có quyền truy cập", "permission denied"),
    errno.EPERM: ("không được phép làm việc này", "operation not permitted"),
    errno.EISDIR: ("đây là một thư mục", "it is a folder"),
    errno.ENOTDIR: ("có phần trong đường dẫn không phải thư mục", "a part of the path is not a folder"),
    errno.EEXIST: ("đã có sẵn", "it exists already"),
    errno.ENOTEMPTY: ("thư mục không trống", "the folder is not empty"),
    errno.EROFS: ("ổ đĩa chỉ cho đọc", "the disk is read-only"),
    errno.EIO: ("lỗi đọc ghi của ổ đĩa", "the disk failed"),
    errno.ELOOP: ("liên kết vòng", "the links go round in circles"),
    errno.ENAMETOOLONG: ("tên quá dài", "the name is too long"),
    errno.EBADF: ("số mô tả tệp không mở", "the descriptor is not open"),
    errno.EMFILE: ("mở quá nhiều tệp cùng lúc", "too many files are open"),
    errno.ETXTBSY: ("tệp đang được dùng", "the file is in use"),
}
"""What the system refuses, by errno."""

RELAY: Final[dict[str, str]] = {
    "bad-request": "yêu cầu không đúng dạng",
    "bad-json": "nội dung gửi lên không đúng dạng JSON quy định",
    "bad-target": "địa chỉ yêu cầu không đúng dạng",
    "bad-statement": "văn bản ký không đúng thể thức",
    "bad-signature": "có chữ ký không đúng",
    "bad-checkpoint": "mốc đối chứng hoặc chữ ký đối chứng không dùng được",
    "digest-mismatch": "mã băm của nội dung gửi lên không khớp",
    "unauthorized": "yêu cầu không do người được cấp khóa đang có hiệu lực ký",
    "forbidden": "vai trò của người này không được làm việc đó",
    "not-found": "không có, hoặc không dành cho bạn",
    "method-not-allowed": "địa chỉ này không nhận cách gọi đó",
    "request-timeout": "yêu cầu đến quá chậm",
    "stale": "văn bản ký lập từ thông tin đã cũ",
    "not-now": "tình trạng của việc chưa cho phép",
    "not-in-force": "khóa của người ký không còn hiệu lực",
    "seen-unknown": "mốc đối chứng đã thấy không thuộc nhật ký này",
    "header-used": "khóa mở bì này đã dùng cho lượt gửi khác",
    "body-used": "nội dung bì này đã dùng cho lượt gửi khác",
    "duplicate-member": "khóa hoặc người được cấp khóa này đã có",
    "profile-not-in-force": "hồ sơ quy chế được nêu không phải bản đang có hiệu lực",
    "too-many-channels": "đã đủ số kênh nhận nhắc hạn của một người",
    "upload-offset": "nội dung gửi lên phải tiếp tục từ chỗ khác",
    "conflict": "yêu cầu mâu thuẫn với nhật ký",
    "precondition-failed": "máy không dùng phiên bản giao thức được yêu cầu",
    "too-large": "nội dung gửi lên quá lớn",
    "unsupported-encoding": "máy không nhận nội dung nén",
    "unsupported-media-type": "máy không nhận loại nội dung này",
    "range-not-satisfiable": "phần được hỏi nằm ngoài nội dung bì",
    "bad-channel": "máy trung chuyển không gửi đến nơi đó",
    "bad-code": "không có kênh nào đang chờ mã này",
    "unknown-relay": "văn bản ký gửi cho máy trung chuyển khác",
    "outside-window": "thời điểm ghi nằm ngoài khoảng cho phép",
    "header-mismatch": "khóa mở bì không khớp với văn bản ký",
    "body-mismatch": "nội dung bì không khớp với văn bản ký",
    "document-mismatch": "tài liệu kèm theo không khớp với văn bản ký",
    "rate-limited": "quá nhiều yêu cầu hoặc kết nối từ địa chỉ này",
    "internal": "máy trung chuyển gặp lỗi; chưa có gì bị thay đổi",
    "clock-behind": "đồng hồ của máy trung chuyển chậm hơn mục đã ký sau cùng",
    "clock-doubt": "đồng hồ của máy trung chuyển đang chờ bên đối chứng xác nhận",
    "unavailable": "máy trung chuyển chưa làm được việc này lúc này",
    "disk-full": "máy trung chuyển hết chỗ lưu",
}
"""The problem codes of api.PROBLEMS in Vietnamese."""


def clause(key: str, **blanks: object) -> Pair:
    """The clause `key`, its blanks filled, each language with its own. Raises KeyError for one that is not there."""
    vi, en = words.CLAUSES[key]
    return vi.format_map(filled(blanks, 0)), en.format_map(filled(blanks, 1))


def because(error: BaseException) -> Pair:
    """What an exception means to whoever reads the sentence around it."""
    detail = str(error).rstrip(".") or type(error).__name__
    if isinstance(error, CaseRuleError):
        return error.sentence_vi.rstrip("."), detail
    if isinstance(error, ProtocolError) and error.code in BY_CODE:
        return BY_CODE[error.code]
    if isinstance(error, OSError) and error.errno is not None:
        known = BY_ERRNO.get(error.errno)
        return known or technical("hệ thống không cho phép", error.strerror or detail)
    if isinstance(error, UnicodeDecodeError):
        return clause("file.not-utf-8")
    names = (each.__name__ for each in type(error).__mro__)
    return technical(
        next((BY_CLASS[name] for name in names if name in BY_CLASS), "nội dung không đúng quy định"), detail
    )


def technical(vi: str, detail: str) -> Pair:
    """An English detail behind a Vietnamese clause; alone in English."""
    return tuple(each.format(vi=vi, detail=detail) for each in TECHNICAL)  # type: ignore[return-value]


def relay_says(code: str, detail: str) -> Pair:
    """Why the relay refuses: its code in words, its sentence behind it."""
    title = api.PROBLEMS.get(code, (0, ""))[1]
    told = detail.rstrip(".") or title or code
    vi = RELAY.get(code, "lý do mà phiên bản này chưa biết")
    return (vi, told) if told == title else technical(vi, told)


def filled(blanks: dict[str, object], language: int) -> dict[str, object]:
    """The blanks of a sentence in one language (0 Vietnamese, 1 English); exceptions in words."""
    return {name: _in(value, language) for name, value in blanks.items()}


def _in(value: object, language: int) -> object:
    if isinstance(value, BaseException):
        value = because(value)
    return value[language] if isinstance(value, tuple) else value
