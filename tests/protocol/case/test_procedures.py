"""Each procedure of the regulation through the table and the fold, and what bad input it refuses, in both languages."""

from __future__ import annotations

import time
from datetime import date

import pytest
from tests.protocol.story import (
    APPROVER,
    CA,
    CA_CLERK,
    CALENDAR,
    CCQ,
    CLERK,
    OTHER_UNIT,
    TOPIC,
    UNIT,
    Story,
    vn,
)

from kynhan_protocol.agreement import calendar
from kynhan_protocol.case import duties
from kynhan_protocol.case.allowed import Circumstances
from kynhan_protocol.case.fold import fold
from kynhan_protocol.case.kinds import Phase
from kynhan_protocol.case.waiting import waiting
from kynhan_protocol.errors import CaseRuleError
from kynhan_protocol.statements.statements import Destruction, Receipt

AUDITOR = f"{CCQ}/kiem-tra"
OF_UNIT = Circumstances(roles=("unit",))
OF_AUDITOR = Circumstances(roles=("auditor",))
REAL = Circumstances(calendar=CALENDAR, today=date(2026, 3, 2))


def running(term: str | None = "in-province", **fields: object) -> tuple[Story, str]:
    """A request signed for on Monday 2 March 2026; in-province it is due on 20 April."""
    story = Story()
    return story, story.sent_and_signed("request", term=term, **fields)


def assigned() -> tuple[Story, str, str]:
    story, request = running()
    return story, request, story.sent_and_signed("assignment", to=UNIT, regarding=request)


def refused(
    story: Story, kind: str, circumstances: Circumstances | None = None, **fields: object
) -> CaseRuleError:
    before = len(story.log)
    with pytest.raises(CaseRuleError) as caught:
        story.send(kind, circumstances or Circumstances(), **fields)
    assert len(story.log) == before
    assert caught.value.rule.startswith(f"{kind}.")
    assert caught.value.sentence_vi.endswith(".")
    assert caught.value.sentence_vi != str(caught.value)
    return caught.value


def waits(story: Story) -> set[tuple[str, str]]:
    return {(one.who, one.what) for one in waiting(story.case, story.profile)}


# request and supplement (R7, R13)


def test_a_copy_of_a_request_bears_its_term() -> None:
    story, request = running(to=UNIT)
    error = refused(story, "request", to=CA, regarding=request, term="foreign")
    assert "bears the term of the request" in str(error)
    story.send("request", to=CA, regarding=request, term="in-province")
    assert "was already sent it" in str(
        refused(story, "request", to=CA, regarding=request, term="in-province")
    )


def test_a_supplement_goes_to_the_committee_or_to_a_unit_that_has_the_case() -> None:
    story, request, _ = assigned()
    error = refused(story, "supplement", to=OTHER_UNIT, regarding=request)
    assert (error.rule, error.sentence_vi) == (
        "supplement.supplement",
        f"CCQ không gửi được văn bản bổ sung hồ sơ: việc này không giao cho {OTHER_UNIT}.",
    )
    story.send("supplement", to=UNIT, regarding=request)
    story.send("supplement", to=CA, regarding=request)


def test_a_request_sent_again_has_copies_of_its_own() -> None:
    story, first = running(to=UNIT)
    for to in (CA, OTHER_UNIT):
        story.send("request", term="in-province", to=to, regarding=first)
    story.open(first, "faulty", "payload")
    again = story.sent_and_signed("request", term="in-province", to=UNIT, regarding=first)
    copy = story.sent_and_signed("request", term="in-province", to=CA, regarding=again)
    assert story.case.dispatches[copy].part == "copy"
    assert story.case.main == again
    assert "was already sent it" in str(refused(story, "request", term="in-province", to=CA, regarding=again))
    assert f"not with {OTHER_UNIT}" in str(refused(story, "supplement", to=OTHER_UNIT, regarding=again))


def test_a_supplement_under_way_when_the_dossier_was_returned_does_not_complete_it() -> None:
    story, request = running()
    early = story.send("supplement", regarding=request)
    returned = story.sent_and_signed("return", regarding=request)
    story.sign(early)
    assert (story.case.phase, len(story.case.clocks)) == (Phase.RETURNED, 1)
    story.sent_and_signed("supplement", regarding=returned)
    assert (story.case.phase, len(story.case.clocks)) == (Phase.RUNNING, 2)


def test_a_recalled_supplement_leaves_the_dossier_incomplete_again() -> None:
    story, request = running()
    returned = story.sent_and_signed("return", regarding=request)
    supplement = story.sent_and_signed("supplement", regarding=returned)
    story.sent_and_signed("recall", regarding=supplement)
    story.destroy(supplement)
    assert story.case.phase is Phase.RETURNED


def test_a_reply_to_an_earlier_request_does_not_answer_the_next_one() -> None:
    story, request, _ = assigned()
    story.send("reply", regarding=request)
    story.sent_and_signed("recall", regarding=request)
    story.destroy(request)
    assert story.case.phase is Phase.WITHDRAWN
    again = story.sent_and_signed("request", term="in-country")
    assert (story.case.stopped, story.case.clock_runs, story.case.unit) == (None, True, None)
    assert (CA, "reply") in waits(story)
    story.pass_to(vn(2026, 4, 1))
    reply = story.send("reply", regarding=again)
    assert story.case.stopped is not None
    assert story.case.stopped.dispatch == reply


def test_nothing_is_to_be_sent_again_where_it_cannot_be_sent() -> None:
    story, request = running()
    reply = story.sent_and_signed("reply", regarding=request)
    story.open(reply, "faulty", "payload")
    supplement = story.send("supplement", regarding=request)
    story.decline(supplement)
    assert {(CA, "resend"), (CCQ, "resend")} <= waits(story)
    story.send("closing")
    assert (CA, "resend") in waits(story)  # a late reply is still taken
    assert (CCQ, "resend") not in waits(story)
    other, request = running()
    reply = other.sent_and_signed("reply", regarding=request)
    other.open(reply, "faulty", "payload")
    other.void(reply)
    assert (CA, "resend") in waits(other)
    other.open(request, "faulty", "payload")
    other.void(request)
    assert waits(other) >= {(CCQ, "resend")}
    assert (CA, "resend") not in waits(other)


def test_a_request_found_faulty_after_the_reply_starts_no_clock_once_that_is_taken_back() -> None:
    story, request = running()
    reply = story.send("reply", regarding=request)
    story.open(request, "faulty", "payload")
    story.void(request)
    assert story.case.phase is Phase.ANSWERED
    story.withdraw(reply)
    assert (story.case.phase, story.case.clock, story.case.due) == (Phase.FAULTY, None, None)


# return for completion (R13)


@pytest.mark.parametrize("day", [9, 10])
def test_a_return_restarts_the_clock_within_five_working_days(day: int) -> None:
    story, request = running()
    assert duties.last_day_to_return(story.case, story.profile, CALENDAR) == date(2026, 3, 9)
    story.pass_to(vn(2026, 3, day))
    returned = story.sent_and_signed("return", regarding=request)
    assert "was returned for completion on 2026-03" in str(refused(story, "return", regarding=request))
    story.sent_and_signed("supplement", regarding=returned)
    assert [clock.because for clock in story.case.clocks] == (
        ["receipt", "return"] if day == 9 else ["receipt"]
    )


@pytest.mark.parametrize("act", ["withdraw", "decline"])
def test_a_return_that_ceases_to_count_leaves_the_case_running(act: str) -> None:
    story, request = running()
    returned = story.send("return", regarding=request)
    assert not story.case.clock_runs
    getattr(story, act)(returned)
    assert (story.case.phase, story.case.clock_runs) == (Phase.RUNNING, True)


# assignment (R16)


def test_a_return_that_came_too_late_leaves_the_reply_to_be_given() -> None:
    """Its clock runs on, and the unit is reminded: so it is waited for too."""
    story, request, _ = assigned()
    story.pass_to(vn(2026, 3, 3))
    in_time = story.sent_and_signed("return", regarding=request)
    assert (story.case.clock_runs, (UNIT, "reply") in waits(story)) == (False, False)
    story.sent_and_signed("supplement", regarding=in_time)
    story.pass_to(vn(2026, 3, 20))
    story.sent_and_signed("return", regarding=request)
    assert story.case.clock_runs
    assert {(UNIT, "reply"), (CCQ, "supplement")} <= waits(story)


def test_an_assignment_is_taken_back_before_and_after_it_is_signed_for() -> None:
    story, request = running()
    first = story.send("assignment", to=UNIT, regarding=request)
    assert "can be withdrawn" in str(refused(story, "recall", from_=CA_CLERK, to=UNIT, regarding=first))
    story.withdraw(first)
    assert story.case.unit is None
    second = story.sent_and_signed("assignment", to=UNIT, regarding=request)
    story.send("recall", from_=CA_CLERK, to=UNIT, regarding=second)
    assert story.case.unit is None
    assert f"the case is not with {UNIT}" in str(
        refused(story, "reply", OF_UNIT, from_=UNIT, to=CCQ, regarding=request)
    )


def test_a_case_assigned_again_is_with_the_later_unit_only() -> None:
    story, request, first = assigned()
    story.sent_and_signed("assignment", to=OTHER_UNIT, regarding=first)
    for kind, fields in (("reply", {}), ("extension", {"due": date(2026, 5, 8)}), ("return", {})):
        error = refused(story, kind, OF_UNIT, from_=UNIT, to=CCQ, regarding=request, **fields)
        assert error.rule == f"{kind}.concern"
    story.send("message", OF_UNIT, from_=UNIT, to=CCQ)
    story.send("reply", OF_UNIT, from_=OTHER_UNIT, to=CCQ, regarding=request)


def test_only_a_unit_is_assigned() -> None:
    story, request = running()
    error = refused(
        story, "assignment", Circumstances(addressee_roles=("auditor",)), to=f"{CA}/kt", regarding=request
    )
    assert (error.rule, str(error)) == (
        "assignment.to",
        f"CA cannot send this (assignment): {CA}/kt is not certified as a unit.",
    )


# extension (R19)


def test_extensions_are_refused_for_a_date_that_is_none() -> None:
    story, request = running()
    for due, why in (
        (date(2026, 4, 20), "the date in force is 2026-04-20"),
        (date(2026, 4, 17), "the date in force is 2026-04-20"),
        (date(2026, 4, 25), "2026-04-25 is a day off"),
        (date(2026, 4, 30), "2026-04-30 is a day off"),
        (date(3000, 1, 3), "too far ahead"),
    ):
        assert why in str(refused(story, "extension", REAL, regarding=request, due=due))
    late = Circumstances(calendar=CALENDAR, today=date(2026, 5, 5))
    error = refused(story, "extension", late, regarding=request, due=date(2026, 5, 4))
    assert error.sentence_vi.endswith("ngày thông báo đã qua.")


def test_an_extension_taken_back_has_announced_its_date_all_the_same() -> None:
    story, request = running()
    extension = story.send("extension", regarding=request, due=date(2026, 5, 8))
    story.withdraw(extension)
    assert story.due.due == date(2026, 5, 8)
    assert refused(story, "extension", regarding=request, due=date(2026, 5, 7)).rule == "extension.extension"


# question and answer (R9)


def test_an_answer_comes_from_who_was_asked_and_goes_to_who_asked() -> None:
    story, request, _ = assigned()
    question = story.send("question")
    assert "was not signed for yet" in str(refused(story, "answer", regarding=question))
    story.sign(question)
    assert "was put by" in str(refused(story, "answer", to=UNIT, regarding=question))
    own = story.sent_and_signed("question", from_=CA_CLERK, to=UNIT)
    for from_ in (CA_CLERK, OTHER_UNIT):
        assert refused(story, "answer", from_=from_, to=CA, regarding=own).rule == "answer.answer"
    story.send("answer", from_=UNIT, to=CA, regarding=own)
    withdrawn = story.send("question")
    story.withdraw(withdrawn)
    assert "no longer counts" in str(refused(story, "answer", regarding=withdrawn))
    story.send("answer", from_=UNIT, to=CCQ, regarding=question)
    assert "answer" not in {what for _, what in waits(story)}
    assert request in story.case.dispatches


def test_a_unit_does_not_answer_what_another_one_was_asked() -> None:
    story, _, _ = assigned()
    for kind, about in (("opinion", TOPIC), ("conference", None)):
        asked = story.sent_and_signed(kind, to=OTHER_UNIT, about=about)
        back = {"from_": UNIT, "to": CCQ, "regarding": asked}
        story.sent_and_signed("message", to=UNIT)
        assert f"was put to {OTHER_UNIT}" in str(refused(story, "answer", OF_UNIT, **back))
        assert (OTHER_UNIT, "answer") in waits(story)
        story.send("answer", OF_UNIT, **(back | {"from_": OTHER_UNIT}))
    question = story.sent_and_signed("question", to=OTHER_UNIT)
    story.send("answer", OF_UNIT, from_=UNIT, to=CCQ, regarding=question)  # the case is with it
    opinion = story.sent_and_signed("opinion", to=OTHER_UNIT, about=TOPIC)
    story.send("answer", Circumstances(roles=("clerk",)), regarding=opinion)  # for its committee


def test_who_destroyed_only_its_own_copy_still_waits_for_an_answer() -> None:
    story, _ = running()
    question = story.sent_and_signed("question")
    story.destroy(question, by=CLERK, code="ordered")
    assert (CA, "answer") in waits(story)
    story.destroy(question, code="ordered")
    assert (CA, "answer") not in waits(story)


# conference and opinions (R10, R11)


def test_a_conference_is_moved_accepted_and_minuted() -> None:
    story, _ = running()
    first = story.sent_and_signed("conference")
    second = story.sent_and_signed("conference", from_=CA_CLERK, to=CCQ, regarding=first)
    third = story.sent_and_signed("conference", regarding=second)
    story.send("answer", regarding=third)
    story.send("minutes", regarding=third)
    assert "answer" not in {what for _, what in waits(story)}


def test_everybody_asked_for_an_opinion_is_waited_for_on_its_own() -> None:
    story, _ = running()
    asked = [story.sent_and_signed("opinion", to=to, about=TOPIC) for to in (CA, UNIT, OTHER_UNIT)]
    story.send("answer", from_=UNIT, to=CCQ, regarding=asked[1])
    assert {who for who, what in waits(story) if what == "answer"} == {CA, OTHER_UNIT}


# recall (R5a)


def test_a_recall_is_agreed_to_by_destroying_and_refused_by_an_answer() -> None:
    story, _ = running()
    message = story.sent_and_signed("message")
    with pytest.raises(CaseRuleError, match="nobody asked to recall it") as caught:
        story.destroy(message)
    assert caught.value.rule == "destruction.recall"
    recall = story.sent_and_signed("recall", regarding=message)
    story.send("answer", regarding=recall)
    assert not story.case.dispatches[message].recalled
    story.destroy(message)
    assert story.case.dispatches[message].recalled
    assert "no longer counts" in str(refused(story, "recall", regarding=message))


def test_what_its_recipient_destroyed_is_not_recalled() -> None:
    story, _ = running()
    message = story.sent_and_signed("message")
    story.destroy(message, code="ordered")
    assert "is on record" in str(refused(story, "recall", regarding=message))


def test_only_the_addressee_agrees_to_a_recall() -> None:
    story, _ = running()
    message = story.sent_and_signed("message", from_=CA_CLERK, to=UNIT)
    story.send("recall", from_=CA_CLERK, to=UNIT, regarding=message)
    story.destroy(message, by=CA_CLERK)
    assert not story.case.dispatches[message].recalled
    story.destroy(message, by=UNIT)
    assert story.case.dispatches[message].recalled
    assert story.case.dispatches[message].destroyed_by == (CA, UNIT)


def test_a_clerk_does_not_destroy_what_only_a_unit_has() -> None:
    story, _ = running(to=UNIT)
    with pytest.raises(CaseRuleError, match="not the one"):
        story.act(Destruction, story.case.main or "", CA_CLERK, code="ordered")


def test_a_unit_recalls_only_what_it_sent_itself() -> None:
    story, _, _ = assigned()
    message = story.sent_and_signed("message", from_=CA_CLERK, to=CCQ)
    error = refused(story, "recall", OF_UNIT, from_=UNIT, to=CCQ, regarding=message)
    assert f"it was sent by {CA_CLERK}" in str(error)


# correction (R17)


def test_a_correction_never_shortens_and_is_agreed_to_once() -> None:
    story, request = running()
    for due, why in (
        (date(2026, 4, 17), "the date in force is 2026-04-20"),
        (date(2026, 4, 25), "2026-04-25 is a day off"),
    ):
        assert why in str(refused(story, "correction", REAL, regarding=request, due=due))
    assert "is in-province already" in str(
        refused(story, "correction", regarding=request, term="in-province")
    )
    first = story.send("correction", regarding=request, due=date(2026, 5, 8))
    back = {"from_": CA_CLERK, "to": CCQ, "due": date(2026, 5, 8)}
    second = story.send("correction", regarding=first, **back)
    assert (story.due.due, story.due.original) == (date(2026, 5, 8), date(2026, 5, 8))
    assert "signed it already" in str(refused(story, "correction", regarding=first, **back))
    assert "signed it already" in str(refused(story, "correction", regarding=second, due=date(2026, 5, 8)))
    with pytest.raises(CaseRuleError, match="has agreed to the correction"):
        story.withdraw(first)


def test_a_limit_that_both_sides_agree_on_ends_after_the_receipt() -> None:
    story, request = running(term=None)
    for due in (date(2020, 1, 6), date(2026, 3, 2)):
        error = refused(story, "correction", REAL, regarding=request, term="in-country", due=due)
        assert "after the day of the receipt" in str(error)
    story.send("correction", REAL, regarding=request, term="in-country", due=date(2026, 3, 3))


def test_a_date_before_all_calendars_is_refused_in_words() -> None:
    """Nothing that somebody sends may be an error of the program."""
    later = calendar.parse(
        calendar.compose(
            (one for one in CALENDAR.years.values() if one.year > 2026),
            (one for one in CALENDAR.days.values() if one.date.year > 2026),
        )
    )
    story, request = running()
    error = refused(
        story, "extension", Circumstances(calendar=later), regarding=request, due=date(2026, 5, 8)
    )
    assert "does not reach back to 2026" in str(error)


def agrees(story: Story, first: str) -> None:
    proposed = story.case.dispatches[first]
    story.send(
        "correction",
        from_=CA_CLERK if proposed.from_ == CLERK else CLERK,
        to=proposed.from_.partition("/")[0],
        regarding=first,
        term=proposed.term,
        due=proposed.due,
    )


def test_corrections_that_cross_leave_nobody_to_wait_for_what_is_in_force() -> None:
    story, request = running()
    ours = story.sent_and_signed("correction", regarding=request, term="in-country")
    theirs = story.sent_and_signed("correction", from_=CA_CLERK, to=CCQ, regarding=request, term="in-country")
    other = story.sent_and_signed("correction", from_=CA_CLERK, to=CCQ, regarding=request, term="foreign")
    assert {(CA, "agree"), (CCQ, "agree")} <= waits(story)
    agrees(story, ours)
    waited = {one.dispatch for one in waiting(story.case, story.profile) if one.what == "agree"}
    assert (waited, theirs in waited) == ({other}, False)
    agrees(story, other)
    assert (story.case.term, story.due.due) == ("foreign", date(2026, 6, 1))


def test_nobody_is_waited_for_to_agree_to_what_can_be_agreed_to_no_more() -> None:
    story, request = running()
    dated = story.sent_and_signed("correction", regarding=request, due=date(2026, 4, 24))
    assert (CA, "agree") in waits(story)
    story.send("extension", regarding=request, due=date(2026, 5, 8))  # the date in force lies beyond
    assert (CA, "agree") not in waits(story)
    with pytest.raises(CaseRuleError, match="the date in force is 2026-05-08"):
        agrees(story, dated)
    story.sent_and_signed("correction", regarding=request, term="in-country")
    assert (CA, "agree") in waits(story)
    story.send("reply", regarding=request)
    story.send("closing")
    assert (CA, "agree") not in waits(story)


def test_a_correction_proposed_for_an_earlier_request_corrects_no_later_one() -> None:
    story, request = running()
    first = story.sent_and_signed("correction", from_=CA_CLERK, to=CCQ, regarding=request, term="foreign")
    story.open(request, "faulty", "payload")
    story.void(request)
    story.sent_and_signed("request", term="in-country")
    assert (CCQ, "agree") not in waits(story)
    with pytest.raises(CaseRuleError, match="for an earlier request"):
        agrees(story, first)
    assert story.case.term == "in-country"


def test_both_sides_can_give_a_term_to_a_request_that_had_none() -> None:
    story, request = running(term=None)
    assert "right term" in str(refused(story, "correction", regarding=request, due=date(2026, 5, 8)))
    first = story.send("correction", regarding=request, term="foreign")
    story.send("correction", from_=CA_CLERK, to=CCQ, regarding=first, term="foreign")
    assert (story.due.due, story.due.because, story.due.replaces) == (date(2026, 6, 1), "correction", None)


# difficulty, report, auditors (R23, R25)


def test_a_unit_begins_a_case_with_a_difficulty_or_a_message_and_with_nothing_else() -> None:
    for kind in ("difficulty", "message"):
        story = Story()
        story.send(kind, OF_UNIT, from_=UNIT, to=CA)
        assert story.case.phase is Phase.EXCHANGE
        story.send("message", OF_UNIT, from_=UNIT, to=CCQ)
    for kind in ("notice", "note", "conference", "opinion"):
        assert refused(Story(), kind, OF_UNIT, from_=UNIT, to=CCQ, about=TOPIC).rule == f"{kind}.concern"


@pytest.mark.parametrize("to", [AUDITOR, f"{CA}/kiem-tra", CA, APPROVER])
def test_a_report_goes_to_an_auditor_of_either_committee(to: str) -> None:
    roles = ("approver",) if to == APPROVER else ("auditor",)
    story = Story()
    report = story.sent_and_signed("report", circumstances=Circumstances(addressee_roles=roles), to=to)
    story.send("report", to=to, regarding=report)
    assert story.case.phase is Phase.EXCHANGE
    assert refused(Story(), "report", Circumstances(addressee_roles=("unit",)), to=UNIT).rule == "report.to"


def test_an_auditor_is_sent_no_dossier_and_talks_where_it_was_sent_something() -> None:
    story, request = running()
    auditor = Circumstances(addressee_roles=("auditor",))
    there = {"to": f"{CA}/kiem-tra"}
    for kind, fields in (
        ("request", {"regarding": request, "term": "in-province"}),
        ("supplement", {"regarding": request}),
        ("question", {}),
        ("closing", {}),
        ("notice", {}),
    ):
        assert refused(story, kind, auditor, **there, **fields).rule == f"{kind}.to"
    report = Story()
    report.sent_and_signed("report", to=AUDITOR)
    report.send("message", OF_AUDITOR, from_=AUDITOR, to=CCQ)
    assert refused(story, "message", OF_AUDITOR, from_=AUDITOR, to=CCQ).rule == "message.concern"
    assert refused(report, "question", OF_AUDITOR, from_=AUDITOR, to=CCQ).rule == "question.sender"


# closing (R14)


def test_a_late_reply_is_still_taken_after_the_closing() -> None:
    story, request = running()
    story.send("closing")
    assert refused(story, "extension", regarding=request, due=date(2026, 5, 8)).sentence_vi.endswith(
        "việc đã kết thúc ngày 02/03/2026."
    )
    reply = story.send("reply", regarding=request)
    assert story.case.phase is Phase.CLOSED
    assert story.case.stopped is not None
    assert story.case.stopped.dispatch == reply


def test_nothing_unsigned_is_closed() -> None:
    story = Story()
    story.send("request", term="in-province")
    assert "nobody has signed for it yet" in str(refused(story, "closing"))


# every procedure


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("supplement", {}),
        ("reply", {}),
        ("interim", {}),
        ("extension", {"due": date(2026, 5, 8)}),
        ("return", {}),
        ("assignment", {"to": UNIT}),
        ("correction", {"term": "foreign"}),
        ("question", {"regarding": None}),
        ("conference", {"regarding": None}),
        ("opinion", {"regarding": None, "about": TOPIC}),
        ("closing", {"regarding": None}),
    ],
)
def test_in_the_wrong_state_the_reason_names_it(kind: str, fields: dict[str, object]) -> None:
    story = Story()
    request = story.send("request", term="in-province")
    error = refused(story, kind, **{"regarding": request, **fields})
    assert error.rule == f"{kind}.phase"
    assert "nobody has signed for it yet" in str(error)
    assert error.sentence_vi.endswith("chưa có ai ký nhận.")


@pytest.mark.parametrize("kind", ["request", "supplement", "closing", "report"])
def test_the_wrong_party_is_told_so(kind: str) -> None:
    story, request = running()
    error = refused(story, kind, from_=CA_CLERK, to=CCQ, regarding=request)
    assert error.rule == f"{kind}.sender"
    assert error.sentence_vi.endswith("đây là việc của bên kia.")


def test_acts_on_a_dispatch_name_their_rule_in_both_languages() -> None:
    story = Story()
    request = story.send("request")
    story.withdraw(request)
    with pytest.raises(CaseRuleError) as caught:
        story.act(Receipt, request, None)
    assert (caught.value.rule, str(caught.value), caught.value.sentence_vi) == (
        "receipt.state",
        "No receipt now: it was withdrawn.",
        "Không ký nhận được: bì đã được lấy lại.",
    )


def test_a_long_case_folds_about_as_fast_as_a_short_one() -> None:
    """Per statement, in processor time: a case of 8,000 entries against one of 400."""

    def cost(messages: int) -> float:
        story, _ = running()
        for _ in range(messages):
            story.send("message")
        best = float("inf")
        for _ in range(3):
            began = time.process_time()
            fold(story.log, story.profile, story.calendars)
            best = min(best, time.process_time() - began)
        return best / len(story.log)

    assert cost(4_000) < 6 * cost(200)
