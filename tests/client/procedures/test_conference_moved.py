"""A conference that is moved again: by both sides at once, and away from a time that was agreed (R10)."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import vobject
from tests.client.agreement import CA, CCQ
from tests.client.exchanging import begun, post, post_round, refused, take
from tests.client.parties import parties

from kynhan_client.procedures import conferences
from kynhan_client.procedures.conferences import Change, Plan

HOURS = timedelta(hours=2)


async def test_both_sides_propose_another_time_at_once_and_the_later_in_the_log_counts(
    tmp_path: Path,
) -> None:
    async with parties(tmp_path) as two:
        case, now = (await begun(two)).case, two.ccq.clock.now()
        plan = Plan(now + timedelta(days=3), HOURS, "Phòng họp số 2", "Thống nhất kết quả")
        (first,) = await post_round(two, two.ccq, conferences.propose(two.ccq, plan, case=case))
        await take(two, two.ca, first.dispatch)
        by_ccq = conferences.move(two.ccq, case, Change(now + timedelta(days=4)))
        by_ca = conferences.move(two.ca, case, Change(now + timedelta(days=5)))
        (one,) = await post_round(two, two.ccq, by_ccq)
        (two_,) = await post_round(two, two.ca, by_ca)
        await take(two, two.ca, one.dispatch)
        await take(two, two.ccq, two_.dispatch)
        for home in (two.ccq, two.ca):
            (conference,) = conferences.listed(home, case)
            current = conference.current
            assert current is not None and current.meeting is not None
            assert (current.by.partition("/")[0], current.number, current.meeting.version) == (CA, 2, 2)
            assert current.meeting.start == (now + timedelta(days=5)).replace(microsecond=0)
        accepted = await post(two, two.ccq, conferences.accept(two.ccq, case))
        await take(two, two.ca, accepted.dispatch)
        for home in (two.ccq, two.ca):
            agreed = vobject.readOne(conferences.calendar_file(home, case).decode())
            assert (agreed.method.value, agreed.vevent.sequence.value) == ("PUBLISH", "2")
            assert agreed.vevent.organizer.value == f"urn:kynhan:{CCQ}"


async def test_what_was_agreed_and_then_came_to_nothing_is_taken_out_of_the_calendar(tmp_path: Path) -> None:
    async with parties(tmp_path) as two:
        case, now = (await begun(two)).case, two.ccq.clock.now()
        plan = Plan(now + timedelta(days=3), HOURS, "Phòng họp số 2", "Thống nhất kết quả")
        (first,) = await post_round(two, two.ccq, conferences.propose(two.ccq, plan, case=case))
        await take(two, two.ca, first.dispatch)
        accepted = await post(two, two.ca, conferences.accept(two.ca, case))
        await take(two, two.ccq, accepted.dispatch)
        agreed = vobject.readOne(conferences.calendar_file(two.ccq, case).decode())
        (moved,) = await post_round(
            two, two.ccq, conferences.move(two.ccq, case, Change(now + timedelta(days=4)))
        )
        await take(two, two.ca, moved.dispatch)
        async with refused(two, "not-now", "not agreed"):
            conferences.calendar_file(two.ccq, case)
        declined = await post(two, two.ca, conferences.decline(two.ca, case, "Bận"))
        await take(two, two.ccq, declined.dispatch)
        for home in (two.ccq, two.ca):
            gone = vobject.readOne(conferences.calendar_file(home, case).decode())
            assert (gone.method.value, gone.vevent.status.value) == ("CANCEL", "CANCELLED")
            assert gone.vevent.uid.value == agreed.vevent.uid.value
            assert int(gone.vevent.sequence.value) > int(agreed.vevent.sequence.value)
