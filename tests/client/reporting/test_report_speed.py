"""A thousand cases, a hundred in the normal lane: a report is made and every figure of it checked, in seconds."""

from __future__ import annotations

import hashlib
import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.client.agreement import CA, CCQ
from tests.client.parties import ORIGIN, SECRET, Parties, parties
from tests.lanes import size

from kynhan_client.home.home import Home
from kynhan_client.home.tars import tar_of
from kynhan_client.log import logbook
from kynhan_client.log.logbook import Entry, Head
from kynhan_client.log.view import READ, View
from kynhan_client.reporting import checking, making, proof, reading
from kynhan_client.reporting.checking import Trust
from kynhan_client.reporting.making import Wanted
from kynhan_keys import checkpoints, notes
from kynhan_keys.checkpoints import Checkpoint
from kynhan_protocol.agreement import calendar, due, terms
from kynhan_protocol.statements import signing
from kynhan_protocol.statements.logged import Logged
from kynhan_protocol.statements.statements import (
    Acceptance,
    Dispatch,
    Due,
    Handover,
    HashSize,
    Receipt,
    Statement,
)
from kynhan_server.config import Folder
from kynhan_server.store import keyfile

CASES = size(100, 1000)


class Writer:
    """Writes a log such as the relay would, straight into a home: signed by everybody, in order."""

    def __init__(self, two: Parties, home: Home) -> None:
        self.two, self.home, self.view = two, home, View(home)
        signers = keyfile.load(Folder(two.folder / "relay").keys, SECRET).under(ORIGIN)
        self.ed25519, self.ml_dsa_44 = signers.ed25519, signers.ml_dsa_44
        self.now = two.ccq.clock.now().astimezone(UTC).replace(microsecond=0) + timedelta(hours=1)
        self.entries: list[Entry] = []
        self.size = self.view.size
        view = self.view
        self.sealed = {
            (CCQ, CA): view.committees.expected_sealed(f"{CCQ}/van-thu", None, CA, view.size, view.now),
            (CA, CCQ): view.committees.expected_sealed(f"{CA}/van-thu", None, CCQ, view.size, view.now),
        }
        self.days = calendar.shipped().without_end()

    def log(self, statement: Statement, signer: object, case: str, dispatch: str | None) -> str:
        signed = signing.sign(statement, signer)  # type: ignore[arg-type]
        logged = Logged(self.size, signed.id, statement, signed.note, self.now)
        kind = type(statement).__name__.lower()
        self.entries.append(Entry(logged, kind, case, dispatch or signed.id))
        self.size += 1
        return signed.id

    def common(self) -> dict[str, object]:
        return {"relay": ORIGIN, "time": self.now, "nonce": os.urandom(16)}

    def member(self) -> dict[str, object]:
        return {**self.common(), "seen": self.view.seen, "head": self.view.heads}

    def send(self, kind: str, case: str, sides: tuple[str, str], regarding: str | None) -> str:
        home = self.two.ccq if sides[0] == CCQ else self.two.ca
        digest = hashlib.sha256(os.urandom(8)).hexdigest()
        statement = Dispatch(
            case=case,
            about=None,
            kind=kind,
            term="in-country" if kind == "request" else None,
            urgency=None,
            from_=home.config.member,
            approver=None,
            to=sides[1],
            sealed=self.sealed[sides],
            header=HashSize(digest, 3184),
            body=HashSize(digest, 48234496),
            regarding=regarding,
            due=None,
            profile=self.view.profile_id,
            **self.member(),  # type: ignore[arg-type]
        )
        sent = self.log(statement, home.keyring.signer, case, None)
        self.log(Acceptance(of=sent, **self.common()), self.ed25519, case, sent)  # type: ignore[arg-type]
        return sent

    def case(self, number: int) -> None:
        case = f"0198f0c1-7f1e-7a53-9d5e-{number:012x}"
        request = self.send("request", case, (CCQ, CA), None)
        signer = self.two.ca.keyring.signer
        by = self.two.ca.config.member
        receipt = self.log(Receipt(dispatch=request, by=by, **self.member()), signer, case, request)  # type: ignore[arg-type]
        handed = Handover(of=receipt, dispatch=request, **self.common())  # type: ignore[arg-type]
        start = self.log(handed, self.ed25519, case, request)
        term = terms.of_profile(self.view.profile, "in-country")
        found = due.compute(self.now, term, self.days)
        made = Due(
            case=case,
            dispatch=request,
            start=start,
            term="in-country",
            profile=self.view.profile_id,
            calendar=self.days.sha,
            due=found.due,
            provisional=found.provisional,
            because="receipt",
            basis=None,
            replaces=None,
            **self.common(),  # type: ignore[arg-type]
        )
        self.log(made, self.ed25519, case, request)
        if number % 3:
            self.send("reply", case, (CA, CCQ), request)
        self.now += timedelta(minutes=20)

    def keep(self) -> None:
        """Keeps it all, under a checkpoint that the relay signed."""
        archive = self.home.archive
        with archive.transaction():
            logbook.append_leaves(archive, [one.logged.id for one in self.entries])
            logbook.add(archive, self.entries)
            archive.put(READ, self.size)
            root = logbook.root_at(archive, self.size)
            at = int(self.now.timestamp())
            note = checkpoints.sign(Checkpoint(ORIGIN, self.size, root), self.ed25519, self.ml_dsa_44, at)
            head = Head(self.size, root, notes.format(note), at)
            logbook.keep_checkpoint(archive, head, own=False, all_cosigned=False)


async def test_many_cases_are_reported_and_checked_in_seconds(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with parties(tmp_path) as two:
        writer = Writer(two, two.ccq)
        for number in range(CASES):
            writer.case(number)
        writer.keep()
        ends = writer.now + timedelta(days=1)
        wanted = Wanted(begins=two.ccq.clock.now().date() - timedelta(days=2), ends=ends.date())
        two.move_clock(int((writer.now - two.ccq.clock.now()).total_seconds()) + 1)
        began = time.perf_counter()
        made = making.make(two.ccq, wanted, datetime.fromtimestamp(int(writer.now.timestamp()), UTC))
        files = proof.files(two.ccq, made)
        evidence = tar_of(files)
        done = time.perf_counter()
        total = made.report.figures.total
        assert (total.cases, total.answered) == (CASES, CASES * 2 // 3)
        checked = checking.check(reading.ReportFiles("x", made.report, made.data, files), Trust())
        ended = time.perf_counter()
        assert (checked.verdict, checked.reasons) == ("VALID", ())
    with capsys.disabled():
        print(
            f"\n{CASES} cases, {writer.size} statements: made in {done - began:.1f} s,"
            f" checked in {ended - done:.1f} s, evidence {len(evidence) / 1e6:.1f} MB"
        )
    assert done - began < 60
    assert ended - done < 60
