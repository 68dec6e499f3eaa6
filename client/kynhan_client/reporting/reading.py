"""Reading a report as it was handed in: report.json, the PDF with it inside, or the folder or tar that holds both and
the evidence. All of it is hostile: sizes are bounded, names are looked up and never written anywhere.
"""

from __future__ import annotations

import tarfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Final

from kynhan_protocol.errors import ReportError
from kynhan_protocol.reports import reports
from kynhan_protocol.reports.reports import Report

from ..clauses import clause
from ..errors import problem
from ..home import tars
from ..scanning import scan
from . import proof

JSON: Final = "report.json"
MAX_FILE: Final = reports.MAX_BYTES
MAX_EVIDENCE: Final = 1 << 28
"""Bytes: the evidence of some 60,000 cases. It is read as a whole, and unpacking it takes about three times as much."""
MAX_PDFS: Final = 8
"""PDFs, and spreadsheets, beside one report."""
PDF: Final = ".pdf"
BOOK: Final = ".xlsx"
EVIDENCE_NAMES: Final = ("checkpoint", "leaves", "statements", "roots", "policy")


@dataclass(frozen=True)
class ReportFiles:
    """A report, the evidence with it (files by name, None without), the PDFs it came in or with, and the spreadsheets
    beside it, by name.

    `unread` names what else lay beside it: nobody looks at that here.
    """

    name: str
    report: Report
    data: bytes
    evidence: Mapping[str, bytes] | None = None
    pdfs: Mapping[str, bytes] = field(default_factory=dict)
    unread: tuple[str, ...] = ()
    books: Mapping[str, bytes] = field(default_factory=dict)


def read(path: Path, evidence: Path | None = None) -> ReportFiles:
    """What lies at `path`, with the evidence in or beside it, or at `evidence`.

    Raises ClientError missing-file, unreadable-file, bad-report (no report in it, or too large).
    """
    files = _folder(path) if path.is_dir() else _tar(path) if path.suffix == ".tar" else _single(path)
    shown = None
    if evidence is not None:
        shown = _evidence(_bytes(evidence, MAX_EVIDENCE), evidence)
    elif proof.FILE in files.named:
        shown = _evidence(files.named[proof.FILE], path)
    data = files.named.get(JSON)
    if data is None:
        data = _embedded_in_one(files.pdfs, path)
    try:
        report = reports.parse(data)
    except ReportError as error:
        raise problem("bad-report", path=path, why=error) from error
    return ReportFiles(str(path), report, data, shown, files.pdfs, files.unread, files.books)


@dataclass
class _Files:
    """`named`: report.json and the evidence, as far as they are there."""

    named: dict[str, bytes] = field(default_factory=dict)
    pdfs: dict[str, bytes] = field(default_factory=dict)
    unread: tuple[str, ...] = ()
    books: dict[str, bytes] = field(default_factory=dict)


def _single(path: Path) -> _Files:
    """A file by itself, the evidence beside it; other files there were not asked about."""
    data = _bytes(path, MAX_FILE)
    beside = path.parent / proof.FILE
    named = {proof.FILE: _bytes(beside, MAX_EVIDENCE)} if beside.is_file() else {}
    if data.startswith(b"%PDF-"):
        return _Files(named, {path.name: data})
    return _Files({**named, JSON: data})


def _folder(path: Path) -> _Files:
    files = {one.name: one for one in sorted(path.iterdir()) if one.is_file()}
    named = {name: MAX_EVIDENCE if name == proof.FILE else MAX_FILE for name in (JSON, proof.FILE)}
    return _Files(
        {name: _bytes(files[name], limit) for name, limit in named.items() if name in files},
        {name: _bytes(files[name], MAX_FILE) for name in _shown(files, path, PDF)},
        tuple(name for name in files if name not in named and not name.lower().endswith((PDF, BOOK))),
        {name: _bytes(files[name], MAX_FILE) for name in _shown(files, path, BOOK)},
    )


def _tar(path: Path) -> _Files:
    """The same files in a tar, in whatever folder of it; the evidence is a tar inside it."""
    files = dict(sorted(untar(_bytes(path, MAX_EVIDENCE), path).items()))
    named: dict[str, bytes] = {}
    for name, data in files.items():
        last = PurePosixPath(name).name
        if last in named:
            raise problem("bad-report", path=path, why=clause("file.twice", name=last))
        if last in (JSON, proof.FILE):
            named[last] = data
    pdfs, books = ({name: files[name] for name in _shown(files, path, end)} for end in (PDF, BOOK))
    others = (
        name for name in files if PurePosixPath(name).name not in named and name not in {**pdfs, **books}
    )
    return _Files(named, pdfs, tuple(others), books)


def _shown(files: Mapping[str, object], path: Path, end: str) -> list[str]:
    """The PDFs or the spreadsheets, by name."""
    found = [name for name in files if name.lower().endswith(end)]
    if len(found) > MAX_PDFS:
        raise problem("bad-report", path=path, why=clause("report.many-pdfs"))
    return found


def _evidence(data: bytes, path: Path) -> dict[str, bytes]:
    files = untar(data, path)
    return {name: files[name] for name in files if name in EVIDENCE_NAMES or name.endswith(".json")}


def _embedded_in_one(pdfs: Mapping[str, bytes], path: Path) -> bytes:
    """The report inside the first PDF that has one."""
    why = clause("report.none")
    for pdf in pdfs.values():
        found = scan.attachments(pdf)
        data = dict(found.attachments).get(JSON)
        if data is not None:
            return data
        why = clause(found.trouble or "report.not-in-pdf")
    raise problem("bad-report", path=path, why=why)


def embedded(pdf: bytes) -> bytes | None:
    """The report.json inside a PDF; None if there is none, or it cannot be read."""
    return dict(scan.attachments(pdf).attachments).get(JSON)


def untar(data: bytes, path: Path) -> dict[str, bytes]:
    """The regular files of a tar, by name; anything else in it is left alone."""
    files: dict[str, bytes] = {}
    total = 0
    try:
        with tars.reading(data) as tar:
            for member in tar:
                total += member.size
                if member.issparse() or total > len(data):  # a file that claims to be more than it is
                    raise problem("bad-report", path=path, why=clause("report.bad-tar"))
                content = tar.extractfile(member) if member.isfile() else None
                if content is None:
                    continue
                name = PurePosixPath(member.name).as_posix()
                if name in files:
                    raise problem("bad-report", path=path, why=clause("file.twice", name=name))
                files[name] = content.read()
    except (tarfile.TarError, EOFError, ValueError, OverflowError, RecursionError) as error:
        raise problem("bad-report", path=path, why=clause("report.bad-tar")) from error
    return files


def _bytes(path: Path, limit: int) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except FileNotFoundError as error:
        raise problem("missing-file", path=path) from error
    except OSError as error:
        raise problem("unreadable-file", path=path, why=error) from error
    if len(data) > limit:
        raise problem("bad-report", path=path, why=clause("report.too-large"))
    return data
