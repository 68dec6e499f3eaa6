"""A relay with two committees, in this process, with real keys and a real SQLite file: what the tests here stand on.

async with world(tmp_path) as w:
    sent = w.dispatch("request", to=w.ca.name, term="in-country")
    answer = await w.send(sent)
    await w.post(w.receipt(answer.id, w.ca.clerk))
"""

from __future__ import annotations

import hashlib
import json
import os
import uuid
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from kynhan_keys import age, checkpoints, cosignatures, proofs, stream
from kynhan_keys.mlkem768x25519 import Identity
from kynhan_keys.vkeys import Signer, Vkey
from kynhan_protocol.agreement import calendar as calendars
from kynhan_protocol.agreement.default_profile import (
    REQUESTING_NAMES,
    RESPONDING_NAMES,
    PartyNames,
    RegulationNames,
    default_profile,
)
from kynhan_protocol.statements import signing
from kynhan_protocol.statements.signing import SignedStatement
from kynhan_protocol.statements.statements import (
    CalendarApproval,
    Decline,
    Destruction,
    Dispatch,
    HashSize,
    Membership,
    MemberStatement,
    Opening,
    ProfileAttestation,
    Receipt,
    Revocation,
    Seen,
    Statement,
    Withdrawal,
)
from kynhan_server.config import Settings
from kynhan_server.log.ledger import Answer, Submission
from kynhan_server.log.logs import Log
from kynhan_server.log.visibility import Actor
from kynhan_server.relay import Relay, admit
from kynhan_server.store.keyfile import RelayKeys

ORIGIN = "relay.example/kynhan"
SLUG = "ccq-ca"
BEGIN = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)  # a Monday, 09:00 in Việt Nam
KEYS = RelayKeys(bytes(range(32)), bytes(range(32, 64)))


class ManualClock:
    """A clock that tests move. `advance` lets time pass; `jump` sets the wall clock alone."""

    def __init__(self, at: datetime = BEGIN, *, demo: bool = False) -> None:
        self.at = at
        self.passed = 1000.0
        self.demo = demo

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.passed

    def advance(self, **length: float) -> None:
        by = timedelta(**length)
        self.at += by
        self.passed += by.total_seconds()

    def jump(self, **length: float) -> None:
        self.at += timedelta(**length)


@dataclass
class Person:
    """A member with its keys."""

    name: str
    roles: tuple[str, ...]
    signer: Signer
    sealing: Identity | None
    membership: str = ""

    @property
    def committee(self) -> str:
        return self.name.partition("/")[0]


@dataclass
class Party:
    """A committee: root, members, and its chain as posted so far."""

    name: str
    root: Signer
    people: dict[str, Person] = field(default_factory=dict)
    number: int = 0
    head: str | None = None

    def __getattr__(self, local: str) -> Person:
        try:
            return self.people[local]
        except KeyError:
            raise AttributeError(local) from None


@dataclass(frozen=True)
class Package:
    """A dispatch with its sealed file."""

    signed: SignedStatement
    header: bytes
    body: bytes
    file_key: bytes

    @property
    def statement(self) -> Dispatch:
        assert isinstance(self.signed.statement, Dispatch)
        return self.signed.statement


class World:
    """Two committees and their relay. `amend` changes the profile that they attest."""

    def __init__(
        self,
        folder: Path,
        clock: ManualClock,
        settings: Settings,
        amend: Callable[[bytes], bytes] = lambda profile: profile,
    ) -> None:
        self.amend = amend
        self.folder = folder
        self.clock = clock
        self.settings = settings
        self.ccq = Party("ccq.example", Signer.ed25519("ccq.example", os.urandom(32)))
        self.ca = Party("cand.example", Signer.ed25519("cand.example", os.urandom(32)))
        self.relay: Relay
        self.profile = b""
        self.earlier_profiles: list[bytes] = []
        self.calendar = calendars.shipped_bytes()

    @property
    def log(self) -> Log:
        return self.relay.log(SLUG)

    @property
    def profile_hash(self) -> str:
        return hashlib.sha256(self.profile).hexdigest()

    async def open(self) -> None:
        self.relay = await Relay.open_with(self.folder, KEYS, self.clock, self.settings)

    async def reopen(self) -> None:
        await self.relay.close()
        await self.open()

    async def found(self) -> None:
        """Both chains, and the profile attested by both."""
        admit(self.folder, SLUG, ORIGIN, {party.name: party.root.vkey for party in (self.ccq, self.ca)})
        await self.open()
        made = make_profile(self.log.vkeys, hashlib.sha256(self.calendar).hexdigest())
        self.profile = self.amend(made)
        for party in (self.ccq, self.ca):
            for local, roles in (
                ("clerk", ("clerk",)),
                ("approver", ("approver",)),
                ("unit", ("unit",)),
                ("auditor", ("auditor",)),
                ("witness", ("witness",)),
            ):
                await self.certify(party, local, roles)
        for party in (self.ccq, self.ca):
            await self.attest(party)

    async def certify(self, party: Party, local: str, roles: tuple[str, ...]) -> Person:
        """Certifies a new member, or an old one with new keys."""
        name = f"{party.name}/{local}"
        if "witness" in roles:
            person = Person(name, roles, Signer.ml_dsa_44(name, os.urandom(32)), None)
        else:
            person = Person(name, roles, Signer.ed25519(name, os.urandom(32)), Identity(os.urandom(32)))
        statement = Membership(
            committee=party.name,
            member=name,
            holder=f"{local} {party.name}",
            role=roles,
            signing=person.signer.vkey,
            sealing=str(person.sealing.recipient()) if person.sealing else None,
            not_before=self.clock.at - timedelta(days=1),
            not_after=self.clock.at + timedelta(days=3650),
            **self.chained(party),
        )
        signers = (party.root,) if "witness" in roles else (party.root, person.signer)
        person.membership = (await self._post_root(party, signing.sign(statement, *signers))).id
        party.people[local] = person
        return person

    async def revoke(self, party: Party, key: Vkey) -> Answer:
        statement = Revocation(
            committee=party.name, member=key.name, key=key, code="left", **self.chained(party)
        )
        return await self._post_root(party, signing.sign(statement, party.root))

    async def attest(self, party: Party, profile: bytes | None = None) -> Answer:
        document = profile or self.profile
        statement = ProfileAttestation(
            committee=party.name, document=hashlib.sha256(document).hexdigest(), **self.chained(party)
        )
        return await self._post_root(party, signing.sign(statement, party.root), document, self.calendar)

    def chained(self, party: Party) -> dict[str, object]:
        """What the next root statement of a committee ends with."""
        return {
            "number": party.number + 1,
            "previous": party.head,
            "time": self.clock.at.replace(microsecond=0),
            "nonce": os.urandom(16),
        }

    async def _post_root(self, party: Party, signed: SignedStatement, *documents: bytes) -> Answer:
        answer = await self.post(signed, documents=documents)
        party.number, party.head = party.number + 1, signed.id
        return answer

    # --- statements ------------------------------------------------------------------------------------------------

    def common(self) -> dict[str, object]:
        """What every member statement ends with: all that there is has been seen."""
        state = self.log.state
        return {
            "relay": ORIGIN,
            "seen": Seen(state.size, state.root),
            "head": state.committees.heads(),
            "time": self.clock.at.replace(microsecond=0),
            "nonce": os.urandom(16),
        }

    def dispatch(
        self,
        kind: str = "request",
        *,
        sender: Person | None = None,
        to: str | None = None,
        body: bytes | None = None,
        case: str | None = None,
        approver: Person | None = None,
        header: bytes | None = None,
        **fields: object,
    ) -> Package:
        """A dispatch as an honest client makes it, sealed to whom it must be now."""
        sender = sender or self.ccq.clerk
        to = to or self.ca.name
        file_key = os.urandom(16)
        state = self.log.state
        sealed = state.committees.expected_sealed(
            sender.name, approver.name if approver else None, to, state.size, self.clock.at
        )
        if header is None:
            header = age.make_header(file_key, self.recipients(sealed))
        if body is None:
            body = b"".join(stream.seal_payload(file_key, os.urandom(16), [b"marker-of-content"]))
        statement = Dispatch(
            **{
                "about": None,
                "term": None,
                "urgency": None,
                "regarding": None,
                "due": None,
                **self.common(),
                "case": case or str(uuid.uuid4()),
                "kind": kind,
                "from_": sender.name,
                "approver": approver.name if approver else None,
                "to": to,
                "sealed": sealed,
                "header": hash_size(header),
                "body": hash_size(body),
                "profile": self.profile_hash,
                **fields,
            }  # type: ignore[arg-type]
        )
        signers = [sender.signer, *([approver.signer] if approver else [])]
        return Package(signing.sign(statement, *signers), header, body, file_key)

    def recipients(self, sealed: Iterable[str]) -> list[age.Recipient]:
        people = [person for party in (self.ccq, self.ca) for person in party.people.values()]
        return [p.sealing.recipient() for p in people if p.membership in sealed and p.sealing is not None]

    def receipt(self, dispatch: str, by: Person) -> SignedStatement:
        return self.act(Receipt, by, dispatch=dispatch)

    def opening(
        self, dispatch: str, by: Person, result: str = "verified", code: str | None = None
    ) -> SignedStatement:
        manifest = "ab" * 32 if result == "verified" else None
        return self.act(Opening, by, dispatch=dispatch, result=result, code=code, manifest=manifest)

    def decline(self, dispatch: str, by: Person) -> SignedStatement:
        return self.act(Decline, by, dispatch=dispatch, code="duplicate")

    def withdrawal(self, dispatch: str, by: Person) -> SignedStatement:
        return self.act(Withdrawal, by, dispatch=dispatch, code="mistake")

    def destruction(self, dispatch: str, by: Person, code: str = "ordered") -> SignedStatement:
        return self.act(Destruction, by, dispatch=dispatch, code=code)

    def approval(self, document: bytes, by: Person, replaces: bytes) -> SignedStatement:
        return self.act(
            CalendarApproval,
            by,
            document=hashlib.sha256(document).hexdigest(),
            decision=None,
            replaces=hashlib.sha256(replaces).hexdigest(),
        )

    def act(self, kind: type[MemberStatement], by: Person, **fields: object) -> SignedStatement:
        statement = kind(**{**self.common(), "by": by.name, **fields})  # type: ignore[arg-type]
        return signing.sign(statement, by.signer)  # type: ignore[arg-type]

    # --- the public door -------------------------------------------------------------------------------------------

    async def post(self, signed: SignedStatement | bytes, **with_: object) -> Answer:
        note = signed if isinstance(signed, bytes) else signed.note
        return await self.relay.ledger.post(self.log, Submission(note, **with_))  # type: ignore[arg-type]

    async def send(self, package: Package) -> Answer:
        return await self.post(package.signed, header=package.header, body=package.body)

    async def send_and_sign(self, package: Package, by: Person | None = None) -> tuple[Answer, Answer]:
        """Both answers: to the dispatch, and to the receipt."""
        sent = await self.send(package)
        return sent, await self.post(self.receipt(sent.id, by or self.ca.clerk))

    async def actor(self, person: Person) -> Actor:
        found = await self.relay.reading.member_key(self.log, person.name)
        assert found is not None
        return found[1]

    def cosign(self, note: bytes, witness: Person, at: datetime | None = None) -> bytes:
        """The checkpoint with the witness's line behind it."""
        checkpoint, parsed = checkpoints.parse(note)
        time = int((at or self.clock.at).timestamp())
        line = cosignatures.sign(witness.signer, checkpoint.origin, checkpoint.size, checkpoint.root, time)
        return checkpoints.notes.format(checkpoints.add_cosignatures(parsed, [line]))  # type: ignore[attr-defined]

    async def witness_all(self) -> None:
        """Both witnesses cosign what they are offered."""
        for party in (self.ccq, self.ca):
            note = await self.relay.reading.candidate(self.log)
            await self.relay.witnesses.add(self.log, self.cosign(note, party.witness))


def hash_size(data: bytes) -> HashSize:
    return HashSize(hashlib.sha256(data).hexdigest(), len(data))


def statements_of(answer: Answer) -> list[Statement]:
    """The statements that the receipts of an answer hold, checked to be in the tree of their checkpoint."""
    found = []
    for receipt in answer.receipts:
        proof = proofs.parse(receipt)
        assert proof.extra is not None
        proofs.verify_inclusion(proof, hashlib.sha256(proof.extra).digest())
        found.append(signing.parse(proof.extra).statement)
    return found


def make_profile(vkeys: tuple[Vkey, Vkey], calendar: str) -> bytes:
    return default_profile(
        relay=vkeys,
        requesting=PartyNames("ccq.example", "CCQ", *REQUESTING_NAMES),
        responding=PartyNames("cand.example", "CA", *RESPONDING_NAMES),
        regulation=RegulationNames("15-QC/TU", date(2025, 7, 1)),
        calendar=calendar,
    )


@asynccontextmanager
async def world(
    folder: Path, clock: ManualClock | None = None, settings: Settings | None = None
) -> AsyncIterator[World]:
    """A founded world, closed at the end."""
    made = World(folder, clock or ManualClock(), settings or Settings())
    await made.found()
    try:
        yield made
    finally:
        await made.relay.close()


def with_day_off(calendar: bytes, day: str) -> bytes:
    """The same calendar with one more day off."""
    document = json.loads(calendar)
    off = {"date": day, "day": "off", "why": {"vi": "nghỉ", "en": "off"}, "decision": "1/QD"}
    document["days"] = sorted([*document["days"], off], key=lambda one: str(one["date"]))
    return json.dumps(document, ensure_ascii=False).encode()
