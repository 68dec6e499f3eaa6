"""What one statement has to satisfy at its place in the log, given everything else on the table (DESIGN §2,
§3.2, §3.3).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from itertools import accumulate, count
from typing import Final

from kynhan_keys.vkeys import Vkey

from ..agreement.calendar import Calendar
from ..agreement.profile import Profile
from ..names import Name
from ..rulebook.chain import CHAIN, RELAY_KEYS
from ..rulebook.log_rules import LOG_RULES, VOID
from ..rulebook.naming import BEHIND, NAMING
from ..rulebook.relay import KEY, TIME
from ..rulebook.signers import ORIGIN, SIGNERS
from ..rulebook.views import SEEN
from ..rulebook.windows import WINDOW
from ..statements import signing
from ..statements.committees import Committees
from ..statements.statements import (
    Acceptance,
    Handover,
    MemberStatement,
    RelayStatement,
)
from .evidence_cases import Cases, check_cases
from .evidence_due import calendars_on_table
from .exhibits import FIRST, LAST, Exhibit
from .table_place import Hearing, TablePlace, blame
from .trees import Trees

SLACK: Final = timedelta(minutes=5)  # between log times and cosignature times

_AT_ONCE: Final = (SIGNERS, ORIGIN, WINDOW, SEEN)
"""What is asked before anybody's chain is known to be whole; the rest afterwards."""
_OPEN: Final = ("chain-open", "no-roots")
"""Reasons for which a root statement that is not here may still stand in the log."""


@dataclass(kw_only=True)
class Context:
    """All that is on the table; `support` closes chains for what stands before it, and nothing else. `cosigned` are
    sizes and times of valid cosignatures, sorted; `keys_at` gives the relay's keys for a place in the log and a time.
    """

    exhibits: Sequence[Exhibit]
    support: Sequence[Exhibit] = ()
    committees: Committees
    profiles: Mapping[str, Profile]
    calendars: Mapping[str, Calendar]
    cosigned: Sequence[tuple[int, datetime]]
    trees: Trees
    keys_at: Callable[[int, datetime], Sequence[tuple[Vkey, Vkey]]]

    def hearing(self, placed: Mapping[str, Exhibit]) -> Hearing:
        """What the rulebook is asked about: of `placed`, what is its author's to say."""
        return Hearing(
            committees=self.committees,
            trees=self.trees,
            keys_at=self.keys_at,
            placed={id_: one for id_, one in placed.items() if not VOID & set(one.faults)},
            first_gap=_first_gap(placed.values()),
            first_missing=_first_missing(placed.values()),
        )

    def between(self, index: int) -> tuple[datetime, datetime]:
        """The latest cosignature of a tree without entry `index`, and the earliest of one with it."""
        sizes, before, after = self._bounds
        place = bisect_right(sizes, index)
        return before[place], after[place]

    @cached_property
    def _bounds(self) -> tuple[list[int], list[datetime], list[datetime]]:
        """The sizes cosigned, rising; before and from each place there on, the latest and the earliest time."""
        times = [at for _, at in self.cosigned]
        before = list(accumulate(times, max, initial=FIRST))
        after = list(accumulate(reversed(times), min, initial=LAST))
        return [size for size, _ in self.cosigned], before, after[::-1]

    def placed(self) -> dict[str, Exhibit]:
        """By statement id, the exhibits that stand in the log."""
        return _placed(self.exhibits)


def check(context: Context) -> None:
    """Adds to every exhibit its reasons, and its log time where that is known."""
    _check_places(context)
    placed = context.placed()
    _check_relay(context, placed)
    _give_times(context, placed)
    hearing = context.hearing(placed)
    for exhibit in (*context.exhibits, *context.support):
        if exhibit.signed and exhibit.head and isinstance(exhibit.statement, MemberStatement):
            blame(exhibit, TablePlace(hearing, exhibit, whole=False), _AT_ONCE)
    hearing = context.hearing(placed)
    heads = _attested_heads([*context.placed().values(), *_placed(context.support).values()])
    for exhibit in context.exhibits:
        if exhibit.signed and exhibit.head:
            _check_complete(context, exhibit, heads)
            if isinstance(exhibit.statement, MemberStatement):
                _check_member(hearing, exhibit)
            _check_cosigned(context, exhibit)
    for exhibit in (*context.exhibits, *context.support):
        if exhibit.signed and exhibit.head and exhibit.kind == "root":
            blame(exhibit, TablePlace(hearing, exhibit, whole=True), (CHAIN, RELAY_KEYS))
    _check_cases(context, context.hearing(placed))


def _placed(found: Iterable[Exhibit]) -> dict[str, Exhibit]:
    return {exhibit.id: exhibit for exhibit in found if exhibit.signed and exhibit.is_placed}


def _check_places(context: Context) -> None:
    """One statement, one place; that one place has one statement is a matter of the tree (trees.py)."""
    where: dict[str, Exhibit] = {}
    for exhibit in [exhibit for exhibit in context.exhibits if exhibit.signed and exhibit.is_placed]:
        if where.setdefault(exhibit.id, exhibit).index != exhibit.index:
            exhibit.blame("logged-twice", where[exhibit.id].name)


def _check_relay(context: Context, placed: Mapping[str, Exhibit]) -> None:
    """The rules of the log for what the relay says: first whether it is the relay's, then the others."""
    for rules in ((ORIGIN, KEY), (TIME, NAMING, BEHIND)):
        hearing = context.hearing(placed)
        for exhibit in context.exhibits:
            if exhibit.signed and exhibit.head and isinstance(exhibit.statement, RelayStatement):
                if VOID & set(exhibit.faults):
                    continue
                lacks = blame(exhibit, TablePlace(hearing, exhibit, whole=False), rules)
                if rules[0] is ORIGIN and not lacks and not VOID & set(exhibit.faults):
                    exhibit.time = exhibit.statement.time


def _give_times(context: Context, placed: Mapping[str, Exhibit]) -> None:
    """Gives root and member statements their log time."""
    naming: dict[str, Exhibit] = {}
    for exhibit in sorted(context.hearing(placed).placed.values(), key=lambda one: one.index):
        statement = exhibit.statement
        if isinstance(statement, Acceptance | Handover):
            if statement.of in naming:
                exhibit.blame("named-twice", naming[statement.of].name)
            naming.setdefault(statement.of, exhibit)
    for exhibit in context.exhibits:
        if not exhibit.signed or not exhibit.head or exhibit.kind == "relay":
            continue
        named = naming.get(exhibit.id)
        if named is not None:
            exhibit.time = named.statement.time
        elif exhibit.kind == "member":
            exhibit.blame("log-time-missing")


def _first_gap(placed: Iterable[Exhibit]) -> int:
    """The first index of the log at which no exhibit stands, nor the relay's answer to the one before."""
    here = {exhibit.index: exhibit.kind for exhibit in placed}
    gap = 0
    while gap in here or here.get(gap - 1, "relay") != "relay":
        gap += 1
    return gap


def _first_missing(placed: Iterable[Exhibit]) -> int:
    """The first index of the log at which no exhibit stands."""
    here = {exhibit.index for exhibit in placed}
    return next(index for index in count() if index not in here)


def _check_member(hearing: Hearing, exhibit: Exhibit) -> None:
    """What needs whole chains; where they are, who is not found was not certified."""
    place = TablePlace(hearing, exhibit, _is_whole(exhibit))
    if place.whole and exhibit.time is not None:
        exhibit.reasons = [one for one in exhibit.reasons if one.code != "member-unknown"]
        blame(exhibit, place, (SIGNERS,))
    blame(exhibit, place, tuple(rule for rule in LOG_RULES if rule not in _AT_ONCE))


def _attested_heads(placed: Iterable[Exhibit]) -> dict[str, dict[str, int]]:
    """By root statement, how far into the log somebody of each committee had seen it to be the newest, in a member
    statement that holds.

    That far, and not up to the statement's own place: one made earlier, which the relay held back, says nothing of what
    was logged meanwhile.
    """
    found: dict[str, dict[str, int]] = {}
    for exhibit in placed:
        statement = exhibit.statement
        if isinstance(statement, MemberStatement) and not any(
            one.code in ("member-unknown", "no-profile") for one in exhibit.reasons
        ):
            for head in statement.head:
                by = found.setdefault(head, {})
                by[_author(exhibit)] = max(
                    by.get(_author(exhibit), 0), min(statement.seen.size, exhibit.index)
                )
    return found


def _author(exhibit: Exhibit) -> str:
    """The committee of who signed; the relay's name for its statements."""
    return Name.of(signing.signer_names(exhibit.statement)[0]).committee


def _check_complete(context: Context, exhibit: Exhibit, heads: Mapping[str, Mapping[str, int]]) -> None:
    """Whether both chains are known to be complete up to the statement (DESIGN §3.3, *in force at index i*).

    A root statement needs nothing but the chain before it, which its number and `previous` close.
    """
    if exhibit.kind == "root":
        if not context.committees.is_link(exhibit.id) and not exhibit.reasons:
            exhibit.blame("bad-chain", "another statement of that number")
        return
    if not context.committees.chains:
        exhibit.blame("no-roots")
    for committee, chain in sorted(context.committees.chains.items()):
        if any(link.index > exhibit.index for link in chain.links):
            continue
        attested = heads.get(chain.head or "", {}).items()
        if not any(seen >= exhibit.index for author, seen in attested if author != _author(exhibit)):
            exhibit.blame("chain-open", committee)


def _check_cases(context: Context, hearing: Hearing) -> None:
    book = calendars_on_table(context.committees, context.profiles, hearing.placed)
    if book is not None:
        book = book.with_documents(*context.calendars.values())
    ids = hearing.placed.keys()
    here = (one for one in context.exhibits if one.signed and one.head and one.id in ids)
    check_cases(
        (TablePlace(hearing, one, _is_whole(one)) for one in here),
        Cases(context.profiles, book, context.committees),
    )


def _is_whole(exhibit: Exhibit) -> bool:
    """Whether no root statement before it can be missing."""
    return not any(one.code in _OPEN for one in exhibit.reasons)


def _check_cosigned(context: Context, exhibit: Exhibit) -> None:
    """The log time lies between the nearest known cosignatures before and after, with some slack."""
    if exhibit.time is None:
        return
    earliest, latest = context.between(exhibit.index)
    if not earliest - SLACK <= exhibit.time <= latest + SLACK:
        exhibit.blame("time-contradicts")
