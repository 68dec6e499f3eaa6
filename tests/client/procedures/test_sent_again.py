"""What is said to be faulty: our own copy is opened before it is sent again (DESIGN §3.5)."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.client.answering import Refused, case, papers, running, send, take
from tests.client.packages.test_receive import outline, replace_field, send_odd
from tests.client.parties import Parties, parties

from kynhan_client.dossiers.dossier import Cover
from kynhan_client.dossiers.unpacking import Fault
from kynhan_client.home.home import Home
from kynhan_client.log import track
from kynhan_client.log.view import View
from kynhan_client.packages import opening, outbox, own_copy, receive
from kynhan_client.packages.acts import ActDraft
from kynhan_client.procedures import replies, requests, terms
from kynhan_client.procedures.requests import Asked
from kynhan_protocol.case import contests

TITLE = "Về việc đề nghị phối hợp xác minh theo danh sách kèm theo"


async def sign_and_lie(two: Parties, home: Home, case_id: str, dispatch: str) -> None:
    """Whoever signs for a sound package says that it is faulty."""
    await receive.sign(home, two.relay(home), dispatch)
    act = ActDraft("opening", dispatch, result="faulty", code="payload")
    result = await outbox.deliver(home, two.relay(home), outbox.put_act(home, act, case=case_id))
    assert result.error is None
    await two.sync()


async def answered(two: Parties) -> tuple[str, str]:
    """A running case whose reply CCQ says is faulty, which it is not; the case, the reply."""
    asked = await running(two)
    reply = await send(two, two.ca, replies.reply(two.ca, asked, papers(two.file("a.pdf"), title=TITLE)))
    await two.sync()
    await sign_and_lie(two, two.ccq, asked, reply.dispatch)
    return asked, reply.dispatch


async def test_what_our_copy_opens_is_not_asked_again_but_supplemented(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        asked = await two.request()
        await two.sync()
        await sign_and_lie(two, two.ca, asked.case, asked.dispatch)
        (line,) = track.deadlines(two.ccq)
        assert (line.group, line.status) == ("contested", "contested")
        assert (line.who, line.mine) == ("ccq.example", True)
        assert not track.deadlines(two.ca)[0].mine
        assert [(at, sent.id) for at, sent in own_copy.doubted(two.ccq)] == [(asked.case, asked.dispatch)]
        assert own_copy.doubted(two.ca) == []
        assert own_copy.fault(two.ccq, View(two.ccq), asked.dispatch) is None
        document = papers(two.file("cv.pdf"), title=TITLE)
        async with Refused(two) as no:
            requests.request(two.ccq, document, Asked(), case=asked.case)
        assert (no.code, "văn bản bổ sung" in no.vi) == ("not-now", True)
        letter = requests.supplement(two.ccq, asked.case, document)
        assert letter.regarding == asked.dispatch
        await send(two, two.ccq, letter)
        await two.sync()
        assert case(two.ca, asked.case).dispatches[asked.dispatch].is_contested
        # opened again, and nothing is wrong with it
        opened = await opening.open_package(two.ca, two.relay(two.ca), asked.dispatch, tmp_path / "again")
        assert (opened.result, opened.posted) == ("verified", True)
        await two.sync()
        found = case(two.ccq, asked.case)
        assert (found.dispatches[asked.dispatch].opening, contests.contested(found)) == ("verified", None)
        assert own_copy.doubted(two.ccq) == []


async def test_a_fault_that_our_copy_shows_is_admitted_by_asking_again(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        outside = outline(two)
        dispatch = await send_odd(
            two, outside, Cover(subject="3.1"), replace_field(outside, "kind", "notice")
        )
        await receive.sign(two.ca, two.relay(two.ca), dispatch)
        opened = await opening.open_package(two.ca, two.relay(two.ca), dispatch, tmp_path / "in")
        assert opened.result == "faulty"
        await two.sync()
        assert case(two.ccq, outside.case).dispatches[dispatch].is_contested
        fault = own_copy.fault(two.ccq, View(two.ccq), dispatch)
        assert fault is not None
        assert fault.code == "manifest"
        again = Asked(subject="3.1", term=case(two.ccq, outside.case).term)
        letter = requests.request(two.ccq, papers(two.file("b.pdf"), title=TITLE), again, case=outside.case)
        assert own_copy.admitted_by(View(two.ccq), letter) == dispatch
        sent = await send(two, two.ccq, letter)
        await take(two, two.ca, sent.dispatch, tmp_path / "again")
        await two.sync()
        found = case(two.ca, outside.case)
        assert (found.main, len(found.clocks), contests.contested(found)) == (sent.dispatch, 2, None)
        assert found.dispatches[dispatch].admitted_by == sent.dispatch


@pytest.mark.parametrize("shows", [True, False])
async def test_a_reply_is_sent_again_as_our_copy_shows(
    tmp_path: Path, shows: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with parties(tmp_path) as two:
        asked, first = await answered(two)
        (line,) = track.deadlines(two.ca)
        assert (line.group, line.who, line.mine) == ("contested", "ca.example", True)
        assert [one.group for one in track.cases(two.ccq)] == ["contested"]
        if shows:
            monkeypatch.setattr(own_copy, "fault", lambda *_: Fault("payload", "damaged", "hỏng"))
        letter = replies.reply(two.ca, asked, papers(two.file("b.pdf"), title=TITLE))
        assert letter.regarding == (first if shows else case(two.ca, asked).main)
        second = await send(two, two.ca, letter)
        await two.sync()
        stopped = case(two.ccq, asked).stopped
        assert stopped is not None
        assert stopped.dispatch == (second.dispatch if shows else first)


async def test_both_sides_say_that_a_package_counts_no_more(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        asked, reply = await answered(two)
        main = case(two.ccq, asked).main
        assert main is not None
        async with Refused(two) as no:
            terms.annulment(two.ccq, asked, papers(), main)
        assert (no.code, "không bị báo lỗi" in no.vi) == ("not-now", True)
        await send(two, two.ccq, terms.annulment(two.ccq, asked, papers(), reply).letter)
        await two.sync()
        await send(two, two.ca, terms.agreement(two.ca, asked, papers()).letter)
        await two.sync()
        found = case(two.ccq, asked)
        assert (found.stopped, found.dispatches[reply].is_void) == (None, True)
