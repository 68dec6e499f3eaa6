"""Which packages here are past the time that the profile keeps them (R5a), or signed as destroyed by our committee.

Counted in years from the day a package was signed for (or ended otherwise). A case that still runs keeps all of its
packages, whatever their age; a profile with `retention-years` 0 keeps everything until a destruction is ordered. What
an assignment carries is kept as long as the assignment.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, Literal

from kynhan_protocol.case.case import Case, Sent
from kynhan_protocol.case.kinds import Phase
from kynhan_protocol.vietnam_time import local_date

from ..home import cupboard
from ..home.cupboard import Package
from ..home.home import Home
from ..log.view import View
from ..packages import erasing

OPEN: Final = frozenset((Phase.UNSIGNED, Phase.RUNNING, Phase.RETURNED))


@dataclass(frozen=True)
class Expired:
    """A package to be destroyed: `until` is the last day it was to be kept. `recorded`: another clerk of ours signed
    its destruction, and only this home's copy is left."""

    dispatch: str
    case: str
    kind: str
    since: date
    until: date
    why: Literal["retention", "recorded"]


def expired(home: Home) -> list[Expired]:
    """What should be destroyed now, the oldest first, and nothing before what carries it."""
    view = View(home)
    kept = [*cupboard.packages(home.archive, "in"), *cupboard.packages(home.archive, "out")]
    cases: dict[str, Case] = {}
    found = []
    for one in kept:
        if one.state == erasing.DESTROYED:
            continue
        case = cases.setdefault(one.case, view.case(one.case))
        sent = case.dispatches.get(one.dispatch)
        if sent is not None and (line := _expired(home, view, case, one, sent)) is not None:
            found.append(line)
    lines = {line.dispatch: line for line in found}
    kept_on = [_with_carriers(home, view, cases[line.case], line, lines) for line in found]
    return sorted(
        (line for line in kept_on if line is not None),
        key=lambda line: (line.until, line.kind != "assignment", line.dispatch),
    )


def _with_carriers(
    home: Home, view: View, case: Case, line: Expired, lines: Mapping[str, Expired]
) -> Expired | None:
    """The line of what is kept as long as the assignments that carry it; None while one of those is kept."""
    if line.why == "recorded":
        return line
    carriers = [lines.get(one.id) for one in erasing.carriers(home, view, case, line.dispatch)]
    known = [one for one in carriers if one is not None]
    if len(known) < len(carriers):
        return None
    return replace(line, until=max([line.until, *(one.until for one in known)]))


def _expired(home: Home, view: View, case: Case, package: Package, sent: Sent) -> Expired | None:
    since = local_date(sent.received_at or sent.ended_at or sent.sent_at)
    if erasing.destroyed_by_us(home, sent.id):
        return Expired(sent.id, case.id, sent.kind, since, since, "recorded")
    years = view.profile_of(case.profile).settings.retention_years
    if not years or case.phase in OPEN or sent.state == "sent":
        return None
    until = years_after(since, years)
    return (
        Expired(sent.id, case.id, sent.kind, since, until, "retention")
        if until < local_date(view.now)
        else None
    )


def years_after(day: date, years: int) -> date:
    """The same day `years` later; 29 February becomes the 28th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=min(day.year + years, date.max.year), day=28)
