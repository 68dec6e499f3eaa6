"""The fold: clocks start, stop, restart and move; everyone computes the same; nothing that is logged breaks it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.protocol.story import (
    CA,
    CA_CLERK,
    CALENDAR,
    CCQ,
    CLERK,
    OTHER_UNIT,
    UNIT,
    Story,
    agreement,
    vn,
)

from kynhan_protocol.agreement import calendar
from kynhan_protocol.case import dues
from kynhan_protocol.case.case import DueNeed
from kynhan_protocol.case.case_json import dump, load, to_json
from kynhan_protocol.case.dues import explanation
from kynhan_protocol.case.fold import apply, preview
from kynhan_protocol.case.kinds import Phase
from kynhan_protocol.case.status import status, timeliness
from kynhan_protocol.case.waiting import waiting
from kynhan_protocol.errors import CalendarError, CaseRuleError
from kynhan_protocol.statements.codes import KINDS, TERMS
from kynhan_protocol.statements.logged import Logged
from kynhan_protocol.statements.statements import (
    Decline,
    Destruction,
    Due,
    Handover,
    Opening,
    Receipt,
    Reminder,
    Seen,
    Withdrawal,
)


def _running(term: str | None = "in-province") -> tuple[Story, str]:
    story = Story()
    return story, story.sent_and_signed("request", term=term)


def _waiting(story: Story) -> set[tuple[str, str]]:
    return {(one.who, one.what) for one in waiting(story.case, story.profile)}


def _code(story: Story, now: datetime | None = None) -> str:
    return status(story.case, now or story.now, CALENDAR, agreement()).code


def test_the_clock_starts_at_the_handover_and_stops_at_the_acceptance_of_the_reply() -> None:
    story = Story()
    request = story.send("request", term="in-province")
    assert (story.case.phase, story.case.due) == (Phase.UNSIGNED, None)
    assert _waiting(story) == {(CA, "sign")}
    story.pass_to(vn(2026, 3, 3))
    story.sign(request)
    assert story.case.phase is Phase.RUNNING
    assert story.case.clock is not None
    assert story.case.clock.started_at == vn(2026, 3, 3)
    assert (story.due.due, story.due.because, story.due.provisional) == (date(2026, 4, 21), "receipt", False)
    assert _waiting(story) == {(CA, "reply"), (CA, "open")}
    story.open(request)
    story.pass_to(vn(2026, 4, 21, 23))
    reply = story.send("reply", regarding=request)
    assert story.case.phase is Phase.ANSWERED
    assert story.case.stopped is not None
    assert (story.case.stopped.dispatch, story.case.stopped.at) == (reply, vn(2026, 4, 21, 23))
    assert story.case.stopped.acceptance == story.log[-1].id
    assert _code(story) == "in-time"
    story.pass_to(vn(2026, 5, 4))
    story.sign(reply)
    assert _code(story) == "in-time"
    assert story.case.objections == ()
    assert story.folded_again() == story.case


def test_a_request_without_term_has_no_due_date() -> None:
    story, _ = _running(term=None)
    assert (story.case.phase, story.case.due, story.case.need) == (Phase.RUNNING, None, None)
    assert _code(story) == "running"


def test_an_answer_after_midnight_is_late() -> None:
    story, request = _running()
    story.pass_to(vn(2026, 4, 21, 0))
    story.send("reply", regarding=request)
    assert (_code(story), status(story.case, story.now, CALENDAR, agreement()).days) == ("late", 1)
    found = timeliness(story.case)
    assert found is not None
    assert (found.by_original, found.by_due) == (False, False)


@pytest.mark.parametrize(
    ("when", "code", "vi"),
    [
        (vn(2026, 4, 10), "within", "đang xử lý trong hạn"),
        (vn(2026, 4, 13), "soon", "sắp đến hạn (còn 5 ngày làm việc)"),
        (vn(2026, 4, 20, 23), "due-today", "đến hạn hôm nay"),
        (vn(2026, 4, 21, 0), "overdue", "quá hạn 1 ngày làm việc"),
        (vn(2026, 4, 25), "overdue", "quá hạn 4 ngày làm việc"),
        (vn(2026, 6, 1), "long-overdue", "quá hạn kéo dài (27 ngày làm việc)"),
    ],
)
def test_words_of_an_open_limit(when: datetime, code: str, vi: str) -> None:
    story, _ = _running()
    found = status(story.case, when, CALENDAR, agreement())
    assert (found.code, found.vi) == (code, vi)


@pytest.mark.parametrize(
    ("until", "when", "words"),
    [
        (
            (2026, 4, 24),
            vn(2026, 4, 27),
            ("quá hạn, từ đó chưa có ngày làm việc nào", "overdue, no working day since"),
        ),
        (
            (2026, 4, 27),
            vn(2026, 4, 25),
            ("sắp đến hạn (không còn ngày làm việc)", "soon due (no working day left)"),
        ),
    ],
)
def test_where_all_days_between_are_off_it_is_said_in_words(
    until: tuple[int, int, int], when: datetime, words: tuple[str, str]
) -> None:
    """Saturday to Monday: in 2026 the Hùng Kings' day is a Sunday, and Monday off for it."""
    story, _ = _running()
    case = replace(story.case, due=replace(story.due, due=date(*until)))
    found = status(case, when, CALENDAR, agreement())
    assert (found.days, found.vi, found.en) == (0, *words)


def test_a_target_is_never_overdue() -> None:
    story, request = _running("foreign")
    assert story.due.due == date(2026, 6, 1)
    assert status(story.case, vn(2026, 6, 2), CALENDAR, agreement()).vi == "quá mốc phấn đấu"
    story.pass_to(vn(2026, 6, 3))
    story.send("reply", regarding=request)
    assert _code(story) == "target-passed"


def test_nobody_signing_is_shown_after_the_next_working_day() -> None:
    story = Story(now=vn(2026, 3, 6))
    story.send("request", term="in-province")
    assert _code(story, vn(2026, 3, 9, 23)) == "unsigned"
    assert status(story.case, vn(2026, 3, 10, 0), CALENDAR, agreement()).vi == "hết thời gian chờ ký nhận"


def test_extensions_keep_the_original_date_and_mark_late_ones() -> None:
    story, request = _running()
    story.pass_to(vn(2026, 4, 15))
    story.send("extension", regarding=request, due=date(2026, 5, 8))
    assert (story.due.due, story.due.original, story.due.because) == (
        date(2026, 5, 8),
        date(2026, 4, 20),
        "extension",
    )
    story.pass_to(vn(2026, 5, 11))
    late = story.send("extension", regarding=request, due=date(2026, 5, 29))
    assert story.case.dispatches[late].late
    assert [record.due.isoformat() for record in story.case.due_history] == [
        "2026-04-20",
        "2026-05-08",
        "2026-05-29",
    ]
    story.pass_to(vn(2026, 5, 29))
    story.send("reply", regarding=request)
    found = timeliness(story.case)
    assert found is not None
    assert (found.by_original, found.by_due) == (False, True)
    assert story.case.objections == ()


def test_the_date_in_force_is_explained_day_by_day_past_the_extension() -> None:
    story, request = _running()
    story.send("extension", regarding=request, due=date(2026, 4, 24))
    steps = explanation(story.case, story.profile, story.calendars)
    assert [step.date for step in steps] == [date(2026, 3, 2) + timedelta(n) for n in range(len(steps))]
    assert steps[-1].date == date(2026, 4, 24)
    assert [step.counted for step in steps if step.counted] == [*range(1, 36), 1, 2, 3, 4]


def test_a_return_in_time_restarts_the_clock_with_the_supplement() -> None:
    story, request = _running()
    story.pass_to(vn(2026, 3, 9, 23))  # five working days after Monday 2 March
    returned = story.sent_and_signed("return", regarding=request)
    assert story.case.phase is Phase.RETURNED
    assert (CCQ, "supplement") in _waiting(story)
    story.pass_to(vn(2026, 3, 16))
    supplement = story.sent_and_signed("supplement", regarding=returned)
    assert story.case.phase is Phase.RUNNING
    assert [clock.because for clock in story.case.clocks] == ["receipt", "return"]
    assert (story.due.due, story.due.because) == (date(2026, 5, 7), "return")
    assert story.due.dispatch == supplement
    assert (story.due.basis, story.due.original) == (returned, date(2026, 5, 7))


def test_a_restart_never_shortens_the_date_by_the_regulation() -> None:
    story, request = _running("in-country")
    first = story.send("correction", regarding=request, term="in-province")
    story.send("correction", from_=CA_CLERK, to=CCQ, regarding=first, term="in-province")
    returned = story.sent_and_signed("return", regarding=request)
    story.sent_and_signed("supplement", regarding=returned)
    assert (story.due.because, story.due.due, story.due.original) == (
        "return",
        date(2026, 5, 7),
        date(2026, 5, 7),
    )
    story.pass_to(vn(2026, 5, 7))
    story.send("reply", regarding=request)
    found = timeliness(story.case)
    assert found is not None
    assert (found.by_original, found.by_due) == (True, True)
    assert story.case.objections == ()


def test_a_late_return_does_not_restart_the_clock() -> None:
    story, request = _running()
    story.pass_to(vn(2026, 3, 10))
    returned = story.sent_and_signed("return", regarding=request)
    assert story.case.dispatches[returned].late
    story.sent_and_signed("supplement", regarding=returned)
    assert story.case.phase is Phase.RUNNING
    assert story.due.due == date(2026, 4, 20)
    assert len(story.case.clocks) == 1


def test_messages_questions_interim_and_supplements_change_nothing() -> None:
    story, request = _running()
    before = story.due
    for kind, fields in (
        ("message", {}),
        ("question", {}),
        ("interim", {"regarding": request}),
        ("supplement", {"regarding": request}),
        ("note", {}),
    ):
        story.sent_and_signed(kind, **({"from_": CA_CLERK, "to": CCQ} if kind == "interim" else {}), **fields)
    assert story.due == before
    assert (story.case.phase, story.case.stopped) == (Phase.RUNNING, None)


def test_a_request_that_both_say_was_faulty_starts_nothing_and_the_package_sent_again_does() -> None:
    story, request = _running()
    story.open(request, "faulty", "payload")
    story.void(request)
    assert (story.case.phase, story.case.due, story.case.clock) == (Phase.FAULTY, None, None)
    assert (CCQ, "resend") in _waiting(story)
    story.pass_to(vn(2026, 3, 5))
    again = story.sent_and_signed("request", term="in-province", regarding=request)
    assert story.case.main == again
    assert (story.due.due, story.due.replaces) == (date(2026, 4, 23), None)
    assert len(story.case.clocks) == 2
    assert story.case.objections == ()


def test_a_reply_that_both_say_was_faulty_does_not_stop_the_clock() -> None:
    story, request = _running()
    reply = story.sent_and_signed("reply", regarding=request)
    story.open(reply, "faulty", "manifest")
    story.void(reply)
    assert (story.case.phase, story.case.stopped) == (Phase.RUNNING, None)
    assert story.case.clock_runs
    story.pass_to(vn(2026, 4, 22))
    story.send("reply", regarding=request)
    assert _code(story) == "late"


def test_a_withdrawn_reply_counts_for_nothing_a_declined_one_stops_the_clock() -> None:
    story, request = _running()
    first = story.send("reply", regarding=request)
    story.withdraw(first)
    assert (story.case.phase, story.case.stopped) == (Phase.RUNNING, None)
    story.pass_to(vn(2026, 3, 20))
    second = story.send("reply", regarding=request)
    story.decline(second)
    assert story.case.stopped is not None
    assert story.case.stopped.dispatch == second
    assert (CA, "resend") in _waiting(story)


@pytest.mark.parametrize(("act", "phase"), [("withdraw", Phase.WITHDRAWN), ("decline", Phase.DECLINED)])
def test_a_request_taken_back_or_declined_counts_as_never_received(act: str, phase: Phase) -> None:
    story = Story()
    request = story.send("request", term="in-province")
    getattr(story, act)(request)
    assert (story.case.phase, story.case.clock, _waiting(story)) == (phase, None, set())
    again = story.sent_and_signed("request", term="in-country", to=UNIT)
    assert (story.case.phase, story.case.main, story.case.unit) == (Phase.RUNNING, again, UNIT)


def test_a_copy_starts_no_clock() -> None:
    story = Story()
    request = story.send("request", term="in-province", to=UNIT)
    copy = story.sent_and_signed("request", term="in-province", to=CA, regarding=request)
    assert (story.case.phase, story.case.due) == (Phase.UNSIGNED, None)
    story.sign(request)
    assert story.due.dispatch == request
    reply = story.send("reply", from_=UNIT, to=CA, regarding=request)
    assert (story.case.dispatches[copy].part, story.case.dispatches[reply].part) == ("copy", "copy")
    assert story.case.stopped is None


def test_assignments_show_which_unit_has_it_and_never_touch_the_clock() -> None:
    story, request = _running()
    before = story.due
    first = story.sent_and_signed("assignment", to=UNIT, regarding=request)
    assert story.case.unit == UNIT
    second = story.send("assignment", to=OTHER_UNIT, regarding=first)
    assert story.case.unit == OTHER_UNIT
    story.decline(second)
    assert story.case.unit == UNIT
    story.send("recall", from_=CA_CLERK, to=UNIT, regarding=first)
    assert story.case.unit is None
    assert story.due == before


def test_a_recall_takes_effect_when_the_recipient_destroys_it() -> None:
    story, request = _running()
    recall = story.sent_and_signed("recall", regarding=request)
    assert (CA, "answer") in _waiting(story)
    story.destroy(request)
    assert (story.case.phase, story.case.due) == (Phase.WITHDRAWN, None)
    assert story.case.dispatches[recall].stands
    story.sent_and_signed("request", term="in-province")
    assert story.case.phase is Phase.RUNNING


def test_destruction_without_recall_is_only_recorded() -> None:
    story, request = _running()
    story.destroy(request, code="ordered")
    assert story.case.phase is Phase.RUNNING
    assert story.case.dispatches[request].destroyed_by == (CA,)


def test_a_term_is_corrected_by_both_sides_and_never_shortened() -> None:
    story, request = _running()
    first = story.send("correction", regarding=request, term="in-country")
    assert story.due.due == date(2026, 4, 20)
    assert (CA, "agree") in _waiting(story)
    story.send("correction", from_=CA_CLERK, to=CCQ, regarding=first, term="in-country")
    assert (story.due.due, story.due.because, story.case.term) == (
        date(2026, 5, 7),
        "correction",
        "in-country",
    )
    assert (CA, "agree") not in _waiting(story)
    back = story.send("correction", regarding=request, term="in-province")
    story.send("correction", from_=CA_CLERK, to=CCQ, regarding=back, term="in-province")
    assert (story.due.due, story.due.term) == (date(2026, 5, 7), "in-province")
    assert story.case.objections == ()


def test_closing_ends_it_and_can_be_taken_back() -> None:
    story, request = _running()
    story.send("reply", regarding=request)
    closing = story.send("closing")
    assert story.case.phase is Phase.CLOSED
    with pytest.raises(CaseRuleError, match="was closed on 2026-03-02"):
        story.send("question")
    story.send("message")
    story.withdraw(closing)
    assert story.case.phase is Phase.ANSWERED


def test_a_notice_informs_and_a_request_may_follow() -> None:
    story = Story()
    notice = story.send("notice", from_=CA_CLERK, to=CCQ)
    assert story.case.phase is Phase.UNSIGNED
    story.sign(notice)
    assert (story.case.phase, story.case.due) == (Phase.INFORMED, None)
    request = story.sent_and_signed("request", term="in-province", regarding=notice)
    assert story.case.main == request
    story.sent_and_signed("notice", from_=CA_CLERK, to=CCQ)
    assert (story.case.phase, story.case.main) == (Phase.RUNNING, request)


def test_a_message_may_come_before_the_request() -> None:
    story = Story()
    story.send("message")
    assert story.case.phase is Phase.EXCHANGE
    story.sent_and_signed("request", term="foreign")
    assert story.due.term == "foreign"


def test_questions_wait_until_answered_and_conferences_until_settled() -> None:
    story, _ = _running()
    question = story.sent_and_signed("question")
    proposal = story.sent_and_signed("conference")
    assert sum(who == CA and what == "answer" for who, what in _pairs(story)) == 2
    story.send("answer", regarding=question)
    counter = story.send("conference", from_=CA_CLERK, to=CCQ, regarding=proposal)
    assert (CCQ, "answer") in _waiting(story)
    story.send("minutes", regarding=counter, from_=CLERK)
    assert "answer" not in {what for _, what in _pairs(story)}


def _pairs(story: Story) -> list[tuple[str, str]]:
    return [(one.who, one.what) for one in waiting(story.case, story.profile)]


def _changed_calendar(off: str, work: str | None = None) -> calendar.Calendar:
    document = json.loads(calendar.shipped_bytes())
    why = {"vi": "nghỉ thêm", "en": "extra"}
    changed = [(off, "off")] + ([(work, "work")] if work else [])
    document["days"] += [{"date": day, "day": what, "why": why, "decision": "1/QD"} for day, what in changed]
    document["days"].sort(key=lambda day: day["date"])
    return calendar.parse(json.dumps(document).encode())


def test_a_new_calendar_in_force_moves_the_date_and_is_previewed() -> None:
    story, _ = _running()
    new = _changed_calendar("2026-04-15")
    previewed = preview(story.case, new, story.profile)
    assert previewed is not None
    assert previewed.due == date(2026, 4, 21)
    story.pass_to(vn(2026, 3, 10))
    story.approve_calendar(new)
    assert (story.due.due, story.due.because, story.due.calendar) == (date(2026, 4, 21), "calendar", new.sha)
    assert story.case.objections == ()
    assert story.folded_again() == story.case


def test_a_new_calendar_never_shortens_a_running_deadline() -> None:
    story, _ = _running()
    before = story.due
    story.approve_calendar(_changed_calendar("2026-06-15", work="2026-04-11"))
    assert story.due == before


@pytest.mark.parametrize("how", ["withdrawn", "faulty", "recalled", "closing"])
def test_a_calendar_that_came_in_force_while_nothing_ran_counts_when_the_clock_runs_again(how: str) -> None:
    story, request = _running()
    last = story.send("closing" if how == "closing" else "reply", regarding=request)
    story.pass_to(vn(2026, 3, 20))
    story.approve_calendar(_changed_calendar("2026-04-15"))
    assert story.due.due == date(2026, 4, 20)
    new = _changed_calendar("2026-04-16")
    story.approve_calendar(new)
    if how in ("withdrawn", "closing"):
        story.withdraw(last)
    else:
        story.sign(last)
        if how == "faulty":
            story.open(last, "faulty", "manifest")
            story.void(last)
        else:
            story.send("recall", from_=CA_CLERK, to=CCQ, regarding=last)
            story.destroy(last)
    assert story.case.phase is Phase.RUNNING
    assert (story.due.due, story.due.because, story.due.calendar) == (date(2026, 4, 21), "calendar", new.sha)
    assert story.due.basis == story.calendars.latest.approval
    assert story.case.objections == ()
    assert story.folded_again() == story.case


def test_a_clock_that_runs_again_under_the_same_calendar_keeps_its_date() -> None:
    story, request = _running()
    before = story.due
    story.withdraw(story.send("reply", regarding=request))
    assert (story.case.phase, story.due) == (Phase.RUNNING, before)


def test_a_date_agreed_on_before_the_end_of_the_term_is_moved_by_no_calendar() -> None:
    """Such as one that was running already in the log of a relay that was lost."""
    story, request = _running(term=None)
    for due in (date(2026, 3, 18), date(2026, 3, 20)):
        first = story.send("correction", regarding=request, term="in-province", due=due)
        story.send("correction", from_=CA_CLERK, to=CCQ, regarding=first, term="in-province", due=due)
        assert (story.due.due, story.due.original, story.due.agreed) == (due, due, True)
        assert explanation(story.case, story.profile, story.calendars)[-1].date == due
        story.approve_calendar(_changed_calendar("2026-03-10" if due.day == 18 else "2026-04-15"))
        assert (story.due.due, story.due.because) == (due, "correction")
    story.send("extension", regarding=request, due=date(2026, 4, 2))
    story.approve_calendar(_changed_calendar("2026-04-14"))
    assert (story.due.due, story.due.because) == (date(2026, 4, 2), "extension")
    draft = dues.for_need(
        story.case, DueNeed(0, "receipt", request, None), story.profile, story.calendars, 99
    )
    story.log_due(replace(draft, because="calendar", basis=story.calendars.latest.approval))
    assert [one.rule for one in story.case.objections] == ["due.agreed"]
    assert story.due.due == date(2026, 4, 2)
    story.send(
        "extension", regarding=request, due=date(2026, 4, 21)
    )  # the end of the term under the newest calendar
    story.approve_calendar(_changed_calendar("2026-04-15", work="2026-04-11"))
    assert not story.due.agreed
    assert story.folded_again() == story.case


def test_a_date_agreed_on_behind_the_end_of_the_term_is_moved_when_a_calendar_passes_it() -> None:
    story, request = _running()
    first = story.send("correction", regarding=request, due=date(2026, 4, 21))
    story.send("correction", from_=CA_CLERK, to=CCQ, regarding=first, due=date(2026, 4, 21))
    story.approve_calendar(_changed_calendar("2026-04-15"))
    assert (story.due.due, story.due.because) == (date(2026, 4, 21), "correction")
    document = json.loads(calendar.shipped_bytes())
    why = {"vi": "nghỉ", "en": "off"}
    days = [{"date": f"2026-04-{day}", "day": "off", "why": why, "decision": "1/QD"} for day in (14, 15)]
    document["days"] = sorted([*document["days"], *days], key=lambda day: day["date"])
    story.approve_calendar(calendar.parse(json.dumps(document).encode()))
    assert (story.due.due, story.due.because) == (date(2026, 4, 22), "calendar")


def test_one_signature_moves_no_calendar() -> None:
    story, _ = _running()
    new = _changed_calendar("2026-04-15")
    story.approve_calendar(new)
    index = len(story.log)
    assert story.calendars.in_force(index).sha == new.sha
    assert story.calendars.in_force(0).sha == CALENDAR.sha
    assert story.calendars.pending == ()
    with pytest.raises(CalendarError, match="not at hand"):
        story.calendars.document("0" * 64)


def test_a_date_in_a_year_without_calendar_is_provisional() -> None:
    story = Story(now=vn(2027, 12, 1))
    story.sent_and_signed("request", term="in-country")
    assert story.due.provisional
    assert story.due.due.year == 2028


def test_a_due_date_that_differs_from_ours_is_objected_to() -> None:
    story = Story()
    request = story.send("request", term="in-province")
    receipt = story.act(Receipt, request, None)
    story.log_it(Handover(of=receipt.id, dispatch=request, relay="r", time=story.now, nonce=bytes(16)))
    honest = story.log.pop()
    assert isinstance(honest.statement, Due)
    lie = replace(honest, statement=replace(honest.statement, due=date(2026, 4, 1)))
    case = None
    for logged in [*story.log, lie]:
        case = apply(case, logged, story.profile, story.calendars)
    assert case is not None
    assert [objection.rule for objection in case.objections] == ["due.differs"]
    assert "differs from ours, 2026-04-20" in case.objections[0].en
    assert case.due is not None
    assert case.due.original == date(2026, 4, 20)


def test_a_due_date_out_of_the_blue_is_not_in_force() -> None:
    story, _ = _running()
    before = story.due
    draft = preview(story.case, _changed_calendar("2026-04-15"), story.profile)
    assert draft is not None
    story.log_due(draft, because="extension", due=date(2026, 3, 3))
    assert story.due == before
    assert [objection.rule for objection in story.case.objections] == ["due.because"]


def test_a_due_date_at_the_end_of_time_is_not_in_force() -> None:
    """A relay cannot make the clients' own counting fail: behind 9999-12-31 there is no midnight."""
    story, _ = _running()
    before = story.due
    draft = preview(story.case, _changed_calendar("2026-04-15"), story.profile)
    assert draft is not None
    story.log_due(draft, because="calendar", due=date.max)
    assert story.due == before
    assert [objection.rule for objection in story.case.objections] == ["due.due"]


def test_undelivered_is_dated_within_one_working_day_of_the_handover() -> None:
    story, request = _running()
    opening = Opening(
        dispatch=request,
        by=CA_CLERK,
        manifest=None,
        result="undelivered",
        code=None,
        relay="r",
        seen=Seen(0, bytes(32)),
        head=(),
        time=vn(2026, 3, 4),
        nonce=bytes(16),
    )
    story.log_it(opening)
    assert story.case.dispatches[request].opening is None
    assert [objection.rule for objection in story.case.objections] == ["opening.undelivered"]
    story.log_it(replace(opening, time=vn(2026, 3, 3)))
    assert story.case.dispatches[request].opening == "undelivered"


def test_an_illegal_dispatch_that_was_logged_all_the_same_has_no_effect() -> None:
    story, request = _running()
    before = story.case
    story.log_it(story.dispatch("reply", from_=CLERK, to=CA, regarding=request))
    story.log_it(story.dispatch("request", case="0198f0c1-7f1e-7a53-9d5e-000000000000"))
    assert (story.case.phase, story.case.stopped, story.case.due) == (before.phase, None, before.due)
    assert [objection.rule for objection in story.case.objections] == ["reply.sender", "request.case"]


def test_the_same_entry_folded_twice_changes_nothing() -> None:
    story, _ = _running()
    for logged in story.log:
        assert apply(story.case, logged, story.profile, story.calendars) == story.case


def test_a_case_is_stored_and_read_back_whole() -> None:
    story, request = _running()
    story.send("extension", regarding=request, due=date(2026, 5, 8))
    assert load(dump(story.case)) == story.case
    document = json.loads(json.dumps(to_json(story.case, story.profile, story.now, CALENDAR)))
    assert document["phase"] == "running"
    assert document["original_due"] == "2026-04-20"
    assert document["due"]["due"] == "2026-05-08"
    assert document["status"]["code"] == "within"
    assert (CA, "reply") in {(one["who"], one["what"]) for one in document["waiting_for"]}


# Random stories: every act is tried; what the table refuses is not logged, or is logged anyway by a bad relay.

ACTS = ("sign", "verified", "faulty", "undelivered", "decline", "withdraw", "destroy")
step = st.tuples(
    st.sampled_from(KINDS + ACTS * 3),
    st.integers(0, 30),
    st.sampled_from((CLERK, CA_CLERK, UNIT)),
    st.sampled_from((CCQ, CA, UNIT, OTHER_UNIT)),
    st.sampled_from((None, *TERMS)),
    st.one_of(st.none(), st.dates(date(2026, 3, 1), date(2027, 12, 31))),
    st.integers(0, 200),
)


def _try(story: Story, what: str, pick: int, from_: str, to: str, term: str | None, due: date | None) -> None:
    known = list(story.case.dispatches) if story.case_or_none is not None else []
    target = known[pick % len(known)] if known else None
    if what in KINDS:
        about = {"about": None} if pick % 2 else {}
        story.send(what, from_=from_, to=to, term=term, due=due, regarding=target, **about)
    elif target is None:
        return
    elif what in ("verified", "undelivered"):
        story.open(target, what)
    elif what == "faulty":
        story.open(target, what, "payload")
    else:
        getattr(story, what)(target)


@given(st.lists(step, max_size=40))
def test_random_acts_fold_alike_everywhere_and_leave_a_way_out(steps: list[tuple[object, ...]]) -> None:
    story = Story()
    story.sent_and_signed("request", term="in-province")
    for *what, hours in steps:
        assert isinstance(hours, int)
        story.pass_to(story.now + timedelta(hours=hours))
        try:
            _try(story, *what)  # type: ignore[arg-type]
        except CaseRuleError as error:
            assert error.sentence_vi != str(error)
    assert story.case.objections == ()
    assert story.case.need is None
    assert story.folded_again() == story.case
    assert load(dump(story.case)) == story.case
    dates = [record.due for record in story.case.due_history if record.because != "receipt"]
    assert dates == sorted(dates) or len(story.case.clocks) > 1
    waiting(story.case, story.profile)
    status(story.case, story.now, CALENDAR, agreement())
    story.send("message")
    if story.case.phase is Phase.UNSIGNED:
        story.decline(story.case.main or "")
    if story.case.phase is not Phase.CLOSED:
        story.send("closing")


def _odd(story: Story, step: tuple[object, ...]) -> None:
    """Log a statement without asking the table."""
    what, pick, from_, to, term, due = step[:6]
    known = [logged.id for logged in story.log] or ["0" * 64]
    target = known[int(str(pick)) % len(known)]
    common = {"relay": "r", "time": story.now, "nonce": bytes(16)}
    if what in KINDS:
        story.log_it(story.dispatch(str(what), from_=from_, to=to, term=term, due=due, regarding=target))
        return
    kinds = {"sign": Receipt, "decline": Decline, "withdraw": Withdrawal, "destroy": Destruction}
    usual = story.dispatch("message")
    signed = {**common, "seen": usual.seen, "head": (), "dispatch": target, "by": from_}
    if what in kinds:
        code = {} if what == "sign" else {"code": "other"}
        story.log_it(kinds[str(what)](**signed, **code))
        story.log_it(
            Handover(of=story.log[-1].id, dispatch=target, relay="r", time=story.now, nonce=bytes(16))
        )
    elif what == "undelivered":
        story.log_it(Reminder(case=usual.case, step="0", due=target, to=(CA,), **common))  # type: ignore[arg-type]
    else:
        story.log_it(Opening(**signed, manifest=None, result=str(what), code=None))  # type: ignore[arg-type]


@given(st.lists(step, max_size=30))
def test_nothing_that_was_logged_breaks_the_fold(steps: list[tuple[object, ...]]) -> None:
    story = Story()
    for one in steps:
        _odd(story, one)
    if steps:
        assert story.folded_again() == story.case
        assert load(dump(story.case)) == story.case
        waiting(story.case, story.profile)
        status(story.case, story.now, CALENDAR, agreement())
        to_json(story.case, story.profile)


def test_a_case_that_begins_in_the_middle_is_folded_with_objections() -> None:
    story, _ = _running()
    case = None
    for logged in story.log[2:]:
        case = apply(case, logged, story.profile, story.calendars)
    assert case is not None
    assert case.objections
    edge = Logged(99, "e" * 64, story.log[0].statement, b"", datetime.max.replace(tzinfo=UTC))
    assert apply(case, edge, story.profile, story.calendars).last_index == 99
