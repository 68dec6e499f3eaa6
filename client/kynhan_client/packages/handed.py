"""What was handed on inside a package: the tar of another one, checked against the manifest that its own sender signed.

An assignment carries `received.tar`, the plaintext that the committee received, byte for byte. Whoever opens the
assignment need not believe the committee: the inner manifest bears the signature of the other side's clerk, says of
which dispatch of the case it is, and names every file.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from kynhan_protocol.case.case import Case
from kynhan_protocol.package import manifest as manifests
from kynhan_protocol.package.filenames import display_name
from kynhan_protocol.package.manifest import Manifest, SignedManifest
from kynhan_protocol.statements.statements import Dispatch, Opening

from ..dossiers import sealing, unpacking
from ..dossiers.dossier import Progress
from ..dossiers.unpacking import Fault, Unpacked
from ..home import cupboard
from ..home.home import Home
from ..log import logbook
from ..log.view import View
from ..registers import register
from . import erasing, opening_judge

ROLE: Final = "received"
KINDS: Final = ("request", "supplement", "notice")


@dataclass(frozen=True)
class Enclosure:
    """One package inside another: `name` is its tar's; `folder` where its files were put (None with `faults`, which are
    Vietnamese and English). `dispatch` is the one of the case that it is, by its own sender's signature."""

    name: str
    folder: Path | None
    dispatch: str | None
    manifest: Manifest | None
    shown: tuple[str, ...]
    faults: tuple[tuple[str, str], ...]


async def unpack(
    home: Home,
    view: View,
    case: Case,
    outer: Manifest,
    folder: Path,
    *,
    force: bool,
    progress: Progress | None = None,
) -> tuple[Enclosure, ...]:
    """Unpacks what was handed on with `outer`, whose files are in `folder`, each into a subfolder of its tar's name.

    Raises ClientError file-exists (without `force`), disk-full. What is not as its sender signed leaves no file.
    """
    found: list[Enclosure] = []
    for entry in outer.file:
        if entry.role != ROLE or entry.media_type != "application/x-tar":
            continue
        place = folder / PurePosixPath(entry.name).with_suffix("")
        which = _Which(view, case)
        unpacked = await sealing.in_thread(
            lambda stopped, tar=folder / entry.name, place=place, which=which: unpacking.unpack_tar(  # type: ignore[misc]
                tar, place, judge=which.judge, force=force, progress=progress, stopped=stopped
            )
        )
        found.append(_told(entry.name, place, unpacked, which.dispatch))
        if unpacked.manifest is None or which.dispatch is None or unpacked.faults:
            continue
        known = cupboard.package(home.archive, which.dispatch)
        if known is None or known.state != erasing.DESTROYED:
            register.keep_manifest(home, which.dispatch, unpacked.manifest.note)
    return tuple(found)


def _told(name: str, place: Path, unpacked: Unpacked, dispatch: str | None) -> Enclosure:
    return Enclosure(
        display_name(name),
        None if unpacked.faults else place,
        dispatch,
        unpacked.manifest.manifest if unpacked.manifest else None,
        tuple(display_name(one) for one in unpacked.files),
        tuple((one.vi, one.en) for one in unpacked.faults),
    )


class _Which:
    """Finds the dispatch that a manifest is of, and judges it as if that one had been opened here. Made before it is
    asked: judging reads nothing, so that it may run in a thread."""

    def __init__(self, view: View, case: Case) -> None:
        self.dispatch: str | None = None
        self._candidates: list[
            tuple[str, Dispatch, Callable[[SignedManifest], Sequence[Fault]], str | None]
        ] = [
            (
                sent.id,
                view.dispatch(sent.id),
                opening_judge.judge(view, view.dispatch(sent.id), sent.id),
                _opened(view, sent.id),
            )
            for sent in case.dispatches.values()
            if sent.kind in KINDS
        ]

    def judge(self, signed: SignedManifest) -> tuple[Fault, ...]:
        """What is wrong with the manifest of what was handed on."""
        for dispatch, statement, judge, opened in self._candidates:
            if manifests.differences(signed.manifest, statement):
                continue
            if opened is not None and opened != signed.id:
                continue
            self.dispatch = dispatch
            return tuple(judge(signed))
        en = "it is no package of this case that was signed for and found whole"
        return (Fault("manifest", en, "không phải là bì nào của việc này đã được ký nhận và mở đúng"),)


def _opened(view: View, dispatch: str) -> str | None:
    """The manifest that whoever opened a dispatch put on record as verified; None before that."""
    for entry in logbook.about_dispatch(view.archive, dispatch):
        statement = entry.logged.statement
        if isinstance(statement, Opening) and statement.result == "verified":
            return statement.manifest
    return None
