"""Packages as we keep them, read again without ever lying on the disk in clear: a received dossier that is handed on
to a unit, a dispatch of ours that is sent once more as a copy.

    one = await bring(home, relay, dispatch)     header and body here, the file key in memory
    checked = check(one, judge)                  a first pass: every byte against the signed manifest
    for piece in one.plaintext(): …              the tar again, as often as needed
    for _, bytes_ in Files(one).…                its files one after the other
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from kynhan_keys import stream
from kynhan_keys.errors import AgeError
from kynhan_protocol.errors import ManifestError, PackageError
from kynhan_protocol.package import package
from kynhan_protocol.package.manifest import FileEntry, SignedManifest

from ..dossiers import unpacking
from ..dossiers.dossier import PIECE, Progress
from ..dossiers.unpacking import Fault
from ..errors import problem
from ..home import cupboard
from ..home.home import Home
from ..log.view import View
from ..relay.relay import Relay
from . import erasing, receive


@dataclass(frozen=True)
class Kept:
    """A package whose body lies in sealed/; its file key is in memory only."""

    dispatch: str
    body: Path
    file_key: bytes = field(repr=False)

    def plaintext(self) -> Iterator[bytes]:
        """The package's tar, piece by piece. Raises ClientError body-missing for one that is damaged on our disk."""
        try:
            yield from stream.open_payload(self.file_key, self._sealed())
        except (AgeError, OSError) as error:
            raise problem("body-missing", dispatch=self.dispatch[:12]) from error

    def _sealed(self) -> Iterator[bytes]:
        with self.body.open("rb") as file:
            while piece := file.read(PIECE):
                yield piece


@dataclass(frozen=True)
class Checked:
    """What a first pass found: bytes and SHA-256 of the tar, and its manifest."""

    size: int
    hash: str
    signed: SignedManifest


async def bring(home: Home, relay: Relay | None, dispatch: str, *, progress: Progress | None = None) -> Kept:
    """The package of a dispatch that we signed for or sent, header and body fetched if they are not here.

    Raises ClientError destroyed, not-signed-for, header-missing, body-missing, not-found, and as receive.fetch does.
    """
    statement = View(home).dispatch(dispatch)
    erasing.require_kept(home, dispatch)
    if relay is not None:
        if not home.sealed_path(dispatch, "body").is_file():
            await receive.fetch(home, relay, dispatch, progress=progress)
        await receive.take_header(home, relay, dispatch)
    known = cupboard.package(home.archive, dispatch)
    body = home.sealed_path(dispatch, "body")
    if known is None or known.header is None or not unpacking.is_signed_header(statement, known.header):
        raise problem("header-missing", dispatch=dispatch[:12])
    if not body.is_file():
        raise problem("body-missing", dispatch=dispatch[:12])
    file_key = unpacking.open_key(known.header, home.keyring.identities)
    if isinstance(file_key, Fault):
        raise problem("package-unusable", dispatch=dispatch[:12], why=(file_key.vi, file_key.en))
    return Kept(dispatch, body, file_key)


def check(
    kept: Kept,
    judge: Callable[[SignedManifest], tuple[Fault, ...]],
    *,
    progress: Progress | None = None,
    stopped: Callable[[], bool] = lambda: False,
) -> Checked:
    """Reads all of it once, in constant memory: `judge` says what is wrong with the manifest, and every file has to be
    as signed. Meant for a thread.

    Raises ClientError package-unusable, body-missing; InterruptedError when `stopped()`.
    """
    digest, size, total = hashlib.sha256(), 0, kept.body.stat().st_size

    def told() -> Iterator[bytes]:
        nonlocal size
        for piece in kept.plaintext():
            if stopped():
                raise InterruptedError
            digest.update(piece)
            size += len(piece)
            if progress:
                progress("hash", size, max(size, total))
            yield piece

    try:
        opened = package.read(told())
        if faults := judge(opened.signed):
            raise problem("package-unusable", dispatch=kept.dispatch[:12], why=(faults[0].vi, faults[0].en))
        for _, content in opened.files():
            for _ in content:
                pass
    except (PackageError, ManifestError) as error:
        raise problem("package-unusable", dispatch=kept.dispatch[:12], why=error) from error
    return Checked(size, digest.hexdigest(), opened.signed)


class Files:
    """The files inside a kept package, each from its beginning; read in the manifest's order, it is opened once."""

    def __init__(self, kept: Kept) -> None:
        self._kept = kept
        self._next = 0
        self._opened: Iterator[tuple[FileEntry, Iterator[bytes]]] = iter(())

    def read(self, number: int) -> Iterator[bytes]:
        """The bytes of the file at `number` of the manifest. Raises ClientError body-missing."""
        try:
            if number < self._next or self._next == 0:
                self._opened, self._next = package.read(self._kept.plaintext()).files(), 0
            while True:
                _, content = next(self._opened)
                self._next += 1
                if self._next > number:
                    break
            yield from content
        except (PackageError, ManifestError, StopIteration) as error:
            raise problem("body-missing", dispatch=self._kept.dispatch[:12]) from error
