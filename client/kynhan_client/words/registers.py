"""Words of the registers of documents (sổ đăng ký văn bản đến / đi) and of numbers that are taken from them."""

from __future__ import annotations

from typing import Final

from .help import Help
from .told import Told

WORDS: Final[dict[str, tuple[str, str]]] = {
    "register.empty": ("Sổ chưa có văn bản nào", "The register is empty"),
    "register.head-in": (
        "SỔ ĐĂNG KÝ VĂN BẢN ĐẾN: {family}{series}, {period}",
        "REGISTER OF INCOMING DOCUMENTS: {family}{series}, {period}",
    ),
    "register.head-out": (
        "SỔ ĐĂNG KÝ VĂN BẢN ĐI: {family}{series}, {period}",
        "REGISTER OF OUTGOING DOCUMENTS: {family}{series}, {period}",
    ),
    "register.party": ("văn bản của Đảng", "Party documents"),
    "register.state-form": ("văn bản của Nhà nước", "State documents"),
    "register.arrival": ("Số đến", "no."),
    "register.number": ("Số", "no."),
    "register.at": ("Ngày, giờ", "date, time"),
    "register.document": ("Số ký hiệu, ngày, tác giả", "number, date, issuer"),
    "register.title": ("Loại và trích yếu", "type and title"),
    "register.handling": ("Người nhận, phân phối, nơi lưu", "signed by, given to, kept at"),
    "register.to": ("Nơi nhận", "to"),
    "register.series": ("Sổ", "series"),
    "register.period": ("Kỳ", "period"),
    "register.state": ("Tình trạng", "state"),
    "register.issuer": ("Tác giả", "issuer"),
    "register.printed": ("Số ký hiệu", "number and symbol"),
    "register.issued": ("Ngày văn bản", "issued"),
    "register.doctype": ("Loại", "type"),
    "register.receiver": ("Người nhận", "receiver"),
    "register.distribution": ("Ý kiến phân phối", "given to"),
    "register.location": ("Vị trí lưu", "kept at"),
    "register.dispatch": ("Lượt gửi", "dispatch"),
    "register.reserved": ("(đang giữ số, chưa gửi xong)", "(reserved, not sent yet)"),
    "register.void": ("(số hủy)", "(void)"),
    "register.gap": ("(không có trong sổ này)", "(not in this register)"),
    "register.destroyed": ("(đã tiêu hủy nội dung)", "(content destroyed)"),
    "register.twin-note": (
        "Có văn bản đăng ký trùng (cùng tác giả, số, ký hiệu, ngày)",
        "Some documents are registered twice (same issuer, number, symbol, date)",
    ),
    "register.entered": (
        "Đã vào sổ: số {number}, kỳ {period}",
        "Registered: number {number}, period {period}",
    ),
    "register.where": ("Lượt gửi: {dispatch}", "Dispatch: {dispatch}"),
    "register.auto": ("Tự vào sổ: {how}", "Registered by itself: {how}"),
    "register.auto-on": ("có", "yes"),
    "register.auto-off": ("không", "no"),
    "register.terms": ("Nhiệm kỳ bắt đầu từ: {dates}", "Terms of office begin on: {dates}"),
    "register.taken": ("Lấy số {number} trong sổ văn bản đi", "Number {number} is taken from the register"),
    "register.used-before": (
        "số {number} đã có trong sổ văn bản đi (lượt gửi {other})",
        "number {number} is in the register already (dispatch {other})",
    ),
    "register.ask-again": ("Vẫn gửi với số này?", "Send it under this number all the same?"),
    "register.came-before": (
        "văn bản này đã đăng ký trước đây (cùng tác giả, số {number}, ký hiệu, ngày): lượt gửi {other}",
        "this document was registered before (same issuer, number {number}, symbol, date): dispatch {other}",
    ),
}

TROUBLE: Final[dict[str, Told]] = {
    "number-taken": Told(
        "number {number} was given before in this series",
        "số {number} đã dùng trong sổ này",
        "A number is never given twice; take another.",
        "Mỗi số chỉ dùng một lần; chọn số khác.",
    ),
    "number-signed": Told(
        "the document itself bears number {number}",
        "chính văn bản đã mang số {number}",
        "The register keeps the number that was signed.",
        "Sổ giữ đúng số ghi trên văn bản đã ký.",
    ),
    "no-number": Told(
        "no number can be taken from the register: {why}",
        "chưa lấy được số từ sổ: {why}",
        "Correct the cover.toml; `kynhan form check` helps.",
        "Sửa tệp cover.toml; dùng `kynhan form check` để kiểm tra.",
    ),
    "not-opened": Told(
        "package {dispatch} was not opened here",
        "bì {dispatch} chưa mở ở đây",
        "Open it first: `kynhan open {dispatch}`.",
        "Mở bì trước: `kynhan open {dispatch}`.",
    ),
}

CLAUSES: Final[dict[str, tuple[str, str]]] = {
    "number.has-one": ("văn bản đã có số {number}", "the cover has number {number} already"),
    "number.needs": ("thiếu {fields}", "{fields} missing"),
    "thing.register": ("dòng trong sổ đăng ký", "this entry of the register"),
}

COMMANDS: Final[dict[str, Help]] = {
    "register": Help(
        ("Sổ đăng ký văn bản đến, văn bản đi", "registers of documents"),
        (
            "Văn bản đã mở và đã gửi tự vào sổ. Số chạy theo sổ và kỳ của quy ước: văn bản của Đảng theo tên loại và"
            " nhiệm kỳ, văn bản của Nhà nước theo năm; mỗi số chỉ dùng một lần.",
            "What is opened and sent is registered by itself. Numbers run as the profile says: of Party documents per"
            " type and term of office, of State ones per year; no number is given twice.",
        ),
        (
            "kynhan register in",
            "kynhan register out --series CV --period 2025-2030",
            'kynhan register enter 3f9a61 --location "Tủ 2, hộp 15"',
        ),
    ),
    "register in": Help(
        ("Sổ đăng ký văn bản đến", "incoming documents"),
        (
            "Số đến, ngày giờ đến, tác giả, số ký hiệu, ngày văn bản, loại và trích yếu, người nhận, ý kiến phân phối,"
            " vị trí lưu. Số bỏ trống, số hủy và văn bản trùng đều hiện rõ.",
            "Number and time of arrival, issuer, number, date, type and title, who signed for it, whom it was given to,"
            " where it is kept. Gaps, void numbers and duplicates are shown.",
        ),
        (
            "kynhan register in",
            "kynhan register in --series state --period 2026 --csv > den.csv",
        ),
    ),
    "register out": Help(
        ("Sổ đăng ký văn bản đi", "outgoing documents"),
        (
            "Văn bản đi theo số của từng sổ; số đang giữ, số hủy và số không có trong sổ này đều hiện rõ.",
            "Outgoing documents by number; reserved and void numbers are shown, and those not in this register.",
        ),
        ("kynhan register out", "kynhan register out --series CV --json"),
    ),
    "register enter": Help(
        ("Vào sổ, sửa một dòng trong sổ", "enter or change an entry"),
        (
            "Vào sổ một văn bản đã mở hoặc đã gửi; ghi số đến, ý kiến phân phối, vị trí lưu. Số bị thay vẫn nằm trong"
            " sổ là số hủy.",
            "Enters a document, or changes its number, whom it was given to, where it is kept. A number given up stays"
            " in the register as void.",
        ),
        (
            'kynhan register enter 3f9a61 --distribution "Đ/c Chánh Văn phòng"',
            "kynhan register enter 3f9a61 --number 12",
        ),
    ),
    "register settings": Help(
        ("Cách giữ sổ", "how registers are kept"),
        (
            "Có tự vào sổ hay không; ngày bắt đầu nhiệm kỳ (mặc định 01/10/2025). Nhiều văn thư thì một người giữ sổ,"
            " người khác tắt tự vào sổ.",
            "Whether documents are registered by themselves; when the term of office begins (2025-10-01 by default). Of"
            " several clerks one keeps the register, the others turn it off.",
        ),
        (
            "kynhan register settings --term-begins 2025-10-01",
            "kynhan register settings --no-auto",
        ),
    ),
}

OPTIONS: Final[dict[str, tuple[str, str]]] = {
    "register.series": (
        "Sổ: party (văn bản của Đảng), state (của Nhà nước), hoặc tên loại viết tắt như CV",
        "series.",
    ),
    "register.period": ("Năm hoặc nhiệm kỳ, như 2026, 2025-2030", "year or term of office."),
    "register.enter-number": ("Số trong sổ", "number in the register."),
    "register.distribution": ("Ý kiến phân phối", "whom it is given to."),
    "register.location": ("Vị trí lưu", "where it is kept."),
    "register.term-begins": ("Ngày bắt đầu nhiệm kỳ", "first day of a term of office."),
    "register.auto": ("Tự vào sổ hay không", "whether documents are registered by themselves."),
    "send.next-number": ("Lấy số kế tiếp trong sổ văn bản đi", "take the next number of the register."),
}
