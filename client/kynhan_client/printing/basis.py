"""What a printed page rests on: one checkpoint, what the log said under it, and the receipts that prove it.

Everything on a page is as of that checkpoint, never of the moment of printing: the same evidence prints the same bytes,
and whoever reads the page can recompute each word of it from what is embedded.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from kynhan_keys.vkeys import Vkey
from kynhan_protocol.agreement.calendars import CalendarBook
from kynhan_protocol.agreement.profile import Profile
from kynhan_protocol.case import dates, fold
from kynhan_protocol.case.case import Case
from kynhan_protocol.package.qr_text import Reference
from kynhan_protocol.statements.statements import Dispatch

from ..clauses import clause
from ..errors import ClientError, problem
from ..home.home import Home
from ..log import logbook, receipts
from ..log.logbook import Entry, Head
from ..log.view import View
from ..trust import trust

State = Literal["pending", "final"]


@dataclass(frozen=True)
class Basis:
    """The checkpoint, and the log under it: all that a page says follows from this, whether it was read in a home or in
    evidence. `entries` are those of the case there, in the order of the log; `roots` the first root key of each
    committee, `digits` the 60 of the keys."""

    head: Head
    state: State
    entries: Sequence[Entry]
    case: Case | None
    profile: Profile
    calendars: CalendarBook
    roots: Mapping[str, Vkey]
    digits: str

    @property
    def at(self) -> datetime:
        """When the checkpoint was made."""
        return datetime.fromtimestamp(self.head.time, UTC)

    def dispatch(self, id_: str) -> Dispatch:
        """A DISPATCH of the case."""
        found = next(one.logged.statement for one in self.entries if one.logged.id == id_)
        assert isinstance(found, Dispatch)
        return found

    def reference(self, entry: Entry, case: str | None = None) -> Reference:
        """What the QR code says of `entry`."""
        logged = entry.logged
        origin = self.profile.relay.origin
        return Reference(origin, logged.index, logged.id, self.head.size, self.head.root.hex(), case)


def of_statement(home: Home, entry: Entry) -> Basis:
    """Under the latest checkpoint that all witnesses cosigned and that holds the statement; under the relay's latest
    while there is none. Raises ClientError no-profile, keys-missing, home-damaged."""
    view = View(home)
    final = view.final_checkpoint
    needed = entry.logged.index + 1  # the relay statement that dates it stands right behind
    if final is not None and needed < final.size and _is_provable(home, entry):
        return _basis(home, view, final, "final", entry.case)
    return _basis(home, view, _latest(view), "pending", entry.case)


def of_case(home: Home, case: str) -> Basis:
    """The same for a whole case: final as soon as its first statement is. Raises ClientError not-found also."""
    view = View(home)
    entries = receipts.entries_of(home, case)
    final = view.final_checkpoint
    if final is not None and entries[0].logged.index + 1 < final.size and _is_provable(home, entries[0]):
        return _basis(home, view, final, "final", case)
    return _basis(home, view, _latest(view), "pending", case)


def proofs(home: Home, basis: Basis, main: Entry, shown: Sequence[Entry]) -> tuple[bytes, dict[str, bytes]]:
    """The receipt of `main`, and the files of a bundle that proves it and the other statements `shown`.

    A pending receipt has no bundle. Raises ClientError home-damaged, not-final.
    """
    receipt = receipts.issue(home, main, basis.head)
    if basis.state == "pending":
        return receipt, {}
    ids = dict.fromkeys(entry.logged.id for entry in (main, *shown))
    return receipt, receipts.bundle_files(home, *ids)


def _is_provable(home: Home, entry: Entry) -> bool:
    try:
        receipts.bundle_files(home, entry.logged.id)
    except ClientError as error:
        if error.code != "not-final":
            raise
        return False
    return True


def _latest(view: View) -> Head:
    found = view.checkpoint
    if found is None:
        raise problem("not-final", why=clause("final.none"))
    return found


def _basis(home: Home, view: View, head: Head, state: State, case: str | None) -> Basis:
    everything = [] if case is None else logbook.of_case(view.archive, case)
    entries = [entry for entry in everything if entry.logged.index < head.size]
    name = view.committees.profile_at(head.size) if case is None else view.case(case).profile
    profile = view.profile if name is None else view.profile_of(name)
    statements = [entry.logged for entry in entries]
    folded = None if case is None else fold.fold(statements, profile, view.calendars, view.committees)
    if folded is not None:
        folded = dates.as_of(
            folded, head.size, profile, view.calendars, datetime.fromtimestamp(head.time, UTC)
        )
    return Basis(
        head, state, entries, folded, profile, view.calendars, home.relay.root_keys, trust.digits(home)
    )
