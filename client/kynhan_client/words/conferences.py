"""Words of conferences: proposing, answering, moving, minutes, the calendar file."""

from __future__ import annotations

from typing import Final

from .help import Help

WORDS: Final[dict[str, tuple[str, str]]] = {
    "conference.none-yet": ("Chưa có hội nghị nào được đề xuất", "No conference was proposed yet"),
    "conference.head": (
        "Hội nghị {about}, việc {case}: {state}",
        "Conference {about}, case {case}: {state}",
    ),
    "conference.when": ("Thời gian: {start} – {end}", "When: {start} – {end}"),
    "conference.where": ("Địa điểm: {place}", "Where: {place}"),
    "conference.agenda": ("Nội dung: {agenda}", "Agenda: {agenda}"),
    "conference.chair": ("Chủ trì: {chair}", "Chaired by {chair}"),
    "conference.unopened": (
        "Thời gian, địa điểm: chưa mở bì ở đây",
        "Time and place: the package is not open here",
    ),
    "conference.invited": ("{to}: {answer}", "{to}: {answer}"),
    "conference.minutes": ("Biên bản: lượt gửi {dispatch}", "Minutes: dispatch {dispatch}"),
    "conference.written": ("Đã ghi tệp lịch {path}", "Wrote the calendar file {path}"),
    "conference-state.proposed": ("đã đề xuất, chờ trả lời", "proposed"),
    "conference-state.moved": ("đề xuất thời gian khác, chờ trả lời", "another time proposed"),
    "conference-state.accepted": ("đã thống nhất", "accepted"),
    "conference-state.declined": ("không dự", "declined"),
    "conference-state.withdrawn": ("đã lấy lại hoặc thu hồi", "taken back"),
    "invited.waiting": ("chưa trả lời", "not answered"),
    "invited.unread": ("đã trả lời, chưa mở bì ở đây", "answered, not open here"),
    "invited.accepted": ("✓ đồng ý dự", "✓ accepts"),
    "invited.declined": ("✗ không dự", "✗ declines"),
}

CLAUSES: Final[dict[str, tuple[str, str]]] = {
    "meeting.lasts": (
        "hội nghị kéo dài từ 1 phút đến 7 ngày",
        "a conference lasts from a minute to seven days",
    ),
    "meeting.past": ("thời điểm {at} đã qua", "{at} has passed"),
    "conference.none": ("việc này chưa có đề xuất hội nghị", "no conference was proposed in this case"),
    "conference.nothing-asked": (
        "không có đề xuất hội nghị nào đang chờ ta trả lời trong việc này",
        "no conference proposal waits for our answer in this case",
    ),
    "conference.not-open": (
        "chưa mở bì có thời gian, địa điểm đề xuất; hãy ký nhận và mở trước",
        "the package with the time proposed is not open here; sign for it and open it first",
    ),
    "conference.not-agreed": ("hội nghị chưa được thống nhất", "the conference is not agreed yet"),
    "conference.not-held": (
        "hội nghị đã bị từ chối hoặc lấy lại",
        "the conference was declined or taken back",
    ),
    "conference.not-yet": ("hội nghị đến {at} mới diễn ra", "the conference is only held at {at}"),
    "conference.no-minutes": ("chưa nêu tệp biên bản", "there is no file of minutes"),
    "conference.over": ("biên bản hội nghị đã gửi", "its minutes are filed already"),
}

OPTIONS: Final[dict[str, tuple[str, str]]] = {
    "conference.about": (
        "Mã hội nghị (mặc định: hội nghị mới nhất của việc)",
        "the conference meant (the newest of the case).",
    ),
    "conference.at": ("Lúc bắt đầu, giờ Việt Nam, như 2026-12-01 09:00", "when it begins."),
    "conference.lasts": ("Kéo dài, như 2h, 90m, 1h30m", "how long it lasts."),
    "conference.place": ("Địa điểm", "where."),
    "conference.agenda": ("Nội dung hội nghị", "what it is about."),
    "conference.to": (
        "Nơi được mời (lặp lại được; mặc định: bên kia)",
        "who is invited (may be repeated; the other side).",
    ),
    "conference.reason": ("Lý do, niêm phong (- là đầu vào chuẩn)", "why, sealed (- is stdin)."),
    "conference.out": ("Tệp .ics để ghi", "calendar file to write."),
}

COMMANDS: Final[dict[str, Help]] = {
    "conference": Help(
        ("Hội nghị của hai bên", "a conference of the two sides"),
        (
            "Đề xuất, trả lời, đổi thời gian, gửi biên bản hội nghị về những nội dung quan trọng. Bên đề xuất trước chủ"
            " trì, kể cả khi bên kia đề xuất thời gian khác.",
            "Proposing, answering, moving, and the minutes of a conference on what is important. Whoever proposed it"
            " first chairs it, also when the other side proposes another time.",
        ),
        (
            'kynhan conference propose 0198f0c1 --agenda "Thống nhất kết quả" \\',
            '    --at "2026-12-01 09:00" --place "Phòng họp số 2"',
            "kynhan conference list",
        ),
    ),
    "conference propose": Help(
        ("Đề xuất hội nghị", "propose a conference"),
        (
            "Gửi đề xuất: nội dung, thời gian, địa điểm, kèm tệp lịch niêm phong trong bì; trong một việc hoặc mở việc"
            " mới (--new). Ta chủ trì.",
            "Sends a proposal: agenda, time, place, with a calendar file inside the seal; on a case or as a new one"
            " (--new). We chair.",
        ),
        (
            'kynhan conference propose 0198f0c1 --agenda "Thống nhất kết quả" \\',
            '    --at "2026-12-01 09:00" --lasts 2h --place "Phòng họp số 2"',
        ),
    ),
    "conference accept": Help(
        ("Đồng ý dự", "accept"),
        (
            "Đồng ý thời gian được đề xuất sau cùng; phải mở bì đề xuất trước.",
            "Accepts the time proposed last; its package has to be opened first.",
        ),
        ("kynhan conference accept 0198f0c1",),
    ),
    "conference decline": Help(
        ("Không dự, nêu lý do", "decline, with the reason"),
        (
            "Trả lời không dự hội nghị; lý do nằm trong bì niêm phong.",
            "Declines the conference; the reason travels sealed.",
        ),
        ('kynhan conference decline 0198f0c1 --reason "Trùng lịch công tác"',),
    ),
    "conference move": Help(
        ("Đề xuất thời gian khác", "propose another time"),
        (
            "Đề xuất thời gian khác; bên đề xuất đầu tiên vẫn chủ trì. Không nêu địa điểm, thời lượng: giữ như cũ.",
            "Proposes another time; whoever proposed first still chairs. Place and length stay unless given.",
        ),
        ('kynhan conference move 0198f0c1 --at "2026-12-02 14:00"',),
    ),
    "conference minutes": Help(
        ("Gửi biên bản hội nghị", "file the minutes"),
        (
            "Gửi biên bản (tệp thứ nhất) và tài liệu kèm theo cho các bên được mời, sau khi hội nghị diễn ra.",
            "Files the minutes (the first file) and what belongs to them with everybody invited, once it was held.",
        ),
        ("kynhan conference minutes 0198f0c1 bien-ban.pdf",),
    ),
    "conference list": Help(
        ("Các hội nghị, ai đã trả lời", "conferences, who has answered"),
        (
            "Các hội nghị của một việc, hoặc tất cả: thời gian, địa điểm, ai đã trả lời, biên bản.",
            "The conferences of a case, or all: time, place, who has answered, minutes.",
        ),
        ("kynhan conference list", "kynhan conference list 0198f0c1"),
    ),
    "conference ics": Help(
        ("Ghi tệp lịch đã thống nhất", "write the calendar file"),
        (
            "Ghi tệp .ics của hội nghị đã thống nhất để đưa vào lịch của mình; sau khi thời gian khác bị từ chối, tệp"
            " này xóa hội nghị khỏi lịch. Tệp không còn niêm phong.",
            "Writes the .ics file of what was agreed, for your own calendar; once another time was declined, the file"
            " that takes it out again. That file is no longer sealed.",
        ),
        ("kynhan conference ics 0198f0c1 --out hoi-nghi.ics",),
    ),
}
