"""Judging paper: a printed receipt or certificate as PDF, a photo or a scan of its QR code.

What proves anything is the evidence: attached to the PDF, brought along, or in the home's own copy of the log. The page
is held against it: the QR code, and every word (pages.py). A page that names another statement than the evidence does,
or shows another date, name or figure, is INVALID; a code without evidence is INCOMPLETE, however well it reads, and so
is a photo or a scan, whose words nobody here reads: the values to compare by eye come with the verdict.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from kynhan_protocol.evidence.verdicts import Reason, Verdict, worst
from kynhan_protocol.package import qr_text
from kynhan_protocol.package.qr_text import QrTextError, Reference

from ..clauses import clause
from ..errors import problem
from ..home.home import Home
from ..log import logbook
from ..printing import basis, certificate
from ..printing import receipt as receipt_page
from ..scanning.found import Found
from ..scanning.scan import is_paper, scan
from ..words import Language
from . import opened_package, verifying
from .holding import Evidence, hold, hold_text, of_files, reason
from .pages import hold_page
from .reading import PROOF, read_files, read_tar
from .verifying import Trust, Verification

ATTACHED = "attached/"


Finder = Callable[[Reference], Evidence | None]


def verify_path(path: Path, trust: Trust, find: Finder, language: Language = "vi") -> Verification:
    """The verdict on anything `kynhan verify` takes: a PDF or picture here, a folder with a package whose file key was
    revealed by opened_package.py, the rest as verifying.verify_path(). `language`: of the values to compare by eye.

    Raises ClientError missing-file, bad-file; what `find` raises; OSError.
    """
    if _is_paper(path):
        return verify_paper(path, trust, find, language)
    if not opened_package.is_here(path):
        return verifying.verify_path(path, trust)
    brought = read_files(path)
    verification = verifying.verify_files(brought.files, trust, brought.others)
    return opened_package.hold(path, brought.files, verification, trust)


def verify_paper(path: Path, trust: Trust, find: Finder, language: Language = "vi") -> Verification:
    """The verdict on a PDF, photo or scan. `find` looks for the evidence of a code where the file brings none.

    Raises ClientError bad-file: not to be read, or nothing of ours in it; what `find` raises; OSError.
    """
    found = scan(path)
    attached = _attached(found, path)
    references, broken = _references(found)
    if not attached and not references and not broken:
        raise problem("bad-file", path=path, why=clause("pdf.nothing" if found.texts else "image.no-qr"))
    if attached:
        evidence = of_files(attached)
        verification = verifying.verify_files(attached, trust)
        named = [data for _, data in found.attachments if data.startswith(PROOF)]
        reasons = [one for reference in references for one in hold(reference, evidence, named)]
        page = [hold_page(found, one, attached, verification, language) for one in references]
        reasons += [why for held in page for why in held.reasons]
        if not all(held.values for held in page):
            reasons += hold_text(found.texts, references, verification.receipts)
        verification = replace(verification, page=tuple(value for held in page for value in held.values))
        if not references and not broken:
            reasons.append(reason("paper-reason.no-code", Verdict.INCOMPLETE))
        return _with(verification, references, reasons + broken)
    read = found if len(references) == 1 else Found()  # which words are which code's nobody can tell
    verifications = [_verify_code(reference, trust, find, read, language) for reference in references]
    return _together(verifications, broken)


def of_path(path: Path) -> Evidence:
    """Evidence brought along: a .receipt, a bundle, a folder, or a PDF with it inside. Raises ClientError."""
    if not _is_paper(path):
        return of_files(read_files(path).files)
    attached = _attached(scan(path), path)
    if not attached:
        raise problem("bad-file", path=path, why=clause("file.no-evidence"))
    return of_files(attached)


def of_home(home: Home, reference: Reference) -> Evidence | None:
    """What our own copy of the log has about it: the statement itself, or the one that stands in its place."""
    if home.relay.origin != reference.origin:
        return None
    entry = logbook.by_id(home.archive, reference.id) or logbook.at(home.archive, reference.index)
    if entry is None:
        return None
    if reference.case is None or entry.case != reference.case:
        under = basis.of_statement(home, entry)
        shown = receipt_page.shown(home, under, entry)
    else:
        under = basis.of_case(home, reference.case)
        shown = certificate.shown(home, under)
    receipt, bundle = basis.proofs(home, under, entry, shown)
    known = reference.size <= logbook.size(home.archive)
    place = reference.origin, reference.size
    roots = {place: logbook.root_at(home.archive, reference.size).hex()} if known else {}
    return Evidence(bundle or {f"receipts/{entry.logged.index:08d}.receipt": receipt}, roots.get)


def _is_paper(path: Path) -> bool:
    if path.is_dir():
        return False
    try:
        with path.open("rb") as file:
            return is_paper(file.read(1024))
    except FileNotFoundError as error:
        raise problem("missing-file", path=path) from error
    except OSError as error:
        raise problem("bad-file", path=path, why=error) from error


def _attached(found: Found, path: Path) -> dict[str, bytes]:
    """The evidence attached: the files of its bundles, and each receipt that is not in them anyway."""
    files: dict[str, bytes] = {}
    single: dict[str, bytes] = {}
    for number, (name, data) in enumerate(found.attachments):
        if data.startswith(PROOF):
            single[f"{ATTACHED}{number}.receipt"] = data
        elif name.endswith(".tar"):
            files |= read_tar(data, path)
    held = set(files.values())
    return files | {name: data for name, data in single.items() if data not in held}


def _references(found: Found) -> tuple[list[Reference], list[Reason]]:
    """What the codes say, and a reason for each that says it wrongly."""
    references, broken = [], []
    for text in found.codes:
        try:
            references.append(qr_text.parse(text))
        except QrTextError as error:
            broken.append(reason("paper-reason.bad-code", Verdict.INVALID, str(error)))
    return references, broken


def _verify_code(
    reference: Reference, trust: Trust, find: Finder, found: Found, language: Language
) -> Verification:
    """A code by itself: as good as the evidence that it leads to."""
    evidence = find(reference)
    if evidence is None:
        nothing = reason(
            "paper-reason.no-evidence", Verdict.INCOMPLETE, origin=reference.origin, index=reference.index
        )
        return _with(Verification(Verdict.VALID, None, (), ()), [reference], [nothing])
    verification = verifying.verify_files(evidence.files, trust)
    held = hold_page(found, reference, evidence.files, verification, language)
    verification = replace(verification, page=held.values)
    return _with(verification, [reference], [*hold(reference, evidence), *held.reasons])


def _with(verification: Verification, references: list[Reference], reasons: list[Reason]) -> Verification:
    overall = worst((verification.verdict, *(one.verdict for one in reasons)))
    return replace(
        verification,
        verdict=overall,
        reasons=(*verification.reasons, *reasons),
        references=(*verification.references, *references),
    )


def _together(verifications: list[Verification], broken: list[Reason]) -> Verification:
    """Several codes on one picture, as one."""
    verdicts = [one.verdict for one in verifications] + [one.verdict for one in broken]
    digits = {one.fingerprint for one in verifications}
    return Verification(
        worst(verdicts),
        digits.pop() if len(digits) == 1 else None,
        tuple(judged for one in verifications for judged in one.receipts),
        (*(why for one in verifications for why in one.reasons), *broken),
        bool(verifications) and all(one.anchored for one in verifications),
        tuple(reference for one in verifications for reference in one.references),
        tuple(value for one in verifications for value in one.page),
        tuple(file for one in verifications for file in one.aside),
    )
