"""Mail at the hours of an office: none at night or on a day off, one digest a day that lacks nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.server.log.test_notices import ADDRESS, go_to, listed, look, post, subscribe, tick, vn, w
from tests.server.mailbox import Mailbox
from tests.server.world import World

from kynhan_server.channels.outbox import BATCH
from kynhan_server.log import notices
from kynhan_server.upkeep import sending

__all__ = ["post", "w"]  # fixtures


# --- hours


@pytest.mark.parametrize(
    ("reminded", "sent"),
    [
        ("2026-03-04T20:00", "2026-03-05T07:30"),  # in the evening: the next morning
        ("2026-03-06T18:00", "2026-03-09T07:30"),  # on Friday evening: on Monday
        ("2026-04-27T12:00", "2026-04-28T07:30"),  # Giỗ Tổ is off
    ],
)
async def test_mail_waits_for_office_hours(w: World, post: Mailbox, reminded: str, sent: str) -> None:
    await subscribe(w, w.ca.clerk, post)
    await w.send(w.dispatch())  # on Monday 2 March; nobody signs
    go_to(w, vn(reminded))
    await tick(w, post)
    assert post.mails == []
    go_to(w, vn(sent) - timedelta(seconds=1))
    await tick(w, post)
    assert post.mails == []
    go_to(w, vn(sent))
    await tick(w, post)
    assert len(post.mails) == 1


async def test_what_was_due_while_the_relay_was_off_is_not_sent_at_night(w: World, post: Mailbox) -> None:
    await subscribe(w, w.ca.clerk, post)
    await w.send(w.dispatch())
    go_to(w, vn("2026-03-05T16:00"))
    await w.relay.deadlines.tick()
    go_to(w, vn("2026-03-05T22:00"))
    assert await look(w, post) == 0
    go_to(w, vn("2026-03-06T07:30"))
    assert await look(w, post) == 1


async def test_an_urgent_package_nobody_signed_for_is_told_at_night(w: World, post: Mailbox) -> None:
    await subscribe(w, w.ca.clerk, post, digest=True)
    go_to(w, vn("2026-03-07T23:00"))  # a Saturday
    await w.send(w.dispatch(urgency="hoa-toc"))
    assert await tick(w, post) == 1
    assert "bì khẩn chưa có người ký nhận" in post.subjects[0]
    assert "Ngày gửi: 07/03/2026" in post.text()


# --- digests


async def test_a_digest_gathers_the_day_in_one_mail(w: World, post: Mailbox) -> None:
    await subscribe(w, w.ca.clerk, post, digest=True)
    for _ in range(3):
        await w.send(w.dispatch())
    go_to(w, vn("2026-03-03T08:00"))
    await tick(w, post)
    assert post.mails == []
    go_to(w, vn("2026-03-03T08:10"))
    assert await tick(w, post) == 1
    assert post.subjects == ["[Ký nhận] Nhắc hạn: 3 mục"]
    assert post.text().count("Xem: kynhan case ") == 3
    assert (await listed(w, w.ca.clerk)).sent == 3
    # What comes later waits for the next day's.
    await w.send(w.dispatch(urgency=None))
    go_to(w, vn("2026-03-04T08:10"))
    await tick(w, post)
    go_to(w, vn("2026-03-04T08:20"))
    await tick(w, post)
    assert len(post.mails) == 2
    assert post.text().count("Xem: kynhan case ") == 4


async def test_there_is_one_digest_a_day_even_after_an_outage(w: World, post: Mailbox) -> None:
    await subscribe(w, w.ca.clerk, post, digest=True)
    await w.send(w.dispatch())
    go_to(w, vn("2026-03-03T08:00"))
    await w.relay.deadlines.tick()
    go_to(w, vn("2026-03-03T08:10"))
    assert await look(w, post) == 1
    _, signed_for = await w.send_and_sign(w.dispatch(term="in-province"))
    assert signed_for
    later = w.dispatch()
    await w.send(later)
    go_to(w, vn("2026-03-03T11:00"))
    row = {**notices.calendar_row(w.log.id, (await listed(w, w.ca.clerk)).id, 2027, w.clock.at.date(), 0)}
    await w.relay.ledger.task(lambda connection: notices.insert(connection, [row]))
    assert await look(w, post) == 0
    go_to(w, vn("2026-03-04T08:00"))
    await w.relay.deadlines.tick()
    go_to(w, vn("2026-03-04T08:11"))
    assert await look(w, post) == 1
    assert "2027" in post.text()


@pytest.mark.parametrize("refused", [0, 1])
async def test_a_digest_of_many_is_one_mail_also_when_it_is_repeated(
    w: World, post: Mailbox, refused: int
) -> None:
    await subscribe(w, w.ca.clerk, post, digest=True)
    for _ in range(BATCH + 9):
        await w.send(w.dispatch())
    go_to(w, vn("2026-03-03T08:00"))
    await w.relay.deadlines.tick()
    go_to(w, vn("2026-03-03T08:10"))
    post.answers["DATA"] += ["451 later"] * refused
    post.asked = 0
    await look(w, post)
    w.clock.advance(minutes=2)
    await look(w, post)
    assert post.asked == 1 + refused
    assert post.subjects == [f"[Ký nhận] Nhắc hạn: {BATCH + 9} mục"]
    assert post.text().count("Xem: kynhan case ") == BATCH + 9
    assert (await listed(w, w.ca.clerk)).sent == BATCH + 9


async def test_a_digest_tells_of_so_many_and_counts_the_rest(
    w: World, post: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "LISTED", 2)
    await subscribe(w, w.ca.clerk, post, digest=True, language="both")
    for _ in range(5):
        await w.send(w.dispatch())
    go_to(w, vn("2026-03-03T08:00"))
    await w.relay.deadlines.tick()
    go_to(w, vn("2026-03-03T08:10"))
    assert await look(w, post) == 1
    assert post.subjects == ["[Ký nhận] Nhắc hạn: 5 mục / Reminders: 5"]
    assert post.text().count("Xem: kynhan case ") == 2
    assert "Còn 3 mục nữa." in post.text()
    assert "There are 3 more." in post.text()


async def test_what_waits_since_yesterday_does_not_use_up_the_digest_of_today(
    w: World, post: Mailbox
) -> None:
    """The relay was off since before it was due; what the morning brings goes in the same mail, the same morning."""
    await subscribe(w, w.ca.clerk, post, digest=True)
    await w.send(w.dispatch())
    go_to(w, vn("2026-03-03T08:00"))
    await w.relay.deadlines.tick()
    go_to(w, vn("2026-03-04T07:45"))
    assert await look(w, post) == 0
    await w.send(w.dispatch(urgency="hoa-toc"))
    await w.send(w.dispatch())
    go_to(w, vn("2026-03-05T08:00"))
    await tick(w, post)
    post.mails.clear()
    go_to(w, vn("2026-03-05T08:10"))
    assert await look(w, post) == 1
    assert post.text().count("Xem: kynhan case ") >= 2


async def test_the_calendars_reminder_does_not_use_up_the_digest_of_today(w: World, post: Mailbox) -> None:
    await subscribe(w, w.ca.clerk, post, digest=True)
    go_to(w, vn("2026-10-02T09:00"))
    await look(w, post)
    await w.send(w.dispatch())
    go_to(w, vn("2026-10-05T07:30"))  # Monday: the first look of a new week
    post.mails.clear()
    assert await look(w, post) == 0
    go_to(w, vn("2026-10-05T08:00"))
    await w.relay.deadlines.tick()
    go_to(w, vn("2026-10-05T08:10"))
    assert await look(w, post) == 1
    assert "Xem: kynhan case " in post.text()
    assert "2027" in post.text()


async def test_a_digest_of_yesterday_that_went_late_is_not_that_of_today(w: World, post: Mailbox) -> None:
    await subscribe(w, w.ca.clerk, post, digest=True)
    await w.send(w.dispatch())
    go_to(w, vn("2026-03-03T08:00"))
    await w.relay.deadlines.tick()
    go_to(w, vn("2026-03-03T16:30"))
    post.answers["DATA"] += ["451 later"]
    assert await look(w, post) == 0
    await w.send(w.dispatch())
    go_to(w, vn("2026-03-04T07:40"))
    assert await look(w, post) == 1
    go_to(w, vn("2026-03-04T08:00"))
    await w.relay.deadlines.tick()
    go_to(w, vn("2026-03-04T08:10"))
    assert await look(w, post) == 1
    assert len(post.mails) == 2


# --- next year's calendar


async def test_from_october_on_the_missing_calendar_is_recalled_once_a_week(w: World, post: Mailbox) -> None:
    await subscribe(w, w.ca.clerk, post)
    await subscribe(w, w.ccq.approver, post, "lanh-dao@ccq.tinh.example")
    await subscribe(w, w.ca.auditor, post, "kiem-tra@ca.tinh.example")
    go_to(w, vn("2026-09-30T09:00"))
    assert await look(w, post) == 0
    days = 0
    while w.clock.at < vn("2026-10-15T09:00"):
        w.clock.advance(days=1)
        days += await look(w, post)
    assert days == 3 * 2  # three weeks, two who draw up calendars
    assert set(post.recipients) == {ADDRESS, "lanh-dao@ccq.tinh.example"}
    assert "Chưa có lịch làm việc chính thức năm 2027" in post.text()
