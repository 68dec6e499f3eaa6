"""What is to be reminded of in a case at a moment: by the relay, which logs it, and by every client for itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from ..agreement.calendar import Calendar
from ..agreement.ladder import Rung, due_rung, next_rung, order_of, rungs, unsigned_rungs
from ..agreement.profile import Profile
from ..names import Name
from ..vietnam_time import midnight_after
from . import contests, pauses
from .case import Case

MAX_STEP = 9_999
"""The largest number a step has in a statement."""


@dataclass(frozen=True, slots=True)
class Audience:
    """Those in force with `role` in the committee `name`; or, with `role` None, the member `name`."""

    name: str
    role: str | None


@dataclass(frozen=True, slots=True)
class ReminderDraft:
    """A REMINDER to log: unique by (case, step, due). `due` is the id of the DUE, or of the dispatch that nobody signed
    for, that was declined while a returned dossier waits for it, or whose fault is contested.

    The relay resolves `audience` to members; where nobody is left, the committee itself is named.
    """

    case: str
    step: str
    due: str
    audience: tuple[Audience, ...]


@dataclass(frozen=True, slots=True)
class Reached:
    """A step that a case has reached, whoever was reminded of it. `at` is when (UTC); `dispatch`: the package that it
    is about, None where it is about the date in force.
    """

    step: str
    at: datetime
    dispatch: str | None
    audience: tuple[Audience, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """`now`: what to send at once. `next_at`: the first moment (UTC) to ask again; None if there is nothing left."""

    now: tuple[ReminderDraft, ...]
    next_at: datetime | None


@dataclass(frozen=True, slots=True)
class _Ladder:
    due: str | None
    since: datetime
    dispatch: str | None

    def rungs(self, case: Case, profile: Profile, calendar: Calendar) -> Iterator[Rung]:
        if self.dispatch is None:
            assert case.due is not None
            return rungs(case.due.due, calendar, profile.reminders)
        sent = case.dispatches[self.dispatch]
        return unsigned_rungs(sent.sent_at, sent.urgency is not None, calendar, profile.reminders)


def plan(case: Case, now: datetime, profile: Profile, calendar: Calendar) -> Plan:
    """What `case` needs at `now`, under its profile and the calendar in force.

    After the drafts of `now` were logged and folded, the same call gives none. Raises CalendarError `no-calendar` only
    for years before the calendar.
    """
    drafts: list[ReminderDraft] = []
    moments: list[datetime] = []
    for waiting in pauses.completions(case):  # the pause ends by itself
        ends = midnight_after(pauses.last_day(waiting, profile, calendar))
        moments += [ends] if ends > now else []
    for ladder in _ladders(case):
        if ladder.due is None:  # a DUE comes before its reminders
            continue
        last = _last_sent(case, ladder.due)
        moments.append(next_rung(ladder.rungs(case, profile, calendar), now, ladder.since, last).at)
        if _stands_still(case, ladder):  # nobody to remind; looked at again all the same
            continue
        due = due_rung(ladder.rungs(case, profile, calendar), now, ladder.since, last)
        if due is not None and due.order <= MAX_STEP:
            drafts.append(ReminderDraft(case.id, due.step, ladder.due, _audience(case, ladder, due, profile)))
    return Plan(tuple(drafts), min(moments, default=None))


def reached(case: Case, now: datetime, profile: Profile, calendar: Calendar) -> tuple[Reached, ...]:
    """The latest step that each ladder of `case` has reached at `now`: what a client reminds of by itself, also where
    the relay stays silent or signed another date (DESIGN §3.5). Raises CalendarError as plan() does.
    """
    found: list[Reached] = []
    for ladder in _ladders(case):
        if _stands_still(case, ladder):
            continue
        rung = due_rung(ladder.rungs(case, profile, calendar), now, ladder.since, None)
        if rung is not None and rung.order <= MAX_STEP:
            to = _audience(case, ladder, rung, profile)
            found.append(Reached(rung.step, rung.at, ladder.dispatch, to))
    return tuple(found)


def schedule(case: Case, profile: Profile, calendar: Calendar, count: int = 12) -> tuple[Rung, ...]:
    """The first `count` rungs of the due date in force, for showing; none without one."""
    if case.due is None:
        return ()
    return tuple(islice(rungs(case.due.due, calendar, profile.reminders), count))


def _ladders(case: Case) -> Iterator[_Ladder]:
    if case.is_timed and case.due is not None:
        yield _Ladder(case.due.id, case.due.at, None)
    for sent in case.unsigned():
        yield _Ladder(sent.id, sent.sent_at, sent.id)
    disputed = contests.contested(case)
    if disputed is not None and disputed.opened_at is not None:
        yield _Ladder(disputed.id, disputed.opened_at, disputed.id)
    declined = pauses.declined_completion(case)
    if declined is not None and declined.ended_at is not None:
        yield _Ladder(declined.id, declined.ended_at, declined.id)


def _stands_still(case: Case, ladder: _Ladder) -> bool:
    """Whether it is about a date that nobody has to keep at the moment."""
    return ladder.dispatch is None and (case.paused is not None or contests.contested(case) is not None)


def _last_sent(case: Case, due: str) -> str | None:
    steps = [one.step for one in case.reminders if one.due == due]
    return max(steps, key=order_of) if steps else None


def _audience(case: Case, ladder: _Ladder, rung: Rung, profile: Profile) -> tuple[Audience, ...]:
    """The unit and the clerk; from the day itself the approvers of both sides too."""
    requesting, responding = profile.committees
    if ladder.dispatch is not None:
        sent = case.dispatches[ladder.dispatch]
        to = Audience(sent.to, None if Name.of(sent.to).is_member else "clerk")
        if sent.state == "sent":
            return (to,)
        if sent.is_contested:
            return (Audience(Name.of(sent.from_).committee, "clerk"),)
        return (Audience(Name.of(sent.from_).committee, "clerk"), to)
    unit = () if case.unit is None else (Audience(case.unit, None),)
    clerks = (*unit, Audience(responding, "clerk"))
    if rung.order < 0:
        return clerks
    return (*clerks, Audience(requesting, "approver"), Audience(responding, "approver"))
