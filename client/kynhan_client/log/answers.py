"""What the relay answers when a statement is posted: finished proofs, checked before anyone is told of success.

DESIGN §3.3: each caller gets its finished proof in the response, never a promise. The answer's checkpoint is compared
with our own copy of the log, so that a proof under a second history is caught.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime

from kynhan_keys import notes, proofs
from kynhan_keys.errors import KeysError
from kynhan_protocol.errors import StatementError
from kynhan_protocol.statements import signing
from kynhan_protocol.statements.signing import SignedStatement
from kynhan_protocol.statements.statements import Acceptance, Due, Handover, Statement

from ..clauses import clause
from ..errors import ClientError, problem
from ..home import cupboard
from ..home.home import Home
from ..relay.relay import Answer
from . import heads, mirror
from .view import committees_of


@dataclass(frozen=True)
class Proved:
    """One statement of an answer, its proof verified up to the relay's signatures."""

    index: int
    id: str
    statement: Statement
    note: bytes
    proof: bytes


@dataclass(frozen=True)
class Accepted:
    """A statement of ours in the log: `own` first, then the relay statements naming it; `time` is its log time.

    `handover` and `due` are those relay statements of a receipt.
    """

    own: Proved
    relay: tuple[Proved, ...]
    time: datetime

    @property
    def id(self) -> str:
        """The id that it is logged under; another one than ours if a variant of the text came first."""
        return self.own.id

    @property
    def handover(self) -> Proved | None:
        """The HANDOVER, if this is a receipt's answer."""
        return next((one for one in self.relay if isinstance(one.statement, Handover)), None)

    @property
    def due(self) -> Proved | None:
        """The DUE, if the statement set one."""
        return next((one for one in self.relay if isinstance(one.statement, Due)), None)


def check(home: Home, sent: SignedStatement, answer: Answer) -> Accepted:
    """Verifies an answer and keeps its proofs (pending). Verified are: the tree under the relay's signatures, every
    statement's place in it, that the first one is the text we sent, and that the others name it under the relay's key.

    Raises ClientError relay-answer-invalid; the answer is then kept as evidence.
    """
    try:
        accepted = _check(home, sent, answer)
    except (ClientError, KeysError, StatementError) as error:
        why = error.pair if isinstance(error, ClientError) else error
        files = {f"{number}.receipt": proof for number, proof in enumerate(answer.receipts)}
        kept = home.keep_evidence("answer", {"sent.note": sent.note, **files})
        wrong = problem("relay-answer-invalid", why=why, kept=f" ({kept.name})")
        home.archive.raise_alarm(
            "alarm",
            "relay-answer-invalid",
            wrong.en,
            wrong.vi,
            time=home.clock.posix(),
            evidence=str(kept.relative_to(home.path)),
            once=kept.name,
        )
        raise wrong from error
    with home.archive.transaction():
        for proved in (accepted.own, *accepted.relay):
            cupboard.put_receipt(home.archive, proved.id, proved.proof, final=False)
    return accepted


def prove(home: Home, proof: bytes) -> Proved:
    """A proof under the relay's signatures, its checkpoint compared with our copy of the log (a contradiction
    freezes the home). Raises ClientError relay-answer-invalid, KeysError, StatementError."""
    parsed = proofs.parse(proof)
    if parsed.extra is None:
        raise problem("relay-answer-invalid", why=clause("answer.proof-alone"), kept="")
    entry = hashlib.sha256(parsed.extra).digest()
    proofs.verify_inclusion(parsed, entry)
    address = home.relay
    heads.read(parsed.checkpoint, address.origin, address.keys, committees_of(home))
    mirror.gossip(home, parsed.checkpoint)
    return Proved(parsed.index, entry.hex(), signing.parse(parsed.extra).statement, parsed.extra, proof)


def _check(home: Home, sent: SignedStatement, answer: Answer) -> Accepted:
    own, *others = [prove(home, proof) for proof in answer.receipts]
    if notes.split_text(own.note) != sent.text.encode():
        raise problem("relay-answer-invalid", why=clause("answer.other-statement"), kept="")
    if (own.id, own.index) != (answer.id, answer.index):
        raise problem("relay-answer-invalid", why=clause("answer.other-place"), kept="")
    relay_key = home.relay.keys[0]
    times: list[datetime] = []
    for proved in others:
        signing.verify(signing.parse(proved.note), [relay_key])
        if isinstance(proved.statement, Acceptance | Handover):
            if proved.statement.of != own.id:
                raise problem("relay-answer-invalid", why=clause("answer.names-other"), kept="")
            times.append(proved.statement.time)
    if not times:
        raise problem("relay-answer-invalid", why=clause("answer.no-time"), kept="")
    return Accepted(own, tuple(others), times[0].astimezone(UTC))
