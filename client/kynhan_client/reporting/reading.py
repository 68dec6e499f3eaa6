"""Reading a report as it was handed in: report.json, the PDF with it inside, or the folder or tar that holds both and
the evidence. All of it is hostile: sizes are bounded, names are looked up and never written anywhere.
"""

from __future__ import annotations

import io
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

import pypdfium2  # type: ignore[import-untyped]

from kynhan_protocol import reports
from kynhan_protocol.errors import ReportError
from kynhan_protocol.reports import Report

from ..clauses import clause
from ..errors import problem
from . import proof

JSON: Final = "report.json"
MAX_FILE: Final = reports.MAX_BYTES
MAX_EVIDENCE: Final = 1 << 30
MAX_ATTACHMENTS: Final = 20
EVIDENCE_NAMES: Final = ("checkpoint", "leaves", "statements", "roots", "policy")


@dataclass(frozen=True)
class Handed:
    """A report, the evidence with it (files by name, None without), and the PDF it came in or with."""

    name: str
    report: Report
    data: bytes
    evidence: Mapping[str, bytes] | None = None
    pdf: bytes | None = None


def read(path: Path, evidence: Path | None = None) -> Handed:
    """What lies at `path`, with the evidence in or beside it, or at `evidence`.

    Raises ClientError missing-file, unreadable-file, bad-report (no report in it, or too large).
    """
    found = _folder(path) if path.is_dir() else _tar(path) if path.suffix == ".tar" else _single(path)
    name, data, pdf, shown = found
    if evidence is not None:
        shown = _evidence(_bytes(evidence, MAX_EVIDENCE), evidence)
    try:
        report = reports.parse(data)
    except ReportError as error:
        raise problem("bad-report", path=name, why=error) from error
    return Handed(str(name), report, data, shown, pdf)


_Found = tuple[Path, bytes, bytes | None, Mapping[str, bytes] | None]


def _single(path: Path) -> _Found:
    data = _bytes(path, MAX_FILE)
    beside = path.parent / proof.FILE
    shown = _evidence(_bytes(beside, MAX_EVIDENCE), beside) if beside.is_file() else None
    if data.startswith(b"%PDF-"):
        return path, embedded(data, path), data, shown
    return path, data, None, shown


def _folder(path: Path) -> _Found:
    """A folder with report.json or a PDF that holds one; the first of both in order of names, and the evidence."""
    files = {one.name: one for one in sorted(path.iterdir()) if one.is_file()}
    shown = (
        _evidence(_bytes(files[proof.FILE], MAX_EVIDENCE), files[proof.FILE]) if proof.FILE in files else None
    )
    pdf = next((_bytes(one, MAX_FILE) for name, one in files.items() if name.endswith(".pdf")), None)
    if JSON in files:
        return files[JSON], _bytes(files[JSON], MAX_FILE), pdf, shown
    if pdf is not None:
        return path, embedded(pdf, path), pdf, shown
    raise problem("bad-report", path=path, why=clause("report.none"))


def _tar(path: Path) -> _Found:
    """The same files in a tar; the evidence is a tar inside it."""
    files = _untar(_bytes(path, MAX_EVIDENCE), path)
    by_name = {PurePosixPath(name).name: data for name, data in sorted(files.items())}
    inner = by_name.get(proof.FILE)
    shown = None if inner is None else _evidence(inner, path)
    pdf = next((data for name, data in by_name.items() if name.endswith(".pdf")), None)
    if JSON in by_name:
        return path, by_name[JSON], pdf, shown
    if pdf is not None:
        return path, embedded(pdf, path), pdf, shown
    raise problem("bad-report", path=path, why=clause("report.none"))


def _evidence(data: bytes, path: Path) -> dict[str, bytes]:
    files = _untar(data, path)
    return {name: files[name] for name in files if name in EVIDENCE_NAMES or name.endswith(".json")}


def embedded(pdf: bytes, path: Path) -> bytes:
    """The report.json inside a PDF. Raises ClientError bad-report."""
    try:
        document = pypdfium2.PdfDocument(pdf)
        try:
            for number in range(min(document.count_attachments(), MAX_ATTACHMENTS)):
                attachment = document.get_attachment(number)
                if attachment.get_name() == JSON:
                    return bytes(attachment.get_data())
        finally:
            document.close()
    except (pypdfium2.PdfiumError, ValueError, UnicodeDecodeError) as error:
        raise problem("bad-report", path=path, why=clause("report.bad-pdf")) from error
    raise problem("bad-report", path=path, why=clause("report.not-in-pdf"))


def _untar(data: bytes, path: Path) -> dict[str, bytes]:
    """The regular files of a tar, by name; anything else in it is left alone."""
    files: dict[str, bytes] = {}
    total = 0
    try:
        with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as tar:
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
    except (tarfile.TarError, EOFError, ValueError, OverflowError) as error:
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
