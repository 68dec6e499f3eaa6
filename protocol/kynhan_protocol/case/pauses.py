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
        returned = [one for one in case.standing("return") if one.part != "copy"]
        if returned and not returned[-1].late:
            return Pause(returned[-1].id, returned[-1].sent_at, "return")
    if case.phase in (Phase.RUNNING, Phase.RETURNED) and profile.settings.question_stops_clock:
        for question in _open_questions(case, case.last_index + 1, profile):
            return Pause(question.id, max(question.sent_at, case.clock.started_at), "question")
    return None


def is_used_up(case: Case, profile: Profile) -> bool:
    """Whether as many returns as may pause the clock of a request were made in time under this one: of those that
    stand, and of those taken back or declined once their completion had come.
    """
    request = case.request
    first = request.index if request is not None else 0
    made = sum(
        sent.index > first and not sent.late and sent.part != "copy" and (sent.stands or _is_used(case, sent))
        for sent in case.dispatches.values()
        if sent.kind == "return" and sent.refused is None
    )
    return made >= profile.completion.pauses


def _is_used(case: Case, returned: Sent) -> bool:
    """Whether a clock had started anew for `returned` before it was taken back or declined."""
    ended = returned.ended_at
    return ended is not None and any(
        clock.because == "return"
        and case.dispatches[clock.dispatch].index > returned.index
        and clock.started_at <= ended
        for clock in case.clocks
    )


def completions(case: Case) -> Iterator[Sent]:
    """While a dossier returned in time waits: the standing supplements that regard the return and that nobody has
    signed for, oldest first.
    """
    for sent in case.standing("supplement"):
        if _completes(case, sent) and sent.state == "sent" and sent.acceptance is not None:
            yield sent


def declined_completion(case: Case) -> Sent | None:
    """While a dossier returned in time waits: the last supplement for it, if that was declined and no other stands."""
    sent = [one for one in case.dispatches.values() if one.kind == "supplement" and _completes(case, one)]
    if not sent or sent[-1].state != "declined" or any(one.stands for one in sent):
        return None
    return sent[-1]


def _completes(case: Case, supplement: Sent) -> bool:
    """Whether it regards the return that the case waits for, or that return as sent again."""
    if case.paused is None or case.paused.because != "return":
        return False
    returned = case.dispatches[case.paused.dispatch]
    return supplement.regarding in (returned.id, returned.admitted_by or returned.id)


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
