"""The lists as commands: grouped deadlines, filters, CSV, search, saved views."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from tests.client.agreement import CA, CCQ, PASSPHRASE
from tests.client.calling import Kynhan
from tests.client.parties import Parties, parties

from kynhan_client.home.home import Home
from kynhan_client.log import track
from kynhan_client.packages import receive
from kynhan_client.packages.send import send
from kynhan_protocol.vietnam_time import VIETNAM

At = Callable[[Home], Kynhan]


@pytest.fixture
def at(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> At:
    """The command line in the home of one of the parties, at its time."""
    passphrase = tmp_path / "passphrase"
    passphrase.write_bytes(PASSPHRASE + b"\n")

    def run(home: Home) -> Kynhan:
        options = ("--lang", "en", "--demo-clock", str(tmp_path / "offset"))
        return Kynhan(capsys, *options).at(home.path, passphrase)

    return run


async def signed(two: Parties, **changes: object) -> str:
    sent = await two.request(**changes)
    await receive.sign(two.ca, two.to[CA], sent.dispatch)
    await two.sync()
    return sent.case


def move_to(two: Parties, day: date, days: int = 0) -> None:
    """Noon in Việt Nam, `days` after `day`."""
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=VIETNAM) + timedelta(days=days)
    two.move_clock(int((noon - two.ca.clock.now()).total_seconds()))


def cells(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


async def test_each_group_has_its_heading_and_each_line_word_and_sign(tmp_path: Path, at: At) -> None:
    async with parties(tmp_path) as two:
        limit = await signed(two)
        target = await signed(two, term="foreign")
        (first, second) = sorted(track.deadlines(two.ccq), key=lambda one: one.due)
        assert {first.case, second.case} == {limit, target}
        late = max(first.due, second.due)
        told = at(two.ccq)("deadlines").stdout
        assert "· LATER (2)" in told
        move_to(two, late, 30)
        told = at(two.ccq)("deadlines").stdout
        lines = told.splitlines()
        overdue, passed = lines.index("✗ OVERDUE (1)"), lines.index("◇ TARGET PASSED (1)")
        assert overdue < passed
        assert "✗ overdue by" in told
        assert limit[:12] in "\n".join(lines[overdue:passed])
        assert target[:12] in "\n".join(lines[passed:])
        assert "◇ target" in "\n".join(lines[passed:])
        assert all(len(line) <= 80 for line in lines)
        by_case = {one["case"]: one for one in at(two.ccq)("deadlines", "--json").json["deadlines"]}
        assert (by_case[limit]["group"], by_case[target]["group"]) == ("overdue", "target-passed")
        assert by_case[target]["status"]["code"] == "target-passed"


async def test_an_announced_date_stands_above_the_original_one(tmp_path: Path, at: At) -> None:
    async with parties(tmp_path) as two:
        case = await signed(two)
        original = track.deadlines(two.ca)[0].due
        announced = original + timedelta(days=28)
        letter = two.letter(kind="extension", to=CCQ, case=case, due=announced, term=None, subject=None)
        await send(two.ca, two.to[CA], letter)
        await two.sync()
        (one,) = track.deadlines(two.ccq)
        assert (one.due, one.original) == (announced, original)
        told = at(two.ccq)("deadlines").stdout
        assert f"{announced:%d/%m/%Y}" in told
        assert f"{original:%d/%m/%Y}" in told
        assert "original:" in told
        (row,) = cells(at(two.ccq)("deadlines", "--csv").stdout)
        assert (row["due"], row["original date"]) == (announced.isoformat(), original.isoformat())


async def test_today_and_this_week(tmp_path: Path, at: At) -> None:
    async with parties(tmp_path) as two:
        await signed(two)
        (one,) = track.deadlines(two.ccq)
        move_to(two, one.due)
        assert "! DUE TODAY (1)" in at(two.ccq)("deadlines").stdout
        assert track.deadlines(two.ccq)[0].group == "today"
        before = -1 if one.due.weekday() else -3
        move_to(two, one.due, before)
        expected = "this-week" if before == -1 else "later"
        assert track.deadlines(two.ccq)[0].group == expected


async def test_filters_keep_what_is_asked_for(tmp_path: Path, at: At) -> None:
    async with parties(tmp_path) as two:
        case = await signed(two)
        other = await signed(two, term="in-province", subject="3.4")

        def found(home: Home, *options: str) -> set[str]:
            return {one["case"] for one in at(home)("deadlines", "--json", *options).json["deadlines"]}

        assert found(two.ccq) == {case, other}
        assert found(two.ccq, "--mine") == set()  # the other side has to answer
        assert found(two.ca, "--mine") == {case, other}
        assert found(two.ccq, "--term", "in-province") == {other}
        assert found(two.ccq, "--subject", "3.1") == {case}
        assert found(two.ca, "--subject", "3.1") == set()  # not opened yet: sealed
        assert found(two.ccq, "--group", "overdue") == set()
        assert found(two.ccq, "--unit", "pc03") == set()
        assert at(two.ccq)("deadlines", "--term", "for-ever").status == 2
        listed = at(two.ca)("cases", "--mine", "--term", "in-province", "--json").json["cases"]
        assert [one["case"] for one in listed] == [other]


async def test_csv_for_a_spreadsheet(tmp_path: Path, at: At) -> None:
    async with parties(tmp_path) as two:
        case = await signed(two, title='=HYPERLINK("http://x")')
        told = at(two.ccq)("deadlines", "--csv")
        assert told.status == 0
        assert told.stdout.startswith("\ufeff")
        (row,) = cells(told.stdout)
        assert row["title"] == '\'=HYPERLINK("http://x")'
        (one,) = track.deadlines(two.ccq)
        assert (row["case"], row["group"], row["term"]) == (case, "later", "in-country")
        assert (date.fromisoformat(row["due"]), row["provisional"]) == (one.due, str(int(one.provisional)))
        (row,) = cells(at(two.ccq)("cases", "--csv").stdout)
        assert row["case"] == case
        assert (date.fromisoformat(row["due"]), row["provisional"]) == (one.due, str(int(one.provisional)))
        await two.request()
        (row,) = cells(at(two.ca)("inbox", "--csv", "--term", "in-country").stdout)
        assert (row["from"], row["fetched"]) == ("ccq.example/van-thu", "0")
        assert cells(at(two.ca)("inbox", "--csv", "--term", "foreign").stdout) == []
        assert at(two.ccq)("deadlines", "--csv", "--json").status == 2


async def test_search_as_a_command(tmp_path: Path, at: At) -> None:
    async with parties(tmp_path) as two:
        await signed(two, title="Về quỹ đất Đắk Lắk")
        told = at(two.ccq)("search", "quy", "dat", "dak", "lak")
        assert "quỹ đất Đắk Lắk" in told.stdout
        assert all(len(line) <= 80 for line in told.stdout.splitlines())
        assert at(two.ccq)("search", "--in", "den", "quy", "--json").json == {"found": []}
        (row,) = cells(at(two.ccq)("search", "--csv", "quy", "--in", "di").stdout)
        assert row["title"] == "Về quỹ đất Đắk Lắk"
        assert "Nothing was found" in at(two.ccq)("search", "không có").stdout
        empty = at(two.ccq)("search", "--json")
        assert (empty.status, empty.json["error"]["code"]) == (1, "nothing-to-search")
        assert at(two.ccq)("search", "quy", "--from", "tomorrow").status == 2


async def test_a_saved_view_is_the_list_it_names(tmp_path: Path, at: At) -> None:
    async with parties(tmp_path) as two:
        case = await signed(two)
        ca = at(two.ca)
        assert ca("view", "save", "việc tôi", "--", "deadlines", "--mine").status == 0
        assert ca("view", "list", "--json").json == {
            "views": [{"name": "việc tôi", "command": ["deadlines", "--mine"]}]
        }
        expected = ca("deadlines", "--mine").stdout
        assert case[:12] in expected
        for words in (("view", "run", "việc tôi"), ("view", "việc tôi")):
            assert ca(*words).stdout == expected
        assert ca("view", "việc tôi", "--json").json["deadlines"][0]["case"] == case
        assert ca("view", "run", "việc tôi", "--group", "overdue", "--json").json["deadlines"] == []
        ca("view", "save", "json", "--", "deadlines", "--json")
        assert ca("view", "json").json["deadlines"][0]["case"] == case
        assert ca("view", "remove", "việc tôi").status == 0
        gone = ca("view", "run", "việc tôi", "--json")
        assert (gone.status, gone.json["error"]["code"]) == (1, "no-view")


async def test_a_view_is_told_as_it_has_to_be_typed(tmp_path: Path, at: At) -> None:
    async with parties(tmp_path) as two:
        ca = at(two.ca)
        for name, typed in (("viec-toi", "viec-toi"), ("việc tôi", '"việc tôi"'), ("list", "run list")):
            told = ca("view", "save", name, "--", "search", "--doctype", "Công văn", "quỹ").stdout
            assert f"`kynhan view {typed}`" in told
        assert 'kynhan search --doctype "Công văn" quỹ' in ca("view", "list").stdout


async def test_a_date_that_is_none_is_told_with_one_that_is(tmp_path: Path, at: At) -> None:
    async with parties(tmp_path) as two:
        refused = at(two.ca)("search", "quy", "--from", "30/02/2026")
        assert refused.status == 2
        assert refused.stderr.count("2026-01-31") == 2
        assert "%" not in refused.stderr


@pytest.mark.parametrize(
    ("words", "status", "code"),
    [
        (("x", "--", "send", "a.pdf"), 1, "not-a-list"),
        (("x", "--", "view", "run", "x"), 1, "not-a-list"),
        (("x", "--", "register", "enter", "3f9a61"), 1, "not-a-list"),
        (("x", "--", "deadlines", "--nonsense"), 2, None),
        (("x", "--", "deadlines", "--term", "for-ever"), 2, None),
        (("x" * 41, "--", "cases"), 1, "view-name"),
        (("a/b", "--", "cases"), 1, "view-name"),
        (("--", "cases"), 2, None),
    ],
)
async def test_only_lists_can_be_saved(
    tmp_path: Path, at: At, words: tuple[str, ...], status: int, code: str | None
) -> None:
    async with parties(tmp_path) as two:
        told = at(two.ca)("--json", "view", "save", *words)
        assert told.status == status
        assert code is None or told.json["error"]["code"] == code
        assert at(two.ca)("view", "list", "--json").json == {"views": []}
