"""What a bundle holds: one receipt and everything that makes it verifiable by itself (DESIGN §3.3).

    receipts/NNNNNNNN.receipt       the receipt, and that of the relay statement naming it
    heads/NNNNNNNN.receipt          later statements of both committees, whose `head` closes the chains
    chains/COMMITTEE/NN.receipt     every root statement of both committees
    profile-HASH.json               profiles and calendars, each named by the first digits of its SHA-256
    calendar-HASH.json
    roots                           the first root key of each committee, one vkey a line
    policy, policy-ed25519          tlog-policy files for other tools
    checkpoint                      the cosigned checkpoint before

evidence.verify_case() takes such a mapping of names to bytes; writing the tar is the client's.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from kynhan_keys import policies, proofs
from kynhan_keys.policies import Group, Policy
from kynhan_keys.vkeys import Vkey

from ..errors import EvidenceError
from ..statements import signing
from ..statements.committees import Committees
from ..statements.statements import RootStatement
from .verdicts import HEADS

EVERYONE: Final = "everyone"


@dataclass(frozen=True, kw_only=True)
class Parts:
    """The pieces of a bundle, all as bytes: `.receipt` files, documents, checkpoint.

    `receipts` are the one in question, that of the relay statement naming it, and whatever else helps (of a
    DUE: its HANDOVER; of a RECEIPT: its DISPATCH). `heads` are later ones that close the chains for them: the
    newest statement of each committee will do. `chains` are all root statements of both, `roots` their first
    root keys by committee.
    """

    receipts: tuple[bytes, ...]
    chains: tuple[bytes, ...]
    roots: Mapping[str, Vkey]
    profiles: tuple[bytes, ...]
    heads: tuple[bytes, ...] = ()
    calendars: tuple[bytes, ...] = ()
    checkpoint_before: bytes | None = None
    policy: bytes | None = None
    policy_ed25519: bytes | None = None
    others: Mapping[str, bytes] = field(default_factory=dict)


def contents(parts: Parts) -> dict[str, bytes]:
    """File names and bytes of the bundle, sorted by name. Raises EvidenceError for a receipt that cannot be
    read.
    """
    files = dict(parts.others)
    for receipt in parts.receipts:
        files[f"receipts/{_index(receipt):08d}.receipt"] = receipt
    for receipt in parts.heads:
        files[f"{HEADS}{_index(receipt):08d}.receipt"] = receipt
    for receipt in parts.chains:
        statement = _statement(receipt)
        if not isinstance(statement, RootStatement):
            raise EvidenceError("A chain consists of root statements.")
        files[f"chains/{statement.committee}/{statement.number:02d}.receipt"] = receipt
    files |= {f"profile-{_short(data)}.json": data for data in parts.profiles}
    files |= {f"calendar-{_short(data)}.json": data for data in parts.calendars}
    files["roots"] = roots_text(parts.roots)
    for name, data in (
        ("checkpoint", parts.checkpoint_before),
        ("policy", parts.policy),
        ("policy-ed25519", parts.policy_ed25519),
    ):
        if data is not None:
            files[name] = data
    return dict(sorted(files.items()))


def roots_text(roots: Mapping[str, Vkey]) -> bytes:
    """The file `roots`: one vkey a line, sorted by committee."""
    return "".join(f"{roots[committee]}\n" for committee in sorted(roots)).encode()


def policy(relay: Vkey, committees: Committees, size: int, at: datetime) -> bytes:
    """The tlog-policy of a checkpoint of `size` leaves signed at `at`: the relay's ML-DSA-44 key as log, and
    the witnesses of all committees in force then, of whom all have to cosign.

    Without any witness nothing can be final: raises EvidenceError.
    """
    found = [one for members in committees.witnesses(size, at).values() for one in members]
    if not found:
        raise EvidenceError("No witness is in force, so there is no policy.")
    witnesses = {one.name.replace("/", "."): one.statement.signing for one in found}
    made = Policy((relay,), witnesses, {EVERYONE: Group(len(witnesses), tuple(witnesses))}, EVERYONE)
    return policies.format(made)


def policy_ed25519(relay: Vkey) -> bytes:
    """The tlog-policy for classic tools: the relay's Ed25519 key as log, no witnesses."""
    return policies.format(Policy((relay,)))


def _index(receipt: bytes) -> int:
    try:
        return proofs.parse(receipt).index
    except ValueError as error:
        raise EvidenceError(f"This is not a receipt: {error}.") from error


def _statement(receipt: bytes) -> object:
    try:
        return signing.parse(proofs.parse(receipt).extra or b"").statement
    except ValueError as error:
        raise EvidenceError(f"This is not a receipt: {error}.") from error


def _short(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:12]
