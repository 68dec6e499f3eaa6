"""Dates in a year whose calendar is not decided are marked provisional wherever they show."""

from __future__ import annotations

import asyncio
import csv
import io
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from tests.client.agreement import PASSPHRASE
from tests.client.answering import running
from tests.client.calling import Kynhan
from tests.client.parties import parties

from kynhan_client.home.home import Home
from kynhan_client.log import track
from kynhan_protocol.vietnam_time import VIETNAM

At = Callable[[Home], Kynhan]
NOVEMBER = datetime(2026, 11, 25, 9, tzinfo=VIETNAM)  # 2027 is a draft in the shipped calendar
MARCH = datetime(2026, 3, 2, 9, tzinfo=VIETNAM)


@pytest.fixture
def at(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> At:
    """The command line in the home of one of the parties, in English, at its time."""
    passphrase = tmp_path / "passphrase"
    passphrase.write_bytes(PASSPHRASE + b"\n")
    options = ("--lang", "en", "--demo-clock", str(tmp_path / "offset"))
    return lambda home: Kynhan(capsys, *options).at(home.path, passphrase)


async def test_a_date_in_a_draft_year_is_marked_in_every_list_and_table(tmp_path: Path, at: At) -> None:
    async with parties(tmp_path, begin=NOVEMBER) as two:
        case = await running(two)
        (one,) = track.deadlines(two.ca)
        assert one.due.year == 2027
        for words in (("deadlines",), ("cases",), ("case", case)):
            assert "rovisional" in at(two.ca)(*words).stdout
        for words, column in ((("deadlines",), "due"), (("cases",), "due")):
            (row,) = csv.DictReader(io.StringIO(at(two.ca)(*words, "--csv").stdout.removeprefix("\ufeff")))
            assert (row[column], row["provisional"]) == (one.due.isoformat(), "1")
        assert at(two.ca)("deadlines", "--json").json["deadlines"][0]["provisional"] is True
        assert at(two.ca)("cases", "--json").json["cases"][0]["provisional"] is True
        assert at(two.ca)("case", case, "--json").json["due"]["provisional"] is True


@pytest.mark.parametrize("begin", [NOVEMBER, MARCH])
async def test_dates_about_to_be_sent_are_marked_too(tmp_path: Path, at: At, begin: datetime) -> None:
    async with parties(tmp_path, begin=begin) as two:
        case = await running(two)
        provisional = begin == NOVEMBER
        for words in (
            ("extend", case, "--days", "3", "--reason", "x"),
            ("correct", case, "--term", "foreign"),
        ):
            shown = await asyncio.to_thread(
                at(two.ca), *words
            )  # nobody is there to confirm it, so nothing is sent
            assert shown.status == 1, words
            assert ("(provisional)" in shown.stdout) is provisional, words
