"""Giving a case to a unit: what it can open, what it sees, what is refused (R16)."""

from __future__ import annotations

import io
import secrets
import tarfile
import tracemalloc
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import pytest
from tests.client.agreement import CA
from tests.client.answering import Refused, case, papers, running, send, take
from tests.client.parties import Parties, parties

from kynhan_client import syncing
from kynhan_client.dossiers import dossier, sealing
from kynhan_client.dossiers.letter import Letter
from kynhan_client.errors import ClientError
from kynhan_client.home.home import Home
from kynhan_client.log import logbook, track
from kynhan_client.log.view import View
from kynhan_client.packages import drafting, kept, opening, receive
from kynhan_client.packages import send as send_letter
from kynhan_client.procedures import assignments, replies, requests
from kynhan_client.relay.relay import Page, Posted
from kynhan_keys import age
from kynhan_protocol.case.fold import fold

UNIT, SECOND = f"{CA}/pc03", f"{CA}/pc04"
MARKER = "DAU-HIEU-BI-MAT"


async def assign(two: Parties, case_id: str, unit: str) -> str:
    """CA's clerk gives the case to a unit; gives the dispatch."""
    await two.sync(two.ca)
    assigning = assignments.assignment(two.ca, case_id, unit, papers())
    sent = await assignments.assign(two.ca, two.relay(two.ca), assigning)
    assert sent.state == "sent"
    return sent.dispatch


async def plaintext(home: Home, dispatch: str) -> bytes:
    """What was received, as stock age and tar see it."""
    path = home.path / "x.age"
    opening.export_age(home, dispatch, path)
    data = b"".join(age.open_([path.read_bytes()], home.keyring.identities))
    path.unlink()
    return data


async def test_the_unit_opens_what_the_committee_received_byte_for_byte(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        unit = await two.add_member(two.ca, "pc03", "unit")
        content = secrets.token_bytes(3_000_000)
        case_id = await running(two, two.file("Công văn.pdf", MARKER.encode()), two.file("ảnh.bin", content))
        request = case(two.ca, case_id).request
        assert request is not None
        dispatch = await assign(two, case_id, "pc03")

        await two.sync(unit)
        opened = await take(two, unit, dispatch, tmp_path / "opened")
        tar = (tmp_path / "opened" / "received.tar").read_bytes()
        assert tar == await plaintext(two.ca, request.id)
        with tarfile.open(fileobj=io.BytesIO(tar)) as listed:
            assert listed.getnames()[0] == "manifest.note"
        (inner,) = opened.handed
        assert (inner.dispatch, inner.faults) == (request.id, ())
        assert inner.manifest is not None
        assert inner.manifest.from_ == request.from_
        assert (tmp_path / "opened" / "received" / "ảnh.bin").read_bytes() == content
        assert opened.manifest is not None
        assert opened.manifest.subject == "3.1"
        receipts = [name for name in opened.files if name.startswith("receipts/")]
        assert [name.partition("-")[2] for name in receipts] == [
            "receipt.receipt",
            "handover.receipt",
            "due.receipt",
        ]
        # a fresh file key; the clock is as it was
        statements = View(two.ca)
        assert statements.dispatch(dispatch).header.hash != statements.dispatch(request.id).header.hash
        assert len(case(two.ca, case_id).clocks) == 1
        await two.sync()
        assert case(two.ccq, case_id).unit == UNIT


async def test_nothing_of_the_dossier_lies_in_clear_while_it_is_handed_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with parties(tmp_path) as two:
        await two.add_member(two.ca, "pc03", "unit")
        case_id = await running(two, two.file("Công văn.pdf", MARKER.encode() * 100_000))
        seen: list[str] = []
        opened = kept.Kept.plaintext

        def looked(self: kept.Kept):  # type: ignore[no-untyped-def]
            for piece in opened(self):
                yield piece
                if not seen:
                    seen.extend(_found(two.ca.path))
                    seen.append("looked")

        monkeypatch.setattr(kept.Kept, "plaintext", looked)
        await assign(two, case_id, UNIT)
        assert seen == ["looked"]
        assert _found(two.ca.path) == []


def _found(folder: Path) -> list[str]:
    return [
        str(path) for path in folder.rglob("*") if path.is_file() and MARKER.encode() in path.read_bytes()
    ]


async def test_the_unit_sees_the_case_from_its_beginning_and_what_comes_later(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        unit = await two.add_member(two.ca, "pc03", "unit")
        case_id = await running(two)
        other = await running(two)
        await two.witness()
        await two.sync(two.ccq, two.ca, unit)
        with pytest.raises(ClientError) as error:
            View(unit).case(case_id)
        assert error.value.code == "not-found"

        dispatch = await assign(two, case_id, UNIT)
        synced = await syncing.sync(unit, two.relay(unit))
        assert synced.alarms == ()
        await two.sync()
        assert case(unit, case_id) == case(two.ccq, case_id)
        with pytest.raises(ClientError):
            View(unit).case(other)
        # the very fold of what it holds, from nothing, is the same
        view = View(unit)
        folded = fold(
            (entry.logged for entry in logbook.of_case(unit.archive, case_id)),
            view.profile_of(case(unit, case_id).profile),
            view.calendars,
        )
        assert folded == case(two.ca, case_id)

        # later dates and reminders reach it too
        await take(two, unit, dispatch)
        due = case(unit, case_id).due
        assert due is not None
        rung = next(one for one in track.case_detail(unit, case_id)["ladder"] if one["step"] == "-10")
        two.move_clock(int((datetime.fromisoformat(rung["at"]) - unit.clock.now()).total_seconds()) + 30)
        for _ in range(60):
            await two.sync(unit, two.ccq)
            if track.case_detail(unit, case_id)["reminders"]:
                break
        (reminded,) = track.case_detail(unit, case_id)["reminders"]
        assert UNIT in reminded["to"]
        assert unit.archive.alarms() == []
        assert case(unit, case_id) == case(two.ccq, case_id)


async def test_what_was_logged_before_is_believed_only_if_the_tree_bears_it_out(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        unit = await two.add_member(two.ca, "pc03", "unit")
        case_id = await running(two)
        await two.sync(unit)
        await assign(two, case_id, UNIT)
        relay, before = two.relay(unit), View(unit).size
        honest = relay.statements

        async def lying(start: int, limit: int = 1000, *, case: str | None = None) -> Page:
            page = await honest(start, limit, case=case)
            if case is None:
                return page
            first = page.statements[0]
            forged = first.note.replace(b"term in-country", b"term in-province")
            one = Posted(first.index, sha256(forged).hexdigest(), forged)
            return Page(page.size, (one, *page.statements[1:]))

        relay.statements = lying  # type: ignore[method-assign]
        synced = await syncing.sync(unit, relay)
        assert [alarm.code for alarm in synced.alarms] == ["relay-answer-invalid"]
        assert View(unit).size == before
        relay.statements = honest  # type: ignore[method-assign]
        await two.sync(unit, two.ccq)
        assert case(unit, case_id) == case(two.ccq, case_id)


async def test_a_case_whose_beginning_is_withheld_is_objected_to(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        unit = await two.add_member(two.ca, "pc03", "unit")
        case_id = await running(two)
        await two.sync(unit)
        await assign(two, case_id, UNIT)
        relay, honest = two.relay(unit), two.relay(unit).statements

        async def silent(start: int, limit: int = 1000, *, case: str | None = None) -> Page:
            page = await honest(start, limit, case=case)
            return page if case is None else Page(page.size, ())

        relay.statements = silent  # type: ignore[method-assign]
        synced = await syncing.sync(unit, relay)
        assert {alarm.code for alarm in synced.alarms} >= {"assignment.phase", "assignment.regarding"}


async def test_again_to_another_unit_and_taken_back(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        first = await two.add_member(two.ca, "pc03", "unit")
        second = await two.add_member(two.ca, "pc04", "unit")
        case_id = await running(two)
        await two.sync(first, second)
        given = await assign(two, case_id, UNIT)
        await two.sync(first)
        await take(two, first, given)
        again = await assign(two, case_id, SECOND)
        await two.sync(second, first, two.ccq, two.ca)
        assert {case(home, case_id).unit for home in (first, second, two.ccq)} == {SECOND}
        async with Refused(two) as no:
            replies.reply(first, case_id, papers(two.file("trả lời.pdf"), title="Trả lời"))
        assert "không giao cho" in no.vi

        taken = await assignments.unassign(two.ca, two.relay(two.ca), case_id, papers())
        assert [(one.dispatch, one.how, one.state) for one in taken] == [
            (given, "recalled", "sent"),
            (again, "withdrawn", "sent"),
        ]
        await two.sync(two.ccq, two.ca, first, second)
        assert {case(home, case_id).unit for home in (first, two.ccq, two.ca)} == {None}
        assert receive.inbox(second) == []
        async with Refused(two):
            await assignments.unassign(two.ca, two.relay(two.ca), case_id, papers())


async def test_what_is_supplemented_later_is_handed_on_by_itself(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        unit = await two.add_member(two.ca, "pc03", "unit")
        case_id = await running(two)
        await assign(two, case_id, UNIT)
        async with Refused(two) as no:
            assignments.assignment(two.ca, case_id, UNIT, papers())
        assert "không có gì mới" in no.vi
        await two.sync(two.ccq)
        letter = requests.supplement(two.ccq, case_id, papers(two.file("thêm.pdf", b"them")), to=CA)
        sent = await send(two, two.ccq, letter)
        await two.sync(two.ca)
        await take(two, two.ca, sent.dispatch)
        dispatch = await assign(two, case_id, UNIT)
        assert View(two.ca).dispatch(dispatch).regarding == sent.dispatch
        await two.sync(unit)
        for one in receive.inbox(unit):
            await take(two, unit, one.dispatch)
        opened = tmp_path / "opened" / f"ca.example-pc03-{dispatch[:8]}"
        assert (opened / "received" / "thêm.pdf").read_bytes() == b"them"
        # another unit gets it all at once, in the order it came
        await two.add_member(two.ca, "pc04", "unit")
        whole = assignments.assignment(two.ca, case_id, SECOND, papers())
        assert [one.kind for one in whole.handed] == ["request", "supplement"]
        assert whole.before == UNIT


async def test_what_was_not_signed_by_its_sender_is_not_unpacked(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        unit = await two.add_member(two.ca, "pc03", "unit")
        case_id = await running(two)
        other = await running(two, two.file("khác.pdf", b"khac"))
        await two.sync(unit)
        stranger = case(two.ca, other).request
        assert stranger is not None
        assigning = assignments.assignment(two.ca, case_id, UNIT, papers())
        forged = replace(assigning, handed=(stranger,))
        sent = await assignments.assign(two.ca, two.relay(two.ca), forged)
        await two.sync(unit)
        opened = await take(two, unit, sent.dispatch, tmp_path / "opened")
        (inner,) = opened.handed
        assert inner.folder is None
        assert inner.faults
        assert not (tmp_path / "opened" / "received").exists()


async def test_a_damaged_dossier_is_not_handed_on(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        await two.add_member(two.ca, "pc03", "unit")
        case_id = await running(two)
        request = case(two.ca, case_id).request
        assert request is not None
        body = two.ca.sealed_path(request.id, "body")
        data = bytearray(body.read_bytes())
        data[len(data) // 2] ^= 1
        body.chmod(0o600)
        body.write_bytes(data)
        async with Refused(two) as no:
            assigning = assignments.assignment(two.ca, case_id, UNIT, papers())
            await assignments.assign(two.ca, two.relay(two.ca), assigning)
        assert no.code == "body-missing"


async def test_bad_assignments_are_refused(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        unit = await two.add_member(two.ca, "pc03", "unit")
        await two.add_member(two.ca, "lanh-dao", "approver")
        sent = await two.request()
        async with Refused(two) as no:
            assignments.assignment(two.ca, sent.case, UNIT, papers())
        assert "chưa ký nhận" in no.vi
        await take(two, two.ca, sent.dispatch)
        await two.sync(two.ccq, two.ca, unit)
        for to, code in (
            ("khong-co", "unknown-recipient"),
            (two.ccq.config.member, "unknown-recipient"),
            ("lanh-dao", "not-now"),
            ("pc03\u202e", "unknown-recipient"),
            ("PC 03", "unknown-recipient"),
            (CA, "not-now"),
        ):
            async with Refused(two) as no:
                assignments.assignment(two.ca, sent.case, to, papers())
            assert no.code == code, to
        async with Refused(two) as no:
            assignments.assignment(two.ca, sent.case, UNIT, papers(words="x" * 70_000))
        assert no.code == "bad-letter"
        async with Refused(two) as no:  # the other side has nothing to assign
            assignments.assignment(two.ccq, sent.case, UNIT, papers())
        assert no.code == "not-now"


async def test_handing_on_takes_the_same_memory_whatever_the_size(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        await two.add_member(two.ca, "pc03", "unit")
        case_id = await running(two, two.file("ảnh quét.bin", bytes(48_000_000)))
        assigning = assignments.assignment(two.ca, case_id, UNIT, papers())
        tracemalloc.start()
        try:
            letter = await assignments.with_received(two.ca, two.relay(two.ca), assigning)
            sources = dossier.gather((), None, dossier.Cover(), formal=True, parts=letter.parts)
            made = drafting.sign_manifest(
                two.ca, outline(two.ca, letter), dossier.Cover(), "khong-mat", "x", sources
            )
            sealing.seal_body(two.ca.path / "sealed", made.note, None, sources)
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert peak < 32_000_000  # of 48 MB; the relay of this process is counted too


def outline(home: Home, letter: Letter) -> drafting.Outline:
    """What the dispatch of a letter says."""
    return send_letter.outline_of(home, View(home), letter)
