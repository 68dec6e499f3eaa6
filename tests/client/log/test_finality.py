"""Finality overdue: shown by `receipts` and `status`, written into the diary once."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.client.agreement import PASSPHRASE
from tests.client.calling import Kynhan
from tests.client.parties import Parties, parties

from kynhan_client.log import finality

DAY = 86_400


def recorded(two: Parties) -> list[int]:
    """The index that each line of the diary about finality names."""
    return [event.data["index"] for event in two.ccq.archive.events() if event.kind == finality.RECORDED]


async def test_a_receipt_is_overdue_once_the_next_working_day_is_over(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        sent = await two.request()
        assert finality.overdue(two.ccq) == []
        two.move_clock(10 * DAY)
        late = finality.overdue(two.ccq)
        assert late[0].logged.id == sent.dispatch
        assert finality.overdue(two.ca) == []  # it holds no receipt of it


async def test_overdue_is_recorded_once_and_ends_with_the_witnesses(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        sent = await two.request()
        await two.sync(two.ccq)
        assert recorded(two) == []
        two.move_clock(10 * DAY)
        await two.sync(two.ccq)
        await two.sync(two.ccq)
        assert recorded(two) == [sent.index]
        await two.witness()
        await two.sync(two.ccq)
        assert finality.overdue(two.ccq) == []
        assert recorded(two) == [sent.index]


async def test_receipts_and_status_say_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    async with parties(tmp_path) as two:
        sent = await two.request()
        passphrase = tmp_path / "passphrase"
        passphrase.write_bytes(PASSPHRASE)
        kynhan = Kynhan(capsys, "--lang", "vi", "--demo-clock", str(two.offset)).at(two.ccq.path, passphrase)
        assert "quá thời gian chờ" not in kynhan("receipts").stdout
        assert kynhan("status", "--json").json["finality_overdue"] == 0
        two.move_clock(10 * DAY)
        for words in (("receipts",), ("receipts", sent.case), ("status",)):
            assert "! 2 biên nhận quá thời gian chờ đối chứng, từ " in kynhan(*words).stdout
        assert kynhan("status", "--json").json["finality_overdue"] == 2
        listed = kynhan("receipts", sent.case, "--json").json["receipts"]
        assert [line["overdue"] for line in listed] == [True, True]
