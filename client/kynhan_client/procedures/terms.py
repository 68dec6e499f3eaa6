"""A wrong term (R17): corrected by both sides' signatures, never shortening."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kynhan_protocol.agreement import due as counting
from kynhan_protocol.agreement import terms
from kynhan_protocol.case import kind_rules
from kynhan_protocol.case.case import Sent
from kynhan_protocol.errors import CalendarError, ProfileError
from kynhan_protocol.names import Name

from ..clauses import clause
from ..dossiers.letter import Letter
from ..errors import problem
from ..home.home import Home
from ..packages import drafting
from ..screen.output import day
from .standing import CaseStanding, Papers, allowed, of_case


@dataclass(frozen=True)
class Correcting:
    """A correction, proposed or agreed to. `before` is the regulation's date so far, `after` the one it would give,
    `due` the date in force after it (an announced one that is later stays); None where no clock runs yet. Dates from
    `provisional_from` on are provisional."""

    letter: Letter
    term: str | None
    before: date | None
    after: date | None
    due: date | None
    provisional_from: date


def correction(
    home: Home, case: str, papers: Papers, *, term: str | None = None, due: date | None = None
) -> Correcting:
    """The letter that proposes another term (and, if given, a date) to the other committee.

    Raises ClientError not-now where it would shorten, changes nothing, or names a day off or past; bad-letter,
    not-found.
    """
    standing = of_case(home, case)
    if term is None and due is None:
        raise problem("bad-letter", why=clause("correct.nothing"))
    letter = papers.letter(
        "correction",
        standing.other,
        title=drafting.label_of("correction"),
        case=case,
        regarding=standing.request.id,
        term=term,
        due=due,
        words=papers.words or drafting.label_of("correction"),
    )
    return _dated(standing, allowed(home, letter))


def annulment(home: Home, case: str, papers: Papers, dispatch: str) -> Correcting:
    """The letter that proposes that `dispatch`, said to be faulty, counts no more: it names neither term nor date.

    Raises ClientError not-now where its fault is not contested, not-found.
    """
    standing = of_case(home, case)
    regarded = standing.case.dispatches.get(dispatch)
    if regarded is not None and not regarded.is_contested:
        raise drafting.refusal("that package is not said to be faulty now", "bì này hiện không bị báo lỗi")
    letter = papers.letter(
        "correction",
        standing.other,
        title=drafting.label_of("correction"),
        case=case,
        regarding=dispatch,
        words=papers.words or drafting.label_of("correction"),
    )
    return _dated(standing, allowed(home, letter))


def agreement(home: Home, case: str, papers: Papers) -> Correcting:
    """The letter that agrees to the correction which the other side proposed: its own signature under the very same.

    Raises ClientError not-now where nothing is proposed, not-found.
    """
    standing = of_case(home, case)
    first = proposed(standing)
    if first is None:
        raise drafting.refusal("the other side proposed no correction", "bên kia chưa đề nghị đính chính")
    letter = papers.letter(
        "correction",
        standing.other,
        title=drafting.label_of("correction"),
        case=case,
        regarding=first.id,
        term=first.term,
        due=first.due,
        words=papers.words or drafting.label_of("correction"),
    )
    return _dated(standing, allowed(home, letter))


def proposed(standing: CaseStanding) -> Sent | None:
    """The newest correction by the other side that our side can still agree to."""
    open_ = [
        sent
        for sent in standing.case.standing("correction")
        if not Name.of(sent.from_).is_of(standing.own) and kind_rules.wants_agreement(standing.case, sent)
    ]
    return open_[-1] if open_ else None


def _dated(standing: CaseStanding, letter: Letter) -> Correcting:
    case, term = standing.case, letter.term or standing.case.term
    if letter.term is None and letter.due is None:  # what it regards counts no more
        return Correcting(letter, None, None, None, None, standing.provisional_from)
    if letter.due is not None and letter.due < standing.today:
        raise drafting.refusal("that date has passed", "ngày nêu ra đã qua")
    if case.clock is None or term is None:
        return Correcting(letter, term, None, None, None, standing.provisional_from)
    try:
        counted = counting.compute(
            case.clock.started_at, terms.of_profile(standing.profile, term), standing.calendar
        ).due
    except (CalendarError, ProfileError) as error:
        raise problem("bad-letter", why=error) from error
    after = letter.due or counted
    if case.due is not None and after < case.due.original:
        raise drafting.refusal(
            f"a running time limit is never shortened: {after} is before {case.due.original}",
            f"thời hạn đang chạy không được rút ngắn: {day(after)} sớm hơn {day(case.due.original)}",
        )
    before = None if case.due is None else case.due.original
    in_force = after if case.due is None else max(after, case.due.due)
    return Correcting(letter, term, before, after, in_force, standing.provisional_from)
