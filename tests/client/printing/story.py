"""The case that the tests of printed evidence print, over a real relay with a moved clock."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

from tests.client.agreement import CA, CCQ, PASSPHRASE
from tests.client.parties import Parties, parties

from kynhan_client.dossiers import texts
from kynhan_client.evidence import casefolder
from kynhan_client.log import receipts, track
from kynhan_client.log.view import View
from kynhan_client.packages import opening, receive, send
from kynhan_client.printing import certificate, receipt
from kynhan_client.printing.sheet import Printed
from kynhan_client.procedures import replies
from kynhan_client.procedures.standing import Papers
from kynhan_protocol.case.case import Case

DAY = 86_400
TITLE = "Về việc #strong[x] *đậm* $x^2$ = _nghiêng_ đảo 漢 `mã` <a> @b // \\ theo danh sách kèm theo"
SHOWN = TITLE.replace("漢", "[U+6F22]")


@dataclass(frozen=True)
class Paper:
    """`case`: as the log has it at the end; `request`, `other` (the reply), `pending`: dispatches; `bundle`: what
    proves the receipt of the request."""

    folder: Path
    home: Path
    passphrase: Path
    offset: Path
    case: Case
    request: str
    pending: str
    other: str
    receipt: Printed
    titled: Printed
    certificate: Printed
    bundle: bytes

    def file(self, name: str, data: bytes) -> Path:
        """A file of its own."""
        path = self.folder / name
        path.write_bytes(data)
        return path


async def printed(folder: Path) -> Paper:
    """Lives through the case and prints it."""
    passphrase = folder / "passphrase"
    passphrase.write_bytes(PASSPHRASE + b"\n")
    async with parties(folder) as two:
        with patch.object(texts, "title", lambda given: given):  # a sender less careful than ours
            request = await two.request(title=TITLE)
        await receive.sign(two.ca, two.to[CA], request.dispatch)
        await opening.open_package(two.ca, two.to[CA], request.dispatch, folder / "opened")
        await _until_reminded(two, request.case)
        other = await _exchange(two, folder, request.case)
        await two.witness()
        await two.sync()
        done = two.letter(kind="message", to=CCQ, term=None, subject=None, words="Đã xong.")
        last = await send.send(two.ca, two.to[CA], done)
        await two.sync()
        await receive.sign(two.ccq, two.to[CCQ], last.dispatch)
        await two.witness()
        await two.sync()
        late = await two.request()
        casefolder.write(two.ccq, request.case, folder / "case")
        return Paper(
            folder,
            two.ccq.path,
            passphrase,
            two.offset,
            View(two.ccq).case(request.case),
            request.dispatch,
            late.dispatch,
            other,
            receipt.receipt(two.ccq, request.dispatch),
            receipt.receipt(two.ccq, request.dispatch, language="both", with_title=True),
            certificate.certificate(two.ccq, request.case, with_title=True),
            receipts.bundle(
                two.ccq, View(two.ccq).case(request.case).dispatches[request.dispatch].receipt or ""
            ),
        )


async def _until_reminded(two: Parties, case: str) -> None:
    """Days pass until the first reminder is logged."""
    for _ in range(12):
        two.move_clock(7 * DAY)
        await asyncio.sleep(0.6)
        await two.witness()
        await two.sync()
        if track.case_detail(two.ccq, case)["reminders"]:
            return
    raise AssertionError("nobody was reminded")


async def _exchange(two: Parties, folder: Path, case: str) -> str:
    """Messages enough to fill a page, an extension, the reply, whose dispatch it gives."""
    for number in range(14):
        words = two.letter(
            kind="message", case=case, term=None, subject=None, words=f"Tin thứ {number}", files=()
        )
        await send.send(two.ccq, two.to[CCQ], words)
    await two.sync()
    view = View(two.ca)
    due = view.case(case).due
    assert due is not None
    calendar = view.calendars.in_force(view.size).without_end()
    later = calendar.next_working_day(due.due + timedelta(days=30))
    notice = two.letter(kind="extension", case=case, to=CCQ, term=None, subject=None, due=later)
    await send.send(two.ca, two.to[CA], notice)
    reply = replies.reply(two.ca, case, Papers(files=(two.file("Trả lời.pdf"),), title="Trả lời"))
    sent = await send.send(two.ca, two.to[CA], reply)
    await two.sync()
    await receive.sign(two.ccq, two.to[CCQ], sent.dispatch)
    await opening.open_package(two.ccq, two.to[CCQ], sent.dispatch, folder / "opened-reply")
    return sent.dispatch
