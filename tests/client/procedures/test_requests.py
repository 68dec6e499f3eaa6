"""Asking: of the committee or straight of a unit, and again; completing a dossier, returning it (R7, R13, R15, R17)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from tests.client.agreement import CA, CCQ
from tests.client.answering import Refused, case, papers, running, send, take
from tests.client.parties import Parties, parties

from kynhan_client.home import cupboard
from kynhan_client.packages import outbox, receive
from kynhan_client.packages import send as sends
from kynhan_client.packages.acts import ActDraft
from kynhan_client.procedures import assignments, replies, requests
from kynhan_client.procedures.requests import Asked
from kynhan_protocol.case.kinds import Phase
from kynhan_protocol.package import manifest
from kynhan_protocol.package.manifest import Manifest

UNIT = f"{CA}/pc03"
TITLE = "Về việc đề nghị phối hợp xác minh theo danh sách kèm theo"
ASKED = Asked(subject="3.1", term="in-province")
COPIED = {'"copy-to-clerk": false': '"copy-to-clerk": true'}


def inside(two: Parties, dispatch: str) -> Manifest:
    """What is sealed inside a dispatch of CCQ's."""
    return manifest.parse(cupboard.manifest(two.ccq.archive, dispatch) or b"").manifest


async def test_a_request_goes_to_the_responding_committee_by_itself(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        asked = Asked(subject="3.5", wish=date(2099, 1, 1))
        letter = requests.request(two.ccq, papers(two.file("cv.pdf"), title=TITLE, urgency="hoa-toc"), asked)
        assert (letter.to, letter.term) == (CA, None)
        sent = await send(two, two.ccq, letter)
        made = inside(two, sent.dispatch)
        assert (made.subject, made.wish_date, made.urgency) == ("3.5", date(2099, 1, 1), "hoa-toc")
        await two.sync(two.ca)
        (item,) = receive.inbox(two.ca)
        assert item.urgency == "hoa-toc"


@pytest.mark.parametrize("copied", [True, False])
async def test_straight_to_a_unit_and_its_clerk_too_if_agreed(tmp_path: Path, copied: bool) -> None:
    async with parties(tmp_path, changes=COPIED if copied else {}) as two:
        unit = await two.add_member(two.ca, "pc03", "unit")
        await two.sync()
        document = papers(two.file("cv.pdf", b"noi dung"), two.file("ds.xlsx", b"bang"), title=TITLE)
        letter = requests.request(two.ccq, document, Asked(to=UNIT, subject="3.1", term="in-country"))
        sent = await send(two, two.ccq, letter)
        await two.sync(two.ca, unit)
        assert [item.dispatch for item in receive.inbox(unit)] == [sent.dispatch]
        if not copied:
            assert receive.inbox(two.ca) == []
            return
        (copy,) = receive.inbox(two.ca)
        opened = await take(two, two.ca, copy.dispatch, tmp_path / "copy")
        assert (tmp_path / "copy" / "ds.xlsx").read_bytes() == b"bang"
        assert opened.manifest is not None
        made = inside(two, sent.dispatch)
        same = {"subject", "title", "file", "secrecy", "term"}
        assert {name: getattr(opened.manifest, name) for name in same} == {
            name: getattr(made, name) for name in same
        }
        await two.sync(unit, two.ca)
        # the copy starts no clock; the unit's receipt does
        assert case(two.ca, sent.case).phase is Phase.UNSIGNED
        await take(two, unit, sent.dispatch)
        await two.sync()
        found = case(two.ca, sent.case)
        assert (found.phase, found.unit, len(found.clocks)) == (Phase.RUNNING, UNIT, 1)
        assert [one.part for one in found.dispatches.values()] == ["main", "copy"]
        # nothing more is owed
        await two.sync()
        assert len(case(two.ccq, sent.case).dispatches) == 2


async def test_a_copy_owed_is_sent_by_the_next_sync_whatever_came_between(tmp_path: Path) -> None:
    async with parties(tmp_path, changes=COPIED) as two:
        await two.add_member(two.ca, "pc03", "unit")
        await two.sync()
        letter = requests.request(
            two.ccq,
            papers(two.file("cv.pdf"), title=TITLE),
            Asked(to=UNIT, subject="3.1", term="in-country"),
        )
        await sends.send(two.ccq, two.relay(two.ccq), letter)  # and here the command was killed
        (tmp_path / "dossier" / "cv.pdf").unlink()
        await two.sync(two.ccq)
        await two.sync(two.ccq)
        await two.sync(two.ca)
        assert [item.kind for item in receive.inbox(two.ca)] == ["request"]


async def test_what_was_declined_is_sent_again_in_the_same_case_as_it_was(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        sent = await two.request()
        await receive.decline(two.ca, two.relay(two.ca), sent.dispatch, "damaged")
        await two.sync()
        again = requests.request(two.ccq, papers(two.file("cv.pdf"), title=TITLE), Asked(), case=sent.case)
        assert (again.to, again.term, again.subject) == (CA, "in-country", "3.1")
        second = await send(two, two.ccq, again)
        assert second.case == sent.case
        await two.sync(two.ca)
        await take(two, two.ca, second.dispatch)
        await two.sync()
        found = case(two.ccq, sent.case)
        assert (found.phase, found.main) == (Phase.RUNNING, second.dispatch)


async def test_what_was_taken_back_is_sent_again_to_another_place(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        await two.add_member(two.ca, "pc03", "unit")
        sent = await two.request()
        async with two.ccq.writing():
            row = outbox.put_act(
                two.ccq, ActDraft("withdrawal", sent.dispatch, code="mistake"), case=sent.case
            )
        assert (await outbox.deliver(two.ccq, two.relay(two.ccq), row)).state == "sent"
        await two.sync()
        assert case(two.ccq, sent.case).phase is Phase.WITHDRAWN
        again = requests.request(
            two.ccq, papers(two.file("cv.pdf"), title=TITLE), Asked(to=UNIT), case=sent.case
        )
        await send(two, two.ccq, again)
        await two.sync()
        found = case(two.ca, sent.case)
        assert (found.phase, found.unit) == (Phase.UNSIGNED, UNIT)


async def test_a_return_in_time_restarts_the_clock_once_it_is_completed(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        case_id = await running(two)
        first = case(two.ca, case_id).clock
        assert first is not None
        returning = requests.returning(
            two.ca, case_id, papers(), missing=("Bản sao quyết định số 12", "Danh sách, trang 2")
        )
        assert returning.restarts
        assert returning.until is not None
        returned = await send(two, two.ca, returning.letter)
        await two.sync(two.ccq)
        opened = await take(two, two.ccq, returned.dispatch, tmp_path / "returned")
        listed = (tmp_path / "returned" / "con-thieu.txt").read_text()
        assert listed == "- Bản sao quyết định số 12\n- Danh sách, trang 2\n"
        assert opened.manifest is not None
        assert [entry.role for entry in opened.manifest.file] == ["list"]

        letter = requests.supplement(two.ccq, case_id, papers(two.file("thêm.pdf")))
        assert (letter.to, letter.regarding) == (CA, returned.dispatch)
        completed = await send(two, two.ccq, letter)
        await two.sync(two.ca)
        await take(two, two.ca, completed.dispatch)
        await two.sync()
        found = case(two.ccq, case_id)
        assert [clock.because for clock in found.clocks] == ["receipt", "return"]
        assert found.clock is not None
        assert found.clock.dispatch == completed.dispatch


async def test_a_late_return_says_so_and_restarts_nothing(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        case_id = await running(two)
        two.move_clock(14 * 86400)
        await two.sync()
        returning = requests.returning(two.ca, case_id, papers(), missing=("Danh sách",))
        assert not returning.restarts
        returned = await send(two, two.ca, returning.letter)
        await two.sync(two.ccq)
        assert case(two.ccq, case_id).dispatches[returned.dispatch].late


async def test_a_supplement_goes_to_who_has_the_case(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        unit = await two.add_member(two.ca, "pc03", "unit")
        case_id = await running(two)
        assigning = assignments.assignment(two.ca, case_id, UNIT, papers())
        await assignments.assign(two.ca, two.relay(two.ca), assigning)
        await two.sync(unit, two.ccq)
        assert requests.supplement(two.ccq, case_id, papers(two.file("a.pdf"))).to == UNIT
        # the unit returns it: the completion goes back to the unit
        returning = requests.returning(unit, case_id, papers(), missing=("Danh sách",))
        await send(two, unit, returning.letter)
        await two.sync(two.ccq)
        assert requests.supplement(two.ccq, case_id, papers(two.file("a.pdf"))).to == UNIT


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        (Asked(), "mã nội dung"),
        (Asked(subject="3.1"), "loại thời hạn"),
        (Asked(subject="3.5", term="in-province"), "không có thời hạn"),
        (Asked(subject="9.9"), "mã nội dung"),
        (Asked(subject="3.1\u202e", term="in-province"), "mã nội dung"),
        (Asked(subject="3.1", term="1000-days"), "thời hạn"),
        (Asked(subject="3.5", wish=date(2020, 1, 1)), "đã qua"),
        (Asked(subject="3.1", term="in-province", wish=date(2099, 1, 1)), "--wish"),
        (Asked(to=f"{CA}/khong-co", subject="3.5"), "cấp khóa"),
        (Asked(to=f"{CA}/lanh-dao", subject="3.5"), "cơ quan chức năng"),
        (Asked(to=CCQ, subject="3.5"), "không gửi cho"),
        (Asked(to="người nào đó", subject="3.5"), "cấp khóa"),
    ],
)
async def test_bad_requests_are_refused(tmp_path: Path, asked: Asked, why: str) -> None:
    async with parties(tmp_path) as two:
        await two.add_member(two.ca, "lanh-dao", "approver")
        await two.sync()
        async with Refused(two) as no:
            requests.request(two.ccq, papers(two.file("cv.pdf"), title=TITLE), asked)
        assert why in no.vi, no.vi


@pytest.mark.parametrize(
    "title", ["x" * 10_000, "a\u0007b", "Đề nghị\u202ehcam", "dòng một\ndòng hai", "  ", "\ud800"]
)
async def test_bad_titles_are_refused(tmp_path: Path, title: str) -> None:
    async with parties(tmp_path) as two:
        async with Refused(two) as no:
            requests.request(two.ccq, papers(two.file("cv.pdf"), title=title), ASKED)
        assert no.code == "bad-letter"


async def test_the_wrong_side_and_the_wrong_moment_are_refused(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        async with Refused(two):
            requests.request(two.ca, papers(two.file("cv.pdf"), title=TITLE), Asked(to=CCQ, subject="3.5"))
        sent = await two.request()
        async with Refused(two):  # nobody signed for it yet
            requests.returning(two.ca, sent.case, papers(), missing=("Danh sách",))
        async with Refused(two):
            requests.supplement(two.ccq, sent.case, papers(two.file("a.pdf")))
        async with Refused(two):  # it stands
            requests.request(two.ccq, papers(two.file("cv.pdf"), title=TITLE), ASKED, case=sent.case)
        await take(two, two.ca, sent.dispatch)
        await two.sync()
        async with Refused(two):
            requests.returning(two.ccq, sent.case, papers(), missing=("Danh sách",))
        async with Refused(two):
            requests.supplement(two.ca, sent.case, papers(two.file("a.pdf")))
        for missing in ((), ("  ",), ("a\u202eb",), ("x" * 10_000,)):
            async with Refused(two) as no:
                requests.returning(two.ca, sent.case, papers(), missing=missing)
            assert "còn thiếu" in no.vi
            assert no.code == "bad-letter"
        async with Refused(two) as no:
            letter = requests.returning(
                two.ca, sent.case, papers(), missing_file=tmp_path / "khong-co.txt"
            ).letter
            await send(two, two.ca, letter)
        assert no.code == "missing-file"
        async with Refused(two) as no:
            requests.supplement(two.ccq, "00000000-0000-7000-8000-000000000000", papers())
        assert no.code == "not-found"


async def test_an_answered_case_takes_no_return_and_no_second_request(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        case_id = await running(two)
        await send(two, two.ca, replies.reply(two.ca, case_id, papers(two.file("tl.pdf"), title="Trả lời")))
        await two.sync()
        async with Refused(two):
            requests.returning(two.ca, case_id, papers(), missing=("Danh sách",))
        async with Refused(two):
            requests.request(two.ccq, papers(two.file("cv.pdf"), title=TITLE), ASKED, case=case_id)


async def test_what_cannot_be_read_is_told_before_anything_is_sent(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        async with Refused(two) as no:
            letter = requests.request(two.ccq, papers(tmp_path / "khong-co.pdf", title=TITLE), ASKED)
            await send(two, two.ccq, letter)
        assert no.code == "missing-file"
