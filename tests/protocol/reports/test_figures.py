"""The figures equal what a diary kept by hand says; the balance always holds."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from random import Random
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import structs
from tests.protocol.diary import (
    Player,
    State,
    day_of,
    end_of,
    next_worked,
    replay,
    told_days,
    working_days,
)
from tests.protocol.story import CA, CALENDAR, CASE, CCQ, PROFILE_HASH, UNIT, Story, agreement, vn

from kynhan_protocol.agreement import periods
from kynhan_protocol.agreement.calendars import CalendarBook
from kynhan_protocol.agreement.periods import Period
from kynhan_protocol.reports import reports
from kynhan_protocol.reports.figures import Figures, Group, Timed
from kynhan_protocol.reports.reports import Source

ACTIONS = (
    *("send", "sign", "sign", "reply", "reply", "extend", "return", "supplement", "wait", "close"),
    *("decline", "withdraw", "faulty", "unreply", "bad_reply", "difficulty", "send", "sign"),
)
MOVES = st.lists(st.tuples(st.sampled_from(ACTIONS), st.integers(0, 500)), max_size=8)
CASES = st.lists(
    st.tuples(st.sampled_from(["in-province", "in-country", "foreign", None]), st.integers(0, 2000), MOVES),
    min_size=1,
    max_size=5,
)
DAYS = st.integers(0, 400).map(lambda n: date(2026, 1, 1) + timedelta(days=n))


def source_of(stories: dict[str, Story]) -> Source:
    return Source(
        log={case: story.log for case, story in stories.items()},
        profiles={PROFILE_HASH: agreement()},
        calendars=CalendarBook.begin(CALENDAR.sha, (CCQ, CA), CALENDAR),
        profile_id=PROFILE_HASH,
        calendar=CALENDAR,
    )


def counted(
    stories: dict[str, Story], period: Period, at: datetime, subjects: dict[str, str] | None = None
) -> Figures:
    source = source_of(stories)
    on = reports.scope(source, period, at)
    return reports.figures(reports.gather(source, on), source, on, subjects)


def played(cases: list[Any]) -> list[Player]:
    players = []
    for term, hours, moves in cases:
        player = Player(term, Story(now=vn(2026, 1, 5) + timedelta(hours=hours)))
        for action, after in [("send", 0), ("sign", 5), *moves]:
            player.play(action, after)
        players.append(player)
    return players


def by_hand(players: list[Player], period: Period, at: datetime) -> dict[str, Any]:
    """The figures from the diaries alone."""
    end = min(at, end_of(period.ends))
    begin = datetime.combine(period.begins, datetime.min.time(), end_of(period.ends).tzinfo)

    def during(moment: datetime) -> bool:
        return begin <= moment < end

    total: Counter[str] = Counter()
    told: dict[str, list[int]] = {"limit": [], "target": [], "none": []}
    first: dict[str, list[int]] = {"limit": [], "target": [], "none": []}
    waited: list[int] = []
    for player in players:
        before, after = replay(player, begin if begin < end else end), replay(player, end)
        nature = {None: "none", "foreign": "target"}.get(player.term, "limit")
        other(total, waited, after, during, end)
        if before.is_open:
            total["carried"] += 1
        elif any(map(during, after.starts)):
            total["received"] += 1
        elif after.is_open or (after.stop is not None and during(after.stop)):
            total["reopened"] += 1
        else:
            continue
        total["extended"] += any(during(given) for given, _ in after.extensions)
        if after.stop is not None:
            total["answered"] += 1
            total[f"{nature} answered"] += 1
            told[nature].append(distance(nature, after.clock, after.stop))
            first[nature].append(distance(nature, after.starts[0], after.stop))
            if after.due is not None and after.original is not None:
                total[f"{nature} in time"] += after.counts_at < end_of(after.due)
                total[f"{nature} in time by original"] += after.counts_at < end_of(after.original)
        elif after.is_open:
            total["open"] += 1
            if after.due is not None:
                total[f"{nature} {place(after.due, end, after.waits_since)}"] += 1
        else:
            total[f"out {after.gone}"] += 1
    return {"total": total, "told": told, "first": first, "waited": waited}


def distance(nature: str, start: datetime | None, stop: datetime) -> int:
    if start is None:
        return 0
    if nature == "target":
        return max((day_of(stop) - day_of(start)).days, 0)
    return working_days(day_of(start), day_of(stop))


def place(due: date, end: datetime, waits_since: datetime | None) -> str:
    if waits_since is not None:
        return "past" if waits_since >= end_of(due) else "paused"
    if end >= end_of(due):
        return "past"
    today = day_of(end - timedelta(seconds=1))
    return "soon" if working_days(today, due) <= 5 else "within"


def other(total: Counter[str], waited: list[int], after: State, during: Any, end: datetime) -> None:
    for _, what in [one for one in after.ended if during(one[0])]:
        total[what] += 1
    for at, late in after.extensions:
        total["extensions"] += during(at)
        total["late extensions"] += during(at) and late
    for at, late in after.returns:
        total["returns"] += during(at)
        total["late returns"] += during(at) and late
    total["restarts"] += sum(map(during, after.restarts))
    for sent, signed in after.signed.values():
        if during(signed):
            waited.append(working_days(day_of(sent), day_of(signed)))
            total["signed late"] += signed >= end_of(next_worked(day_of(sent)))
    total["unsigned"] += len(after.sent)
    total["unsigned late"] += sum(end >= end_of(next_worked(day_of(sent))) for sent in after.sent.values())


def assert_same(found: Figures, hand: dict[str, Any]) -> None:
    n, group = hand["total"], found.total
    assert (group.carried_over, group.received, group.reopened, group.answered, group.open) == (
        *(n["carried"], n["received"], n["reopened"]),
        *(n["answered"], n["open"]),
    )
    assert (found.fallen_out.faulty, found.fallen_out.closed) == (n["out faulty"], n["out closed"])
    assert (group.extended, found.extensions.given, found.extensions.late) == (
        *(n["extended"], n["extensions"], n["late extensions"]),
    )
    assert (found.returns.given, found.returns.late, found.returns.restarts) == (
        *(n["returns"], n["late returns"], n["restarts"]),
    )
    assert (found.never_received.declined, found.never_received.withdrawn) == (n["declined"], n["withdrawn"])
    assert (found.requests.late, found.requests.unsigned, found.requests.unsigned_late) == (
        *(n["signed late"], n["unsigned"], n["unsigned late"]),
    )
    assert msgspec.structs.astuple(found.requests.days) == told_days(hand["waited"])
    for nature, timed in (("limit", group.limits), ("target", group.targets)):
        assert (timed.answered, timed.in_time, timed.in_time_original) == (
            *(n[f"{nature} answered"], n[f"{nature} in time"], n[f"{nature} in time by original"]),
        )
        assert (timed.open_within, timed.open_soon, timed.open_past, timed.open_paused) == (
            *(n[f"{nature} within"], n[f"{nature} soon"], n[f"{nature} past"], n[f"{nature} paused"]),
        )
        assert msgspec.structs.astuple(timed.days) == told_days(hand["told"][nature])
        assert msgspec.structs.astuple(timed.days_from_first_start) == told_days(hand["first"][nature])
    assert msgspec.structs.astuple(group.untimed.days) == told_days(hand["told"]["none"])


def assert_balanced(group: Group) -> None:
    assert group.carried_over + group.received + group.reopened == group.cases
    assert group.answered + group.fallen_out + group.open == group.cases
    for timed in (group.limits, group.targets):
        assert timed.in_time + timed.late + timed.undated == timed.answered
        assert timed.in_time_original + timed.late_original + timed.undated == timed.answered
    answered = group.limits.answered + group.targets.answered + group.untimed.answered
    assert answered == group.answered
    assert _open(group.limits) + _open(group.targets) + group.untimed.open == group.open


def _open(timed: Timed) -> int:
    return sum((timed.open_within, timed.open_soon, timed.open_past, timed.open_paused, timed.open_undated))


@given(CASES, DAYS, st.integers(0, 120), st.integers(-30, 60))
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_figures_equal_a_count_by_hand(cases: list[Any], begins: date, length: int, after: int) -> None:
    players = played(cases)
    period = periods.between(begins, begins + timedelta(days=length))
    at = period.until + timedelta(days=after)
    stories = {f"{CASE[:-2]}{n:02d}": player.story for n, player in enumerate(players)}
    found = counted(stories, period, at)
    assert_same(found, by_hand(players, period, at))
    assert_balanced(found.total)


@pytest.mark.parametrize("seed", range(40))
def test_figures_of_many_cases_equal_a_count_by_hand(seed: int) -> None:
    chance = Random(seed)
    cases = [
        (
            chance.choice(["in-province", "in-country", "foreign", "foreign", None]),
            chance.randrange(2000),
            [(chance.choice(ACTIONS), chance.randrange(600)) for _ in range(chance.randrange(10))],
        )
        for _ in range(40)
    ]
    players = played(cases)
    stories = {f"{CASE[:-2]}{n:02d}": player.story for n, player in enumerate(players)}
    for name in ("2026-Q1", "2026-Q2", "2026-07", "2026"):
        period = periods.named(name, chance.choice([1, 15]))
        at = period.until + timedelta(days=chance.choice([-3, 40]))
        found = counted(stories, period, at)
        assert_same(found, by_hand(players, period, at))
        assert_balanced(found.total)


@given(CASES, st.integers(1, 6))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_breakdowns_balance_and_add_up_to_the_total(cases: list[Any], small: int) -> None:
    players = played(cases)
    stories = {f"{CASE[:-2]}{n:02d}": player.story for n, player in enumerate(players)}
    subjects = {case: f"3.{n % 3 + 1}" for n, case in enumerate(stories)}
    found = counted(stories, periods.named("2026-H1", 1), vn(2026, 7, 2), subjects)
    assert found.by_subject is not None
    for rows in (found.by_term, found.by_unit, found.by_subject):
        for name in ("cases", "carried_over", "received", "reopened", "answered", "fallen_out", "open"):
            assert sum(getattr(row.group, name) for row in rows) == getattr(found.total, name)
        for row in rows:
            assert_balanced(row.group)
            assert row.group.cases >= 3 or row.key is None


def test_a_case_that_waits_for_its_supplement_is_neither_past_nor_soon_due() -> None:
    player = Player("in-province", Story(now=vn(2026, 3, 3)))
    for action, hours in (("send", 0), ("sign", 0), ("return", 24)):
        player.play(action, hours)
    assert player.story.due.due == date(2026, 4, 21)
    for month, paused in (("2026-03", 1), ("2026-04", 1), ("2026-05", 1)):
        limits = counted({CASE: player.story}, periods.named(month, 1), vn(2026, 7, 1)).total.limits
        assert (limits.open_paused, limits.open_past, limits.open_soon, limits.open_within) == (
            paused,
            0,
            0,
            0,
        )
    player.play("supplement", 24 * 80)
    june = counted({CASE: player.story}, periods.named("2026-06", 1), vn(2026, 7, 1)).total.limits
    assert (june.open_paused, june.open_within) == (0, 1)


def test_a_case_returned_too_late_is_overdue_as_ever() -> None:
    player = Player("in-province", Story(now=vn(2026, 3, 3)))
    for action, hours in (("send", 0), ("sign", 0), ("return", 24 * 20)):
        player.play(action, hours)
    limits = counted({CASE: player.story}, periods.named("2026-04", 1), vn(2026, 7, 1)).total.limits
    assert (limits.open_paused, limits.open_past) == (0, 1)


def test_what_is_logged_later_does_not_change_an_earlier_report() -> None:
    player = Player("in-province", Story(now=vn(2026, 3, 2)))
    player.play("send", 0)
    player.play("sign", 1)
    march = periods.named("2026-03", 1)
    early = counted({CASE: player.story}, march, vn(2026, 4, 1))
    player.play("extend", 24 * 40)
    player.play("reply", 24)
    player.play("bad_reply", 1)
    assert counted({CASE: player.story}, march, vn(2026, 9, 1)) == early
    assert early.total.open == 1


def test_an_answer_proved_faulty_later_is_reopened_in_the_next_period() -> None:
    player = Player("in-province", Story(now=vn(2026, 3, 2)))
    for action, hours in (("send", 0), ("sign", 1), ("reply", 24), ("bad_reply", 24 * 40)):
        player.play(action, hours)
    march, april = (
        counted({CASE: player.story}, periods.named(name, 1), vn(2026, 5, 1))
        for name in ("2026-03", "2026-04")
    )
    assert (march.total.received, march.total.answered, march.total.open) == (1, 1, 0)
    assert (april.total.reopened, april.total.carried_over, april.total.open) == (1, 0, 1)


def test_a_target_passed_is_not_overdue() -> None:
    player = Player("foreign", Story(now=vn(2026, 1, 5)))
    player.play("send", 0)
    player.play("sign", 1)
    found = counted({CASE: player.story}, periods.named("2026-Q2", 1), vn(2026, 7, 1))
    assert (found.total.targets.open_past, found.total.limits.open_past) == (1, 0)


def test_the_last_day_ends_at_midnight() -> None:
    player = Player("in-province", Story(now=vn(2026, 3, 3)))
    player.play("send", 0)
    player.play("sign", 0)
    assert player.story.due.due == date(2026, 4, 21)
    for ends, place in ((date(2026, 4, 20), "open_soon"), (date(2026, 4, 21), "open_past")):
        period = periods.between(date(2026, 4, 1), ends)
        assert getattr(counted({CASE: player.story}, period, vn(2026, 5, 1)).total.limits, place) == 1


def test_to_sign_there_is_time_until_the_next_working_day_ends() -> None:
    for hour, late in ((23, 0), (24, 1)):
        player = Player(None, Story(now=vn(2026, 3, 6)))  # a Friday
        player.play("send", 0)
        player.play("sign", 24 * 3 - 9 + hour)
        found = counted({CASE: player.story}, periods.named("2026-03", 1), vn(2026, 4, 1))
        assert (found.requests.signed, found.requests.late) == (1, late)


def test_how_long_a_package_may_wait_is_as_the_profile_says() -> None:
    made = agreement()
    unsigned = structs.replace(made.reminders.unsigned, after_working_days=2)
    made = structs.replace(made, reminders=structs.replace(made.reminders, unsigned=unsigned))
    for hour, late in ((47, 0), (48, 1)):  # until the end of Tuesday
        player = Player(None, Story(now=vn(2026, 3, 6), profile=made))  # a Friday
        player.play("send", 0)
        player.play("sign", 24 * 3 - 9 + hour)
        source = replace(source_of({CASE: player.story}), profiles={PROFILE_HASH: made})
        on = reports.scope(source, periods.named("2026-03", 1), vn(2026, 4, 1))
        found = reports.figures(reports.gather(source, on), source, on, None)
        assert (found.requests.signed, found.requests.late) == (1, late)


def test_cases_are_counted_for_the_unit_that_has_them_and_never_for_an_officer() -> None:
    story = Story(now=vn(2026, 3, 2))
    request = story.sent_and_signed("request", term="in-province")
    story.sent_and_signed("assignment", to=UNIT, regarding=request)
    found = counted({CASE: story}, periods.named("2026-03", 1), vn(2026, 4, 1))
    assert [row.merged for row in found.by_unit] == [(UNIT,)]
    assert found.total.cases == 1


def test_difficulty_notes_of_the_period_are_gathered_in_order() -> None:
    player = Player(None, Story(now=vn(2026, 3, 2)))
    for action, hours in (("send", 0), ("difficulty", 1), ("difficulty", 24 * 40), ("difficulty", 1)):
        player.play(action, hours)
    source = source_of({CASE: player.story})
    on = reports.scope(source, periods.named("2026-04", 1), vn(2026, 5, 1))
    notes = reports.difficulties(reports.gather(source, on), on, {})
    assert len(notes) == 2
    assert all(one.at < two.at for one, two in pairwise(notes))
    assert {note.committee for note in notes} == {CCQ}
