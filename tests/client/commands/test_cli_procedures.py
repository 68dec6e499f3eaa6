"""The procedures from the command line: what is asked before, what is shown, what scripts get."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.client.agreement import PASSPHRASE
from tests.client.answering import running
from tests.client.calling import Kynhan
from tests.client.parties import parties
from tests.journeys.relay_process import ProcessParties


@dataclass(frozen=True)
class Background:
    """A relay process, and the homes of two parties that nobody has open; a case that CA's clerk signed for."""

    folder: Path
    case: str


@pytest.fixture
async def ground(tmp_path: Path) -> AsyncIterator[Background]:
    async with parties(tmp_path, kind=ProcessParties) as two:
        await two.add_member(two.ca, "pc03", "unit")
        case = await running(two)
        await two.sync()
        for home in (two.ccq, two.ca):
            home.close()
        yield Background(tmp_path, case)


@pytest.fixture
def ca(ground: Background, capsys: pytest.CaptureFixture[str]) -> Kynhan:
    secret = ground.folder / "secret"
    secret.touch(mode=0o600)
    secret.write_bytes(PASSPHRASE)
    clock = ("--demo-clock", str(ground.folder / "offset"))
    return Kynhan(capsys, *clock, "--lang", "vi").at(ground.folder / "ca.example", secret)


def test_an_extension_shows_both_dates_and_asks(ground: Background, ca: Kynhan, tmp_path: Path) -> None:
    words = ("extend", ground.case[:8], "--days", "10", "--reason", "Chờ kết quả xác minh")
    asked = ca(*words)
    assert asked.status == 1
    assert "Hạn đang tính: " in asked.stdout
    assert "hạn theo thông báo: " in asked.stdout
    assert "--yes" in asked.stderr
    done = ca(*words, "--yes", "--json")
    assert done.status == 0, done.stderr
    assert {"case", "dispatch", "index", "state", "kind", "before", "announced", "late"} <= set(done.json)
    assert done.json["late"] is False
    listed = ca("deadlines", "--json").json["deadlines"]
    assert done.json["provisional"] is listed[0]["provisional"]
    shown = ca("case", ground.case[:8])
    assert "Hạn theo Quy chế: " in shown.stdout
    assert "Thời hạn tính từ ngày ký nhận" in shown.stdout
    assert [line for line in shown.stdout.splitlines() if len(line) > 80] == []


def test_a_return_says_until_when_it_restarts_the_clock(ground: Background, ca: Kynhan) -> None:
    asked = ca("return", ground.case[:8], "--missing", "Bản sao quyết định")
    assert asked.status == 1
    assert "Trả lại trong thời hạn" in asked.stdout
    done = ca("return", ground.case[:8], "--missing", "Bản sao quyết định", "--yes", "--json")
    assert done.status == 0, done.stderr
    assert done.json["restarts"] is True
    assert done.json["restarts_until"]


def test_giving_a_case_to_a_unit_and_taking_it_back(ground: Background, ca: Kynhan) -> None:
    asked = ca("assign", ground.case[:8], "--to", "pc03")
    assert asked.status == 1
    assert "Chuyển kèm Văn bản đề nghị phối hợp ký nhận lúc" in asked.stdout
    done = ca("assign", ground.case[:8], "--to", "pc03", "--yes")
    assert done.status == 0, done.stderr
    assert "Đã gửi, biên nhận" in done.stdout
    shown = ca("case", ground.case[:8])
    assert "Cơ quan chức năng đang giữ: ca.example/pc03" in shown.stdout
    taken = ca("unassign", ground.case[:8], "--yes", "--json")
    assert taken.status == 0, taken.stderr
    assert [one["how"] for one in taken.json["taken_back"]] == ["withdrawn"]
    assert "đang giữ" not in ca("case", ground.case[:8]).stdout


def test_information_not_concluded_is_marked_where_it_is_shown(
    ground: Background, ca: Kynhan, tmp_path: Path
) -> None:
    note = tmp_path / "tam.pdf"
    note.write_bytes(b"%PDF")
    done = ca("interim", ground.case[:8], str(note))
    assert done.status == 0, done.stderr
    assert "Thông tin chưa kết luận" in done.stdout
    (sent,) = [
        one
        for one in ca("case", ground.case[:8], "--json").json["dispatches"].values()
        if one["kind"] == "interim"
    ]
    assert (sent["label"]["vi"], sent["content"]) == ("thông tin chưa kết luận", "not-concluded")


BAD = [
    ("extend", "CASE", "--reason", "x", "--until", "2020-01-02", "--yes"),
    ("extend", "CASE", "--reason", "x", "--until", "2099-01-02", "--days", "3", "--yes"),
    ("extend", "CASE", "--reason", "a\u202eb", "--days", "3", "--yes"),
    ("return", "CASE", "--yes"),
    ("assign", "CASE", "--to", "khong-co", "--yes"),
    ("unassign", "CASE", "--yes"),
    ("correct", "CASE", "--yes"),
    ("correct", "CASE", "--agree", "--yes"),
    ("correct", "CASE", "--agree", "--term", "foreign", "--yes"),
    ("correct", "CASE", "--term", "in-province", "--yes"),
    ("request", "x.pdf", "--subject", "3.1", "--title", "x" * 10_000, "--term", "in-country"),
    ("reply", "CASE", "--title", "x"),
    ("supplement", "CASE"),
]


def test_what_cannot_be_is_told_in_one_sentence(ground: Background, ca: Kynhan) -> None:
    ca("sync")
    before = ca("status", "--json").json
    for words in BAD:
        ran = ca(*(ground.case[:8] if word == "CASE" else word for word in words), "--json")
        assert ran.status == 1, words
        assert ran.stderr.startswith("✗ ")
        assert "Traceback" not in ran.stderr
        assert ran.json["error"]["code"]
    ca("sync")
    after = ca("status", "--json").json
    assert (after["size"], after["waiting"]) == (before["size"], before["waiting"])
