"""Who is to be reminded of what, decided and logged at a place of the log, inside the writer's transaction.

remind(place, name)            logs the REMINDERs of a case that are due now
set_next_looks(place)          when each case that changed is to be looked at again
"""

from __future__ import annotations

from datetime import datetime

from kynhan_protocol.case import reminding
from kynhan_protocol.case.case import Case
from kynhan_protocol.names import Name
from kynhan_protocol.rulebook.reminders import resolve
from kynhan_protocol.statements.statements import Reminder
from kynhan_server.log import moving, notices
from kynhan_server.log.draft import Layer
from kynhan_server.log.following import nonce, say


def remind(place: Layer, name: str) -> int:
    """Logs what case `name` is to be reminded of at this place; gives how many reminders."""
    moving.settle(place, name)
    case = place.case(name)
    if case is None:
        return 0
    plan = reminding.plan(case, place.at, place.profile(case.profile), place.book.in_force(place.size))
    for draft in plan.now:
        to = resolve(draft.audience, place.in_force())
        statement = Reminder(
            relay=place.log.origin,
            time=place.at,
            nonce=nonce(),
            case=name,
            step=draft.step,
            due=draft.due,
            to=to,
        )
        logged = say(place, statement, case=name, cause=None)
        place.rows.reminders[name, draft.step, draft.due] = logged.index
        place.rows.concerned |= {(name, member) for member in to if Name.of(member).is_member}
        notices.announce(place, case, draft, logged.id, to)
        place.fold(name, logged)
    place.rows.cases[name] = _seconds(plan.next_at)
    return len(plan.now)


def set_next_looks(place: Layer) -> None:
    """For every case that changed on this layer: when to look at it again."""
    for name, case in place.cases.maps[0].items():
        set_next_look(place, name, case)


def set_next_look(place: Layer, name: str, case: Case) -> None:
    """When to look at a case again, under the calendar in force now. Raises CalendarError `no-calendar`."""
    plan = reminding.plan(case, place.at, place.profile(case.profile), place.book.in_force(place.size))
    place.rows.cases[name] = place.time if plan.now else _seconds(plan.next_at)


def _seconds(moment: datetime | None) -> int | None:
    # Never before the moment itself: a rung is reached at its second, not in the one before.
    return None if moment is None else int(moment.timestamp()) + (moment.microsecond > 0)
