"""From facts about cases to figures: every function here counts, none decides a rule."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from ..case.case import Case, Sent
from ..case.kinds import Phase
from ..case.status import timeliness
from ..case.table import RULES
from ..vietnam_time import local_date, midnight_after
from . import cells
from .facts import UNKNOWN_SUBJECT, Fact, Scope, days_to_answer, position
from .figures import (
    Days,
    Extensions,
    FallenOut,
    Figures,
    Group,
    NeverReceived,
    Returns,
    Row,
    SentOfKind,
    Signing,
    Timed,
    Untimed,
)

_NOT_COUNTED = ("draft", "report")  # a committee's own business


def count(
    facts: Sequence[Fact], scope: Scope, small_cell: int, subjects: Mapping[str, str] | None
) -> Figures:
    """All figures. `subjects` gives the subject code of a case id; None leaves that breakdown out."""
    of_period = [fact for fact in facts if fact.entered is not None]

    def rows(key_of: Callable[[Fact], str]) -> tuple[Row, ...]:
        return _rows(of_period, key_of, scope, small_cell)

    by_subject = None
    if subjects is not None:
        known = subjects
        by_subject = rows(lambda fact: known.get(fact.case.id, UNKNOWN_SUBJECT))
    return Figures(
        total=group(of_period, scope),
        by_term=rows(lambda fact: fact.term),
        by_unit=rows(lambda fact: fact.unit),
        by_subject=by_subject,
        extensions=_extensions(facts, scope),
        returns=_returns(facts, scope),
        fallen_out=_fallen_out(of_period),
        never_received=_never_received(facts, scope),
        requests=_signing(facts, scope, "request"),
        replies=_signing(facts, scope, "reply"),
        sent=_sent(facts, scope),
    )


def group(facts: Sequence[Fact], scope: Scope) -> Group:
    """The figures of these cases, all of which are of the period."""
    entered = Counter(fact.entered for fact in facts)
    outcome = Counter(fact.outcome for fact in facts)
    return Group(
        cases=len(facts),
        carried_over=entered["carried-over"],
        received=entered["received"],
        reopened=entered["reopened"],
        answered=outcome["answered"],
        fallen_out=outcome["fallen-out"],
        open=outcome["open"],
        extended=sum(any(_in_period(fact, "extension", scope)) for fact in facts),
        limits=_timed([fact for fact in facts if fact.nature == "limit"], scope),
        targets=_timed([fact for fact in facts if fact.nature == "target"], scope),
        untimed=_untimed([fact for fact in facts if fact.nature == "none"], scope),
        contested=outcome["contested"],
    )


def days(values: Iterable[int]) -> Days:
    """Median and 90th percentile by nearest rank: the value at place ⌈p·n⌉ of n in order."""
    ranked = sorted(values)
    n = len(ranked)
    if n == 0:
        return Days(0, None, None, None)
    return Days(n, ranked[(n + 1) // 2 - 1], ranked[(9 * n + 9) // 10 - 1], ranked[-1])


def _timed(facts: Sequence[Fact], scope: Scope) -> Timed:
    answered = [fact for fact in facts if fact.outcome == "answered"]
    dated = [found for fact in answered if (found := timeliness(fact.case)) is not None]
    in_time = sum(found.by_due for found in dated)
    in_time_original = sum(found.by_original for found in dated)
    places = Counter(position(fact, scope) for fact in facts if fact.outcome == "open")
    return Timed(
        answered=len(answered),
        in_time=in_time,
        late=len(dated) - in_time,
        in_time_original=in_time_original,
        late_original=len(dated) - in_time_original,
        undated=len(answered) - len(dated),
        open_within=places["within"],
        open_soon=places["soon"],
        open_past=places["past"],
        open_paused=places["paused"],
        open_undated=places["undated"],
        days=days(days_to_answer(fact, scope) for fact in answered),
        days_from_first_start=days(days_to_answer(fact, scope, from_first=True) for fact in answered),
    )


def _untimed(facts: Sequence[Fact], scope: Scope) -> Untimed:
    answered = [fact for fact in facts if fact.outcome == "answered"]
    return Untimed(
        received=sum(fact.entered == "received" for fact in facts),
        answered=len(answered),
        open=sum(fact.outcome == "open" for fact in facts),
        days=days(days_to_answer(fact, scope) for fact in answered),
    )


def _rows(
    facts: Sequence[Fact], key_of: Callable[[Fact], str], scope: Scope, small_cell: int
) -> tuple[Row, ...]:
    by_key: dict[str, list[Fact]] = {}
    for fact in facts:
        by_key.setdefault(key_of(fact), []).append(fact)
    parts = {key: Counter[str](fact.nature for fact in found) for key, found in by_key.items()}
    merged = cells.to_merge(parts, small_cell)
    rows = [Row(key, (), group(by_key[key], scope)) for key in sorted(by_key.keys() - merged)]
    if merged:
        together = [fact for key in sorted(merged) for fact in by_key[key]]
        rows.append(Row(None, tuple(sorted(merged)), group(together, scope)))
    return tuple(rows)


def _in_period(fact: Fact, kind: str, scope: Scope) -> Iterator[Sent]:
    """The dispatches of a kind that were accepted in the period and still count at its end; copies left out."""
    return (sent for sent in fact.case.standing(kind) if sent.part != "copy" and scope.during(sent.sent_at))


def _extensions(facts: Sequence[Fact], scope: Scope) -> Extensions:
    given = [list(_in_period(fact, "extension", scope)) for fact in facts]
    return Extensions(
        cases=sum(bool(found) for found in given),
        given=sum(map(len, given)),
        late=sum(sent.late for found in given for sent in found),
    )


def _returns(facts: Sequence[Fact], scope: Scope) -> Returns:
    given = [sent for fact in facts for sent in _in_period(fact, "return", scope)]
    restarts = [
        clock
        for fact in facts
        for clock in fact.case.clocks
        if clock.because == "return" and scope.during(clock.started_at)
    ]
    return Returns(given=len(given), late=sum(sent.late for sent in given), restarts=len(restarts))


def _fallen_out(facts: Sequence[Fact]) -> FallenOut:
    why = Counter(_why_out(fact.case) for fact in facts if fact.outcome == "fallen-out")
    return FallenOut(faulty=why["faulty"], recalled=why["recalled"], closed=why["closed"])


def _why_out(case: Case) -> str:
    """What voided the start last, unless CCQ closed the case: a request sent again may be waiting already."""
    if case.phase is Phase.CLOSED:
        return "closed"
    received = [sent for sent in case.dispatches.values() if sent.kind == "request" and sent.handover]
    return "faulty" if received and received[-1].is_void else "recalled"


def _never_received(facts: Sequence[Fact], scope: Scope) -> NeverReceived:
    ended = Counter(
        sent.state
        for fact in facts
        for sent in fact.case.dispatches.values()
        if sent.kind == "request" and sent.part == "main" and sent.ended_at and scope.during(sent.ended_at)
    )
    return NeverReceived(declined=ended["declined"], withdrawn=ended["withdrawn"])


def _signing(facts: Sequence[Fact], scope: Scope, kind: str) -> Signing:
    """Of the requests that carry a case, or of the replies; copies say nothing about the clock."""
    pairs = [
        (fact, sent)
        for fact in facts
        for sent in fact.case.dispatches.values()
        if sent.kind == kind and sent.part != "copy" and sent.refused is None
    ]
    signed = [(fact, sent) for fact, sent in pairs if sent.received_at and scope.during(sent.received_at)]
    waiting = [(fact, sent) for fact, sent in pairs if sent.state == "sent"]
    urgent = [(fact, sent) for fact, sent in signed if sent.urgency is not None]
    return Signing(
        signed=len(signed),
        late=sum(_signed_late(fact, sent, scope) for fact, sent in signed),
        urgent=len(urgent),
        urgent_late=sum(_urgent_late(fact, sent) for fact, sent in urgent),
        unsigned=len(waiting),
        unsigned_late=sum(scope.until >= _sign_until(fact, sent, scope) for fact, sent in waiting),
        days=days(_days_waited(sent, scope) for _, sent in signed),
    )


def _sign_until(fact: Fact, sent: Sent, scope: Scope) -> datetime:
    """The end of the working day after it was sent on which the profile begins to remind of it."""
    days = fact.profile.reminders.unsigned.after_working_days
    return midnight_after(scope.calendar.add_working_days(local_date(sent.sent_at), days))


def _signed_late(fact: Fact, sent: Sent, scope: Scope) -> bool:
    assert sent.received_at is not None
    return sent.received_at >= _sign_until(fact, sent, scope)


def _urgent_late(fact: Fact, sent: Sent) -> bool:
    assert sent.received_at is not None
    return sent.received_at - sent.sent_at > timedelta(hours=fact.profile.reminders.unsigned.hours_to_sign)


def _days_waited(sent: Sent, scope: Scope) -> int:
    assert sent.received_at is not None
    between = scope.calendar.working_days_between(local_date(sent.sent_at), local_date(sent.received_at))
    return max(between, 0)


def _sent(facts: Sequence[Fact], scope: Scope) -> tuple[SentOfKind, ...]:
    found: Counter[tuple[str, str]] = Counter()
    for fact in facts:
        for sent in fact.case.dispatches.values():
            if sent.stands and sent.part != "copy" and scope.during(sent.sent_at):
                found[sent.kind, sent.sender] += 1
    return tuple(
        SentOfKind(kind, found[kind, "requesting"], found[kind, "responding"])
        for kind in RULES
        if kind not in _NOT_COUNTED
    )
