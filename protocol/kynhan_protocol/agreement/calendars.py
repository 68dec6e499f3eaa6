"""Which calendar is in force where in the log: the profile's first one, then each that both committees signed.

A calendar is in force from the log entry after the second signature: an approver of each committee signed the same
document, replacing the same one, and that one was in force. One signature moves nothing (DESIGN §3.5). Whether `by` was
an approver in force is checked before a statement is logged; it is not known here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from ..errors import CalendarError
from ..names import Name
from ..statements.committees import Committees
from ..statements.logged import Logged
from ..statements.statements import CalendarApproval
from .calendar import WEEKDAYS, Calendar


@dataclass(frozen=True, slots=True)
class Change:
    """From log entries beyond `index` on, `document` is in force; `approval` is the statement that made it so, at the
    log time `at`.
    """

    index: int
    document: str
    approval: str | None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Pending:
    """`document` was signed by `committees` to replace `replaces`, and not yet by both."""

    document: str
    replaces: str
    committees: frozenset[str]


@dataclass(frozen=True, slots=True)
class CalendarBook:
    """All calendars of one log. `documents` are those at hand, by SHA-256; `changes` are in log order.

    `chains` says who is in force where, for the rules of dates that ask; None: everybody stays in force.
    """

    committees: frozenset[str]
    changes: tuple[Change, ...]
    documents: Mapping[str, Calendar] = field(default_factory=dict)
    pending: tuple[Pending, ...] = ()
    chains: Committees | None = None

    @classmethod
    def begin(cls, first: str, committees: tuple[str, str], *documents: Calendar) -> CalendarBook:
        """The book of a log whose profile names the calendar `first` (SHA-256)."""
        return cls(
            frozenset(committees),
            (Change(-1, first, None),),
            {calendar.sha: calendar for calendar in documents},
        )

    def with_documents(self, *documents: Calendar) -> CalendarBook:
        """The same book with these documents at hand too."""
        return replace(self, documents={**self.documents, **{one.sha: one for one in documents}})

    def beside(self, chains: Committees) -> CalendarBook:
        """The same book with the chains of its log."""
        return replace(self, chains=chains)

    def apply(self, logged: Logged) -> CalendarBook:
        """The book after `logged`. Statements that are no calendar approvals, or odd ones, change nothing."""
        statement = logged.statement
        if not isinstance(statement, CalendarApproval):
            return self
        committee = Name.of(statement.by).committee
        if committee not in self.committees or statement.replaces != self.latest.document:
            return self
        if statement.document == statement.replaces:
            return self
        mine = [one for one in self.pending if one.document == statement.document]
        signed = frozenset({committee}).union(*(one.committees for one in mine))
        if signed == self.committees:
            change = Change(logged.index, statement.document, logged.id, logged.time)
            return replace(self, changes=(*self.changes, change), pending=())
        others = tuple(one for one in self.pending if one.document != statement.document)
        return replace(self, pending=(*others, Pending(statement.document, statement.replaces, signed)))

    @property
    def latest(self) -> Change:
        """The change that put the newest calendar in force."""
        return self.changes[-1]

    def in_force(self, index: int) -> Calendar:
        """The calendar in force for the statement at log index `index`.

        Raises CalendarError `calendar-unknown` if its document is not at hand.
        """
        return self.document(self.change_at(index).document)

    def change_at(self, index: int) -> Change:
        """What put the calendar in force that counts for the statement at log index `index`."""
        return next((one for one in reversed(self.changes) if one.index < index), self.changes[0])

    def at_hand(self, index: int) -> Calendar:
        """The calendar in force at `index`, open-ended; Monday to Friday where its document is not at hand.

        For what has to be shown or decided all the same; no date is computed with it.
        """
        return self.documents.get(self.change_at(index).document, WEEKDAYS).without_end()

    def document(self, sha: str) -> Calendar:
        """The calendar whose document hashes to `sha`. Raises CalendarError `calendar-unknown`."""
        known = self.documents.get(sha)
        if known is None:
            raise CalendarError(f"The calendar {sha} is not at hand.", code="calendar-unknown")
        return known
