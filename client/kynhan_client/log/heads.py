"""Checkpoints as a client reads them: the relay's two signatures, and who of the witnesses cosigned. No I/O.

DESIGN §3.3: the relay signs with Ed25519 and ML-DSA-44 under its origin; witnesses cosign with ML-DSA-44 under their
member names. A line under a key that no chain certifies as a witness says nothing and is passed over.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from kynhan_keys import checkpoints, cosignatures, notes
from kynhan_keys.errors import KeysError, SignatureError
from kynhan_keys.vkeys import Vkey
from kynhan_protocol.statements.committees import Committees

from ..clauses import clause
from ..errors import problem
from .logbook import Head


@dataclass(frozen=True)
class SignedHead:
    """A checkpoint of the relay; `cosigned` gives, by committee, when (POSIX) its witness cosigned it."""

    head: Head
    cosigned: Mapping[str, int]


def read(data: bytes, origin: str, keys: Sequence[Vkey], committees: Committees) -> SignedHead:
    """The checkpoint in `data` of the log `origin`, its signatures verified under `keys` (Ed25519, ML-DSA-44).

    Raises ClientError relay-answer-invalid.
    """
    try:
        note = notes.parse(data)
        checkpoint, time = checkpoints.verify(note, keys)
    except KeysError as error:
        raise problem("relay-answer-invalid", why=clause("answer.checkpoint", why=error), kept="") from error
    if checkpoint.origin != origin:
        raise problem(
            "relay-answer-invalid", why=clause("answer.other-origin", origin=checkpoint.origin), kept=""
        )
    head = Head(checkpoint.size, checkpoint.root, data, time)
    return SignedHead(head, _cosigned(note, checkpoint, committees))


def _cosigned(note: notes.Note, checkpoint: checkpoints.Checkpoint, committees: Committees) -> dict[str, int]:
    found: dict[str, int] = {}
    for committee, chain in committees.chains.items():
        for certified in chain.certified(checkpoint.size).values():
            vkey = certified.statement.signing
            for line in note.signatures:
                if not certified.has("witness") or not line.is_under(vkey):
                    continue
                try:
                    time = cosignatures.verify(
                        vkey, line, checkpoint.origin, checkpoint.size, checkpoint.root
                    )
                except SignatureError:
                    continue
                if certified.is_valid_at(datetime.fromtimestamp(time, UTC)):
                    found[committee] = max(time, found.get(committee, 0))
    return found
