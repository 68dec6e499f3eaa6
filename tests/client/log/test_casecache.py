"""Cases that were folded before: the same as folded anew, whatever happened in between."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import pytest
from tests.client.agreement import CA, PASSPHRASE
from tests.client.parties import parties
from tests.client.whole_case import whole_case

from kynhan_client.home.home import Home
from kynhan_client.log import casecache
from kynhan_client.log.view import View
from kynhan_client.packages import receive
from kynhan_protocol.case import fold
from kynhan_protocol.case.case import Case


def fresh(home: Home) -> list[Case]:
    """All cases, each folded from the beginning."""
    view = View(home)
    return [view.case(case.id) for case in view.cases()]


def kept(home: Home) -> dict[str, tuple[object, ...]]:
    return {
        row[0]: row[1:] for row in home.archive.rows("SELECT case_id, basis, count, last_idx FROM folded")
    }


async def test_a_case_is_folded_once_and_then_on_from_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    applied: list[int] = []
    apply = fold.apply

    def counting(case: Case | None, logged, *known):  # type: ignore[no-untyped-def]
        applied.append(logged.index)
        return apply(case, logged, *known)

    async with parties(tmp_path) as two:
        sent = await two.request()
        other = await two.request()
        assert View(two.ca).cases() == fresh(two.ca)
        monkeypatch.setattr(casecache.fold, "apply", counting)
        assert len(View(two.ca).cases()) == 2
        assert applied == []
        await receive.sign(two.ca, two.to[CA], sent.dispatch)
        applied.clear()
        cases = View(two.ca).cases()
        of_case = {
            row[0]
            for row in two.ca.archive.rows("SELECT idx FROM statements WHERE case_id = ?", (sent.case,))
        }
        assert applied
        assert set(applied) < of_case
        assert cases == fresh(two.ca)
        assert {case.id for case in cases} == {sent.case, other.case}


async def test_what_was_kept_says_the_same_as_the_log(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        await whole_case(two, tmp_path)
        for home in (two.ccq, two.ca):
            assert View(home).cases() == fresh(home) == View(home).cases()


@pytest.mark.parametrize(
    "spoil",
    [
        "UPDATE folded SET basis = 'other code'",
        "UPDATE folded SET count = count - 1",
        "UPDATE folded SET count = count + 1, last_idx = last_idx - 1",
        "UPDATE folded SET body = x'7b7d'",
        "UPDATE folded SET body = x'ff'",
        "DELETE FROM folded",
    ],
)
async def test_what_does_not_fit_is_folded_again(tmp_path: Path, spoil: str) -> None:
    async with parties(tmp_path) as two:
        await two.request()
        before = View(two.ca).cases()
        rows = kept(two.ca)
        two.ca.archive.run(spoil)
        assert View(two.ca).cases() == before
        assert kept(two.ca) == rows


def test_a_rule_of_any_room_counts_as_code(tmp_path: Path) -> None:
    deep = tmp_path / "case"
    deep.mkdir()
    (tmp_path / "names.py").write_text("one")
    (deep / "fold.py").write_text("two")
    (deep / "notes.txt").write_text("no code")
    assert list(casecache._sources(tmp_path)) == [b"two", b"one"]
    ours = resources.files("kynhan_protocol").joinpath("case", "fold.py").read_bytes()
    assert ours in list(casecache._sources(resources.files("kynhan_protocol")))


async def test_another_command_that_writes_holds_nobody_up(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        await two.request()
        other = Home.open(two.ca.path, PASSPHRASE, clock=two.ca.clock)
        try:
            with other.archive.transaction():
                other.archive.put("x", 1)
                assert len(View(two.ca).cases()) == 1
                assert kept(two.ca) == {}
            assert len(View(two.ca).cases()) == 1
            assert len(kept(two.ca)) == 1
        finally:
            other.close()
