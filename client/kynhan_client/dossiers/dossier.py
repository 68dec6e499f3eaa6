"""A dossier before it is sealed: files from the disk and register fields from a cover.toml, as manifest entries.

    title = "Về việc đề nghị phối hợp xác minh theo danh sách kèm theo"      # every field may be left out
    number = "15"
    cover = "Công văn đề nghị phối hợp.pdf"     # the cover document; without it the first file
    [[copy]]                                    # nơi nhận
    channel = "electronic"
    quantity = 1
    purpose = "xu-ly"
    name = "Đảng ủy Công an tỉnh"
    [[file]]                                    # what is not so by default
    name = "Danh mục.pdf"
    pages = 2
    original = false

Names travel in Unicode form NFC. Files are hashed here and again while they are sealed: one that changes in between is
found out (sealing.py).
"""

from __future__ import annotations

import hashlib
import stat
import tomllib
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path, PurePath
from typing import Final

import msgspec

from kynhan_protocol.errors import PackageError
from kynhan_protocol.package import filenames
from kynhan_protocol.package.manifest import CopyEntry, FileEntry
from kynhan_protocol.statements import codes

from ..clauses import clause
from ..errors import problem

PIECE: Final = 1 << 20
MESSAGE: Final = "message.txt"
MAX_COVER: Final = 1 << 20
MAX_NUMBER: Final = 999_999

Progress = Callable[[str, int, int], None]
"""Told of a phase (hash, seal, upload, fetch, open), the bytes done and the bytes in all; from any thread."""

MEDIA_TYPES: Final = {
    ".pdf": "application/pdf",
    ".doc": "application/msword",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xls": "application/vnd.ms-excel",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".ppt": "application/vnd.ms-powerpoint",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    ".rtf": "application/rtf",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".tif": "image/tiff",
    ".tiff": "image/tiff",
    ".txt": "text/plain",
    ".csv": "text/csv",
    ".xml": "application/xml",
    ".json": "application/json",
    ".ics": "text/calendar",
    ".zip": "application/zip",
    ".tar": "application/x-tar",
    ".p7s": "application/pkcs7-signature",
    ".mp3": "audio/mpeg",
    ".mp4": "video/mp4",
}


class CopyLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A line of *nơi nhận* in a cover.toml."""

    channel: str
    name: str
    quantity: int = 1
    purpose: str = "xu-ly"


class FileLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """What is said of one file in a cover.toml; what is left out is as by default."""

    name: str
    role: str | None = None
    pages: int | None = None
    original: bool = True
    signed: bool = False


class Cover(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """The register fields of a document (REGULATION "Document form"); all may be absent."""

    title: str | None = None
    subject: str | None = None
    form: str | None = None
    issuer: str | None = None
    parent: str | None = None
    doctype: str | None = None
    number: int | str | None = None
    symbol: str | None = None
    printed: str | None = None
    place: str | None = None
    issued: date | None = None
    authority: str | None = None
    position: str | None = None
    signer: str | None = None
    pages: int | None = None
    secrecy: str | None = None
    secret_until: date | None = None
    circulation: str | None = None
    enclosures: int | None = None
    reply_to: str | None = None
    wish_date: date | None = None
    drafting: str | None = None
    cover: str | None = None
    copy: tuple[CopyLine, ...] = ()
    file: tuple[FileLine, ...] = ()

    @property
    def copies(self) -> tuple[CopyEntry, ...]:
        """The lines of *nơi nhận* as the manifest has them."""
        return tuple(CopyEntry(one.channel, one.quantity, one.purpose, one.name) for one in self.copy)

    @property
    def document_number(self) -> int | None:
        """The document's number; `"07"` is 7. Raises ValueError for what is no number."""
        return None if self.number is None else int(self.number)


def is_number(number: int) -> bool:
    """Whether a document can have this number: from 1 to 999,999, as in the registers."""
    return 1 <= number <= MAX_NUMBER


def with_fields(cover: Cover, **fields: object) -> Cover:
    """The same register fields, with those given (and not None) in place of theirs."""
    return msgspec.structs.replace(
        cover, **{name: value for name, value in fields.items() if value is not None}
    )


@dataclass(frozen=True)
class Stream:
    """Bytes that lie nowhere in clear, such as those inside a sealed package: `open` gives them from their beginning,
    as often as it is called. `size` and `hash` (SHA-256, hex) are known from a first pass."""

    size: int
    hash: str
    open: Callable[[], Iterator[bytes]] = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Part:
    """A file that a procedure adds by itself, such as an invitation or the dossier handed on: from `data`, `path` or
    `stream`. `role` is a word of codes.FILE_ROLES; `line` has what else is said of it."""

    name: str
    role: str
    data: bytes | None = field(default=None, repr=False)
    path: Path | None = None
    stream: Stream | None = None
    line: FileLine | None = None


@dataclass(frozen=True)
class Source:
    """One file to be sealed: where its bytes are (`data` for words typed in), and what the manifest says of it."""

    entry: FileEntry
    path: Path | None = None
    data: bytes = field(default=b"", repr=False)
    stream: Stream | None = None

    @property
    def shown(self) -> str:
        """How messages call it."""
        return str(self.path) if self.path is not None else filenames.display_name(self.entry.name)


def read_cover(path: Path | Cover | None) -> Cover:
    """The register fields in a cover.toml, or as given; none for None. Raises ClientError missing-file, bad-cover."""
    if path is None:
        return Cover()
    if isinstance(path, Cover):
        return path
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise problem("missing-file", path=path) from error
    except OSError as error:
        raise problem("unreadable-file", path=path, why=error) from error
    try:
        if len(data) > MAX_COVER:
            raise problem("bad-cover", path=path, why=clause("cover.too-long"))
        # dates may be written as dates or, as in the example, as texts
        fields = msgspec.to_builtins(tomllib.loads(unicodedata.normalize("NFC", data.decode())))
        cover = msgspec.convert(fields, Cover)
        if (number := cover.document_number) is not None and not is_number(number):
            raise problem("bad-cover", path=path, why=clause("cover.number"))
    except ValueError as error:  # also of the encoding, and msgspec's
        raise problem("bad-cover", path=path, why=error) from error
    return cover


def gather(
    paths: Sequence[Path],
    words: str | None,
    cover: Cover,
    *,
    formal: bool,
    parts: Sequence[Part] = (),
    progress: Progress | None = None,
    stopped: Callable[[], bool] = lambda: False,
) -> tuple[Source, ...]:
    """Reads and hashes everything that will travel: `words` first (as message.txt), then the cover document, then the
    files as given, then `parts`. `formal` makes the first file the cover document where none is named. Meant for a
    thread; when `stopped()` it raises InterruptedError.

    Raises ClientError missing-file, unreadable-file, bad-file-name, bad-cover, bad-letter.
    """
    named = _names(paths, words, cover, parts)
    first = (
        filenames.cleaned(cover.cover)
        if cover.cover is not None
        else next(iter(named), None)
        if formal
        else None
    )
    total = sum(_size_of(path) for path in (*named.values(), *(part.path for part in parts if part.path)))
    done = 0
    details = {filenames.cleaned(line.name): line for line in cover.file}
    sources: list[Source] = []
    if words is not None:
        sources.append(_message(words))

    def told(count: int) -> None:
        nonlocal done
        if stopped():
            raise InterruptedError
        done += count
        if progress:
            progress("hash", done, max(total, done))

    for name in sorted(named, key=lambda one: one != first):
        role = "cover" if name == first else "enclosure" if formal else "attachment"
        sources.append(_from_disk(name, named[name], role, details.get(name), told))
    for part in parts:
        name = _normal(part.name)
        if part.path is not None:
            sources.append(_from_disk(name, part.path, part.role, part.line, told))
        elif part.stream is not None:
            entry = _entry(name, part.stream.hash, part.stream.size, part.role, part.line)
            sources.append(Source(entry, stream=part.stream))
        else:
            data = part.data or b""
            entry = _entry(name, hashlib.sha256(data).hexdigest(), len(data), part.role, part.line)
            sources.append(Source(entry, data=data))
    return tuple(sources)


def _from_disk(
    name: str, path: Path, role: str, line: FileLine | None, told: Callable[[int], None]
) -> Source:
    digest, size = hashlib.sha256(), 0
    try:
        with path.open("rb") as file:
            while piece := file.read(PIECE):
                told(len(piece))
                digest.update(piece)
                size += len(piece)
    except InterruptedError:
        raise
    except OSError as error:
        raise problem("unreadable-file", path=path, why=error) from error
    return Source(_entry(name, digest.hexdigest(), size, role, line), path)


def renamed(paths: Sequence[Path]) -> tuple[tuple[str, str], ...]:
    """The files that travel under another name than their own, and which: what cannot be seen is left out of it, and a
    name from an old code page is read. Form NFC alone is no other name.
    """
    pairs = ((path.name, filenames.cleaned(path.name)) for path in paths)
    return tuple((own, name) for own, name in pairs if name != _normal(own))


def _names(paths: Sequence[Path], words: str | None, cover: Cover, parts: Sequence[Part]) -> dict[str, Path]:
    """The files by the name they travel under. Raises ClientError bad-file-name, bad-cover."""
    named: dict[str, Path] = {}
    taken = [MESSAGE] if words is not None else []
    taken += (_normal(part.name) for part in parts)
    for path in paths:
        name = filenames.cleaned(path.name)
        try:
            filenames.check_names([*taken, name])
        except PackageError as error:
            raise problem("bad-file-name", name=filenames.display_name(name), why=error) from error
        taken.append(name)
        named[name] = path
    for wanted in (cover.cover, *(line.name for line in cover.file)):
        if wanted is not None and filenames.cleaned(wanted) not in named:
            raise problem("bad-cover", path="cover.toml", why=clause("cover.unnamed", name=wanted))
    for line in cover.file:
        if line.role is not None and line.role not in codes.FILE_ROLES:
            raise problem("bad-cover", path="cover.toml", why=clause("cover.no-role", role=line.role))
    return named


def _size_of(path: Path) -> int:
    try:
        found = path.stat()
    except FileNotFoundError as error:
        raise problem("missing-file", path=path) from error
    except OSError as error:
        raise problem("unreadable-file", path=path, why=error) from error
    if not stat.S_ISREG(found.st_mode):
        raise problem("unreadable-file", path=path, why=clause("file.not-a-file"))
    return found.st_size


def _message(words: str) -> Source:
    text = unicodedata.normalize("NFC", words).strip("\r\n")
    if not text.strip():
        raise problem("bad-letter", why=clause("letter.no-words"))
    try:
        data = text.encode() + b"\n"
    except UnicodeEncodeError as error:
        raise problem("bad-letter", why=clause("letter.not-text")) from error
    entry = FileEntry(
        hashlib.sha256(data).hexdigest(), len(data), "text/plain", "message", None, True, False, MESSAGE
    )
    return Source(entry, data=data)


def _entry(name: str, digest: str, size: int, role: str, line: FileLine | None) -> FileEntry:
    media_type = MEDIA_TYPES.get(PurePath(name).suffix.lower(), "application/octet-stream")
    line = line or FileLine(name)
    return FileEntry(
        digest, size, media_type, line.role or role, line.pages, line.original, line.signed, name
    )


def _normal(name: str) -> str:
    return unicodedata.normalize("NFC", name)


INFORMAL: Final = frozenset(("message", "question", "answer", "note"))
"""Kinds whose files are attachments of something said, not a document with its enclosures."""
