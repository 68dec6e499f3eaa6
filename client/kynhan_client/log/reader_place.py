"""The rulebook as the reader asks it: its place in the log, and what it does about each fault."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from kynhan_keys.vkeys import Vkey
from kynhan_protocol.errors import ChainError
from kynhan_protocol.rulebook import signers
from kynhan_protocol.rulebook.place import Before, LackingError
from kynhan_protocol.statements.chains import Certified
from kynhan_protocol.statements.committees import Committees
from kynhan_protocol.statements.logged import Logged
from kynhan_protocol.statements.signing import SignedStatement
from kynhan_protocol.statements.statements import Dispatch

from .logbook import Entry

CLAUSES: Final[Mapping[str, str]] = {
    "not-in-force": "member.not-in-force",
    "key-not-in-force": "fault.key-not-in-force",
    "bad-signature": "fault.bad-signature",
    "other-relay": "statement.addressed",
    "not-approved": "fault.not-approved",
    "no-approver": "fault.no-approver",
    "outside-window": "fault.outside-window",
    "seen-beyond": "fault.seen-beyond",
    "seen-wrong": "fault.seen-wrong",
    "head-unknown": "fault.head-unknown",
    "head-not-of-each": "fault.head-not-of-each",
    "no-addressee": "fault.no-addressee",
    "sealed-differs": "fault.sealed-differs",
    "other-profile": "fault.other-profile",
    "dispatch-unknown": "fault.dispatch-unknown",
    "not-addressee": "fault.not-addressee",
    "time-decreases": "fault.time-decreases",
    "wrong-naming": "fault.wrong-naming",
    "key-of-relay": "fault.key-of-relay",
    "header-used": "fault.header-used",
    "body-used": "fault.body-used",
}
"""By code of the rulebook, the clause that says it."""


@dataclass(frozen=True, slots=True)
class EndOfLog:
    """What was read right before a statement, and the relay's latest time there; `keys` are the relay's."""

    before: Before | None
    last_time: datetime | None
    keys: tuple[Vkey, Vkey]


class ReaderPlace:
    """A rulebook's LogPlace, as read so far: all that stands before a statement.

    `find` looks an entry up by id; `complete` says that every statement is served to us; `end` is what only the
    rules for the relay's own statements ask about, at the end of what was read.
    """

    def __init__(
        self,
        logged: Logged,
        origin: str,
        committees: Committees,
        root_at: Callable[[int], bytes],
        find: Callable[[str], Entry | None],
        *,
        complete: bool,
        end: EndOfLog | None = None,
    ) -> None:
        self.index = logged.index
        self.at = logged.time
        self.logged = logged
        self.extended: Committees | None = None
        self.chain_error: ChainError | None = None
        self.root_at = root_at
        self._origin = origin
        self._committees = committees
        self._find = find
        self._complete = complete
        self._end = end

    @property
    def before(self) -> Before | None:
        """See LogPlace. What is named and stands elsewhere is not right before it, whatever is.

        Raises LackingError where what stands there is not served to us.
        """
        found, named = self._known_end.before, getattr(self.logged.statement, "of", None)
        if found is not None and (found.index == self.index - 1 or found.id == named):
            return found
        if self.index == 0:
            return None
        elsewhere = self._find(named) if named is not None else None
        if elsewhere is None:
            raise LackingError("named")
        return Before(elsewhere.logged.index, elsewhere.logged.id, elsewhere.logged.statement)

    @property
    def last_time(self) -> datetime | None:
        """See LogPlace."""
        return self._known_end.last_time

    @property
    def relay_keys(self) -> tuple[tuple[Vkey, Vkey]]:
        """See LogPlace."""
        return (self._known_end.keys,)

    @property
    def _known_end(self) -> EndOfLog:
        assert self._end is not None
        return self._end

    @property
    def heads(self) -> tuple[str, ...]:
        """See LogPlace."""
        return self._committees.heads_at(self.index)

    @property
    def founded(self) -> frozenset[str]:
        """See LogPlace."""
        return self._committees.founded_at(self.index)

    def extend_chain(self, _: SignedStatement) -> None:
        """See LogPlace; `extended` are the chains with it. Raises LackingError where a link may not be served to us."""
        try:
            self.extended = self._committees.append(self.logged)
        except ChainError as error:
            if not self._complete and error.code == "not-next":
                raise LackingError("chains") from error
            self.chain_error = error
            raise

    def author_of_root(self, root: str) -> str | None:
        """See LogPlace."""
        return self._committees.author_of_root(root, self.index)

    def is_origin(self, relay: str) -> bool:
        """See LogPlace."""
        return relay == self._origin

    def member(self, name: str) -> Certified | None:
        """See LogPlace."""
        return self._committees.member(name, self.index, self.at)

    def is_valid(self, signed: SignedStatement, number: int, key: Vkey) -> bool:
        """See LogPlace."""
        return signers.is_valid(signed, number, key)

    def expected_sealed(self, from_: str, approver: str | None, to: str) -> tuple[str, ...]:
        """See LogPlace."""
        return self._committees.expected_sealed(from_, approver, to, self.index, self.at)

    def dispatch(self, id_: str) -> Dispatch | None:
        """See LogPlace. Raises LackingError for what may stand in the log without being served to us."""
        found = self._find(id_)
        if found is not None and found.logged.index < self.index:
            statement = found.logged.statement
            return statement if isinstance(statement, Dispatch) else None
        if not self._complete:
            raise LackingError("dispatch")
        return None
