"""What one statement has to satisfy at its place in the log, given everything else on the table (DESIGN 2,
3.2, 3.3).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

from kynhan_keys import notes
from kynhan_keys.errors import SignatureError
from kynhan_keys.vkeys import Vkey

from ..agreement.calendar import Calendar
from ..agreement.profile import Profile
from ..case.act_rules import Act, may_act
from ..errors import ChainError, StatementError
from ..names import Name
from ..statements import signing
from ..statements.committees import Committees
from ..statements.statements import (
    Acceptance,
    CalendarApproval,
    Decline,
    Dispatch,
    Due,
    Handover,
    MemberStatement,
    Receipt,
    RelayStatement,
    Reminder,
    Withdrawal,
)
from .entries import Entry
from .evidence_due import calendars_on_table, check_due

WINDOW: Final = timedelta(days=15)  # a member statement may be dated so long before its log time
RECEIPT_WINDOW: Final = timedelta(hours=72)
AHEAD: Final = timedelta(minutes=15)  # and so long after it
SLACK: Final = timedelta(minutes=5)  # between log times and cosignature times


@dataclass(kw_only=True)
class Context:
    """All that is on the table. `cosigned` are sizes and times of valid cosignatures, sorted; `keys_at` gives
    the relay's keys for a place in the log and a time.
    """

    entries: Sequence[Entry]
    committees: Committees
    profiles: Mapping[str, Profile]
    calendars: Mapping[str, Calendar]
    cosigned: Sequence[tuple[int, datetime]]
    keys_at: Callable[[int, datetime], Sequence[tuple[Vkey, Vkey]]]

    def placed(self) -> dict[str, Entry]:
        """By statement id, the entries that stand in the log."""
        return {entry.id: entry for entry in self.entries if entry.signed and entry.is_placed}


def check(context: Context) -> None:
    """Adds to every entry its reasons, and its log time where that is known."""
    _check_places(context)
    for entry in context.entries:
        if entry.signed and entry.head and isinstance(entry.statement, RelayStatement):
            _check_relay(context, entry)
    _check_naming(context)
    for entry in context.entries:
        if entry.signed and entry.head and isinstance(entry.statement, MemberStatement):
            _check_member(context, entry)
    placed = context.placed()
    heads = _attested_heads(placed)
    for entry in context.entries:
        if entry.signed and entry.head:
            _check_complete(context, entry, heads)
            _check_acts(context, entry, placed)
            _check_cosigned(context, entry)
    _check_first(context)
    _check_dues(context)
    _check_named(context)


def _check_places(context: Context) -> None:
    """One place, one statement; one statement, one place."""
    at: dict[int, Entry] = {}
    where: dict[str, Entry] = {}
    for entry in [entry for entry in context.entries if entry.signed and entry.is_placed]:
        if at.setdefault(entry.index, entry).id != entry.id:
            entry.blame("fork", f"another statement at index {entry.index} in {at[entry.index].name}")
        if where.setdefault(entry.id, entry).index != entry.index:
            entry.blame("logged-twice", where[entry.id].name)


def _check_relay(context: Context, entry: Entry) -> None:
    statement = entry.statement
    assert entry.signed
    assert isinstance(statement, RelayStatement)
    keys = context.keys_at(entry.index, statement.time)
    if not keys:
        return  # said already: no-profile
    if statement.relay not in {pair[0].name for pair in keys}:
        entry.blame("other-relay", statement.relay)
        return
    failure: StatementError | None = None
    for ed25519, _ in keys:
        try:
            signing.verify(entry.signed, (ed25519,))
        except StatementError as error:
            failure = failure or error
        else:
            entry.time = statement.time
            return
    entry.blame("bad-signature", failure)


def _check_naming(context: Context) -> None:
    """Gives root and member statements their log time, and holds relay times against each other."""
    placed = context.placed()
    relay = sorted(
        {entry.id: entry for entry in placed.values() if entry.kind == "relay"}.values(),
        key=lambda one: one.index,
    )
    for earlier, later in pairwise(relay):
        if later.statement.time < earlier.statement.time:
            later.blame("time-decreases", f"before that of {earlier.name}")
    naming: dict[str, Entry] = {}
    for entry in relay:
        statement = entry.statement
        if isinstance(statement, Acceptance | Handover):
            if statement.of in naming:
                entry.blame("named-twice", naming[statement.of].name)
            naming.setdefault(statement.of, entry)
    for entry in context.entries:
        if not entry.signed or not entry.head or entry.kind == "relay":
            continue
        named = naming.get(entry.id)
        if named is None:
            if entry.kind == "member":
                entry.blame("log-time-missing")
            continue
        if not _fits(entry, named):
            named.blame("wrong-naming", entry.name)
        entry.time = named.statement.time


def _fits(entry: Entry, named: Entry) -> bool:
    of, by = entry.statement, named.statement
    if named.index <= entry.index:
        return False
    if isinstance(of, Receipt):
        return isinstance(by, Handover) and by.dispatch == of.dispatch
    return isinstance(by, Acceptance)


def _check_member(context: Context, entry: Entry) -> None:
    statement = entry.statement
    assert entry.signed
    assert isinstance(statement, MemberStatement)
    at = entry.time or statement.time
    names = signing.signer_names(entry.statement)
    for name, line in zip(names, entry.signed.signatures, strict=True):
        member = context.committees.member(name, entry.index, at)
        if member is None or not line.is_under(member.statement.signing):
            entry.blame("member-unknown", name)
            continue
        try:
            notes.verify(entry.signed.text, member.statement.signing, line)
        except SignatureError as error:
            entry.blame("bad-signature", error)
    origins = {pair[0].name for pair in context.keys_at(entry.index, at)}
    if origins and statement.relay not in origins:
        entry.blame("other-relay", statement.relay)
    if entry.time:
        earliest = entry.time - (RECEIPT_WINDOW if isinstance(statement, Receipt) else WINDOW)
        if not earliest <= statement.time <= entry.time + AHEAD:
            entry.blame(
                "outside-window",
                f"{statement.time:%Y-%m-%dT%H:%M:%SZ}, logged {entry.time:%Y-%m-%dT%H:%M:%SZ}",
            )


def _attested_heads(placed: Mapping[str, Entry]) -> list[tuple[int, str, frozenset[str]]]:
    """How far its author had seen the log, the author's committee and `head` of every member statement that holds.

    Not its place: a statement made earlier, which the relay held back, says nothing of what was logged meanwhile.
    """
    return [
        (min(entry.statement.seen.size, entry.index), _author(entry), frozenset(entry.statement.head))
        for entry in placed.values()
        if isinstance(entry.statement, MemberStatement)
        and not any(one.code in ("member-unknown", "no-profile") for one in entry.reasons)
    ]


def _author(entry: Entry) -> str:
    """The committee of who signed; the relay's name for its statements."""
    return Name.of(signing.signer_names(entry.statement)[0]).committee


def _check_complete(context: Context, entry: Entry, heads: Sequence[tuple[int, str, frozenset[str]]]) -> None:
    """Whether both chains are known to be complete up to the statement (DESIGN 3.3, *in force at index i*).

    A root statement needs nothing but the chain before it, which its number and `previous` close.
    """
    if entry.kind == "root":
        if not any(
            entry.id == link.id for chain in context.committees.chains.values() for link in chain.links
        ) and not (entry.reasons):
            entry.blame("bad-chain", "another statement of that number")
        return
    if not context.committees.chains:
        entry.blame("no-roots")
    for committee, chain in sorted(context.committees.chains.items()):
        if any(link.index > entry.index for link in chain.links):
            continue
        if chain.head is None or not any(
            seen >= entry.index and author != _author(entry) and chain.head in head
            for seen, author, head in heads
        ):
            entry.blame("chain-open", committee)
    if not any(one.code in ("chain-open", "no-roots") for one in entry.reasons):
        # nothing is missing: who is not found was not certified
        unknown = [one for one in entry.reasons if one.code == "member-unknown"]
        entry.reasons = [one for one in entry.reasons if one not in unknown]
        for one in unknown:
            entry.blame("not-in-force", one.detail)


def _check_acts(context: Context, entry: Entry, placed: Mapping[str, Entry]) -> None:
    """Who may do what to a dispatch, which has to be on the table."""
    act = entry.statement if isinstance(entry.statement, Act) else None
    sent = placed.get(act.dispatch) if act else None
    if act and not (sent and isinstance(sent.statement, Dispatch)):
        entry.blame("dispatch-missing", act.dispatch)
    if any(
        one.code in ("chain-open", "log-time-missing", "member-unknown", "no-roots") for one in entry.reasons
    ):
        return  # without complete chains nothing can be said
    statement = entry.statement
    if isinstance(statement, Dispatch):
        _check_dispatch(context, entry, statement, placed)
    elif act and sent and isinstance(sent.statement, Dispatch):
        if sent.index > entry.index:
            entry.blame("before-dispatch", sent.name)
        member = context.committees.member(act.by, entry.index, entry.time or act.time)
        if member and not may_act(act, sent.statement, member):
            entry.blame("not-addressee", act.by)
    elif isinstance(statement, CalendarApproval):
        member = context.committees.member(statement.by, entry.index, entry.time or statement.time)
        if member and not member.has("approver"):
            entry.blame("not-in-force", f"{statement.by} is no approver")


def _check_dispatch(context: Context, entry: Entry, statement: Dispatch, placed: Mapping[str, Entry]) -> None:
    assert entry.time
    in_force = [one.document for one in context.committees.profiles() if one.index < entry.index]
    dispatches = [one for one in placed.values() if isinstance(one.statement, Dispatch)]
    first = min(
        (one for one in dispatches if one.statement.case == statement.case),  # type: ignore[union-attr]
        key=lambda one: one.index,
        default=entry,
    )
    if statement.profile not in in_force or statement.profile != first.statement.profile:  # type: ignore[union-attr]
        entry.blame("other-profile", statement.profile)
    try:
        expected = context.committees.expected_sealed(
            statement.from_, statement.approver, statement.to, entry.index, entry.time
        )
    except ChainError as error:
        entry.blame("sealed-differs", error)
        return
    if statement.sealed != expected:
        entry.blame("sealed-differs")
    if not context.committees.is_approved(statement, entry.index, entry.time):
        entry.blame("not-approved", statement.approver)


def _check_first(context: Context) -> None:
    """Of RECEIPT, DECLINE and WITHDRAWAL the first one in the log counts."""
    first: dict[str, Entry] = {}
    for entry in sorted(context.placed().values(), key=lambda one: one.index):
        if isinstance(entry.statement, Receipt | Decline | Withdrawal):
            winner = first.setdefault(entry.statement.dispatch, entry)
            if winner is not entry:
                entry.blame("settled-before", winner.name)


def _check_dues(context: Context) -> None:
    placed = context.placed()
    book = calendars_on_table(context.committees, context.profiles, placed)
    for entry in context.entries:
        if entry.signed and entry.head and isinstance(entry.statement, Due):
            check_due(entry, entry.statement, placed, context.profiles, context.calendars, book)


def _check_named(context: Context) -> None:
    """A relay statement says something only together with what it names."""
    placed = context.placed()
    for entry in context.entries:
        if not entry.signed or not entry.head:
            continue
        statement = entry.statement
        if isinstance(statement, Acceptance | Handover) and statement.of not in placed:
            entry.blame("named-missing", statement.of)
        elif isinstance(statement, Reminder):
            about = placed.get(statement.due)
            if not about or getattr(about.statement, "case", None) != statement.case:
                entry.blame("named-missing", statement.due)


def _check_cosigned(context: Context, entry: Entry) -> None:
    """The log time lies between the nearest known cosignatures before and after, with some slack."""
    if entry.time is None:
        return
    before = [at for size, at in context.cosigned if size <= entry.index]
    after = [at for size, at in context.cosigned if size > entry.index]
    if (before and entry.time < max(before) - SLACK) or (after and entry.time > min(after) + SLACK):
        entry.blame("time-contradicts")
