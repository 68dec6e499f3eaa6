"""The case table: complete, without dead ends, and what it refuses, with the reason in words."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from msgspec import structs
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
    agreement,
    vn,
)

from kynhan_protocol.case import diagram
from kynhan_protocol.case.allowed import Circumstances
from kynhan_protocol.case.kinds import PHASE_LABELS, Content, Event, Phase
from kynhan_protocol.case.table import RULES
from kynhan_protocol.errors import CaseRuleError
from kynhan_protocol.statements.codes import KINDS
from kynhan_protocol.statements.statements import Decline, Opening, Receipt, Withdrawal


def test_the_table_has_every_kind_once_in_order() -> None:
    assert tuple(RULES) == KINDS
    assert all(rule.label.vi and rule.label.en for rule in RULES.values())
    assert set(PHASE_LABELS) == set(Phase)


def test_only_reply_and_closing_are_concluded() -> None:
    assert {kind for kind, rule in RULES.items() if rule.content is Content.CONCLUDED} == {"reply", "closing"}
    assert RULES["interim"].content is Content.NOT_CONCLUDED


def test_every_phase_can_be_reached_and_left() -> None:
    ways = list(diagram.edges())
    reached = {after for _, after, _ in ways} | {Phase.NEW}
    assert reached == set(Phase)
    for phase in set(Phase) - {Phase.CLOSED}:
        assert any(before is phase for before, _, _ in ways), phase


def test_every_phase_but_closed_leads_to_closed_by_what_somebody_may_do() -> None:
    """Without counting on anything being undone: by sending what the table allows there, or by acts on the package
    that carries the case, of which RECEIPT, DECLINE and WITHDRAWAL are there for as long as it is unsigned.
    """
    forward = {
        (before, after)
        for rule in RULES.values()
        for event, steps in rule.moves.items()
        for before, after in steps.items()
        if event is not Event.SENT or before in rule.phases
    }
    leading = {Phase.CLOSED}
    while more := {before for before, after in forward if after in leading} - leading:
        leading |= more
    assert leading == set(Phase)


def test_every_phase_but_new_unsigned_and_closed_can_be_closed_at_once() -> None:
    closing = RULES["closing"]
    assert closing.phases == set(Phase) - {Phase.NEW, Phase.UNSIGNED, Phase.CLOSED}
    assert closing.moves[Event.SENT] == dict.fromkeys(closing.phases, Phase.CLOSED)
    for carrier in (RULES["request"], RULES["notice"]):
        for event in (Event.RECEIVED, Event.DECLINED, Event.WITHDRAWN):
            assert carrier.moves[event][Phase.UNSIGNED] in closing.phases


def test_moves_by_sending_start_where_the_kind_is_allowed() -> None:
    for rule in RULES.values():
        assert set(rule.moves.get(Event.SENT, {})) <= rule.phases


@pytest.mark.parametrize("kind", ["message", "note", "difficulty", "notice"])
def test_talk_is_possible_in_every_phase(kind: str) -> None:
    assert RULES[kind].phases == frozenset(Phase)


def test_the_page_shows_the_table() -> None:
    page = (Path(__file__).parents[3] / "docs" / "spec" / "cases.md").read_text("utf-8")
    begin, end = "<!-- generated: python -m kynhan_protocol.case.diagram -->\n", "<!-- end of generated -->"
    assert page.partition(begin)[2].partition(end)[0] == diagram.document()


def _running() -> tuple[Story, str]:
    story = Story()
    return story, story.sent_and_signed("request", term="in-province")


def _refused(
    story: Story, kind: str, circumstances: Circumstances | None = None, **fields: object
) -> CaseRuleError:
    before = len(story.log)
    with pytest.raises(CaseRuleError) as caught:
        story.send(kind, circumstances or Circumstances(), **fields)
    assert len(story.log) == before
    assert caught.value.code == "not-now"
    return caught.value


def test_an_extension_after_the_reply_is_refused_with_its_date() -> None:
    story, request = _running()
    story.pass_to(vn(2026, 3, 20))
    story.send("reply", regarding=request)
    error = _refused(story, "extension", regarding=request, due=date(2026, 6, 1))
    assert str(error) == "CA cannot send this (extension notice): the reply was given on 2026-03-20."
    assert error.sentence_vi == (
        "CA không gửi được thông báo gia hạn thời gian trả lời: đã có văn bản trả lời ngày 20/03/2026."
    )
    assert error.rule == "extension.phase"


@pytest.mark.parametrize("kind", ["reply", "return", "extension", "supplement", "question", "correction"])
def test_nothing_follows_a_request_that_nobody_signed_for(kind: str) -> None:
    story = Story()
    request = story.send("request", term="in-province")
    error = _refused(story, kind, regarding=request)
    assert "nobody has signed for it yet" in str(error)


@pytest.mark.parametrize("kind", sorted(kind for kind, rule in RULES.items() if not rule.opens))
def test_kinds_that_need_a_case_do_not_begin_one(kind: str) -> None:
    to = {"to": UNIT} if kind == "assignment" else {}
    assert "no such case" in str(_refused(Story(), kind, **to))


@pytest.mark.parametrize("kind", ["request", "supplement", "closing", "report"])
def test_the_responding_committee_does_not_send_the_requesting_ones_kinds(kind: str) -> None:
    story, request = _running()
    assert _refused(story, kind, from_=CA_CLERK, to=CCQ, regarding=request).rule == f"{kind}.sender"


@pytest.mark.parametrize("kind", ["reply", "interim", "extension", "return", "assignment"])
def test_the_requesting_committee_does_not_send_the_responding_ones_kinds(kind: str) -> None:
    story, request = _running()
    assert _refused(story, kind, from_=CLERK, to=CA, regarding=request).rule == f"{kind}.sender"


def test_only_the_unit_that_has_the_case_answers_it() -> None:
    story, request = _running()
    story.sent_and_signed("assignment", to=UNIT, regarding=request)
    unit = Circumstances(roles=("unit",))
    error = _refused(story, "reply", unit, from_=OTHER_UNIT, regarding=request)
    assert f"the case is not with {OTHER_UNIT}" in str(error)
    story.send("reply", unit, from_=UNIT, regarding=request)
    assert story.case.phase is Phase.ANSWERED


def test_roles_that_may_not_send_are_refused() -> None:
    story, _ = _running()
    assert _refused(story, "message", Circumstances(roles=("witness",))).rule == "message.sender"
    assert _refused(story, "question", Circumstances(roles=("auditor",))).rule == "question.sender"


def test_addressees_are_those_of_the_table() -> None:
    story, request = _running()
    assert _refused(story, "assignment", to=CCQ, regarding=request).rule == "assignment.to"
    assert _refused(story, "request", to=CCQ).rule == "request.to"
    assert _refused(story, "message", to="other.example").rule == "message.to"
    assert _refused(story, "message", to=CLERK).rule == "message.to"
    nobody = Circumstances(addressee_roles=("clerk",))
    assert _refused(story, "assignment", nobody, to=UNIT, regarding=request).rule == "assignment.to"


def test_fields_that_a_kind_needs_or_does_not_know() -> None:
    story, request = _running()
    assert _refused(story, "extension", regarding=request).rule == "extension.due"
    assert _refused(story, "message", due=date(2026, 6, 1)).rule == "message.due"
    assert _refused(story, "reply", term="foreign", regarding=request).rule == "reply.term"
    assert _refused(story, "reply").rule == "reply.regarding"
    assert _refused(story, "opinion", about=None).rule == "opinion.about"
    assert _refused(story, "reply", regarding="0" * 64).rule == "reply.regarding"
    message = story.send("message")
    assert "it cannot regard a message" in str(_refused(story, "reply", regarding=message))


def test_extensions_lead_to_a_later_working_day_that_has_not_passed() -> None:
    story, request = _running()
    assert story.due.due == date(2026, 4, 20)
    real = Circumstances(calendar=CALENDAR, today=date(2026, 5, 5))
    assert "the date in force is 2026-04-20" in str(
        _refused(story, "extension", real, regarding=request, due=date(2026, 4, 20))
    )
    assert "has passed" in str(_refused(story, "extension", real, regarding=request, due=date(2026, 5, 4)))
    assert "is a day off" in str(_refused(story, "extension", real, regarding=request, due=date(2026, 5, 9)))
    story.send("extension", real, regarding=request, due=date(2026, 5, 8))


def test_a_date_that_leads_out_of_the_calendar_is_refused() -> None:
    story, request = _running()
    for due in (date(3000, 1, 1), date.max):
        assert _refused(story, "extension", regarding=request, due=due).rule == "extension.due"
        assert _refused(story, "correction", regarding=request, due=due).rule == "correction.due"
    story.send("extension", regarding=request, due=date(2999, 12, 31))


def test_a_term_that_the_profile_lacks_is_refused_before_it_is_signed_for() -> None:
    profile = structs.replace(
        agreement(), terms=tuple(one for one in agreement().terms if one.code != "foreign")
    )
    story = Story(profile=profile)
    assert _refused(story, "request", term="foreign").rule == "request.term"
    story.send("request", term="in-country")


def test_a_case_without_term_has_nothing_to_extend() -> None:
    story = Story()
    request = story.sent_and_signed("request")
    error = _refused(story, "extension", regarding=request, due=date(2026, 6, 1))
    assert "no time limit" in str(error)


def test_a_standing_request_is_repeated_only_for_another_addressee() -> None:
    story = Story()
    request = story.send("request", term="in-province", to=UNIT)
    assert "signed for" in str(_refused(story, "request"))
    assert "already sent" in str(_refused(story, "request", to=UNIT, regarding=request))
    copy = story.send("request", to=CA, regarding=request, term="in-province")
    assert story.case.dispatches[copy].part == "copy"
    assert story.case.main == request


def test_a_recall_is_for_what_was_signed_for_and_by_its_sender() -> None:
    story, request = _running()
    message = story.send("message")
    assert "withdrawn" in str(_refused(story, "recall", regarding=message))
    assert "only its sender" in str(_refused(story, "recall", from_=CA_CLERK, to=CA, regarding=request))
    assert f"sent to {CA}" in str(_refused(story, "recall", to=UNIT, regarding=request))
    story.send("recall", regarding=request)


def test_an_answer_comes_from_who_was_asked() -> None:
    story, _ = _running()
    question = story.sent_and_signed("question")
    assert "not put to this side" in str(_refused(story, "answer", from_=CLERK, to=CA, regarding=question))
    story.send("answer", regarding=question)


def test_a_correction_needs_the_other_side_and_the_same_words() -> None:
    story, request = _running()
    assert "right term" in str(_refused(story, "correction", regarding=request))
    first = story.send("correction", regarding=request, term="in-country")
    assert "other side" in str(_refused(story, "correction", regarding=first, term="in-country"))
    back = {"from_": CA_CLERK, "to": CCQ, "regarding": first}
    assert "differs" in str(_refused(story, "correction", term="foreign", **back))
    story.send("correction", term="in-country", **back)


def test_drafts_stay_inside_one_committee() -> None:
    assert _refused(Story(), "draft", to=APPROVER).rule == "draft.log"


def test_profile_settings_are_kept() -> None:
    story, request = _running()
    assert _refused(story, "message", profile="0" * 64).rule == "message.profile"
    profile = agreement()
    story.profile = structs.replace(
        profile,
        approval=structs.replace(profile.approval, kinds=("reply",)),
        settings=structs.replace(profile.settings, return_for_completion=False),
    )
    assert _refused(story, "return", regarding=request).rule == "return.setting"
    assert _refused(story, "reply", regarding=request).rule == "reply.approver"
    story.send("reply", regarding=request, approver="cand.example/lanh-dao")


def test_per_dispatch_the_first_of_receipt_decline_and_withdrawal_wins() -> None:
    for first in ("sign", "decline", "withdraw"):
        story = Story()
        request = story.send("request")
        getattr(story, first)(request)
        for kind, by in ((Receipt, None), (Decline, None), (Withdrawal, CLERK)):
            with pytest.raises(CaseRuleError, match=r"it was (signed for|declined|withdrawn)"):
                story.act(kind, request, by, **({} if kind is Receipt else {"code": "other"}))


def test_acts_are_for_the_side_they_belong_to() -> None:
    story = Story()
    request = story.send("request", to=UNIT)
    for kind, by in ((Receipt, CA_CLERK), (Receipt, CLERK), (Withdrawal, UNIT)):
        with pytest.raises(CaseRuleError, match="not the one"):
            story.act(kind, request, by, **({} if kind is Receipt else {"code": "other"}))
    with pytest.raises(CaseRuleError, match="no such dispatch"):
        story.act(Receipt, "0" * 64, UNIT)


def test_an_opening_follows_the_receipt_and_only_undelivered_is_replaced() -> None:
    story = Story()
    request = story.send("request")
    with pytest.raises(CaseRuleError, match="nobody signed"):
        story.open(request)
    story.sign(request)
    story.open(request, "undelivered")
    story.open(request, "verified")
    with pytest.raises(CaseRuleError, match="already on record"):
        story.act(Opening, request, None, manifest=None, result="faulty", code="payload")


def test_an_opinion_round_asks_several_under_one_topic() -> None:
    story, _ = _running()
    for to in (UNIT, OTHER_UNIT):
        story.send("opinion", to=to, about=TOPIC)
    assert len(list(story.case.standing("opinion"))) == 2
