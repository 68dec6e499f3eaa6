"""Judging evidence offline: a .receipt, a case's folder, a bundle tar. No home, no relay; protocol/evidence.py judges.

What the reader brings along makes the verdict stronger, never weaker: root keys compared in person, a policy of its
own, a date after which Ed25519 alone proves nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from kynhan_keys import policies, proofs
from kynhan_keys.errors import KeysError, PolicyError, VkeyError
from kynhan_keys.policies import Policy
from kynhan_keys.vkeys import Vkey
from kynhan_protocol.errors import ProtocolError
from kynhan_protocol.evidence import evidence
from kynhan_protocol.evidence.evidence import Anchors
from kynhan_protocol.evidence.verdicts import Aside, Reason, ReceiptJudgement, Verdict, worst
from kynhan_protocol.package.qr_text import Reference

from ..errors import problem
from .package_finding import PackageFinding
from .reading import read_file, read_files
from .values import Value


@dataclass(frozen=True)
class Verification:
    """The verdict on everything together. `fingerprint`: the 60 digits of the keys it rests on, None where they are not
    all there; `anchored`: the roots came from the reader; `references`: what the QR codes on paper say; `page`: what
    the page says by the evidence, and whether it was held against the page at hand; `aside`: files that change nothing;
    `package`: what the package shows whose file key was revealed beside them (opened_package.py), None without one.
    """

    verdict: Verdict
    fingerprint: str | None
    receipts: tuple[ReceiptJudgement, ...]
    reasons: tuple[Reason, ...]
    anchored: bool = False
    references: tuple[Reference, ...] = ()
    page: tuple[Value, ...] = ()
    aside: tuple[Aside, ...] = ()
    package: PackageFinding | None = None


@dataclass(frozen=True)
class Trust:
    """What the reader brings along: a tlog-policy, a file of root vkeys (one a line), the day until which Ed25519 is
    believed. None takes what lies beside the receipts (then compare the fingerprint)."""

    policy: Path | None = None
    roots: Path | None = None
    ed25519_until: date | None = None


@dataclass
class _Extra:
    """Reasons of the reader's own conditions, by file."""

    reasons: dict[str, list[Reason]] = field(default_factory=dict)

    def add(self, file: str, reason: Reason) -> None:
        self.reasons.setdefault(file, []).append(reason)


def verify_path(path: Path, trust: Trust | None = None) -> Verification:
    """The verdict on a .receipt file, a case's folder or a bundle tar. What is in them can only worsen the verdict.

    Raises ClientError missing-file, bad-file (neither of the three, or larger than anything that we write).
    """
    brought = read_files(path)
    return verify_files(brought.files, trust or Trust(), brought.others)


def verify_files(files: Mapping[str, bytes], trust: Trust, others: Iterable[str] = ()) -> Verification:
    """The same for files by name; `others` are names of files beside them that were not read.

    Raises ClientError missing-file, bad-file for the reader's own files.
    """
    judgement = evidence.verify_case(files, _anchors(trust), others)
    extra = _Extra()
    policy = None if trust.policy is None else _read_policy(trust.policy)
    if policy is not None:
        _hold_against_policy(files, policy, extra)
    if trust.ed25519_until is not None:
        _hold_against_date(files, trust.ed25519_until, policy or _own_policy(files), extra)
    judged = tuple(_with(one, extra.reasons.get(one.name, [])) for one in judgement.receipts)
    known = {one.name for one in judged} | {one.subject for one in judgement.aside}
    reasons = list(judgement.reasons)
    for name, found in extra.reasons.items():
        if name not in known:  # in heads/: what supports a receipt has to meet the same conditions
            reasons += found
    overall = worst((judgement.verdict, *(one.verdict for one in judged), *(why.verdict for why in reasons)))
    return Verification(
        overall,
        judgement.fingerprint,
        judged,
        tuple(reasons),
        judgement.anchored,
        aside=judgement.aside,
    )


def _anchors(trust: Trust) -> Anchors | None:
    if trust.roots is None:
        return None
    try:
        lines = read_file(trust.roots).decode("ascii").splitlines()
        roots = {vkey.name: vkey for vkey in map(Vkey.parse, lines)}
        if not roots or len(roots) != len(lines):
            raise VkeyError("not one root key a line, each committee once")
        return Anchors(roots=roots)
    except FileNotFoundError as error:
        raise problem("missing-file", path=trust.roots) from error
    except (OSError, UnicodeDecodeError, VkeyError, ProtocolError) as error:
        raise problem("bad-file", path=trust.roots, why=error) from error


def _read_policy(path: Path) -> Policy:
    try:
        return policies.parse(read_file(path))
    except FileNotFoundError as error:
        raise problem("missing-file", path=path) from error
    except (OSError, KeysError) as error:
        raise problem("bad-file", path=path, why=error) from error


def _hold_against_policy(files: Mapping[str, bytes], policy: Policy, extra: _Extra) -> None:
    """A checkpoint that the reader's policy does not accept: INVALID, or INCOMPLETE if only witnesses are missing."""
    without_witnesses = Policy(policy.logs)
    for name, proof in _proofs(files):
        try:
            policies.check(policy, proof.checkpoint)
        except PolicyError as error:
            try:
                policies.check(without_witnesses, proof.checkpoint)
                verdict = Verdict.INCOMPLETE
            except KeysError:
                verdict = Verdict.INVALID
            extra.add(
                name,
                Reason(
                    "policy-not-met",
                    name,
                    "The checkpoint does not meet the policy given.",
                    "Mốc đối chứng không đạt chính sách đã cho.",
                    verdict,
                    str(error),
                ),
            )
        except KeysError:
            continue  # no checkpoint at all, which was said already


def _own_policy(files: Mapping[str, bytes]) -> Policy | None:
    """The policy that lies beside the receipts, for a reader who brings none."""
    try:
        return policies.parse(files.get("policy", b""))
    except KeysError:
        return None


def _hold_against_date(files: Mapping[str, bytes], until: date, policy: Policy | None, extra: _Extra) -> None:
    """Ed25519 signatures count if the policy's witnesses dated them, by ML-DSA-44, before the day ended (UTC)."""
    end = datetime.combine(until + timedelta(days=1), time(), UTC).timestamp()
    for name, proof in _proofs(files):
        times: list[int] = []
        if policy is not None:
            try:
                times = list(policies.check(policy, proof.checkpoint).witnesses.values())
            except KeysError:
                times = []
        if not times or max(times) >= end:
            extra.add(
                name,
                Reason(
                    "ed25519-not-dated",
                    name,
                    "Nothing but Ed25519 shows that this was signed before the date given.",
                    "Chỉ có chữ ký Ed25519 cho thấy nội dung này được ký trước ngày đã cho.",
                    Verdict.INCOMPLETE,
                    until.isoformat(),
                ),
            )


def _proofs(files: Mapping[str, bytes]) -> list[tuple[str, proofs.Proof]]:
    found = []
    for name, data in files.items():
        if name.endswith(".receipt"):
            try:
                found.append((name, proofs.parse(data)))
            except KeysError:
                continue
    return found


def _with(judged: ReceiptJudgement, reasons: list[Reason]) -> ReceiptJudgement:
    if not reasons:
        return judged
    verdict = worst((judged.verdict, *(reason.verdict for reason in reasons)))
    return replace(judged, verdict=verdict, reasons=(*judged.reasons, *reasons))


# --- what a reader brings along, for other judges


def read_roots(path: Path) -> dict[str, Vkey]:
    """A file of root vkeys, by committee. Raises ClientError missing-file, bad-file."""
    anchors = _anchors(Trust(roots=path))
    return {} if anchors is None else dict(anchors.roots)


def read_policy(path: Path) -> Policy:
    """A tlog-policy file. Raises ClientError missing-file, bad-file."""
    return _read_policy(path)
