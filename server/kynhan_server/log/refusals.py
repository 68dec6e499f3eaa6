"""The rulebook at the relay: its place in the log, and the one answer over HTTP for each code of the rulebook."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final

from kynhan_keys.vkeys import Vkey
from kynhan_protocol.agreement.calendar import Calendar
from kynhan_protocol.agreement.calendars import CalendarBook
from kynhan_protocol.agreement.profile import Profile
from kynhan_protocol.case import dates
from kynhan_protocol.case.case import Case, Sent
from kynhan_protocol.rulebook import faults, signers
from kynhan_protocol.rulebook.case_rules import CASE_RULES
from kynhan_protocol.rulebook.faults import Fault
from kynhan_protocol.rulebook.log_rules import LOG_RULES, VOID
from kynhan_protocol.rulebook.place import Before
from kynhan_protocol.statements.chains import Certified
from kynhan_protocol.statements.logged import Logged
from kynhan_protocol.statements.signing import SignedStatement
from kynhan_protocol.statements.statements import Dispatch, Due
from kynhan_server.errors import Refused
from kynhan_server.log.draft import Layer

PROBLEM_OF: Final[Mapping[str, tuple[str, str]]] = {
    "not-in-force": ("not-in-force", "No membership of {name} is in force."),
    "key-not-in-force": ("bad-signature", "The key that signed for {name} is not the one in force."),
    "bad-signature": ("bad-signature", "The signature of {name} is not valid."),
    "not-approved": ("forbidden", "{name} is no approver, or the sender too: it has to be another person."),
    "no-approver": ("forbidden", "{name} is no approver."),
    "other-relay": ("unknown-relay", "This log is not that of {relay}."),
    "no-addressee": ("not-in-force", "Nobody in force can sign for a package to {to}."),
    "sealed-differs": ("stale", "`sealed` is not the list of memberships in force; wrap the file key anew."),
    "other-profile": ("profile-not-in-force", "`profile` has to be {wanted}."),
    "dispatch-unknown": ("not-found", ""),
    "not-addressee": ("not-found", ""),
    "outside-window": ("outside-window", "It is dated {dated}; here it is {logged}."),
    "seen-beyond": ("seen-unknown", "The log has {index} entries, not {size}."),
    "seen-wrong": ("seen-unknown", "The tree of {size} entries has another root."),
    "head-unknown": ("stale", "`head` does not name one known root statement of each committee."),
    "head-not-of-each": ("stale", "`head` does not name one known root statement of each committee."),
    "header-used": ("header-used", "Another dispatch used this header; seal anew."),
    "body-used": ("body-used", "Another dispatch used this body; seal anew."),
    "key-of-relay": ("duplicate-member", "A key of the relay is certified to nobody."),
    "chain.not-next": ("stale", "{en}"),
    "chain.key-known": ("duplicate-member", "{en}"),
    "chain.bad-signature": ("bad-signature", "{en}"),
    "chain.other-committee": ("not-in-force", "{en}"),
    "chain.key-unknown": ("conflict", "{en}"),
    "chain.bad-id": ("bad-statement", "{en}"),
    "chain.no-sealing-key": ("bad-statement", "{en}"),
}
"""By code of the rulebook, that of the problem document and its sentence: many to one, and fixed.

What is not here is of the case table: `not-now`, with its row and column and its own sentence.
"""


class BrokenRuleError(Exception):
    """The relay was about to log a statement of its own that a client would object to; the message names the rules."""


class RelayPlace:
    """A rulebook's CasePlace: behind all that is on disk and in the group so far.

    `verified` are the keys under which the signatures were found valid before the transaction, if they were.
    """

    def __init__(self, layer: Layer, verified: Sequence[Vkey] | None) -> None:
        self._layer = layer
        self._verified = tuple(verified or ())
        self.index = layer.size
        self.at: datetime = layer.at

    @property
    def before(self) -> Before | None:
        """See LogPlace."""
        found = self._layer.before
        return None if found is None else Before(found.index, found.id, found.statement)

    @property
    def last_time(self) -> datetime | None:
        """See LogPlace: what stands right before is the relay's own, or was dated by this very group."""
        found = self._layer.before
        return None if found is None else found.time

    @property
    def relay_keys(self) -> tuple[tuple[Vkey, Vkey]]:
        """See LogPlace."""
        return (self._layer.log.vkeys,)

    @property
    def heads(self) -> tuple[str, ...]:
        """See LogPlace."""
        return self._layer.committees.heads_at(self.index)

    @property
    def founded(self) -> frozenset[str]:
        """See LogPlace."""
        return self._layer.committees.founded_at(self.index)

    def extend_chain(self, signed: SignedStatement) -> None:
        """See LogPlace."""
        self._layer.committees.append(Logged(self.index, signed.id, signed.statement, signed.note, self.at))

    def author_of_root(self, root: str) -> str | None:
        """See LogPlace."""
        return self._layer.committees.author_of_root(root, self.index)

    def root_at(self, size: int) -> bytes | None:
        """See LogPlace. Only what was committed can have been seen: the group's own tree has no checkpoint yet."""
        if size > self._layer.log.size:
            return None
        return self._layer.log.root_at(self._layer.connection, size)

    def is_origin(self, relay: str) -> bool:
        """See LogPlace."""
        return relay == self._layer.log.origin

    def member(self, name: str) -> Certified | None:
        """See LogPlace."""
        return self._layer.in_force().get(name)

    def is_valid(self, signed: SignedStatement, number: int, key: Vkey) -> bool:
        """See LogPlace."""
        known = self._verified[number : number + 1] == (key,)
        return known or signers.is_valid(signed, number, key)

    def expected_sealed(self, from_: str, approver: str | None, to: str) -> tuple[str, ...]:
        """See LogPlace."""
        layer = self._layer
        return layer.log.standing.expected_sealed(layer.committees, self.at, from_, approver, to)

    def dispatch(self, id_: str) -> Dispatch | None:
        """See LogPlace."""
        try:
            found = self._layer.dispatch(id_).statement
        except Refused:
            return None
        assert isinstance(found, Dispatch)
        return found

    def case(self, id_: str) -> Case | None:
        """See CasePlace."""
        case = self._layer.case(id_)
        return (
            None
            if case is None
            else dates.reached(case, self.index, self.at, self.profile(case.profile), self.calendars)
        )

    def profile_of_case(self, id_: str) -> str | None:
        """See CasePlace."""
        case = self._layer.case(id_)
        return None if case is None else case.profile

    def vouch(self) -> None:
        """See CasePlace. The relay has all of the log."""

    def has_grounds(self, due: Due) -> None:
        """See CasePlace."""

    def vouch_for_date(self, due: Due) -> None:
        """See CasePlace."""

    def is_header_used(self, header: str) -> bool:
        """See CasePlace."""
        return self._layer.is_header_used(header)

    def users_of_body(self, body: str) -> Iterator[Sent]:
        """See CasePlace."""
        for id_ in self._layer.users_of(body):
            dispatch = self.dispatch(id_)
            case = None if dispatch is None else self._layer.case(dispatch.case)
            if case is not None:
                yield case.dispatches[id_]

    @property
    def profile_in_force(self) -> str | None:
        """See CasePlace."""
        return self._layer.committees.profile_at(self.index)

    def was_in_force(self, sha256: str) -> bool:
        """See CasePlace."""
        return any(one.document == sha256 for one in self._layer.committees.profiles())

    def profile(self, sha256: str) -> Profile:
        """See CasePlace."""
        return self._layer.profile(sha256)

    @property
    def calendars(self) -> CalendarBook:
        """See CasePlace."""
        return self._layer.book

    @property
    def members(self) -> Mapping[str, Certified]:
        """See CasePlace."""
        return self._layer.in_force()

    @property
    def calendar(self) -> Calendar | None:
        """See CasePlace."""
        book = self._layer.calendars
        return None if book is None else book.in_force(self.index)


def check(layer: Layer, signed: SignedStatement, verified: Sequence[Vkey] | None) -> None:
    """Asks the rules of the log of a statement that wants to take the next place. Raises Refused, with every fault.

    `verified` as for RelayPlace.
    """
    place = RelayPlace(layer, verified)
    found = faults.find(signed, place, LOG_RULES)
    if found.faults and not found.codes & VOID:
        found.faults += faults.find(signed, place, CASE_RULES).faults  # one answer tells all that is wrong
    if found.faults:
        raise refusal(found.faults)


def check_case(layer: Layer, signed: SignedStatement) -> None:
    """Asks the rules of its case, of a statement that keeps those of the log. Raises Refused, with every fault."""
    found = faults.find(signed, RelayPlace(layer, None), CASE_RULES)
    if found.faults:
        raise refusal(found.faults)


def faults_of_own(
    layer: Layer, signed: SignedStatement, verified: Sequence[Vkey] | None = None
) -> frozenset[str]:
    """The codes of all that is wrong with what the relay is about to say itself, right behind this place; `verified`
    as for RelayPlace.
    """
    place = RelayPlace(layer, verified)
    place.at = signed.statement.time
    found = faults.find(signed, place, LOG_RULES).codes
    return found if found & VOID else found | faults.find(signed, place, CASE_RULES).codes


def check_own(layer: Layer, signed: SignedStatement) -> None:
    """Asks the same rules of what the relay is about to say itself, and has signed just now.

    Raises BrokenRuleError: it then says nothing, and what it would have answered is not logged either.
    """
    if found := faults_of_own(layer, signed, layer.log.vkeys[:1]):
        raise BrokenRuleError(f"The relay would have broken: {', '.join(sorted(found))}.")


def refusal(found: Sequence[Fault]) -> Refused:
    """The answer to these faults: the code and sentence of the first."""
    first, codes = found[0], tuple(one.code for one in found)
    known = PROBLEM_OF.get(first.code)
    if known is None:
        rule = first.code if "." in first.code else None
        return Refused("not-now", dict(first.data)["en"], rule=rule, faults=codes)
    return Refused(known[0], known[1].format_map(dict(first.data)), faults=codes)
