"""Words of the procedures around a request and its answer."""

from __future__ import annotations

from typing import Final

from .help import Help
from .told import Told

WORDS: Final[dict[str, tuple[str, str]]] = {
    "procedure.to": ("{kind} gửi {to}", "{kind} to {to}"),
    "copy.sent": (
        "Đã gửi bản sao cho {to} (mục {index})",
        "A copy was sent to {to} (entry {index})",
    ),
    "copy.queued": (
        "Bản sao cho {to} chưa gửi được; `kynhan sync` sẽ gửi",
        "The copy for {to} is not sent yet; `kynhan sync` will send it",
    ),
    "return.restarts": (
        "Trả lại trong thời hạn: bổ sung đủ thì thời hạn tính lại từ đầu (trả lại được đến hết ngày {date})",
        "In time: once completed, the clock starts anew (a return does so until the end of {date})",
    ),
    "return.too-late": (
        "Đã quá ngày {date}: trả lại không làm thời hạn tính lại từ đầu",
        "Past {date}: the return does not start the clock anew",
    ),
    "return.no-clock": (
        "Không tạm ngừng, không tính lại thời hạn: đã trả lại đủ số lần theo bản quy ước, hoặc việc không có thời hạn",
        "It stops and restarts no clock: it was returned as often as the profile says, or the case has no term",
    ),
    "return.ask": ("Trả lại để bổ sung hồ sơ?", "Return the dossier for completion?"),
    "assign.from": (
        "Giao lại: {before} đang giữ việc này",
        "Re-assignment: {before} has the case now",
    ),
    "assign.handed": (
        "Chuyển kèm {kind} ký nhận lúc {at}, cùng biên nhận",
        "Hands on: {kind}, signed for at {at}, with its receipts",
    ),
    "assign.ask": ("Giao việc này cho {unit}?", "Assign the case to {unit}?"),
    "unassign.which": ("Thôi giao {unit} (lượt gửi {dispatch})", "Takes it back from {unit} ({dispatch})"),
    "unassign.ask": ("Thôi giao?", "Take the case back?"),
    "unassign.words": ("Thôi giao cơ quan chức năng", "Assignment withdrawn"),
    "unassign.withdrawn": ("Đã lấy lại lượt giao {unit}", "Withdrew the assignment to {unit}"),
    "unassign.recalled": ("Đã thu hồi lượt giao {unit}", "Recalled the assignment to {unit}"),
    "extend.dates": (
        "Hạn đang tính: {before}; hạn theo thông báo: {announced}",
        "Date in force: {before}; announced: {announced}",
    ),
    "extend.original": ("Hạn theo Quy chế: {original}", "Original date: {original}"),
    "extend.late": (
        "Thông báo sau khi đã hết hạn: được ghi nhận là gửi trễ",
        "Given after the date it extends: recorded as late",
    ),
    "extend.ask": ("Gửi thông báo gia hạn?", "Send the extension notice?"),
    "reply.through-committee": (
        "Hai bên thống nhất cơ quan chức năng trả lời qua đảng ủy: gửi cho {to}",
        "By the profile a unit answers through its committee: it goes to {to}",
    ),
    "interim.mark": (
        "Thông tin chưa kết luận: không thay văn bản trả lời kết quả, thời hạn vẫn tính",
        "Not concluded: it replaces no reply, and the clock goes on",
    ),
    "correct.term": ("Thời hạn đúng: {label}", "Right term: {label}"),
    "correct.dates": (
        "Hạn theo Quy chế: {before} → {after}; hạn có hiệu lực: {due}",
        "Original date: {before} → {after}; in force: {due}",
    ),
    "correct.voids": (
        "Bì đang báo lỗi không còn giá trị: bên gửi gửi lại",
        "The package said to be faulty counts no more: its sender sends again",
    ),
    "carry.admits": (
        "Bản giữ tại đây cũng có lỗi: gửi lại là thừa nhận lỗi của bì {dispatch}",
        "Our own copy is faulty too: sending it again admits the fault of {dispatch}",
    ),
    "correct.proposes": (
        "Chỉ có hiệu lực khi {other} đồng ý bằng chữ ký",
        "It counts only once {other} agrees by its own signature",
    ),
    "correct.agrees": (
        "Bên kia đã đề nghị; chữ ký này làm đính chính có hiệu lực",
        "The other side proposed it; this signature puts it in force",
    ),
    "correct.ask": ("Gửi đính chính thời hạn?", "Send the correction?"),
    # in `kynhan case`
    "case.unit": ("Cơ quan chức năng đang giữ: {unit}", "Unit that has it: {unit}"),
    "case.start": ("Thời hạn tính từ ngày ký nhận {date}", "The clock counts from the receipt on {date}"),
    "case.start-void": (
        "Không tính từ ngày ký nhận {date} nữa: bì lỗi",
        "The receipt on {date} counts no more: the package was faulty",
    ),
    "case.void": ("! không còn tính", "! counts no more"),
    "case.restart": (
        "Tính lại từ ngày {date}, sau khi trả lại và bổ sung",
        "It counts anew from {date}, after the return was completed",
    ),
    "case.restart-unsigned": (
        "Tính lại từ ngày {date}: đã gửi bổ sung, hết thời gian chờ mà chưa ai ký nhận",
        "It counts anew from {date}: what completes the dossier was sent, and nobody signed for it in time",
    ),
    "case.answered-at": ("Đã trả lời lúc {at}", "Answered at {at}"),
    "case.copy": ("(bản sao)", "(copy)"),
    "case.announces": ("đến {date}", "until {date}"),
    "case.late-extension": ("! gửi trễ", "! given late"),
    "case.late-return": ("! không tính lại hạn", "! restarts no clock"),
    "case.recalled": ("đã thu hồi", "recalled"),
    "case.without-effect": ("! không có hiệu lực", "! without effect"),
    "open.handed": (
        "{name}: {kind} của {from_}, đúng như bên gửi đã ký; mở vào {folder}",
        "{name}: {kind} from {from_}, as its sender signed it; opened into {folder}",
    ),
    "open.handed-faulty": (
        "{name}: không đúng với bản kê mà bên gửi đã ký, không mở",
        "{name}: not as its own sender signed it; nothing was unpacked",
    ),
}

CLAUSES: Final[dict[str, tuple[str, str]]] = {
    "text.empty": ("{field} để trống", "{field} is empty"),
    "text.controls": (
        "{field} có ký tự điều khiển, ký tự đổi chiều chữ hoặc ký tự không nhìn thấy được",
        "{field} holds control characters, or ones that turn the direction of the text or cannot be seen",
    ),
    "text.too-long": ("{field} dài quá {most} byte", "{field} is longer than {most} bytes"),
    "request.wish-and-term": (
        "việc đã có thời hạn thì không nêu ngày mong muốn (--wish)",
        "a date is wished for (--wish) only where no term runs",
    ),
    "request.wish-past": ("ngày mong muốn đã qua", "the date wished for has passed"),
    "return.no-list": (
        "phải nêu danh mục còn thiếu (--missing hoặc --missing-file)",
        "it has to list what is missing (--missing or --missing-file)",
    ),
    "extend.days": ("số ngày gia hạn phải từ 1 đến {most}", "an extension is of 1 to {most} working days"),
    "extend.no-date": (
        "phải nêu ngày thông báo (--until) hoặc số ngày làm việc (--days)",
        "it has to name the announced date (--until) or working days (--days)",
    ),
    "extend.both-dates": ("chỉ nêu một trong --until và --days", "give either --until or --days"),
    "correct.nothing": (
        "phải nêu thời hạn đúng (--term) hoặc đồng ý (--agree)",
        "it has to name the right term (--term), or agree (--agree)",
    ),
    "correct.both": (
        "đồng ý (--agree) hoặc báo mất giá trị (--void) thì không nêu thời hạn khác",
        "who agrees (--agree), or says that a package counts no more (--void), names no other term",
    ),
}

TROUBLE: Final[dict[str, Told]] = {
    "package-unusable": Told(
        "what was received as {dispatch} cannot be handed on: {why}",
        "không chuyển tiếp được nội dung đã nhận ở lượt gửi {dispatch}: {why}",
        "Open it, so that what is wrong is on record and its sender can send it again.",
        "Mở bì đó để ghi nhận lỗi; bên gửi sẽ gửi lại.",
    ),
}

COMMANDS: Final[dict[str, Help]] = {
    "request": Help(
        ("Gửi văn bản đề nghị phối hợp", "ask for coordination"),
        (
            "Gửi văn bản đề nghị phối hợp cùng hồ sơ cho đảng ủy trả lời, hoặc thẳng cho cơ quan chức năng (--to)."
            " Thời hạn (--term) theo mã nội dung; nội dung không có thời hạn thì có thể nêu ngày mong muốn (--wish)."
            " Bì trước bị từ chối, bị lỗi hoặc đã lấy lại thì gửi lại trong cùng việc (--case).",
            "Sends the request and its dossier to the responding committee, or straight to its unit (--to). The"
            " subject decides whether a term is needed; where none runs, a date can be wished for (--wish). What was"
            " declined, faulty or withdrawn is sent again in the same case (--case).",
        ),
        (
            "kynhan request cong-van.pdf danh-muc.pdf --subject 3.1 \\",
            '    --term in-province --title "Đề nghị phối hợp xác minh"',
            "kynhan request cong-van.pdf --to ca.example/pc03 --subject 3.5 \\",
            "    --wish 2026-12-15 --cover trich-yeu.toml",
            "kynhan request cong-van.pdf --case 0198f0c1",
        ),
    ),
    "supplement": Help(
        ("Bổ sung hồ sơ", "complete a dossier"),
        (
            "Gửi văn bản bổ sung hồ sơ: trả lời lần trả lại đang chờ, nếu có, và gửi cho nơi đã trả lại; nếu không thì"
            " gửi cho cơ quan chức năng đang giữ việc, hoặc nơi đã nhận văn bản đề nghị. Bên kia báo lỗi bì mà bản giữ"
            " tại đây không có lỗi thì cũng gửi lại tệp bằng lệnh này; như vậy không thừa nhận lỗi. Sau lần trả lại"
            " kịp hạn, thời hạn tính lại khi bổ sung được ký nhận, hoặc khi hết thời gian chờ mà chưa ai ký nhận.",
            "Sends what completes the dossier: it regards the return that waits for it and goes to who returned it;"
            " else to the unit that has the case, or to where the request went. Where the other side says that a"
            " package is faulty and our own copy is not, the files go again by this command, which admits nothing."
            " After a return in time the term starts anew when the supplement is signed for, or when nobody signed for"
            " it in time.",
        ),
        ("kynhan supplement 0198f0c1 ban-sao.pdf", "kynhan supplement 0198f0c1 *.pdf --to ca.example"),
    ),
    "return": Help(
        ("Trả lại để bổ sung hồ sơ", "return for completion"),
        (
            "Trả lại hồ sơ chưa đủ, kèm danh mục còn thiếu (niêm phong trong bì). Trả lại kịp hạn theo bản quy"
            " ước thì tạm ngừng tính hạn, và tính lại từ đầu sau khi bổ sung; chương trình cho biết còn kịp không.",
            "Returns an incomplete dossier with the list of what is missing, which travels sealed. Made in time it"
            " stops the clock, which starts anew once the dossier is complete; the program says whether it is in time.",
        ),
        (
            'kynhan return 0198f0c1 --missing "Bản sao quyết định số 12" \\',
            '    --missing "Danh sách kèm theo, trang 2"',
            "kynhan return 0198f0c1 --missing-file con-thieu.txt --yes",
        ),
    ),
    "assign": Help(
        ("Giao cơ quan chức năng", "assign to a unit"),
        (
            "Giao việc cho cơ quan chức năng của đảng ủy ta: hồ sơ đã nhận được chuyển nguyên vẹn, cùng biên nhận,"
            " trong một bì mới. Giao cho cơ quan khác là giao lại; giao lần nữa cho cùng cơ quan là chuyển phần bổ"
            " sung. Thời hạn không tính lại.",
            "Gives the case to a unit of our committee: what was received travels on unchanged, with its receipts, in a"
            " new package. Another unit: re-assignment; the same unit again: what was supplemented since. The clock"
            " does not start anew.",
        ),
        ("kynhan assign 0198f0c1 --to ca.example/pc03", "kynhan assign 0198f0c1 --to pc04 --yes"),
    ),
    "unassign": Help(
        ("Thôi giao cơ quan chức năng", "take a case back from its unit"),
        (
            "Thôi giao: lượt giao chưa ai ký nhận thì lấy lại, đã ký nhận thì thu hồi; trong nội bộ đảng ủy không cần"
            " đồng ý.",
            "Takes a case back from its unit: an assignment that nobody signed for is withdrawn, else it is recalled;"
            " within the committee nobody has to agree.",
        ),
        ("kynhan unassign 0198f0c1", "kynhan unassign 0198f0c1 --yes --json"),
    ),
    "extend": Help(
        ("Thông báo gia hạn thời gian trả lời", "announce a later date"),
        (
            "Thông báo gia hạn, nêu lý do và ngày trả lời mới; không cần bên kia đồng ý, thông báo được nhiều lần."
            " Thông báo sau khi hết hạn được ghi nhận là gửi trễ. Hạn theo Quy chế vẫn giữ trong lịch sử của việc.",
            "Announces a later date, with reasons; no consent is needed, and it can be done again. After the date it is"
            " recorded as late. The original date stays in the history.",
        ),
        (
            "kynhan extend 0198f0c1 --until 2027-02-26 \\",
            '    --reason "Chờ kết quả xác minh ngoài tỉnh"',
            'kynhan extend 0198f0c1 cong-van.pdf --days 10 --reason "Như công văn"',
        ),
    ),
    "interim": Help(
        ("Gửi thông tin chưa kết luận", "send information not concluded yet"),
        (
            "Gửi thông tin chưa kết luận cho bên đề nghị; luôn được ghi rõ như vậy, không thay văn bản trả lời kết"
            " quả, thời hạn vẫn tính.",
            "Sends information that is not concluded yet; it is marked so wherever it is shown, replaces no reply, and"
            " the clock goes on.",
        ),
        ("kynhan interim 0198f0c1 thong-tin.pdf",),
    ),
    "correct": Help(
        ("Đính chính thời hạn", "correct a wrong term"),
        (
            "Đính chính thời hạn ghi sai: một bên đề nghị (--term, --due), bên kia đồng ý (--agree); có hiệu lực từ chữ"
            " ký thứ hai và không rút ngắn thời hạn đang chạy. Hai bên cũng cùng bỏ một bì đang báo lỗi (--void, rồi"
            " --agree): bì đó không còn tính, bên gửi gửi lại.",
            "Corrects a wrong term: one side proposes (--term, --due), the other agrees (--agree). It counts from the"
            " second signature and never shortens a running time limit. In the same way both sides drop a package that"
            " is said to be faulty (--void, then --agree): it counts no more, and its sender sends again.",
        ),
        (
            'kynhan correct 0198f0c1 --term in-country --words "Thân nhân ở ngoài tỉnh"',
            "kynhan correct 0198f0c1 --agree",
            "kynhan correct 0198f0c1 --void 3f9a61",
        ),
    ),
}

OPTIONS: Final[dict[str, tuple[str, str]]] = {
    "request.to": (
        "Nơi nhận (mặc định: đảng ủy trả lời, hoặc như lần trước)",
        "committee or unit (default: the responding committee).",
    ),
    "request.wish": ("Ngày mong muốn được trả lời", "date wished for."),
    "request.case": ("Gửi lại trong việc đã có", "send again in this case."),
    "supplement.to": ("Nơi nhận, nếu khác mặc định", "committee or unit, if not the natural one."),
    "return.missing": ("Một mục còn thiếu (lặp lại được)", "one thing that is missing (repeatable)."),
    "return.missing-file": ("Tệp danh mục còn thiếu", "file that lists what is missing."),
    "assign.to": ("Cơ quan chức năng, như ca.example/pc03 hoặc pc03", "unit of our committee."),
    "procedure.words": ("Lời kèm theo, niêm phong trong bì", "words that travel sealed."),
    "extend.until": ("Ngày trả lời mới", "announced date."),
    "extend.days": ("Số ngày làm việc kể từ hạn đang tính", "working days from the date in force."),
    "extend.reason": ("Lý do, niêm phong trong bì", "reasons; they travel sealed."),
    "correct.agree": ("Đồng ý với đề nghị của bên kia", "agree to what the other side proposed."),
    "correct.void": (
        "Bì đang báo lỗi không còn giá trị (hai bên cùng ký)",
        "package said to be faulty that counts no more, as both sides sign.",
    ),
    "correct.due": ("Ngày trả lời đúng", "right date, where it is not counted."),
}
