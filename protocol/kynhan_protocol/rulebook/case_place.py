"""A place in a case, as relay, reader and judge of evidence can each give it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

from ..agreement.calendar import Calendar
from ..agreement.calendars import CalendarBook
from ..agreement.profile import Profile
from ..case.case import Case, Sent
from ..errors import CaseRuleError
from ..statements.chains import Certified
from ..statements.statements import Due
from .faults import Fault, fault
from .place import LogPlace


class CasePlace(LogPlace, Protocol):
    """A place in a case: a LogPlace with the case folded up to there. Any look-up may raise LackingError."""

    def case(self, id_: str) -> Case | None:
        """The case before `index`; None before its first dispatch."""

    def profile_of_case(self, id_: str) -> str | None:
        """The profile (SHA-256) that the case began under; None before its first dispatch."""

    def vouch(self) -> None:
        """Raises LackingError `case` where a statement of the case may be missing before `index`."""

    def has_grounds(self, due: Due) -> None:
        """Raises LackingError `grounds` where something that a DUE names, or rests on, is missing."""

    def vouch_for_date(self, due: Due) -> None:
        """Raises LackingError `grounds` where what may be missing of the case could make the date of `due` right."""

    def is_header_used(self, header: str) -> bool:
        """Whether a dispatch before `index` has the header (SHA-256, hex)."""

    def users_of_body(self, body: str) -> Iterable[Sent]:
        """The dispatches before `index` with the body (SHA-256, hex), as they stand here."""

    @property
    def profile_in_force(self) -> str | None:
        """The profile (SHA-256) that a case beginning here is under."""

    def was_in_force(self, sha256: str) -> bool:
        """Whether that profile came in force before `index`."""

    def profile(self, sha256: str) -> Profile:
        """A profile that was in force."""

    @property
    def calendars(self) -> CalendarBook:
        """The calendars of the log, which has a profile in force."""

    @property
    def calendar(self) -> Calendar | None:
        """The calendar in force; None before any."""

    @property
    def members(self) -> Mapping[str, Certified]:
        """All memberships in force here, by member name."""


def fault_of(error: CaseRuleError) -> Fault:
    """The fault that a rule of the case found."""
    return fault(error.rule, en=error, vi=error.sentence_vi)
