"""`question-stops-clock`: the clock stands while the answering side waits for an answer, and the date moves by that."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from tests.protocol.case.test_settings import agreed
from tests.protocol.story import CA, CA_CLERK, CALENDAR, CCQ, CLERK, UNIT, Story, agreement, vn

from kynhan_protocol.case.case_json import dump, load
from kynhan_protocol.case.reminding import plan
from kynhan_protocol.case.status import status, timeliness
from kynhan_protocol.case.waiting import waiting

STOPS = agreed(question_stops_clock=True)


def running(**settings: object) -> tuple[Story, str]:
    """A request signed for on Monday 2 March 2026, due on Monday 20 April."""
    story = Story(profile=agreed(question_stops_clock=True, **settings))
    request = story.sent_and_signed("request", term="in-province")
    assert story.due.due == date(2026, 4, 20)
    return story, request


def ask(story: Story, **fields: object) -> str:
    return story.sent_and_signed("question", **{"from_": CA_CLERK, "to": CCQ, **fields})


def answer(story: Story, question: str) -> str:
    to = story.case.dispatches[question].from_
    return story.send("answer", from_=CLERK, to=to if to == UNIT else CA, regarding=question)


def code(story: Story) -> str:
    return status(story.case, story.now, CALENDAR, story.profile).code


def test_by_default_a_question_stops_nothing() -> None:
    story = Story()
    story.sent_and_signed("request", term="in-province")
    question = ask(story)
    story.pass_to(vn(2026, 3, 9))
    answer(story, question)
    assert (story.due.due, story.case.waits, story.case.paused) == (date(2026, 4, 20), (), None)


def test_the_date_moves_by_the_working_days_that_the_answer_took() -> None:
    story, request = running()
    question = ask(story)
    assert story.case.paused is not None
    assert (story.case.paused.dispatch, story.case.clock_runs, story.case.is_timed) == (question, False, True)
    assert code(story) == "paused"
    assert (CA, "reply") not in {(one.who, one.what) for one in waiting(story.case, story.profile)}
    story.pass_to(vn(2026, 3, 9))  # five working days
    answered = answer(story, question)
    assert (story.due.due, story.due.original, story.due.because, story.due.basis) == (
        date(2026, 4, 28),  # the 27th is a day off
        date(2026, 4, 28),
        "answer",
        answered,
    )
    assert (story.case.paused, story.case.clock_runs) == (None, True)
    assert (CA, "reply") in {(one.who, one.what) for one in waiting(story.case, story.profile)}
    story.pass_to(vn(2026, 4, 28))
    story.send("reply", regarding=request)
    assert code(story) == "in-time"
    assert story.case.objections == ()
    assert story.folded_again() == story.case
    assert load(dump(story.case)) == story.case


def test_an_answer_on_the_same_day_moves_nothing() -> None:
    story, _ = running()
    answer(story, ask(story))
    assert (story.due.due, story.due.because) == (date(2026, 4, 20), "answer")


def test_a_question_of_the_unit_stops_it_one_of_the_asking_side_or_inside_does_not() -> None:
    story, request = running()
    story.sent_and_signed("assignment", to=UNIT, regarding=request)
    for fields in ({"from_": CLERK, "to": CA}, {"from_": UNIT, "to": CA}, {"from_": CA_CLERK, "to": UNIT}):
        ask(story, **fields)
        assert story.case.paused is None
    ask(story, from_=UNIT)
    assert story.case.paused is not None


def test_days_that_two_questions_took_are_counted_once() -> None:
    story, _ = running()
    first = ask(story)
    story.pass_to(vn(2026, 3, 3))
    second = ask(story)
    story.pass_to(vn(2026, 3, 4))
    answer(story, second)  # 1 day: the 4th
    assert story.due.due == date(2026, 4, 21)
    assert story.case.paused is not None
    story.pass_to(vn(2026, 3, 6))
    answer(story, first)  # the 3rd to the 6th, the 4th counted already
    assert story.due.due == date(2026, 4, 24)
    story.pass_to(vn(2026, 3, 20))
    story.send("answer", from_=CLERK, to=CA, regarding=first)  # once more, to an answered question
    assert story.due.due == date(2026, 4, 24)
    assert story.case.objections == ()


@pytest.mark.parametrize("act", ["withdraw", "decline", "faulty", "recalled"])
def test_a_question_that_ceases_to_count_moves_nothing(act: str) -> None:
    story, _ = running()
    question = story.send("question", from_=CA_CLERK, to=CCQ)
    story.pass_to(vn(2026, 3, 6))
    if act in ("faulty", "recalled"):
        story.sign(question)
    if act == "faulty":
        story.open(question, "faulty", "payload")
        assert story.case.paused is not None
        story.void(question)
    elif act == "recalled":
        story.send("recall", from_=CA_CLERK, to=CCQ, regarding=question)
        story.destroy(question)
    else:
        getattr(story, act)(question)
    assert (story.case.paused, story.due.due) == (None, date(2026, 4, 20))


def test_an_answer_taken_back_leaves_the_question_open_and_no_day_counted_twice() -> None:
    story, _ = running()
    question = ask(story)
    story.pass_to(vn(2026, 3, 4))
    first = answer(story, question)
    assert story.due.due == date(2026, 4, 22)
    story.withdraw(first)
    assert story.case.paused is not None
    story.pass_to(vn(2026, 3, 5))
    answer(story, question)
    assert story.due.due == date(2026, 4, 23)
    assert story.case.objections == ()


def test_a_reply_instead_of_the_answer_is_in_time_by_the_days_waited() -> None:
    story, request = running()
    story.pass_to(vn(2026, 4, 17))
    ask(story)
    story.pass_to(vn(2026, 4, 24))  # past the 20th, five working days later
    assert code(story) == "paused"
    reply = story.send("reply", regarding=request)
    assert (story.due.because, story.due.basis, story.due.due) == ("answer", reply, date(2026, 4, 28))
    found = timeliness(story.case)
    assert found is not None
    assert (found.by_original, found.by_due, code(story)) == (True, True, "in-time")


def test_a_question_asked_too_late_does_not_hide_that_it_is_overdue() -> None:
    story, _ = running()
    story.pass_to(vn(2026, 4, 22))
    question = ask(story)
    story.pass_to(vn(2026, 4, 29))
    now = status(story.case, story.now, CALENDAR, story.profile)
    assert (now.code, now.days) == ("overdue", 2)
    answer(story, question)
    now = status(story.case, story.now, CALENDAR, story.profile)
    assert (now.code, now.days) == ("overdue", 2)


def test_nobody_is_reminded_meanwhile_and_the_case_is_looked_at_again() -> None:
    story, _ = running()
    story.pass_to(vn(2026, 3, 30))
    question = ask(story)
    for moment in (vn(2026, 4, 6), vn(2026, 4, 21), vn(2026, 5, 20)):
        found = plan(story.case, moment, story.profile, CALENDAR)
        assert found.now == ()
        assert found.next_at is not None
    story.pass_to(vn(2026, 4, 21))
    answer(story, question)
    assert story.due.due == date(2026, 5, 15)  # sixteen working days, three days off between
    assert plan(story.case, vn(2026, 5, 15), story.profile, CALENDAR).now[0].step == "0"


def test_a_clock_that_starts_anew_forgets_what_was_waited_before() -> None:
    story, request = running()
    question = ask(story)
    story.pass_to(vn(2026, 3, 4))
    returned = story.sent_and_signed("return", regarding=request)
    assert story.case.paused is not None
    assert story.case.paused.because == "return"
    story.pass_to(vn(2026, 3, 16))
    story.sent_and_signed("supplement", regarding=returned)
    restarted = story.due.due
    assert restarted == date(2026, 5, 7)
    story.pass_to(vn(2026, 3, 18))
    answer(story, question)
    assert story.due.due == date(2026, 5, 11)  # two working days after the restart, over a week-end
    assert story.case.objections == ()


def test_a_correction_counts_the_days_waited() -> None:
    story, request = running()
    question = ask(story)
    story.pass_to(vn(2026, 3, 4))
    answer(story, question)
    first = story.send("correction", regarding=request, term="in-country")
    story.send("correction", from_=CA_CLERK, to=CCQ, regarding=first, term="in-country")
    assert (story.due.due, story.due.because) == (date(2026, 5, 11), "correction")  # 45 days and two
    assert story.case.objections == ()


def test_days_waited_leave_no_unrolled_date_to_show() -> None:
    """The date falls on a working day then, and what the term alone gives is no date of this case."""
    story, request = running()
    question = ask(story)
    story.pass_to(vn(2026, 3, 5))
    answer(story, question)
    first = story.send("correction", regarding=request, term="foreign")
    story.send("correction", from_=CA_CLERK, to=CCQ, regarding=first, term="foreign")
    assert (story.due.due, story.due.unrolled) == (date(2026, 6, 4), None)


def test_interim_information_that_stops_the_clock_ends_the_waiting_too() -> None:
    story, request = running(interim_stops_clock=True)
    ask(story)
    story.pass_to(vn(2026, 3, 4))
    story.send("interim", from_=CA_CLERK, to=CCQ, regarding=request)
    assert (story.due.because, story.due.due) == ("answer", date(2026, 4, 22))


def test_a_dossier_returned_in_time_reminds_nobody() -> None:
    """Who waits for a supplement has no date to keep: its receipt will start the clock anew."""
    story = Story(profile=agreement())
    request = story.sent_and_signed("request", term="in-province")
    story.sent_and_signed("return", regarding=request)
    found = plan(story.case, vn(2026, 4, 21), story.profile, CALENDAR)
    assert (found.now, story.case.clock_runs, code(story)) == ((), False, "paused")
    story.pass_to(vn(2026, 4, 22))
    assert code(story) == "paused"
    late = Story(profile=agreement())
    request = late.sent_and_signed("request", term="in-province")
    late.pass_to(vn(2026, 3, 20))
    late.sent_and_signed("return", regarding=request)
    assert plan(late.case, vn(2026, 4, 21), late.profile, CALENDAR).now != ()
    assert late.case.clock_runs


def test_a_due_date_because_of_an_answer_is_objected_to_without_the_setting() -> None:
    story = Story()
    request = story.sent_and_signed("request", term="in-province")
    before = story.due
    story.log_it(replace(story.log[-1].statement, because="answer", basis=request, replaces=before.id))  # type: ignore[type-var]
    assert story.due == before
    assert [objection.rule for objection in story.case.objections] == ["due.because"]
