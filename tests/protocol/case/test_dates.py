"""The date in force is a function of the log: whatever a relay signs as DUE, the fold keeps the computed date and says
what is wrong (DESIGN §3.5).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.protocol.case.test_calendar_changes import changed, off
from tests.protocol.story import CA_CLERK, CCQ, CLERK, Story, vn

from kynhan_protocol.agreement.calendars import CalendarBook
from kynhan_protocol.case import dates, reminding
from kynhan_protocol.case.case import DueRecord
from kynhan_protocol.case.dues import DueDraft
from kynhan_protocol.case.fold import fold
from kynhan_protocol.case.status import status, timeliness
from kynhan_protocol.statements.statements import Due

Says = Callable[[DueDraft], dict[str, object] | None]


def running(says: Says = lambda _: {}, term: str = "in-province") -> Story:
    story = Story(says=says)
    story.sent_and_signed("request", term=term)
    return story


def rules(story: Story) -> list[str]:
    return [one.rule for one in story.case.objections]


def in_force(story: Story) -> DueRecord:
    assert story.case.due is not None
    return story.case.due


def moving_on(story: Story) -> list[date]:
    """What can move a date, one after the other, and the dates in force in between."""
    (request,) = story.case.dispatches
    found = [in_force(story).due]
    story.approve_calendar(changed(off(date(2026, 4, 1))))
    found.append(dates.as_of(story.case, len(story.log), story.profile, story.calendars).due.due)  # type: ignore[union-attr]
    story.pass_to(vn(2026, 3, 5))
    story.send("extension", regarding=request, due=date(2026, 5, 8))
    found.append(in_force(story).due)
    story.sent_and_signed("return", regarding=request)
    story.pass_to(vn(2026, 4, 9))
    story.sent_and_signed("supplement", regarding=next(story.case.standing("return")).id)
    found.append(in_force(story).due)
    first = story.send("correction", regarding=request, term="foreign")
    story.send("correction", from_=CA_CLERK, to=CCQ, regarding=first, term="foreign")
    found.append(in_force(story).due)
    return found


HONEST = moving_on(running())
DAY = timedelta(days=1)
LIES: dict[str, Says] = {
    "earlier": lambda draft: {"due": draft.due - 3 * DAY},
    "later": lambda draft: {"due": draft.due + 30 * DAY},
    "far away": lambda draft: {"due": date.max},
    "not provisional": lambda draft: {"provisional": not draft.provisional},
    "another start": lambda draft: {"start": "ab" * 32},
    "another dispatch": lambda draft: {"dispatch": "ab" * 32},
    "another term": lambda draft: {"term": "foreign" if draft.term != "foreign" else "in-country"},
    "another calendar": lambda draft: {"calendar": "ab" * 32},
    "another profile": lambda draft: {"profile": "ab" * 32},
    "another basis": lambda draft: {"basis": "ab" * 32},
    "another cause": lambda draft: {"because": "answer"},
    "replaces another": lambda draft: {"replaces": "ab" * 32},
    "missing": lambda draft: None,
}


def test_an_honest_relay_is_never_objected_to() -> None:
    story = running()
    moving_on(story)
    assert story.case.objections == ()
    assert story.case.need is None
    assert [one.id for one in story.case.due_history if one.objection is None][-1] == in_force(story).id
    assert len(set(HONEST)) == len(HONEST)


@pytest.mark.parametrize("lie", LIES)
def test_a_relay_that_signs_what_it_likes_moves_no_date(lie: str) -> None:
    story = running(LIES[lie])
    assert moving_on(story) == HONEST
    assert story.case.objections
    assert {rule.partition(".")[0] for rule in rules(story)} == {"due"}
    assert in_force(story).id is None
    assert in_force(story).checked
    assert story.folded_again() == story.case


@pytest.mark.parametrize("because", ["receipt", "extension", "return", "calendar", "correction", "answer"])
@pytest.mark.parametrize("days", [-40, 0, 40])
def test_a_due_date_that_nothing_asked_for_moves_nothing(because: str, days: int) -> None:
    """Such as one `because calendar` behind which no newer calendar came in force."""
    story = running()
    (request,) = story.case.dispatches
    before = in_force(story)
    draft = DueDraft(
        case=story.case.id,
        dispatch=request,
        start=before.start,
        term=before.term,
        profile=story.case.profile,
        calendar=before.calendar,
        due=before.due + timedelta(days=days),
        provisional=False,
        because=because,
        basis=request,
        replaces=before.id,
        original=before.original,
    )
    story.log_due(draft)
    assert (rules(story), story.case.due) == (["due.because"], before)
    now = vn(2026, 4, 22)  # one working day after the date: overdue, whatever the relay says
    assert status(story.case, now, story.calendars.in_force(99), story.profile).code == "overdue"
    story.pass_to(now)
    story.send("reply", regarding=request)
    told = timeliness(story.case)
    assert told is not None
    assert not told.by_due


def test_an_extension_of_the_asking_side_or_one_withdrawn_is_no_basis() -> None:
    story = running(lambda draft: None if draft.because == "extension" else {})
    (request,) = story.case.dispatches
    before = in_force(story)
    sent = story.log_it(story.dispatch("extension", from_=CLERK, regarding=request, due=date(2026, 6, 1)))
    draft = DueDraft(
        case=story.case.id,
        dispatch=request,
        start=before.start,
        term=before.term,
        profile=story.case.profile,
        calendar=before.calendar,
        due=date(2026, 6, 1),
        provisional=False,
        because="extension",
        basis=sent.id,
        replaces=before.id,
        original=before.original,
    )
    story.log_due(draft)
    assert rules(story) == ["extension.sender", "due.because"]
    assert story.case.due == before
    ours = story.send("extension", regarding=request, due=date(2026, 6, 2))
    story.withdraw(ours)
    story.log_due(replace(draft, due=date(2026, 6, 2), basis=ours))
    assert rules(story)[2:] == ["due.missing", "due.basis"]
    assert in_force(story).id is None


def test_a_correction_of_one_side_is_no_basis() -> None:
    story = running()
    (request,) = story.case.dispatches
    before = in_force(story)
    first = story.send("correction", regarding=request, term="foreign")
    draft = DueDraft(
        case=story.case.id,
        dispatch=request,
        start=before.start,
        term="foreign",
        profile=story.case.profile,
        calendar=before.calendar,
        due=before.due + timedelta(days=60),
        provisional=False,
        because="correction",
        basis=first,
        replaces=before.id,
        original=before.original,
    )
    story.log_due(draft)
    assert (rules(story), story.case.due) == (["due.because"], before)


def test_a_due_date_logged_late_says_what_is_in_force_and_was_missing_all_the_same() -> None:
    held: list[DueDraft] = []
    story = running(lambda draft: held.append(draft))
    (request,) = story.case.dispatches
    assert in_force(story).id is None
    assert story.case.need is not None
    owed = dates.as_of(story.case, len(story.log) + 1, story.profile, story.calendars)
    assert [one.rule for one in owed.objections] == ["due.missing"]
    story.send("message")
    late = story.log_due(held[0])
    assert rules(story) == ["due.missing"]
    assert (in_force(story).id, in_force(story).replaces, story.case.need) == (late.id, None, None)
    story.says = lambda _: {}
    story.send("extension", regarding=request, due=date(2026, 6, 2))
    assert (in_force(story).replaces, len(rules(story))) == (late.id, 1)


def test_replaces_names_the_last_due_that_agreed() -> None:
    story = running()
    (request,) = story.case.dispatches
    agreed = in_force(story).id
    story.says = lambda draft: {"due": draft.due + DAY}
    story.send("extension", regarding=request, due=date(2026, 5, 8))
    assert rules(story) == ["due.differs"]
    story.says = lambda _: {}
    story.send("extension", regarding=request, due=date(2026, 5, 12))
    assert rules(story) == ["due.differs"]
    assert (in_force(story).due, in_force(story).replaces) == (date(2026, 5, 12), agreed)


def test_a_calendar_moves_the_date_when_it_comes_in_force_and_its_due_has_a_day() -> None:
    held: list[DueDraft] = []
    story = running()
    before = in_force(story)
    story.says = lambda draft: held.append(draft)
    story.approve_calendar(changed(off(date(2026, 4, 1))))
    size = len(story.log)

    def as_of(hours: int) -> tuple[date | None, list[str]]:
        at = story.now + timedelta(hours=hours)
        case = dates.as_of(story.case, size, story.profile, story.calendars, at)
        return case.due and case.due.due, [one.rule for one in case.objections]

    moved = date(2026, 4, 21)
    assert before.due == date(2026, 4, 20)
    assert dates.as_of(story.case, size - 1, story.profile, story.calendars).due == before
    assert as_of(24) == (moved, [])
    assert as_of(25) == (moved, ["due.missing"])
    story.pass_to(story.now + timedelta(hours=24))
    story.log_due(held[0])
    assert (rules(story), in_force(story).due, in_force(story).because) == ([], moved, "calendar")


@pytest.mark.parametrize("first", ["late", "something else"])
def test_the_due_of_a_calendar_comes_within_a_day_and_before_anything_else_of_its_case(first: str) -> None:
    held: list[DueDraft] = []
    story = running(lambda draft: held.append(draft) if draft.because == "calendar" else {})
    story.approve_calendar(changed(off(date(2026, 4, 1))))
    if first == "late":
        story.pass_to(story.now + timedelta(hours=24, seconds=1))
    else:
        story.send("message")
    story.log_due(held[0])
    assert (rules(story), in_force(story).due) == (["due.missing"], date(2026, 4, 21))


def test_a_case_whose_clock_runs_again_is_moved_by_the_calendar_then() -> None:
    story = running(lambda draft: None if draft.because == "calendar" else {})
    (request,) = story.case.dispatches
    reply = story.send("reply", regarding=request)
    story.approve_calendar(changed(off(date(2026, 4, 1))))
    assert in_force(story).due == date(2026, 4, 20)
    story.withdraw(reply)
    assert in_force(story).due == date(2026, 4, 21)
    story.send("message")
    assert rules(story) == ["due.missing"]


def test_without_the_calendar_the_date_is_the_relays_and_says_so() -> None:
    story = running(lambda draft: {"due": draft.due + 30 * DAY})
    moving_on(story)
    bare = CalendarBook(story.calendars.committees, story.calendars.changes, {}, story.calendars.pending)
    upto = next(one.index for one in story.log if isinstance(one.statement, Due)) + 1
    blind = fold(story.log[:upto], story.profile, bare)
    assert blind is not None
    assert blind.due is not None
    assert (blind.due.due, blind.due.checked, blind.objections) == (HONEST[0] + 30 * DAY, False, ())
    whole = fold(story.log, story.profile, bare)
    assert whole is not None
    assert whole.due is not None
    assert not whole.due.checked
    again = fold(story.log, story.profile, story.calendars)
    assert again is not None
    assert again.due is not None
    assert (again.due.due, again.due.checked) == (HONEST[-1], True)


def test_reminders_go_by_the_computed_date() -> None:
    honest, liar = running(), running()
    (request,) = liar.case.dispatches
    draft = replace_due(liar, request)
    liar.log_due(draft)
    for hours in range(0, 24 * 90, 12):
        now = vn(2026, 3, 2) + timedelta(hours=hours)
        calendar = honest.calendars.in_force(99)
        plans = [
            [one.step for one in reminding.plan(story.case, now, story.profile, calendar).now]
            for story in (honest, liar)
        ]
        assert plans[0] == plans[1]


def replace_due(story: Story, request: str) -> DueDraft:
    before = in_force(story)
    return DueDraft(
        case=story.case.id,
        dispatch=request,
        start=before.start,
        term=before.term,
        profile=story.case.profile,
        calendar=before.calendar,
        due=before.due + timedelta(days=60),
        provisional=False,
        because="calendar",
        basis=None,
        replaces=before.id,
        original=before.original,
    )


HASHES = st.sampled_from(["ab" * 32, "cd" * 32])
FIELDS = {
    "due": st.dates(date(2026, 1, 1), date(2027, 12, 31)),
    "provisional": st.booleans(),
    "because": st.sampled_from(["receipt", "extension", "return", "calendar", "correction", "answer"]),
    "basis": st.none() | HASHES,
    "replaces": st.none() | HASHES,
    "start": HASHES,
    "dispatch": HASHES,
    "calendar": HASHES,
    "term": st.sampled_from(["in-country", "foreign", "none"]),
}
LIE = st.none() | st.fixed_dictionaries({}, optional=FIELDS)


@given(st.lists(LIE, min_size=5, max_size=5))
def test_random_dues_never_move_the_date(lies: list[dict[str, object] | None]) -> None:
    left = list(lies)
    lied = False

    def says(draft: DueDraft) -> dict[str, object] | None:
        nonlocal lied
        found = left.pop(0) if left else {}
        lied |= found is None or any(getattr(draft, name) != value for name, value in found.items())
        return found

    story = running(says)
    assert moving_on(story) == HONEST
    story.send("message")
    assert bool(story.case.objections) == lied
    assert story.folded_again() == story.case
