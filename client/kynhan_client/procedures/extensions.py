"""More time (R19): the notice that announces another date, with reasons; no consent is needed, the original limit stays
in the history, and it can be given again and again, also late."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from kynhan_protocol.names import Name
from kynhan_protocol.vietnam_time import midnight_after

from ..clauses import clause
from ..dossiers.letter import Letter
from ..errors import problem
from ..home.home import Home
from ..packages import drafting
from .standing import Papers, allowed, of_case, regarded

MOST_DAYS: Final = 3660  # as many as a term of a profile may have


@dataclass(frozen=True)
class Extending:
    """An extension notice: the regulation's date, the one in force, the one announced. `late`: given after the date
    that it extends. Dates from `provisional_from` on are provisional."""

    letter: Letter
    original: date
    before: date
    announced: date
    late: bool
    provisional_from: date


def extension(
    home: Home,
    case: str,
    papers: Papers,
    reason: str,
    *,
    until: date | None = None,
    days: int | None = None,
) -> Extending:
    """The notice that the answer comes by `until`, or `days` working days after the date in force. `reason` travels
    sealed.

    Raises ClientError not-now (no time limit, a date that is not later, past, or a day off), bad-letter, not-found.
    """
    standing = of_case(home, case)
    due = standing.case.due
    if due is None:
        raise drafting.refusal("the case has no time limit", "việc này không có thời hạn")
    if days is not None and not 1 <= days <= MOST_DAYS:
        raise problem("bad-letter", why=clause("extend.days", most=MOST_DAYS))
    announced = until
    if announced is None:
        if days is None:
            raise problem("bad-letter", why=clause("extend.no-date"))
        announced = standing.calendar.add_working_days(due.due, days)
    to = Name.of(standing.request.from_).committee
    letter = papers.letter(
        "extension",
        to,
        title=drafting.label_of("extension"),
        case=case,
        regarding=regarded(standing, "extension", to, standing.request.id),
        due=announced,
        words=reason,
    )
    late = standing.view.now >= midnight_after(due.due)
    return Extending(allowed(home, letter), due.original, due.due, announced, late, standing.provisional_from)
