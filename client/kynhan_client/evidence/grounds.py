"""What a printed page rests on (printing/basis.py), read from evidence instead of a home: bytes in, no relay, no home.

Nothing here judges: a page made anew from this is worth as much as the verdict on the same files.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import PurePosixPath

from kynhan_keys import checkpoints
from kynhan_keys.errors import KeysError
from kynhan_keys.vkeys import Vkey
from kynhan_protocol.agreement import calendar, profile
from kynhan_protocol.agreement.calendars import CalendarBook
from kynhan_protocol.agreement.profile import Profile
from kynhan_protocol.case import dates, fold
from kynhan_protocol.errors import ProtocolError
from kynhan_protocol.evidence import exhibits
from kynhan_protocol.evidence.exhibits import Exhibit
from kynhan_protocol.evidence.verdicts import HEADS
from kynhan_protocol.package.qr_text import Reference
from kynhan_protocol.statements.logged import Logged
from kynhan_protocol.statements.statements import Dispatch

from ..log.following import type_of
from ..log.logbook import Entry, Head, place_of
from ..printing.basis import Basis
from .verifying import Verification


@dataclass(frozen=True)
class Ground:
    """The basis of a page, and the statement it is about. Not `is_exact`: the checkpoint itself is not in the evidence,
    only a later one, so that its time and what depends on it are not known."""

    basis: Basis
    main: Entry
    is_exact: bool


def of_files(files: Mapping[str, bytes], verification: Verification, reference: Reference) -> Ground | None:
    """The basis of the page that bears `reference`; None where the files, of which `verification` is the verdict, do
    not hold all that the page needs. Never raises for what is in them."""
    try:
        return _of_files(files, verification, reference)
    except (ProtocolError, KeysError, ValueError, KeyError, StopIteration):
        return None


def _of_files(files: Mapping[str, bytes], verification: Verification, reference: Reference) -> Ground | None:
    elsewhere = {one.subject for one in verification.aside}
    shown = [
        one
        for one in exhibits.load(files)
        if one.is_placed and one.signed is not None and one.name not in elsewhere
    ]
    entries = _entries([one for one in shown if not one.name.startswith(HEADS)], verification)
    main = entries.get(reference.id)
    head = _head(shown, reference)
    is_exact = head is not None
    if main is None or verification.fingerprint is None or (head is None and reference.case is not None):
        return None
    if head is None:
        head = Head(reference.size, bytes.fromhex(reference.root), b"", int(main.logged.time.timestamp()))
    roots = {vkey.name: vkey for vkey in map(Vkey.parse, files["roots"].decode("ascii").splitlines())}
    committees = exhibits.chains_from(roots, shown)
    profiles, in_order = _profiles(files), committees.profiles()
    under = sorted(entries.values(), key=lambda entry: entry.logged.index)
    book = _calendars(files, profiles[in_order[0].document], under).beside(committees)
    case = main.case
    of_case = [one for one in under if case is not None and one.case == case and one.logged.index < head.size]
    if case is None:
        chosen = profiles[committees.profile_at(head.size) or ""]
    else:
        chosen = profiles[next(_profile_named(of_case))]
    statements = [entry.logged for entry in of_case]
    folded = None if case is None else fold.fold(statements, chosen, book, committees)
    if folded is not None:
        folded = dates.as_of(folded, head.size, chosen, book, datetime.fromtimestamp(head.time, UTC))
    state = next(one.finality for one in verification.receipts if one.id == reference.id)
    made = Basis(head, state or "pending", of_case, folded, chosen, book, roots, verification.fingerprint)
    return Ground(made, main, is_exact)


def _entries(shown: list[Exhibit], verification: Verification) -> dict[str, Entry]:
    """The statements by id, each with its log time, case and dispatch."""
    times = {one.id: datetime.fromisoformat(one.time) for one in verification.receipts if one.id and one.time}
    found: dict[str, Entry] = {}
    for one in sorted(shown, key=lambda exhibit: exhibit.index):
        logged = one.logged()
        at = times.get(one.id, logged.time)
        case, dispatch = place_of(logged.statement, one.id, found.get)
        placed = Logged(logged.index, one.id, logged.statement, logged.note, at)
        found[one.id] = Entry(placed, type_of(logged.note), case, dispatch)
    return found


def _head(shown: list[Exhibit], reference: Reference) -> Head | None:
    """The checkpoint that the page is as of."""
    for one in shown:
        head, proof = one.head, one.proof
        if head is not None and proof is not None and head.size == reference.size:
            _, note = checkpoints.parse(proof.checkpoint)
            time = int(exhibits.time_of_log(note, head.origin).timestamp())
            return Head(head.size, head.root, proof.checkpoint, time)
    return None


def _profiles(files: Mapping[str, bytes]) -> dict[str, Profile]:
    return {
        profile.document_hash(data): profile.parse(data)
        for name, data in files.items()
        if PurePosixPath(name).match("profile*.json")
    }


def _calendars(files: Mapping[str, bytes], first: Profile, under: list[Entry]) -> CalendarBook:
    documents = [
        calendar.parse(data) for name, data in files.items() if PurePosixPath(name).match("calendar*.json")
    ]
    book = CalendarBook.begin(first.calendar, first.committees, *documents)
    for entry in under:
        book = book.apply(entry.logged)
    return book


def _profile_named(of_case: list[Entry]) -> Iterator[str]:
    return (one.logged.statement.profile for one in of_case if isinstance(one.logged.statement, Dispatch))
