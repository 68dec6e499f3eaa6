"""Answering: the reply and its copy, what is not concluded, more time, a wrong term put right (R12, R17, R19)."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from tests.client.agreement import CA, CCQ
from tests.client.answering import Refused, case, papers, running, send, take
from tests.client.parties import Parties, parties

from kynhan_client.home.home import Home
from kynhan_client.log.view import View
from kynhan_client.packages import receive
from kynhan_client.procedures import assignments, extensions, replies, standing, terms
from kynhan_protocol.case.kinds import Phase
from kynhan_protocol.case.waiting import waiting

UNIT = f"{CA}/pc03"
TITLE = "Trả lời kết quả theo danh sách kèm theo"
REASON = "Chờ kết quả xác minh ngoài tỉnh"


async def assigned(two: Parties) -> tuple[str, Home]:
    """A running case that a unit has; gives it and the unit."""
    unit = await two.add_member(two.ca, "pc03", "unit")
    case_id = await running(two)
    assigning = assignments.assignment(two.ca, case_id, UNIT, papers())
    sent = await assignments.assign(two.ca, two.relay(two.ca), assigning)
    await two.sync(unit)
    await take(two, unit, sent.dispatch)
    await two.sync()
    return case_id, unit


def due_of(home: Home, case_id: str) -> date:
    """The date in force."""
    due = case(home, case_id).due
    assert due is not None
    return due.due


# --- replies


async def test_a_unit_replies_directly_and_its_committee_gets_a_copy(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        case_id, unit = await assigned(two)
        letter = replies.reply(unit, case_id, papers(two.file("tl.pdf", b"ket qua"), title=TITLE))
        assert letter.to == CCQ
        sent = await send(two, unit, letter)
        await two.sync()
        (copy,) = receive.inbox(two.ca)
        assert (copy.kind, copy.from_) == ("reply", UNIT)
        await take(two, two.ca, copy.dispatch, tmp_path / "copy")
        assert (tmp_path / "copy" / "tl.pdf").read_bytes() == b"ket qua"
        await take(two, two.ccq, sent.dispatch)
        await two.sync(two.ca, two.ccq, unit)
        found = case(two.ccq, case_id)
        assert found == case(two.ca, case_id) == case(unit, case_id)
        assert found.phase is Phase.ANSWERED
        assert found.stopped is not None
        assert found.stopped.dispatch == sent.dispatch
        assert found.dispatches[copy.dispatch].part == "copy"


async def test_a_clerk_replies_without_a_copy(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        case_id = await running(two)
        await send(two, two.ca, replies.reply(two.ca, case_id, papers(two.file("tl.pdf"), title=TITLE)))
        await two.sync()
        assert [one.kind for one in case(two.ccq, case_id).dispatches.values()] == ["request", "reply"]


async def test_where_units_answer_through_their_committee_the_reply_goes_there(tmp_path: Path) -> None:
    changes = {'"unit-replies-directly": true': '"unit-replies-directly": false'}
    async with parties(tmp_path, changes=changes) as two:
        case_id, unit = await assigned(two)
        letter = replies.reply(unit, case_id, papers(two.file("tl.pdf"), title=TITLE))
        assert letter.to == CA
        assert not replies.replies_directly(standing.of_case(unit, case_id))
        await send(two, unit, letter)
        await two.sync(unit)
        await two.sync()
        assert case(two.ccq, case_id).phase is Phase.RUNNING  # the committee still has to answer
        await send(two, two.ca, replies.reply(two.ca, case_id, papers(two.file("tl2.pdf"), title=TITLE)))
        await two.sync()
        assert case(two.ccq, case_id).phase is Phase.ANSWERED


async def test_what_is_not_concluded_does_not_stop_the_clock(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        case_id, unit = await assigned(two)
        sent = await send(two, unit, replies.interim(unit, case_id, papers(two.file("tam.pdf"))))
        await two.sync()
        opened = await take(two, two.ccq, sent.dispatch)
        assert opened.manifest is not None
        assert opened.manifest.title == "Thông tin chưa kết luận"
        assert case(two.ccq, case_id).clock_runs


async def test_replies_from_the_wrong_one_or_too_early_are_refused(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        case_id, _ = await assigned(two)
        other = await two.add_member(two.ca, "pc04", "unit")
        await two.sync(other)
        async with Refused(two) as no:
            replies.reply(other, case_id, papers(two.file("tl.pdf"), title=TITLE))
        assert no.code == "not-found"  # it does not even see the case
        for act in (replies.reply, replies.interim):
            async with Refused(two):
                act(two.ccq, case_id, papers(two.file("tl.pdf"), title=TITLE))
        sent = await two.request()
        async with Refused(two):
            replies.reply(two.ca, sent.case, papers(two.file("tl.pdf"), title=TITLE))
        async with Refused(two) as no:
            await send(two, two.ca, replies.reply(two.ca, case_id, papers(title=TITLE)))
        assert no.code == "bad-letter"  # there is nothing in it


# --- extensions


async def test_time_is_extended_again_and_again_and_late(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        case_id, unit = await assigned(two)
        original = due_of(unit, case_id)
        first = extensions.extension(unit, case_id, papers(), REASON, days=10)
        calendar = standing.of_case(unit, case_id).calendar
        assert first.announced == calendar.add_working_days(original, 10)
        assert (first.before, first.original, first.late) == (original, original, False)
        sent = await send(two, unit, first.letter)
        await two.sync()
        opened = await take(two, two.ccq, sent.dispatch, tmp_path / "extension")
        assert (tmp_path / "extension" / "message.txt").read_text() == REASON + "\n"
        assert opened.manifest is not None
        assert opened.manifest.due == first.announced

        await two.sync(unit, two.ccq, two.ca)
        two.move_clock(int((first.announced - unit.clock.now().date()).days + 3) * 86400)
        await two.sync(unit, two.ccq, two.ca)
        second = extensions.extension(unit, case_id, papers(two.file("cv.pdf")), REASON, days=15)
        assert (second.late, second.before, second.original) == (True, first.announced, original)
        late = await send(two, unit, second.letter)
        await two.sync(unit, two.ccq, two.ca)
        found = case(two.ccq, case_id)
        assert found.due is not None
        assert (found.due.due, found.due.original) == (second.announced, original)
        assert [found.dispatches[one].late for one in (sent.dispatch, late.dispatch)] == [False, True]
        assert [record.because for record in found.due_history] == ["receipt", "extension", "extension"]


async def test_bad_extensions_are_refused(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        case_id, unit = await assigned(two)
        due = due_of(unit, case_id)
        saturday = due + timedelta(days=(5 - due.weekday()) % 7 + 7)
        for until, why in (
            (date(2020, 1, 2), "hạn đang tính"),
            (due, "hạn đang tính"),
            (due - timedelta(days=1), "hạn đang tính"),
            (saturday, "ngày nghỉ"),
            (date(9999, 12, 31), "quá xa"),
        ):
            async with Refused(two) as no:
                extensions.extension(unit, case_id, papers(), REASON, until=until)
            assert why in no.vi, no.vi
        for reason in ("", "   ", "a\u202eb", "a\u0000b", "x" * 70_000):
            async with Refused(two) as no:
                extensions.extension(unit, case_id, papers(), reason, days=5)
            assert no.code == "bad-letter"
        for days in (0, -3, 10**9, 10**30):
            async with Refused(two):
                extensions.extension(unit, case_id, papers(), REASON, days=days)
        async with Refused(two):
            extensions.extension(unit, case_id, papers(), REASON)
        async with Refused(two):
            extensions.extension(two.ccq, case_id, papers(), REASON, days=5)
        no_limit = await running(two, term=None, subject="3.5")
        async with Refused(two) as no:
            extensions.extension(two.ca, no_limit, papers(), REASON, days=5)
        assert "không có thời hạn" in no.vi
        # past the date in force, and not later than today
        two.move_clock(200 * 86400)
        await two.sync(unit)
        async with Refused(two) as no:
            extensions.extension(unit, case_id, papers(), REASON, days=1)
        assert "đã qua" in no.vi


# --- corrections


async def test_a_wrong_term_is_corrected_by_both(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        case_id = await running(two, term="in-province")
        before = due_of(two.ccq, case_id)
        first = terms.correction(two.ccq, case_id, papers(words="Thân nhân ở ngoài tỉnh"), term="in-country")
        assert first.before == before
        assert first.after is not None
        assert first.after > before
        sent = await send(two, two.ccq, first.letter)
        await two.sync()
        assert due_of(two.ca, case_id) == before
        found = case(two.ca, case_id)
        assert "agree" in [one.what for one in waiting(found, View(two.ca).profile_of(found.profile))]
        async with Refused(two) as no:  # the side that proposed cannot agree
            terms.agreement(two.ccq, case_id, papers())
        assert "chưa đề nghị" in no.vi
        second = terms.agreement(two.ca, case_id, papers())
        assert (second.letter.regarding, second.letter.term, second.after) == (
            sent.dispatch,
            "in-country",
            first.after,
        )
        await send(two, two.ca, second.letter)
        await two.sync()
        assert due_of(two.ccq, case_id) == first.after
        assert case(two.ccq, case_id) == case(two.ca, case_id)
        async with Refused(two):  # nothing is proposed any more
            terms.agreement(two.ca, case_id, papers())


async def test_a_proposal_that_was_overtaken_is_not_agreed_to(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        case_id = await running(two, term="in-province")
        monday = due_of(two.ccq, case_id) + timedelta(days=7 - due_of(two.ccq, case_id).weekday())
        for day in (monday, monday + timedelta(days=7)):
            await send(two, two.ccq, terms.correction(two.ccq, case_id, papers(), due=day).letter)
        await two.sync()
        await send(two, two.ca, terms.agreement(two.ca, case_id, papers()).letter)
        await two.sync()
        assert due_of(two.ca, case_id) == monday + timedelta(days=7)
        async with Refused(two) as no:  # the earlier date would shorten what runs now
            terms.agreement(two.ca, case_id, papers())
        assert "chưa đề nghị" in no.vi


async def test_a_correction_never_shortens(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        case_id = await running(two)
        due = due_of(two.ccq, case_id)
        async with Refused(two) as no:
            terms.correction(two.ccq, case_id, papers(), term="in-province")
        assert "rút ngắn" in no.vi
        async with Refused(two) as no:
            terms.correction(two.ccq, case_id, papers(), due=due - timedelta(days=due.weekday() or 7))
        assert "hạn đang tính là" in no.vi
        for changes, why in (
            ({"term": "in-country"}, "thời hạn đang tính đã là"),
            ({}, "--term"),
            ({"due": date(2020, 1, 2)}, "hạn đang tính là"),
            ({"due": due + timedelta(days=(5 - due.weekday()) % 7)}, "ngày nghỉ"),
            ({"due": date(9999, 12, 31)}, "quá xa"),
            ({"term": "soon"}, "thời hạn"),
        ):
            async with Refused(two) as no:
                terms.correction(two.ccq, case_id, papers(), **changes)  # type: ignore[arg-type]
            assert why in no.vi, no.vi
        async with Refused(two):
            terms.agreement(two.ca, case_id, papers())
        sent = await two.request()
        async with Refused(two):  # no clock runs yet
            terms.correction(two.ccq, sent.case, papers(), term="in-province")


@pytest.mark.parametrize("words", ["a\u202eb", "\u0000", "x" * 70_000])
async def test_words_that_turn_the_screen_are_refused(tmp_path: Path, words: str) -> None:
    async with parties(tmp_path) as two:
        case_id = await running(two, term="in-province")
        async with Refused(two) as no:
            terms.correction(two.ccq, case_id, papers(words=words), term="in-country")
        assert no.code == "bad-letter"
        async with Refused(two) as no:
            replies.interim(two.ca, case_id, papers(words=words))
        assert no.code == "bad-letter"
