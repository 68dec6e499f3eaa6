"""What is contested in a case, and what settles it (DESIGN §3.5, "A faulty opening moves no date by itself").

A dispatch whose opening is `faulty` is contested until its addressee logs `verified`, its sender admits the fault by
sending the same again, or a correction of both sides, which names neither term nor date, says that it counts no more.
"""

from __future__ import annotations

from datetime import datetime

from ..agreement.calendar import Calendar
from ..agreement.profile import Profile
from ..names import Name
from ..statements.statements import Dispatch
from ..vietnam_time import local_date
from .case import Case, Sent
from .kinds import Phase


def admitted(case: Case | None, dispatch: Dispatch) -> Sent | None:
    """The contested dispatch whose fault `dispatch` would admit: the same kind, committee and `to`, and it regards it;
    None where it admits none, as when the fault was told too late.
    """
    if case is None or dispatch.regarding is None:
        return None
    first = case.dispatches.get(dispatch.regarding)
    if first is None or not first.is_contested or not first.admissible:
        return None
    is_same = (first.kind, first.to) == (dispatch.kind, dispatch.to)
    return first if is_same and Name.of(dispatch.from_).is_of(Name.of(first.from_).committee) else None


def is_in_time(sent: Sent, opened_at: datetime, profile: Profile, calendar: Calendar) -> bool:
    """Whether an opening logged then was early enough for the sender to admit its fault."""
    if sent.received_at is None:
        return False
    last = calendar.add_working_days(local_date(sent.received_at), profile.admission.within)
    return local_date(opened_at) <= last


def annuls(correction: Dispatch | Sent) -> bool:
    """Whether a correction says of what it regards that it counts no more: it names neither term nor date."""
    return correction.kind == "correction" and correction.term is None and correction.due is None


def annulled(case: Case, correction: Sent) -> Sent | None:
    """The contested dispatch that `correction`, the first or the second signature, says counts no more."""
    if not annuls(correction):
        return None
    regarded = case.dispatches.get(correction.regarding or "")
    if regarded is not None and annuls(regarded):
        regarded = case.dispatches.get(regarded.regarding or "")
    return regarded if regarded is not None and regarded.is_contested else None


def contested(case: Case) -> Sent | None:
    """The request or reply of the case that is contested: the case is then neither in time nor overdue. None for one
    that was closed without an answer.
    """
    if case.phase is Phase.CLOSED and case.stopped is None:
        return None
    request = case.request
    if request is not None and request.is_contested:
        return request
    reply = case.dispatches[case.stopped.dispatch] if case.stopped is not None else None
    return reply if reply is not None and reply.is_contested else None
