"""Taking back what waits: dropped only where the relay cannot have it, else ended as sent; a crash leaves either."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from tests.client.agreement import CA, CCQ, PASSPHRASE
from tests.client.parties import Parties, parties

from kynhan_client.dossiers.dossier import Cover
from kynhan_client.errors import ClientError, problem
from kynhan_client.home import cupboard, durable
from kynhan_client.home.home import Home
from kynhan_client.log import mirror
from kynhan_client.log.mirroring import SyncResult
from kynhan_client.packages import erasing, outbox, outbox_list, receive
from kynhan_client.packages.acts import Act
from kynhan_client.packages.cancelling import cancel
from kynhan_client.packages.outbox import deliver, deliver_all
from kynhan_client.packages.send import send
from kynhan_client.procedures import opinions, recalls, rounds
from kynhan_client.registers import numbering, register_list
from kynhan_client.relay import transfers
from kynhan_client.relay.relay import Relay

COVER = Cover(
    title="Về việc phối hợp",
    form="party-2026",
    issuer="Đảng ủy Các cơ quan tỉnh",
    doctype="Công văn",
    symbol="CV/ĐUCCQ",
)
LARGE, SMALL = 200_000, 1_000  # uploaded before it is posted; posted with its body inside


class CrashError(BaseException):
    """The process is gone here."""


def logged(two: Parties, type_: str = "dispatch") -> list[str]:
    rows = two.ccq.archive.rows("SELECT id FROM statements WHERE type = ? ORDER BY idx", (type_,))
    return [row[0] for row in rows]


def sealed(home: Home) -> list[str]:
    return sorted(path.name for path in (home.path / "sealed").iterdir())


async def queued(two: Parties, size: int = LARGE, **changes: Any) -> int:
    """A dossier sealed while the relay was away, and still is; gives its row."""
    await two.stop_relay()
    sent = await send(two.ccq, two.to[CCQ], two.letter(two.file("a.bin", bytes(size)), **changes))
    assert sent.state == "queued"
    return sent.waiting


def lose_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """From here on the relay takes what is posted, and its answer is lost on the way."""
    post = Relay.post_statement

    async def lost(self: Relay, *args: Any, **more: Any) -> None:
        await post(self, *args, **more)
        raise problem("relay-down", url="x", why="x")

    monkeypatch.setattr(Relay, "post_statement", lost)


def gone(home: Home, number: int) -> None:
    """The row is cancelled, and nothing of its content is left."""
    row = cupboard.waiting_by_id(home.archive, number)
    assert row.state == "cancelled"
    assert (row.file_key, row.header, row.manifest, row.body_path, row.upload) == (None,) * 5
    assert sealed(home) == []
    assert home.archive.rows("SELECT 1 FROM manifests UNION ALL SELECT 1 FROM packages") == []


async def test_what_was_never_posted_is_taken_back_while_the_relay_is_away(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        number = await queued(two)
        await cancel(two.ccq, two.to[CCQ], number)
        gone(two.ccq, number)
        await two.start_relay()
        assert (await two.sync(two.ccq)).delivered == ()
        assert logged(two) == []
        assert [one.kind for one in two.ccq.archive.events()][-1] == "cancelled"


async def test_what_may_have_arrived_waits_on_while_the_relay_is_away(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        number = await queued(two, SMALL)
        with pytest.raises(ClientError) as error:
            await cancel(two.ccq, two.to[CCQ], number)
        assert error.value.code == "relay-down"
        await two.start_relay()
        (sent,) = (await two.sync(two.ccq)).delivered
        assert (sent.waiting, sent.state) == (number, "sent")


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_what_did_not_arrive_is_taken_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    async with parties(tmp_path) as two:
        number = await queued(two, size)
        await two.start_relay()

        async def away(*_: Any, **__: Any) -> None:
            raise problem("relay-down", url="x", why="x")

        monkeypatch.setattr(Relay, "post_statement", away)
        assert (await deliver(two.ccq, two.to[CCQ], number)).state == "queued"
        monkeypatch.undo()
        ended = await cancel(two.ccq, two.to[CCQ], number)
        assert (ended.state, ended.index) == ("cancelled", None)
        gone(two.ccq, number)
        assert (await two.sync(two.ccq)).delivered == ()
        assert logged(two) == []


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_what_arrived_although_its_answer_was_lost_ends_as_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    async with parties(tmp_path) as two:
        lose_answers(monkeypatch)
        sent = await send(two.ccq, two.to[CCQ], two.letter(two.file("a.bin", bytes(size))))
        assert sent.state == "queued"
        monkeypatch.undo()
        ended = await cancel(two.ccq, two.to[CCQ], sent.waiting)
        (dispatch,) = logged(two)
        assert (ended.state, ended.dispatch) == ("sent", dispatch)
        assert cupboard.waiting(two.ccq.archive) == []
        assert cupboard.receipt(two.ccq.archive, dispatch) is not None
        assert cupboard.manifest(two.ccq.archive, dispatch) is not None
        assert sealed(two.ccq) == [f"{dispatch}.body", f"{dispatch}.header"]
        withdrawn = await recalls.withdraw(two.ccq, two.to[CCQ], dispatch, "mistake")
        assert withdrawn.state == "sent"


async def test_what_is_in_the_log_is_not_signed_anew_whatever_the_relay_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with parties(tmp_path) as two:
        lose_answers(monkeypatch)
        sent = await send(two.ccq, two.to[CCQ], two.letter())
        monkeypatch.undo()
        posted: list[bytes] = []

        async def stale(self: Relay, note: bytes, **_: Any) -> None:
            posted.append(note)
            raise problem("stale", why="again", relay_code="stale")

        monkeypatch.setattr(Relay, "post_statement", stale)
        with pytest.raises(ClientError):
            await cancel(two.ccq, two.to[CCQ], sent.waiting)
        assert len(posted) == 1
        monkeypatch.undo()
        assert (await cancel(two.ccq, two.to[CCQ], sent.waiting)).state == "sent"
        assert len(logged(two)) == 1


async def test_an_act_is_taken_back_or_ends_as_sent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with parties(tmp_path) as two:
        sent = await two.request()
        await two.sync(two.ccq)
        async with two.ccq.writing():
            number = outbox.put_act(two.ccq, Act("withdrawal", sent.dispatch, code="mistake"), case=sent.case)
        (item,) = outbox_list.waiting(two.ccq)
        assert (item.kind, item.is_letter, item.to, item.about) == ("withdrawal", False, CA, sent.dispatch)
        await two.stop_relay()
        assert (await cancel(two.ccq, two.to[CCQ], number)).state == "cancelled"
        await two.start_relay()
        lose_answers(monkeypatch)
        acted = await recalls.withdraw(two.ccq, two.to[CCQ], sent.dispatch, "mistake")
        assert acted.state == "queued"
        monkeypatch.undo()
        (row,) = cupboard.waiting(two.ccq.archive)
        assert row.id != number
        ended = await cancel(two.ccq, two.to[CCQ], row.id)
        assert (ended.state, ended.dispatch) == ("sent", sent.dispatch)
        assert len(logged(two, "withdrawal")) == 1
        assert cupboard.waiting(two.ccq.archive) == []


async def test_a_receipt_that_did_not_arrive_is_taken_back_and_may_be_signed_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with parties(tmp_path) as two:
        sent = await two.request()

        async def away(*_: Any, **__: Any) -> None:
            raise problem("relay-down", url="x", why="x")

        monkeypatch.setattr(Relay, "post_statement", away)
        with pytest.raises(ClientError):
            await receive.sign(two.ca, two.to[CA], sent.dispatch)
        monkeypatch.undo()
        (item,) = outbox_list.waiting(two.ca)
        assert (item.kind, item.to, item.posted) == ("receipt", "ccq.example/van-thu", True)
        await cancel(two.ca, two.to[CA], item.number)
        await two.sync()
        assert logged(two, "receipt") == []
        assert (await receive.sign(two.ca, two.to[CA], sent.dispatch)).header_here


async def test_a_destruction_whose_copy_is_gone_has_to_be_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with parties(tmp_path) as two:
        sent = await two.request()
        await receive.sign(two.ca, two.to[CA], sent.dispatch)
        await two.sync()

        async def away(*_: Any, **__: Any) -> None:
            raise problem("relay-down", url="x", why="x")

        monkeypatch.setattr(Relay, "post_statement", away)
        acted = await recalls.destroy(two.ca, two.to[CA], sent.dispatch, "other")
        assert acted.state == "queued"
        monkeypatch.undo()
        (row,) = cupboard.waiting(two.ca.archive)
        with pytest.raises(ClientError) as error:
            await cancel(two.ca, two.to[CA], row.id)
        assert error.value.code == "destroyed-already"
        await two.sync()
        assert len(logged(two, "destruction")) == 1
        assert erasing.destroyed_by_us(two.ca, sent.dispatch)


async def test_a_number_taken_for_it_is_void(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        ready, taken = numbering.numbered(two.ccq, two.letter(title=None, cover=COVER))
        await two.stop_relay()
        sent = await send(two.ccq, two.to[CCQ], ready)
        numbering.settle(two.ccq, taken)
        await two.start_relay()
        assert [line.state for line in register_list.register(two.ccq, "out")] == ["reserved"]
        await cancel(two.ccq, two.to[CCQ], sent.waiting)
        assert [line.state for line in register_list.register(two.ccq, "out")] == ["void"]
        gone(two.ccq, sent.waiting)
        _, next_ = numbering.numbered(two.ccq, two.letter(title=None, cover=COVER))
        assert (taken.number, next_.number) == (1, 2)


async def test_what_another_command_is_sending_is_not_taken_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with parties(tmp_path) as two:
        number = await queued(two)
        await two.start_relay()
        begun, go_on = asyncio.Event(), asyncio.Event()
        upload = transfers.upload

        async def slow(*args: Any, **kwargs: Any) -> None:
            begun.set()
            await go_on.wait()
            await upload(*args, **kwargs)

        monkeypatch.setattr(transfers, "upload", slow)
        first = asyncio.create_task(deliver(two.ccq, two.to[CCQ], number))
        await begun.wait()
        with Home.open(two.ccq.path, PASSPHRASE, clock=two.ccq.clock) as second:
            with pytest.raises(ClientError) as error:
                await cancel(second, two.to[CCQ], number)
            assert error.value.code == "home-in-use"
            go_on.set()
            assert (await first).state == "sent"
            with pytest.raises(ClientError) as error:
                await cancel(second, two.to[CCQ], number)
            assert error.value.code == "not-waiting"


async def test_what_another_command_takes_back_is_not_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with parties(tmp_path) as two:
        number = await queued(two, SMALL)
        await two.start_relay()
        begun, go_on = asyncio.Event(), asyncio.Event()
        sync = mirror.sync

        async def slow(*args: Any) -> SyncResult:
            begun.set()
            await go_on.wait()
            return await sync(*args)

        monkeypatch.setattr(mirror, "sync", slow)
        first = asyncio.create_task(cancel(two.ccq, two.to[CCQ], number))
        await begun.wait()
        with Home.open(two.ccq.path, PASSPHRASE, clock=two.ccq.clock) as second:
            other = asyncio.create_task(deliver(second, two.to[CCQ], number))
            (left,) = await deliver_all(second, two.to[CCQ])
            assert (left.state, left.error.code if left.error else "") == ("queued", "home-in-use")
            go_on.set()
            assert (await first).state == "cancelled"
            told = await other
        assert told.state == "failed"
        assert told.error is not None
        assert "it was taken back" in told.error.en
        gone(two.ccq, number)
        await two.sync(two.ccq)
        assert logged(two) == []


@pytest.mark.parametrize("place", ["settle", "note_event", "unlink"])
async def test_a_crash_while_taking_back_leaves_it_waiting_or_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    async with parties(tmp_path) as two:
        number = await queued(two)
        owner: Any = {"settle": numbering, "note_event": two.ccq.archive, "unlink": Path}[place]

        def crash(*_: Any, **__: Any) -> None:
            raise CrashError

        monkeypatch.setattr(owner, place, crash)
        with pytest.raises(CrashError):
            await cancel(two.ccq, two.to[CCQ], number)
        monkeypatch.undo()
        await two.start_relay()
        delivered = (await two.sync(two.ccq)).delivered
        if place == "unlink":  # it was dropped before: the body goes with the next sync
            assert delivered == ()
            gone(two.ccq, number)
            assert logged(two) == []
        else:
            assert [one.state for one in delivered] == ["sent"]
            assert len(logged(two)) == 1


async def test_a_crash_while_ending_what_arrived_sends_it_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with parties(tmp_path) as two:
        lose_answers(monkeypatch)
        sent = await send(two.ccq, two.to[CCQ], two.letter())
        monkeypatch.undo()

        def crash(*_: Any, **__: Any) -> None:
            raise CrashError

        monkeypatch.setattr(durable, "write", crash)
        with pytest.raises(CrashError):
            await cancel(two.ccq, two.to[CCQ], sent.waiting)
        monkeypatch.undo()
        assert (await cancel(two.ccq, two.to[CCQ], sent.waiting)).state == "sent"
        assert len(logged(two)) == 1
        assert len(sealed(two.ccq)) == 2


async def test_nothing_is_dropped_on_a_log_that_was_not_read_to_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with parties(tmp_path) as two:
        number = await queued(two, SMALL)
        await two.start_relay()

        async def behind(*_: Any) -> SyncResult:
            return SyncResult()

        monkeypatch.setattr(mirror, "sync", behind)
        with pytest.raises(ClientError) as error:
            await cancel(two.ccq, two.to[CCQ], number)
        assert error.value.code == "log-not-read"
        assert [row.id for row in cupboard.waiting(two.ccq.archive)] == [number]


async def test_a_frozen_home_drops_only_what_was_never_posted(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        posted = await queued(two, SMALL)
        never = await queued(two)
        two.ccq.freeze(("thử", "test"), two.ccq.keep_evidence("test", {"x": b"y"}))
        await two.start_relay()
        with pytest.raises(ClientError) as error:
            await cancel(two.ccq, two.to[CCQ], posted)
        assert error.value.code == "frozen"
        assert (await cancel(two.ccq, two.to[CCQ], never)).state == "cancelled"


async def test_a_round_goes_on_without_what_was_taken_back_and_with_it_when_asked_again(
    tmp_path: Path,
) -> None:
    async with parties(tmp_path) as two:
        letters = opinions.ask(two.ccq, "Đề nghị cho ý kiến.", to=(CA,))
        about = letters[0].about or ""
        await two.stop_relay()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(outbox, "deliver", _killed)
            with pytest.raises(CrashError):
                await rounds.send_round(two.ccq, two.to[CCQ], letters)
        (asked,) = opinions.status(two.ccq, about)
        assert [one.state for one in asked.asked] == ["queued"]
        (item,) = outbox_list.waiting(two.ccq)
        assert (item.kind, item.why, item.posted) == ("opinion", None, False)
        await cancel(two.ccq, two.to[CCQ], item.number)
        with pytest.raises(ClientError):
            opinions.status(two.ccq, about)
        await two.start_relay()
        again = opinions.ask(two.ccq, "Đề nghị cho ý kiến.", to=(CA,))
        assert again[0].about == about
        (line,) = await rounds.send_round(two.ccq, two.to[CCQ], again)
        assert line.state == "sent"


async def _killed(*_: Any, **__: Any) -> None:
    raise CrashError


async def test_what_waits_is_told_with_its_reason(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        number = await queued(two)
        (item,) = outbox_list.waiting(two.ccq)
        assert (item.number, item.kind, item.is_letter, item.to) == (number, "request", True, CA)
        assert item.title == "Về việc đề nghị phối hợp xác minh theo danh sách kèm theo"
        assert item.why is not None
        assert "127.0.0.1" in item.why[1]
        assert not item.posted
        assert abs((two.ccq.clock.now() - item.since).total_seconds()) < 600
