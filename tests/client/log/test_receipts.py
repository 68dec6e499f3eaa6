"""Receipts: pending, then final; the case's folder and the bundle prove themselves offline."""

from __future__ import annotations

import asyncio
import hashlib
import io
import json
import tarfile
from datetime import datetime, time
from pathlib import Path

import pytest
from tests.client.answering import papers, running, send
from tests.client.parties import parties
from tests.client.whole_case import told, whole_case

from kynhan_client.errors import ClientError
from kynhan_client.evidence import casefolder
from kynhan_client.evidence import papers as paper
from kynhan_client.evidence.verifying import Trust, verify_path
from kynhan_client.home import cupboard
from kynhan_client.log import receipts
from kynhan_client.log.view import View
from kynhan_client.printing import receipt
from kynhan_client.procedures import exchanges, terms
from kynhan_keys import checkpoints, policies, proofs
from kynhan_protocol.agreement.profile import document_hash
from kynhan_protocol.vietnam_time import VIETNAM


async def test_receipts_are_pending_until_both_witnesses_have_cosigned(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        sent = await two.request()
        lines = receipts.listed(two.ccq, sent.case)
        assert [(line.type, line.state) for line in lines] == [
            ("dispatch", "pending"),
            ("acceptance", "pending"),
        ]
        before = cupboard.receipt(two.ccq.archive, sent.dispatch)
        assert receipts.upgrade(two.ccq, sent.case) == 0
        assert cupboard.receipt(two.ccq.archive, sent.dispatch) == before
        await two.witness()
        synced = await two.sync(two.ccq)
        assert synced.upgraded > 0
        assert [line.state for line in receipts.listed(two.ccq, sent.case)] == ["final", "final"]
        head = View(two.ccq).final_checkpoint
        kept = cupboard.receipt(two.ccq.archive, sent.dispatch)
        assert kept is not None
        assert head is not None
        assert proofs.parse(kept.proof).checkpoint == head.note


async def test_what_the_other_side_posted_is_missing_until_it_is_upgraded(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        sent = await two.request()
        assert {line.state for line in receipts.listed(two.ca, sent.case)} == {"missing"}
        await two.witness()
        await two.sync()
        assert receipts.upgrade(two.ca, sent.case) == 2
        assert {line.state for line in receipts.listed(two.ca, sent.case)} == {"final"}


async def test_a_case_that_is_not_there_has_no_receipts(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        with pytest.raises(ClientError) as error:
            receipts.listed(two.ccq, "0198f0c1-7f1e-7a53-9d5e-2b8f6f0c1a11")
        assert error.value.code == "not-found"


async def test_the_folder_of_a_case_proves_itself_on_both_sides(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        request, _ = await whole_case(two, tmp_path)
        await two.stop_relay()
        for home in (two.ccq, two.ca):
            folder = tmp_path / f"case-{home.config.committee}"
            written = casefolder.write(home, request.case, folder)
            assert all(path.is_file() for path in written)
            names = {path.relative_to(folder).as_posix() for path in written}
            assert {
                "policy",
                "policy-ed25519",
                "roots",
                "profile.json",
                "calendar.json",
                "checkpoint",
            } <= names
            assert {"case.json", "chains/ccq.example/01.receipt", "chains/ca.example/03.receipt"} <= names
            report = verify_path(folder)
            assert report.verdict == "VALID", told(report)
            assert report.fingerprint is not None
            assert not report.anchored
        same = sorted(path.name for path in (tmp_path / "case-ccq.example" / "receipts").iterdir())
        assert same == sorted(path.name for path in (tmp_path / "case-ca.example" / "receipts").iterdir())
        types = {name.split("-")[1].removesuffix(".receipt") for name in same}
        assert types == {"dispatch", "acceptance", "receipt", "handover", "due", "opening"}
        policy = policies.parse((folder / "policy").read_bytes(), canonical=True)
        assert len(policy.witnesses) == 2
        for path in (folder / "receipts").iterdir():
            policies.check(policy, proofs.parse(path.read_bytes()).checkpoint)
        case = json.loads((folder / "case.json").read_text())
        assert case["phase"] == "answered"
        assert case["profile"] == document_hash((folder / "profile.json").read_bytes())
        assert case["due"]["calendar"] == hashlib.sha256((folder / "calendar.json").read_bytes()).hexdigest()


async def test_every_statement_of_a_case_has_a_bundle_that_is_valid_by_itself(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        request, reply = await whole_case(two, tmp_path)
        for line in receipts.listed(two.ccq, request.case):
            path = tmp_path / f"{line.index}.tar"
            path.write_bytes(receipts.bundle(two.ccq, line.id))
            report = verify_path(path)
            assert report.verdict == "VALID", (line, told(report))
        data = receipts.bundle(two.ccq, reply.dispatch)
        assert data == receipts.bundle(two.ccq, reply.dispatch)
        with tarfile.open(fileobj=io.BytesIO(data)) as tar:
            assert "roots" in tar.getnames()


async def test_a_reminder_has_a_bundle_that_is_valid_by_itself(tmp_path: Path) -> None:
    """It rests on all that stood in its case: that nobody had answered yet, and who had to be reminded."""
    async with parties(tmp_path) as two:
        case_id = await running(two, term="in-province")
        due = View(two.ca).case(case_id).due
        assert due is not None
        two.set_clock(datetime.combine(due.due, time(9), VIETNAM))
        async with asyncio.timeout(60):
            while not View(two.ca).case(case_id).reminders:
                await asyncio.sleep(0.2)
                await two.sync()
        await two.witness()
        await two.sync()
        for home in (two.ca, two.ccq):
            await send(two, home, exchanges.message(home, "Đã đọc.", case=case_id))
        await two.sync()
        await two.witness()
        await two.sync()
        reminded = [one for one in receipts.listed(two.ccq, case_id) if one.type == "reminder"]
        assert reminded
        for line in reminded:
            path = tmp_path / f"{line.index}.tar"
            path.write_bytes(receipts.bundle(two.ccq, line.id))
            report = verify_path(path)
            assert report.verdict == "VALID", told(report)


async def test_a_bundle_brings_the_cosigned_checkpoint_from_before(tmp_path: Path) -> None:
    """It bounds how far back the relay could have dated the statement."""
    async with parties(tmp_path) as two:
        request, _ = await whole_case(two, tmp_path)
        for line in receipts.listed(two.ccq, request.case):
            before, _ = checkpoints.parse(receipts.bundle_files(two.ccq, line.id)["checkpoint"])
            assert 0 < before.size <= line.index


async def test_a_bundle_waits_for_the_witnesses(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        sent = await two.request()
        with pytest.raises(ClientError) as error:
            receipts.bundle(two.ccq, sent.dispatch)
        assert error.value.code == "not-final"
        with pytest.raises(ClientError) as error:
            receipts.bundle(two.ccq, "0" * 64)
        assert error.value.code == "not-found"


async def test_a_date_corrected_by_both_proves_itself(tmp_path: Path) -> None:
    """It rests on both corrections; the bundle and the printed receipt hold them, as the case's folder does."""
    async with parties(tmp_path) as two:
        case_id = await running(two, term="in-province")
        proposed = terms.correction(two.ccq, case_id, papers(), term="in-country")
        await send(two, two.ccq, proposed.letter)
        await two.sync()
        await send(two, two.ca, terms.agreement(two.ca, case_id, papers()).letter)
        await two.sync()
        await two.witness()
        for home in (two.ca, two.ccq):  # each shows how far it has read the chains
            await send(two, home, exchanges.message(home, "Đã đọc.", case=case_id))
        await two.sync()
        await two.witness()
        await two.sync()
        due = View(two.ccq).case(case_id).due
        assert due is not None and due.because == "correction"
        bundle = tmp_path / "due.tar"
        bundle.write_bytes(receipts.bundle(two.ccq, due.id))
        assert told(verify_path(bundle)) == []
        path = tmp_path / "due.pdf"
        path.write_bytes(receipt.receipt(two.ccq, due.dispatch).pdf)
        verified = paper.verify_path(path, Trust(), lambda _: None)
        assert told(verified) == []
        assert verified.verdict == "VALID"
