"""Receipts (*biên nhận*): one tlog-proof per statement; pending under the relay's signatures, final under a checkpoint
that the witnesses of all committees cosigned.

Our copy of the log holds the whole tree, so a receipt is re-issued here, without asking anybody: the path from our own
nodes, under the latest cosigned checkpoint, whose root is that of our tree. A final proof is kept once it verified.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from kynhan_keys import merkle, proofs
from kynhan_keys.errors import KeysError
from kynhan_keys.proofs import Proof
from kynhan_protocol.case.act_rules import Act
from kynhan_protocol.errors import EvidenceError
from kynhan_protocol.evidence import bundle as bundles
from kynhan_protocol.evidence.bundle import Parts
from kynhan_protocol.names import Name
from kynhan_protocol.statements.statements import (
    Acceptance,
    CalendarApproval,
    Dispatch,
    Due,
    Handover,
    MemberStatement,
    Reminder,
)

from ..clauses import clause
from ..errors import problem
from ..home import cupboard
from ..home.home import Home
from ..home.tars import tar_of
from . import logbook
from .logbook import Entry, Head
from .view import View


@dataclass(frozen=True)
class ReceiptLine:
    """The receipt of one statement; `missing`: we hold none yet."""

    id: str
    type: str
    index: int
    time: datetime
    state: Literal["pending", "final", "missing"]


def listed(home: Home, case: str | None = None) -> list[ReceiptLine]:
    """The receipts of a case's statements, or of all statements that we hold one for, in the order of the log.

    Raises ClientError not-found for a case that is not there.
    """
    return [_line(home, entry) for entry in entries_of(home, case)]


def upgrade(home: Home, case: str | None = None) -> int:
    """Re-issues under the latest cosigned checkpoint what is not final yet, and keeps it; gives how many became final.

    Of a case: all its statements; else those that we hold a receipt for. Raises ClientError not-found.
    """
    head = View(home).final_checkpoint
    if head is None:
        return 0
    fresh = [
        (entry.logged.id, issue(home, entry, head))
        for entry in entries_of(home, case)
        if entry.logged.index < head.size and _state(home, entry.logged.id) != "final"
    ]
    with home.archive.transaction():
        for id_, proof in fresh:
            cupboard.put_receipt(home.archive, id_, proof, final=True)
    return len(fresh)


def pending(home: Home) -> int:
    """How many of the receipts that we hold are not final."""
    return len(cupboard.pending_receipts(home.archive))


def issue(home: Home, entry: Entry, head: Head) -> bytes:
    """The proof of a statement under a checkpoint of our copy, verified. Raises ClientError home-damaged."""
    logged = entry.logged
    path = merkle.inclusion_proof(logged.index, head.size, logbook.node_getter(home.archive))
    proof = Proof(logged.note, logged.index, tuple(path), head.note)
    try:
        proofs.verify_inclusion(proof, bytes.fromhex(logged.id))
    except KeysError as error:
        raise problem("home-damaged", what=clause("home.entry", index=logged.index, why=error)) from error
    return proofs.format(proof)


def bundle(home: Home, id_: str) -> bytes:
    """One tar that proves statement `id_` by itself (protocol/bundle.py has its layout); the same home gives the same
    bytes. Raises as bundle_files does."""
    return tar_of(bundle_files(home, id_))


def bundle_files(home: Home, id_: str, *more: str) -> dict[str, bytes]:
    """What a bundle holds, as file names and bytes: the receipt, those of the statements that it rests on, both chains,
    later heads, documents, policy. With `more` the same for other statements too, in one bundle.

    Raises ClientError not-found; not-final while there is no cosigned checkpoint that holds it.
    """
    view = View(home)
    head = final_head(home)
    wanted = closure(view, id_, *more)
    if max(entry.logged.index for entry in wanted) >= head.size:
        raise problem("not-final", why=clause("final.not-yet", id=id_[:16]))
    try:
        index = next(entry.logged.index for entry in wanted if entry.logged.id == id_)
        before = logbook.final_before(home.archive, index) or head
        return bundles.contents(_parts(home, view, head, before, wanted))
    except EvidenceError as error:
        raise problem("not-final", why=error) from error


def final_head(home: Home) -> Head:
    """The latest checkpoint that all witnesses cosigned. Raises ClientError not-final before there is one."""
    head = logbook.latest_final(home.archive)
    if head is None:
        raise problem("not-final", why=clause("final.none"))
    return head


def entries_of(home: Home, case: str | None) -> list[Entry]:
    """The statements of a case (relay statements about it included), or all that we hold receipts for."""
    if case is not None:
        found = logbook.of_case(home.archive, case)
        if not found:
            raise problem("not-found", what=clause("thing.case", id=case))
        return found
    rows = home.archive.rows(
        "SELECT s.id FROM receipts AS r JOIN statements AS s ON s.id = r.id ORDER BY s.idx"
    )
    held = (logbook.by_id(home.archive, row[0]) for row in rows)
    return [entry for entry in held if entry is not None]


def later_heads(home: Home, head: Head) -> list[Entry]:
    """Of each committee the newest member statement under `head`: what it attests closes the other's chain."""
    found: dict[str, Entry] = {}
    types = ("dispatch", "receipt", "opening", "decline", "withdrawal", "destruction", "calendar")
    for entry in logbook.of_types(home.archive, *types):
        statement = entry.logged.statement
        if entry.logged.index < head.size and isinstance(statement, MemberStatement):
            author = statement.from_ if hasattr(statement, "from_") else statement.by
            found[Name.of(author).committee] = entry
    return list(found.values())


def chain_proofs(home: Home, view: View, head: Head) -> list[bytes]:
    """The receipts of all root statements of both committees under `head`."""
    links = sorted(
        (link for chain in view.committees.chains.values() for link in chain.links),
        key=lambda link: link.index,
    )
    held = (logbook.by_id(home.archive, link.id) for link in links if link.index < head.size)
    return [issue(home, entry, head) for entry in held if entry is not None]


def documents(home: Home, view: View) -> tuple[list[bytes], list[bytes]]:
    """The profiles and the calendars that the log names, the one in force last."""
    profiles = [home.archive.document(change.document) for change in view.committees.profiles()]
    calendars = [home.archive.document(change.document) for change in view.calendars.changes]
    return (
        list(dict.fromkeys(data for data in profiles if data)),
        list(dict.fromkeys(data for data in calendars if data)),
    )


def policies(home: Home, view: View, head: Head) -> tuple[bytes, bytes]:
    """The tlog-policy files: of both witnesses, and the classic one. Raises EvidenceError without any witness."""
    ed25519, ml_dsa_44 = view.profile.relay.vkeys
    at = datetime.fromtimestamp(head.time, UTC)
    return bundles.policy(ml_dsa_44, view.committees, head.size, at), bundles.policy_ed25519(ed25519)


def _parts(home: Home, view: View, head: Head, before: Head, wanted: Iterable[Entry]) -> Parts:
    profiles, calendars = documents(home, view)
    policy, policy_ed25519 = policies(home, view, head)
    chosen = list(wanted)
    ids = {entry.logged.id for entry in chosen}
    heads = [entry for entry in later_heads(home, head) if entry.logged.id not in ids]
    return Parts(
        receipts=tuple(issue(home, entry, head) for entry in chosen),
        heads=tuple(issue(home, entry, head) for entry in heads),
        chains=tuple(chain_proofs(home, view, head)),
        roots=home.relay.root_keys,
        profiles=tuple(profiles),
        calendars=tuple(calendars),
        checkpoint_before=before.note,
        policy=policy,
        policy_ed25519=policy_ed25519,
    )


def calendar_approvals(view: View) -> list[Entry]:
    """The approvals that put later calendars in force: a due date by such a calendar rests on them."""
    return logbook.of_types(view.archive, "calendar")


def calendars_of(view: View) -> list[Entry]:
    """Those approvals with the acceptances that date them."""
    ids = [id_ for entry in calendar_approvals(view) for id_ in (entry.logged.id, *_rests_on(view, entry))]
    return [entry for entry in map(view.statement, ids) if entry is not None]


def closure(view: View, *ids: str) -> list[Entry]:
    """Statements, and all that they rest on: what each names, and the relay statements that date those."""
    found: dict[str, Entry] = {}
    wanted = list(ids)
    while wanted:
        next_id = wanted.pop()
        if next_id in found:
            continue
        entry = view.statement(next_id)
        if entry is None:
            if next_id in ids:
                raise problem("not-found", what=clause("thing.statement", id=next_id[:16]))
            continue
        found[next_id] = entry
        wanted += _rests_on(view, entry)
    return sorted(found.values(), key=lambda entry: entry.logged.index)


def _rests_on(view: View, entry: Entry) -> list[str]:
    statement = entry.logged.statement
    named: list[str | None] = []
    match statement:
        case Acceptance() | Handover():
            named = [statement.of]
        case Due():
            named = [statement.start, statement.basis, statement.replaces, statement.dispatch]
        case _:
            pass
    if isinstance(statement, Due | Reminder):
        named += [one.logged.id for one in calendar_approvals(view) if one.logged.index < entry.logged.index]
    if entry.case is not None and isinstance(statement, Dispatch | Act | Reminder):
        # what the case allowed then, or had to be reminded of, is told by what stood in it
        named += [
            one.logged.id
            for one in logbook.of_case(view.archive, entry.case)
            if one.logged.index < entry.logged.index
        ]
    if isinstance(statement, CalendarApproval):
        after = logbook.at(view.archive, entry.logged.index + 1)
        named += [after.logged.id] if after is not None else []
    elif isinstance(statement, MemberStatement) and entry.dispatch is not None:
        # the relay statement that gives it its time
        named += [
            one.logged.id
            for one in logbook.about_dispatch(view.archive, entry.dispatch)
            if isinstance(one.logged.statement, Acceptance | Handover)
            and one.logged.statement.of == entry.logged.id
        ]
    return [id_ for id_ in named if id_ is not None]


def _line(home: Home, entry: Entry) -> ReceiptLine:
    return ReceiptLine(
        entry.logged.id, entry.type, entry.logged.index, entry.logged.time, _state(home, entry.logged.id)
    )


def _state(home: Home, id_: str) -> Literal["pending", "final", "missing"]:
    kept = cupboard.receipt(home.archive, id_)
    return "missing" if kept is None else "final" if kept.final else "pending"
