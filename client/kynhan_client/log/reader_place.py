"""The rulebook as the reader asks it: its place in the log, and what it does about each fault."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from kynhan_keys.vkeys import Vkey
from kynhan_protocol.rulebook import signers
from kynhan_protocol.rulebook.place import LackingError
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
}
"""By code of the rulebook, the clause that says it."""


class ReaderPlace:
    """A rulebook's LogPlace, as read so far: all that stands before a statement.

    `find` looks an entry up by id; `complete` says that every statement is served to us.
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
    ) -> None:
        self.index = logged.index
        self.at = logged.time
        self.root_at = root_at
        self._origin = origin
        self._committees = committees
        self._find = find
        self._complete = complete

    @property
    def heads(self) -> tuple[str, ...]:
        """See LogPlace."""
        return self._committees.heads_at(self.index)

    @property
    def founded(self) -> frozenset[str]:
        """See LogPlace."""
        return self._committees.founded_at(self.index)

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
