"""Every rule marked [P] is a setting of the profile: what the protocol does under each value."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec import structs
from tests.protocol.story import CA, CA_APPROVER, CA_CLERK, CALENDAR, CCQ, CLERK, UNIT, Story, agreement, vn

from kynhan_protocol.agreement.profile import Profile
from kynhan_protocol.case import duties
from kynhan_protocol.case.case_json import to_json
from kynhan_protocol.case.kinds import Phase
from kynhan_protocol.case.status import status
from kynhan_protocol.case.waiting import waiting
from kynhan_protocol.errors import CaseRuleError


def agreed(*, standing: dict[str, int] | None = None, **settings: object) -> Profile:
    """The default profile with other settings."""
    made = agreement()
    return structs.replace(
        made,
        settings=structs.replace(made.settings, **settings),
        standing=structs.replace(made.standing, **(standing or {})),
    )


def running(profile: Profile, term: str | None = "in-province", **fields: object) -> tuple[Story, str]:
    story = Story(profile=profile)
    return story, story.sent_and_signed("request", term=term, **fields)


def refusal(story: Story, kind: str, **fields: object) -> CaseRuleError:
    with pytest.raises(CaseRuleError) as caught:
        story.send(kind, **fields)
    return caught.value


def test_interim_information_stops_the_clock_only_where_agreed() -> None:
    for stops in (False, True):
        story, request = running(agreed(interim_stops_clock=stops))
        copy = story.send("interim", from_=CA_CLERK, to=CA, regarding=request)
        assert story.case.dispatches[copy].part == "copy"
        assert story.case.clock_runs
        interim = story.send("interim", from_=CA_CLERK, to=CCQ, regarding=request)
        assert story.case.clock_runs is not stops
        assert (story.case.stopped is not None) is stops
        story.withdraw(interim)
        assert story.case.clock_runs


def test_returns_are_refused_where_the_two_sides_do_not_know_them() -> None:
    story, request = running(agreed(return_for_completion=False))
    error = refusal(story, "return", regarding=request)
    assert (error.rule, str(error)) == (
        "return.setting",
        "CA cannot send this (return for completion): the profile does not know returns.",
    )
    assert "không trả lại hồ sơ" in error.sentence_vi
    assert duties.last_day_to_return(story.case, story.profile, CALENDAR) is None


def test_a_return_restarts_the_clock_only_where_agreed() -> None:
    for restarts in (False, True):
        story, request = running(agreed(return_restarts_clock=restarts))
        returned = story.sent_and_signed("return", regarding=request)
        assert story.case.clock_runs is not restarts
        story.pass_to(vn(2026, 3, 5))
        story.sent_and_signed("supplement", regarding=returned)
        assert (story.case.phase, len(story.case.clocks)) == (Phase.RUNNING, 2 if restarts else 1)
        assert story.due.due == (date(2026, 4, 23) if restarts else date(2026, 4, 20))


@pytest.mark.parametrize(("within", "late"), [(0, True), (5, False)])
def test_how_long_a_return_may_take_is_agreed(within: int, late: bool) -> None:
    story, request = running(structs.replace(agreement(), return_within=within))
    last = duties.last_day_to_return(story.case, story.profile, CALENDAR)
    assert last == (date(2026, 3, 2) if within == 0 else date(2026, 3, 9))
    story.pass_to(vn(2026, 3, 3))
    returned = story.send("return", regarding=request)
    assert story.case.dispatches[returned].late is late


def test_an_extension_without_a_date_moves_nothing() -> None:
    story, request = running(agreed(extension_names_date=False))
    before = story.due
    story.sent_and_signed("extension", regarding=request)
    assert (story.due, story.case.need) == (before, None)
    story.send("extension", regarding=request, due=date(2026, 5, 8))
    assert story.due.due == date(2026, 5, 8)
    usual, first = running(agreement())
    assert refusal(usual, "extension", regarding=first).rule == "extension.due"


def test_a_unit_answers_through_its_committee_where_agreed() -> None:
    story, request = running(agreed(unit_replies_directly=False))
    story.sent_and_signed("assignment", to=UNIT, regarding=request)
    for kind, fields in (
        ("reply", {}),
        ("interim", {}),
        ("extension", {"due": date(2026, 5, 8)}),
        ("return", {}),
    ):
        error = refusal(story, kind, from_=UNIT, to=CCQ, regarding=request, **fields)
        assert error.rule == f"{kind}.setting"
        assert "its own committee" in str(error)
    to = duties.reply_goes_to(story.case, UNIT, story.profile)
    assert to == CA
    own = story.sent_and_signed("reply", from_=UNIT, to=to, regarding=request)
    assert (story.case.dispatches[own].part, story.case.stopped) == ("copy", None)
    assert duties.reply_goes_to(story.case, CA_CLERK, story.profile) == CCQ
    story.send("reply", regarding=request)
    assert story.case.phase is Phase.ANSWERED


def test_one_signature_corrects_a_term_where_agreed() -> None:
    story, request = running(agreed(correction_by_both=False))
    correction = story.sent_and_signed("correction", regarding=request, term="in-country")
    assert (story.case.term, story.due.due, story.due.basis) == (
        "in-country",
        date(2026, 5, 7),
        correction,
    )
    assert "agree" not in {one.what for one in waiting(story.case, story.profile)}
    assert story.case.objections == ()
    later = {"from_": CA_CLERK, "to": CCQ, "regarding": correction}
    assert "in-country already" in str(refusal(story, "correction", term="in-country", **later))
    story.send("correction", term="foreign", **later)
    assert (story.case.term, story.due.due) == ("foreign", date(2026, 6, 1))


def test_documents_are_destroyed_for_their_age_only_after_the_years_agreed() -> None:
    story, request = running(agreement())
    with pytest.raises(CaseRuleError, match="until a destruction is ordered") as caught:
        story.destroy(request, code="retention")
    assert caught.value.rule == "destruction.retention"
    assert "chỉ tiêu hủy khi có lệnh" in caught.value.sentence_vi
    story.destroy(request, code="ordered")
    story, request = running(agreed(retention_years=10))
    story.pass_to(vn(2036, 3, 1))
    with pytest.raises(CaseRuleError, match="kept for 10 years"):
        story.destroy(request, code="retention")
    story.pass_to(vn(2036, 3, 2))
    story.destroy(request, code="retention")
    assert story.case.dispatches[request].destroyed_by == (CA,)
    assert story.case.objections == ()


def test_a_package_of_a_29_february_is_kept_to_1_march() -> None:
    story = Story(now=vn(2028, 2, 29), profile=agreed(retention_years=1))
    request = story.sent_and_signed("request")
    story.pass_to(vn(2029, 2, 28))
    with pytest.raises(CaseRuleError):
        story.destroy(request, code="retention")
    story.pass_to(vn(2029, 3, 1))
    story.destroy(request, code="retention")


def test_how_long_a_package_may_wait_to_be_signed_for_is_agreed() -> None:
    """By the next working day, urgent ones at once, unless the two sides say otherwise."""
    moments = [vn(2026, 3, 6, 10), vn(2026, 3, 9, 23), vn(2026, 3, 10, 0), vn(2026, 3, 11, 0)]
    for urgency, days, hours, late in (
        (None, 1, 0, [False, False, True, True]),
        (None, 2, 0, [False, False, False, True]),
        ("hoa-toc", 1, 0, [True, True, True, True]),
        ("khan", 1, 4, [False, True, True, True]),
        ("khan", 1, 720, [False, False, True, True]),
    ):
        made = agreement()
        unsigned = structs.replace(made.reminders.unsigned, after_working_days=days, urgent_hours=hours)
        made = structs.replace(made, reminders=structs.replace(made.reminders, unsigned=unsigned))
        story = Story(now=vn(2026, 3, 6), profile=made)  # a Friday
        story.send("request", term="in-province", urgency=urgency)
        found = [status(story.case, when, CALENDAR, made).code == "unsigned-overdue" for when in moments]
        assert found == late, (urgency, days, hours)


def test_soon_and_long_overdue_are_as_agreed() -> None:
    for soon, when, code in (
        (5, vn(2026, 4, 10), "within"),  # six working days before the 20th
        (6, vn(2026, 4, 10), "soon"),
        (1, vn(2026, 4, 16), "within"),
        (1, vn(2026, 4, 17), "soon"),
    ):
        story, _ = running(agreed(standing={"soon": soon}))
        assert status(story.case, when, CALENDAR, story.profile).code == code, (soon, when)
    for limit, code in ((20, "overdue"), (3, "long-overdue")):
        story, _ = running(agreed(standing={"long_overdue": limit}))
        assert status(story.case, vn(2026, 4, 24), CALENDAR, story.profile).code == code


def test_the_90th_day_itself_is_shown_where_agreed() -> None:
    for shown in (True, False):
        story, _ = running(agreed(show_unrolled_date=shown), "foreign")
        assert (story.due.due, story.due.unrolled) == (date(2026, 6, 1), date(2026, 5, 31))
        document = to_json(story.case, story.profile)
        assert document.get("unrolled_due") == ("2026-05-31" if shown else None)
    story, _ = running(structs.replace(agreement(), roll_foreign=False), "foreign")
    assert (story.due.due, story.due.unrolled) == (date(2026, 5, 31), None)
    story, _ = running(agreement())
    assert story.due.unrolled is None


def test_which_copies_a_letter_needs() -> None:
    usual, other = agreement(), agreed(copy_to_clerk=True, copy_reply_to_committee=False)
    assert duties.copies_to("request", CLERK, UNIT, usual) == ()
    assert duties.copies_to("request", CLERK, UNIT, other) == (CA,)
    assert duties.copies_to("request", CLERK, CA, other) == ()
    assert duties.copies_to("reply", UNIT, CCQ, usual, by_unit=True) == (CA,)
    assert duties.copies_to("reply", CA_CLERK, CCQ, usual) == ()
    assert duties.copies_to("reply", UNIT, CA, usual, by_unit=True) == ()
    assert duties.copies_to("reply", UNIT, CCQ, other, by_unit=True) == ()
    assert duties.copies_to("message", UNIT, CCQ, usual, by_unit=True) == ()


def test_what_only_the_sealed_content_shows_is_told_to_the_client() -> None:
    assert duties.may_wish_date("opinion", agreement())
    assert not duties.may_wish_date("opinion", agreed(opinion_wish_date=False))
    assert duties.may_wish_date("request", agreed(opinion_wish_date=False))
    assert not duties.closing_carries_content(agreement())
    assert duties.closing_carries_content(agreed(closing_content=True))


def test_the_kinds_that_need_a_second_person_are_agreed() -> None:
    profile = agreement()
    story, request = running(
        structs.replace(profile, approval=structs.replace(profile.approval, kinds=("reply",)))
    )
    error = refusal(story, "reply", regarding=request)
    assert (error.rule, error.sentence_vi) == (
        "reply.approver",
        "CA không gửi được văn bản trả lời kết quả: thiếu người duyệt phát hành.",
    )
    story.send("reply", regarding=request, approver=CA_APPROVER)
    assert story.case.phase is Phase.ANSWERED
