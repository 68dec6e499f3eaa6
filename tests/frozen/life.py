"""What happens between two committees before their folders are frozen: every kind of dispatch, every kind of trace.

    async with living(folder) as two:      folder/{ccq.example,ca.example,pc03} and folder/relay are as they
        …                                  will be frozen once this block ends

The moments are stated; keys, ids and nonces are as random as anybody's.
"""

from __future__ import annotations

import asyncio
import secrets
import stat
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from tests.client.agreement import CA, CCQ
from tests.client.answering import send
from tests.client.exchanging import post_round
from tests.client.parties import Parties, parties
from tests.frozen.life_cases import BEGIN, UNIT, Cases
from tests.server.mailbox import mailbox

from kynhan_client.dossiers.dossier import Cover
from kynhan_client.dossiers.letter import Letter
from kynhan_client.errors import ClientError, problem
from kynhan_client.log.view import View
from kynhan_client.packages import cancelling, outbox, receive
from kynhan_client.packages import send as sending
from kynhan_client.procedures import (
    closing,
    exchanges,
    opinions,
)
from kynhan_client.registers import numbering, registers, search
from kynhan_client.relay.relay import Relay
from kynhan_client.reminding import notifying, snooze
from kynhan_client.reminding.notifying import Desktop
from kynhan_client.screen import saved_views
from kynhan_protocol.package import manifest
from kynhan_server.channels.outgoing import Outgoing, Webhooks

FROZEN = datetime(2026, 5, 29, 9, 0, tzinfo=UTC)
UNNUMBERED = Cover(
    title="Về việc cung cấp thêm tài liệu", form="party-2026", doctype="Công văn", symbol="CV/ĐUCCQ"
)
LARGE = 66_000


@asynccontextmanager
async def living(folder: Path) -> AsyncIterator[Parties]:
    """The whole life, lived; what is open is closed when the block ends."""
    with mailbox() as post:
        async with parties(folder, begin=BEGIN) as two:
            await two.stop_relay()
            two.outgoing = Outgoing(mail=post.server, webhooks=Webhooks(hosts=("hooks.tinh.example",)))
            await two.start_relay()
            life = Life(two)
            await life.people()
            await life.channels(post)
            await life.answered_case()
            await life.running_case()
            await life.ended_cases()
            await life.exchanges()
            await life.calendar()
            await life.reminded()
            await life.desk()
            await life.outbox()
            await life.rest()
            yield two


@contextmanager
def away() -> Iterator[None]:
    """Nothing that is posted reaches the relay."""

    async def lost(*_: Any, **__: Any) -> None:
        raise problem("relay-down", url="http://127.0.0.1", why="x")

    with mock.patch.object(Relay, "post_statement", lost):
        yield


class Life(Cases):
    """The cases, and then what only a home keeps."""

    async def reminded(self) -> None:
        """Weeks pass, and the relay reminds."""
        self.at(5, 28)
        await asyncio.sleep(1.5)
        await self.two.sync()
        program = self.two.folder / "notify-send"
        program.write_text("#!/bin/sh\n")
        program.chmod(stat.S_IRWXU)
        await notifying.show_new(self.ca, Desktop(str(program)), "vi")

    # --- what only a home keeps

    async def desk(self) -> None:
        """Registers, reserved and void numbers, saved views, what is put off."""
        await self.two.sync(self.unit)
        ((dispatch, note),) = self.ca.archive.rows("SELECT dispatch, note FROM manifests WHERE number = '15'")
        made = manifest.parse(note).manifest
        registers.enter(self.ca, dispatch, made, distribution="Giao PC03 tham mưu", location="Tủ 2, ngăn 5")
        registers.change_settings(self.ca, term_begins=date(2025, 8, 1))
        for home in (self.ccq, self.ca):
            saved_views.save(home, "Sắp đến hạn", ("deadlines",))
            saved_views.save(home, "Việc đang làm", ("cases",))
        snooze.put(self.ccq, self.running, date(2026, 6, 3))

    async def outbox(self) -> None:
        """What failed, what was cancelled, what waits: uploaded, posted in vain, half a round, a receipt."""
        two, ccq, ca = self.two, self.ccq, self.ca
        with away():
            too_late = await sending.send(
                ca, two.to[CA], exchanges.question(ca, self.informed, "Xin làm rõ.")
            )
        done = closing.Conclusion(4, "KL/ĐUCCQ", date(2026, 5, 28))
        await send(two, ccq, closing.close(ccq, self.informed, done))
        result = await outbox.deliver(ca, two.to[CA], too_late.waiting)
        assert result.state == "failed"
        (half, _) = opinions.ask(ccq, "Xin ý kiến tiếp.", case=self.running, to=(CA, f"{CA}/{UNIT}"))
        await post_round(two, ccq, (half,))
        with away():
            await post_round(
                two, ccq, opinions.ask(ccq, "Xin ý kiến tiếp.", case=self.running, to=(CA, f"{CA}/{UNIT}"))
            )
            large = two.file("Tài liệu.bin", secrets.token_bytes(LARGE))
            await self._numbered(two.letter(large, title=None, cover=UNNUMBERED))
            void = await self._numbered(Letter(kind="message", to=CA, words="Gửi sau.", cover=UNNUMBERED))
            await self._numbered(Letter(kind="message", to=CA, words="Gửi sau nữa.", cover=UNNUMBERED))
            await cancelling.cancel(ccq, two.to[CCQ], void)
            numbering.settle(ccq)
            await self._receipt_that_waits()

    async def _numbered(self, letter: Letter) -> int:
        """CCQ's letter under the next number, which waits; gives its row."""
        with numbering.taking(self.ccq):
            ready, taken = numbering.numbered(self.ccq, letter)
            sent = await sending.send(self.ccq, self.two.to[CCQ], ready)
            numbering.settle(self.ccq, taken)
        assert sent.state == "queued"
        return sent.waiting

    async def _receipt_that_waits(self) -> None:
        """CA signs for something, and its receipt does not get through."""
        with pytest.raises(ClientError) as error:
            await receive.sign(self.ca, self.two.to[CA], receive.inbox(self.ca)[0].dispatch)
        assert error.value.code == "relay-down"

    async def rest(self) -> None:
        """The last look: what waits still waits, cases folded, search up to date."""
        two = self.two
        two.set_clock(FROZEN - timedelta(minutes=5))
        with away():
            await two.sync(self.unit, self.ca, self.ccq)
        for home in (self.ccq, self.ca, self.unit):
            View(home).cases()
            search.catch_up(home)
            home.archive.run("VACUUM")  # a quarter less to keep for ever
