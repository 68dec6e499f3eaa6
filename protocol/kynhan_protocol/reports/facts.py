"""What a report has to know of each case: how it stood when the period began, and how when it ended.

A case is folded from the statements logged before each of the two moments, so that what is logged later never changes
the report of an earlier period.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from ..agreement.calendar import Calendar
from ..agreement.calendars import CalendarBook
from ..agreement.periods import Period
from ..agreement.profile import Profile
from ..case.case import Case, Sent
from ..case.contests import contested
from ..case.dates import reached
from ..case.fold import apply
from ..case.kinds import Phase
from ..statements.committees import Committees
from ..statements.logged import Logged
from ..statements.statements import Dispatch
from ..vietnam_time import local_date, midnight_after
from .figures import Nature

NO_TERM = "none"
UNKNOWN_SUBJECT = "unknown"

Entered = Literal["carried-over", "received", "reopened"]
Outcome = Literal["answered", "fallen-out", "open", "contested"]
Position = Literal["within", "soon", "past", "paused", "undated"]


@dataclass(frozen=True, slots=True)
class Scope:
    """What all cases of a report share. `until` is the moment it describes: the period's end, or `at` before that.

    `calendar` is the one in force then, `today` the last day described.
    """

    period: Period
    until: datetime
    today: date
    calendar: Calendar
    soon: int

    def during(self, moment: datetime) -> bool:
        """Whether `moment` lies in the part of the period that is described."""
        return self.period.since <= moment < self.until


@dataclass(frozen=True, slots=True)
class Fact:
    """A case at the end (`case`), how it came into the period, and what became of it; None: not of this period."""

    case: Case
    profile: Profile
    entered: Entered | None
    outcome: Outcome | None

    @property
    def term(self) -> str:
        """The term's code, `none` without one."""
        return self.case.term or NO_TERM

    @property
    def nature(self) -> Nature:
        """Limit, target, or none."""
        natures: dict[str, Nature] = {term.code: term.nature for term in self.profile.terms}
        return natures.get(self.term, "limit") if self.case.term is not None else "none"

    @property
    def unit(self) -> str:
        """The unit that has it, the responding committee where none does. Reports stop here (R-people)."""
        return self.case.unit or self.profile.committees[1]

    @property
    def main(self) -> Sent | None:
        """The request, or notice, that carries it."""
        return self.case.main_dispatch


def gather(
    log: Mapping[str, Sequence[Logged]],
    profiles: Mapping[str, Profile],
    calendars: CalendarBook,
    scope: Scope,
    committees: Committees | None = None,
) -> tuple[Fact, ...]:
    """A Fact for every case with a statement before the end, by case id. `log` has each case's statements in order;
    `committees` as for fold.apply().

    A case whose profile is not among `profiles` (SHA-256) raises KeyError: without it nothing of it can be counted.
    """
    found = []
    for case_id in sorted(log):
        profile = _profile(log[case_id], profiles)
        if profile is None:
            continue
        before, after = _fold(log[case_id], profile, calendars, scope, committees)
        if after is not None and after.dispatches:
            entered = _entered(before, after, scope)
            found.append(Fact(after, profile, entered, _outcome(after) if entered else None))
    return tuple(found)


def is_open(case: Case | None) -> bool:
    """Whether somebody still has to answer it: its clock started, and was neither stopped nor voided."""
    return (
        case is not None
        and case.clock is not None
        and case.stopped is None
        and case.phase in (Phase.RUNNING, Phase.RETURNED)
    )


def position(fact: Fact, scope: Scope) -> Position:
    """Where an open case stands against the date in force at the end: its last day ends at 24:00.

    While nobody has to keep that date (Case.paused) it is `paused`, or `past` if it was when the pause began.
    """
    record, paused = fact.case.due, fact.case.paused
    if record is None:
        return "undated"
    if (scope.until if paused is None else paused.since) >= midnight_after(record.due):
        return "past"
    if paused is not None:
        return "paused"
    left = scope.calendar.working_days_between(scope.today, record.due)
    return "soon" if left <= scope.soon else "within"


def days_to_answer(fact: Fact, scope: Scope, *, from_first: bool = False) -> int:
    """Days from the start to the answer: calendar days under a target, else working days.

    `from_first`: from the first start instead of the one that counts (after a return or a faulty package).
    """
    case = fact.case
    assert case.stopped is not None
    clock = case.clocks[0] if from_first and case.clocks else case.clock
    if clock is None:
        return 0
    start, end = local_date(clock.started_at), local_date(case.stopped.at)
    if fact.nature == "target":
        return max((end - start).days, 0)
    return max(scope.calendar.working_days_between(start, end), 0)


def _profile(statements: Iterable[Logged], profiles: Mapping[str, Profile]) -> Profile | None:
    for logged in statements:
        if isinstance(logged.statement, Dispatch):
            return profiles[logged.statement.profile]
    return None


def _fold(
    statements: Sequence[Logged],
    profile: Profile,
    calendars: CalendarBook,
    scope: Scope,
    committees: Committees | None,
) -> tuple[Case | None, Case | None]:
    before: Case | None = None
    case: Case | None = None
    for logged in statements:
        if logged.time >= scope.until:
            break
        if logged.time < scope.period.since:
            before = case = apply(case, logged, profile, calendars, committees)
        else:
            case = apply(case, logged, profile, calendars, committees)
    if case is not None:
        known = [one.index for one in calendars.changes if one.at is not None and one.at < scope.until]
        size = max(case.last_index, max(known, default=-1)) + 1
        case = reached(case, size, scope.until, profile, calendars)
    return before, case


def _entered(before: Case | None, after: Case, scope: Scope) -> Entered | None:
    if is_open(before) or (before is not None and contested(before) is not None):
        return "carried-over"
    if any(clock.because == "receipt" and scope.during(clock.started_at) for clock in after.clocks):
        return "received"
    answered = after.stopped is not None and scope.during(after.stopped.at)
    return "reopened" if answered or is_open(after) or contested(after) is not None else None


def _outcome(case: Case) -> Outcome:
    if contested(case) is not None:
        return "contested"
    if case.stopped is not None:
        return "answered"
    return "open" if is_open(case) else "fallen-out"
