"""The second part of a sync: the text of every entry of our tree, and what it says."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Final

from kynhan_keys import merkle
from kynhan_protocol.agreement.profile import document_hash

from ..clauses import clause
from . import concerning, logbook
from .concerning import UnusableError
from .following import Finding, Follower, Unread
from .logbook import Head
from .mirroring import Mirroring
from .view import READ, read_size

PAGE: Final = 1000


async def read(on: Mirroring, head: Head) -> None:
    """Reads the text of every entry up to the size of our tree, page by page, each page in one transaction."""
    end = logbook.size(on.archive)
    if not on.is_complete:
        await _read_concerning(on, head, end)
        return
    follower = _follower(on, _moment(logbook.last_time(on.archive)))
    at = read_size(on.home)
    held: list[Unread] = []  # read, but not yet dated by a relay statement
    while at < end:
        page = await _page(on, at, end)
        if page is None:
            break
        upto, unread = page
        entries = follower.read(unread, last=upto == end)
        held = [one for one in held + unread if one.index >= follower.next_index(upto)]
        with on.archive.transaction():
            logbook.add(on.archive, entries)
            on.archive.put(READ, follower.next_index(upto))
            _record(on, follower.findings, held + unread, head)
        follower.findings.clear()
        on.result.new += entries
        at = upto
    on.committees = follower.committees
    on.result.up_to_date = read_size(on.home) == end == head.size


async def _read_concerning(on: Mirroring, head: Head, end: int) -> None:
    """The same where only what concerns us is served; of a case that is new to us, also what was logged before."""
    start = read_size(on.home)
    try:
        earlier, later = await concerning.gather(on.relay, on.archive, start, end, partial(_is_entry, on))
    except UnusableError as error:
        on.garbled(clause("answer.other-text", index=error.index))
        return
    behind, follower = _follower(on, None), _follower(on, _moment(logbook.last_time(on.archive)))
    with on.archive.transaction():
        found = behind.read(earlier, last=True)
        logbook.add(on.archive, found)
        _record(on, behind.findings, earlier, head)
        misdated = concerning.misdated(
            on.archive,
            found,
            on.home.config.committee,
            on.address.origin,
            on.address.keys,
            on.committees,
        )
        _record(on, list(misdated), earlier, head)
        entries = follower.read(later, last=True)
        logbook.add(on.archive, entries)
        on.archive.put(READ, end)
        _record(on, follower.findings, later, head)
    on.result.new += found + entries
    on.committees = follower.committees
    on.result.up_to_date = end == head.size


def _follower(on: Mirroring, last_time: datetime | None) -> Follower:
    return Follower(
        on.address.origin,
        on.address.keys,
        on.committees,
        last_time=last_time,
        find=lambda id_: logbook.by_id(on.archive, id_),
        root_at=lambda size: logbook.root_at(on.archive, size),
        complete=on.is_complete,
    )


async def _page(on: Mirroring, at: int, end: int) -> tuple[int, list[Unread]] | None:
    """The next statements as served to a clerk: how far they reach, and all of them; None if not usable."""
    page = await on.relay.statements(at, min(PAGE, end - at))
    served = [Unread(one.index, one.id, one.note) for one in page.statements if at <= one.index < end]
    upto = served[-1].index + 1 if served else at + 1
    for one in served:
        if not _is_entry(on, one):
            on.garbled(clause("answer.other-text", index=one.index))
            return None
    indexes = {one.index for one in served}
    missing = next((index for index in range(at, upto) if index not in indexes), None)
    if missing is not None:
        on.guard.alarm(
            "missing-statement",
            f"The relay withholds the text of entry {missing} of the log.",
            f"Máy trung chuyển không đưa nội dung mục {missing} của nhật ký.",
            once=str(missing),
        )
        return None
    return upto, served


def _is_entry(on: Mirroring, one: Unread) -> bool:
    """Whether the statement is the entry that our tree has in its place."""
    if one.id != document_hash(one.note):
        return False
    return logbook.node_getter(on.archive)(0, one.index) == merkle.leaf_hash(bytes.fromhex(one.id))


def _record(on: Mirroring, findings: Sequence[Finding], unread: Sequence[Unread], head: Head) -> None:
    notes = {one.index: one.note for one in unread}
    for finding in findings:
        evidence = {"checkpoint": head.note}
        if finding.index in notes:
            evidence[f"{finding.index}.note"] = notes[finding.index]
        on.guard.record(finding, evidence)


def _moment(posix: int) -> datetime | None:
    return datetime.fromtimestamp(posix, UTC) if posix else None
