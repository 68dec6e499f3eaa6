"""Words about the working-day calendar: showing, drafting, previewing, signing it, and being reminded of it."""

from __future__ import annotations

from typing import Final

from .help import Help
from .told import Told

WORDS: Final[dict[str, tuple[str, str]]] = {
    "calendar.head": ("Lịch làm việc đang có hiệu lực: {id}", "Working-day calendar in force: {id}"),
    "calendar.year": ("Năm", "year"),
    "calendar.status": ("Tình trạng", "status"),
    "year.official": ("chính thức", "official"),
    "year.draft": ("dự thảo (ngày dự kiến)", "draft (provisional)"),
    "year.none": ("chưa có", "none"),
    "calendar.decision": ("Văn bản", "decision"),
    "calendar.counts": ("Nghỉ / làm bù", "off / worked"),
    "calendar.date": ("Ngày", "date"),
    "calendar.day": ("Nghỉ hay làm", "off or worked"),
    "day.off": ("ngày nghỉ", "off"),
    "day.work": ("ngày làm bù", "worked"),
    "day.weekday": ("theo thứ trong tuần", "by its weekday"),
    "calendar.why": ("Lý do", "why"),
    "calendar.nothing-known": (
        "Chưa có lịch của năm {year}: mọi ngày trong năm đó là ngày dự kiến",
        "There is no calendar for {year}: every date in it is provisional",
    ),
    "calendar.pending": (
        "Lịch {id} đã được {committees} ký, chờ bên còn lại ký",
        "The calendar {id} was signed by {committees} and waits for the other side",
    ),
    # draft
    "calendar.written": ("Đã ghi bản lịch làm việc {path}", "Wrote the calendar {path}"),
    "calendar.next": (
        "Xem trước bằng `kynhan calendar preview {path}`, rồi `kynhan calendar sign {path}`.",
        "See `kynhan calendar preview {path}`, then `kynhan calendar sign {path}`.",
    ),
    "calendar.left-out": (
        "{count} ngày trong tệp thuộc năm khác, không đưa vào",
        "{count} days of the file belong to other years and were left out",
    ),
    "check.guessed": (
        "Năm {year} là bản dự thảo do máy tính ra, chưa phải quyết định: mọi ngày trong năm đó vẫn là ngày dự kiến",
        "{year} is a draft that a program computed, not a decision: every date in it stays provisional",
    ),
    "check.moon": (
        "Hãy kiểm tra ngày nghỉ Tết Nguyên đán và Giỗ Tổ Hùng Vương theo thông báo chính thức",
        "Check the days that follow the moon (New Year, Hung Kings) against the official announcement",
    ),
    "check.no-swap": (
        "Không có ngày hoán đổi nào: hãy kiểm tra xem có ngày nghỉ hoán đổi, ngày làm bù không",
        "It has no swapped day: check whether days were swapped (off, and worked on a Saturday)",
    ),
    # preview
    "calendar.changes": (
        "Khác với lịch đang có hiệu lực: {years} năm, {days} ngày",
        "Against the calendar in force: {years} years and {days} days differ",
    ),
    "calendar.year-change": ("Năm {year}: {before} → {after}", "{year}: {before} → {after}"),
    "calendar.before": ("Trước", "before"),
    "calendar.after": ("Sau", "after"),
    "calendar.case": ("Việc", "case"),
    "calendar.title": ("Trích yếu", "title"),
    "calendar.old": ("Hạn đang tính", "due now"),
    "calendar.new": ("Hạn mới", "due then"),
    "calendar.effect": ("Thay đổi", "change"),
    "effect.moves": ("chuyển muộn hơn", "moves later"),
    "effect.stays": (
        "giữ nguyên, không rút ngắn (tính lại: {date})",
        "stays, never shortened (new count: {date})",
    ),
    "effect.settles": ("không còn là dự kiến", "no longer provisional"),
    "effect.unsettles": ("thành ngày dự kiến", "becomes provisional"),
    "calendar.summary": (
        "{moves} việc chuyển hạn muộn hơn, {stays} việc giữ nguyên dù tính lại sớm hơn, {marks} việc đổi dấu dự kiến",
        "{moves} cases move later, {stays} stay though the new count is earlier, {marks} change only their mark",
    ),
    "calendar.seen-all": (
        "Đã xem cả {count} việc của hai bên",
        "All {count} cases of both sides were looked at",
    ),
    "calendar.seen-some": (
        "Thư mục này chỉ thấy {count} việc liên quan đến người này; văn thư mới xem trước được mọi việc",
        "This home sees only the {count} cases that concern its member; a clerk's home previews all",
    ),
    # sign
    "calendar.ask": ("Ký lịch làm việc này cho {committee}?", "Sign this calendar for {committee}?"),
    "calendar.other-waits": (
        "Bên kia đã ký một bản lịch khác ({id}): lịch chỉ có hiệu lực khi hai bên ký cùng một bản",
        "The other side signed another calendar ({id}): one comes in force only once both signed the same document",
    ),
    "calendar.signed": (
        "Đã ký; chưa có hạn nào đổi, chờ người duyệt phát hành của đảng ủy bên kia ký cùng bản này",
        "Signed; no date has moved yet: an approver of the other committee has to sign the same document",
    ),
    "calendar.signed-in-force": (
        "Đã ký; lịch có hiệu lực từ bây giờ; trong các việc thư mục này thấy, đến lúc này {moved} hạn đã được ký lại",
        "Signed; the calendar is in force from now on; of the cases seen here, {moved} dates were signed anew so far",
    ),
    # reminders
    "calendar.missing": (
        "Chưa có lịch làm việc chính thức của năm {year}: hai bên soạn và ký bằng `kynhan calendar`",
        "There is no decided calendar for {year} yet: draft and sign one with `kynhan calendar`",
    ),
    "calendar.waits": (
        "Lịch làm việc {id} do bên kia ký đang chờ bên ta: `kynhan calendar preview`, `kynhan calendar sign`",
        "The calendar {id} that the other side signed waits for ours: `kynhan calendar preview`, `sign`",
    ),
    "news.calendar": ("lịch làm việc được ký", "a calendar was signed"),
    # the dates a case has had
    "history.head": ("Các lần đặt hạn", "How the date was set"),
    "history.because": ("Căn cứ", "because"),
    "because.receipt": ("ký nhận", "receipt"),
    "because.extension": ("thông báo gia hạn", "extension notice"),
    "because.return": ("trả lại để bổ sung hồ sơ", "return for completion"),
    "because.calendar": ("lịch làm việc mới", "new calendar"),
    "because.answer": ("đề nghị làm rõ đã được trả lời", "a question was answered"),
    "because.correction": ("đính chính thời hạn", "correction"),
}

TROUBLE: Final[dict[str, Told]] = {
    "bad-decision": Told(
        "{path} is no list of days: {why}",
        "tệp {path} không phải là danh sách ngày đúng dạng: {why}",
        "It needs the columns `date,day,why,decision`; nothing was written.",
        "Cần các cột `date,day,why,decision`; chưa ghi gì.",
    ),
    "calendar-year": Told(
        "the year {year} cannot be drafted: {why}",
        "không soạn được lịch năm {year}: {why}",
        "Years follow one another; see `kynhan calendar show`.",
        "Các năm phải nối tiếp nhau; xem `kynhan calendar show`.",
    ),
    "calendar-decided": Told(
        "{year} is decided already ({decision})",
        "lịch năm {year} đã là chính thức ({decision})",
        "What changes it is another decision: give --decision and --number.",
        "Muốn thay đổi phải có quyết định khác: dùng --decision và --number.",
    ),
    "calendar-number": Told(
        "a decision file needs the decision's number, one word",
        "cần số, ký hiệu của quyết định, viết liền",
        "Give it as --number 12729/VPCP-KGVX, together with --decision.",
        "Ghi như --number 12729/VPCP-KGVX, cùng với --decision.",
    ),
    "calendar-not-whole": Told(
        "the decision leaves out {date}, which the law makes a day off, so it is not the whole of {year}",
        "quyết định thiếu ngày nghỉ theo luật {date}, nên chưa phải là cả năm {year}",
        "If the file names only the days that change, add --partial.",
        "Nếu tệp chỉ nêu những ngày thay đổi, thêm --partial.",
    ),
    "calendar-no-day": Told(
        "the decision has no day in {year}",
        "quyết định không có ngày nào trong năm {year}",
        "Check the year and the file.",
        "Kiểm tra lại năm và tệp.",
    ),
    "calendar-none-waits": Told(
        "no calendar of the other side waits for yours",
        "không có lịch làm việc nào của bên kia đang chờ bên ta ký",
        "Name a file; `kynhan calendar draft` makes one.",
        "Nêu tên tệp; soạn bằng `kynhan calendar draft`.",
    ),
    "calendar-in-force": Told(
        "this calendar is in force already",
        "lịch làm việc này đang có hiệu lực",
        "There is nothing to sign.",
        "Không cần ký nữa.",
    ),
    "calendar-lacks-years": Told(
        "the calendar lacks years that the one in force has: {years}",
        "bản lịch thiếu những năm mà lịch đang có hiệu lực có: {years}",
        "Draft it from the one in force, with `kynhan calendar draft`.",
        "Soạn từ lịch đang có hiệu lực, bằng `kynhan calendar draft`.",
    ),
    "calendar-signed": Told(
        "{committee} has signed this calendar already",
        "{committee} đã ký bản lịch này",
        "It waits for an approver of the other committee.",
        "Đang chờ người duyệt phát hành của đảng ủy bên kia.",
    ),
    "calendar-overtaken": Told(
        "another calendar came in force meanwhile; nothing was signed for",
        "vừa có lịch khác có hiệu lực; chưa ghi nhận chữ ký nào",
        "Draft yours anew from the one in force: `kynhan calendar show`.",
        "Soạn lại từ lịch đang có hiệu lực: `kynhan calendar show`.",
    ),
}

CLAUSES: Final[dict[str, tuple[str, str]]] = {
    "calendar.too-long": ("tệp dài quá 1 MiB", "it is longer than 1 MiB"),
    "calendar.no-days": ("không có ngày nào", "it names no day"),
    "calendar.too-many": ("có quá {most} ngày", "it names more than {most} days"),
    "calendar.order": (
        "ngày {date} không theo thứ tự, hoặc lặp lại",
        "{date} stands out of order, or twice",
    ),
    "calendar.works-anyway": (
        "ngày {date} vốn là ngày làm việc, không thể là ngày làm bù",
        "{date} is a working day anyway and cannot be made one",
    ),
    "calendar.no-reason": (
        "ngày {date} thiếu lý do hoặc văn bản, hoặc viết quá dài",
        "{date} has no reason or decision, or too long a one",
    ),
    "calendar.heading": ("dòng đầu phải là {known}", "the first line has to be {known}"),
    "calendar.line": ("dòng {line} không đúng dạng", "line {line} is not what it should be"),
    "calendar.unknown-reason": (
        "lý do ở dòng {line} chưa có tiếng Việt; dùng hai cột why_vi, why_en",
        "the reason in line {line} has no known Vietnamese; use the columns why_vi, why_en",
    ),
    "calendar.gap": (
        "lịch đang có hiệu lực bắt đầu từ {first}, năm tiếp theo là {next}",
        "the one in force begins with {first}, and {next} comes next",
    ),
    "calendar.beyond-library": (
        "thư viện ngày nghỉ không tính được năm này",
        "the holidays library does not reach so far",
    ),
}

OPTIONS: Final[dict[str, tuple[str, str]]] = {
    "calendar.decision": ("Tệp danh sách ngày theo quyết định", "file with the days decided (CSV or JSON)."),
    "calendar.number": ("Số, ký hiệu của quyết định", "the decision's number."),
    "calendar.partial": (
        "Tệp chỉ nêu những ngày thay đổi",
        "the file names only the days that change.",
    ),
    "calendar.out": ("Tệp để ghi", "file to write."),
}

COMMANDS: Final[dict[str, Help]] = {
    "calendar": Help(
        ("Lịch làm việc: xem, soạn, xem trước, ký", "the working-day calendar"),
        (
            "Lịch làm việc mà thời hạn được tính theo: ngày nghỉ, ngày nghỉ bù, ngày làm bù, kèm văn bản quyết định."
            " Lịch mới có hiệu lực khi người duyệt phát hành của cả hai đảng ủy đã ký cùng một bản; thời hạn đang"
            " tính không bao giờ bị rút ngắn.",
            "The calendar by which time limits are counted: days off and days worked, with the decision behind each."
            " A new one is in force once an approver of each committee signed the same document; a running deadline"
            " is never shortened.",
        ),
        (
            "kynhan calendar show 2026",
            "kynhan calendar draft 2027 --out lich.json",
            "kynhan calendar preview lich.json",
            "kynhan calendar sign lich.json",
        ),
    ),
    "calendar show": Help(
        ("Xem lịch đang có hiệu lực", "show the one in force"),
        (
            "Hiện các năm của lịch đang có hiệu lực, chính thức hay dự thảo, và bản lịch nào đang chờ ký. Nêu năm:"
            " từng ngày nghỉ, ngày làm bù của năm đó, kèm lý do và văn bản.",
            "Shows the years of the calendar in force, decided or draft, and which calendar waits for a signature."
            " With a year: each of its days off and days worked, with reason and decision.",
        ),
        ("kynhan calendar show", "kynhan calendar show 2026 --lang vi"),
    ),
    "calendar draft": Help(
        ("Soạn lịch của một năm", "draft a year"),
        (
            "Ghi một bản lịch mới: lịch đang có hiệu lực với một năm do thư viện ngày nghỉ tính (dự thảo), hoặc lấy"
            " từ quyết định (chính thức). Tệp quyết định có cột `date,day,why,decision`; `day` là `off` hoặc `work`.",
            "Writes a new calendar: the one in force with one year as the holidays library computes it (a draft), or"
            " as decided (official). A decision file has columns `date,day,why,decision`; `day` is `off` or `work`.",
        ),
        (
            "kynhan calendar draft 2027 --out lich.json",
            "kynhan calendar draft 2026 --decision ngay-nghi.csv \\",
            "    --number 12729/VPCP-KGVX --partial --out lich.json",
        ),
    ),
    "calendar preview": Help(
        ("Xem trước lịch mới làm đổi hạn nào", "see which dates would move"),
        (
            "So bản lịch với lịch đang có hiệu lực, và hiện từng việc đang tính hạn sẽ đổi ngày hoặc đổi dấu dự kiến."
            " Không nêu tệp: bản mà bên kia đã ký và đang chờ ta.",
            "Compares a calendar with the one in force, and shows each open case whose date or mark would change."
            " Without a file: the one that the other side signed and that waits for ours.",
        ),
        ("kynhan calendar preview lich.json", "kynhan calendar preview --json"),
    ),
    "calendar sign": Help(
        ("Ký lịch làm việc", "sign a calendar"),
        (
            "Người duyệt phát hành ký bản lịch. Không nêu tệp: ký đúng bản mà bên kia đã ký. Chữ ký thứ hai làm lịch"
            " có hiệu lực: các hạn đổi theo, không hạn nào bị rút ngắn.",
            "An approver signs a calendar. Without a file: the very one that the other side signed. The second"
            " signature puts it in force: dates move with it, none is shortened.",
        ),
        ("kynhan calendar sign lich.json", "kynhan calendar sign --yes"),
    ),
}
