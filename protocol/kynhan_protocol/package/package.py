"""The plaintext of a sealed package: a tar that stock `tar` lists, in one order, padded (DESIGN §3.1).

    manifest.note          what is sent, signed by the one who sends it (manifest.py)
    checkpoint             the sender's latest cosigned checkpoint; absent before there is one
    files/NAME             the files, in the order of the manifest
    zero blocks            two that end every tar, then the padding of padme.package_length()

Bytes in, bytes out, in constant memory: a file of gigabytes is never held. Reading trusts nothing: each
member has to be the one that the manifest names next, with that size and SHA-256, and behind the last there
are zeros only.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from ..errors import PackageError
from . import filenames, manifest, tarblocks
from .manifest import FileEntry, SignedManifest
from .padme import BLOCK, package_length

MANIFEST: Final = "manifest.note"
CHECKPOINT: Final = "checkpoint"
FILES: Final = "files/"
MAX_MANIFEST_BYTES: Final = manifest.MAX_BYTES
MAX_CHECKPOINT_BYTES: Final = 1 << 16
CHUNK: Final = 1 << 16

Piece = tuple[FileEntry, Iterable[bytes]]


def length(manifest_bytes: bytes, checkpoint: bytes | None, entries: Sequence[FileEntry]) -> int:
    """How many bytes write() will give for these, padding included."""
    sizes = [(MANIFEST, len(manifest_bytes))]
    if checkpoint is not None:
        sizes.append((CHECKPOINT, len(checkpoint)))
    sizes += ((FILES + entry.name, entry.size) for entry in entries)
    tar = sum(len(tarblocks.member(path, size, 0, 0)) + size + -size % BLOCK for path, size in sizes)
    return package_length(tar + 2 * BLOCK)


def write(manifest_bytes: bytes, checkpoint: bytes | None, files: Iterable[Piece]) -> Iterator[bytes]:
    """The package, piece by piece. `files` are the manifest's entries, in its order, each with its bytes.

    Every member bears the manifest's time. Raises PackageError: `files-differ` if `files` are not those of
    the manifest, `file-changed` if a source gives other bytes than its entry says, `name-…` for a name that
    may not travel; and ManifestError.
    """
    listed = manifest.parse(manifest_bytes).manifest
    filenames.check_names(entry.name for entry in listed.file)
    _check_sizes(len(manifest_bytes), len(checkpoint or b""))
    mtime = int(listed.time.timestamp())
    total = 0
    for chunk in _members(manifest_bytes, checkpoint, listed.file, files, mtime):
        total += len(chunk)
        yield chunk
    yield from _zeros(package_length(total + 2 * BLOCK) - total)


@dataclass
class Package:
    """A package being read: its manifest and checkpoint are there, its files come one after the other."""

    manifest_bytes: bytes
    signed: SignedManifest
    checkpoint: bytes | None
    _source: _Source = field(repr=False)
    _begun: bool = field(default=False, init=False, repr=False)

    def files(self) -> Iterator[tuple[FileEntry, Iterator[bytes]]]:
        """Each file's entry and its bytes; what is left of a file is read and checked before the next one
        comes.

        Only when this iterator has ended is the package found whole. Can be walked once. Raises PackageError;
        of a file that fails, the bytes already given are not those that were signed for.
        """
        if self._begun:
            raise PackageError("A package is read once, from its beginning.", code="read-twice")
        self._begun = True
        source = self._source
        for entry in self.signed.manifest.file:
            path, size = source.header()
            if path != FILES + entry.name:
                raise PackageError(
                    f"Where {filenames.display_name(entry.name)} should stand, the package holds"
                    f" {filenames.display_name(path or 'nothing')}.",
                    code="files-differ",
                )
            if size != entry.size:
                raise PackageError(f"{_shown(entry)} has another size than was signed.", code="file-differs")
            content = source.content(entry)
            yield entry, content
            for _ in content:
                pass
        source.end()


def read(source: Iterable[bytes]) -> Package:
    """Reads manifest and checkpoint from the front of a package, and stands before the first file.

    The manifest's signature is not verified here. Raises PackageError, and ManifestError for what is in the
    manifest.
    """
    blocks = _Source(source)
    path, size = blocks.header()
    if path != MANIFEST:
        raise PackageError("The package does not begin with its manifest.", code="no-manifest")
    _check_sizes(size, 0)
    data = blocks.exactly(size)
    blocks.skip_padding(size)
    signed = manifest.parse(data)
    filenames.check_names(entry.name for entry in signed.manifest.file)
    if blocks.time != signed.manifest.time.timestamp():
        raise PackageError("The package bears another time than its manifest.", code="tar-form")
    checkpoint = None
    path, size = blocks.peek()
    if path == CHECKPOINT:
        blocks.header()
        _check_sizes(0, size)
        checkpoint = blocks.exactly(size)
        blocks.skip_padding(size)
    return Package(data, signed, checkpoint, blocks)


class _Source:
    """The bytes of a tar, taken in order; never more than one chunk of the source is held."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = iter(chunks)
        self._rest = memoryview(b"")
        self._taken = 0
        self._peeked: tuple[str | None, int] | None = None
        self._before_end = 0
        self._files = 0
        self.time: int | None = None
        """The time that every member bears (POSIX seconds); None before the first."""

    def peek(self) -> tuple[str | None, int]:
        """Path and size of the next member, (None, 0) where the end of the tar begins."""
        if self._peeked is None:
            self._peeked = self._next_header()
        return self._peeked

    def header(self) -> tuple[str | None, int]:
        """As peek(), and moves on to the member's content."""
        found = self.peek()
        self._peeked = None
        self._files += (found[0] or "").startswith(FILES)
        return found

    def exactly(self, count: int) -> bytes:
        """The next `count` bytes; for what is small."""
        return b"".join(self._take(count))

    def skip_padding(self, size: int) -> None:
        """Moves past the zeros that fill the last block of a member of `size` bytes."""
        if any(self.exactly(-size % BLOCK)):
            raise PackageError("The package holds bytes between its files.", code="tar-padding")

    def content(self, entry: FileEntry) -> Iterator[bytes]:
        """The bytes of a file; when they end, size and hash were those of the entry."""
        digest = hashlib.sha256()
        for chunk in self._take(entry.size):
            digest.update(chunk)
            yield chunk
        self.skip_padding(entry.size)
        if digest.hexdigest() != entry.hash:
            raise PackageError(
                f"{_shown(entry)} does not hold the bytes that were signed.", code="file-differs"
            )

    def end(self) -> None:
        """Checks that only the padding follows, and all of it."""
        path, _ = self.header()
        if path is not None:
            raise PackageError(
                f"The package holds {filenames.display_name(path)}, which its manifest does not name.",
                code="files-differ",
            )
        expected = package_length(self._before_end + 2 * BLOCK)
        while chunk := self._some(CHUNK):
            if any(chunk):
                raise PackageError(
                    "Behind its last file the package holds more than zeros.", code="tar-padding"
                )
        if self._taken != expected:
            raise PackageError(
                f"The package has {self._taken} bytes, its padding asks for {expected}.", code="tar-length"
            )

    def _next_header(self) -> tuple[str | None, int]:
        self._before_end = self._taken
        block = self.exactly(BLOCK)
        if not any(block):
            return None, 0
        header, ordinal = tarblocks.parse_header(block), self._files + 1
        if header.type != tarblocks.PAX:
            found = tarblocks.resolve(header, {}, ordinal)
        else:
            pax, records = header, self._pax_records(header)
            header = tarblocks.parse_header(self.exactly(BLOCK))
            if header.type == tarblocks.PAX:
                raise PackageError("The package holds two pax headers in a row.", code="tar-override")
            found = tarblocks.resolve(header, records, ordinal)
            tarblocks.check_pax_header(pax, records, ordinal)
            tarblocks.check_form(pax, header.mtime)
        if self.time is None:
            self.time = header.mtime
        tarblocks.check_form(header, self.time)
        return found

    def _pax_records(self, header: tarblocks.Header) -> dict[str, str]:
        if header.size > tarblocks.MAX_PAX_BYTES:
            raise PackageError("A pax header of the package is too long.", code="tar-override")
        records = tarblocks.parse_pax(self.exactly(header.size))
        self.skip_padding(header.size)
        return records

    def _some(self, most: int) -> bytes:
        """Between one and `most` bytes; none at the end of the source."""
        while not self._rest:
            chunk = next(self._chunks, None)
            if chunk is None:
                return b""
            self._rest = memoryview(chunk)
        piece, self._rest = bytes(self._rest[:most]), self._rest[most:]
        self._taken += len(piece)
        return piece

    def _take(self, count: int) -> Iterator[bytes]:
        while count:
            piece = self._some(min(count, CHUNK))
            if not piece:
                raise PackageError("The package ends too early.", code="tar-truncated")
            count -= len(piece)
            yield piece


def _members(
    manifest_bytes: bytes,
    checkpoint: bytes | None,
    entries: Sequence[FileEntry],
    files: Iterable[Piece],
    mtime: int,
) -> Iterator[bytes]:
    yield tarblocks.member(MANIFEST, len(manifest_bytes), mtime, 0) + tarblocks.pad(manifest_bytes)
    if checkpoint is not None:
        yield tarblocks.member(CHECKPOINT, len(checkpoint), mtime, 0) + tarblocks.pad(checkpoint)
    given = iter(files)
    for ordinal, entry in enumerate(entries, 1):
        found, source = next(given, (None, ()))
        if found != entry:
            raise PackageError("The files given are not those of the manifest.", code="files-differ")
        yield tarblocks.member(FILES + entry.name, entry.size, mtime, ordinal)
        yield from _checked(entry, source)
        yield bytes(-entry.size % BLOCK)
    if next(given, None) is not None:
        raise PackageError("More files are given than the manifest names.", code="files-differ")


def _checked(entry: FileEntry, source: Iterable[bytes]) -> Iterator[bytes]:
    digest, left = hashlib.sha256(), entry.size
    for chunk in source:
        left -= len(chunk)
        if left < 0:
            break
        digest.update(chunk)
        yield chunk
    if left or digest.hexdigest() != entry.hash:
        raise PackageError(f"{_shown(entry)} changed while it was being sealed.", code="file-changed")


def _zeros(count: int) -> Iterator[bytes]:
    while count:
        yield bytes(min(count, CHUNK))
        count -= min(count, CHUNK)


def _check_sizes(manifest_size: int, checkpoint_size: int) -> None:
    if manifest_size > MAX_MANIFEST_BYTES:
        raise PackageError(
            f"The manifest has more than {MAX_MANIFEST_BYTES} bytes.", code="manifest-too-long"
        )
    if checkpoint_size > MAX_CHECKPOINT_BYTES:
        raise PackageError(
            f"The checkpoint has more than {MAX_CHECKPOINT_BYTES} bytes.", code="checkpoint-too-long"
        )


def _shown(entry: FileEntry) -> str:
    return f"The file {filenames.display_name(entry.name)}"
