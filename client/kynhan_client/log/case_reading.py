"""A case as the reader judges it: folded from its statements, each asked the rules of the case at its place."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final, Protocol

from kynhan_protocol.agreement.calendar import Calendar
from kynhan_protocol.agreement.calendars import CalendarBook
from kynhan_protocol.agreement.profile import Profile
from kynhan_protocol.case import dates, fold
from kynhan_protocol.case.act_rules import Act
from kynhan_protocol.case.case import Case, Sent
from kynhan_protocol.errors import CalendarError
from kynhan_protocol.rulebook import faults
from kynhan_protocol.rulebook.case_rules import CASE_RULES
from kynhan_protocol.rulebook.faults import Fault
from kynhan_protocol.rulebook.place import LackingError
from kynhan_protocol.statements.chains import Certified
from kynhan_protocol.statements.committees import Committees
from kynhan_protocol.statements.logged import Logged
from kynhan_protocol.statements.statements import Dispatch, Due, Handover, Reminder

from ..errors import ClientError
from .logbook import Entry, signed_statement
from .reader_place import ReaderPlace


class Known(Protocol):
    """What a View knows of the log, whole: each look-up is cut off at the place that asks."""

    committees: Committees

    @property
    def calendars(self) -> CalendarBook:
        """All calendars of the log."""

    def profile_of(self, sha256: str) -> Profile:
        """The profile with this hash."""

    def statement(self, id_: str) -> Entry | None:
        """A statement of the log."""

    def of_case(self, case_id: str) -> Sequence[Entry]:
        """All statements of a case, in order."""

    def with_header(self, header: str) -> Sequence[Entry]:
        """The dispatches with this header (SHA-256, hex), in order."""

    def with_body(self, body: str) -> Sequence[Entry]:
        """The dispatches with this body (SHA-256, hex), in order."""


JUDGED: Final = (Dispatch, *Act.__args__, Handover, Due, Reminder)
"""The types of statement that rules of the case are about."""


def judged(
    entries: Sequence[Entry], known: Known, fresh: Collection[int]
) -> tuple[Case | None, list[tuple[Logged, Fault]]]:
    """The case of `entries`, all its statements in order, and what those at an index of `fresh` break.

    A case begins with its first dispatch; it is None for what has none. Raises ClientError keys-missing, no-profile.
    """
    broken: list[tuple[Logged, Fault]] = []
    case: Case | None = None
    profile: Profile | None = None
    for entry in entries:
        logged = entry.logged
        if logged.index in fresh and isinstance(logged.statement, JUDGED):
            before = (
                dates.reached(case, logged.index, logged.time, profile, known.calendars)
                if case is not None and profile is not None
                else None
            )
            place = CaseReaderPlace(known, logged, before)
            found = faults.find(signed_statement(logged.note), place, CASE_RULES).faults
            broken += ((logged, fault) for fault in found)
        if profile is None and isinstance(logged.statement, Dispatch):
            try:
                profile = known.profile_of(logged.statement.profile)
            except ClientError:
                if not broken:
                    raise
                return None, broken  # said already: under a profile that never came in force it is no case
        if profile is not None:
            case = fold.apply(case, logged, profile, known.calendars, known.committees)
    return case, broken


class CaseReaderPlace(ReaderPlace):
    """A rulebook's CasePlace, in our copy as read: before `logged`, with the case folded up to there."""

    def __init__(self, known: Known, logged: Logged, case: Case | None) -> None:
        super().__init__(
            logged,
            "",
            known.committees,
            _no_tree,
            known.statement,
            complete=True,
        )
        self._known = known
        self._case = case

    def case(self, _: str) -> Case | None:
        """See CasePlace."""
        return self._case

    def profile_of_case(self, _: str) -> str | None:
        """See CasePlace."""
        return None if self._case is None else self._case.profile

    def vouch(self) -> None:
        """See CasePlace. Whoever is served a case is served all of it."""

    def has_grounds(self, due: Due) -> None:
        """See CasePlace."""

    def vouch_for_date(self, due: Due) -> None:
        """See CasePlace."""

    def is_header_used(self, header: str) -> bool:
        """See CasePlace."""
        return any(one.logged.index < self.index for one in self._known.with_header(header))

    def users_of_body(self, body: str) -> Iterator[Sent]:
        """See CasePlace."""
        for entry in self._known.with_body(body):
            if entry.logged.index < self.index and entry.case is not None:
                before = [one for one in self._known.of_case(entry.case) if one.logged.index < self.index]
                case, _ = judged(before, self._known, ())
                if case is not None and entry.logged.id in case.dispatches:
                    yield case.dispatches[entry.logged.id]

    @property
    def profile_in_force(self) -> str | None:
        """See CasePlace."""
        return self._committees.profile_at(self.index)

    def was_in_force(self, sha256: str) -> bool:
        """See CasePlace."""
        return any(one.document == sha256 and one.index < self.index for one in self._committees.profiles())

    def profile(self, sha256: str) -> Profile:
        """See CasePlace."""
        return self._known.profile_of(sha256)

    @property
    def calendars(self) -> CalendarBook:
        """See CasePlace."""
        return self._known.calendars

    @property
    def members(self) -> Mapping[str, Certified]:
        """See CasePlace."""
        return self._committees.in_force(self.index, self.at)

    @property
    def calendar(self) -> Calendar:
        """See CasePlace."""
        try:
            return self._known.calendars.in_force(self.index)
        except CalendarError:
            raise LackingError("calendar") from None


def _no_tree(_: int) -> bytes:
    raise AssertionError("no rule of a case asks for a tree")
