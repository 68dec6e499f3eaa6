"""All cases at once, without folding each of them anew: what this home folded before is kept in its own archive.

A kept case counts only for the same code, the same calendars and the same statements; with more statements of the log
it is folded on from where it was, in any other case from the beginning. It is our own fold that is kept, page-encrypted
like everything else: neither the relay nor the other side has a say in it.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable, Iterator, Sequence
from importlib import resources
from importlib.metadata import version
from importlib.resources.abc import Traversable

import msgspec

from kynhan_protocol.agreement.calendars import CalendarBook
from kynhan_protocol.agreement.profile import Profile
from kynhan_protocol.case import case_json, fold
from kynhan_protocol.case.case import Case
from kynhan_protocol.statements.committees import Committees
from kynhan_protocol.statements.statements import Dispatch

from ..errors import ClientError
from ..home.archive import Archive
from . import logbook

Row = tuple[str, str, int, int, bytes]


def cases(
    archive: Archive,
    profile_of: Callable[[str], Profile],
    calendars: Callable[[], CalendarBook],
    committees: Committees,
) -> list[Case]:
    """All cases that can be folded, in the order they began. `calendars` is asked only if there are cases."""
    wanted = archive.rows(
        "SELECT case_id, count(*), max(idx) FROM statements WHERE case_id IS NOT NULL GROUP BY case_id"
        " ORDER BY min(idx)"
    )
    if not wanted:
        return []
    book = calendars()
    basis = _basis(book)
    kept = {
        row[0]: row[1:] for row in archive.rows("SELECT case_id, basis, count, last_idx, body FROM folded")
    }
    found: list[Case] = []
    fresh: list[Row] = []
    for case_id, count, last in wanted:
        before = kept.get(case_id)
        known = _load(before[3]) if before is not None and before[0] == basis else None
        if known is not None and before is not None and before[1:3] == (count, last):
            found.append(known)
            continue
        base = None if known is None or before is None else (known, before[1], before[2])
        case = _fold(archive, case_id, base, profile_of, book, committees)
        if case is not None:
            found.append(case)
            fresh.append((case_id, basis, count, last, case_json.dump(case)))
    _keep(archive, fresh)
    return found


def _fold(
    archive: Archive,
    case_id: str,
    base: tuple[Case, int, int] | None,
    profile_of: Callable[[str], Profile],
    book: CalendarBook,
    committees: Committees,
) -> Case | None:
    """The case now, folded on from `base` (case, statements, last index) if all that is new came after it. None for
    what has no dispatch yet, or a profile that is not here."""
    case: Case | None = None
    entries: Sequence[logbook.Entry] = ()
    if base is not None:
        entries = logbook.of_case(archive, case_id, after=base[2])
        total = archive.row("SELECT count(*) FROM statements WHERE case_id = ?", (case_id,))
        case = base[0] if total is not None and total[0] == base[1] + len(entries) else None
    if case is None:
        entries = logbook.of_case(archive, case_id)
    statements = (entry.logged.statement for entry in entries)
    began = next((one for one in statements if isinstance(one, Dispatch)), None)
    sha256 = case.profile if case is not None else began.profile if began is not None else None
    if sha256 is None:
        return None
    try:
        profile = profile_of(sha256)
    except ClientError as error:
        if error.code == "keys-missing":
            return None
        raise
    for entry in entries:
        case = fold.apply(case, entry.logged, profile, book, committees)
    return case


def _load(body: bytes) -> Case | None:
    """A kept case; None where it cannot be read, which only another version of this code could have written."""
    try:
        return case_json.load(body)
    except msgspec.DecodeError:
        return None


def _keep(archive: Archive, rows: Sequence[Row]) -> None:
    """Keeps what was folded, unless somebody else is writing just now: then the next command will."""
    if not rows:
        return
    with archive.transaction_if_free() as free:
        if free:
            archive.run_many("INSERT OR REPLACE INTO folded VALUES (?, ?, ?, ?, ?)", rows)


def _basis(book: CalendarBook) -> str:
    """What a fold rests on beside the statements: the code, and the calendars that are here."""
    return " ".join((_code(), *sorted(book.documents)))


@functools.cache
def _code() -> str:
    """A hash over the protocol's source, in all its rooms, so that no case outlives the rules it was folded by."""
    digest = hashlib.sha256(version("kynhan").encode())
    for source in _sources(resources.files("kynhan_protocol")):
        digest.update(source)
    return digest.hexdigest()[:32]


def _sources(folder: Traversable) -> Iterator[bytes]:
    """Every module below `folder`, in one order."""
    for entry in sorted(folder.iterdir(), key=lambda one: one.name):
        if entry.is_dir():
            yield from _sources(entry)
        elif entry.name.endswith(".py"):
            yield entry.read_bytes()
