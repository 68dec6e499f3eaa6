"""A pause ends (DESIGN §3.5): who may do what while a returned dossier waits, and what it does to the date."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs
from tests.protocol.case.test_calendar_changes import changed, off
from tests.protocol.story import CA, CA_CLERK, CALENDAR, CCQ, RELAY, Story, agreement, vn

from kynhan_keys.vkeys import Signer
from kynhan_protocol.agreement.profile import Completion, Profile
from kynhan_protocol.case import dates, reminding
from kynhan_protocol.case.case_json import dump, load
from kynhan_protocol.case.dues import DueDraft, explanation
from kynhan_protocol.case.duties import last_day_to_return
from kynhan_protocol.case.kinds import Phase
from kynhan_protocol.case.notice_text import step_as_told
from kynhan_protocol.case.reminding import Audience
from kynhan_protocol.case.status import status, timeliness
from kynhan_protocol.errors import CaseRuleError
from kynhan_protocol.statements.chains import Chain
from kynhan_protocol.statements.committees import Committees
from kynhan_protocol.statements.logged import Logged
from kynhan_protocol.statements.statements import Acceptance, Membership
from kynhan_protocol.vietnam_time import local_date, midnight_after

FIRST = date(2026, 4, 20)  # 35 working days after Monday 2 March
HOUR = timedelta(hours=1)


IN_TIME = vn(2026, 3, 4)


def returned(at: datetime = IN_TIME, profile: Profile | None = None) -> tuple[Story, str, str]:
    """A request signed for on Monday 2 March, returned `at`, in time; the story, the request, the return."""
    story = Story(profile=profile or agreement())
    request = story.sent_and_signed("request", term="in-province")
    assert story.due.due == FIRST
    story.pass_to(at)
    back = story.sent_and_signed("return", regarding=request)
    assert story.case.paused is not None
    return story, request, back


def after(day: date, working_days: int) -> date:
    return CALENDAR.add_working_days(day, working_days)


def end_of(day: date) -> datetime:
    return midnight_after(day)


def as_if_received(story: Story, day: date) -> None:
    """The term runs anew as if the supplement had been received on `day`, and the relay's DUE says so."""
    assert story.case.phase is Phase.RUNNING
    assert story.case.paused is None
    assert (story.due.due, story.due.because) == (after(day, 35), "return")
    assert story.due.id is not None
    assert story.case.objections == ()
    assert story.folded_again() == story.case


def test_signed_in_time_the_term_starts_at_the_handover() -> None:
    story, _, back = returned()
    story.pass_to(vn(2026, 3, 9))
    supplement = story.send("supplement", regarding=back)
    story.pass_to(end_of(date(2026, 3, 10)) - timedelta(seconds=1))
    story.sign(supplement)
    as_if_received(story, date(2026, 3, 10))
    assert story.case.clock is not None
    assert story.due.start == story.case.dispatches[supplement].handover


@pytest.mark.parametrize(
    ("sent", "last"),
    [
        (vn(2026, 3, 9), date(2026, 3, 10)),
        (vn(2026, 3, 6, 17), date(2026, 3, 9)),  # a Friday
        (vn(2026, 3, 7), date(2026, 3, 9)),  # a Saturday
    ],
)
@pytest.mark.parametrize("urgency", [None, "hoa-toc"])
def test_never_signed_for_it_starts_as_if_received_at_the_end_of_the_next_working_day(
    sent: datetime, last: date, urgency: str | None
) -> None:
    story, _, back = returned()
    start = story.due.start
    story.pass_to(sent)
    supplement = story.send("supplement", regarding=back, urgency=urgency)
    story.pass_to(end_of(last) - timedelta(seconds=1))
    story.tick()
    assert story.case.paused is not None
    story.pass_to(end_of(last))
    story.tick()
    as_if_received(story, last)
    assert (story.due.dispatch, story.due.start, story.due.basis) == (supplement, start, back)
    before = story.due
    story.pass_to(story.now + timedelta(days=3))
    story.sign(supplement)  # a later RECEIPT changes nothing
    assert story.due == before
    assert story.case.objections == ()


def test_over_tet() -> None:
    story = Story(now=vn(2026, 2, 9))
    request = story.sent_and_signed("request", term="in-province")
    back = story.send("return", regarding=request)
    story.pass_to(vn(2026, 2, 13, 16))  # the Friday before
    story.send("supplement", regarding=back)
    last = CALENDAR.next_working_day(date(2026, 2, 13))
    assert last == date(2026, 2, 23)
    story.pass_to(end_of(last) - HOUR)
    story.tick()
    assert story.case.paused is not None
    story.pass_to(end_of(last))
    story.tick()
    as_if_received(story, last)


def test_declined_in_time_the_pause_goes_on_until_the_next_supplement() -> None:
    story, _, back = returned()
    supplement = story.send("supplement", regarding=back)
    story.decline(supplement)
    story.pass_to(vn(2026, 3, 20))
    story.tick()
    assert story.case.paused is not None
    assert story.due.due == FIRST
    story.send("supplement", regarding=back)
    story.pass_to(vn(2026, 3, 26))
    story.tick()
    as_if_received(story, date(2026, 3, 23))


def test_declined_too_late_changes_nothing() -> None:
    story, _, back = returned()
    supplement = story.send("supplement", regarding=back)
    story.pass_to(vn(2026, 3, 9))
    story.decline(supplement)
    as_if_received(story, date(2026, 3, 5))


def test_a_completion_that_the_relay_dates_before_any_calendar_ends_no_pause() -> None:
    story, _, back = returned()
    today, story.now = story.now, vn(2010, 6, 1)  # its clock ran backwards, or it lies
    sent = story.log_it(story.dispatch("supplement", regarding=back))
    story.log_it(Acceptance(of=sent.id, relay=RELAY, time=story.now, nonce=bytes(16)))
    story.now = today + timedelta(days=20)
    story.log_it(story.dispatch("message"))
    assert story.case.paused is not None
    assert story.due.due == FIRST
    assert story.folded_again() == story.case


def test_withdrawn_after_the_pause_ended_the_case_waits_again() -> None:
    story, _, back = returned()
    supplement = story.send("supplement", regarding=back)
    story.pass_to(vn(2026, 3, 9))
    story.tick()
    as_if_received(story, date(2026, 3, 5))
    story.withdraw(supplement)
    assert story.case.phase is Phase.RETURNED
    assert story.case.paused is not None
    story.send("supplement", regarding=back)
    story.pass_to(vn(2026, 3, 12))
    story.tick()
    as_if_received(story, date(2026, 3, 10))


def test_one_return_a_request_pauses() -> None:
    story, request, back = returned()
    story.pass_to(vn(2026, 3, 5))
    supplement = story.sent_and_signed("supplement", regarding=back)
    before = story.due
    assert last_day_to_return(story.case, story.profile, CALENDAR) is None
    second = story.send("return", regarding=supplement)
    assert story.case.dispatches[second].late
    assert story.case.paused is None
    story.sent_and_signed("supplement", regarding=second)
    assert story.due == before
    assert len(story.case.clocks) == 2
    story.send("reply", regarding=request)
    assert story.case.objections == ()


@pytest.mark.parametrize("act", ["withdraw", "decline"])
def test_a_return_taken_back_once_its_completion_came_has_paused_all_the_same(act: str) -> None:
    story = Story()
    request = story.sent_and_signed("request", term="in-province")
    story.pass_to(IN_TIME)
    back = story.send("return", regarding=request)
    story.pass_to(vn(2026, 3, 5))
    supplement = story.sent_and_signed("supplement", regarding=back)
    getattr(story, act)(back)
    before = story.due
    assert last_day_to_return(story.case, story.profile, CALENDAR) is None
    second = story.send("return", regarding=supplement)
    assert story.case.dispatches[second].late
    story.sent_and_signed("supplement", regarding=second)
    assert story.due == before
    assert story.folded_again() == story.case


def test_a_return_taken_back_before_anything_came_of_it_has_paused_nothing() -> None:
    story = Story()
    request = story.sent_and_signed("request", term="in-province")
    story.pass_to(IN_TIME)
    story.withdraw(story.send("return", regarding=request))
    second = story.send("return", regarding=request)
    assert not story.case.dispatches[second].late
    assert story.case.paused is not None


def test_a_reply_given_while_the_clock_stands_is_in_time() -> None:
    story, request, _ = returned()
    story.pass_to(vn(2026, 6, 1))
    assert status(story.case, story.now, CALENDAR, agreement()).code == "paused"
    story.send("reply", regarding=request)
    found = timeliness(story.case)
    assert found is not None
    assert (found.answered_at, found.by_due, found.by_original) == (story.now, True, True)
    assert status(story.case, story.now, CALENDAR, agreement()).code == "in-time"
    assert load(dump(story.case)) == story.case


def test_a_reply_after_the_pause_ended_is_held_against_the_new_date() -> None:
    story, request, back = returned()
    story.send("supplement", regarding=back)
    story.pass_to(vn(2026, 6, 1))
    story.send("reply", regarding=request)
    found = timeliness(story.case)
    assert found is not None
    assert not found.by_due
    assert story.case.objections == ()


def test_the_relay_looks_again_when_the_pause_ends() -> None:
    story, _, back = returned()
    story.send("supplement", regarding=back, urgency="hoa-toc")
    plan = reminding.plan(story.case, story.now + 8 * HOUR, story.profile, CALENDAR)
    assert plan.next_at is not None
    assert plan.next_at <= end_of(date(2026, 3, 5))


def test_readers_know_it_before_the_relay_says_so_and_miss_what_it_does_not_say() -> None:
    story, _, back = returned()
    held: list[DueDraft] = []
    story.says = lambda draft: held.append(draft)
    story.send("supplement", regarding=back)
    size, ended = len(story.log), end_of(date(2026, 3, 5))

    def as_of(at: datetime) -> tuple[date | None, list[str]]:
        case = dates.as_of(story.case, size, story.profile, story.calendars, at)
        return case.due and case.due.due, [one.rule for one in case.objections]

    moved = after(date(2026, 3, 5), 35)
    assert as_of(ended - HOUR) == (FIRST, [])
    assert as_of(ended + 24 * HOUR) == (moved, [])
    story.pass_to(ended + HOUR)
    story.send("message")
    assert story.due.due == moved
    assert [one.rule for one in story.case.objections] == ["due.missing"]


def test_a_calendar_that_comes_in_force_after_the_pause_ended_moves_the_new_date() -> None:
    story, _, back = returned()
    story.send("supplement", regarding=back)
    story.pass_to(vn(2026, 3, 9))
    story.approve_calendar(changed(off(date(2026, 4, 1))))
    assert (story.due.because, story.due.due) == ("calendar", after(date(2026, 3, 5), 36))
    assert story.case.objections == ()
    assert story.folded_again() == story.case


ACTS = ("supplement", "sign", "decline", "withdraw", "return", "reply", "message", "extension", "wait")


@given(st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 60)), max_size=10))
def test_no_sequence_leaves_a_returned_case_without_a_way_out_and_none_moves_a_date_by_one_side(
    acts: list[tuple[str, int]],
) -> None:
    story, request, back = returned()
    for act, hours in acts:
        story.pass_to(story.now + timedelta(hours=hours))
        before = dates.as_of(story.case, len(story.log), story.profile, story.calendars, story.now).due
        story.tick()
        last = next(
            (one for one in reversed(story.case.dispatches.values()) if one.kind == "supplement"), None
        )
        try:
            if act in ("sign", "decline", "withdraw"):
                if last is not None:
                    getattr(story, act)(last.id)
            elif act == "extension":
                story.send(act, regarding=request, due=after(story.due.due, 5))
            elif act in ("reply", "return"):
                story.send(act, regarding=request)
            elif act != "wait":
                story.send(act, **({"regarding": back} if act == "supplement" else {}))
        except CaseRuleError:
            continue
        assert before is not None
        # an extension is announced, and a RECEIPT answers what the other side sent: nothing else moves it at once
        if act not in ("extension", "sign"):
            assert story.due.due == before.due
    assert story.case.objections == ()
    assert story.folded_again() == story.case
    assert story.case.need is None
    if story.case.paused is not None:  # either side has a way out that the other cannot take from it
        waiting = story.send("supplement", regarding=back)
        story.pass_to(story.now + timedelta(days=30))
        story.tick()
        assert story.case.paused is None
        assert story.case.dispatches[waiting].state == "sent"
        assert local_date(story.case.clocks[-1].started_at) <= local_date(story.now)
    story.send("reply", regarding=request)
    story.send("closing")


def clerk(until: datetime, index: int = -1, at: datetime = vn(2025, 1, 1), key: bytes = bytes(32)) -> Logged:  # noqa: B008
    """The other side's clerk is certified at log index `index`, at the log time `at`, until `until`."""
    statement = Membership(
        committee=CA,
        number=1,
        previous=None,
        member=CA_CLERK,
        role=("clerk",),
        holder="Trần Thị B",
        signing=Signer.ed25519(CA_CLERK, key).vkey,
        sealing=None,
        not_before=at,
        not_after=until,
        time=at,
        nonce=bytes(16),
    )
    return Logged(index, "c" * 64, statement, b"", at)


def chains(*links: Logged) -> Committees:
    return Committees.of([Chain(CA, Signer.ed25519(CA, bytes(31) + b"1").vkey, links)])


@pytest.mark.parametrize(("until", "ends"), [(vn(2026, 3, 5, 23), False), (vn(2026, 3, 6, 0), True)])
def test_it_ends_only_while_somebody_can_still_sign_for_the_supplement(until: datetime, ends: bool) -> None:
    story, _, back = returned()
    first = clerk(until)
    story.calendars = story.calendars.beside(chains(first))
    supplement = story.send("supplement", regarding=back)
    story.pass_to(vn(2026, 3, 20))
    story.tick()
    assert (story.case.paused is None) is ends
    if not ends:  # a new one, sealed to who is there now
        story.withdraw(supplement)
        second = clerk(vn(2027, 1, 1), len(story.log), story.now, bytes(31) + b"2")
        story.log_it(second.statement)
        story.calendars = story.calendars.beside(chains(first, second))
        story.send("supplement", regarding=back)
        story.pass_to(vn(2026, 3, 25))
        story.tick()
        as_if_received(story, date(2026, 3, 23))


def test_both_are_reminded_that_the_supplement_was_declined_until_the_next_one() -> None:
    story, _, back = returned()
    supplement = story.send("supplement", regarding=back)
    story.decline(supplement)
    plan = reminding.plan(story.case, story.now, story.profile, CALENDAR)
    assert plan.now == ()
    assert plan.next_at is not None
    story.pass_to(plan.next_at)
    (draft,) = reminding.plan(story.case, story.now, story.profile, CALENDAR).now
    assert (draft.step, draft.due) == ("unsigned+1", supplement)
    assert draft.audience == (Audience(CCQ, "clerk"), Audience(CA, "clerk"))
    story.remind(draft)
    logged = story.case.reminders[-1]
    assert step_as_told(logged.step, story.case.dispatches[supplement], logged.at) == "declined+1"
    assert step_as_told("unsigned+1", story.case.dispatches[supplement], vn(2026, 3, 2, 23)) == "unsigned+1"
    assert reminding.plan(story.case, story.now, story.profile, CALENDAR).now == ()
    story.send("supplement", regarding=back)
    story.pass_to(vn(2026, 3, 6))
    assert supplement not in [
        one.due for one in reminding.plan(story.case, story.now, story.profile, CALENDAR).now
    ]


def test_why_this_date_tells_a_day_of_receipt_only_where_somebody_signed() -> None:
    story, _, back = returned()
    (first, *_) = explanation(story.case, story.profile, story.calendars)
    assert "ngày ký nhận" in first.why_vi
    story.send("supplement", regarding=back)
    story.pass_to(vn(2026, 3, 12))
    story.tick()
    (first, *_) = explanation(story.case, story.profile, story.calendars)
    assert "ngày ký nhận" not in first.why_vi
    assert "chưa ai ký nhận phần bổ sung" in first.why_vi


def test_how_many_returns_pause_and_when_a_completion_counts_as_received_is_agreed() -> None:
    two = structs.replace(agreement(), completion=Completion(pauses=2, received_after=3))
    story, request, back = returned(profile=two)
    supplement = story.send("supplement", regarding=back)
    story.pass_to(end_of(date(2026, 3, 9)))
    story.tick()
    as_if_received(story, date(2026, 3, 9))
    story.withdraw(supplement)
    story.sent_and_signed("supplement", regarding=back)
    story.send("return", regarding=request)
    assert story.case.paused is not None
    story.sent_and_signed("supplement", regarding=request)
    story.send("return", regarding=request)
    assert story.case.paused is None


def test_without_a_term_the_pause_ends_too_and_no_date_is_owed() -> None:
    story = Story()
    request = story.sent_and_signed("request")
    back = story.sent_and_signed("return", regarding=request)
    story.send("supplement", regarding=back)
    story.pass_to(vn(2026, 3, 9))
    story.tick()
    story.send("message")
    assert (story.case.phase, story.case.paused, story.case.due) == (Phase.RUNNING, None, None)
    assert story.case.objections == ()
    assert story.folded_again() == story.case
