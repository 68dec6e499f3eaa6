"""Words of what waits to be sent, and of taking it back."""

from __future__ import annotations

from typing import Final

from .help import Help
from .told import Told

WORDS: Final[dict[str, tuple[str, str]]] = {
    "outbox.empty": ("Không có gì chờ gửi", "Nothing waits to be sent"),
    "outbox.number": ("Số", "no."),
    "outbox.what": ("Nội dung", "what"),
    "outbox.case": ("Việc", "case"),
    "outbox.to": ("Nơi nhận", "to"),
    "outbox.since": ("Chờ từ", "since"),
    "outbox.title": ("Trích yếu", "title"),
    "outbox.why": ("Lý do chờ", "why it waits"),
    "outbox.waits": ("Số {numbers}: {why}", "No. {numbers}: {why}"),
    "outbox.not-tried": (
        "lệnh trước dừng giữa chừng, chưa thử gửi xong",
        "the command before ended while sending it",
    ),
    "outbox.next": (
        "`kynhan sync` sẽ gửi; bỏ không gửi nữa: `kynhan outbox cancel SỐ`",
        "`kynhan sync` sends it; `kynhan outbox cancel NUMBER` takes it back",
    ),
    "outbox.ask": (
        "Bỏ, không gửi nữa: số {number}, {kind}, gửi {to}? Việc này không lấy lại được.",
        "Take back no. {number}, {kind}, to {to}, and not send it? This is for good.",
    ),
    "outbox.cancelled": (
        "Đã bỏ số {number} khỏi hàng chờ gửi; không gì được gửi đi",
        "Took no. {number} out of what waits; nothing was sent",
    ),
    "outbox.was-sent": (
        "Số {number} đã đến máy trung chuyển từ trước nên không bỏ được; nay đã có đủ biên nhận (mục {index})",
        "No. {number} had reached the relay before, so it cannot be taken back this way; its receipt is here now"
        " (entry {index})",
    ),
    "outbox.withdraw": (
        "Khi chưa ai ký nhận vẫn lấy lại được: `kynhan withdraw {dispatch} --code mistake`",
        "While nobody has signed for it: `kynhan withdraw {dispatch} --code mistake`",
    ),
    "outbox.waits-already": (
        "Chính văn bản này đang chờ gửi, số {number}; xem bằng `kynhan outbox`",
        "The same letter waits to be sent already, as no. {number}; see `kynhan outbox`",
    ),
    "outbox.ask-again": ("Vẫn gửi thêm một lần nữa?", "Send it once more all the same?"),
}

TROUBLE: Final[dict[str, Told]] = {
    "not-waiting": Told(
        "no. {number} does not wait to be sent: {what}",
        "số {number} không chờ gửi: {what}",
        "See what waits with `kynhan outbox`.",
        "Xem những gì đang chờ gửi bằng `kynhan outbox`.",
    ),
    "waits-already": Told(
        "the same letter waits to be sent already, as no. {number}",
        "chính văn bản này đang chờ gửi, số {number}",
        "Nothing was sealed. `kynhan sync` sends what waits; `kynhan outbox cancel {number}` takes it back.",
        "Chưa niêm phong gì thêm. `kynhan sync` gửi những gì đang chờ; `kynhan outbox cancel {number}` để bỏ.",
    ),
    "destroyed-already": Told(
        "our copy of {dispatch} is destroyed already, and that has to be said: this cannot be taken back",
        "bản của ta về bì {dispatch} đã hủy rồi nên phải báo: không bỏ được",
        "The next `kynhan sync` sends the signed statement.",
        "Lần `kynhan sync` sau sẽ gửi xác nhận đã ký.",
    ),
    "log-not-read": Told(
        "the relay's log could not be read to its end, so it is not known whether no. {number} was sent",
        "chưa đọc được hết nhật ký của máy trung chuyển nên chưa biết số {number} đã gửi đi hay chưa",
        "It waits on; run `kynhan sync`, look at its alarms, and try again.",
        "Mục này vẫn chờ gửi; hãy chạy `kynhan sync`, xem cảnh báo rồi thử lại.",
    ),
}

CLAUSES: Final[dict[str, tuple[str, str]]] = {
    "outbox.none": ("không có số này", "there is no such number"),
    "outbox.failed": ("lần gửi trước không thành", "it had failed before"),
    "outbox.because": ("lần gửi trước không thành: {why}", "it had failed before: {why}"),
    "outbox.is-sent": ("đã gửi", "it is sent"),
    "outbox.is-refused": ("máy trung chuyển không nhận", "the relay did not take it"),
    "outbox.taken-back": ("đã bỏ, không gửi nữa", "it was taken back"),
}

COMMANDS: Final[dict[str, Help]] = {
    "outbox": Help(
        ("Những gì đang chờ gửi", "what waits to be sent"),
        (
            "Không có lệnh con thì liệt kê những gì đã niêm phong hoặc ghi lại mà chưa gửi được. `kynhan sync` gửi tất"
            " cả; `kynhan outbox cancel` bỏ một mục.",
            "Without a subcommand lists what is sealed or recorded and could not be sent yet. `kynhan sync` sends all"
            " of it; `kynhan outbox cancel` takes one back.",
        ),
        ("kynhan outbox", "kynhan outbox cancel 3"),
    ),
    "outbox list": Help(
        ("Những gì đang chờ gửi", "what waits to be sent"),
        (
            "Số, loại, việc, nơi nhận, trích yếu, chờ từ lúc nào (giờ Việt Nam) và vì sao.",
            "Number, kind, case, addressee, title, since when (Asia/Ho_Chi_Minh) and why.",
        ),
        ("kynhan outbox", "kynhan outbox --json"),
    ),
    "outbox cancel": Help(
        ("Bỏ một mục đang chờ, không gửi nữa", "take back what still waits"),
        (
            "Mục chưa gửi lần nào thì bỏ được ngay, kể cả khi máy trung chuyển không trả lời. Mục đã gửi dở có thể đã"
            " đến nơi: chương trình đọc nhật ký trước; nếu đã có trong đó thì không bỏ được, chỉ hoàn tất việc gửi và"
            " báo lại. Số văn bản đã lấy thì thành số hủy trong sổ.",
            "What was never posted is dropped at once, even while the relay is away. What was may have arrived: the log"
            " is read first, and if it is there it is not taken back but ends as sent, and you are told. A register"
            " number taken for it becomes void.",
        ),
        ("kynhan outbox cancel 3", "kynhan outbox cancel 3 --yes"),
    ),
}
