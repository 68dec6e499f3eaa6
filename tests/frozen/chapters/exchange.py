"""What both sides say while a case runs: words, questions, meetings, opinions, assignments; and the answer."""

from __future__ import annotations

from tests.frozen.chapters.request import Asked, files
from tests.frozen.stage import Stage

MEETING = ("--agenda", "Thống nhất danh sách", "--place", "Phòng họp số 2")


def play(one: Stage, asked: Asked) -> str:
    """At the end the case is answered and closed. Gives the reply."""
    one.chapter("07-exchanges", "2026-01-15 08:00")
    _words(one, asked.case)
    _notices(one, asked.case)
    one.chapter("08-units", "2026-01-16 08:00")
    _units(one, asked.case)
    one.chapter("09-conferences", "2026-01-19 08:00")
    _conferences(one, asked.case)
    one.chapter("10-opinions", "2026-01-26 08:00")
    _opinions(one, asked.case)
    one.chapter("11-terms", "2026-01-27 08:00")
    _terms(one, asked.case)
    one.chapter("12-reply", "2026-03-02 08:00")
    return _reply(one, asked.case)


def take(one: Stage, who: str, dispatch: str) -> None:
    """Who a package went to reads of it, signs for it and opens it."""
    one.kynhan(who, "sync")
    one.kynhan(who, "sign", dispatch, "--yes")
    one.kynhan(who, "open", dispatch, "--out", one.new_path("đã mở"))


def _words(one: Stage, case: str) -> None:
    said = one.kynhan("ca", "message", case, "Đã nhận đủ hồ sơ.")
    take(one, "ccq", said["dispatch"])
    one.kynhan("ccq", "message", status=2)
    one.kynhan("ccq", "message", case, "có ký tự\u202elạ", status=1)
    one.kynhan("ccq", "message", "--new", "Chào đồng chí.", "--to", "ca.example")
    asked = one.kynhan("ca", "question", case, "Danh sách có gồm cán bộ nghỉ hưu không?")
    take(one, "ccq", asked["dispatch"])
    one.kynhan("ca", "answer", case, "x", status=1)
    answered = one.kynhan("ccq", "answer", case, "Có.", "--regarding", asked["dispatch"])
    take(one, "ca", answered["dispatch"])
    talked = ("--at", "2026-01-14 09:00", "--by", "điện thoại", "--between", "Đ/c A", "--between", "Đ/c B")
    one.kynhan("ccq", "note", case, "Hẹn họp ngày 19.", *talked)
    one.kynhan("ccq", "note", case, "x", "--at", "hôm qua", "--by", "x", "--between", "a", status=2)


def _notices(one: Stage, case: str) -> None:
    notice = ("--title", "Thay đổi đầu mối liên hệ", "--subject", "3.6")
    one.kynhan("ca", "notice", one.file("thông báo.txt", "Đầu mối mới.\n"), *notice)
    one.kynhan("ca", "notice", one.file("thông báo.txt"), "--about-case", case, *notice)
    one.kynhan("ca", "notice", one.path("không-có.txt"), *notice, status=1)
    one.kynhan("ca", "difficulty", case, "Chưa có quy định về trường hợp này.")
    one.kynhan("ca", "difficulty", "--new", "x" * 100_000, status=1)
    more = ("--kind", "message", "--to", "ca.example", "--title", "Gửi thêm", "--yes")
    one.kynhan("ccq", "send", *more, "--case", case, one.file("thêm.pdf"))
    cover = ("--cover", one.path("dossier/cover.toml"))
    one.kynhan("ccq", "send", *more, *cover, "--case", case, one.file("thêm.pdf"), status=1)
    one.kynhan(
        "ccq", "send", "--kind", "reply", "--to", "ca.example", "--title", "x", "--case", case, status=1
    )


def _units(one: Stage, case: str) -> None:
    one.kynhan("ca", "assign", case, "--to", "khong-co", "--yes", status=1)
    one.kynhan("ca", "assign", case, "--to", "pc03", status=1)
    one.kynhan("ca", "assign", case, "--to", "pc03", "--words", "Chủ trì tham mưu.", "--yes")
    one.kynhan("ca-pc03", "sync")
    one.kynhan("ca-pc03", "inbox")
    one.kynhan("ca-pc03", "cases")
    one.kynhan("ca", "cases", "--unit", "pc03")
    one.kynhan("ca", "unassign", case, "--words", "Giao đơn vị khác.", "--yes")
    one.kynhan("ca", "unassign", case, "--yes", status=1)


def _conferences(one: Stage, case: str) -> None:
    one.kynhan("ca", "conference", "list")
    proposed = one.kynhan("ca", "conference", "propose", case, *MEETING, "--at", "2026-01-22 09:00")
    one.kynhan("ca", "conference", "propose", *MEETING, "--at", "2026-01-22 09:00", status=2)
    take(one, "ccq", proposed["sent"][0]["dispatch"])
    one.kynhan("ccq", "conference", "decline", case, "--reason", "Trùng lịch.")
    one.kynhan("ca", "sync")
    moved = one.kynhan("ca", "conference", "move", case, "--at", "2026-01-23 09:00", "--lasts", "90m")
    take(one, "ccq", moved["sent"][0]["dispatch"])
    accepted = one.kynhan("ccq", "conference", "accept", case, "Sẽ dự.")
    take(one, "ca", accepted["dispatch"])
    one.kynhan("ca", "conference", "list", case)
    one.kynhan("ca", "conference", "ics", case, "--out", one.path("họp.ics"))
    one.kynhan("ca", "conference", "ics", case, "--out", one.path("họp.ics"), status=1)
    one.at("2026-01-23 14:00")
    one.kynhan("ca", "conference", "minutes", case, one.path("không-có.pdf"), status=1)
    one.kynhan("ca", "conference", "minutes", case, one.file("biên bản.pdf"), "--title", "Biên bản")
    one.kynhan("ca", "conference", "minutes", case, one.file("biên bản.pdf"), "--title", "Biên bản")
    one.kynhan("ccq", "sync")
    one.kynhan("ccq", "conference", "list")


def _opinions(one: Stage, case: str) -> None:
    ask = ("opinion", "ask", case, "Xin ý kiến về dự thảo.", "--wish-date", "2026-01-30")
    asked = one.kynhan("ca", *ask, "--title", "Dự thảo")
    one.kynhan("ca", "opinion", "ask", "--new", "--wish-date", "mai", status=2)
    round_ = asked["about"]
    one.kynhan("ca", "opinion", "status", round_)
    take(one, "ccq", asked["sent"][0]["dispatch"])
    one.kynhan("ccq", "answer", case, "Nhất trí.", "--regarding", asked["sent"][0]["dispatch"])
    one.kynhan("ca", "sync")
    one.kynhan("ca", "opinion", "status", case)
    one.kynhan("ca", "opinion", "status", "ffff", status=1)


def _terms(one: Stage, case: str) -> None:
    one.kynhan("ca", "return", case, "--yes", status=1)
    returned = one.kynhan("ca", "return", case, "--missing", "Bản sao quyết định", "--yes")
    take(one, "ccq", returned["dispatch"])
    one.kynhan("ca", "deadlines")
    one.kynhan("ccq", "supplement", case, status=1)
    added = one.kynhan("ccq", "supplement", case, one.file("bản sao.pdf"), "--title", "Bổ sung hồ sơ")
    take(one, "ca", added["dispatch"])
    one.kynhan("ca", "extend", case, "--days", "10", "--reason", "Chờ kết quả xác minh", status=1)
    one.kynhan("ca", "extend", case, "--until", "2020-01-02", "--reason", "x", "--yes", status=1)
    one.kynhan("ca", "extend", case, "--days", "10", "--reason", "Chờ kết quả xác minh", "--yes")
    one.kynhan("ca", "interim", case, one.file("tạm.pdf"), "--words", "Thông tin bước đầu.")
    one.kynhan("ccq", "sync")
    proposed = one.kynhan("ccq", "correct", case, "--term", "foreign", "--yes")
    one.kynhan("ccq", "correct", case, "--agree", "--term", "foreign", "--yes", status=1)
    take(one, "ca", proposed["dispatch"])
    one.kynhan("ca", "correct", case, "--agree", "--yes")
    one.kynhan("ca", "case", case, "--why")
    one.kynhan("ca", "snooze", case, "--days", "3")
    one.kynhan("ca", "deadlines")
    one.kynhan("ca", "snooze", case, "--off")
    one.kynhan("ca", "snooze", case, status=2)
    one.kynhan("ca", "snooze", case, "--until", "2020-01-02", status=1)


def _reply(one: Stage, case: str) -> str:
    one.tick()
    one.kynhan("ca", "sync")
    one.kynhan("ca", "watch", "--once", "--no-notify")
    one.kynhan("ca", "deadlines")
    one.at("2026-04-20 08:00")
    one.tick()
    one.kynhan("ca", "watch", "--once", "--no-notify")
    one.kynhan("ca", "deadlines")
    one.kynhan("ccq", "reply", case, "--title", "x", one.file("a.pdf"), status=1)
    cover = ("--cover", one.path("reply/cover.toml"))
    replied: str = one.kynhan("ca", "reply", case, *files(one, "reply"), *cover)["dispatch"]
    one.kynhan("ca", "reply", case, *files(one, "reply"), *cover)
    take(one, "ccq", replied)
    concluded = ("--number", "12", "--symbol", "KL/ĐUCCQ", "--issued", "2026-04-20")
    one.kynhan("ccq", "close", case, *concluded, status=1)
    one.kynhan("ccq", "close", case, *concluded, one.file("kết luận.pdf"), "--yes", status=1)
    one.kynhan("ccq", "close", case, *concluded, "--title", "Kết luận", "--yes")
    one.kynhan("ccq", "close", case, "--number", "một", "--symbol", "x", "--issued", "2026-04-20", status=2)
    one.kynhan("ca", "sync")
    one.kynhan("ca", "case", case)
    one.kynhan("ccq", "register", "in")
    one.kynhan("ccq", "register", "out")
    one.table("ca", "register", "in", "--csv")
    one.kynhan("ca", "register", "out", "--period", "2026")
    one.kynhan("ca", "register", "enter", replied, "--number", "7", "--location", "Tủ 3")
    one.kynhan("ccq", "register", "enter", replied, "--distribution", "Văn phòng", "--location", "Tủ 3")
    return replied
