"""Reminders that reach people: the outbox, mail on a real SMTP server, each once, at the right hour."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from tests.server.log.test_deadlines import at_eight, running_case
from tests.server.mailbox import Mailbox, mailbox
from tests.server.world import Person, World, world

from kynhan_protocol.wire import api
from kynhan_server.channels import mailing
from kynhan_server.channels.outgoing import Outgoing
from kynhan_server.log import notices
from kynhan_server.store import tables as t
from kynhan_server.upkeep import sending
from kynhan_server.upkeep.sending import Sender

ADDRESS = "van-thu@ca.tinh.example"


@pytest.fixture
async def w(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path / "relay") as made:
        made.clock.demo = True
        yield made


@pytest.fixture
def post() -> Iterator[Mailbox]:
    with mailbox() as made:
        yield made


async def subscribe(
    w: World,
    person: Person,
    post: Mailbox,
    address: str = ADDRESS,
    *,
    digest: bool = False,
    language: str = "vi",
) -> str:
    """A confirmed mail channel; gives its id. The mail with its code is not left in the mailbox."""
    actor = await w.actor(person)
    wanted = api.NewChannel(kind="mail", address=address, digest=digest, language=language)  # type: ignore[arg-type]
    made = await w.relay.channels.add(w.log, actor, wanted, Outgoing(mail=post.server))
    await look(w, post)
    code = next(line.split()[-1] for line in post.text().splitlines() if "channel confirm" in line)
    await w.relay.channels.confirm(w.log, actor, code)
    post.mails.clear()
    post.recipients.clear()
    return made.channel.id


async def look(w: World, post: Mailbox) -> int:
    sender = Sender(w.relay, Outgoing(mail=post.server), 1)
    try:
        return await sender.look()
    finally:
        await sender.stop()


async def tick(w: World, post: Mailbox) -> int:
    """Everything the relay does by itself, once."""
    await w.relay.deadlines.tick()
    return await look(w, post)


def go_to(w: World, moment: datetime) -> None:
    w.clock.advance(seconds=(moment - w.clock.at).total_seconds())


def vn(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+07:00").astimezone(UTC)


async def rows(w: World) -> list[object]:
    async with w.relay._store.read() as connection:
        return list(await connection.execute(select(t.notices).where(t.notices.c.about != notices.CODE)))


async def listed(w: World, person: Person) -> api.Channel:
    return (await w.relay.channels.listing(w.log, await w.actor(person)))[0]


# --- what it says, and to whom


async def test_a_reminder_comes_by_mail_once_with_number_step_and_date_only(w: World, post: Mailbox) -> None:
    await subscribe(w, w.ca.clerk, post, language="both")
    due = await running_case(w)
    go_to(w, at_eight(due.due))
    assert await tick(w, post) == 1
    assert await tick(w, post) == 0
    assert post.recipients == [ADDRESS]
    mail = post.mails[0]
    short, shown = due.case[:12], f"{due.due:%d/%m/%Y}"
    assert mail["Subject"] == (f"[Ký nhận] Việc {short}: đến hạn hôm nay / Case {short}: due today")
    assert post.text().splitlines()[:8] == [
        f"Việc {short}: đến hạn hôm nay",
        f"Hạn trả lời: {shown}",
        f"Xem: kynhan case {short}",
        "",
        f"Case {short}: due today",
        f"Due date: {shown}",
        f"See: kynhan case {short}",
        "",
    ]
    assert mail["Auto-Submitted"] == "auto-generated"
    assert str(mail["From"]) == "Ký nhận <kynhan@relay.example>"
    for name in ("ccq.example", "cand.example", "marker"):
        assert name not in post.raw[-1].decode()
    kept = await listed(w, w.ca.clerk)
    assert (kept.sent, kept.waiting, kept.failed, kept.error) == (1, 0, 0, None)


# The due date is a Monday: three days before it is the Friday, step -1.


async def test_approvers_are_told_from_the_day_on_and_that_it_is_an_escalation(
    w: World, post: Mailbox
) -> None:
    await subscribe(w, w.ca.clerk, post)
    await subscribe(w, w.ccq.approver, post, "lanh-dao@ccq.tinh.example")
    due = await running_case(w)
    go_to(w, at_eight(due.due, -3))
    await tick(w, post)
    assert set(post.recipients) == {ADDRESS}
    post.recipients.clear()
    go_to(w, at_eight(due.due))
    await tick(w, post)
    assert sorted(post.recipients) == ["lanh-dao@ccq.tinh.example", ADDRESS]
    by_address = {str(mail["To"]): mail.get_content() for mail in post.mails[-2:]}
    assert "Gửi người duyệt phát hành" in by_address["lanh-dao@ccq.tinh.example"]
    assert "Gửi người duyệt phát hành" not in by_address[ADDRESS]


async def test_who_is_not_reminded_gets_nothing(w: World, post: Mailbox) -> None:
    await subscribe(w, w.ccq.clerk, post)
    due = await running_case(w)
    go_to(w, at_eight(due.due, -3))
    await tick(w, post)
    assert await rows(w) == []


async def test_a_provisional_date_and_a_target_are_marked(w: World, post: Mailbox) -> None:
    await subscribe(w, w.ca.clerk, post)
    go_to(w, vn("2026-11-02T09:00"))
    _, signed_for = await w.send_and_sign(w.dispatch(term="foreign"))
    go_to(w, vn("2027-01-20T09:00"))
    await tick(w, post)
    assert signed_for
    text = "\n".join(mail.get_content() for mail in post.mails)
    assert "đến mốc phấn đấu" in text
    assert "Mốc phấn đấu: 01/02/2027 (dự kiến)" in text
    assert "quá hạn" not in text


# --- trying again


async def test_a_mail_refused_for_now_is_tried_again_later_and_later(w: World, post: Mailbox) -> None:
    await subscribe(w, w.ca.clerk, post)
    due = await running_case(w)
    go_to(w, at_eight(due.due))
    post.answers["DATA"] += ["451 later"] * 3
    post.asked = 0
    await tick(w, post)
    assert (await listed(w, w.ca.clerk)).error == "smtp-data-451"
    tried = [0]
    for _ in range(20):
        w.clock.advance(seconds=30)
        await tick(w, post)
        tried.append(post.asked)
    # after 1, 2 and 4 minutes
    assert [tried.index(number) * 30 for number in (2, 3, 4)] == [60, 180, 420]
    assert len(post.mails) == 1
    kept = await listed(w, w.ca.clerk)
    assert (kept.sent, kept.failed, kept.error) == (1, 0, None)


async def test_every_attempt_has_the_same_message_id(w: World, post: Mailbox) -> None:
    await subscribe(w, w.ca.clerk, post)
    due = await running_case(w)
    go_to(w, at_eight(due.due))
    original = w.relay.outbox.done

    async def lost(message: object) -> None:
        raise RuntimeError("the database was gone when the server had accepted it")

    w.relay.outbox.done = lost  # type: ignore[method-assign, assignment]
    await w.relay.deadlines.tick()
    with pytest.raises(RuntimeError):
        await look(w, post)
    w.relay.outbox.done = original  # type: ignore[method-assign]
    assert await look(w, post) == 0  # it is still claimed
    w.clock.advance(seconds=notices.LEASE + 1)
    assert await look(w, post) == 1
    first, second = post.mails
    assert first["Message-ID"] == second["Message-ID"]


async def test_an_address_refused_for_good_is_given_up_and_the_member_sees_it(
    w: World, post: Mailbox
) -> None:
    await subscribe(w, w.ca.clerk, post)
    due = await running_case(w)
    go_to(w, at_eight(due.due))
    post.answers["RCPT"] += ["550 no such user"]
    post.asked = 0
    assert await tick(w, post) == 0
    for _ in range(5):
        w.clock.advance(hours=1)
        await look(w, post)
    assert post.asked == 1
    kept = await listed(w, w.ca.clerk)
    assert (kept.sent, kept.waiting, kept.failed, kept.error) == (0, 0, 1, "smtp-recipient-550")


async def test_what_never_goes_is_given_up_after_days(w: World, post: Mailbox) -> None:
    await subscribe(w, w.ca.clerk, post)
    due = await running_case(w)
    go_to(w, at_eight(due.due))
    await w.relay.deadlines.tick()
    post.answers["DATA"] += ["451 later"] * 1000
    for _ in range(14 * 24):  # there are holidays in between
        await look(w, post)
        w.clock.advance(hours=1)
    kept = await listed(w, w.ca.clerk)
    assert (kept.sent, kept.waiting, kept.failed) == (0, 0, 1)


async def test_a_server_that_is_not_there_is_no_error_of_ours(w: World, post: Mailbox) -> None:
    await subscribe(w, w.ca.clerk, post)
    due = await running_case(w)
    go_to(w, at_eight(due.due))
    await w.relay.deadlines.tick()
    with mailbox() as other:
        gone = other
    sender = Sender(w.relay, Outgoing(mail=gone.server), 1)
    assert await sender.look() == 0
    await sender.stop()
    assert (await listed(w, w.ca.clerk)).error == "smtp-unreachable"
    w.clock.advance(minutes=2)
    assert await look(w, post) == 1


# --- exactly one row, at least one mail


CHILD = """
import asyncio, os, signal, sys
from datetime import datetime
from pathlib import Path
from kynhan_server.log import writer
from kynhan_server.channels.outbox import Outbox
from kynhan_server.channels.outgoing import MailServer, Outgoing
from kynhan_server.upkeep.sending import Sender
from tests.server.mailbox import SENDER
from tests.server.world import World, ManualClock, Settings

def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)

async def main():
    world = World(Path(sys.argv[1]), ManualClock(datetime.fromisoformat(sys.argv[2]), demo=True), Settings())
    await world.open()
    moment = sys.argv[4]
    if moment == "reminder-committed":
        writer.Writer._publish = die
    elif moment == "reminder-uncommitted":
        writer.write_group = die
    await world.relay.deadlines.tick()
    if moment == "mail-accepted":
        Outbox.done = die
    await Sender(world.relay, Outgoing(mail=MailServer("127.0.0.1", int(sys.argv[3]), "none", SENDER)), 1).look()

asyncio.run(main())
"""


def run_child(w: World, post: Mailbox, moment: str) -> None:
    top = Path(__file__).parents[3]
    child = subprocess.run(
        [sys.executable, "-c", CHILD, str(w.folder), w.clock.at.isoformat(), str(post.port), moment],
        capture_output=True,
        cwd=top,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(top), os.environ.get("PYTHONPATH", "")])},
    )
    assert child.returncode == -signal.SIGKILL, child.stderr


@pytest.mark.parametrize("moment", ["reminder-uncommitted", "reminder-committed", "mail-accepted"])
async def test_killed_in_between_there_is_one_row_and_the_same_mail(
    w: World, post: Mailbox, moment: str
) -> None:
    await subscribe(w, w.ca.clerk, post)
    due = await running_case(w)
    go_to(w, at_eight(due.due))
    await w.relay.close()
    await asyncio.to_thread(run_child, w, post, moment)
    await w.open()
    w.clock.advance(seconds=notices.LEASE + 1)
    await tick(w, post)
    assert len(await rows(w)) == 1
    ids = [mail["Message-ID"] for mail in post.mails]
    assert len(ids) == (2 if moment == "mail-accepted" else 1)
    assert len(set(ids)) == 1
    assert (await listed(w, w.ca.clerk)).sent == 1


async def test_two_processes_on_one_folder_send_it_once(w: World, post: Mailbox) -> None:
    await subscribe(w, w.ca.clerk, post)
    due = await running_case(w)
    go_to(w, at_eight(due.due))
    await w.relay.deadlines.tick()
    other = World(w.folder, w.clock, w.settings)
    await other.open()
    try:
        await asyncio.gather(*(look(each, post) for each in (w, other, w, other)))
    finally:
        await other.relay.close()
    assert len(post.mails) == 1


@pytest.mark.parametrize("attempts", [0, 1])
async def test_who_looked_at_the_same_moment_gets_nothing_to_send(
    w: World, post: Mailbox, attempts: int
) -> None:
    """Two processes saw the same row, new or to be tried again; one of them has it."""
    await subscribe(w, w.ca.clerk, post)
    due = await running_case(w)
    go_to(w, at_eight(due.due))
    await w.relay.deadlines.tick()
    post.answers["DATA"] += ["451 later"] * attempts
    for _ in range(attempts):
        await look(w, post)
        w.clock.advance(minutes=2)
    now = int(w.clock.at.timestamp())
    async with w.relay._store.read() as connection:
        seen = [notices.waiting(row) for row in await connection.execute(notices.due_query(now, 10))]
    assert len(seen) == 1
    claims = [
        await w.relay.ledger.task(lambda connection: notices.claim(connection, seen, now)) for _ in range(2)
    ]
    assert [len(mine) for _, mine in claims] == [1, 0]
    assert await look(w, post) == 0


async def test_a_member_no_longer_in_force_is_sent_nothing(w: World, post: Mailbox) -> None:
    await subscribe(w, w.ca.clerk, post)
    due = await running_case(w)
    go_to(w, at_eight(due.due))
    await w.relay.deadlines.tick()
    await w.revoke(w.ca, w.ca.clerk.signer.vkey)
    assert await look(w, post) == 0
    assert [row.error for row in await rows(w)] == ["not-in-force"]  # type: ignore[attr-defined]


async def test_a_server_that_hangs_neither_holds_up_the_writer_nor_the_end(
    w: World, post: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    await subscribe(w, w.ca.clerk, post)
    due = await running_case(w)
    go_to(w, at_eight(due.due))
    await w.relay.deadlines.tick()
    monkeypatch.setattr(sending, "GRACE", 0.2)
    connected, let_go = asyncio.Event(), asyncio.Event()

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connected.set()
        await let_go.wait()
        writer.close()

    hanging = await asyncio.start_server(silent, "127.0.0.1", 0)
    port = hanging.sockets[0].getsockname()[1]
    sender = Sender(w.relay, Outgoing(mail=replace(post.server, port=port)), 0.05)
    sender.start()
    async with asyncio.timeout(10):
        await connected.wait()
        await w.send(w.dispatch("message", case=due.case))
        await sender.stop()
    let_go.set()
    hanging.close()
    await hanging.wait_closed()
    assert await look(w, post) == 0  # claimed by who was stopped
    w.clock.advance(seconds=notices.LEASE + 1)
    assert await look(w, post) == 1


async def test_a_server_that_hangs_is_left_alone_for_a_while(
    w: World, post: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that one silent server does not take the time of all others' messages."""
    for number in range(9):
        await subscribe(w, w.ca.clerk, post, f"vt{number}@ca.tinh.example")
    due = await running_case(w)
    go_to(w, at_eight(due.due))
    await w.relay.deadlines.tick()
    asked = 0

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal asked
        asked += 1
        await reader.read()
        writer.close()

    hanging = await asyncio.start_server(silent, "127.0.0.1", 0)
    port = hanging.sockets[0].getsockname()[1]
    sender = Sender(w.relay, Outgoing(mail=replace(post.server, port=port)), 1)
    with monkeypatch.context() as impatient:
        impatient.setattr(mailing, "SECONDS", 0.2)
        assert await sender.look() == 0
        assert asked == sending.AT_ONCE
        assert {row.error for row in await rows(w)} == {"smtp-unreachable"}  # type: ignore[attr-defined]
        w.clock.advance(seconds=sending.PEACE)
        assert await sender.look() == 0
    assert asked == 2 * sending.AT_ONCE
    await sender.stop()
    hanging.close()
    await hanging.wait_closed()
    w.clock.advance(minutes=3)
    assert await look(w, post) == 9


async def test_what_did_not_begin_while_it_was_claimed_is_left_to_the_next_look(
    w: World, post: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Slow mail: before the lease of the last ones ends, and another process takes them, this one stops."""
    for number in range(8):
        await subscribe(w, w.ca.clerk, post, f"vt{number}@ca.tinh.example")
    due = await running_case(w)
    go_to(w, at_eight(due.due))
    await w.relay.deadlines.tick()
    send = mailing.send

    async def slow(*given: Any) -> None:
        w.clock.advance(seconds=30)
        await send(*given)

    monkeypatch.setattr(mailing, "send", slow)
    begun = await look(w, post)
    assert begun < 8
    monkeypatch.setattr(mailing, "send", send)
    assert await look(w, post) == 0
    w.clock.advance(seconds=notices.LEASE)
    assert begun + await look(w, post) == 8
    assert len(post.mails) == 8


async def test_a_mail_that_cannot_be_made_holds_up_nobody_else(
    w: World, post: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    await subscribe(w, w.ca.clerk, post)
    await subscribe(w, w.ca.clerk, post, "other@ca.tinh.example")
    due = await running_case(w)
    go_to(w, at_eight(due.due))
    await w.relay.deadlines.tick()
    compose = mailing.compose

    def odd(server: Any, to: str, *given: Any, **named: Any) -> Any:
        if to == ADDRESS:
            raise ValueError(to)
        return compose(server, to, *given, **named)

    monkeypatch.setattr(mailing, "compose", odd)
    assert await look(w, post) == 1
    assert post.recipients == ["other@ca.tinh.example"]
    assert {row.error for row in await rows(w)} == {None, "internal"}  # type: ignore[attr-defined]


async def test_a_clock_in_doubt_sends_nothing(w: World, post: Mailbox) -> None:
    await subscribe(w, w.ca.clerk, post)
    due = await running_case(w)
    go_to(w, at_eight(due.due))
    await w.relay.deadlines.tick()
    w.clock.demo = False
    w.clock.jump(days=40)
    assert await look(w, post) == 0
    w.clock.jump(days=-40)
    assert await look(w, post) == 1
