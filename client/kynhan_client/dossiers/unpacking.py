"""From header and body to files on disk: age → tar → manifest → files, in constant memory; nothing half-done is left.

Everything is unpacked into a folder of its own beside the files' place, checked to the last byte, and only then moved
there. Names come from the manifest, were checked, and cannot lead out of the folder.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import secrets
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import file_digest, sha256
from pathlib import Path
from typing import BinaryIO, Final, Literal

from kynhan_keys import age, stream
from kynhan_keys.errors import AgeError, NoMatchError
from kynhan_keys.mlkem768x25519 import Identity
from kynhan_protocol.errors import ManifestError, PackageError
from kynhan_protocol.package import manifest as manifests
from kynhan_protocol.package import package
from kynhan_protocol.package.manifest import SignedManifest
from kynhan_protocol.statements.statements import Dispatch

from ..clauses import technical
from ..errors import problem
from .dossier import PIECE, Progress
from .sealing import is_running

FaultCode = Literal["header", "payload", "manifest", "no-stanza", "approval"]
_UNFINISHED: Final = re.compile(r"\.opening-([0-9]{1,9})-[0-9a-f]{8}")


@dataclass(frozen=True)
class Fault:
    """What was wrong with a package: a code of OPENING, and why."""

    code: FaultCode
    en: str
    vi: str


@dataclass(frozen=True)
class Unpacked:
    """What came out: the manifest if it could be read, the checkpoint beside it, the files moved into the folder."""

    manifest: SignedManifest | None
    checkpoint: bytes | None
    files: tuple[str, ...]
    faults: tuple[Fault, ...]


def open_key(header: bytes, identities: Sequence[Identity]) -> bytes | Fault:
    """The file key in a header, or what is wrong with it."""
    try:
        return age.open_header(header, identities)
    except NoMatchError:
        return Fault(
            "no-stanza",
            "the header holds nothing for your key",
            "phần khóa mở bì không có phần dành cho khóa của bạn",
        )
    except AgeError as error:
        return Fault("header", f"the header is damaged: {error}", technical("khóa mở bì hỏng", str(error))[0])


def unpack(
    file_key: bytes,
    body: Path,
    folder: Path,
    *,
    judge: Callable[[SignedManifest], tuple[Fault, ...]],
    force: bool,
    progress: Progress | None = None,
    stopped: Callable[[], bool] = lambda: False,
) -> Unpacked:
    """Opens `body` and puts its files into `folder`; `judge` says what is wrong with the manifest. Meant for a thread.

    With a fault nothing is left in the folder. Raises ClientError file-exists (without `force`), disk-full,
    unreadable-file; InterruptedError when `stopped()`.
    """
    return _into(
        folder,
        body,
        lambda pieces: stream.open_payload(file_key, pieces),
        judge=judge,
        force=force,
        progress=progress,
        stopped=stopped,
    )


def unpack_tar(
    tar: Path,
    folder: Path,
    *,
    judge: Callable[[SignedManifest], tuple[Fault, ...]],
    force: bool,
    progress: Progress | None = None,
    stopped: Callable[[], bool] = lambda: False,
) -> Unpacked:
    """The same for the plaintext of a package, such as one that was handed on; judged as strictly."""
    return _into(
        folder, tar, lambda pieces: pieces, judge=judge, force=force, progress=progress, stopped=stopped
    )


def look(
    file_key: bytes, body: Path, *, judge: Callable[[SignedManifest], tuple[Fault, ...]]
) -> tuple[Fault, ...]:
    """What is wrong with `body`, read to its last byte; nothing is written anywhere."""
    with body.open("rb") as file:
        try:
            pieces = _pieces(file, body.stat().st_size, None, lambda: False)
            opened = package.read(stream.open_payload(file_key, pieces))
            faults = judge(opened.signed)
            for _, content in () if faults else opened.files():
                for _ in content:
                    pass
        except (AgeError, PackageError, ManifestError) as error:
            return (_fault(error),)
    return faults


def look_at_payload(file_key: bytes, body: Path) -> Fault | None:
    """What is wrong with the payload in `body`, decrypted to its last byte; what is in it is not looked at."""
    with body.open("rb") as file:
        try:
            for _ in stream.open_payload(file_key, _pieces(file, body.stat().st_size, None, lambda: False)):
                pass
        except AgeError as error:
            return _fault(error)
    return None


def opens_first_chunk(file_key: bytes, body: Path) -> bool:
    """Whether the first chunk of `body` was sealed with `file_key`."""
    with body.open("rb") as file:
        try:
            chunks = stream.open_payload(file_key, _pieces(file, body.stat().st_size, None, lambda: False), 1)
            with contextlib.closing(chunks):
                return next(chunks, None) is not None
        except AgeError:
            return False


def _fault(error: AgeError | PackageError | ManifestError) -> Fault:
    if isinstance(error, AgeError):
        vi, _ = technical("nội dung bì hỏng", str(error))
        return Fault("payload", f"the content is damaged: {error}", vi)
    vi, en = technical("nội dung bì không khớp với bản kê", str(error))
    return Fault("manifest", en, vi)


def _into(
    folder: Path,
    source: Path,
    plain: Callable[[Iterator[bytes]], Iterator[bytes]],
    *,
    judge: Callable[[SignedManifest], tuple[Fault, ...]],
    force: bool,
    progress: Progress | None,
    stopped: Callable[[], bool],
) -> Unpacked:
    made = not folder.exists()
    inside = folder / f".opening-{os.getpid()}-{secrets.token_hex(4)}"
    _clear_unfinished(folder)
    try:
        inside.mkdir(parents=True, mode=0o700)
        return _unpack(source, plain, folder, inside, judge, force, progress, stopped)
    except InterruptedError:
        raise
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise problem("disk-full", path=folder) from error
        raise problem("unreadable-file", path=error.filename or folder, why=error) from error
    finally:
        shutil.rmtree(inside, ignore_errors=True)
        if made:
            with contextlib.suppress(OSError):  # it stays where files were put into it
                folder.rmdir()


def _clear_unfinished(folder: Path) -> None:
    """Removes what programs that were killed had unpacked so far."""
    for path in folder.glob(".opening-*"):
        unfinished = _UNFINISHED.fullmatch(path.name)
        if unfinished and not path.is_symlink() and not is_running(int(unfinished[1])):
            shutil.rmtree(path, ignore_errors=True)


def _unpack(
    source: Path,
    plain: Callable[[Iterator[bytes]], Iterator[bytes]],
    folder: Path,
    inside: Path,
    judge: Callable[[SignedManifest], tuple[Fault, ...]],
    force: bool,
    progress: Progress | None,
    stopped: Callable[[], bool],
) -> Unpacked:
    signed: SignedManifest | None = None
    checkpoint: bytes | None = None
    with source.open("rb") as file:
        try:
            opened = package.read(plain(_pieces(file, source.stat().st_size, progress, stopped)))
            signed, checkpoint = opened.signed, opened.checkpoint
            faults = judge(signed)
            if faults:
                return Unpacked(signed, checkpoint, (), faults)
            names = tuple(entry.name for entry in signed.manifest.file)
            _check_places(folder, names, force)
            for entry, content in opened.files():
                _write(inside / entry.name, content)
        except (AgeError, PackageError, ManifestError) as error:
            return Unpacked(signed, checkpoint, (), (_fault(error),))
    for name in names:
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        (inside / name).replace(place)
    return Unpacked(signed, checkpoint, names, ())


def is_damaged(path: Path, size: int, digest: str) -> bool:
    """Whether a file is not the one of that size and SHA-256."""
    with path.open("rb") as file:
        return path.stat().st_size != size or file_digest(file, "sha256").hexdigest() != digest


def is_signed_header(dispatch: Dispatch, header: bytes) -> bool:
    """Whether the header is the one that the sender signed."""
    return (sha256(header).hexdigest(), len(header)) == (dispatch.header.hash, dispatch.header.size)


def differences(signed: SignedManifest, dispatch: Dispatch) -> tuple[Fault, ...]:
    """What the manifest says otherwise than its dispatch."""
    found = manifests.differences(signed.manifest, dispatch)
    if not found:
        return ()
    fields = ", ".join(found)
    return (
        Fault(
            "manifest",
            f"the manifest inside differs from what was signed outside: {fields}",
            f"bản kê bên trong khác với nội dung đã ký bên ngoài: {fields}",
        ),
    )


def _check_places(folder: Path, names: Sequence[str], force: bool) -> None:
    """That nothing is overwritten, and that no folder on the way is a link that leads elsewhere."""
    for name in names:
        place = folder / name
        for parent in place.parents:
            if parent == folder:
                break
            if parent.is_symlink() or (parent.exists() and not parent.is_dir()):
                raise problem("file-exists", path=parent)
        if place.is_dir() or (not force and (place.exists() or place.is_symlink())):
            raise problem("file-exists", path=place)


def _write(path: Path, content: Iterator[bytes]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as file:
        for piece in content:
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())


def _pieces(
    file: BinaryIO, size: int, progress: Progress | None, stopped: Callable[[], bool]
) -> Iterator[bytes]:
    done = 0
    while piece := file.read(PIECE):
        if stopped():
            raise InterruptedError
        yield piece
        done += len(piece)
        if progress:
            progress("open", done, size)
