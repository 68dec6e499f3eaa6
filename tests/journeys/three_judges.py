"""One statement before all three: the relay that is asked to log it, a reader and a judge of a log that has it.

The world is the relay's own, on its real writer. What the relay refuses is then logged all the same, by somebody who
has its keys: the log is copied, the statement put behind it with what a relay says to it, and both clerks attest the
ends of the chains afterwards.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import datetime

from tests.server.world import KEYS, ORIGIN, Package, World

from kynhan_client.errors import problem
from kynhan_client.log import case_reading
from kynhan_client.log.following import Finding, Follower, Unread
from kynhan_client.log.logbook import Entry
from kynhan_keys import checkpoints, merkle, notes, proofs
from kynhan_protocol.agreement import calendar, profile
from kynhan_protocol.agreement.calendars import CalendarBook
from kynhan_protocol.agreement.profile import Profile, document_hash
from kynhan_protocol.case.case import Case
from kynhan_protocol.evidence import evidence
from kynhan_protocol.evidence.verdicts import ReceiptJudgement
from kynhan_protocol.statements import signing
from kynhan_protocol.statements.chains import Chain
from kynhan_protocol.statements.committees import Committees
from kynhan_protocol.statements.signing import SignedStatement
from kynhan_protocol.statements.statements import (
    Acceptance,
    Handover,
    Receipt,
    RootStatement,
    Seen,
)
from kynhan_server.errors import Refused

RELAY = KEYS.under(ORIGIN)


@dataclass
class Copy:
    """The log of a world, by statement, and whatever is put behind it."""

    world: World
    log: list[SignedStatement] = field(default_factory=list)
    nodes: dict[tuple[int, int], bytes] = field(default_factory=dict)

    @classmethod
    async def of(cls, world: World) -> Copy:
        """The log as its clerk reads it."""
        copy = cls(world)
        served = await world.relay.reading.statements(
            world.log, await world.actor(world.ccq.clerk), 0, 10_000
        )
        for one in served.statements:
            copy.add(signing.parse(one.note.encode()))
        return copy

    @property
    def profiles(self) -> tuple[bytes, ...]:
        """Every profile that the world attested."""
        return (*self.world.earlier_profiles, self.world.profile)

    @property
    def seen(self) -> Seen:
        """The whole tree."""
        return Seen(len(self.log), merkle.root(len(self.log), self.get))

    def get(self, level: int, index: int) -> bytes:
        return self.nodes[level, index]

    def add(self, signed: SignedStatement) -> int:
        leaf = merkle.leaf_hash(bytes.fromhex(signed.id))
        for level, index, hash_ in merkle.new_nodes(len(self.log), [leaf], self.get):
            self.nodes[level, index] = hash_
        self.log.append(signed)
        return len(self.log) - 1

    def put(self, signed: SignedStatement) -> int:
        """Logs a statement, and what the relay says to it; its index."""
        index = self.add(signed)
        common = {"relay": ORIGIN, "time": self.world.clock.at, "nonce": os.urandom(16)}
        statement = signed.statement
        made = (
            Handover(of=signed.id, dispatch=statement.dispatch, **common)  # type: ignore[arg-type]
            if isinstance(statement, Receipt)
            else Acceptance(of=signed.id, **common)  # type: ignore[arg-type]
        )
        self.add(signing.sign(made, RELAY.ed25519))
        return index

    def accept(self, signed: SignedStatement) -> int:
        """Logs an ACCEPTANCE of a statement, wherever that stands; its index."""
        common = {"relay": ORIGIN, "time": self.world.clock.at, "nonce": os.urandom(16)}
        return self.add(signing.sign(Acceptance(of=signed.id, **common), RELAY.ed25519))  # type: ignore[arg-type]

    def close(self) -> None:
        """Each side writes once more, having seen all."""
        w, seen = self.world, self.seen
        self.put(w.dispatch("message", seen=seen).signed)
        self.put(w.dispatch("message", sender=w.ca.clerk, to=w.ccq.name, seen=seen).signed)

    def checkpoint(self) -> bytes:
        head = checkpoints.Checkpoint(ORIGIN, len(self.log), self.seen.root)
        at = int(self.world.clock.at.timestamp()) + 1
        return notes.format(checkpoints.sign(head, RELAY.ed25519, RELAY.ml_dsa_44, at))

    # --- the judges

    def committees(self) -> Committees:
        return Committees.of(Chain(one.name, one.root.vkey) for one in (self.world.ccq, self.world.ca))

    def read(self) -> tuple[list[Finding], list[Entry]]:
        """What a clerk's client says of the whole log, and what it takes in."""
        read: dict[str, Entry] = {}
        follower = Follower(
            ORIGIN,
            (RELAY.ed25519.vkey, RELAY.ml_dsa_44.vkey),
            self.committees(),
            last_time=None,
            find=read.get,
            root_at=lambda size: merkle.root(size, self.get),
            complete=True,
        )
        unread = (Unread(index, one.id, one.note) for index, one in enumerate(self.log))
        return follower.findings, follower.read(unread, last=True)

    def read_case(self, entries: list[Entry], index: int) -> frozenset[str]:
        """What a client says of the entry at `index` once it has the documents."""
        case = next((one.case for one in entries if one.logged.index == index), None)
        if case is None:
            return frozenset()
        of_case = [one for one in entries if one.case == case]
        _, broken = case_reading.judged(of_case, Documents(self, entries), {index})
        return frozenset(fault.code for _, fault in broken)

    def folded(self, case: str) -> Case | None:
        """The case as a client folds it."""
        _, entries = self.read()
        found, _ = case_reading.judged(
            [one for one in entries if one.case == case], Documents(self, entries), ()
        )
        return found

    def files(self) -> dict[str, bytes]:
        """Everything in the log as evidence."""
        note = self.checkpoint()
        size = len(self.log)
        made = {}
        numbers: dict[str, int] = {}
        for index, one in enumerate(self.log):
            path = tuple(merkle.inclusion_proof(index, size, self.get))
            name = f"receipts/{index:04d}.receipt"
            if isinstance(one.statement, RootStatement):
                committee = one.statement.committee
                numbers[committee] = numbers.get(committee, 0) + 1
                name = f"chains/{committee}/{numbers[committee]:02d}.receipt"
            made[name] = proofs.format(proofs.Proof(one.note, index, path, note))
        roots = sorted(str(one.root.vkey) for one in (self.world.ccq, self.world.ca))
        return {
            **made,
            **{f"profile-{number}.json": data for number, data in enumerate(self.profiles)},
            "calendar.json": self.world.calendar,
            "roots": "".join(f"{root}\n" for root in roots).encode(),
        }

    def judge(self) -> dict[int, ReceiptJudgement]:
        """What `kynhan verify` says of each entry."""
        report = evidence.verify_case(self.files())
        return {one.index: one for one in report.receipts if one.index is not None}

    def verdicts(self, index: int, relay: frozenset[str]) -> Verdicts:
        """What reader and judge say of the entry at `index`, once both sides wrote again; `relay` said so much."""
        self.close()
        findings, entries = self.read()
        judged = self.judge()[index]
        found = frozenset(one.fault for one in findings if one.index == index and one.fault is not None)
        read = found | self.read_case(entries, index)
        return Verdicts(relay, read, frozenset(judged.faults), judged.verdict.value)


class Documents:
    """What a client knows of a copy once it has read all of it."""

    def __init__(self, copy: Copy, entries: list[Entry]) -> None:
        self.committees = copy.committees()
        self._profiles = {document_hash(data): profile.parse(data) for data in copy.profiles}
        days = calendar.parse(copy.world.calendar)
        self.calendars = CalendarBook.begin(days.sha, (copy.world.ccq.name, copy.world.ca.name), days)
        self._entries = {one.logged.id: one for one in entries}
        for one in entries:
            if isinstance(one.logged.statement, RootStatement):
                self.committees = self.committees.append(one.logged)
            self.calendars = self.calendars.apply(one.logged)

    def profile_of(self, sha256: str) -> Profile:
        if sha256 not in self._profiles:
            raise problem("keys-missing", what=sha256)
        return self._profiles[sha256]

    def statement(self, id_: str) -> Entry | None:
        return self._entries.get(id_)

    def of_case(self, case_id: str) -> list[Entry]:
        return [one for one in self._entries.values() if one.case == case_id]

    def with_header(self, header: str) -> list[Entry]:
        return [one for one in self._dispatches() if one.logged.statement.header.hash == header]  # type: ignore[union-attr]

    def with_body(self, body: str) -> list[Entry]:
        return [one for one in self._dispatches() if one.logged.statement.body.hash == body]  # type: ignore[union-attr]

    def _dispatches(self) -> list[Entry]:
        return [one for one in self._entries.values() if one.type == "dispatch"]


Posted = Package | SignedStatement


async def refused(world: World, posted: Posted, *documents: bytes) -> frozenset[str]:
    """The codes of the rulebook for which the relay refuses; none if it does not. `documents` go with it."""
    try:
        await (world.send(posted) if isinstance(posted, Package) else world.post(posted, documents=documents))
    except Refused as refusal:
        assert refusal.faults, refusal
        return frozenset(refusal.faults)
    return frozenset()


@dataclass(frozen=True)
class Verdicts:
    """The rulebook's codes by each of the three, and the verdict of evidence."""

    relay: frozenset[str]
    reader: frozenset[str]
    judge: frozenset[str]
    verdict: str


async def ask(world: World, posted: Posted, *documents: bytes) -> Verdicts:
    """All three about a statement that nobody has posted yet."""
    copy = await Copy.of(world)
    relay = await refused(world, posted, *documents)
    index = copy.put(posted.signed if isinstance(posted, Package) else posted)
    return copy.verdicts(index, relay)


def moment(world: World) -> datetime:
    """The world's time, to the second."""
    return world.clock.at.replace(microsecond=0)
