"""Words of the lists people work from: deadlines, search, saved views, and what all lists share."""

from __future__ import annotations

from typing import Final

from .help import Help
from .told import Told

WORDS: Final[dict[str, tuple[str, str]]] = {
    # every list
    "list.subject": ("Nội dung", "subject"),
    "list.term": ("Loại thời hạn", "term"),
    "list.unit": ("Cơ quan chức năng", "unit"),
    "list.urgency": ("Độ khẩn", "urgency"),
    "list.csv-or-json": ("Chọn --csv hoặc --json, không cả hai.", "Choose --csv or --json, not both."),
    # deadlines
    "deadlines.empty": (
        "Không có thời hạn nào đang chạy hoặc tạm ngừng",
        "No time limit is running or stands still",
    ),
    "deadlines.overdue": ("QUÁ HẠN ({n})", "OVERDUE ({n})"),
    "deadlines.target-passed": ("QUÁ MỐC PHẤN ĐẤU ({n})", "TARGET PASSED ({n})"),
    "deadlines.today": ("ĐẾN HẠN HÔM NAY ({n})", "DUE TODAY ({n})"),
    "deadlines.this-week": ("TRONG TUẦN NÀY ({n})", "THIS WEEK ({n})"),
    "deadlines.later": ("SAU ĐÓ ({n})", "LATER ({n})"),
    "deadlines.paused": ("TẠM NGỪNG TÍNH HẠN ({n})", "CLOCK STANDS STILL ({n})"),
    "deadlines.contested": ("ĐANG BÁO LỖI BÌ ({n})", "PACKAGE SAID TO BE FAULTY ({n})"),
    "deadlines.group": ("Nhóm", "group"),
    "deadlines.due": ("Hạn", "due"),
    "deadlines.original": ("Hạn theo Quy chế", "original date"),
    "deadlines.days": ("Số ngày làm việc còn lại", "working days left"),
    "deadlines.left": ("Còn lại", "left"),
    "deadlines.since": ("Ngừng từ", "still since"),
    "deadlines.waits": ("Chờ", "waits for"),
    "deadlines.provisional": ("Dự kiến", "provisional"),
    "deadlines.case": ("Việc", "case"),
    "deadlines.title": ("Trích yếu", "title"),
    "deadlines.who": ("Bên phải làm", "has to act"),
    "group.overdue": ("quá hạn", "overdue"),
    "group.target-passed": ("quá mốc phấn đấu", "target passed"),
    "group.today": ("hôm nay", "today"),
    "group.this-week": ("tuần này", "this week"),
    "group.later": ("sau đó", "later"),
    "group.paused": ("tạm ngừng tính hạn", "clock stands still"),
    "group.contested": ("đang báo lỗi bì", "package said to be faulty"),
    "left.overdue": ("quá hạn {n} ngày làm việc", "overdue by {n} working day(s)"),
    "left.target": (
        "quá mốc phấn đấu {n} ngày làm việc",
        "target passed by {n} working day(s)",
    ),
    "left.target-off": (
        "quá mốc phấn đấu, từ đó chưa có ngày làm việc nào",
        "target passed, no working day since",
    ),
    "left.today": ("đến hạn hôm nay", "due today"),
    "left.today-target": ("đến mốc phấn đấu hôm nay", "target is today"),
    "left.days": ("còn {n} ngày làm việc", "{n} working day(s) left"),
    "left.days-off": ("không còn ngày làm việc nào", "no working day left"),
    "left.provisional": ("(dự kiến)", "(provisional)"),
    "left.original": ("theo Quy chế: {date}", "original: {date}"),
    "left.announced": ("theo thông báo: {date}", "announced: {date}"),
    # search
    "search.empty": ("Không tìm thấy văn bản nào", "Nothing was found"),
    "search.at": ("Lúc", "at"),
    "search.way": ("Đến, đi", "way"),
    "search.came": ("← đến", "← in"),
    "search.went": ("→ đi", "→ out"),
    "search.number": ("Số, ký hiệu", "number"),
    "search.title": ("Trích yếu", "title"),
    "search.dispatch": ("Lượt gửi", "dispatch"),
    "search.case": ("Việc", "case"),
    "search.issuer": ("Tác giả", "issuer"),
    "search.issued": ("Ngày văn bản", "issued"),
    # saved views
    "view.saved": ("Đã lưu: `kynhan view {name}`", "Saved: `kynhan view {name}`"),
    "view.removed": ("Đã bỏ {name}", "Removed {name}"),
    "view.empty": ("Chưa lưu danh sách nào", "No view is saved"),
    "view.name": ("Tên", "name"),
    "view.command": ("Lệnh", "command"),
}

TROUBLE: Final[dict[str, Told]] = {
    "nothing-to-search": Told(
        "there is nothing to search for",
        "chưa có từ nào để tìm",
        "Give a word of the title, a number, or a filter such as --in or --from.",
        "Nêu một từ trong trích yếu, số văn bản, hoặc điều kiện lọc như --in, --from.",
    ),
    "view-name": Told(
        "a view's name has letters, digits, spaces, - . _ and at most {most} characters",
        "tên danh sách chỉ gồm chữ, số, dấu cách, - . _ và dài tối đa {most} ký tự",
        "Choose another name.",
        "Chọn tên khác.",
    ),
    "too-many-views": Told(
        "{most} views are saved already, which is as many as there can be",
        "đã lưu {most} danh sách, không thể lưu thêm",
        "Remove one that is not needed: `kynhan view list`, `kynhan view remove NAME`.",
        "Bỏ danh sách không cần nữa: `kynhan view list`, `kynhan view remove TÊN`.",
    ),
    "not-a-list": Told(
        "only commands that show a list can be saved: {possible}",
        "chỉ lưu được lệnh hiện danh sách: {possible}",
        "Write the command after two hyphens: `kynhan view save NAME -- deadlines --mine`.",
        "Viết lệnh sau hai dấu gạch nối: `kynhan view save TÊN -- deadlines --mine`.",
    ),
    "no-view": Told(
        "no view is called {name}",
        "không có danh sách đã lưu tên {name}",
        "`kynhan view list` shows them all.",
        "Xem các tên bằng `kynhan view list`.",
    ),
}

COMMANDS: Final[dict[str, Help]] = {
    "deadlines": Help(
        ("Các thời hạn đang chạy", "running time limits"),
        (
            "Các thời hạn đang chạy theo nhóm: quá hạn, hôm nay, tuần này, sau đó. Thời hạn có yếu tố nước ngoài là"
            " mốc phấn đấu, để riêng, không gọi là quá hạn. Việc đang tạm ngừng tính hạn (trả lại để bổ sung hồ sơ,"
            " chờ làm rõ) ở nhóm riêng: chờ ai, từ ngày nào, hạn theo Quy chế. Việc có bì đang báo lỗi cũng để riêng,"
            " không tính đúng hạn hay quá hạn: bên gửi phải làm tiếp.",
            "Running time limits in groups: overdue, today, this week, later. With a foreign element it is a target,"
            " shown apart and never overdue. Cases whose clock stands still (returned for completion, a question)"
            " stand apart: who is waited for, since when, the original date. So do cases with a package said to be"
            " faulty, neither in time nor overdue: its sender has to act.",
        ),
        (
            "kynhan deadlines",
            "kynhan deadlines --mine --group overdue",
            "kynhan deadlines --csv > thoi-han.csv",
        ),
    ),
    "search": Help(
        ("Tìm văn bản đã mở hoặc đã gửi", "search what was opened or sent"),
        (
            "Tìm theo các mục đăng ký: trích yếu, số và ký hiệu, loại, tác giả, đơn vị soạn thảo, nội dung phối hợp,"
            " mã việc; có dấu hay không dấu đều được, đúng dấu lên trước. Không tìm trong tệp, không tìm theo họ tên.",
            "Searches the register fields: title, number and symbol, type, issuer, drafting unit, subject, case id;"
            " with or without diacritics, exact ones first. Never inside files, never by a person's name.",
        ),
        (
            "kynhan search quy dat dak lak",
            "kynhan search --in den --from 2026-01-01 quỹ đất",
            'kynhan search --number "15-CV/ĐUCCQ"',
        ),
    ),
    "view": Help(
        ("Danh sách đã lưu", "saved views"),
        (
            "Lưu một danh sách cùng điều kiện lọc dưới một tên, rồi gọi lại bằng tên đó.",
            "Keeps a list with its filters under a name, and shows it again by that name.",
        ),
        (
            "kynhan view save viec-toi -- deadlines --mine",
            "kynhan view viec-toi",
            "kynhan view list",
        ),
    ),
    "view save": Help(
        ("Lưu một danh sách", "save a view"),
        (
            "Lưu lệnh hiện danh sách (deadlines, cases, inbox, search, register in, register out) và điều kiện lọc.",
            "Keeps a command that shows a list (deadlines, cases, inbox, search, register in, register out).",
        ),
        (
            "kynhan view save viec-toi -- deadlines --mine",
            "kynhan view save qua-han -- deadlines --group overdue",
        ),
    ),
    "view list": Help(
        ("Các danh sách đã lưu", "all saved views"),
        ("Tên và lệnh của từng danh sách đã lưu.", "Name and command of every saved view."),
        ("kynhan view list",),
    ),
    "view run": Help(
        ("Hiện một danh sách đã lưu", "show a view"),
        (
            "Chạy lệnh đã lưu; có thể thêm điều kiện lọc. Gọi tắt: kynhan view TÊN.",
            "Runs the saved command; more filters may follow. In short: kynhan view NAME.",
        ),
        ("kynhan view run viec-toi", "kynhan view viec-toi --json"),
    ),
    "view remove": Help(
        ("Bỏ một danh sách đã lưu", "remove a view"),
        ("Bỏ tên và lệnh đã lưu.", "Forgets a saved view."),
        ("kynhan view remove viec-toi",),
    ),
}

OPTIONS: Final[dict[str, tuple[str, str]]] = {
    "list.csv": ("Bảng CSV (UTF-8) cho bảng tính", "CSV (UTF-8) for a spreadsheet."),
    "list.mine": ("Chỉ việc ta phải làm", "only what we have to do."),
    "list.group": (
        "Nhóm: overdue (quá hạn), target-passed (quá mốc phấn đấu), today (hôm nay), this-week (tuần này),"
        " later (sau đó), paused (tạm ngừng tính hạn), contested (đang báo lỗi bì)",
        "group.",
    ),
    "list.term": (
        "Loại thời hạn: in-province (trong tỉnh), in-country (trong nước, ngoài tỉnh),"
        " foreign (có yếu tố nước ngoài)",
        "time limit.",
    ),
    "list.subject": ("Nội dung phối hợp, như 3.1", "subject code, such as 3.1."),
    "list.unit": ("Cơ quan chức năng, như pc03", "unit, such as pc03."),
    "search.in": ("den (văn bản đến) hoặc di (văn bản đi)", "incoming or outgoing."),
    "search.from": ("Từ ngày", "first date of arrival or sending."),
    "search.to": ("Đến ngày", "last date."),
    "search.doctype": ("Loại văn bản, như Công văn", "type of document."),
    "search.number": ("Số, hoặc số và ký hiệu", "number, or number and symbol."),
    "search.limit": ("Nhiều nhất bao nhiêu", "how many at most."),
}
