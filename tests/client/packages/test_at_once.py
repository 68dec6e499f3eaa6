"""Two commands at the same time on one home, two clerks on one package, and what waited while its case moved on."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path

from tests.client.agreement import CA, CCQ, PASSPHRASE
from tests.client.exchanging import begun
from tests.client.parties import parties

from kynhan_client import syncing
from kynhan_client.home import cupboard
from kynhan_client.home.home import Home
from kynhan_client.log.view import View
from kynhan_client.packages import opening, receive, send
from kynhan_client.procedures import closing, exchanges, recalls
from kynhan_client.procedures.closing import Conclusion
from kynhan_client.relay.relay import Relay, connect


@asynccontextmanager
async def again(home: Home) -> AsyncIterator[tuple[Home, Relay]]:
    """The same home, opened by another command."""
    with Home.open(home.path, PASSPHRASE, clock=home.clock) as other:
        async with connect(other) as relay:
            yield other, relay


async def test_two_commands_doing_the_same_act_both_hear_that_it_is_done(tmp_path: Path) -> None:
    async with parties(tmp_path) as two, again(two.ca) as (ca, to_ca), again(two.ccq) as (ccq, to_ccq):
        for number in range(3):  # the order in which they come differs from time to time
            sent = await two.request()
            id_ = sent.dispatch
            signed = await asyncio.gather(receive.sign(two.ca, two.to[CA], id_), receive.sign(ca, to_ca, id_))
            assert signed[0].receipt == signed[1].receipt
            opened = await asyncio.gather(
                opening.open_package(two.ca, two.to[CA], id_, tmp_path / f"a{number}"),
                opening.open_package(ca, to_ca, id_, tmp_path / f"b{number}"),
            )
            assert [one.posted for one in opened] == [True, True]
            gone = await asyncio.gather(
                recalls.destroy(two.ca, two.to[CA], id_, "ordered"),
                recalls.destroy(ca, to_ca, id_, "ordered"),
            )
            assert {one.state for one in gone} <= {"sent", "before"}
            other = await two.request()
            await asyncio.gather(
                recalls.withdraw(two.ccq, two.to[CCQ], other.dispatch, "mistake"), syncing.sync(ccq, to_ccq)
            )
            await two.sync()
            for home in (two.ca, two.ccq):
                assert cupboard.waiting(home.archive) == []
            types = [
                row[0]
                for row in two.ca.archive.rows("SELECT type FROM statements WHERE dispatch = ?", (id_,))
            ]
            assert [types.count(one) for one in ("receipt", "opening", "destruction")] == [1, 1, 1]


async def test_two_commands_that_fetch_the_same_package_both_have_it(tmp_path: Path) -> None:
    async with parties(tmp_path) as two, again(two.ca) as (ca, to_ca):
        for _ in range(2):
            sent = await two.request(two.file("ảnh.bin", os.urandom(5_000_000)))
            sizes = await asyncio.gather(
                receive.fetch(two.ca, two.to[CA], sent.dispatch), receive.fetch(ca, to_ca, sent.dispatch)
            )
            assert sizes[0] == sizes[1]
            assert [path.name for path in (two.ca.path / "sealed").glob(f"{sent.dispatch}.*")] == [
                f"{sent.dispatch}.body"
            ]


async def test_two_clerks_who_sign_at_once_both_have_the_one_receipt(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        second = await two.add_clerk(two.ca, "van-thu-2")
        await two.sync()
        for _ in range(2):
            sent = await two.request()
            await two.sync(second)
            signed = await asyncio.gather(
                receive.sign(two.ca, two.to[CA], sent.dispatch),
                receive.sign(second, two.relay(second), sent.dispatch),
            )
            assert signed[0].receipt == signed[1].receipt


async def test_what_waited_while_its_case_was_closed_is_refused_in_words_of_both_languages(
    tmp_path: Path,
) -> None:
    async with parties(tmp_path) as two:
        sent = await begun(two)
        await two.stop_relay()
        late = await send.send(two.ca, two.to[CA], exchanges.question(two.ca, sent.case, "Xin làm rõ."))
        assert late.state == "queued"
        await two.start_relay()
        made = closing.close(two.ccq, sent.case, Conclusion(7, "KL/ĐUCCQ", date(2026, 1, 5)))
        await send.send(two.ccq, two.to[CCQ], made)
        (told,) = (await syncing.sync(two.ca, two.to[CA])).delivered
        assert (told.state, told.case) == ("failed", sent.case)
        assert told.error is not None
        assert told.error.code == "not-now"
        assert "the case was closed" in told.error.en
        assert "việc đã kết thúc" in told.error.vi
        assert "chi tiết kỹ thuật" not in told.error.vi
        assert View(two.ca).case(sent.case).phase == "closed"


async def test_an_act_that_waited_too_long_is_refused_likewise(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        sent = await two.request()
        await two.stop_relay()
        late = await recalls.withdraw(two.ccq, two.to[CCQ], sent.dispatch, "mistake")
        assert late.state == "queued"
        await two.start_relay()
        await receive.sign(two.ca, two.to[CA], sent.dispatch)
        (told,) = (await syncing.sync(two.ccq, two.to[CCQ])).delivered
        assert told.state == "failed"
        assert told.error is not None
        assert (told.error.code, "it was signed for" in told.error.en) == ("not-now", True)
        assert "đã được ký nhận" in told.error.vi
