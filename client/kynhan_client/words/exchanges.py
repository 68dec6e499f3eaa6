"""Words of exchanges in few words, notices, difficulty notes, opinion rounds and closing."""

from __future__ import annotations

from typing import Final

from .help import Help

WORDS: Final[dict[str, tuple[str, str]]] = {
    # one letter to several addressees
    "round.sent": ("Đã gửi {to}", "Sent to {to}"),
    "round.queued": (
        "Chưa gửi được {to}; `kynhan sync` sẽ gửi",
        "Not sent to {to} yet; `kynhan sync` will send it",
    ),
    "round.before": ("Đã gửi {to} từ trước, không gửi lại", "Sent to {to} before, not sent again"),
    "round.about": ("Mã đợt: {about}", "Round: {about}"),
    # opening: the words themselves
    "open.kind": ("Loại: {kind}, của {from_}", "Kind: {kind}, from {from_}"),
    "open.wish-date": ("Đề nghị trả lời trước hết ngày {date}", "An answer is wished for by {date}"),
    "open.message": ("Lời trong bì:", "Words:"),
    "open.note": ("Phiếu ghi:", "Note:"),
    "open.minutes": ("Biên bản:", "Minutes:"),
    "open.meeting": ("Đề xuất hội nghị:", "Conference proposed:"),
    "open.accepted": ("Đồng ý dự hội nghị:", "Conference accepted:"),
    "open.declined": ("Không dự hội nghị:", "Conference declined:"),
    # opinion rounds
    "opinion.none": ("Việc này không có đợt xin ý kiến nào", "There is no opinion round in this case"),
    "opinion.head": (
        "Đợt xin ý kiến {about}, việc {case}, bên hỏi {by}",
        "Opinion round {about}, case {case}, asked by {by}",
    ),
    "opinion.wish": ("Đề nghị trả lời trước hết ngày {date}", "Wished for by {date}"),
    "opinion.to": ("Nơi được hỏi", "asked"),
    "opinion.answered": ("Ý kiến", "opinion"),
    "opinion.state": ("Trạng thái", "state"),
    "opinion.when": ("Lúc", "at"),
    "opinion.yes": ("✓ đã cho ý kiến", "✓ answered"),
    "opinion.no": ("chưa cho ý kiến", "not yet"),
    "asked.answered": ("đã trả lời", "answered"),
    "asked.read": ("đã ký nhận", "signed for"),
    "asked.unsigned": ("chờ ký nhận", "not signed for"),
    "asked.declined": ("từ chối tiếp nhận", "declined"),
    "asked.withdrawn": ("đã lấy lại", "taken back"),
    "asked.queued": ("chờ gửi", "waits to be sent"),
    # closing
    "close.ask": (
        "Kết thúc việc {case} theo kết luận số {number} ngày {date}?",
        "Close case {case} with conclusion {number} of {date}?",
    ),
}

CLAUSES: Final[dict[str, tuple[str, str]]] = {
    "said.words": ("nội dung", "the text"),
    "said.reason": ("lý do", "the reason"),
    "said.missing": ("dòng nêu hồ sơ còn thiếu", "what is missing"),
    "said.symbol": ("ký hiệu văn bản", "the symbol"),
    "said.office": ("tên cơ quan", "the office"),
    "said.means": ("hình thức trao đổi", "the means"),
    "said.place": ("địa điểm", "the place"),
    "said.agenda": ("nội dung hội nghị", "the agenda"),
    "note.future": ("thời điểm trao đổi chưa tới", "the exchange lies in the future"),
    "note.two-offices": (
        "phải nêu ít nhất hai cơ quan đã trao đổi (--between, lặp lại)",
        "it takes two offices at least (--between, repeated)",
    ),
    "answer.nothing-asked": (
        "không có câu hỏi hay đợt xin ý kiến nào đang chờ ta trả lời trong việc này",
        "no question or opinion waits for our answer in this case",
    ),
    "answer.conference": (
        "đề xuất hội nghị được trả lời bằng `kynhan conference accept` hoặc `decline`",
        "a conference is answered by `kynhan conference accept` or `decline`",
    ),
    "answer.recall": (
        "đề nghị thu hồi được trả lời bằng `kynhan recall agree` hoặc `refuse`",
        "a recall is answered by `kynhan recall agree` or `refuse`",
    ),
    "closing.no-content": (
        "hai bên thống nhất không gửi nội dung kết luận; chỉ nêu số và ngày, không kèm tệp",
        "the profile sends no content of a conclusion: give its number and date, no files",
    ),
    "closing.future": ("ngày của kết luận chưa tới", "the conclusion is dated in the future"),
    "opinion.nobody": (
        "chưa nêu nơi được xin ý kiến (--to, lặp lại được)",
        "nobody is asked (--to, may be repeated)",
    ),
    "opinion.asker": (
        "bên hỏi không tự xin ý kiến của mình",
        "whoever asks is not asked",
    ),
    "opinion.no-wish-date": (
        "hai bên thống nhất không nêu ngày mong có ý kiến",
        "the profile knows no wished-for date",
    ),
    "opinion.wish-past": ("ngày mong có ý kiến đã qua", "the wished-for date has passed"),
}

OPTIONS: Final[dict[str, tuple[str, str]]] = {
    "exchange.new": ("Mở việc mới, không nêu số việc", "begin a new case; no CASE then."),
    "exchange.to": (
        "Nơi nhận (mặc định: bên kia)",
        "committee or member to send to (the other side).",
    ),
    "answer.regarding": (
        "Lượt hỏi được trả lời (mặc định: lượt mới nhất chưa trả lời)",
        "the dispatch answered (the newest unanswered).",
    ),
    "note.at": ("Lúc trao đổi, giờ Việt Nam, như 2026-11-24 15:00", "when it was held."),
    "note.by": ("Hình thức: điện thoại, gặp trực tiếp …", "by what means: telephone, in person …"),
    "note.between": ("Cơ quan đã trao đổi (nêu từng cơ quan)", "office that took part (repeat)."),
    "notice.about-case": ("Việc đã có mà thông tin này liên quan", "existing case that it is about."),
    "close.number": ("Số của văn bản kết luận", "number of the conclusion."),
    "close.symbol": ("Ký hiệu, như KL/ĐUCCQ", "its symbol."),
    "close.issued": ("Ngày của văn bản kết luận", "its date."),
    "opinion.to": (
        "Nơi được xin ý kiến (lặp lại được; mặc định: mọi nơi liên quan trong việc)",
        "who is asked (may be repeated; everybody concerned).",
    ),
    "opinion.wish-date": ("Ngày mong có ý kiến", "date by which an answer is wished for."),
}

COMMANDS: Final[dict[str, Help]] = {
    "message": Help(
        ("Gửi tin trao đổi", "send a message"),
        (
            "Trao đổi nhanh trong một việc, hoặc mở một việc trao đổi mới (--new); được niêm phong và ký nhận như mọi"
            " bì. Trong một việc đã có, tin không thay văn bản đề nghị, không ảnh hưởng thời hạn. Lời là đối số đầu sau"
            " số việc, hoặc lấy từ tệp (--text-file), từ đầu vào chuẩn (-).",
            "A quick exchange on a case, or one that opens an exchange of its own (--new), sealed and signed for like"
            " anything else. On a case it replaces no request and moves no date. The words come after CASE, or from a"
            " file (--text-file) or stdin (-).",
        ),
        (
            'kynhan message 0198f0c1 "Đã nhận đủ hồ sơ."',
            "kynhan message 0198f0c1 --text-file tin.txt anh.jpg",
            "kynhan message 0198f0c1 - < tin.txt",
            'kynhan message --new --to ca.example/pc03 "Đề nghị cho biết …"',
        ),
    ),
    "question": Help(
        ("Đề nghị làm rõ", "ask for clarification"),
        (
            "Hỏi về việc phát sinh trong quá trình xác minh, thẩm định; không dừng thời hạn. `kynhan case` cho biết ai"
            " đang chờ ai trả lời.",
            "A question about what comes up during the checking; it stops no clock. `kynhan case` shows who waits for"
            " whose answer.",
        ),
        (
            'kynhan question 0198f0c1 "Đề nghị làm rõ mục 2 của danh sách."',
            "kynhan question 0198f0c1 --text-file hoi.txt phu-luc.pdf",
            'kynhan question 0198f0c1 --to ca.example/pc03 "Đề nghị làm rõ …"',
        ),
    ),
    "answer": Help(
        ("Trả lời câu hỏi, cho ý kiến", "answer a question, give an opinion"),
        (
            "Trả lời một đề nghị làm rõ hoặc một đợt xin ý kiến, gửi cho chính nơi hỏi. Không nêu --regarding: trả lời"
            " lượt hỏi mới nhất chưa có trả lời.",
            "Answers a question or an opinion asked in writing; it goes to whoever asked. Without --regarding: the"
            " newest one put to us that has no answer.",
        ),
        (
            'kynhan answer 0198f0c1 "Mục 2 là bản thay thế."',
            'kynhan answer 0198f0c1 --regarding 3f9a61 "Thống nhất." y-kien.pdf',
        ),
    ),
    "note": Help(
        ("Ghi lại cuộc trao đổi trực tiếp", "file a talk held elsewhere"),
        (
            "Lập phiếu ghi nội dung trao đổi trực tiếp: lúc nào, bằng hình thức gì, giữa các cơ quan nào, nội dung gì;"
            " gửi bên kia trong bì niêm phong. Không nêu họ tên người trao đổi.",
            "Files a note of direct exchange: when, by what means, between which offices, what was said; sealed and"
            " sent to the other side. It names offices, not persons.",
        ),
        (
            'kynhan note 0198f0c1 --at "2026-11-24 15:00" --by "điện thoại" \\',
            '    --between "Văn phòng Đảng ủy Các cơ quan tỉnh" \\',
            '    --between "Văn phòng Đảng ủy Công an tỉnh" \\',
            '    "Thống nhất bổ sung danh sách."',
        ),
    ),
    "notice": Help(
        ("Chủ động cung cấp thông tin", "inform unprompted"),
        (
            "Gửi thông tin mà bên kia chưa hỏi, thành một việc riêng hoặc vào một việc đã có (--about-case). Bên nhận"
            " ký nhận như mọi bì.",
            "Sends information that nobody asked for, as a case of its own or on an existing one (--about-case). It is"
            " signed for like anything else.",
        ),
        (
            'kynhan notice thong-tin.pdf --title "Về tình hình mới phát sinh"',
            "kynhan notice thong-tin.pdf --to ccq.example --subject 3.3 \\",
            "    --about-case 0198f0c1 --cover trich-yeu.toml",
        ),
    ),
    "difficulty": Help(
        ("Nêu vướng mắc, phát sinh", "note a difficulty"),
        (
            "Ghi vướng mắc, phát sinh khi thực hiện Quy chế, trong một việc hoặc riêng (--new), vào bất cứ lúc nào;"
            " báo cáo định kỳ tổng hợp các phiếu này.",
            "Notes a difficulty in carrying out the regulation, on a case or on its own (--new), at any time; the"
            " periodic report gathers them.",
        ),
        (
            'kynhan difficulty 0198f0c1 "Hồ sơ gốc đang lưu ở nơi khác."',
            "kynhan difficulty --new vuong-mac.pdf --to ccq.example",
        ),
    ),
    "close": Help(
        ("Kết thúc việc phối hợp", "close a case"),
        (
            "Kết thúc việc theo văn bản kết luận: số, ký hiệu, ngày. Nội dung kết luận chỉ được kèm theo khi quy ước"
            " của hai bên cho phép.",
            "Closes a case with the number, symbol and date of its conclusion. The content goes along only where the"
            " profile allows it.",
        ),
        (
            "kynhan close 0198f0c1 --number 12 --symbol KL/ĐUCCQ \\",
            "    --issued 2026-12-15",
        ),
    ),
    "opinion": Help(
        ("Đợt xin ý kiến bằng văn bản", "opinions asked in writing"),
        (
            "Khi không mở hội nghị: hỏi bằng văn bản mọi nơi liên quan, mỗi nơi một bì, ký nhận riêng; theo dõi nơi nào"
            " đã, nơi nào chưa cho ý kiến. Trả lời bằng `kynhan answer`.",
            "Where no conference is held: everybody concerned is asked in writing, each in a package signed for on its"
            " own; who has answered and who has not. They answer by `kynhan answer`.",
        ),
        (
            "kynhan opinion ask 0198f0c1 de-nghi.pdf --wish-date 2026-12-10",
            "kynhan opinion status 0198f0c1",
        ),
    ),
    "opinion ask": Help(
        ("Gửi đợt xin ý kiến", "ask for opinions"),
        (
            "Gửi cùng một nội dung cho từng nơi được hỏi. Đứt giữa chừng thì chạy lại đúng lệnh đó: nơi đã gửi không bị"
            " gửi lại.",
            "Sends the same to each addressee. If it breaks off, give the same command again: nobody is sent it twice.",
        ),
        (
            'kynhan opinion ask 0198f0c1 "Đề nghị cho ý kiến về dự thảo." \\',
            "    du-thao.pdf --wish-date 2026-12-10",
            "kynhan opinion ask --new --to ca.example --to ca.example/pc03 \\",
            '    --text-file hoi.txt --title "Về việc xin ý kiến"',
        ),
    ),
    "opinion status": Help(
        ("Đã, chưa cho ý kiến", "who has answered"),
        (
            "Nêu việc hoặc mã đợt: từng nơi đã hay chưa cho ý kiến, bì đã ký nhận chưa.",
            "For a case or a round: who has and who has not answered, and whether the package was signed for.",
        ),
        ("kynhan opinion status 0198f0c1",),
    ),
}
