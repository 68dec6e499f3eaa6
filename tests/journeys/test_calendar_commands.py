"""`kynhan calendar` as two committees use it; everything wrong that can be handed to it is told in one sentence."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from tests.journeys.approving import CA, CCQ, approving

from kynhan_client.calendars import calendars
from kynhan_client.errors import ClientError
from kynhan_client.packages import receive
from kynhan_client.relay.relay import connect
from kynhan_protocol.agreement import calendar
from kynhan_protocol.vietnam_time import VIETNAM

SEPTEMBER = datetime(2026, 9, 30, 9, 0, tzinfo=VIETNAM)
OCTOBER = datetime(2026, 10, 1, 9, 0, tzinfo=VIETNAM)
HEADING = "date,day,why,decision\n"
WHOLE_2027 = HEADING + "".join(
    f"2027-{day},off,{why},88/VPCP-KGVX\n"
    for day, why in (
        ("01-01", "New Year"),
        ("02-05", "Tết Đinh Mùi"),
        ("02-08", "Tết Đinh Mùi"),
        ("02-09", "Tết Đinh Mùi"),
        ("02-10", "Tết Đinh Mùi"),
        ("04-16", "Hùng Kings"),
        ("04-30", '"Reunification, Labour Day"'),
        ("09-02", "National Day"),
    )
)


async def test_a_year_is_drafted_decided_and_asked_for(tmp_path: Path) -> None:
    async with approving(tmp_path, SEPTEMBER) as ground:
        two, asker, answerer = ground.two, ground.approvers[CCQ], ground.approvers[CA]
        sent = await two.request(term="in-country")
        await receive.sign(two.ca, two.to[CA], sent.dispatch)
        assert (await ground.run(two.ccq, "status"))["calendar"]["missing_year"] is None

        two.set_clock(OCTOBER)
        await ground.sync()
        for home in (two.ccq, two.ca, asker):
            assert (await ground.run(home, "status"))["calendar"]["missing_year"] == 2027
        assert (await ground.run(two.ca, "sync"))["calendar"]["missing_year"] == 2027
        assert (await ground.run(two.ca, "deadlines"))["calendar"]["missing_year"] == 2027
        assert "Chưa có lịch làm việc chính thức của năm 2027" in await ground.shown(two.ca, "deadlines")

        draft = str(tmp_path / "2028.json")
        drafted = await ground.run(asker, "calendar", "draft", "2028", "--out", draft)
        assert drafted["year"] == {"year": 2028, "status": "draft", "decision": None}
        assert drafted["warnings"] == ["guessed", "moon", "no-swap"]
        assert calendar.parse(read(draft)).status(2028) == "draft"

        decided = str(tmp_path / "2027.json")
        file = ground.file("2027.csv", WHOLE_2027)
        words = (
            "calendar",
            "draft",
            "2027",
            "--decision",
            file,
            "--number",
            "88/VPCP-KGVX",
            "--out",
            decided,
        )
        shown = await ground.shown(asker, *words)
        assert "kynhan calendar preview" in shown
        preview = await ground.run(two.ccq, "calendar", "preview", decided)
        assert [one["year"] for one in preview["years"]] == [2027]
        assert "02/01" not in await ground.shown(two.ccq, "calendar", "preview", decided)

        await ground.run(asker, "calendar", "sign", decided, "--yes")
        events = await ground.lines(two.ca, "watch", "--once")
        assert [one["event"] for one in events] == ["calendar", "calendar-notice"]
        assert events[-1]["waiting"] == preview["document"]
        assert await ground.lines(two.ca, "watch", "--once") == []  # told today
        two.move_clock(86_400)
        assert [one["event"] for one in await ground.lines(two.ca, "watch", "--once")] == ["calendar-notice"]
        assert (await ground.run(two.ccq, "status"))["calendar"]["waiting"] is None  # our side has signed
        assert "do bên kia ký đang chờ bên ta" in await ground.shown(two.ca, "sync")
        await ground.run(answerer, "sync")
        waiting = await ground.run(answerer, "calendar", "preview")
        assert (waiting["document"], waiting["whole"]) == (preview["document"], False)

        text = " ".join((await ground.shown(answerer, "calendar", "sign", "--yes")).split())
        assert "có hiệu lực từ bây giờ" in text
        assert "văn thư mới xem trước được mọi việc" in text  # this home sees only what concerns its approver
        await ground.sync()
        assert (await ground.run(two.ca, "status"))["calendar"]["missing_year"] is None
        known = await ground.run(two.ca, "calendar", "show", "2027")
        assert known["document"] == preview["document"]
        assert len(known["days"]) == 8
        assert "88/VPCP-KGVX" in await ground.shown(two.ca, "calendar", "show", "2027")
        assert "2027" in await ground.shown(two.ca, "calendar", "show")


def read(path: str) -> bytes:
    return Path(path).read_bytes()


def exists(path: str) -> bool:
    return Path(path).exists()


def without_year(year: int) -> bytes:
    """The shipped calendar, cut off behind `year`."""
    shipped = calendar.shipped()
    return calendar.compose(
        (one for one in shipped.years.values() if one.year <= year),
        (one for one in shipped.days.values() if one.date.year <= year),
    )


def edited(change: Callable[[dict[str, Any]], object]) -> bytes:
    """The shipped calendar with a change that composing it would not allow."""
    document = json.loads(calendar.shipped_bytes())
    change(document)
    return json.dumps(document, ensure_ascii=False).encode()


def weekday_worked() -> bytes:
    day = {"date": "2027-12-30", "day": "work", "why": {"vi": "làm", "en": "work"}, "decision": "1/QD"}
    return edited(lambda document: document["days"].append(day))


DECISIONS = {
    "rubbish": (b"\x00\xff\x00", "bad-decision"),
    "empty": (b"", "bad-decision"),
    "heading alone": (HEADING, "bad-decision"),
    "another heading": ("ngay,nghi\n2027-01-01,off\n", "bad-decision"),
    "a line too short": (HEADING + "2027-01-01,off\n", "bad-decision"),
    "no such date": (HEADING + "2027-02-30,off,New Year,1\n", "bad-decision"),
    "neither off nor work": (HEADING + "2027-01-01,nghỉ,New Year,1\n", "bad-decision"),
    "out of order": (HEADING + "2027-01-04,off,New Year,1\n2027-01-01,off,New Year,1\n", "bad-decision"),
    "twice": (HEADING + "2027-01-01,off,New Year,1\n" * 2, "bad-decision"),
    "a weekday worked": (HEADING + "2027-01-04,work,New Year,1\n", "bad-decision"),
    "a reason nobody knows": (HEADING + "2027-01-01,off,because,1\n", "bad-decision"),
    "an open quote": (HEADING + '2027-01-01,off,"New Year,1\n', "bad-decision"),
    "JSON of another shape": (b'{"days": [{"date": "2027-01-01"}]}', "bad-decision"),
    "2 MiB": (HEADING + "2027-01-01,off,New Year,1\n" * 80_000, "bad-decision"),
    "another year": (HEADING + "2026-01-01,off,New Year,1\n", "calendar-no-day"),
    "not the whole year": (HEADING + "2027-02-08,off,Tết Đinh Mùi,1\n", "calendar-not-whole"),
}
DOCUMENTS = {
    "rubbish": (b"not a calendar", "bad-file"),
    "a weekday worked": (weekday_worked(), "bad-file"),
    "out of order": (edited(lambda document: document["days"].reverse()), "bad-file"),
    "2 MiB": (b"{" + b" " * (2 << 20) + b"}", "bad-file"),
    "lacking years": (without_year(2026), "calendar-lacks-years"),
    "the one in force": (calendar.shipped_bytes(), "calendar-in-force"),
}


async def test_what_is_wrong_is_said_in_one_sentence_and_nothing_is_logged(tmp_path: Path) -> None:
    async with approving(tmp_path, SEPTEMBER) as ground:
        clerk, asker, answerer = ground.two.ccq, ground.approvers[CCQ], ground.approvers[CA]
        size, out = await ground.size(), str(tmp_path / "out.json")
        for name, (content, code) in DECISIONS.items():
            file = ground.file("decision", content)
            words = ("calendar", "draft", "2027", "--decision", file, "--number", "1", "--out", out)
            assert await ground.refused(asker, *words) == code, name
        good = ground.file("2027.csv", WHOLE_2027)
        for words, code in (
            (("2027", "--decision", good), "calendar-number"),
            (("2027", "--decision", good, "--number", "12 729"), "calendar-number"),
            (("2029",), "calendar-year"),
            (("2022",), "calendar-year"),
            (("2026",), "calendar-decided"),
            (("2027", "--decision", str(tmp_path / "none.csv"), "--number", "1"), "missing-file"),
        ):
            assert await ground.refused(asker, "calendar", "draft", *words, "--out", out) == code, words
        assert not exists(out)
        for name, (content, code) in DOCUMENTS.items():
            file = ground.file("document", content)
            for command in (("preview", file), ("sign", file, "--yes")):
                assert await ground.refused(asker, "calendar", *command) == code, name
        assert await ground.refused(asker, "calendar", "sign", "--yes") == "calendar-none-waits"
        assert await ground.refused(asker, "calendar", "preview") == "calendar-none-waits"
        assert await ground.size() == size

        draft = str(tmp_path / "2028.json")
        await ground.run(asker, "calendar", "draft", "2028", "--out", draft)
        assert await ground.refused(asker, "calendar", "draft", "2028", "--out", draft) == "file-exists"
        assert await ground.refused(clerk, "calendar", "sign", draft, "--yes") == "wrong-role"
        assert await ground.refused(asker, "calendar", "sign", draft) == "needs-confirmation"
        assert await ground.size() == size
        await ground.run(asker, "calendar", "sign", draft, "--yes")
        assert await ground.refused(asker, "calendar", "sign", draft, "--yes") == "calendar-signed"
        assert await ground.size() == size + 2

        late = read(draft)
        other = calendar.compose((*calendar.parse(late).years.values(),), ())
        await ground.sync()
        await ground.run(answerer, "calendar", "sign", "--yes")
        size = await ground.size()
        async with connect(asker) as relay:  # it has not read of the second signature
            with pytest.raises(ClientError) as overtaken:
                await calendars.sign(asker, relay, other)
        assert overtaken.value.code == "calendar-overtaken"
        assert await ground.size() == size


async def test_whoever_signs_another_document_than_the_other_side_is_told(tmp_path: Path) -> None:
    async with approving(tmp_path, SEPTEMBER) as ground:
        asker, answerer = ground.approvers[CCQ], ground.approvers[CA]
        drafted, decided = str(tmp_path / "2028.json"), str(tmp_path / "2027.json")
        first = await ground.run(asker, "calendar", "draft", "2028", "--out", drafted)
        file = ground.file("2027.csv", WHOLE_2027)
        words = ("calendar", "draft", "2027", "--decision", file, "--number", "88/VPCP-KGVX")
        second = await ground.run(answerer, *words, "--out", decided)
        signed = await ground.run(asker, "calendar", "sign", drafted, "--yes")
        assert (signed["in_force"], signed["other_waits"]) == (False, None)
        told = " ".join((await ground.shown(answerer, "calendar", "sign", decided, "--yes")).split())
        assert f"Bên kia đã ký một bản lịch khác ({first['sha256'][:12]})" in told
        assert "signed another calendar" in told
        await ground.sync()
        for home, waits in ((asker, second), (answerer, first)):  # each is reminded of the other's
            assert (await ground.run(home, "status"))["calendar"]["waiting"] == waits["sha256"]
        agreed = await ground.run(asker, "calendar", "sign", decided, "--yes")
        assert (agreed["in_force"], agreed["other_waits"]) == (True, None)
        await ground.sync()
        assert (await ground.run(answerer, "status"))["calendar"]["waiting"] is None
