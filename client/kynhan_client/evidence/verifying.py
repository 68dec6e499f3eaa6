"""Judging evidence offline: a .receipt, a case's folder, a bundle tar. No home, no relay; protocol/evidence.py judges.

What the reader brings along makes the verdict stronger, never weaker: root keys compared in person, a policy of its
own, a date after which Ed25519 alone proves nothing.
"""

from __future__ import annotations

import io
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path, PurePosixPath
from typing import Final

from kynhan_keys import policies, proofs
from kynhan_keys.errors import KeysError, PolicyError, VkeyError
from kynhan_keys.policies import Policy
from kynhan_keys.vkeys import Vkey
from kynhan_protocol.errors import ProtocolError
from kynhan_protocol.evidence import evidence
from kynhan_protocol.evidence.evidence import Anchors
from kynhan_protocol.evidence.verdicts import Reason, ReceiptJudgement, Verdict, worst
from kynhan_protocol.package.qr_text import Reference

from ..clauses import clause
from ..errors import problem
from .values import Value

MAX_FILE: Final = 4 << 20
MAX_TOTAL: Final = 512 << 20
PROOF: Final = b"c2sp.org/tlog-proof"
NAMED: Final = ("policy", "policy-ed25519", "roots", "checkpoint")
FOLDERS: Final = ("receipts", "heads", "chains")


@dataclass(frozen=True)
class Verification:
    """The verdict on everything together. `fingerprint`: the 60 digits of the keys it rests on, None where they are not
    all there; `anchored`: the roots came from the reader; `references`: what the QR codes on paper say; `page`: what
    the page says by the evidence, and whether it was held against the page at hand."""

    verdict: Verdict
    fingerprint: str | None
    receipts: tuple[ReceiptJudgement, ...]
    reasons: tuple[Reason, ...]
    anchored: bool = False
    references: tuple[Reference, ...] = ()
    page: tuple[Value, ...] = ()


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
    return verify_files(read_files(path), trust or Trust())


def verify_files(files: Mapping[str, bytes], trust: Trust) -> Verification:
    """The same for files by name. Raises ClientError missing-file, bad-file for the reader's own files."""
    judgement = evidence.verify_case(files, _anchors(trust))
    extra = _Extra()
    policy = None if trust.policy is None else _read_policy(trust.policy)
    if policy is not None:
        _hold_against_policy(files, policy, extra)
    if trust.ed25519_until is not None:
        _hold_against_date(files, trust.ed25519_until, policy or _own_policy(files), extra)
    judged = tuple(_with(one, extra.reasons.get(one.name, [])) for one in judgement.receipts)
    overall = worst((judgement.verdict, *(one.verdict for one in judged)))
    return Verification(overall, judgement.fingerprint, judged, judgement.reasons, judgement.anchored)


def read_files(path: Path) -> dict[str, bytes]:
    """The evidence at `path`, by name. Raises ClientError missing-file, bad-file."""
    if path.is_dir():
        return _read_folder(path)
    try:
        data = _read(path)
    except FileNotFoundError as error:
        raise problem("missing-file", path=path) from error
    except OSError as error:
        raise problem("bad-file", path=path, why=error) from error
    if data.startswith(PROOF):
        return {f"receipts/{path.name}": data}
    return read_tar(data, path)


def _read_folder(folder: Path) -> dict[str, bytes]:
    """What belongs to the evidence in a folder, and nothing else that may lie there."""
    chosen = [path for path in folder.iterdir() if path.is_file() and _belongs(path.name)]
    for name in FOLDERS:
        chosen += [path for path in (folder / name).rglob("*.receipt") if path.is_file()]
    files: dict[str, bytes] = {}
    for path in sorted(chosen):
        try:
            files[path.relative_to(folder).as_posix()] = _read(path)
        except OSError as error:
            raise problem("bad-file", path=path, why=error) from error
    return files


def read_tar(data: bytes, path: Path) -> dict[str, bytes]:
    """The files of a bundle; `path` is what an error calls it. Raises ClientError bad-file."""
    files: dict[str, bytes] = {}
    total = 0
    try:
        with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as tar:
            for member in tar:
                name = PurePosixPath(member.name)
                content = tar.extractfile(member) if member.isfile() else None
                if content is None:
                    continue
                total += member.size
                if member.size > MAX_FILE or total > MAX_TOTAL:
                    raise problem("bad-file", path=path, why=clause("file.too-large", name=name))
                if name.as_posix() in files:
                    raise problem("bad-file", path=path, why=clause("file.twice", name=name))
                files[name.as_posix()] = content.read()
    except (tarfile.TarError, EOFError, ValueError, OverflowError, RecursionError) as error:
        raise problem("bad-file", path=path, why=clause("file.no-evidence")) from error
    return files


def _read(path: Path) -> bytes:
    """A file, unless it is larger than evidence is. Raises OSError, ClientError bad-file."""
    limit = MAX_TOTAL if path.suffix == ".tar" else MAX_FILE
    with path.open("rb") as file:
        data = file.read(limit + 1)
    if len(data) > limit:
        raise problem("bad-file", path=path, why=clause("file.too-large-evidence"))
    return data


def _belongs(name: str) -> bool:
    document = name.endswith(".json") and name.startswith(("profile", "calendar"))
    return name in NAMED or document or name.endswith(".receipt")


def _anchors(trust: Trust) -> Anchors | None:
    if trust.roots is None:
        return None
    try:
        lines = _read(trust.roots).decode("ascii").splitlines()
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
        return policies.parse(_read(path))
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
