"""Small sealed files read again from packages that are open here: what a procedure has to know of their content.

Nothing is written to disk. Only what was opened and found true before is read (or our own copy of what we sent), and
only if its manifest is the one that was kept then; anything else is as if it were not here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kynhan_keys import stream
from kynhan_keys.errors import AgeError
from kynhan_protocol.errors import ManifestError, PackageError
from kynhan_protocol.package import package

from ..dossiers import unpacking
from ..dossiers.dossier import PIECE
from ..dossiers.unpacking import Fault
from ..home import cupboard
from ..home.cupboard import Package
from ..home.home import Home

MOST: Final = 1 << 18  # bytes of a file that is read whole


def of_role(home: Home, dispatch: str, role: str) -> bytes | None:
    """The first file of a role (codes.FILE_ROLES) in a package that is open here, at most 256 KiB; None otherwise."""
    kept, known = cupboard.manifest(home.archive, dispatch), cupboard.package(home.archive, dispatch)
    body = home.sealed_path(dispatch, "body")
    if kept is None or known is None or known.header is None or not body.is_file() or not _is_open(known):
        return None
    file_key = unpacking.open_key(known.header, home.keyring.identities)
    if isinstance(file_key, Fault):
        return None
    with body.open("rb") as file:
        pieces: Iterator[bytes] = iter(lambda: file.read(PIECE), b"")
        try:
            opened = package.read(stream.open_payload(file_key, pieces))
            if opened.signed.note != kept:
                return None
            for entry, content in opened.files():
                if entry.role == role and entry.size <= MOST:
                    return b"".join(content)
        except (AgeError, PackageError, ManifestError):
            return None
    return None


def _is_open(known: Package) -> bool:
    return known.fault is None and (known.direction == "out" or known.opened_at is not None)
