"""Receipts as evidence reads them: parsed, their place in the tree checked, their checkpoints verified."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Final

from kynhan_keys import checkpoints, cosignatures, merkle, proofs
from kynhan_keys.checkpoints import Checkpoint
from kynhan_keys.errors import CheckpointError, KeysError, NoteError, SignatureError
from kynhan_keys.notes import Note
from kynhan_keys.proofs import Proof
from kynhan_keys.vkeys import Vkey

from ..errors import ChainError, StatementError
from ..statements import signing
from ..statements.chains import Chain
from ..statements.committees import Committees
from ..statements.logged import Logged
from ..statements.signing import SignedStatement
from ..statements.statements import MEMBER_TYPES, RELAY_TYPES, RootStatement, Statement
from .verdicts import HEADS, Finality, Reason, Verdict, reason, verdict_of

SUFFIX = ".receipt"
FIRST: Final = datetime(1970, 1, 1, tzinfo=UTC)
LAST: Final = datetime(9998, 12, 31, tzinfo=UTC)
"""Times that can be reckoned with, with room for days before and after; outside there is no log time."""


@dataclass
class Exhibit:
    """One receipt file while it is being examined; `reasons` gathers what is wrong with it, `faults` the codes of the
    rulebook among that. `chain_error` is why a root statement is in no chain, once chains_from() tried.
    """

    name: str
    reasons: list[Reason] = field(default_factory=list)
    proof: Proof | None = None
    signed: SignedStatement | None = None
    head: Checkpoint | None = None
    finality: Finality | None = None
    time: datetime | None = None
    faults: list[str] = field(default_factory=list)
    chain_error: ChainError | None = None

    def blame(self, code: str, detail: object = "") -> None:
        """Adds a reason about this file."""
        self.reasons.append(reason(code, self.name, detail))

    def apart(self) -> Exhibit:
        """The same file, to be tried without blaming this one."""
        return replace(self, reasons=list(self.reasons), faults=list(self.faults))

    @property
    def verdict(self) -> Verdict:
        """What the reasons so far amount to."""
        return verdict_of(self.reasons)

    @property
    def is_support(self) -> bool:
        """Whether it only supports others: closes a chain, or contradicts."""
        return self.name.startswith(HEADS)

    @property
    def is_placed(self) -> bool:
        """Whether its statement stands in a tree that somebody signed: nothing is wrong with it so far."""
        return self.head is not None and self.verdict != Verdict.INVALID

    def ranges(self) -> list[tuple[int, int, bytes]]:
        """(start, end, hash) of the subtrees that its path speaks of; only of an exhibit that is in its tree."""
        assert self.proof
        assert self.proof.extra
        assert self.head
        leaf = merkle.leaf_hash(hashlib.sha256(self.proof.extra).digest())
        return merkle.ranges_of_path(self.index, self.head.size, leaf, self.proof.path)

    @property
    def index(self) -> int:
        """The place in the log; only of an exhibit with a proof."""
        assert self.proof
        return self.proof.index

    @property
    def statement(self) -> Statement:
        """The statement; only of an exhibit with one."""
        assert self.signed
        return self.signed.statement

    @property
    def id(self) -> str:
        """The statement's id; only of an exhibit with one."""
        assert self.signed
        return self.signed.id

    @property
    def kind(self) -> str:
        """`root`, `member` or `relay`."""
        if isinstance(self.statement, MEMBER_TYPES):
            return "member"
        return "relay" if isinstance(self.statement, RELAY_TYPES) else "root"

    def logged(self) -> Logged:
        """The statement at its place; where the log time is not known, its own time stands in."""
        assert self.signed
        at = self.time or self.own_time
        return Logged(self.index, self.id, self.statement, self.signed.note, at)

    @property
    def own_time(self) -> datetime:
        """When its author dates it, or the nearest time that can be reckoned with."""
        return min(max(self.statement.time, FIRST), LAST)


def load(files: Mapping[str, bytes]) -> list[Exhibit]:
    """Every `.receipt` among the files, by name: parsed, and held against its own checkpoint's tree."""
    return [_load(name, files[name]) for name in sorted(files) if name.endswith(SUFFIX)]


def _load(name: str, data: bytes) -> Exhibit:
    exhibit = Exhibit(name)
    try:
        exhibit.proof = proofs.parse(data)
    except KeysError as error:
        exhibit.blame("unreadable", error)
        return exhibit
    extra = exhibit.proof.extra
    if extra is None:
        exhibit.blame("no-statement")
        return exhibit
    try:
        exhibit.signed = signing.parse(extra)
    except StatementError as error:
        exhibit.blame("bad-statement", error)
    if exhibit.signed and exhibit.kind == "relay" and not FIRST <= exhibit.statement.time <= LAST:
        exhibit.blame("bad-statement", f"no relay's clock shows {exhibit.statement.time:%Y-%m-%d}")
    try:
        exhibit.head = proofs.verify_inclusion(exhibit.proof, hashlib.sha256(extra).digest())
    except KeysError as error:
        exhibit.blame("not-logged", error)
    return exhibit


@dataclass
class Checkpoints:
    """Verifies checkpoints under the keys of their place, each once, and remembers what they say together.

    `gaps` are the committees of whose chain statements are known to be missing; `attested` are the notes that the
    relay signed with attested keys.
    """

    committees: Committees
    keys_at: Callable[[int, datetime], Sequence[tuple[Vkey, Vkey]]]
    gaps: frozenset[str] = frozenset()
    cosigned: list[tuple[int, datetime]] = field(default_factory=list)
    attested: dict[bytes, Checkpoint] = field(default_factory=dict)
    _found: dict[bytes, tuple[Finality | None, list[tuple[str, str]]]] = field(default_factory=dict)

    def examine(self, note: bytes) -> tuple[Finality | None, list[tuple[str, str]]]:
        """Whether the checkpoint is final, and what is wrong with it: pairs of reason code and detail."""
        if note not in self._found:
            self._found[note] = self._examine(note)
        return self._found[note]

    def _examine(self, data: bytes) -> tuple[Finality | None, list[tuple[str, str]]]:
        try:
            head, note = checkpoints.parse(data)
        except (NoteError, CheckpointError) as error:
            return None, [("unreadable", str(error))]
        time, trouble = self._check_log(head, note)
        if time is None:
            return None, trouble
        self.attested[data] = head
        by, more = self._check_witnesses(head, note)
        wanted = self.committees.witnesses(head.size, time)
        met = bool(wanted) and all(
            members and all(member.name in by for member in members) for members in wanted.values()
        )
        return "final" if met else "pending", trouble + more

    def _check_log(self, head: Checkpoint, note: Note) -> tuple[datetime | None, list[tuple[str, str]]]:
        stated = time_of_log(note, head.origin)
        trouble: list[tuple[str, str]] = []
        for keys in self.keys_at(head.size, stated):
            if keys[0].name != head.origin:
                trouble.append(("other-log", f"{head.origin}, not {keys[0].name}"))
                continue
            try:
                _, time = checkpoints.verify(note, keys)
            except (SignatureError, CheckpointError) as error:
                trouble.append(("checkpoint-signature", str(error)))
            else:
                return _at(time), []
        return None, trouble[:1]

    def _check_witnesses(self, head: Checkpoint, note: Note) -> tuple[set[str], list[tuple[str, str]]]:
        by: set[str] = set()
        trouble: list[tuple[str, str]] = []
        for line in note.signatures[2:]:
            at = _at(int.from_bytes(line.signature[:8]))
            chain = self.committees.chain_of(line.name)
            member = chain.in_force(head.size, at).get(line.name) if chain else None
            if not member or not line.is_under(member.statement.signing) or line.name in by:
                code = "witness-unknown" if chain and chain.committee in self.gaps else "unknown-signature"
                trouble.append((code, f"{line.name}+{line.key_id.hex()}"))
                continue
            try:
                cosignatures.verify(member.statement.signing, line, head.origin, head.size, head.root)
            except SignatureError as error:
                trouble.append(("cosignature", str(error)))
                continue
            by.add(line.name)
            self.cosigned.append((head.size, at))
        return by, trouble


def begin(roots: Mapping[str, Vkey]) -> Committees:
    """The committees of these root keys, whose chains have no link yet. Raises ChainError, NameFormatError."""
    return Committees.of(Chain(committee, root) for committee, root in roots.items())


def chains_from(roots: Mapping[str, Vkey], exhibits: Iterable[Exhibit]) -> Committees:
    """The chains that the root statements among the exhibits form, blaming those that do not fit."""
    committees = begin(roots)
    found: dict[str, Exhibit] = {}
    for exhibit in exhibits:
        if exhibit.is_placed and exhibit.signed and exhibit.kind == "root":
            found.setdefault(exhibit.id, exhibit)
    for exhibit in sorted(found.values(), key=lambda exhibit: exhibit.index):
        statement = exhibit.statement
        assert isinstance(statement, RootStatement)
        chain = committees.chains.get(statement.committee)
        if chain is None:
            exhibit.blame("no-roots", f"the root of {statement.committee}")
        elif statement.number > len(chain.links) + 1:
            exhibit.blame("chain-gap")
        else:
            try:
                committees = committees.append(exhibit.logged())
            except ChainError as error:
                exhibit.chain_error = error
                exhibit.blame("bad-chain", error)
    return committees


def time_of_log(note: Note, origin: str) -> datetime:
    """When the log's second line says it was signed; not verified."""
    lines = [line for line in note.signatures[:2] if line.name == origin]
    return _at(int.from_bytes(lines[1].signature[:8])) if len(lines) == 2 else _at(0)


def _at(seconds: int) -> datetime:
    """A POSIX time; the end of time for what no calendar has."""
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        return datetime.max.replace(tzinfo=UTC)
