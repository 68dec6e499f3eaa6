"""A term that ends on the eve of Tết: in the days off after it no working day has passed, and that is said in words."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from tests.client.agreement import CA, PASSPHRASE
from tests.client.calling import Kynhan
from tests.client.parties import Parties, parties

from kynhan_client.home.home import Home
from kynhan_client.log import track
from kynhan_client.packages import receive
from kynhan_protocol.vietnam_time import VIETNAM

EVE = date(2027, 2, 3)
"""A Wednesday; the days off of Tết 2027 go from the Thursday after it to the Wednesday of the next week."""
TERMS = {
    "in-country": datetime(2026, 12, 1, 10, 0, tzinfo=VIETNAM),
    "foreign": datetime(2026, 11, 5, 10, 0, tzinfo=VIETNAM),
}
"""When a case of that term begins that ends on it."""

Said = Callable[..., str]


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Said:
    """What a command prints in a home, in one language, its lines joined."""
    passphrase = tmp_path / "passphrase"
    passphrase.write_bytes(PASSPHRASE + b"\n")
    passphrase.chmod(0o600)

    def run(home: Home, language: str, *words: str) -> str:
        options = ("--lang", language, "--demo-clock", str(tmp_path / "offset"))
        done = Kynhan(capsys, *options).at(home.path, passphrase)(*words)
        assert done.status == 0, done.stderr
        return done.stdout

    return run


async def signed(two: Parties, term: str) -> None:
    sent = await two.request(term=term)
    await receive.sign(two.ca, two.to[CA], sent.dispatch)
    await two.sync()


def noon(two: Parties, day: date) -> None:
    two.set_clock(datetime(day.year, day.month, day.day, 12, tzinfo=VIETNAM))


PASSED = {
    ("in-country", "vi"): "✗ quá hạn, từ đó chưa có ngày làm việc nào",
    ("in-country", "en"): "✗ overdue, no working day since",
    ("foreign", "vi"): "◇ quá mốc phấn đấu, từ đó chưa có ngày làm việc nào",
    ("foreign", "en"): "◇ target passed, no working day since",
}


NOUGHT = re.compile(r"\b0 (ngày làm việc|working day)")


def stands(sentence: str, table: str) -> bool:
    """Whether a cell, which may be of several lines, says that."""
    return bool(re.search(r".*?\s".join(map(re.escape, sentence.split())), table, re.DOTALL))


@pytest.mark.parametrize("term", TERMS)
async def test_four_days_into_tet_no_working_day_has_passed(tmp_path: Path, said: Said, term: str) -> None:
    async with parties(tmp_path, begin=TERMS[term]) as two:
        await signed(two, term)
        (line,) = track.deadlines(two.ccq)
        assert line.due == EVE
        noon(two, EVE + timedelta(days=4))
        for language in ("vi", "en"):
            told = [
                said(two.ccq, language, *words) for words in (("deadlines",), ("cases",), ("case", line.case))
            ]
            assert stands(PASSED[term, language], told[0])
            assert not any(NOUGHT.search(one) for one in told)
        (shown,) = json.loads(said(two.ccq, "en", "deadlines", "--json"))["deadlines"]
        assert shown["working_days_left"] == 0
        assert shown["status"]["code"] == {"limit": "overdue", "target": "target-passed"}[line.nature]
        noon(two, EVE + timedelta(days=8))  # the first Thursday after
        (line,) = track.deadlines(two.ccq)
        assert line.working_days_left == -1


async def test_a_target_inside_the_days_off_has_no_working_day_left(tmp_path: Path, said: Said) -> None:
    begin, unrolled = TERMS["foreign"] + timedelta(days=2), {'"roll-foreign": true': '"roll-foreign": false'}
    async with parties(tmp_path, begin=begin, changes=unrolled) as two:
        await signed(two, "foreign")
        noon(two, EVE + timedelta(days=1))
        (line,) = track.deadlines(two.ccq)
        assert (line.due, line.working_days_left, line.status) == (EVE + timedelta(days=2), 0, "soon")
        for language, left, soon in (
            ("vi", "không còn ngày làm việc nào", "sắp đến hạn (không còn ngày làm việc)"),
            ("en", "no working day left", "soon due (no working day left)"),
        ):
            assert stands(left, said(two.ccq, language, "deadlines"))
            assert stands(soon, said(two.ccq, language, "case", line.case))
