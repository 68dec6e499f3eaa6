"""A DUE says the date that the log before it gives (DESIGN §3.5)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ..case import relay_said
from ..statements.signing import SignedStatement
from ..statements.statements import Due
from .case_place import CasePlace, fault_of
from .faults import Article, Fault, fault
from .place import LackingError


def _due(signed: SignedStatement, place: CasePlace) -> Iterator[Fault]:
    due = signed.statement
    assert isinstance(due, Due)
    place.has_grounds(due)
    case = place.case(due.case)
    if case is None:
        place.vouch()
        yield fault("due.case", en=f"There is no case {due.case}.", vi=f"Không có việc phối hợp {due.case}.")
        return
    error = relay_said.why_not_due(case, due, place.index, place.calendars)
    if error is not None:
        place.vouch_for_date(due)
        yield fault_of(error)
    elif not relay_said.is_computed(case) or (case.due is not None and not case.due.checked):
        raise LackingError("calendar", due.calendar)


DUE: Final = Article("due", Due, _due)
