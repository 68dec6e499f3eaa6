"""`kynhan outbox`: what waits, in words and for scripts; taken back after a confirmation."""

from __future__ import annotations

import asyncio
import csv
import io
from pathlib import Path

import pytest
from tests.client.agreement import CA, PASSPHRASE
from tests.client.calling import Kynhan, Ran
from tests.client.parties import parties
from tests.journeys.relay_process import ProcessParties

TITLE = "Về việc đề nghị phối hợp xác minh theo danh sách kèm theo"


async def test_what_waits_is_listed_and_taken_back(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with parties(tmp_path, kind=ProcessParties) as two:
        large, small = two.file("lớn.bin", bytes(200_000)), two.file("nhỏ.pdf")
        two.ccq.close()
        secret = tmp_path / "secret"
        secret.touch(mode=0o600)
        secret.write_bytes(PASSPHRASE)
        clock = ("--demo-clock", str(tmp_path / "offset"))
        ccq = Kynhan(capsys, *clock, "--lang", "en").at(two.ccq.path, secret)
        both = Kynhan(capsys, *clock, "--lang", "both").at(two.ccq.path, secret)

        async def run(kynhan: Kynhan, *words: str) -> Ran:
            return await asyncio.to_thread(kynhan, *words)

        assert (await run(ccq, "outbox")).stdout == "Nothing waits to be sent\n"
        assert (await run(ccq, "outbox", "--json")).json == {"waiting": []}
        assert "waiting to be sent: 0\n" in (await run(ccq, "status")).stdout
        await two.stop_relay()
        asked = ("send", "--to", CA, "--kind", "request", "--term", "in-country", "--subject", "3.1")
        for file in (large, small):
            ran = await run(ccq, *asked, "--title", TITLE, str(file))
            assert ran.status == 1
            assert "`kynhan outbox`" in ran.stdout
        assert "waiting to be sent: 2 (see `kynhan outbox`)\n" in (await run(ccq, "status")).stdout

        first, second = (await run(ccq, "outbox", "list", "--json")).json["waiting"]
        assert (first["number"], first["kind"], first["letter"], first["to"]) == (1, "request", True, CA)
        assert (first["title"], first["posted"], second["posted"]) == (TITLE, False, True)
        assert "does not answer" in first["why"]["en"]
        shown = await run(ccq, "outbox")
        assert "No. 1, 2: the relay at http" in shown.stdout
        for kynhan in (ccq, both):
            told = (await run(kynhan, "outbox")).stdout
            assert first["case"][:12] in told
            assert [line for line in told.splitlines() if len(line) > 80] == []
        cells = list(
            csv.reader(io.StringIO((await run(ccq, "outbox", "--csv")).stdout.removeprefix("\ufeff")))
        )
        assert [row[:2] + row[3:4] + row[5:6] for row in cells[1:]] == [
            ["1", "request", CA, TITLE],
            ["2", "request", CA, TITLE],
        ]

        refused = await run(ccq, "outbox", "cancel", "1", "--json")
        assert (refused.status, refused.json["error"]["code"]) == (1, "needs-confirmation")
        ran = await run(ccq, "outbox", "cancel", "1", "--yes", "--json")
        assert (ran.status, ran.json["state"], ran.json["number"]) == (0, "cancelled", 1)
        again = await run(ccq, "outbox", "cancel", "1", "--yes")
        assert again.status == 1
        assert "No. 1 does not wait to be sent any more: it was taken back" in again.stderr
        assert (await run(ccq, "outbox", "cancel", "99", "--yes")).status == 1
        away = await run(ccq, "outbox", "cancel", "2", "--yes", "--json")
        assert (away.status, away.json["error"]["code"]) == (1, "relay-away")

        await two.start_relay()
        ran = await run(ccq, "outbox", "cancel", "2", "--yes")
        assert (ran.status, ran.stdout) == (0, "✓ Took no. 2 out of what waits; nothing was sent\n")
        assert (await run(ccq, "sync", "--json")).json["delivered"] == []
        assert (await run(ccq, "outbox")).stdout == "Nothing waits to be sent\n"
        assert (await run(ccq, "cases", "--json")).json["cases"] == []
        assert list((two.ccq.path / "sealed").iterdir()) == []


@pytest.mark.parametrize(("answer", "status"), [("có", 0), ("không", 1)])
async def test_a_person_is_asked_first(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    answer: str,
    status: int,
) -> None:
    async with parties(tmp_path, kind=ProcessParties) as two:
        file = two.file("lớn.bin", bytes(200_000))
        two.ccq.close()
        secret = tmp_path / "secret"
        secret.touch(mode=0o600)
        secret.write_bytes(PASSPHRASE)
        clock = ("--demo-clock", str(tmp_path / "offset"))
        ccq = Kynhan(capsys, *clock, "--lang", "vi").at(two.ccq.path, secret)
        await two.stop_relay()
        asked = ("send", "--to", CA, "--kind", "request", "--term", "in-country", "--subject", "3.1")
        assert (await asyncio.to_thread(ccq, *asked, "--title", TITLE, str(file))).status == 1

        class Terminal(io.StringIO):
            def isatty(self) -> bool:
                return True

        monkeypatch.setattr("sys.stdin", Terminal(f"{answer}\n"))
        ran = await asyncio.to_thread(ccq, "outbox", "cancel", "1")
        assert ran.status == status
        assert f"số 1, văn bản đề nghị phối hợp, gửi {CA}?" in ran.stdout + ran.stderr
        waiting = (await asyncio.to_thread(ccq, "outbox", "--json")).json["waiting"]
        assert len(waiting) == status
