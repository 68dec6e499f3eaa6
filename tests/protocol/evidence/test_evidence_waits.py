"""Evidence of a date that moved because a question was answered (ADR 4)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import dropwhile

import pytest
from tests.protocol.cases import close, of
from tests.protocol.world import CA, CA_CLERK, CALENDAR, CCQ, CLERK, ORIGIN, World, make_profile, signer

from kynhan_protocol.agreement import calendar, profile
from kynhan_protocol.agreement.calendars import CalendarBook
from kynhan_protocol.case import fold
from kynhan_protocol.evidence import evidence
from kynhan_protocol.evidence.verdicts import Verdict
from kynhan_protocol.statements.logged import Logged
from kynhan_protocol.statements.statements import Dispatch, Due


def world_where_questions_stop_the_clock(*, stops: bool = True) -> World:
    made = make_profile()
    if stops:
        made = made.replace(b'"question-stops-clock": false', b'"question-stops-clock": true')
    world = World(profile=made)
    for name in (CLERK, CA_CLERK):
        world.certify(name, "clerk")
    for committee in (CCQ, CA):
        world.certify(f"{committee}/doi-chung", "witness")
    for committee in (CCQ, CA):
        world.attest(committee)
    world.cosign()
    return world


def days_pass(world: World, days: int) -> None:
    world.now += timedelta(days=days)
    world.cosign()


def question_and_answer(world: World, days: int) -> Logged:
    question = world.request(kind="question", term=None, from_=CA_CLERK, to=CCQ)
    world.receipt(question, by=CLERK)
    days_pass(world, days)
    return world.request(kind="answer", term=None, regarding=question.id)


def log_due(world: World, **changes: object) -> Logged:
    """The DUE that the answer just logged asks for, or one that differs from it."""
    made, days = profile.parse(world.profile), calendar.parse(CALENDAR)
    book = CalendarBook.begin(days.sha, (CCQ, CA), days)
    draft = None
    case = None
    for logged in dropwhile(lambda one: not isinstance(one.statement, Dispatch), world.log):
        case = fold.apply(case, logged, made, book)
        draft = fold.due_for(case, logged, made, book)
    assert draft is not None
    names = ("case", "dispatch", "start", "term", "profile", "calendar", "due", "provisional", "because")
    fields = {name: getattr(draft, name) for name in (*names, "basis", "replaces")}
    statement = Due(relay=ORIGIN, time=world.now, nonce=world.nonce(), **fields)
    logged = world.append(replace(statement, **changes), signer(ORIGIN))  # type: ignore[arg-type]
    world.checkpoint()
    return logged


def asked() -> tuple[World, date]:
    world = world_where_questions_stop_the_clock()
    world.receipt(world.request(term="in-province"))
    due = next(one.statement for one in reversed(world.log) if isinstance(one.statement, Due))
    return world, due.due


def test_a_date_that_moved_by_the_days_waited_is_valid() -> None:
    world, before = asked()
    question_and_answer(world, 7)
    logged = log_due(world)
    assert isinstance(logged.statement, Due)
    assert logged.statement.because == "answer"
    assert logged.statement.due > before
    close(world)
    report = evidence.verify_case(world.case_files())
    assert of(report, logged.index) == set()
    assert report.verdict != Verdict.INVALID


def test_without_the_question_the_evidence_is_incomplete() -> None:
    world, _ = asked()
    index = len(world.log)
    question_and_answer(world, 7)
    logged = log_due(world)
    close(world)
    files = world.case_files()
    del files[f"receipts/{index:04d}.receipt"]
    assert "due-inputs-missing" in of(evidence.verify_case(files), logged.index)


@pytest.mark.parametrize("days", [-40, 40])
def test_a_date_moved_by_more_or_less_than_anybody_can_have_waited_is_false(days: int) -> None:
    world, _ = asked()
    question_and_answer(world, 7)
    logged = log_due(world, due=date(2026, 9, 1) if days > 0 else date(2026, 1, 5))
    close(world)
    assert "due-differs" in of(evidence.verify_case(world.case_files()), logged.index)


def test_under_a_profile_where_questions_stop_nothing_it_is_false() -> None:
    world = world_where_questions_stop_the_clock(stops=False)
    world.receipt(world.request(term="in-province"))
    stated = world.log[-1]
    assert isinstance(stated.statement, Due)
    answered = question_and_answer(world, 7)
    changes = {"because": "answer", "basis": answered.id, "replaces": stated.id, "time": world.now}
    logged = world.append(replace(stated.statement, nonce=world.nonce(), **changes), signer(ORIGIN))
    world.checkpoint()
    close(world)
    assert "due-differs" in of(evidence.verify_case(world.case_files()), logged.index)
