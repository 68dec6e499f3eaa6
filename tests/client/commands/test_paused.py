"""Cases whose clock stands still, in the lists: whom they wait for, since when, and which date they had."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from tests.client.agreement import CA, CCQ, PASSPHRASE
from tests.client.answering import papers, running, send, take
from tests.client.calling import Kynhan
from tests.client.parties import Parties, parties

from kynhan_client.home.home import Home
from kynhan_client.log import track
from kynhan_client.packages.send import send as send_letter
from kynhan_client.procedures import requests
from kynhan_protocol.vietnam_time import VIETNAM

At = Callable[[Home], Kynhan]
QUESTIONS_STOP = {'"question-stops-clock": false': '"question-stops-clock": true'}


@pytest.fixture
def at(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> At:
    """The command line in the home of one of the parties, in English, at its time."""
    passphrase = tmp_path / "passphrase"
    passphrase.write_bytes(PASSPHRASE + b"\n")
    options = ("--lang", "en", "--demo-clock", str(tmp_path / "offset"))
    return lambda home: Kynhan(capsys, *options).at(home.path, passphrase)


async def returned(two: Parties) -> str:
    """A case that CA returned in time, and that CCQ has signed for."""
    case = await running(two)
    returning = requests.returning(two.ca, case, papers(), missing=("Danh sách kèm theo",))
    sent = await send(two, two.ca, returning.letter)
    await two.sync(two.ccq)
    await take(two, two.ccq, sent.dispatch)
    await two.sync()
    return case


async def test_a_returned_case_stands_in_a_group_of_its_own(tmp_path: Path, at: At) -> None:
    async with parties(tmp_path) as two:
        case = await returned(two)
        (one,) = track.deadlines(two.ccq)
        assert one.paused is not None
        since = one.paused.since.astimezone(VIETNAM)
        told = at(two.ccq)("deadlines").stdout
        lines = told.splitlines()
        assert lines[0] == "‖ CLOCK STANDS STILL (1)"
        headings = lines[1].split("  ")
        assert [one.strip() for one in headings if one] == [
            *("original date", "still since", "case", "title", "waits for"),
        ]
        for shown in (case[:12], f"{one.original:%d/%m/%Y}", f"‖ {since:%d/%m/%Y}", "returned for", CCQ):
            assert shown in told
        assert "left" not in told
        assert all(len(line) <= 80 for line in lines)
        assert f"‖ The clock stands still since {since:%d/%m/%Y}" in at(two.ccq)("case", case).stdout
        assert at(two.ccq)("--lang", "vi", "deadlines").stdout.startswith("‖ TẠM NGỪNG TÍNH HẠN (1)")


async def test_scripts_and_spreadsheets_see_it_too(tmp_path: Path, at: At) -> None:
    async with parties(tmp_path) as two:
        case = await returned(two)
        answer = at(two.ccq)("deadlines", "--json").json
        (line,) = answer["deadlines"]
        assert answer["groups"]["paused"] == 1
        assert (line["case"], line["group"], line["who"]) == (case, "paused", CCQ)
        assert (line["working_days_left"], line["paused"]["because"], line["mine"]) == (None, "return", True)
        told = at(two.ccq)("deadlines", "--csv").stdout.removeprefix("\ufeff")
        (row,) = csv.DictReader(io.StringIO(told, newline=""))
        since = date.fromisoformat(row["still since"])
        (one,) = track.deadlines(two.ccq)
        assert one.paused is not None
        assert since == one.paused.since.astimezone(VIETNAM).date()
        assert (row["group"], row["working days left"]) == ("clock stands still", "")
        assert (row["original date"], row["has to act"]) == (line["original"], CCQ)


async def test_it_can_be_asked_for_and_is_narrowed_like_the_others(tmp_path: Path, at: At) -> None:
    async with parties(tmp_path) as two:
        case = await returned(two)
        for command in ("deadlines", "cases"):
            found = at(two.ccq)(command, "--group", "paused", "--json").json[command]
            assert [one["case"] for one in found] == [case]
            assert at(two.ccq)(command, "--group", "later", "--json").json[command] == []
        assert at(two.ca)("deadlines", "--mine", "--json").json["deadlines"] == []
        assert len(at(two.ccq)("deadlines", "--mine", "--json").json["deadlines"]) == 1


async def test_it_waits_for_whoever_can_start_the_clock_again(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        case = await returned(two)
        assert track.deadlines(two.ca)[0].who == CCQ
        letter = requests.supplement(two.ccq, case, papers(two.file("thêm.pdf")))
        completed = await send(two, two.ccq, letter)
        await two.sync()
        assert track.deadlines(two.ca)[0].who == CA  # to sign for what completes it
        await take(two, two.ca, completed.dispatch)
        await two.sync()
        (one,) = track.deadlines(two.ccq)
        assert (one.paused, one.who, one.group) == (None, CA, "later")


async def test_a_question_that_stops_the_clock_is_told_as_one(tmp_path: Path, at: At) -> None:
    async with parties(tmp_path, changes=QUESTIONS_STOP) as two:
        case = await running(two)
        question = two.letter(kind="question", to=CCQ, case=case, term=None, subject=None)
        await send_letter(two.ca, two.to[CA], question)
        await two.sync()
        (one,) = track.deadlines(two.ccq)
        assert one.paused is not None
        assert (one.paused.because, one.who, one.group) == ("question", CCQ, "paused")
        told = " ".join(at(two.ccq)("deadlines").stdout.split())
        assert "CLOCK STANDS STILL (1)" in told
        assert "question" in told


async def test_reminders_of_what_does_not_run_cannot_be_put_off(tmp_path: Path, at: At) -> None:
    async with parties(tmp_path) as two:
        unsigned = (await two.request()).case
        still = await returned(two)
        for case in (unsigned, still):
            refused = at(two.ccq)("snooze", case, "--days", "3", "--json")
            assert (refused.status, refused.json["error"]["code"]) == (1, "snooze-nothing-runs")
            assert case[:12] in refused.json["error"]["vi"]
            assert at(two.ccq)("snooze", case, "--off", "--json").json["was"] is False
            assert at(two.ccq)("case", case, "--json").json["snoozed_until"] is None


async def test_what_cannot_be_is_said_before_anything_is_asked(tmp_path: Path, at: At) -> None:
    async with parties(tmp_path) as two:
        case = await running(two)
        refused = at(two.ccq)("snooze", case, "--until", "9999-12-31", "--json")
        assert refused.json["error"]["code"] == "snooze-too-long"
        assert (
            at(two.ccq)("snooze", case, "--days", "300", "--json").json["error"]["code"]
            == "needs-confirmation"
        )
