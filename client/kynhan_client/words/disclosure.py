"""Words of revealing the file key of a package, and of judging what was revealed."""

from __future__ import annotations

from typing import Final

from .help import Help
from .told import Told

WORDS: Final[dict[str, tuple[str, str]]] = {
    "evidence.warning": (
        "Thư mục này công bố khóa tệp của lượt {dispatch}: ai giữ nó đều đọc được toàn bộ bì này (chỉ bì này), và không"
        " thu lại được. Chỉ giao cho người có thẩm quyền xem xét",
        "This folder reveals the file key of dispatch {dispatch}: whoever holds it can read all of this package (and no"
        " other one), and that cannot be undone. Give it only to whoever is to judge",
    ),
    "evidence.ask": ("Công bố khóa tệp của bì này?", "Reveal the file key of this package?"),
    "evidence.done": (
        "Đã ghi {count} tệp vào {folder} ({size}); người xem xét chạy `kynhan verify {folder}`",
        "Wrote {count} files into {folder} ({size}); whoever judges runs `kynhan verify {folder}`",
    ),
    # --- what a judge is told
    "package-result.fault": ("Lỗi đã được chứng minh: {fault}", "Fault proved: {fault}"),
    "package-result.whole": (
        "Không thấy lỗi: bì nguyên vẹn. Điều này không cho biết bên nhận có lấy được khóa từ phần khóa mở bì hay không",
        "No fault found: the package is whole. This does not say whether the header gave the addressee its key",
    ),
    "package-result.other-key": (
        "Khóa này không phải là khóa của bì",
        "The key is not this package's",
    ),
    "package-result.unjudged": ("Chưa chứng minh được gì về bì", "Nothing is proved about the package"),
    "package-class.header": ("phần khóa mở bì", "header"),
    "package-class.payload": ("nội dung bì", "payload"),
    "package-class.manifest": ("bản kê hoặc tệp bên trong", "manifest"),
    "package-class.approval": ("việc duyệt phát hành", "approval"),
    "package-answer.header": ("Khóa mở bì đúng như đã ký", "The header is as signed"),
    "package-answer.body": ("Nội dung bì đúng như đã ký", "The body is as signed"),
    "package-answer.key": ("Khóa tệp khớp với khóa mở bì", "The key fits the header"),
    "package-answer.payload": ("Giải mã được đến hết", "The payload decrypts to its end"),
    "package-answer.content": (
        "Bản kê và mọi tệp đúng như đã ký",
        "The manifest and every file are as signed",
    ),
    "package-answer.yes": ("đúng", "yes"),
    "package-answer.no": ("sai", "no"),
    # --- reasons of a verdict
    "package-reason.other-key": (
        "Khóa tệp không khớp với khóa mở bì và không mở được nội dung bì: đó không phải khóa của bì này.",
        "The file key fits neither the header nor the body: it is not this package's.",
    ),
    "package-reason.other-header": (
        "Khóa mở bì ở đây không phải là khóa mở bì mà bên gửi đã ký trong lượt gửi.",
        "The header here is not the one that the sender signed in the dispatch.",
    ),
    "package-reason.other-body": (
        "Nội dung bì ở đây không phải là nội dung mà bên gửi đã ký trong lượt gửi.",
        "The body here is not the one that the sender signed in the dispatch.",
    ),
    "package-reason.bad-key": (
        "Tệp chứa khóa tệp sai định dạng.",
        "The file of the file key is not spelled as it must be.",
    ),
    "package-reason.no-key": (
        "Không có khóa tệp, mà khóa mở bì thì đọc được: chưa chứng minh được gì.",
        "There is no file key, and the header can be read: nothing is proved.",
    ),
    "package-reason.incomplete": (
        "Thiếu khóa mở bì, nội dung bì hoặc khóa tệp.",
        "The header, the body or the file key is missing.",
    ),
    "package-reason.not-shown": (
        "Các biên nhận ở đây chưa chứng minh lượt gửi mà khóa tệp nêu, nên không biết bì nào đã được ký.",
        "The receipts here do not prove the dispatch that the file key names, so what was signed is not known.",
    ),
}

TROUBLE: Final[dict[str, Told]] = {
    "no-file-key": Told(
        "the header holds nothing for your key, so there is no file key to reveal, and this fault cannot be proved to"
        " others",
        "phần khóa mở bì không có phần dành cho khóa của bạn, nên không có khóa tệp để công bố; lỗi này không chứng"
        " minh được với người khác",
        "`kynhan open {dispatch}` records it; ask the sender to seal the package once more. If that fails too, the two"
        " committees settle it in person.",
        "Chạy `kynhan open {dispatch}` để ghi nhận; đề nghị bên gửi niêm phong lại một lần. Nếu vẫn lỗi, hai đảng ủy"
        " làm việc trực tiếp.",
    ),
    "proves-nothing": Told(
        "the file key would prove nothing, so it is not revealed: {why}",
        "khóa tệp không chứng minh được gì nên không công bố: {why}",
        "Nothing was written. Ask the sender to seal the package once more; if that fails too, settle it in person.",
        "Chưa ghi gì. Đề nghị bên gửi niêm phong lại một lần; nếu vẫn lỗi, hai đảng ủy làm việc trực tiếp.",
    ),
}

CLAUSES: Final[dict[str, tuple[str, str]]] = {
    "file-key.fits-nothing": (
        "khóa nhận được không khớp với khóa mở bì và không mở được nội dung bì",
        "the key that the header gives fits neither the header nor the body",
    ),
}

COMMANDS: Final[dict[str, Help]] = {
    "evidence": Help(
        ("Chứng minh bì có lỗi bằng khóa tệp", "prove a faulty package"),
        (
            "Ghi vào một thư mục mới những gì chứng minh bì có lỗi hay nguyên vẹn: biên nhận, khóa mở bì, nội dung bì"
            " và khóa tệp của riêng bì này. Ai giữ thư mục đều đọc được bì. Người xem xét chạy `kynhan verify THƯ-MỤC`,"
            " không cần mạng. Bì phải có ở máy này (`kynhan open`); không hỏi máy trung chuyển.",
            "Writes into a new folder what proves a package faulty, or whole: the receipts, header, body and file key"
            " of this one package. Whoever holds the folder can read the package. Whoever judges runs `kynhan verify"
            " FOLDER`, offline. The package has to be here (`kynhan open`); the relay is not asked.",
        ),
        (
            "kynhan evidence 3f9a61 --out chung-minh",
            "kynhan evidence 3f9a61 --out chung-minh --yes",
            "kynhan verify chung-minh",
        ),
    ),
}
