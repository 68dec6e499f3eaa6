"""What was said in an opened package, to be shown without looking into its files: words, notes, an invitation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from kynhan_protocol.package.manifest import FileEntry

from ..packages.opening import Opened
from . import meetings
from .meetings import Invitation

SPOKEN: Final = ("message", "note", "minutes")
MOST: Final = 1 << 16  # bytes of a text that is shown


@dataclass(frozen=True)
class Spoken:
    """A text of the package: its role (codes.FILE_ROLES), its file's name, its words, not made safe for a screen."""

    role: str
    name: str
    text: str


def spoken(opened: Opened) -> tuple[Spoken, ...]:
    """The short texts of a package, in the manifest's order; longer ones, and what is no text, stay in their files."""
    found = []
    for entry in _entries(opened):
        if entry.role not in SPOKEN or entry.media_type != "text/plain" or entry.size > MOST:
            continue
        try:
            found.append(Spoken(entry.role, entry.name, (opened.folder / entry.name).read_bytes().decode()))
        except (OSError, UnicodeDecodeError):
            continue
    return tuple(found)


def invitation(opened: Opened) -> Invitation | None:
    """What the package's calendar file proposes or answers, if it is one of ours."""
    for entry in _entries(opened):
        if entry.role == "calendar" and entry.size <= meetings.MAX_BYTES:
            try:
                return meetings.parse((opened.folder / entry.name).read_bytes())
            except OSError:
                return None
    return None


def _entries(opened: Opened) -> tuple[FileEntry, ...]:
    """The entries of the files that were put into the folder."""
    return () if opened.manifest is None or not opened.files else opened.manifest.file
