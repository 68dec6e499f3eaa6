"""Reminders: the rungs of the ladder, each once, the latest only after an outage, and who is addressed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import islice, pairwise

from tests.protocol.story import CA, CALENDAR, CCQ, UNIT, Story, agreement, vn

from kynhan_protocol.agreement.ladder import due_rung, rungs, unsigned_rungs
from kynhan_protocol.case.reminding import Audience, plan, schedule

REMINDERS = agreement().reminders
DUE = date(2026, 5, 11)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def test_rungs_are_working_days_before_and_after_at_eight_in_the_morning() -> None:
    first = list(islice(rungs(DUE, CALENDAR, REMINDERS), 11))
    assert [rung.step for rung in first] == [
        "-10",
        "-5",
        "-2",
        "-1",
        "0",
        "+1",
        "+3",
        "+5",
        "+10",
        "+15",
        "+20",
    ]
    assert first[0].at == vn(2026, 4, 22, 8)  # 27/4, 30/4 and 1/5 are off
    assert [rung.at for rung in first[3:6]] == [vn(2026, 5, 8, 8), vn(2026, 5, 11, 8), vn(2026, 5, 12, 8)]
    assert all(earlier.at < later.at for earlier, later in pairwise(first))


def test_only_the_latest_missed_rung_is_sent() -> None:
    def ladder_at(now: datetime, last: str | None) -> str | None:
        rung = due_rung(rungs(DUE, CALENDAR, REMINDERS), now, LONG_AGO, last)
        return rung.step if rung is not None else None

    assert ladder_at(vn(2026, 4, 22, 7), None) is None
    assert ladder_at(vn(2026, 4, 22, 8), None) == "-10"
    assert ladder_at(vn(2026, 4, 22, 9), "-10") is None
    assert ladder_at(vn(2026, 5, 11, 9), "-10") == "0"
    assert ladder_at(vn(2026, 5, 8, 9), "0") is None  # the clock went back


def test_rungs_before_the_date_was_known_are_not_missed() -> None:
    since = vn(2026, 5, 7, 12)
    assert due_rung(rungs(DUE, CALENDAR, REMINDERS), vn(2026, 5, 7, 13), since, None) is None
    assert due_rung(rungs(DUE, CALENDAR, REMINDERS), vn(2026, 5, 8, 8), since, None) is not None


def test_a_ladder_goes_on_where_the_calendar_ends() -> None:
    late = next(rung for rung in rungs(date(2027, 12, 20), CALENDAR, REMINDERS) if rung.step == "+20")
    assert late.at.year == 2028


def test_unsigned_packages_are_recalled_on_the_next_working_day_and_daily() -> None:
    saturday = vn(2026, 3, 7, 10)
    first = list(islice(unsigned_rungs(saturday, False, CALENDAR, REMINDERS), 2))
    assert [(rung.step, rung.at) for rung in first] == [
        ("unsigned+1", vn(2026, 3, 9, 8)),
        ("unsigned+2", vn(2026, 3, 10, 8)),
    ]


def test_urgent_unsigned_packages_are_recalled_at_once() -> None:
    first = next(unsigned_rungs(vn(2026, 3, 7, 10), True, CALENDAR, REMINDERS))
    assert (first.step, first.at) == ("unsigned+0", vn(2026, 3, 7, 10))


def _ticks(story: Story, until: datetime, every: timedelta) -> list[str]:
    """The steps that ticks send until `until`, each reminder logged as the relay does."""
    steps = []
    while story.now < until:
        for draft in plan(story.case, story.now, story.profile, CALENDAR).now:
            story.remind(draft)
            steps.append(draft.step)
        story.pass_to(story.now + every)
    return steps


def test_each_rung_of_a_case_is_sent_exactly_once() -> None:
    story = Story()
    story.sent_and_signed("request", term="in-province")
    assert story.due.due == date(2026, 4, 20)
    steps = _ticks(story, vn(2026, 5, 6, 9), timedelta(hours=5))
    assert steps == ["-10", "-5", "-2", "-1", "0", "+1", "+3", "+5"]


def test_a_jump_over_several_rungs_sends_only_the_latest() -> None:
    story = Story()
    story.sent_and_signed("request", term="in-province")
    story.pass_to(vn(2026, 4, 20, 12))
    assert _ticks(story, story.now + timedelta(hours=3), timedelta(hours=1)) == ["0"]


def test_the_plan_says_when_to_look_again() -> None:
    story = Story()
    request = story.send("request", term="in-province")
    assert plan(story.case, story.now, story.profile, CALENDAR).next_at == vn(2026, 3, 3, 8)
    story.sign(request)
    assert plan(story.case, story.now, story.profile, CALENDAR).next_at == vn(2026, 4, 6, 8)
    assert schedule(story.case, story.profile, CALENDAR, 1)[0].at == vn(2026, 4, 6, 8)
    reply = story.send("reply", regarding=request)
    story.sign(reply)
    assert plan(story.case, vn(2026, 4, 20), story.profile, CALENDAR) == plan(
        story.case, vn(2027, 4, 20), story.profile, CALENDAR
    )
    assert plan(story.case, vn(2026, 4, 20), story.profile, CALENDAR).next_at is None


def test_unit_and_clerk_are_addressed_and_approvers_of_both_sides_from_the_day_itself() -> None:
    story = Story()
    request = story.sent_and_signed("request", term="in-province")
    story.sent_and_signed("assignment", to=UNIT, regarding=request)
    before = plan(story.case, vn(2026, 4, 17, 9), story.profile, CALENDAR).now
    assert [draft.audience for draft in before] == [(Audience(UNIT, None), Audience(CA, "clerk"))]
    on_day = plan(story.case, vn(2026, 4, 20, 9), story.profile, CALENDAR).now
    assert [draft.audience for draft in on_day] == [
        (Audience(UNIT, None), Audience(CA, "clerk"), Audience(CCQ, "approver"), Audience(CA, "approver"))
    ]
    assert on_day[0].due == story.due.id


def test_an_extension_moves_the_rest_of_the_ladder() -> None:
    story = Story()
    request = story.sent_and_signed("request", term="in-province")
    story.pass_to(vn(2026, 4, 17))
    extension = story.send("extension", regarding=request, due=date(2026, 5, 8))
    story.sign(extension)
    assert plan(story.case, vn(2026, 4, 20), story.profile, CALENDAR).now == ()
    assert [draft.step for draft in plan(story.case, vn(2026, 4, 22), story.profile, CALENDAR).now] == ["-10"]
