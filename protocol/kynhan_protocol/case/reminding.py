"""What the relay has to remind of in a case at a moment, and when to look again."""

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
from . import pauses
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
    for, or that was declined while a returned dossier waits for it.

    The relay resolves `audience` to members; where nobody is left, the committee itself is named.
    """

    case: str
    step: str
    due: str
    audience: tuple[Audience, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """`now`: what to send at once. `next_at`: the first moment (UTC) to ask again; None if there is nothing left."""

    now: tuple[ReminderDraft, ...]
    next_at: datetime | None


@dataclass(frozen=True, slots=True)
class _Ladder:
    due: str
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
        last = _last_sent(case, ladder.due)
        if (
            ladder.dispatch is None and case.paused is not None
        ):  # nobody to remind; looked at again all the same
            moments.append(next_rung(ladder.rungs(case, profile, calendar), now, ladder.since, last).at)
            continue
        due = due_rung(ladder.rungs(case, profile, calendar), now, ladder.since, last)
        if due is not None and due.order <= MAX_STEP:
            drafts.append(ReminderDraft(case.id, due.step, ladder.due, _audience(case, ladder, due, profile)))
        moments.append(next_rung(ladder.rungs(case, profile, calendar), now, ladder.since, last).at)
    return Plan(tuple(drafts), min(moments, default=None))


def schedule(case: Case, profile: Profile, calendar: Calendar, count: int = 12) -> tuple[Rung, ...]:
    """The first `count` rungs of the due date in force, for showing; none without one."""
    if case.due is None:
        return ()
    return tuple(islice(rungs(case.due.due, calendar, profile.reminders), count))


def _ladders(case: Case) -> Iterator[_Ladder]:
    if case.is_timed and case.due is not None and case.due.id is not None:  # a DUE comes before its reminders
        yield _Ladder(case.due.id, case.due.at, None)
    for sent in case.unsigned():
        yield _Ladder(sent.id, sent.sent_at, sent.id)
    declined = pauses.declined_completion(case)
    if declined is not None and declined.ended_at is not None:
        yield _Ladder(declined.id, declined.ended_at, declined.id)


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
        return (Audience(Name.of(sent.from_).committee, "clerk"), to)
    unit = () if case.unit is None else (Audience(case.unit, None),)
    clerks = (*unit, Audience(responding, "clerk"))
    if rung.order < 0:
        return clerks
    return (*clerks, Audience(requesting, "approver"), Audience(responding, "approver"))
