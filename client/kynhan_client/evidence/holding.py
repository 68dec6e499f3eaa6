"""Holding what a page says against the evidence: its QR code (statement, place, log, tree, case) and its text.

Each difference is a reason of its own, INVALID where page and evidence contradict each other, INCOMPLETE where the
evidence does not reach far enough to say.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from kynhan_keys import checkpoints, proofs
from kynhan_keys.errors import KeysError
from kynhan_protocol.errors import ProtocolError
from kynhan_protocol.evidence.verdicts import HEADS, Reason, ReceiptJudgement, Verdict
from kynhan_protocol.package.qr_text import Reference
from kynhan_protocol.statements import signing
from kynhan_protocol.statements.statements import Statement

from .. import words
from ..printing import dates
from .reading import PROOF


@dataclass(frozen=True)
class Evidence:
    """Files as verify_case takes them; `roots`: root hashes (hex) of trees by log and size, as far as they show
    them."""

    files: Mapping[str, bytes]
    roots: Callable[[tuple[str, int]], str | None]


@dataclass(frozen=True)
class _Placed:
    """A statement of the evidence."""

    index: int
    id: str
    origin: str
    statement: Statement


def of_files(files: Mapping[str, bytes]) -> Evidence:
    """Evidence in files: a bundle, a case's folder, a receipt."""
    roots = {
        (head.origin, head.size): head.root.hex()
        for data in files.values()
        if (proof := _proof(data)) is not None and (head := _head(proof.checkpoint)) is not None
    }
    return Evidence(files, roots.get)


def reason(key: str, verdict: Verdict, detail: str = "", **blanks: object) -> Reason:
    """A reason of words/; its code is the last part of the key."""
    vi, en = words.pair(key, **blanks)
    return Reason(key.rpartition(".")[2], "", en, vi, verdict, detail)


def hold(reference: Reference, evidence: Evidence, named: Sequence[bytes] | None = None) -> list[Reason]:
    """The code against the evidence: statement, place, log, tree, case.

    `named`: the receipts attached beside the code, one of which it has to be about; None where the evidence came from
    elsewhere, and may hold anything.
    """
    placed = _placed(data for name, data in evidence.files.items() if not name.startswith(HEADS))
    same = [one for one in placed if one.id == reference.id]
    if named and reference.id not in {one.id for one in _placed(named)}:
        return [reason("paper-reason.other-statement", Verdict.INVALID, id=reference.id[:16])]
    if not same:
        there = [one for one in placed if (one.index, one.origin) == (reference.index, reference.origin)]
        if there or named is not None:
            detail = there[0].id if there else ""
            return [reason("paper-reason.other-statement", Verdict.INVALID, detail, id=reference.id[:16])]
        return [reason("paper-reason.not-in-evidence", Verdict.INCOMPLETE, id=reference.id[:16])]
    reasons = []
    if all(one.index != reference.index for one in same):
        reasons.append(reason("paper-reason.other-index", Verdict.INVALID, str(same[0].index)))
    if all(one.origin != reference.origin for one in same):
        reasons.append(reason("paper-reason.other-log", Verdict.INVALID, same[0].origin))
    root = evidence.roots((reference.origin, reference.size))
    if root is None:
        reasons.append(reason("paper-reason.tree-unknown", Verdict.INCOMPLETE, size=reference.size))
    elif root != reference.root:
        reasons.append(reason("paper-reason.other-tree", Verdict.INVALID, root, size=reference.size))
    if reference.case is not None:
        reasons += _hold_case(reference, placed, same[0])
    return reasons


def _hold_case(reference: Reference, placed: list[_Placed], last: _Placed) -> list[Reason]:
    """Whether the statement is of that case, and its last one under the tree, as far as the evidence shows."""
    by_id = {one.id: one.statement for one in placed}
    if _case(last.statement, by_id) != reference.case:
        return [reason("paper-reason.other-case", Verdict.INVALID, reference.case or "")]
    later = [
        one
        for one in placed
        if reference.index < one.index < reference.size and _case(one.statement, by_id) == reference.case
    ]
    return [reason("paper-reason.not-last", Verdict.INVALID, str(one.index)) for one in later[:1]]


def _case(statement: object, by_id: Mapping[str, Statement]) -> str | None:
    """The case of a statement, through whatever it is about."""
    for _ in range(3):  # acceptance → opening → dispatch
        case = getattr(statement, "case", None)
        if case is not None:
            return str(case)
        named = getattr(statement, "dispatch", None) or getattr(statement, "of", None)
        statement = by_id.get(named or "")
    return None


def hold_text(
    texts: Sequence[str], references: Sequence[Reference], judged: Sequence[ReceiptJudgement]
) -> list[Reason]:
    """The text of the page against the evidence: ids, tree, and when the statement was logged."""
    page = "".join("".join(text.split()) for text in texts)
    if not page:
        return []  # nothing but pictures
    reasons = []
    times = {one.id: one.time for one in judged if one.id is not None}
    for reference in references:
        wanted = [reference.id, reference.root, reference.case or ""]
        missing = [one for one in wanted if one not in page]
        logged = times.get(reference.id)
        if logged is not None:
            spelled = dates.long_moment(datetime.fromisoformat(logged))
            if not any("".join(one.split()) in page for one in spelled):
                missing.append(logged)
        reasons += [reason("paper-reason.other-text", Verdict.INVALID, one) for one in missing]
    return reasons


def _placed(files: Iterable[bytes]) -> list[_Placed]:
    found = []
    for data in files:
        proof = _proof(data)
        head = None if proof is None else _head(proof.checkpoint)
        if proof is None or proof.extra is None or head is None:
            continue
        try:
            statement = signing.parse(proof.extra).statement
        except (ProtocolError, KeysError):
            continue
        found.append(_Placed(proof.index, hashlib.sha256(proof.extra).hexdigest(), head.origin, statement))
    return found


def _proof(data: bytes) -> proofs.Proof | None:
    if not data.startswith(PROOF):
        return None
    try:
        return proofs.parse(data)
    except KeysError:
        return None


def _head(note: bytes) -> checkpoints.Checkpoint | None:
    try:
        return checkpoints.parse(note)[0]
    except KeysError:
        return None
