"""Taking back what waits: dropped only where the relay cannot have it, else ended as sent."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.client.agreement import CA, CCQ
from tests.client.answering import running
from tests.client.parties import parties
from tests.client.waiting import (
    LARGE,
    SMALL,
    CrashError,
    gone,
    logged,
    lose_answers,
    lose_posts,
    queued,
    sealed,
)

from kynhan_client.dossiers.dossier import Cover
from kynhan_client.errors import ClientError
from kynhan_client.home import cupboard
from kynhan_client.packages import erasing, outbox, outbox_list, receive
from kynhan_client.packages.acts import ActDraft
from kynhan_client.packages.cancelling import cancel
from kynhan_client.packages.outbox import deliver
from kynhan_client.packages.send import send
from kynhan_client.procedures import assignments, exchanges, opinions, recalls, rounds
from kynhan_client.procedures.standing import Papers
from kynhan_client.registers import numbering, register_list

COVER = Cover(
    title="Về việc phối hợp",
    form="party-2026",
    issuer="Đảng ủy Các cơ quan tỉnh",
    doctype="Công văn",
    symbol="CV/ĐUCCQ",
)


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
        lose_posts(monkeypatch)
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


async def test_what_counts_is_the_text_in_the_log_not_its_signature_lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with parties(tmp_path) as two:
        lose_answers(monkeypatch)
        sent = await send(two.ccq, two.to[CCQ], two.letter())
        monkeypatch.undo()
        row = cupboard.waiting_by_id(two.ccq.archive, sent.waiting)
        assert row.note is not None
        other = row.note[:-8] + b"AAAA" + row.note[-4:]
        assert other != row.note
        cupboard.change_waiting(two.ccq.archive, row.id, time=0, note=other, dispatch=None)
        ended = await cancel(two.ccq, two.to[CCQ], row.id)
        assert (ended.state, [ended.dispatch]) == ("sent", logged(two))


async def test_an_act_is_taken_back_or_ends_as_sent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with parties(tmp_path) as two:
        sent = await two.request()
        await two.sync(two.ccq)
        async with two.ccq.writing():
            number = outbox.put_act(
                two.ccq, ActDraft("withdrawal", sent.dispatch, code="mistake"), case=sent.case
            )
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
        lose_posts(monkeypatch)
        with pytest.raises(ClientError):
            await receive.sign(two.ca, two.to[CA], sent.dispatch)
        monkeypatch.undo()
        (item,) = outbox_list.waiting(two.ca)
        assert (item.kind, item.to, item.posted) == ("receipt", "ccq.example/van-thu", True)
        await cancel(two.ca, two.to[CA], item.number)
        await two.sync()
        assert logged(two, "receipt") == []
        assert (await receive.sign(two.ca, two.to[CA], sent.dispatch)).header_here


async def test_a_unit_takes_back_by_what_it_reads_of_the_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with parties(tmp_path) as two:
        unit = await two.add_member(two.ca, "pc03", "unit")
        case = await running(two)
        assigning = assignments.assignment(two.ca, case, "pc03", Papers())
        await assignments.assign(two.ca, two.to[CA], assigning)
        await two.sync(two.ca, unit)
        lose_answers(monkeypatch)
        arrived = await send(unit, two.relay(unit), exchanges.message(unit, "Đã nhận.", case=case))
        monkeypatch.undo()
        assert (await cancel(unit, two.relay(unit), arrived.waiting)).state == "sent"
        lose_posts(monkeypatch)
        other = await send(unit, two.relay(unit), exchanges.message(unit, "Đã đọc.", case=case))
        monkeypatch.undo()
        assert (await cancel(unit, two.relay(unit), other.waiting)).state == "cancelled"


async def test_a_destruction_whose_copy_is_gone_has_to_be_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with parties(tmp_path) as two:
        sent = await two.request()
        await receive.sign(two.ca, two.to[CA], sent.dispatch)
        await two.sync()
        lose_posts(monkeypatch)
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
