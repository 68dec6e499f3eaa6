"""`kynhan outbox`: what waits, in words and for scripts; taken back after a confirmation."""

from __future__ import annotations

import asyncio
import csv
import io
from pathlib import Path

import pytest
from tests.client.agreement import CA, PASSPHRASE
from tests.client.calling import Kynhan, Ran
from tests.client.parties import Parties, parties
from tests.journeys.relay_process import ProcessParties

TITLE = "Về việc đề nghị phối hợp xác minh theo danh sách kèm theo"
REQUEST = (
    *("send", "--to", CA, "--kind", "request", "--term", "in-country", "--subject", "3.1"),
    *("--title", TITLE),
)


def at(two: Parties, folder: Path, capsys: pytest.CaptureFixture[str], language: str = "vi") -> Kynhan:
    """The command line in CCQ's home."""
    two.ccq.close()
    secret = folder / "secret"
    secret.touch(mode=0o600)
    secret.write_bytes(PASSPHRASE)
    options = ("--demo-clock", str(folder / "offset"), "--lang", language)
    return Kynhan(capsys, *options).at(two.ccq.path, secret)


async def run(kynhan: Kynhan, *words: str) -> Ran:
    return await asyncio.to_thread(kynhan, *words)


async def test_what_waits_is_listed_and_taken_back(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with parties(tmp_path, kind=ProcessParties) as two:
        large, small = two.file("lớn.bin", bytes(200_000)), two.file("nhỏ.pdf")
        ccq, both = at(two, tmp_path, capsys, "en"), at(two, tmp_path, capsys, "both")
        assert (await run(ccq, "outbox")).stdout == "Nothing waits to be sent\n"
        assert (await run(ccq, "outbox", "--json")).json == {"waiting": []}
        assert "waiting to be sent: 0\n" in (await run(ccq, "status")).stdout
        await two.stop_relay()
        for file in (large, small):
            ran = await run(ccq, *REQUEST, str(file))
            assert ran.status == 1
            assert "`kynhan outbox`" in ran.stdout
        again = await run(ccq, *REQUEST, str(small), "--json")
        assert (again.status, again.json["error"]["code"]) == (1, "waits-already")
        assert again.json["error"]["data"] == {"number": "2"}
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
        assert "No. 1 does not wait to be sent: it was taken back" in again.stderr
        none = await run(ccq, "outbox", "cancel", "99", "--yes")
        assert none.status == 1
        assert "No. 99 does not wait to be sent: there is no such number" in none.stderr
        away = await run(ccq, "outbox", "cancel", "2", "--yes", "--json")
        assert (away.status, away.json["error"]["code"]) == (1, "relay-away")

        await two.start_relay()
        ran = await run(ccq, "outbox", "cancel", "2", "--yes")
        assert (ran.status, ran.stdout) == (0, "✓ Took no. 2 out of what waits; nothing was sent\n")
        assert (await run(ccq, "sync", "--json")).json["delivered"] == []
        assert (await run(ccq, "outbox")).stdout == "Nothing waits to be sent\n"
        assert (await run(ccq, "cases", "--json")).json["cases"] == []
        assert list((two.ccq.path / "sealed").iterdir()) == []


class Terminal(io.StringIO):
    """A person who answers this."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("answer", "status"), [("có", 0), ("không", 1)])
async def test_a_person_is_asked_first(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    answer: str,
    status: int,
) -> None:
    async with parties(tmp_path, kind=ProcessParties) as two:
        ccq, file = at(two, tmp_path, capsys), two.file("lớn.bin", bytes(200_000))
        await two.stop_relay()
        assert (await run(ccq, *REQUEST, str(file))).status == 1
        monkeypatch.setattr("sys.stdin", Terminal(f"{answer}\n"))
        ran = await run(ccq, "outbox", "cancel", "1")
        assert ran.status == status
        assert f"số 1, văn bản đề nghị phối hợp, gửi {CA}?" in ran.stdout + ran.stderr
        assert len((await run(ccq, "outbox", "--json")).json["waiting"]) == status


@pytest.mark.parametrize(("answer", "waiting"), [("có", 2), ("không", 1)])
async def test_a_person_is_asked_before_the_same_letter_waits_twice(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    answer: str,
    waiting: int,
) -> None:
    async with parties(tmp_path, kind=ProcessParties) as two:
        ccq, file = at(two, tmp_path, capsys), two.file("lớn.bin", bytes(200_000))
        await two.stop_relay()
        assert (await run(ccq, *REQUEST, str(file))).status == 1
        monkeypatch.setattr("sys.stdin", Terminal(f"{answer}\n"))
        ran = await run(ccq, *REQUEST, str(file))
        assert ran.status == 1
        assert "Chính văn bản này đang chờ gửi, số 1" in ran.stderr
        assert len((await run(ccq, "outbox", "--json")).json["waiting"]) == waiting


async def test_only_the_same_letter_is_refused_to_a_script(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with parties(tmp_path, kind=ProcessParties) as two:
        ccq, file = at(two, tmp_path, capsys), two.file("a.pdf")
        changed = tmp_path / "changed" / "a.pdf"
        changed.parent.mkdir()
        changed.write_bytes(b"%PDF-1.7 y\n")
        await two.stop_relay()
        codes = [
            (await run(ccq, *words, "--json")).json["error"]["code"]
            for words in (
                (*REQUEST, str(file)),
                (*REQUEST, str(file)),
                (*REQUEST, str(file), "--yes"),
                (*REQUEST, str(two.file("b.pdf"))),
                (*REQUEST, str(changed)),
                ("message", "--new", "--to", CA, "Đã nhận."),
                ("message", "--new", "--to", CA, "Đã nhận."),
                ("message", "--new", "--to", CA, "Đã đọc."),
            )
        ]
        again, first = "waits-already", "relay-down"
        assert codes == [first, again, first, first, first, first, again, first]
        await two.start_relay()
        assert len((await run(ccq, "sync", "--json")).json["delivered"]) == 6
        assert (await run(ccq, *REQUEST, str(file))).status == 0
