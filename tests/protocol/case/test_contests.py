"""What is shown, reminded of and told while a package is said to be faulty (DESIGN §3.5)."""

from __future__ import annotations

import pytest
from tests.protocol.story import CALENDAR, CCQ, Story, vn

from kynhan_protocol.agreement.ladder import order_of
from kynhan_protocol.case import case_json, reminding
from kynhan_protocol.case.notice_text import date_line, headline, notice_of
from kynhan_protocol.case.reminding import Audience, ReminderDraft
from kynhan_protocol.case.status import timeliness
from kynhan_protocol.case.waiting import waiting
from kynhan_protocol.errors import CaseRuleError


def contested(kind: str = "request") -> tuple[Story, str]:
    """A case whose request, or reply, was said to be faulty on Tuesday 3 March; the story, and what is contested."""
    story = Story(now=vn(2026, 3, 2))
    request = story.sent_and_signed("request", term="in-province")
    story.pass_to(vn(2026, 3, 3))
    said = request if kind == "request" else story.sent_and_signed("reply", regarding=request)
    story.open(said, "faulty", "payload")
    return story, said


def due_now(story: Story) -> list[ReminderDraft]:
    return list(reminding.plan(story.case, story.now, story.profile, CALENDAR).now)


def test_the_sender_is_reminded_and_nobody_of_the_date() -> None:
    story, request = contested()
    story.pass_to(vn(2026, 3, 5))
    (draft,) = due_now(story)
    assert (draft.step, draft.due, draft.audience) == ("unsigned+3", request, (Audience(CCQ, "clerk"),))
    story.remind(draft)
    assert due_now(story) == []
    story.pass_to(vn(2026, 5, 4))  # the date has passed
    assert [one.due for one in due_now(story)] == [request]
    story.open(request)  # taken back: the date is reminded of again
    assert [one.due for one in due_now(story)] == [story.due.id]
    assert story.case.objections == ()


@pytest.mark.parametrize("kind", ["request", "reply"])
def test_the_json_names_it_and_says_nothing_of_time(kind: str) -> None:
    story, said = contested(kind)
    told = case_json.to_json(story.case, story.profile, story.now, CALENDAR)
    assert (told["contested"], told["status"]["vi"], told["timeliness"]) == (said, "đang báo lỗi bì", None)
    assert told["dispatches"][said]["admissible"] is True
    assert timeliness(story.case) is None
    assert "resend" in [one.what for one in waiting(story.case, story.profile) if one.dispatch == said]
    story.open(said)
    told = case_json.to_json(story.case, story.profile, story.now, CALENDAR)
    assert "contested" not in told
    assert "admits" not in told["dispatches"][said]


def test_only_verified_follows_faulty_and_only_while_it_is_contested() -> None:
    story, request = contested()
    for result, code in (("faulty", "manifest"), ("undelivered", None)):
        with pytest.raises(CaseRuleError) as refused:
            story.open(request, result, code)
        assert refused.value.rule == "opening.state"
    again = story.send("request", term="in-province", regarding=request)
    with pytest.raises(CaseRuleError) as refused:
        story.open(request)
    assert refused.value.rule == "opening.admitted"
    assert story.case.dispatches[again].admits == request
    story.withdraw(again)
    story.open(request)
    with pytest.raises(CaseRuleError):
        story.open(request, "faulty", "payload")


def test_a_reminder_tells_what_became_of_the_package() -> None:
    story, request = contested()
    notice = notice_of(story.case, "unsigned+3", request)
    assert (notice.step, order_of(notice.step), notice.unsigned) == ("contested+3", 3, True)
    assert headline(notice).vi.endswith("bì gửi 3 ngày làm việc trước đang bị báo lỗi")
    on = date_line(notice)
    assert on is not None
    assert on.en.startswith("Sent on:")


def test_what_was_set_aside_is_forgotten_once_somebody_signed_for_what_was_sent_again() -> None:
    story, request = contested()
    before = story.due
    again = story.send("request", term="in-province", regarding=request)
    assert story.case.aside is not None
    assert story.case.aside.due == before
    story.sign(again)
    assert story.case.aside is None
    assert story.due.replaces is None


def test_another_term_or_addressee_admits_nothing() -> None:
    story, request = contested()
    for fields in ({"term": "foreign"}, {"term": None}):
        with pytest.raises(CaseRuleError):
            story.send("request", regarding=request, **fields)
    assert story.case.dispatches[request].is_contested
