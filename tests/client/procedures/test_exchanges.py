"""Message, note, question and answer (R8, R9); notice (R21), difficulty note (R25), closing (R14)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from tests.client.agreement import CA, CCQ
from tests.client.exchanging import BIDI, CONTROL, TITLE_TOO_LONG, begun, post, refused, take, words_of
from tests.client.parties import Parties, parties

from kynhan_client.dossiers.letter import Letter
from kynhan_client.home import cupboard
from kynhan_client.log import track
from kynhan_client.log.view import View
from kynhan_client.procedures import closing, exchanges, notices, replies
from kynhan_client.procedures.closing import Conclusion
from kynhan_client.procedures.exchanges import DirectExchange
from kynhan_client.procedures.standing import Papers
from kynhan_protocol.case.waiting import waiting
from kynhan_protocol.package import manifest as manifests
from kynhan_protocol.package.manifest import Manifest

OFFICES = ("Văn phòng Đảng ủy Các cơ quan tỉnh", "Văn phòng Đảng ủy Công an tỉnh")


def waits(two: Parties, case: str) -> list[tuple[str, str]]:
    view = View(two.ccq)
    found = view.case(case)
    return [(one.who, one.what) for one in waiting(found, view.profile_of(found.profile))]


def manifest_of(two: Parties, dispatch: str) -> Manifest:
    note = cupboard.manifest(two.ca.archive, dispatch)
    assert note is not None
    return manifests.parse(note).manifest


def talk(two: Parties, said: str = "Thống nhất bổ sung danh sách.", days: int = 1) -> DirectExchange:
    return DirectExchange(two.ccq.clock.now() - timedelta(days=days), "điện thoại", OFFICES, said)


async def test_a_message_opens_an_exchange_without_a_request(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        unit = await two.add_member(two.ca, "pc03", "unit")
        sent = await post(
            two, two.ccq, exchanges.message(two.ccq, "Đề nghị cho biết …", to="ca.example/pc03")
        )
        assert View(two.ccq).case(sent.case).phase == "exchange"
        assert words_of(await take(two, unit, sent.dispatch)) == ["Đề nghị cho biết …\n"]
        back = await post(two, unit, exchanges.message(unit, "Đã nhận.", case=sent.case))
        assert View(two.ccq).dispatch(back.dispatch).to == CCQ
        alone = await post(two, two.ca, exchanges.message(two.ca, "Xin trao đổi."))
        assert alone.case != sent.case
        assert View(two.ca).dispatch(alone.dispatch).to == CCQ


async def test_a_question_waits_for_its_answer_both_ways(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        request = await begun(two)
        due = track.case_detail(two.ccq, request.case)["due"]
        first = await post(two, two.ca, exchanges.question(two.ca, request.case, "Mục 1?"))
        second = await post(two, two.ca, exchanges.question(two.ca, request.case, "Mục 2?"))
        assert waits(two, request.case).count((CCQ, "answer")) == 2
        for dispatch in (first.dispatch, second.dispatch):
            await take(two, two.ccq, dispatch)
        letter = exchanges.answer(two.ccq, request.case, "Là bản thay thế.")
        assert (letter.regarding, letter.to) == (
            second.dispatch,
            CA,
        )  # the newest unanswered, back to who asked
        answer = await post(two, two.ccq, letter)
        assert words_of(await take(two, two.ca, answer.dispatch)) == ["Là bản thay thế.\n"]
        assert waits(two, request.case).count((CCQ, "answer")) == 1
        letter = exchanges.answer(two.ccq, request.case, None, files=(two.file("mục 1.pdf"),))
        assert letter.regarding == first.dispatch
        await post(two, two.ccq, letter)
        assert (CCQ, "answer") not in waits(two, request.case)
        # a question stops no clock
        assert track.case_detail(two.ccq, request.case)["due"] == due
        asked = await post(two, two.ccq, exchanges.question(two.ccq, request.case, "Bao giờ xong?"))
        assert (CA, "answer") in waits(two, request.case)
        await take(two, two.ca, asked.dispatch)
        await post(two, two.ca, exchanges.answer(two.ca, request.case, "Tuần tới."))
        assert (CA, "answer") not in waits(two, request.case)


async def test_the_unit_asks_and_is_answered_itself(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        unit = await two.add_member(two.ca, "pc03", "unit")
        request = await two.request(to="ca.example/pc03")
        await take(two, unit, request.dispatch)
        asked = await post(two, unit, exchanges.question(unit, request.case, "Thiếu trang 3?"))
        await take(two, two.ccq, asked.dispatch)
        letter = exchanges.answer(two.ccq, request.case, "Gửi bổ sung.")
        assert letter.to == "ca.example/pc03"  # sealed to its committee alone it could not be opened there
        answer = await post(two, two.ccq, letter)
        assert words_of(await take(two, unit, answer.dispatch)) == ["Gửi bổ sung.\n"]
        assert exchanges.question(two.ccq, request.case, "Xong chưa?").to == "ca.example/pc03"


async def test_a_note_tells_when_how_between_whom_and_what(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        request = await begun(two)
        note = await post(two, two.ccq, exchanges.note(two.ccq, talk(two), case=request.case))
        opened = await take(two, two.ca, note.dispatch)
        (text,) = words_of(opened)
        assert text.startswith("PHIẾU GHI NỘI DUNG TRAO ĐỔI TRỰC TIẾP\n")
        assert "Hình thức: điện thoại\n" in text
        assert f"Giữa: {'; '.join(OFFICES)}\n" in text
        assert text.endswith("\nThống nhất bổ sung danh sách.\n")
        assert [entry.role for entry in manifest_of(two, note.dispatch).file] == ["note"]
        alone = await post(two, two.ca, exchanges.note(two.ca, talk(two), files=(two.file("ảnh.jpg"),)))
        assert View(two.ca).case(alone.case).phase == "exchange"


@pytest.mark.parametrize("committee", [CCQ, CA])
async def test_a_notice_either_way_is_signed_for(tmp_path: Path, committee: str) -> None:
    async with parties(tmp_path) as two:
        ours, theirs = (two.ccq, two.ca) if committee == CCQ else (two.ca, two.ccq)
        title = "Về tình hình mới phát sinh"
        letter = notices.notice(ours, (two.file("Thông tin.pdf"),), title=title, subject="3.3")
        sent = await post(two, ours, letter)
        assert View(theirs).case(sent.case).phase == "unsigned"
        opened = await take(two, theirs, sent.dispatch)
        assert opened.manifest is not None
        assert (opened.manifest.title, opened.manifest.subject) == (title, "3.3")
        assert View(theirs).case(sent.case).phase == "informed"


async def test_a_notice_to_a_unit_and_one_on_a_case(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        unit = await two.add_member(two.ca, "pc03", "unit")
        files = (two.file("Thông tin.pdf"),)
        sent = await post(
            two, two.ccq, notices.notice(two.ccq, files, to="ca.example/pc03", title="Thông tin")
        )
        await take(two, unit, sent.dispatch)
        request = await begun(two)
        letter = notices.notice(two.ca, files, case=request.case, title="Thông tin thêm")
        added = await post(two, two.ca, letter)
        assert added.case == request.case
        assert (
            View(two.ccq).case(request.case).phase == "running"
        )  # it moves nothing where a request carries the case


async def test_a_difficulty_note_on_a_case_and_on_its_own(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        request = await begun(two)
        words = "Hồ sơ gốc đang lưu ở nơi khác."
        on_case = await post(two, two.ca, notices.difficulty(two.ca, words, case=request.case))
        opened = await take(two, two.ccq, on_case.dispatch)
        assert words_of(opened) == [words + "\n"]
        assert opened.manifest is not None and opened.manifest.title == "Vướng mắc, phát sinh"
        file = two.file("Vướng mắc.pdf")
        alone = await post(two, two.ccq, notices.difficulty(two.ccq, None, files=(file,)))
        assert View(two.ca).dispatch(alone.dispatch).kind == "difficulty"


def test_a_number_below_ten_is_printed_with_a_nought() -> None:
    assert Conclusion(5, "KL/ĐUCCQ", date(2026, 1, 5)).printed == "05-KL/ĐUCCQ"


async def test_closing_tells_number_and_date_without_content(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        request = await begun(two)
        answer = replies.reply(
            two.ca, request.case, Papers(files=(two.file("Trả lời.pdf"),), title="Trả lời")
        )
        reply = await post(two, two.ca, answer)
        await take(two, two.ccq, reply.dispatch)
        today = two.ccq.clock.now().date()
        letter = closing.close(two.ccq, request.case, Conclusion(12, "KL/ĐUCCQ", today))
        assert letter.regarding == reply.dispatch
        closed = await post(two, two.ccq, letter)
        assert View(two.ca).case(request.case).phase == "closed"
        opened = await take(two, two.ca, closed.dispatch)
        manifest = manifest_of(two, closed.dispatch)
        assert (manifest.number, manifest.symbol, manifest.issued) == (12, "KL/ĐUCCQ", today)
        assert manifest.printed == "Số 12-KL/ĐUCCQ"
        assert "kết luận số 12-KL/ĐUCCQ" in words_of(opened)[0]


async def test_content_of_a_conclusion_only_where_the_profile_allows_it(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        request = await begun(two)
        files, today = (two.file("Kết luận.pdf"),), two.ccq.clock.now().date()
        async with refused(two, "not-now", "no content of a conclusion"):
            closing.close(two.ccq, request.case, Conclusion(12, "KL/ĐUCCQ", today), files=files)
    (tmp_path / "on").mkdir()
    on = {'"closing-content": false': '"closing-content": true'}
    async with parties(tmp_path / "on", changes=on) as two:
        request = await begun(two)
        files = (two.file("Kết luận.pdf"),)
        letter = closing.close(two.ccq, request.case, Conclusion(12, "KL/ĐUCCQ", today), files=files)
        opened = await take(two, two.ca, (await post(two, two.ccq, letter)).dispatch)
        assert "Kết luận.pdf" in opened.files


# --- refused with one sentence, nothing logged


async def test_bad_words_are_refused(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        case = (await begun(two)).case
        for words, sentence in (
            ("  \n ", "is empty"),
            (CONTROL, "control characters"),
            (BIDI, "turn the direction"),
            ("x" * 65_537, "longer than 65536 bytes"),
        ):
            async with refused(two, "bad-letter", sentence):
                exchanges.message(two.ccq, words, case=case)
            async with refused(two, "bad-letter", sentence):
                exchanges.question(two.ca, case, words)
            async with refused(two, "bad-letter", sentence):
                notices.difficulty(two.ca, words, case=case)
            async with refused(two, "bad-letter", sentence):
                exchanges.note(two.ccq, talk(two, words), case=case)
        async with refused(two, "bad-letter", "is empty"):
            exchanges.message(two.ccq, None, case=case)


async def test_bad_titles_are_refused(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        files = (two.file("Thông tin.pdf"),)
        for title, sentence in (
            (TITLE_TOO_LONG, "longer than 4096"),
            (CONTROL, "control characters"),
            (BIDI, "direction"),
            ("Hai\ndòng", "control characters"),
        ):
            async with refused(two, "bad-letter", sentence):
                notices.notice(two.ca, files, title=title)
            async with refused(two, "bad-letter", sentence):
                notices.difficulty(two.ca, None, files=files, title=title)
        async with refused(two, "bad-letter", "needs a title"):
            await post(two, two.ca, notices.notice(two.ca, files))


async def test_a_note_of_what_was_not_held_is_refused(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        async with refused(two, "bad-letter", "future"):
            exchanges.note(two.ccq, talk(two, days=-1))
        async with refused(two, "bad-letter", "two offices"):
            exchanges.note(two.ccq, DirectExchange(two.ccq.clock.now(), "gặp", OFFICES[:1], "x"))


async def test_wrong_states_and_parties_are_refused(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        request = await begun(two)
        case, today = request.case, two.ccq.clock.now().date()
        async with refused(two, "not-now", "no question or opinion waits"):
            exchanges.answer(two.ccq, case, "Không ai hỏi.")
        asked = await post(two, two.ca, exchanges.question(two.ca, case, "Mục 1?"))
        async with refused(two, "not-signed-for", "cannot be opened yet"):
            exchanges.answer(two.ccq, case, "Chưa đọc.")
        async with refused(two, "not-now", "not put to this side"):
            await post(two, two.ca, exchanges.answer(two.ca, case, "Tự hỏi.", regarding=asked.dispatch))
        async with refused(two, "unknown-recipient", "nobody"):
            await post(two, two.ccq, exchanges.message(two.ccq, "Ai?", to="ca.example/nobody"))
        async with refused(two, "unknown-recipient", "other.example"):
            await post(two, two.ccq, exchanges.message(two.ccq, "Ai?", to="other.example"))
        async with refused(two, "not-now", "CA cannot send this"):
            await post(two, two.ca, closing.close(two.ca, case, Conclusion(1, "KL/CA", today)))
        for conclusion, sentence in (
            (Conclusion(0, "KL/ĐUCCQ", today), "number"),
            (Conclusion(10**22, "KL/ĐUCCQ", today), "number"),
            (Conclusion(1, " ", today), "the symbol is empty"),
            (Conclusion(1, "KL/ĐUCCQ", today + timedelta(days=2)), "dated in the future"),
        ):
            async with refused(two, "bad-letter", sentence):
                closing.close(two.ccq, case, conclusion)
        await post(two, two.ccq, closing.close(two.ccq, case, Conclusion(1, "KL/ĐUCCQ", date(2026, 1, 5))))
        async with refused(two, "not-now", "the case was closed"):
            await post(two, two.ccq, exchanges.question(two.ccq, case, "Còn gì?"))
        async with refused(two, "not-now", "the case was closed"):
            await post(two, two.ccq, closing.close(two.ccq, case, Conclusion(2, "KL/ĐUCCQ", today)))


async def test_the_note_is_dated_in_vietnamese_time(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        at = datetime.fromisoformat("2026-01-05T23:30:00+00:00")
        text = exchanges.note_text(two.ccq, DirectExchange(at, "gặp trực tiếp", OFFICES, "x"))
        assert "Thời điểm: 06:30 ngày 06/01/2026" in text


async def test_no_way_of_sending_carries_the_content_of_a_conclusion_that_the_profile_keeps(
    tmp_path: Path,
) -> None:
    async with parties(tmp_path) as two:
        case = (await begun(two)).case
        plain = Letter(kind="closing", to=CA, title="Kết thúc", case=case, files=(two.file("Kết luận.pdf"),))
        async with refused(two, "not-now", "sends no content of a conclusion"):
            await post(two, two.ccq, plain)
