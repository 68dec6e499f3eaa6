"""The dates that a new calendar moves: page by page, and first of all where something else touches the case.

With the second approval a row of `moves` says that all open cases are to be looked at; it goes with the last page. What
is logged of a case meanwhile finds the date moved already, in the same transaction: in each case the DUE comes before
everything else that follows the approval, as if all had moved at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import bindparam, select

from kynhan_protocol.case import fold
from kynhan_protocol.errors import CalendarError
from kynhan_protocol.statements.logged import Logged
from kynhan_server.log.draft import Layer
from kynhan_server.log.following import log_due
from kynhan_server.log.logs import as_logged
from kynhan_server.store import tables as t

_KEY: Final = ("moving", "")
_UNDER_WAY: Final = (
    select(t.moves.c.after, t.statements.c.idx, t.statements.c.note, t.statements.c.time)
    .select_from(
        t.moves.join(
            t.statements,
            (t.statements.c.log == t.moves.c.log) & (t.statements.c.idx == t.moves.c.approval),
        )
    )
    .where(t.moves.c.log == bindparam("log"))
)


@dataclass(frozen=True)
class Moving:
    """`approval` put a calendar in force; the cases up to `after`, in the order of their numbers, are done."""

    approval: Logged
    after: str


def under_way(place: Layer) -> Moving | None:
    """What is still to be moved at this place; None almost always."""
    if _KEY not in place.known:
        row = place.connection.execute(_UNDER_WAY, {"log": place.log.id}).first()
        found = None if row is None else Moving(as_logged(row.idx, row.note, row.time), row.after)
        place.known.maps[-1][_KEY] = found  # as it is on disk: for the whole group
    moving: Moving | None = place.known[_KEY]
    return moving


def note(place: Layer, moving: Moving | None) -> None:
    """How far it came."""
    place.known[_KEY] = moving
    place.rows.moves.append(None if moving is None else (moving.approval.index, moving.after))


def settle(place: Layer, name: str) -> None:
    """Moves the date of case `name` first, if that is still to be done; before anything else is logged of it."""
    moving = under_way(place)
    if moving is not None and name > moving.after:
        move(place, name, moving.approval)
    end_pause(place, name)


def end_pause(place: Layer, name: str) -> bool:
    """Logs the DUE of a case whose pause ended by itself (DESIGN §3.5, "A pause ends"); whether it did."""
    case = place.case(name)
    if case is None:
        return False
    try:
        draft = fold.due_for_time(case, place.at, place.profile(case.profile), place.book, place.size)
    except CalendarError:
        return False
    if draft is not None:
        log_due(place, draft, None)
    return draft is not None


def move(place: Layer, name: str, approval: Logged) -> bool:
    """Logs a DUE for the case, if its date moves; whether it did. A date that cannot be computed stays as it is.

    The DUE answers nobody (its `basis` names the approval), so that its receipt does not grow with them.
    """
    end_pause(place, name)
    case = place.case(name)
    if case is None:
        return False
    try:
        draft = fold.due_for_calendar(case, approval, place.profile(case.profile), place.book)
    except CalendarError:
        return False
    if draft is not None:
        log_due(place, draft, None)
    return draft is not None
