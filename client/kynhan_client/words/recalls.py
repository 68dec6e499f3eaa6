"""Words of taking back and destroying."""

from __future__ import annotations

from typing import Final

from .help import Help
from .told import Told

WORDS: Final[dict[str, tuple[str, str]]] = {
    "withdraw.ask": ("Lấy lại bì {dispatch}, lý do: {reason}?", "Take back {dispatch}, because: {reason}?"),
    "withdraw.done": (
        "Đã lấy lại bì {dispatch}, không ai ký nhận được nữa (mục {index})",
        "Took back {dispatch}; nobody can sign for it any more (entry {index})",
    ),
    "recall.ask": (
        "Đề nghị {to} trả lại và hủy bản đã ký nhận?",
        "Ask {to} to give back and destroy what was signed for?",
    ),
    "recall.ask-agree": (
        "Đồng ý thu hồi: hủy hẳn bản của ta về bì {dispatch}?",
        "Agree, and destroy our copy of {dispatch} for good?",
    ),
    "recall.agreed": (
        "Đã đồng ý thu hồi: bản của ta về bì {dispatch} đã hủy, có ký xác nhận (mục {index})",
        "Agreed: our copy of {dispatch} is destroyed, and that is signed (entry {index})",
    ),
    "destroy.ask": (
        "Hủy hẳn bản của ta về bì {dispatch}, lý do: {reason}? Không lấy lại được.",
        "Destroy our copy of {dispatch} for good, because: {reason}?",
    ),
    "destroy.done": (
        "Đã hủy bản của ta về bì {dispatch}, có ký xác nhận (mục {index}); chứng cứ vẫn giữ",
        "Our copy of {dispatch} is destroyed, and that is signed (entry {index}); the evidence stays",
    ),
    "destroy.before": (
        "Đảng ủy ta đã ký xác nhận tiêu hủy từ trước; bản ở đây nay đã hủy: {dispatch}",
        "Our committee had signed the destruction before; the copy here is destroyed now: {dispatch}",
    ),
    "destroy.unpacked": (
        "Các tệp đã mở ra ở {folder} nằm ngoài thư mục Ký nhận: hãy tự hủy",
        "The files unpacked in {folder} lie outside the home: destroy them yourself",
    ),
    "destroy.none": ("Không có bì nào quá thời hạn lưu", "No package is past the time it is kept"),
    "destroy.how": (
        "Chưa hủy gì. Hủy các bì này bằng `kynhan destroy --expired --yes`.",
        "Nothing was destroyed. `kynhan destroy --expired --yes` destroys these.",
    ),
    "destroy.count": ("Đã hủy {count} bì, có ký xác nhận", "Destroyed {count} package(s), each signed"),
    "destroy.dispatch": ("Lượt gửi", "dispatch"),
    "destroy.kind": ("Loại", "kind"),
    "destroy.since": ("Từ ngày", "since"),
    "destroy.until": ("Lưu đến", "kept until"),
    "destroy.recorded": ("đã ký tiêu hủy", "signed as destroyed"),
    "act.queued": (
        "Đã ghi lại, chưa báo được máy trung chuyển; `kynhan sync` sẽ gửi, `kynhan outbox` để xem",
        "Recorded, the relay does not know yet; `kynhan sync` will send it, `kynhan outbox` shows it",
    ),
    "case.destroyed": ("đã tiêu hủy: {by}", "destroyed: {by}"),
    "withdrawal.mistake": ("gửi nhầm", "sent by mistake"),
    "withdrawal.wrong-addressee": ("sai nơi nhận", "wrong addressee"),
    "withdrawal.incomplete": ("hồ sơ chưa đủ", "incomplete"),
    "withdrawal.not-needed": ("không còn cần", "no longer needed"),
    "withdrawal.no-key": ("khóa nơi nhận không còn hiệu lực", "no addressee key in force"),
    "withdrawal.other": ("lý do khác", "other"),
    "destruction.retention": ("hết thời hạn lưu", "retention time is over"),
    "destruction.ordered": ("theo yêu cầu tiêu hủy", "ordered"),
    "destruction.recalled": ("bị thu hồi", "recalled"),
    "destruction.other": ("lý do khác", "other"),
}

TROUBLE: Final[dict[str, Told]] = {
    "destroyed": Told(
        "the package {dispatch} was destroyed by your committee",
        "bì {dispatch} đã được đảng ủy ta tiêu hủy",
        "Only its statements and receipts are kept; ask its sender for it again if it is needed.",
        "Chỉ còn giữ văn bản ký và biên nhận; nếu cần, đề nghị nơi gửi gửi lại.",
    ),
    "still-carried": Told(
        "the package {dispatch} is also kept inside the assignment {carrier} to {unit}: nothing was destroyed",
        "bì {dispatch} còn nằm trong bì giao cơ quan chức năng {carrier} gửi {unit}: chưa hủy gì",
        "First `kynhan destroy {carrier} --code other`, then this again.",
        "Hãy chạy `kynhan destroy {carrier} --code other` trước, rồi làm lại việc này.",
    ),
}

CLAUSES: Final[dict[str, tuple[str, str]]] = {
    "recall.none": ("không có đề nghị thu hồi nào đang chờ ta", "no recall waits for our answer"),
    "recall.which": (
        "có nhiều đề nghị thu hồi đang chờ; hãy nêu lượt gửi",
        "more than one recall waits: name the dispatch",
    ),
}

OPTIONS: Final[dict[str, tuple[str, str]]] = {
    "withdraw.code": (
        "Lý do: mistake (gửi nhầm), wrong-addressee (sai nơi nhận), incomplete (hồ sơ chưa đủ),"
        " not-needed (không còn cần), no-key (khóa nơi nhận không còn hiệu lực), other (lý do khác)",
        "reason.",
    ),
    "recall.reason": ("Lý do thu hồi, niêm phong (- là đầu vào chuẩn)", "why, sealed (- is stdin)."),
    "recall.refuse-reason": ("Lý do từ chối, niêm phong (- là đầu vào chuẩn)", "why, sealed (- is stdin)."),
    "destroy.code": (
        "Lý do: retention (hết thời hạn lưu), ordered (theo yêu cầu tiêu hủy), other (lý do khác)",
        "reason.",
    ),
    "destroy.expired": (
        "Các bì quá thời hạn lưu: liệt kê; với --yes thì hủy",
        "packages past their time: list, with --yes destroy.",
    ),
}

COMMANDS: Final[dict[str, Help]] = {
    "withdraw": Help(
        ("Lấy lại bì chưa ai ký nhận", "take back what nobody signed for"),
        (
            "Lấy lại một bì của ta khi chưa ai ký nhận: từ đó không ai ký nhận, không ai mở được. Đã ký nhận thì dùng"
            " `kynhan recall`.",
            "Takes back a package of ours that nobody has signed for: from then on nobody can sign for it or open it."
            " Once it is signed for, `kynhan recall`.",
        ),
        ("kynhan withdraw 3f9a61 --code mistake",),
    ),
    "recall": Help(
        ("Thu hồi bì đã ký nhận", "recall what was signed for"),
        (
            "Đề nghị bên nhận trả lại bì đã ký nhận; bên nhận đồng ý (hủy bản của mình và ký xác nhận) hoặc từ chối,"
            " có lý do. `kynhan recall LƯỢT-GỬI` là `kynhan recall ask LƯỢT-GỬI`.",
            "Asks the recipient to give back what was signed for; the recipient agrees (destroys its copy and signs"
            " that) or refuses, with the reason. `kynhan recall DISPATCH` is `kynhan recall ask DISPATCH`.",
        ),
        (
            'kynhan recall 3f9a61 --reason "Gửi nhầm phụ lục"',
            "kynhan recall agree",
            'kynhan recall refuse --reason "Đã sử dụng để trả lời"',
        ),
    ),
    "recall ask": Help(
        ("Đề nghị thu hồi", "ask for it back"),
        (
            "Đề nghị bên nhận hủy bản đã ký nhận; lý do nằm trong bì niêm phong.",
            "Asks the recipient to destroy what was signed for; the reason travels sealed.",
        ),
        ('kynhan recall ask 3f9a61 --reason "Gửi nhầm phụ lục"',),
    ),
    "recall agree": Help(
        ("Đồng ý thu hồi: hủy, ký xác nhận", "agree: destroy, and sign that"),
        (
            "Đồng ý một đề nghị thu hồi đã ký nhận: hủy tệp niêm phong và thông tin đăng ký của bì bị thu hồi, ký xác"
            " nhận. Văn bản ký và biên nhận vẫn giữ.",
            "Agrees to a recall that was signed for: the recalled package's sealed files and register fields are"
            " destroyed, and that is signed. Statements and receipts stay.",
        ),
        ("kynhan recall agree", "kynhan recall agree 3f9a61 --yes"),
    ),
    "recall refuse": Help(
        ("Từ chối thu hồi, nêu lý do", "refuse, with the reason"),
        (
            "Trả lời từ chối một đề nghị thu hồi; lý do nằm trong bì niêm phong.",
            "Refuses a recall; the reason travels sealed.",
        ),
        ('kynhan recall refuse --reason "Đã sử dụng để trả lời"',),
    ),
    "destroy": Help(
        ("Tiêu hủy bản của ta, ký xác nhận", "destroy our copy, and sign that"),
        (
            "Hủy tệp niêm phong và thông tin đăng ký của một bì ở đây, và ký xác nhận đã hủy. Với --expired: các bì"
            " quá thời hạn lưu của quy ước. Tệp đã mở ra nơi khác và bản sao lưu phải tự hủy.",
            "Destroys the sealed files and register fields of a package here, and signs that it is destroyed. With"
            " --expired: what is past the profile's retention time. What was unpacked elsewhere, and backups, are"
            " yours to destroy.",
        ),
        (
            "kynhan destroy 3f9a61 --code ordered",
            "kynhan destroy --expired",
            "kynhan destroy --expired --yes",
        ),
    ),
}
