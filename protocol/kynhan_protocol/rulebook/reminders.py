"""A REMINDER is one that the case needs at that moment, to those whom it is for (DESIGN §3.5, *Reminders*)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from ..case import reminding
from ..case.reminding import Audience
from ..errors import CalendarError
from ..names import Name
from ..statements.chains import Certified
from ..statements.signing import SignedStatement
from ..statements.statements import Reminder
from .case_place import CasePlace
from .faults import Article, Fault, fault


def resolve(audience: tuple[Audience, ...], members: Mapping[str, Certified]) -> tuple[str, ...]:
    """Those of `members` (in force, by name) that make up an audience, sorted; a committee's name where it has nobody
    left.
    """
    named: set[str] = set()
    for one in audience:
        if one.role is None:
            found = {one.name} & set(members)
        else:
            found = {
                member.name
                for member in members.values()
                if member.committee == one.name and member.has(one.role)
            }
        named |= found or {Name.of(one.name).committee}
    return tuple(sorted(named))


def _reminder(signed: SignedStatement, place: CasePlace) -> Iterator[Fault]:
    reminder = signed.statement
    assert isinstance(reminder, Reminder)
    case = place.case(reminder.case)
    if case is None:
        place.vouch()
        yield fault("reminder.case", en=f"There is no case {reminder.case}.", vi="Nhắc một việc không có.")
        return
    calendar = place.calendar
    assert calendar is not None  # a case has a profile, and so the log a calendar
    try:
        plan = reminding.plan(case, place.at, place.profile(case.profile), calendar)
    except CalendarError as error:
        yield fault("reminder.step", en=str(error), vi=str(error))
        return
    wanted = {(one.step, one.due): one for one in plan.now}
    draft = wanted.get((reminder.step, reminder.due))
    if draft is None:
        place.vouch()
        yield _of_nothing_due(reminder, {due for _, due in wanted})
    elif (to := resolve(draft.audience, place.members)) != reminder.to:
        place.vouch()
        yield fault(
            "reminder.to",
            en=f"The reminder is for {', '.join(to)}.",
            vi=f"Nhắc hạn phải gửi cho {', '.join(to)}.",
        )


def _of_nothing_due(reminder: Reminder, due: set[str]) -> Fault:
    if reminder.due in due:
        return fault(
            "reminder.step",
            en=f"The step {reminder.step} is not the one reached then.",
            vi=f"Bậc nhắc {reminder.step} không phải bậc đến lượt lúc đó.",
        )
    return fault(
        "reminder.due",
        en="Nothing had to be reminded of then.",
        vi="Lúc đó không có gì phải nhắc.",
    )


REMINDER: Final = Article("reminder", Reminder, _reminder)
