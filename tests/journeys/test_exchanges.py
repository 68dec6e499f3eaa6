"""Everything around a case that is not request and reply, with real processes: the relay, and one for every command.

Message, question and answer both ways, a conference moved, agreed and minuted, an opinion round, a notice, taking back
before and after the signature, destruction, difficulty note, closing. Then what is refused, without a trace in the log.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import vobject
from tests import moments
from tests.journeys.commands import TITLE, Ran, World, standing

from kynhan_protocol.vietnam_time import VIETNAM

UNIT = "ca.example/pc03"
DAY = 24 * 3600


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with standing(tmp_path_factory.mktemp("exchanges")) as made:
        home = made.member("ca", "pc03", "--role", "unit")
        assert home == "ca-pc03"
        made.ok("ccq", "sync")
        made.ok("ca", "sync")
        made.ok(home, "sync")
        made.ok(home, "trust", "--digits", made.ok(home, "trust")["digits"])
        yield made


def at(world: World, days: int, hour: int) -> str:
    """A time in Việt Nam some days from the world's now, as it is typed."""
    day = moments.now() + timedelta(seconds=int(world.clock.read_text()), days=days)
    return f"{day.astimezone(VIETNAM):%Y-%m-%d} {hour:02d}:00"


def take(world: World, who: str, dispatch: str) -> Any:
    """Signs for a dispatch and opens it; gives what `open --json` says."""
    world.ok(who, "sync")
    world.ok(who, "sign", dispatch, "--yes")
    return world.ok(who, "open", dispatch, "--out", str(world.folder / "opened" / f"{who}-{dispatch[:12]}"))


def running(world: World) -> str:
    """A request that CA has signed for and opened; gives its case."""
    dispatch = world.sent(world.file("Công văn.pdf"))
    take(world, "ca", dispatch)
    world.ok("ccq", "sync")
    return case_of(world, dispatch)


def case_of(world: World, dispatch: str) -> str:
    for line in world.ok("ccq", "cases")["cases"]:
        case: str = line["case"]
        if dispatch in world.ok("ccq", "case", case)["dispatches"]:
            return case
    raise AssertionError(dispatch)


def waits(world: World, case: str) -> set[tuple[str, str]]:
    world.ok("ccq", "sync")
    return {(one["who"], one["what"]) for one in world.ok("ccq", "case", case)["waiting_for"]}


def words(opened: Any) -> list[str]:
    return [one["text"] for one in opened["words"]]


def test_a_message_opens_an_exchange_and_shows_its_words(world: World) -> None:
    sent = world.ok("ccq", "message", "--new", "--to", UNIT, "Đề nghị cho biết thông tin về tổ chức.")
    opened = take(world, "ca-pc03", sent["dispatch"])
    assert words(opened) == ["Đề nghị cho biết thông tin về tổ chức.\n"]
    assert (opened["kind"], opened["from"]) == ("message", "ccq.example/van-thu")
    back = world.ok("ca-pc03", "message", sent["case"], "Đã nhận.", str(world.file("trả lời.pdf")))
    world.ok("ccq", "sync")
    world.ok("ccq", "sign", back["dispatch"], "--yes")
    shown = world.run("ccq", "open", back["dispatch"], "--out", str(world.folder / "opened" / "shown"))
    assert shown.status == 0
    assert "Kind: message, from ca.example/pc03" in shown.stdout
    assert "  │ Đã nhận.\n" in shown.stdout
    assert [line for line in shown.stdout.splitlines() if len(line) > 80] == []


def test_question_and_answer_both_ways(world: World) -> None:
    case = running(world)
    asked = world.ok("ca", "question", case, "Đề nghị làm rõ mục 2.", str(world.file("mục 2.pdf")))
    assert ("ccq.example", "answer") in waits(world, case)
    take(world, "ccq", asked["dispatch"])
    answer = world.ok("ccq", "answer", case, "Mục 2 là bản thay thế.")
    assert words(take(world, "ca", answer["dispatch"])) == ["Mục 2 là bản thay thế.\n"]
    assert ("ccq.example", "answer") not in waits(world, case)
    asked = world.ok(
        "ccq", "question", case, "--text-file", str(world.file("hỏi.txt", "Bao giờ xong?".encode()))
    )
    assert ("ca.example", "answer") in waits(world, case)
    take(world, "ca", asked["dispatch"])
    answer = world.ok("ca", "answer", case, "--regarding", asked["dispatch"], "Tuần tới.")
    assert ("ca.example", "answer") not in waits(world, case)
    assert words(take(world, "ccq", answer["dispatch"])) == ["Tuần tới.\n"]
    note = world.ok(
        *("ccq", "note", case, "--at", at(world, -1, 9), "--by", "điện thoại"),
        *("--between", "Văn phòng Đảng ủy Các cơ quan tỉnh", "--between", "Văn phòng Đảng ủy Công an tỉnh"),
        "Thống nhất bổ sung danh sách.",
    )
    (text,) = words(take(world, "ca", note["dispatch"]))
    assert "Hình thức: điện thoại" in text


def test_a_conference_proposed_moved_accepted_and_minuted(world: World) -> None:
    case = running(world)
    proposed = world.ok(
        *("ccq", "conference", "propose", case, "--agenda", "Thống nhất kết quả", "--at", at(world, 3, 9)),
        *("--place", "Phòng họp số 2", "--lasts", "90m"),
    )
    (line,) = proposed["sent"]
    opened = take(world, "ca", line["dispatch"])
    assert opened["meeting"]["place"] == "Phòng họp số 2"
    moved = world.ok("ca", "conference", "move", case, "--at", at(world, 4, 14), "--reason", "Trùng lịch")
    take(world, "ccq", moved["sent"][0]["dispatch"])
    assert world.run("ccq", "conference", "ics", case, "--out", "x.ics", "--json").code == "not-now"
    accepted = world.ok("ccq", "conference", "accept", case)
    take(world, "ca", accepted["dispatch"])
    for who in ("ccq", "ca"):
        (found,) = world.ok(who, "conference", "list", case)["conferences"]
        assert (found["state"], found["chair"], len(found["versions"])) == ("accepted", "ccq.example", 2)
        path = world.folder / f"{who}.ics"
        world.ok(who, "conference", "ics", case, "--out", str(path))
        event = vobject.readOne(path.read_text("utf-8")).vevent
        assert event.uid.value == proposed["about"]
        assert event.sequence.value == "1"
        assert event.status.value == "CONFIRMED"
        assert event.organizer.value == "urn:kynhan:ccq.example"
        start = datetime.strptime(at(world, 4, 14), "%Y-%m-%d %H:%M").replace(tzinfo=VIETNAM)
        assert event.dtstart.value == start
        assert event.dtend.value - event.dtstart.value == timedelta(minutes=90)
    assert world.run("ccq", "conference", "ics", case, "--out", str(path), "--json").code == "file-exists"
    minutes = str(world.file("Biên bản.pdf"))
    assert world.run("ca", "conference", "minutes", case, minutes, "--json").code == "not-now"
    world.clock.write_text(f"{int(world.clock.read_text()) + 5 * DAY}\n")
    filed = world.ok("ca", "conference", "minutes", case, minutes)
    take(world, "ccq", filed["sent"][0]["dispatch"])
    (found,) = world.ok("ccq", "conference", "list", case)["conferences"]
    assert found["minutes"] == [filed["sent"][0]["dispatch"]]
    assert not {one for one in waits(world, case) if one[1] == "answer"}


def test_an_opinion_round_with_one_answered_and_one_not(world: World) -> None:
    case = running(world)
    ask = (
        *("opinion", "ask", case, "Đề nghị cho ý kiến về dự thảo.", str(world.file("Dự thảo.pdf"))),
        *("--to", "ca.example", "--to", UNIT, "--wish-date", at(world, 9, 0)[:10]),
    )
    asked = world.ok("ccq", *ask)
    again = world.ok("ccq", *ask)
    assert [one["state"] for one in again["sent"]] == ["before", "before"]
    assert [one["dispatch"] for one in again["sent"]] == [one["dispatch"] for one in asked["sent"]]
    take(world, "ca", asked["sent"][0]["dispatch"])
    world.ok("ca", "answer", case, "Thống nhất với dự thảo.")
    world.ok("ccq", "sync")
    (found,) = world.ok("ccq", "opinion", "status", asked["about"])["rounds"]
    assert {one["to"]: one["answered"] for one in found["asked"]} == {"ca.example": True, UNIT: False}
    shown = world.run("ccq", "opinion", "status", case)
    assert "✓ answered" in shown.stdout
    assert "not yet" in shown.stdout


def test_a_notice_from_ca_is_signed_for(world: World) -> None:
    title = "Về tình hình mới phát sinh"
    sent = world.ok("ca", "notice", str(world.file("Thông tin.pdf")), "--title", title, "--subject", "3.3")
    opened = take(world, "ccq", sent["dispatch"])
    assert (opened["kind"], opened["title"], opened["subject"]) == ("notice", title, "3.3")
    assert world.ok("ccq", "case", sent["case"])["phase"] == "informed"
    note = world.ok("ca", "difficulty", "--new", "Hồ sơ gốc đang lưu ở nơi khác.")
    assert words(take(world, "ccq", note["dispatch"])) == ["Hồ sơ gốc đang lưu ở nơi khác.\n"]


def test_taken_back_before_it_is_signed_for(world: World) -> None:
    dispatch = world.sent(world.file("Công văn.pdf"))
    assert world.run("ccq", "withdraw", dispatch, "--code", "mistake", "--json").code == "needs-confirmation"
    done = world.ok("ccq", "withdraw", dispatch, "--code", "mistake", "--yes")
    assert done["state"] == "sent"
    assert dispatch not in world.inbox()
    assert world.run("ca", "sign", dispatch, "--yes", "--json").code == "not-now"


def test_recalled_refused_then_another_agreed_with_destruction(world: World) -> None:
    case = running(world)
    kept, gone = (
        world.ok("ccq", "message", case, f"Tin {number}", str(world.file(f"phụ lục {number}.pdf")))[
            "dispatch"
        ]
        for number in (1, 2)
    )
    for dispatch in (kept, gone):
        take(world, "ca", dispatch)
    first = world.ok("ccq", "recall", kept, "--reason", "Gửi nhầm phụ lục", "--yes")
    assert words(take(world, "ca", first["dispatch"])) == ["Gửi nhầm phụ lục\n"]
    refusal = world.ok("ca", "recall", "refuse", "--reason", "Đã sử dụng để trả lời")
    assert words(take(world, "ccq", refusal["dispatch"])) == ["Đã sử dụng để trả lời\n"]
    second = world.ok("ccq", "recall", "ask", gone, "--reason", "Bản chưa ký", "--yes")
    take(world, "ca", second["dispatch"])
    sealed = world.folder / "ca" / "sealed"
    assert {path.name for path in sealed.glob(f"{gone}.*")} == {f"{gone}.body", f"{gone}.header"}
    asked = world.run("ca", "recall", "agree", gone[:12], "--json")
    assert asked.code == "needs-confirmation"
    assert list(sealed.glob(f"{gone}.*"))
    done = world.ok("ca", "recall", "agree", gone[:12], "--yes")
    assert done["state"] == "sent"
    assert len(done["unpacked"]) == 1
    assert list(sealed.glob(f"{gone}.*")) == []
    assert list(sealed.glob(f"{kept}.*"))
    assert world.run("ca", "open", gone, "--out", str(world.folder / "x"), "--json").code == "destroyed"
    assert world.run("ca", "fetch", gone, "--json").code == "destroyed"
    world.ok("ccq", "sync")
    for who in ("ccq", "ca"):
        dispatches = world.ok(who, "case", case)["dispatches"]
        assert dispatches[gone]["recalled"]
        assert dispatches[gone]["destroyed_by"] == ["ca.example"]
        assert not dispatches[kept]["recalled"]
    assert "destroyed" not in world.run("ccq", "case", case).stdout
    assert "recalled" in world.run("ccq", "case", case).stdout
    # what is left are the statements, and they prove themselves
    states = world.ok("ca", "receipts", case)["receipts"]
    assert {"destruction"} <= {one["type"] for one in states}
    # the sender may destroy its own copy too
    assert world.ok("ccq", "destroy", kept, "--code", "ordered", "--yes")["state"] == "sent"
    assert list((world.folder / "ccq" / "sealed").glob(f"{kept}.*")) == []
    assert world.ok("ccq", "destroy", "--expired")["expired"] == []


def test_closed_with_number_and_date(world: World) -> None:
    case = running(world)
    reply = world.ok("ca", "reply", case, str(world.file("Trả lời.pdf")), "--title", TITLE)
    take(world, "ccq", reply["dispatch"])
    close = ("close", case, "--number", "12", "--symbol", "KL/ĐUCCQ", "--issued", at(world, 0, 0)[:10])
    assert world.run("ccq", *close, "--json").code == "needs-confirmation"
    refused = world.run("ccq", *close, str(world.file("Kết luận.pdf")), "--yes", "--json")
    assert refused.code == "not-now"
    closed = world.ok("ccq", *close, "--yes")
    opened = take(world, "ca", closed["dispatch"])
    assert "số 12-KL/ĐUCCQ" in words(opened)[0]
    assert world.ok("ca", "case", case)["phase"] == "closed"


# --- refused: one sentence in each language, nothing logged, nothing waiting


def bad(world: World, case: str) -> dict[str, tuple[str, ...]]:
    file = str(world.file("a.pdf"))
    at_, place = at(world, 3, 9), "Phòng 2"
    propose = ("conference", "propose", case, "--agenda", "Việc", "--place", place, "--at")
    note = ("note", case, "--by", "gặp", "--between", "A", "--between", "B", "--at")
    return {
        "empty message": ("message", case, " "),
        "control characters": ("question", case, "a\x1b[2Jb"),
        "bidirectional characters": ("message", case, "a\u202eb"),
        "a title of 10,000 characters": ("notice", file, "--title", "x" * 10_000),
        "unknown unit": ("message", case, "Tin", "--to", "ca.example/khong-co"),
        "unknown committee": ("message", "--new", "Tin", "--to", "xa.example"),
        "nothing was asked": ("answer", case, "Tin"),
        "a file that is not there": ("difficulty", case, "không-có.pdf"),
        "a conference in the past": (*propose, at(world, -1, 9)),
        "an unknown unit invited": (*propose, at_, "--to", "ca.example", "--to", "ca.example/khong-co"),
        "no conference to accept": ("conference", "accept", case),
        "no conference to decline": ("conference", "decline", case, "--reason", "Bận"),
        "no conference to minute": ("conference", "minutes", case, file),
        "a talk in the future": (*note, at(world, 2, 9), "Nội dung"),
        "one's own opinion": ("opinion", "ask", case, "Hỏi", "--to", "ccq.example"),
        "a wish that has passed": ("opinion", "ask", case, "Hỏi", "--wish-date", "2026-01-05"),
        "an empty reason": ("recall", "ask", world.ok("ccq", "case", case)["main"], "--reason", " ", "--yes"),
        "nobody recalls anything": ("recall", "agree", "--yes"),
        "too late to take back": (
            *("withdraw", world.ok("ccq", "case", case)["main"], "--code", "mistake", "--yes"),
        ),
        "a conclusion to come": (
            *("close", case, "--number", "1", "--symbol", "KL", "--issued", at(world, 9, 0)[:10], "--yes"),
        ),
        "a conclusion without a number": (
            *("close", case, "--number", "0", "--symbol", "KL", "--issued", "2026-01-05", "--yes"),
        ),
        "no such case": ("message", "ffffffff", "Tin"),
        "no such dispatch": ("destroy", "ffffffffffff", "--code", "other", "--yes"),
    }


def test_bad_input_is_refused_in_one_sentence_and_nothing_is_logged(world: World) -> None:
    case = running(world)
    before = world.ok("ccq", "sync")["size"]
    for name, command in bad(world, case).items():
        ran = world.run("ccq", *command, "--json")
        assert ran.status == 1, (name, ran.stdout, ran.stderr)
        assert ran.code, name
        error = ran.json["error"]
        assert error["vi"] and error["en"] and error["advice"]["vi"], name
        assert "x" * 600 not in ran.stderr, name
    # the answering committee has no right to close; nobody closes twice
    close = ("close", case, "--number", "1", "--symbol", "KL", "--issued", "2026-01-05", "--yes", "--json")
    assert world.run("ca", *close).code == "not-now"
    assert world.ok("ccq", "sync")["size"] == before
    assert world.waiting("ccq") == world.waiting("ca") == 0


def test_a_message_from_stdin_never_stands_in_the_arguments(world: World) -> None:
    done = subprocess.run(
        world.command("ccq", "message", "--new", "-", "--json"),
        input="Lời không nằm trên dòng lệnh.\n",
        capture_output=True,
        text=True,
        check=False,
    )
    ran = Ran(done.returncode, done.stdout, done.stderr)
    assert ran.status == 0, ran.stderr
    opened = take(world, "ca", ran.json["dispatch"])
    assert words(opened) == ["Lời không nằm trên dòng lệnh.\n"]
    assert Path(opened["folder"], "message.txt").read_text("utf-8") == "Lời không nằm trên dòng lệnh.\n"
