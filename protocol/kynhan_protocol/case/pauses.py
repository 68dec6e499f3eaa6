"""When nobody has to keep the due date for a while, and what that takes of the time (R9, R13).

A dossier returned in time waits for its supplement, whose receipt starts the clock anew, at the latest the end of the
next working day after it was sent. And where the profile says
`question-stops-clock`, a question put by the answering side to the requesting side stops the clock from its ACCEPTANCE
until that of its answer, or of the reply that comes instead: then the date moves by the working days in between. The
day of the question does not count, that of the answer does; a day that several questions took is counted once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime

from ..agreement.calendar import Calendar
from ..agreement.profile import Profile
from ..names import Name
from ..vietnam_time import day_after, local_date
from .case import Case, Pause, Sent, Wait
from .kinds import Phase


def settle(case: Case, profile: Profile) -> Case:
    """The case with the pause that its dispatches make now, or with none."""
    paused = _pause(case, profile)
    return case if paused == case.paused else replace(case, paused=paused)


def _pause(case: Case, profile: Profile) -> Pause | None:
    if case.clock is None or case.stopped is not None:
        return None
    if case.phase is Phase.RETURNED and profile.settings.return_restarts_clock:
        returned = list(case.standing("return"))
        if returned and not returned[-1].late:
            return Pause(returned[-1].id, returned[-1].sent_at, "return")
    if case.phase in (Phase.RUNNING, Phase.RETURNED) and profile.settings.question_stops_clock:
        for question in _open_questions(case, case.last_index + 1, profile):
            return Pause(question.id, max(question.sent_at, case.clock.started_at), "question")
    return None


def is_used_up(case: Case, profile: Profile) -> bool:
    """Whether as many returns as may pause the clock of a request were made in time and stand under this one."""
    request = case.request
    first = request.index if request is not None else 0
    made = sum(sent.index > first and not sent.late for sent in case.standing("return"))
    return made >= profile.completion.pauses


def completions(case: Case) -> Iterator[Sent]:
    """While a dossier returned in time waits: the standing supplements that regard the return and that nobody has
    signed for, oldest first.
    """
    if case.paused is not None and case.paused.because == "return":
        for sent in case.standing("supplement"):
            if (
                sent.regarding == case.paused.dispatch
                and sent.state == "sent"
                and sent.acceptance is not None
            ):
                yield sent


def declined_completion(case: Case) -> Sent | None:
    """While a dossier returned in time waits: the last supplement for it, if that was declined and no other stands."""
    if case.paused is None or case.paused.because != "return":
        return None
    returned = case.paused.dispatch
    sent = [one for one in case.dispatches.values() if one.kind == "supplement" and one.regarding == returned]
    if not sent or sent[-1].state != "declined" or any(one.stands for one in sent):
        return None
    return sent[-1]


def last_day(supplement: Sent, profile: Profile, calendar: Calendar) -> date:
    """The day at whose end a pause ends though nobody signed for `supplement`, whatever its urgency."""
    days = profile.completion.received_after
    return calendar.without_end().add_working_days(local_date(supplement.sent_at), days)


def ended(case: Case, sent: Sent, at: datetime, profile: Profile) -> Case:
    """The case with the waits that `sent`, an answer or what stopped the clock, ended at its ACCEPTANCE `at`.

    The case as it is where `sent` ends none.
    """
    if case.clock is None or not profile.settings.question_stops_clock:
        return case
    stops = case.stopped is not None and case.stopped.dispatch == sent.id
    if not stops and (sent.kind != "answer" or case.stopped is not None):
        return case
    waits = tuple(
        Wait(question.id, sent.id, max(question.sent_at, case.clock.started_at), at)
        for question in _open_questions(case, sent.index, profile)
        if stops or question.id == sent.regarding
    )
    return replace(case, waits=(*case.waits, *waits)) if waits else case


def days(case: Case, calendar: Calendar, *, but: str | None = None) -> int:
    """The working days that questions took since the clock started; `but` leaves out what that dispatch ended."""
    if case.clock is None:
        return 0
    counted: set[date] = set()
    for wait in case.waits:
        if wait.since >= case.clock.started_at and wait.ended_by != but:
            counted.update(_days_of(wait))
    calendar = calendar.without_end()
    return sum(calendar.is_working_day(day) for day in counted)


def later(day: date, working_days: int, calendar: Calendar) -> date:
    """The date so many working days after `day`: `day` itself for 0."""
    return calendar.without_end().add_working_days(day, working_days) if working_days else day


def _days_of(wait: Wait) -> Iterable[date]:
    day, last = local_date(wait.since), local_date(wait.until)
    while day < last:
        day = day_after(day)
        yield day


def _open_questions(case: Case, before: int, profile: Profile) -> list[Sent]:
    """The questions that stop the clock and had no answer below log index `before`, oldest first."""
    requesting = profile.committees[0]
    asked = {
        sent.id: sent
        for sent in case.standing("question")
        if sent.index < before and sent.sender == "responding" and Name.of(sent.to).is_of(requesting)
    }
    if asked:
        for answer in case.standing("answer"):
            if answer.index < before and answer.regarding is not None:
                asked.pop(answer.regarding, None)
    return list(asked.values())
