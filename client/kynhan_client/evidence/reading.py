"""Reading evidence from disk: a .receipt, a case's folder, a bundle tar. Sizes and counts are bounded; nothing is
judged here.
"""

from __future__ import annotations

import os
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from kynhan_protocol.evidence import case_file, documents
from kynhan_protocol.evidence.exhibits import SUFFIX

from ..clauses import clause
from ..errors import problem
from ..home import tars

MAX_FILE: Final = 4 << 20
MAX_TOTAL: Final = 512 << 20
MAX_FILES: Final = 20_000
PROOF: Final = b"c2sp.org/tlog-proof"
FOLDERS: Final = ("receipts", "heads", "chains")
NOTES: Final = "members"  # copies of statements, for other tools
PACKAGE: Final = (
    "package/header",
    "package/body",
    "package/file-key",
)  # judged in pieces, by opened_package.py


@dataclass(frozen=True)
class Brought:
    """Files by name, as verify_case takes them; `others` lie beside them and were not read."""

    files: dict[str, bytes]
    others: tuple[str, ...] = ()


def read_files(path: Path) -> Brought:
    """The evidence at `path`. Raises ClientError missing-file, bad-file."""
    if path.is_dir():
        return _read_folder(path)
    try:
        data = read_file(path)
    except FileNotFoundError as error:
        raise problem("missing-file", path=path) from error
    except OSError as error:
        raise problem("bad-file", path=path, why=error) from error
    if data.startswith(PROOF):
        return Brought({f"receipts/{path.name}": data})
    return Brought(read_tar(data, path))


def read_tar(data: bytes, path: Path) -> dict[str, bytes]:
    """The files of a bundle; `path` is what an error calls it. Raises ClientError bad-file."""
    files: dict[str, bytes] = {}
    total = 0
    try:
        with tars.reading(data) as tar:
            for count, member in enumerate(tar):
                if count >= MAX_FILES:
                    raise problem("bad-file", path=path, why=clause("file.too-many", count=MAX_FILES))
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


def read_file(path: Path) -> bytes:
    """A file, unless it is larger than evidence is. Raises OSError, ClientError bad-file."""
    limit = MAX_TOTAL if path.suffix == ".tar" else MAX_FILE
    with path.open("rb") as file:
        data = file.read(limit + 1)
    if len(data) > limit:
        raise problem("bad-file", path=path, why=clause("file.too-large-evidence"))
    return data


def _read_folder(folder: Path) -> Brought:
    """What belongs to the evidence in a folder, and the names of whatever else lies there."""
    files: dict[str, bytes] = {}
    others: list[str] = []
    total = 0
    for count, name in enumerate(_names(folder)):
        if count >= MAX_FILES:
            raise problem("bad-file", path=folder, why=clause("file.too-many", count=MAX_FILES))
        if name in PACKAGE:
            continue
        if not _belongs(name):
            others.append(name)
            continue
        path = folder / name
        try:
            files[name] = read_file(path)
        except OSError as error:
            raise problem("bad-file", path=path, why=error) from error
        total += len(files[name])
        if total > MAX_TOTAL:
            raise problem("bad-file", path=folder, why=clause("file.too-large", name=name))
    return Brought(dict(sorted(files.items())), tuple(sorted(others)))


def _names(folder: Path) -> Iterator[str]:
    """Every file below the folder, its path from there; links to folders are not followed."""
    for at, _, names in os.walk(folder):
        below = Path(at).relative_to(folder)
        yield from ((below / name).as_posix() for name in names if Path(at, name).is_file())


def _belongs(name: str) -> bool:
    first, *rest = PurePosixPath(name).parts
    if rest:
        return name.endswith(SUFFIX) if first in FOLDERS else first == NOTES
    document = documents.is_document(name, "profile") or documents.is_document(name, "calendar")
    named = (*documents.NAMED, case_file.NAME)
    return document or name in named or documents.is_policy(name) or name.endswith(SUFFIX)
