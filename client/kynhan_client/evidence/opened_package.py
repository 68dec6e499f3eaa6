"""Judging a package whose file key was revealed: is it faulty, as was said? No home, no relay, nothing is written.

    package/header      as the sender signed it
    package/body        the sealed content, byte for byte
    package/file-key    the key of this one dispatch (protocol/evidence/file_key.py)

lie beside the receipts that prove the dispatch. The header's MAC binds the key to the header, and the dispatch binds
header and body to their sender; so whoever brings the key can invent no fault. Where the MAC does not fit, the key
counts only if it opens the body: else it may be any key.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final

from kynhan_keys import age
from kynhan_keys.errors import HeaderError, KeysError, MacError, NoMatchError
from kynhan_protocol.errors import EvidenceError, ProtocolError
from kynhan_protocol.evidence import documents, exhibits, file_key
from kynhan_protocol.evidence.file_key import FileKey
from kynhan_protocol.evidence.verdicts import ReceiptJudgement, Verdict, verdict_of, worst
from kynhan_protocol.package.manifest import SignedManifest
from kynhan_protocol.statements.statements import Dispatch

from ..clauses import technical
from ..dossiers import manifest_judge, unpacking
from ..dossiers.unpacking import Fault
from .holding import reason
from .package_finding import PackageFinding, Result
from .reading import PACKAGE
from .verifying import Trust, Verification, read_roots

_VERDICTS: Final[Mapping[Result, Verdict]] = {
    "fault": Verdict.VALID,
    "whole": Verdict.VALID,
    "other-key": Verdict.INVALID,
    "other-header": Verdict.INVALID,
    "other-body": Verdict.INVALID,
    "bad-key": Verdict.INVALID,
    "no-key": Verdict.INCOMPLETE,
    "incomplete": Verdict.INCOMPLETE,
    "not-shown": Verdict.INCOMPLETE,
}
_SUBJECTS: Final[Mapping[Result, str]] = {
    **dict(zip(("other-header", "other-body", "other-key"), PACKAGE, strict=True)),
    "bad-key": PACKAGE[2],
    "no-key": PACKAGE[2],
}
_MOST_HEADER: Final = 1 << 20

Judge = Callable[[SignedManifest], tuple[Fault, ...]]


@dataclass(frozen=True)
class _Signed:
    """The dispatch as the receipts prove it, and what judges the manifest inside."""

    statement: Dispatch
    judge: Judge


def is_here(path: Path) -> bool:
    """Whether a package lies in the evidence at `path`."""
    return path.is_dir() and any((path / name).is_file() for name in PACKAGE)


def hold(path: Path, files: Mapping[str, bytes], verification: Verification, trust: Trust) -> Verification:
    """The verdict on the evidence in the folder `path` together with the package in it. `files` are the others there,
    of which `verification` is the verdict. Raises OSError.
    """
    finding = find(path, files, verification, trust)
    verdict = _VERDICTS[finding.result]
    reasons = verification.reasons
    if verdict is not Verdict.VALID:
        why = reason(f"package-reason.{finding.result}", verdict)
        reasons += (replace(why, subject=_SUBJECTS.get(finding.result, "package")),)
    return replace(
        verification, verdict=worst((verification.verdict, verdict)), reasons=reasons, package=finding
    )


def find(path: Path, files: Mapping[str, bytes], verification: Verification, trust: Trust) -> PackageFinding:
    """What the package in the folder shows, as hold() has it."""
    header, body, key = (path / name for name in PACKAGE)
    if not (header.is_file() and body.is_file() and key.is_file()):
        return PackageFinding(None, "incomplete")
    try:
        revealed = file_key.parse(_start(key, file_key.MAX_BYTES + 1))
    except EvidenceError:
        return PackageFinding(None, "bad-key")
    signed = _signed(revealed.dispatch, files, verification, trust)
    if signed is None:
        return PackageFinding(revealed.dispatch, "not-shown")
    return look(signed.statement, _start(header, _MOST_HEADER + 1), body, revealed, signed.judge)


def look(statement: Dispatch, header: bytes, body: Path, revealed: FileKey, judge: Judge) -> PackageFinding:
    """What header, body and file key show of the dispatch that the sender signed; `judge` judges its manifest."""
    found = PackageFinding(
        revealed.dispatch, "other-header", header=unpacking.is_signed_header(statement, header)
    )
    if not found.header:
        return found
    found = replace(
        found,
        body=not unpacking.is_damaged(body, statement.body.size, statement.body.hash),
        result="other-body",
    )
    return _open(found, header, body, revealed.key, judge) if found.body else found


def _open(
    found: PackageFinding, header: bytes, body: Path, key: bytes | None, judge: Judge
) -> PackageFinding:
    """The key against the header, then the body under the key."""
    if key is None:
        return _without_key(found, header)
    try:
        age.check_key(header, key)
    except HeaderError as error:
        return replace(found, result="fault", faults=(_of_header(error),))
    except MacError as error:
        if not unpacking.opens_first_chunk(key, body):
            return replace(found, result="other-key", key=False)
        return replace(found, result="fault", key=False, faults=(_of_header(error),))
    found = replace(found, key=True)
    if (damaged := unpacking.look_at_payload(key, body)) is not None:
        return replace(found, result="fault", payload=False, faults=(damaged,))
    faults = unpacking.look(key, body, judge=judge)
    return replace(
        found, result="fault" if faults else "whole", payload=True, content=not faults, faults=faults
    )


def _without_key(found: PackageFinding, header: bytes) -> PackageFinding:
    """A header that nobody can read needs no key to be proved faulty."""
    try:
        age.find_key(header, ())
    except HeaderError as error:
        return replace(found, result="fault", faults=(_of_header(error),))
    except NoMatchError:
        return replace(found, result="no-key")
    raise AssertionError("no identity opens nothing")


def _of_header(error: KeysError) -> Fault:
    vi, en = technical("khóa mở bì hỏng", str(error))
    return Fault("header", en, vi)


def is_shown(dispatch: str, verification: Verification) -> bool:
    """Whether evidence of this verdict proves the dispatch: its own receipt is VALID, and nothing is wrong with the
    evidence as a whole. Other receipts among it may have their own reasons."""
    return _receipt(dispatch, verification) is not None


def _receipt(dispatch: str, verification: Verification) -> ReceiptJudgement | None:
    if verdict_of(verification.reasons) is not Verdict.VALID:
        return None
    judged = next((one for one in verification.receipts if one.id == dispatch), None)
    return judged if judged and judged.verdict is Verdict.VALID and judged.time else None


def _signed(
    dispatch: str, files: Mapping[str, bytes], verification: Verification, trust: Trust
) -> _Signed | None:
    """The dispatch, where the evidence proves it."""
    judged = _receipt(dispatch, verification)
    if judged is None:
        return None
    try:
        return _read(judged, files, verification, trust)
    except (ProtocolError, KeysError, ValueError, KeyError):
        return None


def _read(
    judged: ReceiptJudgement, files: Mapping[str, bytes], verification: Verification, trust: Trust
) -> _Signed | None:
    elsewhere = {one.subject for one in verification.aside}
    shown = [
        one for one in exhibits.load(files) if one.is_placed and one.signed and one.name not in elsewhere
    ]
    exhibit = next(one for one in shown if one.name == judged.name)
    statement = exhibit.statement
    if not isinstance(statement, Dispatch) or judged.time is None:
        return None
    roots = read_roots(trust.roots) if trust.roots else documents.read_roots(files.get("roots"), [])
    committees = exhibits.chains_from(roots, shown)
    profile = documents.Documents.of(files).profiles[statement.profile]
    at = datetime.fromisoformat(judged.time)
    return _Signed(statement, manifest_judge.judge(statement, exhibit.index, at, committees, profile))


def _start(path: Path, most: int) -> bytes:
    with path.open("rb") as file:
        return file.read(most)
