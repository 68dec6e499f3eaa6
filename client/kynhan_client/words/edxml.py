"""Words about edXML: documents for, and from, offices that exchange it."""

from __future__ import annotations

from typing import Final

from .help import Help
from .told import Told

WORDS: Final[dict[str, tuple[str, str]]] = {
    "edxml.leaves-seal": (
        "Tệp edXML không được niêm phong: ai có {path} cũng đọc được nội dung.",
        "An edXML file is not sealed: whoever has {path} can read its content.",
    ),
    "edxml.ask": ("Ghi nội dung ra ngoài bì?", "Write the content outside the seal?"),
    "edxml.exported": (
        "Đã ghi {path} ({size}), không niêm phong",
        "Wrote {path} ({size}), unsealed",
    ),
    "edxml.imported": (
        "Đã ghi vào {folder}: cover.toml và {n} tệp",
        "Wrote into {folder}: cover.toml and {n} file(s)",
    ),
    "edxml.next": (
        "Gửi bằng `kynhan send … --cover {cover}`, thêm nội dung phối hợp và loại thời hạn.",
        "Send it with `kynhan send … --cover {cover}`, with a subject and a term.",
    ),
    "edxml.told": (
        "Trạng thái {code} ({label}) của văn bản {document}, lúc {at}",
        "Status {code} ({label}) of document {document}, at {at}",
    ),
    "edxml.status-written": (
        "Đã ghi {path}: trạng thái {code} ({label})",
        "Wrote {path}: status {code} ({label})",
    ),
    "edxml.organ": ("Mã định danh của {committee}: {organ}", "Office code of {committee}: {organ}"),
    "edxml.status.arrived": ("đã đến", "arrived"),
    "edxml.status.refused": ("từ chối tiếp nhận", "refused"),
    "edxml.status.received": ("đã tiếp nhận", "received"),
    "edxml.status.assigned": ("phân công xử lý", "assigned"),
    "edxml.status.working": ("đang xử lý", "being dealt with"),
    "edxml.status.done": ("hoàn thành", "done"),
    "edxml.status.take-back": ("lấy lại văn bản", "taken back by its sender"),
    "edxml.status.agreed": ("đồng ý lấy lại", "return agreed"),
    "edxml.status.not-agreed": ("từ chối lấy lại", "return refused"),
}

TROUBLE: Final[dict[str, Told]] = {
    "bad-edxml": Told(
        "{path} is no edXML that can be used: {why}",
        "{path} không phải tệp edXML dùng được: {why}",
        "Ask for the file again.",
        "Đề nghị gửi lại tệp.",
    ),
    "edxml-not-opened": Told(
        "package {dispatch} was not opened here",
        "bì {dispatch} chưa mở ở đây",
        "Open it first: `kynhan open {dispatch}`.",
        "Mở bì trước: `kynhan open {dispatch}`.",
    ),
    "edxml-no-document": Told(
        "package {dispatch} carries no document",
        "bì {dispatch} không có văn bản",
        "Only documents can be exported, not messages.",
        "Chỉ xuất được văn bản, không xuất tin trao đổi.",
    ),
    "edxml-secret": Told(
        "a document marked {secrecy} never leaves the seal",
        "văn bản có độ mật {secrecy} không được đưa ra ngoài bì",
        "edXML is not sealed; only documents marked khong-mat can be exported.",
        "Tệp edXML không niêm phong; chỉ xuất được văn bản khong-mat.",
    ),
    "edxml-too-large": Told(
        "the files are too large for one edXML file",
        "các tệp quá lớn, không vừa một tệp edXML",
        "Hand the files over in another way.",
        "Chuyển các tệp bằng cách khác.",
    ),
    "edxml-status": Told(
        "status {given} ({label}) is not what the log says of this document for us to tell",
        "trạng thái {given} ({label}) không đúng với nhật ký, hoặc không phải do ta báo",
        "Possible now: {possible}.",
        "Báo được lúc này: {possible}.",
    ),
    "edxml-nothing-to-tell": Told(
        "there is nothing yet that we could tell of document {dispatch}",
        "chưa có trạng thái nào của văn bản {dispatch} do bên ta báo",
        "What became of it is mostly for its recipient to tell.",
        "Trạng thái của văn bản phần lớn do bên nhận báo.",
    ),
}

CLAUSES: Final[dict[str, tuple[str, str]]] = {
    "edxml.characters": ("có ký tự điều khiển trong một mục", "a field holds control characters"),
    "edxml.too-much": ("tệp quá lớn hoặc quá phức tạp", "it is too large or too deep"),
    "edxml.dtd": ("tệp có phần khai báo DTD hoặc thực thể", "it declares a DTD or entities"),
    "edxml.other-root": ("phần tử gốc là {root}", "its root element is {root}"),
    "edxml.no-message": ("không có văn bản, cũng không có trạng thái", "it holds no document and no state"),
    "edxml.twice": ("phần tử {name} lặp lại", "element {name} stands twice"),
    "edxml.missing": ("thiếu phần tử {name}", "element {name} is missing"),
    "edxml.hidden": (
        "phần tử {name} có ký tự không nhìn thấy được",
        "element {name} holds characters that cannot be seen",
    ),
    "edxml.no-text": ("phần tử {name} không phải là chữ", "element {name} is no text"),
    "edxml.no-date": ("phần tử {name} không phải là ngày", "element {name} is no date"),
    "edxml.no-number": ("phần tử {name} không phải là số", "element {name} is no number"),
    "edxml.no-status": ("mã trạng thái phải là một trong: {possible}", "the code must be one of {possible}"),
    "edxml.no-base64": ("nội dung tệp {name} không phải base64", "the content of {name} is no base64"),
    "edxml.unknown-status": ("chưa có trạng thái nào", "no such state"),
}

COMMANDS: Final[dict[str, Help]] = {
    "edxml": Help(
        ("Xuất, nhập văn bản edXML", "export and import edXML"),
        (
            "Văn bản theo QCVN 102:2016/BTTTT, để chuyển sang hoặc nhận từ hệ thống quản lý văn bản. Tệp edXML không"
            " niêm phong, ai có cũng đọc được.",
            "Documents as QCVN 102:2016/BTTTT has them, for and from systems of document management. An edXML file is"
            " not sealed: whoever has it can read it.",
        ),
        (
            "kynhan edxml export 3f9a61 --out cong-van.edxml",
            "kynhan edxml import tra-loi.edxml --out tra-loi",
            "kynhan edxml status 3f9a61 --out trang-thai.edxml",
        ),
    ),
    "edxml export": Help(
        ("Xuất một văn bản ra ngoài bì", "write a document outside the seal"),
        (
            "Ghi văn bản đã gửi hoặc đã mở cùng các tệp thành một tệp edXML, không niêm phong; hỏi trước khi ghi. Chỉ"
            " văn bản không mật.",
            "Writes a document that was sent or opened, with its files, as one edXML file, unsealed; asks first. Only"
            " documents without a secrecy marking.",
        ),
        (
            "kynhan edxml export 3f9a61 --out cong-van.edxml",
            "kynhan edxml export 3f9a61 --out cong-van.edxml --yes",
        ),
    ),
    "edxml import": Help(
        ("Nhập tệp edXML thành hồ sơ để gửi", "make an edXML file a dossier to send"),
        (
            "Ghi các tệp và cover.toml vào một thư mục, để gửi bằng `kynhan send`. Tệp trạng thái thì chỉ hiện nội"
            " dung. Không cần thư mục Ký nhận.",
            "Writes the files and a cover.toml into a folder, to be sent with `kynhan send`. A status message is only"
            " shown. Needs no home.",
        ),
        ("kynhan edxml import tra-loi.edxml --out tra-loi",),
    ),
    "edxml status": Help(
        ("Xuất trạng thái xử lý một văn bản", "write what became of a document"),
        (
            "Ghi tệp trạng thái (01–06, 13, 15, 16) đúng với diễn biến trong nhật ký; không nêu mã thì lấy trạng thái"
            " hiện nay.",
            "Writes a status message (01–06, 13, 15, 16) that the log bears out; without a code, the present one.",
        ),
        (
            "kynhan edxml status 3f9a61 --out trang-thai.edxml",
            "kynhan edxml status 3f9a61 --code 03 --out trang-thai.edxml",
        ),
    ),
    "edxml organ": Help(
        ("Mã định danh của cơ quan", "the code of an office"),
        (
            "Hiện hoặc đặt mã định danh của một đảng ủy trong tệp edXML; chưa đặt thì dùng tên đảng ủy.",
            "Shows or sets the code of a committee's office in edXML; before that it is the committee's name.",
        ),
        (
            "kynhan edxml organ ccq.example",
            "kynhan edxml organ ccq.example 000.00.01.A66",
        ),
    ),
}

OPTIONS: Final[dict[str, tuple[str, str]]] = {
    "edxml.out": ("Tệp hoặc thư mục để ghi", "file or folder to write."),
    "edxml.code": (
        "Mã trạng thái: 01 (đã đến), 02 (từ chối tiếp nhận), 03 (đã tiếp nhận), 04 (phân công xử lý),"
        " 05 (đang xử lý), 06 (hoàn thành), 13 (lấy lại), 15 (đồng ý lấy lại), 16 (từ chối lấy lại)",
        "status code.",
    ),
}
