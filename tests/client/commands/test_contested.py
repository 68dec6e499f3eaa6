"""A package that is said to be faulty, on the screens: who goes on and how, and what counts no more."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.client.agreement import PASSPHRASE
from tests.client.answering import papers, send
from tests.client.calling import Kynhan
from tests.client.parties import parties
from tests.client.procedures.test_sent_again import sign_and_lie

from kynhan_client.home.home import Home
from kynhan_client.procedures import terms

At = Callable[[Home], Kynhan]


@pytest.fixture
def at(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> At:
    """The command line in the home of one of the parties, in Vietnamese, at its time."""
    passphrase = tmp_path / "passphrase"
    passphrase.write_bytes(PASSPHRASE + b"\n")
    options = ("--lang", "vi", "--demo-clock", str(tmp_path / "offset"))
    return lambda home: Kynhan(capsys, *options).at(home.path, passphrase)


async def test_a_case_says_how_a_fault_is_settled_and_then_what_counts_no_more(
    tmp_path: Path, at: At
) -> None:
    async with parties(tmp_path) as two:
        asked = await two.request()
        await two.sync()
        await sign_and_lie(two, two.ca, asked.case, asked.dispatch)
        for home in (two.ccq, two.ca):
            told = " ".join(at(home)("case", asked.case).stdout.split())
            assert "Đang báo lỗi bì" in told
            assert "(nội dung không giải mã được)" in told
            for command in ("request --case", "supplement", f"open {asked.dispatch[:12]}", "correct --void"):
                assert f"kynhan {command}" in told
            assert "Thời hạn tính từ ngày ký nhận" in told
        await send(two, two.ccq, terms.annulment(two.ccq, asked.case, papers(), asked.dispatch).letter)
        await two.sync()
        await send(two, two.ca, terms.agreement(two.ca, asked.case, papers()).letter)
        await two.sync()
        told = at(two.ca)("case", asked.case).stdout
        assert "Thời hạn tính từ ngày ký nhận" not in told
        assert "Không tính từ ngày ký nhận" in told
        assert "! không còn tính" in told
        assert "kynhan correct" not in told
