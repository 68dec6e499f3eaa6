"""Dates and calendars, channels of reminders, forms and edXML; receipts, papers, reports; what the operator sees."""

from __future__ import annotations

from pathlib import Path

from tests.frozen.chapters.request import Asked
from tests.frozen.stage import LOG, Stage

DECISION = "88/VPCP-KGVX"
WHOLE_2028 = "date,day,why_vi,why_en,decision\n" + "".join(
    f"2028-{day},off,{why},Day off,{DECISION}\n"
    for day, why in (
        ("01-03", "Nghỉ bù Tết Dương lịch"),
        ("01-25", "Tết Mậu Thân"),
        ("01-26", "Tết Mậu Thân"),
        ("01-27", "Tết Mậu Thân"),
        ("01-28", "Tết Mậu Thân"),
        ("04-04", "Giỗ Tổ Hùng Vương"),
        ("05-01", "Quốc tế Lao động"),
        ("05-02", "Nghỉ bù"),
        ("09-04", "Nghỉ bù Quốc khánh"),
    )
)


def play(one: Stage, asked: Asked, reply: str) -> None:
    """The last chapters; nothing comes after."""
    one.chapter("15-dates", "2026-04-23 08:00")
    _dates(one)
    _calendar(one)
    one.chapter("16-channels", "2026-04-24 08:00")
    _channels(one)
    one.chapter("17-forms", "2026-04-27 08:00")
    _forms(one, reply)
    one.chapter("18-evidence", "2026-04-28 08:00")
    _evidence(one, asked, reply)
    one.chapter("19-reports", "2026-05-04 08:00")
    _reports(one)
    one.chapter("20-operator", "2026-05-05 08:00")
    _operator(one)


def _dates(one: Stage) -> None:
    due = ("due", "--received", "2024-12-20T09:00:00+07:00", "--term")
    one.kynhan("ca", *due, "in-country")
    one.kynhan("ca", *due, "foreign", "--extend", "10")
    one.kynhan("ca", *due, "mai", status=2)
    one.kynhan("ca", "due", "--received", "1970-01-01", "--term", "foreign", status=1)
    one.kynhan("ca", "due", "--received", "hôm qua", "--term", "foreign", status=2)


def _calendar(one: Stage) -> None:
    one.kynhan("ca", "calendar", "show")
    one.kynhan("ca", "calendar", "show", "2026")
    one.kynhan("ca", "calendar", "preview", status=1)
    drafted, decided = one.path("nháp.json"), one.path("2028.json")
    one.kynhan("ccq", "calendar", "draft", "2028", "--number", DECISION, "--out", decided, status=1)
    file = one.file("2028.csv", WHOLE_2028)
    words = ("calendar", "draft", "2028", "--decision", file, "--number", DECISION, "--out", decided)
    one.kynhan("ccq", *words)
    one.kynhan("ccq", *words, status=1)
    one.kynhan("ccq", "calendar", "draft", "2028", "--out", drafted)
    one.kynhan("ccq", "calendar", "draft", "2040", "--out", drafted, status=1)
    one.kynhan("ccq", "calendar", "preview", decided)
    one.kynhan("ccq", "calendar", "sign", decided, "--yes", status=1)
    one.kynhan("ccq-duyet", "calendar", "sign", decided, status=1)
    one.kynhan("ccq-duyet", "calendar", "sign", decided, "--yes")
    one.kynhan("ca", "sync")
    one.kynhan("ca", "calendar", "show", "2028")
    one.kynhan("ca-duyet", "sync")
    one.kynhan("ca-duyet", "calendar", "preview")
    one.kynhan("ca-duyet", "calendar", "sign", "--yes")
    one.kynhan("ccq", "watch", "--once", "--no-notify")


def _channels(one: Stage) -> None:
    one.kynhan("ca", "channel", "list")
    mail = one.kynhan("ca", "channel", "add-mail", "van-thu@tinh.example", "--digest", "--language", "vi")
    one.kynhan("ca", "channel", "add-mail", "không phải thư", status=1)
    one.kynhan("ca", "channel", "confirm", "AAAA-AAAA", status=1)
    one.kynhan("ca", "channel", "confirm", one.mailed_code())
    one.kynhan("ca", "channel", "add-webhook", "https://hooks.tinh.example/ky-nhan", "--language", "both")
    one.kynhan("ca", "channel", "add-webhook", "https://nơi.khác/", status=1)
    one.kynhan("ca", "channel", "add-feed", "--language", "en")
    one.kynhan("ca", "channel", "list")
    one.kynhan("ca", "channel", "remove", mail["id"], status=1)
    one.kynhan("ca", "channel", "remove", mail["id"], "--yes")
    one.kynhan("ca", "channel", "remove", mail["id"], "--yes", status=1)


def _forms(one: Stage, reply: str) -> None:
    one.kynhan("ca", "form", "new", "--form", "party-2018")
    one.kynhan("ca", "form", "new", "--form", "party-2026", "--doctype", "không-có", status=1)
    one.kynhan("ca", "form", "check", one.path("dossier/cover.toml"))
    one.kynhan("ca", "form", "check", one.file("thiếu.toml", 'title = "x"\nform = "party-2018"\n'), status=1)
    one.kynhan("ca", "form", "check", one.file("sai.toml", "title = \n"), status=1)
    one.kynhan("ccq", "edxml", "organ", "ca.example")
    one.kynhan("ccq", "edxml", "organ", "ccq.example", "000.00.01.A66")
    one.kynhan("ccq", "edxml", "organ", "ca.example", "000.00.02.A66")
    one.kynhan("ccq", "edxml", "export", reply, "--out", one.path("văn bản.edxml"), status=1)
    one.kynhan("ccq", "edxml", "export", reply, "--out", one.path("văn bản.edxml"), "--yes")
    one.kynhan("ccq", "edxml", "import", one.path("văn bản.edxml"), "--out", one.path("từ edXML"))
    one.kynhan("ccq", "edxml", "import", one.path("dossier/cover.toml"), "--out", one.path("y"), status=1)
    one.kynhan("ccq", "edxml", "status", reply, "--out", one.path("trạng thái.edxml"))
    one.kynhan("ccq", "edxml", "status", reply, "--code", "02", "--out", one.path("y.edxml"), status=1)
    one.kynhan("ccq", "edxml", "import", one.path("trạng thái.edxml"), "--out", one.path("z"))


def _evidence(one: Stage, asked: Asked, reply: str) -> None:
    one.kynhan("ca", "receipts", asked.case)
    one.kynhan("ca", "receipts", "--bundle", asked.receipt, "--out", one.path("gói.tar"), status=1)
    _cosigned(one)
    one.kynhan("ca", "receipts", "--upgrade")
    one.kynhan("ca", "receipts", asked.case, "--out", one.path("biên nhận"))
    one.kynhan("ca", "receipts", "--bundle", asked.receipt, "--out", one.path("gói.tar"))
    one.kynhan("ca", "receipts", "--out", one.path("x"), status=2)
    one.kynhan("ca", "verify", one.path("gói.tar"))
    one.kynhan("ca", "verify", one.path("biên nhận"))
    one.kynhan("ca", "verify", one.file("không phải.tar", "x"), status=1)
    one.kynhan("ca", "verify", one.path("không-có"), status=1)
    one.kynhan("ca", "print", "receipt", asked.receipt, "--out", one.path("biên nhận.pdf"))
    one.kynhan("ca", "print", "receipt", asked.receipt, "--out", one.path("biên nhận.pdf"), status=1)
    one.kynhan("ca", "print", "case", asked.case, "--out", one.path("việc.pdf"), "--lang", "both")
    one.kynhan("ca", "verify", one.path("biên nhận.pdf"))
    one.kynhan("ca", "evidence", asked.dispatch, "--out", one.path("khóa tệp"), status=1)
    one.kynhan("ca", "evidence", asked.dispatch, "--out", one.path("khóa tệp"), "--yes")
    one.kynhan("ca", "verify", one.path("khóa tệp"))


def _cosigned(one: Stage) -> None:
    """Both witnesses, then a word of each side, which shows how far it has read, then both witnesses again."""
    for _ in range(2):
        for who in ("ccq", "ca", "ccq", "ca"):
            one.kynhan(who, "watch", "--witness", "--once")
        for who, to in (("ccq", "ca"), ("ca", "ccq")):
            one.kynhan(who, "sync")
            one.kynhan(who, "message", "--new", "Đã đọc.", "--to", f"{to}.example")
    for who in ("ccq", "ca"):
        one.kynhan(who, "sync")


def _reports(one: Stage) -> None:
    _cosigned(one)
    one.kynhan("ca", "report", "make", status=2)
    one.kynhan("ca", "report", "make", "--month", "2026-13", status=1)
    made = ("report", "make", "--month", "2026-04", "--out", one.path("tháng 4"), "--format", "pdf,json")
    report = next(file for file in one.kynhan("ccq", *made, "--titles")["files"] if file.endswith(".json"))
    one.kynhan("ccq", "report", "verify", report)
    one.kynhan("ccq", "report", "verify", report, "--own")
    alone = one.file("report.json", Path(report).read_text("utf-8"))
    one.kynhan("ccq", "report", "verify", alone, status=1)
    one.kynhan("ccq", "report", "verify", one.path("không-có.json"), status=1)
    one.kynhan("ca", "report", "send", one.path("tháng 4"), "--to", "ccq.example", "--yes", status=1)
    one.kynhan("ccq", "report", "send", one.path("tháng 4"), "--to", "ca.example", status=1)
    one.kynhan("ccq", "report", "send", one.path("tháng 4"), "--to", "ca.example", "--yes")
    costs = ("--unit-cost", "in-country=1500000", "--unit-cost", "foreign=4000000")
    one.kynhan("ca", "report", "budget", "--year", "2026", *costs)
    one.kynhan("ca", "report", "budget", "--year", "2026", "--unit-cost", "x", status=2)


def _operator(one: Stage) -> None:
    data = ("--data", one.path("relay"))
    one.relay("status", "--url", f"http://127.0.0.1:{one.port}", "--json")
    one.relay("status", "--json", status=2)
    one.relay("confirm-clock", *data)
    one.relay("confirm-clock", "--data", one.path("không-có"), status=1)
    one.stop_relay()
    one.relay("verify-log", *one.data, "--log", LOG, "--json")
    one.relay("verify-log", "--data", one.path("không-có"), "--json", status=1)
    period = ("--from", "2026-01-01", "--to", "2026-04-30", "--at", "2026-05-05T01:00:00Z", "--json")
    one.relay("report", *data, "--log", LOG, *period)
    one.relay("report", *data, "--log", "khong-co", *period, status=1)
