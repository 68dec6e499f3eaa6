"""The rulebook asked of what is on the table: a place in the log as evidence shows it, and what is said of it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import accumulate
from typing import Final, TypeVar

from kynhan_keys.vkeys import Vkey

from ..rulebook import chain, faults, signers
from ..rulebook.faults import Article, Fault, Lack
from ..rulebook.place import Before, LackingError, LogPlace
from ..statements import signing
from ..statements.chains import Certified
from ..statements.committees import Committees
from ..statements.signing import SignedStatement
from ..statements.statements import Dispatch
from .exhibits import Exhibit
from .trees import Trees
from .verdicts import CODES

LACKING: Final[Mapping[tuple[str, str], str]] = {
    ("signers", "chains"): "member-unknown",
    ("naming", "named"): "named-missing",
    ("head", "chains"): "head-missing",
    ("entitled", "dispatch"): "dispatch-missing",
    ("profile", "case"): "case-open",
    ("table", "case"): "case-open",
    ("act", "case"): "case-open",
    ("profile", "profile"): "no-profile",
    ("table", "profile"): "no-profile",
    ("act", "profile"): "no-profile",
    ("table", "calendar"): "due-inputs-missing",
    ("act", "calendar"): "due-inputs-missing",
    ("body", "case"): "case-open",
    ("body", "profile"): "no-profile",
    ("due", "case"): "due-inputs-missing",
    ("due", "grounds"): "due-inputs-missing",
    ("due", "profile"): "due-inputs-missing",
    ("due", "calendar"): "no-calendar",
    ("reminder", "case"): "case-open",
    ("reminder", "profile"): "no-profile",
    ("reminder", "calendar"): "no-calendar",
}
"""By rule and evidence of the golden list (rulebook/needs.py), the reason code; where there is none, nothing is said,
or it is said already.
"""

REASON_OF: Final[Mapping[str, str]] = {
    "key-not-in-force": "not-in-force",
    "no-approver": "not-in-force",
    "no-addressee": "sealed-differs",
    **dict.fromkeys(chain.BROKEN, "bad-chain"),
    "receipt.state": "settled-before",
    "decline.state": "settled-before",
    "withdrawal.state": "settled-before",
}
"""By code of the rulebook, that of the reason, where it is another; any of the case table's is `case-rule`, any
of a DUE's `due-differs`, of a REMINDER's `reminder-differs`.
"""

_OF_RELAY: Final = {"due": "due-differs", "reminder": "reminder-differs"}

P = TypeVar("P", bound=LogPlace)


@dataclass(frozen=True, kw_only=True)
class Hearing:
    """What all places share. `keys_at` gives the relay's keys at a place in the log and a time; `placed` are the
    exhibits in the log by statement id; `first_gap` is the first index that nothing here stands at, the relay's answers
    left aside, `first_missing` with them.
    """

    committees: Committees
    trees: Trees
    keys_at: Callable[[int, datetime], Sequence[tuple[Vkey, Vkey]]]
    placed: Mapping[str, Exhibit]
    first_gap: int
    first_missing: int

    @cached_property
    def by_index(self) -> Mapping[int, Exhibit]:
        """The exhibits in the log by their place."""
        return {one.index: one for one in self.placed.values()}

    @cached_property
    def dispatches(self) -> Mapping[str, Sequence[Exhibit]]:
        """The dispatches in the log, by the hash of their header and by that of their body."""
        found: dict[str, list[Exhibit]] = {}
        for one in self.placed.values():
            if isinstance(one.statement, Dispatch):
                for part in {one.statement.header.hash, one.statement.body.hash}:
                    found.setdefault(part, []).append(one)
        return found

    @cached_property
    def terms(self) -> Mapping[str, frozenset[str | None]]:
        """By case, the terms that its dispatches in the log state."""
        found: dict[str, set[str | None]] = {}
        for one in self.placed.values():
            if isinstance(one.statement, Dispatch):
                found.setdefault(one.statement.case, set()).add(one.statement.term)
        return {case: frozenset(terms) for case, terms in found.items()}

    @cached_property
    def relay_times(self) -> tuple[Sequence[int], Sequence[datetime]]:
        """The places of the relay's statements, rising, and behind each the latest time that it stated so far."""
        relay = sorted((one.index, one.statement.time) for one in self.placed.values() if one.kind == "relay")
        return [index for index, _ in relay], list(accumulate((time for _, time in relay), max))


@dataclass(frozen=True)
class TablePlace:
    """A rulebook's LogPlace: where an exhibit stands. `whole`: no root statement before it can be missing."""

    hearing: Hearing
    exhibit: Exhibit
    whole: bool

    @property
    def index(self) -> int:
        """See LogPlace."""
        return self.exhibit.index

    @property
    def at(self) -> datetime:
        """See LogPlace."""
        if self.exhibit.time is None:
            raise LackingError("log-time")
        return self.exhibit.time

    @property
    def heads(self) -> tuple[str, ...]:
        """See LogPlace."""
        return self.hearing.committees.heads_at(self.index)

    @property
    def founded(self) -> frozenset[str]:
        """See LogPlace."""
        return self.hearing.committees.founded_at(self.index)

    def extend_chain(self, _: SignedStatement) -> None:
        """See LogPlace: what the chains said of it when they were made of what is on the table."""
        if self.exhibit.chain_error is not None:
            raise self.exhibit.chain_error

    def author_of_root(self, root: str) -> str | None:
        """See LogPlace."""
        found = self.hearing.committees.author_of_root(root, self.index)
        if found is None and not self.whole:
            raise LackingError("chains")
        return found

    def root_at(self, size: int) -> bytes | None:
        """See LogPlace."""
        return self.hearing.trees.root_at(size)

    def is_origin(self, relay: str) -> bool:
        """See LogPlace."""
        return any(relay == key.name for key, _ in self.relay_keys)

    @property
    def relay_keys(self) -> Sequence[tuple[Vkey, Vkey]]:
        """See LogPlace."""
        found = self.hearing.keys_at(self.index, self.exhibit.time or self.exhibit.own_time)
        if not found:
            raise LackingError("profile")
        return found

    @property
    def before(self) -> Before | None:
        """See LogPlace. What is named and stands elsewhere is not right before it, whatever is."""
        found = self.hearing.by_index.get(self.index - 1)
        found = found or self.hearing.placed.get(getattr(self.exhibit.statement, "of", ""))
        if found is None:
            raise LackingError("named", getattr(self.exhibit.statement, "of", ""))
        return Before(found.index, found.id, found.statement)

    @property
    def last_time(self) -> datetime | None:
        """See LogPlace."""
        indexes, times = self.hearing.relay_times
        earlier = bisect_left(indexes, self.index)
        return times[earlier - 1] if earlier else None

    def member(self, name: str) -> Certified | None:
        """See LogPlace. One whose key did not sign may have been replaced by one that is not here."""
        if self.whole:
            return self.hearing.committees.member(name, self.index, self.at)
        found = self.hearing.committees.member(name, self.index, self.exhibit.time or self.exhibit.own_time)
        if found is None or not self._signed_with(name, found.statement.signing):
            raise LackingError("chains")
        return found

    def is_valid(self, signed: SignedStatement, number: int, key: Vkey) -> bool:
        """See LogPlace."""
        return signers.is_valid(signed, number, key)

    def expected_sealed(self, from_: str, approver: str | None, to: str) -> tuple[str, ...]:
        """See LogPlace."""
        if not self.whole:
            raise LackingError("chains")
        return self.hearing.committees.expected_sealed(from_, approver, to, self.index, self.at)

    def dispatch(self, id_: str) -> Dispatch | None:
        """See LogPlace."""
        found = self.hearing.placed.get(id_)
        if found is None:
            if self.index > self.hearing.first_gap:
                raise LackingError("dispatch")
            return None
        statement = found.statement
        return statement if isinstance(statement, Dispatch) and found.index < self.index else None

    def _signed_with(self, name: str, key: Vkey) -> bool:
        assert self.exhibit.signed
        names = signing.signer_names(self.exhibit.statement)
        lines = zip(names, self.exhibit.signed.signatures, strict=True)
        return all(line.is_under(key) for one, line in lines if one == name)


def blame(exhibit: Exhibit, place: P, rules: Sequence[Article[P]]) -> list[Lack]:
    """Asks `rules` of an exhibit with a statement; each fault, and each lack of the golden list, becomes a reason.

    Gives all that was lacking.
    """
    assert exhibit.signed
    found = faults.find(exhibit.signed, place, rules)
    for fault in found.faults:
        if fault.code not in exhibit.faults:
            exhibit.faults.append(fault.code)
        exhibit.blame(_reason_of(fault.code), _detail(fault))
    for lack in found.lacks:
        if code := LACKING.get((lack.rule, lack.evidence)):
            exhibit.blame(code, lack.detail)
    return found.lacks


def _reason_of(code: str) -> str:
    if code in CODES:
        return code
    return REASON_OF.get(code) or _OF_RELAY.get(code.partition(".")[0], "case-rule")


def _detail(fault: Fault) -> str:
    """In English: the table's own sentence, or the data."""
    data = dict(fault.data)
    return data.get("en") or ", ".join(f"{name} {value}" for name, value in data.items())
