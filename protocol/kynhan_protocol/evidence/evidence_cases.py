"""The cases on the table, folded in the order of the log; each statement is asked the rules of its case there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ..agreement.calendar import Calendar
from ..agreement.calendars import CalendarBook
from ..agreement.profile import Profile
from ..case import dates, fold
from ..case.act_rules import Act
from ..case.case import Case
from ..errors import CalendarError
from ..rulebook.case_rules import CASE_RULES
from ..rulebook.log_rules import VOID
from ..rulebook.place import LackingError
from ..statements.statements import Acceptance, Dispatch, Due, Handover, Reminder, Statement
from .exhibits import Exhibit
from .table_place import TablePlace, blame


@dataclass
class Cases:
    """All cases as folded so far. `book` are the calendars of the log; None without a profile in force."""

    profiles: Mapping[str, Profile]
    book: CalendarBook | None
    folded: dict[str, Case] = field(default_factory=dict)
    began_under: dict[str, str] = field(default_factory=dict)
    _of: dict[str, str] = field(default_factory=dict)

    def case_of(self, statement: Statement) -> str | None:
        """The case that a statement belongs to, as far as the table tells."""
        match statement:
            case Dispatch() | Due() | Reminder():
                return statement.case
            case Acceptance():
                return self._of.get(statement.of)
            case Handover():
                return self._of.get(statement.dispatch)
            case _:
                return self._of.get(statement.dispatch) if isinstance(statement, Act) else None

    def fold(self, exhibit: Exhibit) -> None:
        """Takes the next statement of the log into its case. What begins with none of its dispatches is no case."""
        statement = exhibit.statement
        name = self.case_of(statement)
        if name is None:
            return
        self._of[exhibit.id] = name
        if isinstance(statement, Dispatch):
            self.began_under.setdefault(name, statement.profile)
        if name not in self.began_under:
            return
        profile = self.profiles.get(self.began_under[name])
        if profile is not None and self.book is not None:
            before = self.folded.get(name)
            self.folded[name] = fold.apply(before, exhibit.logged(), profile, self.book)


@dataclass(frozen=True)
class CaseTablePlace(TablePlace):
    """A rulebook's CasePlace: where an exhibit stands in its case."""

    cases: Cases

    def case(self, id_: str) -> Case | None:
        """See CasePlace."""
        if id_ in self.cases.began_under and id_ not in self.cases.folded:
            raise LackingError("profile")
        case, book = self.cases.folded.get(id_), self.cases.book
        if case is None or book is None:
            return case
        return dates.reached(case, self.index, self.exhibit.logged().time, self.profile(case.profile), book)

    def profile_of_case(self, id_: str) -> str | None:
        """See CasePlace."""
        return self.cases.began_under.get(id_)

    def vouch(self) -> None:
        """See CasePlace."""
        if self.index > self.hearing.first_gap:
            raise LackingError("case")

    @property
    def profile_in_force(self) -> str | None:
        """See CasePlace."""
        return self.hearing.committees.profile_at(self.index)

    def was_in_force(self, sha256: str) -> bool:
        """See CasePlace."""
        in_force = self.hearing.committees.profiles()
        return any(one.document == sha256 and one.index < self.index for one in in_force)

    def profile(self, sha256: str) -> Profile:
        """See CasePlace."""
        if sha256 not in self.cases.profiles:
            raise LackingError("profile")
        return self.cases.profiles[sha256]

    @property
    def calendar(self) -> Calendar:
        """See CasePlace."""
        if self.cases.book is None:
            raise LackingError("profile")
        try:
            return self.cases.book.in_force(self.index)
        except CalendarError:
            raise LackingError("calendar") from None


def check_cases(places: Iterable[TablePlace], cases: Cases) -> None:
    """Asks the rules of the case of every exhibit, in the order of the log, and folds what is its author's to say."""
    seen: set[str] = set()
    for place in sorted(places, key=lambda one: one.index):
        exhibit = place.exhibit
        if VOID & set(exhibit.faults):
            continue
        if isinstance(exhibit.statement, Dispatch | Act) and place.whole:
            blame(exhibit, CaseTablePlace(place.hearing, exhibit, place.whole, cases), CASE_RULES)
        if exhibit.id not in seen:
            seen.add(exhibit.id)
            cases.fold(exhibit)
