"""One dossier, there and back, over a relay in a process of its own that is killed on the way: the whole spine at once.

`make demo` tells the same story at full size and through the command line; here every library function is called as
the command line calls it, and the disk of both sides is searched for what must not be readable.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
import signal
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
from tests.client.agreement import CA, CCQ
from tests.client.parties import SECRET, Parties, parties

from kynhan_client import syncing
from kynhan_client.errors import ClientError
from kynhan_client.evidence import casefolder
from kynhan_client.evidence.verifying import verify_path
from kynhan_client.log import receipts, track
from kynhan_client.log.view import View
from kynhan_client.packages import opening, receive
from kynhan_client.packages.send import send
from kynhan_client.procedures import exchanges, replies
from kynhan_client.procedures.standing import Papers
from kynhan_keys import age

TITLE = "Trích yếu không ai được đọc"
MARKER = "DAU-HIEU-BI-MAT"
WORDS = f"Đã nhận đủ hồ sơ {MARKER}."


@dataclass
class InProcess(Parties):
    """The relay is `kynhan-relay serve` in a process of its own."""

    process: subprocess.Popen[bytes] | None = None

    async def start_relay(self) -> None:
        self.process = self._process()
        for _ in range(200):
            with contextlib.suppress(OSError):
                _, writer = await asyncio.open_connection("127.0.0.1", self.port)
                writer.close()
                await writer.wait_closed()
                return
            await asyncio.sleep(0.05)
        raise AssertionError((self.folder / "relay.log").read_text())

    def _process(self) -> subprocess.Popen[bytes]:
        secret = self.folder / "relay.passphrase"
        secret.write_bytes(SECRET + b"\n")
        secret.chmod(0o600)
        command = [sys.executable, "-m", "kynhan_server", "serve", "--data", str(self.folder / "relay")]
        command += ["--passphrase-file", str(secret), "--listen", f"127.0.0.1:{self.port}"]
        command += ["--demo-clock", str(self.offset), "--tick", "0.1"]
        with (self.folder / "relay.log").open("ab") as log:
            return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    async def stop_relay(self, how: signal.Signals = signal.SIGTERM) -> None:
        if self.process is not None:
            process, self.process = self.process, None
            process.send_signal(how)
            await asyncio.to_thread(process.wait, 15)


async def test_one_dossier_there_and_back(tmp_path: Path) -> None:
    async with parties(tmp_path, kind=InProcess) as two:
        ccq, ca, to = two.ccq, two.ca, two.to
        content = secrets.token_bytes(700_000)
        files = [two.file("Công văn đề nghị.pdf", MARKER.encode() * 50), two.file("Ảnh quét.bin", content)]

        # CCQ seals and sends; CA sees who and how large, fetches, and cannot open
        request = await send(ccq, to[CCQ], two.letter(*files, title=TITLE))
        assert request.state == "sent"
        await syncing.sync(ca, to[CA])
        (item,) = receive.inbox(ca)
        assert item.dispatch == request.dispatch
        await receive.fetch(ca, to[CA], request.dispatch)
        with pytest.raises(ClientError) as error:
            await opening.open_package(ca, to[CA], request.dispatch, tmp_path / "ca")
        assert error.value.code == "not-signed-for"

        # the relay is killed and comes back: what it answered is still there
        await two.stop_relay(signal.SIGKILL)
        await two.start_relay()

        # CA signs for it, the clock starts, the package opens
        signed = await receive.sign(ca, to[CA], request.dispatch)
        assert signed.due is not None
        opened = await opening.open_package(ca, to[CA], request.dispatch, tmp_path / "ca")
        assert (opened.result, opened.posted) == ("verified", True)
        assert (tmp_path / "ca" / "Ảnh quét.bin").read_bytes() == content

        # a message each way
        for sender, reader in ((ca, ccq), (ccq, ca)):
            relay, back = two.relay(sender), two.relay(reader)
            sent = await send(sender, relay, exchanges.message(sender, WORDS, case=request.case))
            await receive.sign(reader, back, sent.dispatch)
            place = tmp_path / f"message-{reader.config.committee}"
            await opening.open_package(reader, back, sent.dispatch, place)
            assert (place / "message.txt").read_text() == WORDS + "\n"

        # time goes by; both sides are reminded before and on the day, with the relay killed in between
        ladder = track.case_detail(ca, request.case)["ladder"]
        for rung in [rung for rung in ladder if rung["step"] in ("-10", "0")]:
            at = datetime.fromisoformat(rung["at"])
            two.move_clock(int((at - ca.clock.now()).total_seconds()) + 30)
            await two.stop_relay(signal.SIGKILL)
            await two.start_relay()
            assert await reminded(two, request.case, rung["step"])

        # CA replies; CCQ signs for it and opens; the clock has stopped on the last day
        letter = replies.reply(ca, request.case, Papers(files=(two.file("Trả lời.pdf"),), title=TITLE))
        reply = await send(ca, to[CA], letter)
        await receive.sign(ccq, to[CCQ], reply.dispatch)
        await opening.open_package(ccq, to[CCQ], reply.dispatch, tmp_path / "ccq")
        (line,) = track.cases(ccq)
        assert (line.phase, line.status, line.due) == ("answered", "in-time", signed.due)

        # both fold the same case; nobody objects to anything
        await two.sync()
        ours, theirs = View(ccq).case(request.case), View(ca).case(request.case)
        assert ours == theirs
        assert ours.objections == ()
        assert ccq.archive.alarms() == ca.archive.alarms() == []
        assert len({one.step for one in ours.reminders}) == len(ours.reminders)

        # later statements of both, who have seen it all, close the chains; then all is final and proves itself offline
        await two.witness()
        await two.sync()
        words = two.letter(kind="message", to=CCQ, term=None, subject=None, words="Xong.", files=())
        await receive.sign(ccq, to[CCQ], (await send(ca, to[CA], words)).dispatch)
        await two.witness()
        await two.sync()
        await two.stop_relay()
        assert receipts.upgrade(ccq, request.case) >= 0
        assert {one.state for one in receipts.listed(ccq, request.case)} == {"final"}
        casefolder.write(ccq, request.case, tmp_path / "evidence")
        report = verify_path(tmp_path / "evidence")
        reasons = [(one.name, why.code, why.detail) for one in report.receipts for why in one.reasons]
        assert (report.verdict, reasons, report.reasons) == ("VALID", [], ())
        (tmp_path / "bundle.tar").write_bytes(receipts.bundle(ccq, reply.dispatch))
        assert verify_path(tmp_path / "bundle.tar").verdict == "VALID"
        opening.export_age(ca, request.dispatch, tmp_path / "request.age")
        plain = b"".join(age.open_([(tmp_path / "request.age").read_bytes()], ca.keyring.identities))
        assert content in plain

    # nothing of the content can be read on the relay's disk or in either home
    for place in ("relay", CCQ, CA):
        for needle in needles():
            assert find(tmp_path / place, needle) is None, (place, needle)
    assert find(tmp_path / "ca", MARKER.encode()) is not None  # the search finds what is there


async def reminded(two: Parties, case: str, step: str) -> bool:
    for _ in range(100):
        await two.sync()
        if any(one["step"] == step for one in track.case_detail(two.ccq, case)["reminders"]):
            return True
        await asyncio.sleep(0.05)
    return False


def needles() -> Iterator[bytes]:
    """Words of the content, as they would be spelled on a disk."""
    for word in (MARKER, TITLE, "Công văn đề nghị", "Ảnh quét", "Trả lời", "message.txt", "subject 3.1"):
        for form in ("NFC", "NFD"):
            yield unicodedata.normalize(form, word).encode()  # type: ignore[arg-type]


def find(folder: Path, needle: bytes) -> Path | None:
    """The first file in the folder that holds `needle`, or bears it in its name."""
    for path in sorted(folder.rglob("*")):
        if needle in os.fsencode(path.name) or (path.is_file() and needle in path.read_bytes()):
            return path
    return None
