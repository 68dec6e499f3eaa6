"""A small relay in memory with two committees, all keys real: what tests log, prove and verify against.

    world = World.founded()                  chains, profile attested by both, one cosigned checkpoint
    sent = world.request()                   DISPATCH, ACCEPTANCE
    world.receipt(sent)                      RECEIPT, HANDOVER, DUE
    world.cosign()                           both witnesses sign the newest checkpoint
    world.receipt_file(sent.index)           the .receipt under the newest cosigned checkpoint

Everything is derived from names, so two worlds are equal byte for byte but for ML-DSA's own randomness.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from importlib import resources
from typing import Any

from kynhan_keys import checkpoints, cosignatures, merkle, mlkem768x25519, notes, proofs
from kynhan_keys.vkeys import Signer
from kynhan_protocol.agreement import calendar, due, profile, terms
from kynhan_protocol.agreement.default_profile import (
    REQUESTING_NAMES,
    RESPONDING_NAMES,
    PartyNames,
    RegulationNames,
    default_profile,
)
from kynhan_protocol.statements import signing
from kynhan_protocol.statements.chains import Chain
from kynhan_protocol.statements.committees import Committees
from kynhan_protocol.statements.logged import Logged
from kynhan_protocol.statements.statements import (
    Acceptance,
    Dispatch,
    Due,
    Handover,
    HashSize,
    Membership,
    Opening,
    ProfileAttestation,
    Receipt,
    Revocation,
    RootStatement,
    Seen,
    Statement,
    Succession,
)

ORIGIN = "relay.example/kynhan"
CCQ, CA = "ccq.example", "cand.example"
CLERK, CA_CLERK = f"{CCQ}/van-thu", f"{CA}/van-thu"
UNIT, APPROVER = f"{CA}/pa03", f"{CCQ}/lanh-dao"
START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
CALENDAR = (resources.files("kynhan_protocol.agreement") / "data/calendar.json").read_bytes()


def seed(name: str) -> bytes:
    """32 bytes that belong to `name`."""
    return hashlib.sha256(name.encode()).digest()


@functools.cache
def signer(name: str, which: str = "") -> Signer:
    """The Ed25519 signer called `name`; `which` tells several of one name apart."""
    return Signer.ed25519(name, seed(f"{name} {which}"))


@functools.cache
def witness(name: str, which: str = "") -> Signer:
    """The ML-DSA-44 signer called `name`."""
    return Signer.ml_dsa_44(name, seed(f"{name} {which}"))


@functools.cache
def recipient(name: str) -> str:
    """The sealing key of `name`."""
    return str(mlkem768x25519.Identity(seed(f"{name} sealing")).recipient())


def make_profile(*, regulation: str = "15-QC/TU", relay: str = "") -> bytes:
    """A profile of the two committees; `relay` picks other keys of the relay's."""
    return default_profile(
        relay=(signer(ORIGIN, relay).vkey, witness(ORIGIN, relay).vkey),
        requesting=PartyNames(CCQ, "CCQ", *REQUESTING_NAMES),
        responding=PartyNames(CA, "CA", *RESPONDING_NAMES),
        regulation=RegulationNames(regulation, date(2026, 1, 5)),
        calendar=hashlib.sha256(CALENDAR).hexdigest(),
    )


@dataclass
class World:
    """The log so far, the clock (`now`), and the keys; every group ends with a checkpoint."""

    profile: bytes = field(default_factory=make_profile)
    now: datetime = START
    log: list[Logged] = field(default_factory=list)
    checkpoints: list[bytes] = field(default_factory=list)
    cosigned: list[bytes] = field(default_factory=list)
    roots: dict[str, Signer] = field(default_factory=lambda: {name: signer(name) for name in (CCQ, CA)})
    committees: Committees = field(init=False)
    _nodes: dict[tuple[int, int], bytes] = field(default_factory=dict)
    _nonce: int = 0

    def __post_init__(self) -> None:
        self.committees = Committees.of(Chain(name, root.vkey) for name, root in self.roots.items())

    @classmethod
    def founded(cls) -> World:
        """Clerks, witnesses, a unit, an approver; the profile attested by both; cosigned."""
        world = cls()
        for name, role in ((CLERK, "clerk"), (APPROVER, "approver"), (CA_CLERK, "clerk"), (UNIT, "unit")):
            world.certify(name, role)
        for committee in (CCQ, CA):
            world.certify(f"{committee}/doi-chung", "witness")
        for committee in (CCQ, CA):
            world.attest(committee)
        world.cosign()
        return world

    # root statements

    def certify(
        self, member: str, *roles: str, which: str = "", key: Signer | None = None, **changes: Any
    ) -> Logged:
        """A membership of `member`, valid for three years from a day ago; `key`: another than it usually has."""
        is_witness = "witness" in roles
        key = key or (witness if is_witness else signer)(member, which)
        fields = {
            "member": member,
            "holder": f"holder of {member}",
            "role": tuple(sorted(roles)),
            "signing": key.vkey,
            "sealing": None if is_witness else recipient(f"{member}{which}"),
            "not_before": self.now - timedelta(days=1),
            "not_after": self.now + timedelta(days=1095),
        }
        statement = self._root(Membership, member.partition("/")[0], **{**fields, **changes})
        signers = (self.roots[statement.committee],) if is_witness else (self.roots[statement.committee], key)
        return self.post(statement, *signers)

    def revoke(self, member: str, *, which: str = "", key: Signer | None = None) -> Logged:
        """The revocation of a member's key."""
        committee = member.partition("/")[0]
        vkey = (key or signer(member, which)).vkey
        statement = self._root(Revocation, committee, member=member, key=vkey, code="left")
        return self.post(statement, self.roots[committee])

    def attest(self, committee: str, document: bytes | None = None) -> Logged:
        """The committee's attestation of a profile."""
        sha = hashlib.sha256(document or self.profile).hexdigest()
        return self.post(self._root(ProfileAttestation, committee, document=sha), self.roots[committee])

    def succeed(self, committee: str) -> Logged:
        """A new root, signed by the old one and itself."""
        new = signer(committee, "next")
        old, self.roots[committee] = self.roots[committee], new
        return self.post(self._root(Succession, committee, root=new.vkey, code="planned"), old, new)

    # member statements

    def dispatch(self, **changes: Any) -> Dispatch:
        """A request of CCQ's clerk to CA as it has to be now; `changes` are fields."""
        fields: dict[str, Any] = {
            "case": "0198f0c1-7f1e-7a53-9d5e-2b8f6f0c1a11",
            "about": None,
            "kind": "request",
            "term": "in-country",
            "urgency": None,
            "from_": CLERK,
            "approver": None,
            "to": CA,
            "header": HashSize(hashlib.sha256(b"header %d" % self._nonce).hexdigest(), 3184),
            "body": HashSize(hashlib.sha256(b"body %d" % self._nonce).hexdigest(), 16640),
            "regarding": None,
            "due": None,
            "profile": hashlib.sha256(self.profile).hexdigest(),
            **self.member_fields(),
            **changes,
        }
        if "sealed" not in fields:
            fields["sealed"] = self.committees.expected_sealed(
                fields["from_"], fields["approver"], fields["to"], len(self.log), self.now
            )
        return Dispatch(**fields)

    def request(self, **changes: Any) -> Logged:
        """Logs dispatch(**changes)."""
        statement = self.dispatch(**changes)
        approver = (signer(statement.approver),) if statement.approver else ()
        return self.post(statement, signer(statement.from_), *approver)

    def receipt(self, dispatch: Logged, by: str = CA_CLERK, **changes: Any) -> Logged:
        """Signs for `dispatch`: RECEIPT, HANDOVER, and for a request with a term DUE."""
        fields = {"dispatch": dispatch.id, "by": by, **self.member_fields(), **changes}
        return self.post(Receipt(**fields), signer(by))

    def opening(self, dispatch: Logged, by: str = CA_CLERK) -> Logged:
        """A verified opening."""
        fields = {"manifest": seed("manifest").hex(), "result": "verified", "code": None}
        statement = Opening(dispatch=dispatch.id, by=by, **fields, **self.member_fields())  # type: ignore[arg-type]
        return self.post(statement, signer(by))

    def member_fields(self) -> dict[str, Any]:
        """What every member statement ends with, as of now."""
        seen, _ = checkpoints.parse((self.cosigned or self.checkpoints)[-1])
        return {
            "relay": ORIGIN,
            "seen": Seen(seen.size, seen.root),
            "head": self.committees.heads(),
            "time": self.now,
            "nonce": self.nonce(),
        }

    def newest(self) -> Seen:
        """The newest checkpoint as an author says that it saw it."""
        head, _ = checkpoints.parse(self.checkpoints[-1])
        return Seen(head.size, head.root)

    # the relay

    def post(self, statement: Statement, *signers: Signer) -> Logged:
        """Logs a statement and what the relay says about it, as one group with its checkpoint."""
        logged = self.append(statement, *signers)
        if isinstance(statement, Receipt):
            dispatch = self.by_id(statement.dispatch)
            handover = self._relay(Handover, of=logged.id, dispatch=dispatch.id)
            assert isinstance(dispatch.statement, Dispatch)
            if dispatch.statement.kind == "request" and dispatch.statement.term:
                self._due(dispatch, handover)
        else:
            self._relay(Acceptance, of=logged.id)
        if isinstance(statement, RootStatement):
            self.committees = self.committees.append(logged)
        self.checkpoint()
        return logged

    def append(self, statement: Statement, *signers: Signer) -> Logged:
        """Logs one statement alone, at the clock's time."""
        note = signing.sign(statement, *signers).note
        logged = Logged(len(self.log), hashlib.sha256(note).hexdigest(), statement, note, self.now)
        leaf = merkle.leaf_hash(bytes.fromhex(logged.id))
        for level, index, hash_ in merkle.new_nodes(len(self.log), [leaf], self.get):
            self._nodes[level, index] = hash_
        self.log.append(logged)
        return logged

    def checkpoint(self, *, which: str = "") -> bytes:
        """Signs the tree as it is, one second later."""
        self.now += timedelta(seconds=1)
        head = checkpoints.Checkpoint(ORIGIN, len(self.log), merkle.root(len(self.log), self.get))
        note = checkpoints.sign(
            head, signer(ORIGIN, which), witness(ORIGIN, which), int(self.now.timestamp())
        )
        self.checkpoints.append(notes.format(note))
        return self.checkpoints[-1]

    def cosign(self, by: Iterable[str] = (CA, CCQ)) -> bytes:
        """The newest checkpoint with the cosignatures of these committees' witnesses."""
        self.now += timedelta(seconds=1)
        head, note = checkpoints.parse(self.checkpoints[-1])
        lines = [
            cosignatures.sign(
                witness(f"{committee}/doi-chung"), ORIGIN, head.size, head.root, int(self.now.timestamp())
            )
            for committee in by
        ]
        self.cosigned.append(notes.format(checkpoints.add_cosignatures(note, lines)))
        return self.cosigned[-1]

    def get(self, level: int, index: int) -> bytes:
        """A node of the tree."""
        return self._nodes[level, index]

    def receipt_file(self, index: int, checkpoint: bytes | None = None) -> bytes:
        """The .receipt of entry `index` under `checkpoint`, or the newest cosigned one, or else the newest."""
        under = checkpoint
        if under is None:
            fits = [note for note in self.cosigned if checkpoints.parse(note)[0].size > index]
            under = fits[-1] if fits else self.checkpoints[-1]
        head, _ = checkpoints.parse(under)
        path = tuple(merkle.inclusion_proof(index, head.size, self.get))
        return proofs.format(proofs.Proof(self.log[index].note, index, path, under))

    def by_id(self, id_: str) -> Logged:
        """The entry with that id."""
        return next(logged for logged in self.log if logged.id == id_)

    def chain_files(self) -> dict[str, bytes]:
        """`chains/COMMITTEE/NN.receipt` of every root statement."""
        return {
            f"chains/{name}/{number:02d}.receipt": self.receipt_file(link.index)
            for name, chain in self.committees.chains.items()
            for number, link in enumerate(chain.links, 1)
        }

    def case_files(self) -> dict[str, bytes]:
        """A case's folder: every statement that is not a root's, both chains, the documents, the root keys."""
        links = {link.index for chain in self.committees.chains.values() for link in chain.links}
        named = {
            logged.index
            for logged in self.log
            if isinstance(logged.statement, Acceptance) and self.by_id(logged.statement.of).index in links
        }
        return {
            **{
                f"receipts/{logged.index:04d}.receipt": self.receipt_file(logged.index)
                for logged in self.log
                if logged.index not in links | named
            },
            **self.chain_files(),
            "profile.json": self.profile,
            "calendar.json": CALENDAR,
            "roots": "".join(f"{root}\n" for root in self.root_vkeys()).encode(),
        }

    def root_vkeys(self) -> list[str]:
        """The first root key of each committee, spelled."""
        return [str(chain.root) for _, chain in sorted(self.committees.chains.items())]

    def nonce(self) -> bytes:
        """16 bytes that were not there before."""
        self._nonce += 1
        return seed(f"nonce {self._nonce}")[:16]

    def _root(self, kind: Any, committee: str, **fields: Any) -> Any:
        chain = self.committees.chains[committee]
        return kind(
            committee=committee,
            number=len(chain.links) + 1,
            previous=chain.head,
            time=self.now,
            nonce=self.nonce(),
            **fields,
        )

    def _relay(self, kind: Any, **fields: Any) -> Logged:
        return self.append(kind(relay=ORIGIN, time=self.now, nonce=self.nonce(), **fields), signer(ORIGIN))

    def _due(self, dispatch: Logged, handover: Logged) -> Logged:
        sent = dispatch.statement
        assert isinstance(sent, Dispatch)
        assert sent.term
        days = calendar.parse(CALENDAR)
        term = terms.of_profile(profile.parse(self.profile), sent.term)
        found = due.compute(handover.time, term, days)
        return self._relay(
            Due,
            case=sent.case,
            dispatch=dispatch.id,
            start=handover.id,
            term=sent.term,
            profile=sent.profile,
            calendar=days.sha,
            due=found.due,
            provisional=found.provisional,
            because="receipt",
            basis=None,
            replaces=None,
        )


def flipped(data: bytes, at: int, mask: int) -> bytes:
    """`data` with the bits of `mask` (1 to 255) changed in byte `at`."""
    return data[:at] + bytes([data[at] ^ mask]) + data[at + 1 :]


def extra_of(receipt: bytes) -> bytes:
    """The statement inside a .receipt."""
    extra = proofs.parse(receipt).extra
    assert extra
    return extra


def with_extra(receipt: bytes, extra: bytes) -> bytes:
    """A .receipt with another statement inside."""
    return proofs.format(replace(proofs.parse(receipt), extra=extra))
