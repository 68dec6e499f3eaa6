"""The cases on the table, folded in the order of the log; each statement is asked the rules of its case there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby

from ..agreement.calendar import Calendar
from ..agreement.calendars import CalendarBook
from ..agreement.profile import Profile
from ..case import dates, fold
from ..case.act_rules import Act
from ..case.case import Case, Sent
from ..errors import CalendarError
from ..rulebook.case_rules import CASE_RULES
from ..rulebook.log_rules import VOID
from ..rulebook.place import LackingError
from ..statements.chains import Certified
from ..statements.committees import Committees
from ..statements.statements import Acceptance, Dispatch, Due, Handover, Reminder, Statement
from .evidence_due import require_grounds
from .evidence_waits import may_be_waits
from .exhibits import Exhibit
from .table_place import TablePlace, blame


@dataclass
class Cases:
    """All cases as folded so far. `book` are the calendars of the log; None without a profile in force. `unsure` are
    the DUEs of which something is missing to compute them from.
    """

    profiles: Mapping[str, Profile]
    book: CalendarBook | None
    committees: Committees
    folded: dict[str, Case] = field(default_factory=dict)
    began_under: dict[str, str] = field(default_factory=dict)
    unsure: set[str] = field(default_factory=set)
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
            self.folded[name] = fold.apply(before, exhibit.logged(), profile, self.book, self.committees)


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

    def is_header_used(self, header: str) -> bool:
        """See CasePlace."""
        return any(one.index < self.index for one in self.hearing.dispatches.get(header, ()))

    def users_of_body(self, body: str) -> Iterator[Sent]:
        """See CasePlace."""
        for one in self.hearing.dispatches.get(body, ()):
            if one.index < self.index and isinstance(one.statement, Dispatch):
                case = self.case(one.statement.case)
                if case is not None and one.id in case.dispatches:
                    yield case.dispatches[one.id]

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

    def has_grounds(self, due: Due) -> None:
        """See CasePlace. Where all that stands before is here, nothing is missing."""
        if self.index > self.hearing.first_missing:
            require_grounds(due, self.index, self.hearing, self.calendars, self.cases.unsure)

    def vouch_for_date(self, due: Due) -> None:
        """See CasePlace."""
        if self.index <= self.hearing.first_missing:
            return
        case, book = self.case(due.case), self.calendars
        start = self.hearing.placed.get(due.start or "")
        if case is None or case.due is None or start is None or due.calendar not in book.documents:
            return
        profile, calendar = self.profile(case.profile), book.documents[due.calendar]
        since = start.statement.time
        if may_be_waits(due.due, case.due.due, since, self.at, profile, calendar):
            raise LackingError("grounds", "what questions took of the time")

    @property
    def calendars(self) -> CalendarBook:
        """See CasePlace."""
        if self.cases.book is None:
            raise LackingError("profile")
        return self.cases.book

    @property
    def calendar(self) -> Calendar:
        """See CasePlace."""
        try:
            return self.calendars.in_force(self.index)
        except CalendarError:
            raise LackingError("calendar") from None

    @property
    def members(self) -> Mapping[str, Certified]:
        """See CasePlace."""
        if not self.whole:
            raise LackingError("chains")
        return self.hearing.committees.in_force(self.index, self.at)


def check_cases(places: Iterable[TablePlace], cases: Cases) -> None:
    """Asks the rules of the case of every exhibit, in the order of the log, and folds what is its author's to say."""
    folded: dict[int, Exhibit] = {}
    in_order = sorted(places, key=lambda one: one.index)
    for index, there in groupby(in_order, key=lambda one: one.index):  # the same file may lie here twice
        own = [one for one in there if not VOID & set(one.exhibit.faults)]
        for place in own:
            _ask(place, cases)
        if own:
            folded[index] = own[0].exhibit
            cases.fold(own[0].exhibit)
    _check_missing(cases, folded)


def _ask(place: TablePlace, cases: Cases) -> None:
    exhibit, statement = place.exhibit, place.exhibit.statement
    if isinstance(statement, Handover | Due | Reminder) or (
        isinstance(statement, Dispatch | Act) and place.whole
    ):
        lacks = blame(exhibit, CaseTablePlace(place.hearing, exhibit, place.whole, cases), CASE_RULES)
        if lacks and isinstance(statement, Due):
            cases.unsure.add(exhibit.id)


def _check_missing(cases: Cases, folded: Mapping[int, Exhibit]) -> None:
    """Blames what asked for a DUE that is not where it has to stand: in a case of which a DUE is here, or where what
    stands there instead is here.
    """
    dues: dict[str, set[str]] = {}
    for one in folded.values():
        if isinstance(one.statement, Due):
            dues.setdefault(one.statement.case, set()).add(one.id)
    for name, case in cases.folded.items():
        of_case = dues.get(name, set())
        if of_case & cases.unsure:
            continue
        for objection in case.objections:
            asked = folded.get(objection.index) if objection.rule == "due.missing" else None
            if asked is not None and (of_case or _is_followed(asked, folded)):
                asked.blame("due-missing", f"since index {objection.index}")


def _is_followed(asked: Exhibit, folded: Mapping[int, Exhibit]) -> bool:
    """Whether the entry behind what asked for a DUE, right behind which it has to stand, is here."""
    return isinstance(asked.statement, Acceptance | Handover) and asked.index + 1 in folded
