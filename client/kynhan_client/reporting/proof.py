"""The evidence of a report: one tar from which every figure can be recomputed, without any dossier.

    checkpoint          the relay's checkpoint that the report was computed at, with its cosignatures
    leaves              the leaf hash of every entry under it, 32 bytes each: the tree can be rebuilt, nothing left out
    statements          the statements, each behind a line `INDEX LENGTH`: those of the log that are shown
    profile-HASH.json, calendar-HASH.json, roots, policy     as in a bundle (protocol/bundle.py)

All statements are shown: they name no person but the holders of keys, and no content. An index whose statement is not
shown would stand out. docs/spec/reports.md says what this proves to an auditor, and what not.
"""

from __future__ import annotations

import contextlib
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from kynhan_protocol.errors import EvidenceError
from kynhan_protocol.evidence import bundle

from ..home.home import Home
from ..log import logbook, receipts
from ..log.view import View
from .making import Made

FILE: Final = "bang-chung.tar"
_LINE = re.compile(rb"(0|[1-9][0-9]{0,11}) ([1-9][0-9]{0,6})\n")


@dataclass(frozen=True)
class Shown:
    """A statement as the evidence shows it, at the index it claims."""

    index: int
    note: bytes


def files(home: Home, made: Made) -> dict[str, bytes]:
    """The evidence of a report that this home made, by file name. Raises ClientError home-damaged."""
    view = View(home)
    head = made.head
    entries = [one for one in logbook.since(home.archive, 0) if one.logged.index < head.size]
    profiles, calendars = receipts.documents(home, view)
    found = {
        "checkpoint": head.note,
        "leaves": _leaves(home, head.size),
        "statements": spell(Shown(one.logged.index, one.logged.note) for one in entries),
        "roots": bundle.roots_text(home.relay.root_keys),
    }
    for kind, documents in (("profile", profiles), ("calendar", calendars)):
        found |= {f"{kind}-{hashlib.sha256(data).hexdigest()[:12]}.json": data for data in documents}
    with contextlib.suppress(EvidenceError):  # before there is a witness the checkpoint alone has to do
        found["policy"], _ = receipts.policies(home, view, head)
    return dict(sorted(found.items()))


def spell(shown: Iterable[Shown]) -> bytes:
    """The file `statements`."""
    return b"".join(b"%d %d\n%s" % (one.index, len(one.note), one.note) for one in shown)


def parse(data: bytes) -> list[Shown]:
    """The statements in the file, in the order of the log. Raises EvidenceError for anything else."""
    found: list[Shown] = []
    at = 0
    while at < len(data):
        line = _LINE.match(data, at)
        if line is None:
            raise EvidenceError("The list of statements is not spelled as it must be.")
        index, length, at = int(line[1]), int(line[2]), line.end()
        if at + length > len(data) or (found and index <= found[-1].index):
            raise EvidenceError("The list of statements is cut off, or out of order.")
        found.append(Shown(index, data[at : at + length]))
        at += length
    return found


def _leaves(home: Home, size: int) -> bytes:
    """The leaf hashes of our copy: also of an entry whose statement did not verify here, and is not shown."""
    rows = home.archive.rows("SELECT hash FROM nodes WHERE level = 0 AND idx < ? ORDER BY idx", (size,))
    return b"".join(bytes(row[0]) for row in rows)
