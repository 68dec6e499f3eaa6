"""A member's channels over HTTP: its own, few, confirmed; and the calendar feed, read back by another library."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import vobject
from sqlalchemy import select
from tests.protocol.world import APPROVER, CA, CA_CLERK, CCQ, CLERK, UNIT
from tests.server.agreement import AUDITOR, Agreement, Answer, admitted, found, joined, live
from tests.server.mailbox import Mailbox, mailbox

from kynhan_protocol.strict_json import decode
from kynhan_protocol.wire import api
from kynhan_server.channels.outgoing import Outgoing, Webhooks
from kynhan_server.relay import Relay
from kynhan_server.store import tables as t

JSON = {"Content-Type": api.JSON}
ADDRESS = "van-thu@tinh.example"


@dataclass
class Scene:
    agreement: Agreement
    relay: Relay
    post: Mailbox

    async def add(self, member: str, **wanted: Any) -> Answer:
        return await self.post_json(member, api.CHANNELS, json.dumps(wanted).encode())

    async def made(self, member: str, **wanted: Any) -> api.ChannelMade:
        answer = await self.add(member, **wanted)
        assert answer.status == 201, answer.body
        return decode(answer.body, api.ChannelMade)

    async def confirm(self, member: str, code: str) -> Answer:
        return await self.post_json(member, api.CONFIRMATION, json.dumps({"code": code}).encode())

    async def post_json(self, member: str, template: str, content: bytes) -> Answer:
        path = self.agreement.path(template)
        return await self.agreement.ask(member, "POST", path, headers=JSON, content=content)

    async def own(self, member: str) -> tuple[api.Channel, ...]:
        answer = await self.agreement.ask(member, "GET", self.agreement.path(api.CHANNELS))
        assert answer.headers["Cache-Control"] == "no-store"
        return decode(answer.body, api.Channels).channels

    async def remove(self, member: str, channel: str) -> Answer:
        return await self.agreement.ask(member, "DELETE", self.agreement.path(api.CHANNEL, channel=channel))

    async def code(self, channel: str) -> str:
        """What was mailed, from the database: the mail itself is tested in test_notices.py."""
        c = t.channels.c
        async with self.relay._store.read() as connection:
            found: str = (await connection.execute(select(c.code).where(c.id == channel))).scalar_one()
            return found

    async def count(self) -> tuple[int, int]:
        async with self.relay._store.read() as connection:
            channels = (await connection.execute(select(t.channels))).all()
            notices = (await connection.execute(select(t.notices))).all()
        return len(channels), len(notices)


def on_disk(folder: Path, what: bytes) -> bool:
    """Whether the database or its log has these bytes anywhere."""
    return any(what in file.read_bytes() for file in folder.glob("relay.db*"))


@pytest.fixture
def post() -> Iterator[Mailbox]:
    with mailbox() as made:
        yield made


@pytest.fixture
async def scene(tmp_path: Path, post: Mailbox) -> AsyncIterator[Scene]:
    keys = await admitted(tmp_path, "ccq-ca", "relay.example/kynhan", (CCQ, CA))
    offered = Outgoing(mail=post.server, webhooks=Webhooks())
    async with AsyncExitStack() as stack:
        serving = await stack.enter_async_context(live(tmp_path, outgoing=offered))
        agreement = await stack.enter_async_context(
            joined(serving.authority, "ccq-ca", "relay.example/kynhan", keys)
        )
        await found(agreement)
        yield Scene(agreement, serving.relay, post)


async def test_mail_waits_for_its_code_and_then_is_confirmed(scene: Scene) -> None:
    made = await scene.made(CLERK, kind="mail", address=ADDRESS, language="vi", digest=True)
    assert made.feed is None
    assert (made.channel.confirmed, made.channel.address) == (False, ADDRESS)
    code = await scene.code(made.channel.id)
    assert (await scene.confirm(CA_CLERK, code)).code == "bad-code"  # another member's
    answer = await scene.confirm(CLERK, code.lower())
    assert answer.status == 200
    assert [one.confirmed for one in await scene.own(CLERK)] == [True]
    assert (await scene.confirm(CLERK, code)).code == "bad-code"  # once


async def test_a_code_cannot_be_guessed(scene: Scene) -> None:
    made = await scene.made(CLERK, kind="mail", address=ADDRESS)
    code = await scene.code(made.channel.id)
    for _ in range(5):
        assert (await scene.confirm(CLERK, "AAAA-AAAA")).code == "bad-code"
    assert (await scene.confirm(CLERK, code)).code == "bad-code"


async def test_everybody_sees_and_removes_only_their_own(scene: Scene) -> None:
    mine = (await scene.made(CLERK, kind="feed")).channel
    for other in (CA_CLERK, UNIT, APPROVER, AUDITOR):
        assert await scene.own(other) == ()
        refused = await scene.remove(other, mine.id)
        absent = await scene.remove(other, "0" * 32)
        assert (refused.status, refused.body) == (absent.status, absent.body) == (404, absent.body)
    assert (await scene.remove(CLERK, mine.id)).status == 204
    assert await scene.own(CLERK) == ()
    assert (await scene.remove(CLERK, mine.id)).status == 404


async def test_removing_leaves_neither_address_nor_notices_on_disk(scene: Scene, tmp_path: Path) -> None:
    made = await scene.made(CLERK, kind="mail", address="rat-de-tim@tinh.example")
    assert on_disk(tmp_path, b"rat-de-tim")
    await scene.remove(CLERK, made.channel.id)
    assert await scene.count() == (0, 0)
    assert not on_disk(tmp_path, b"rat-de-tim")


async def test_it_leaves_the_disk_later_where_somebody_reads_for_long(scene: Scene, tmp_path: Path) -> None:
    made = await scene.made(CLERK, kind="mail", address="rat-de-tim@tinh.example")
    with closing(sqlite3.connect(tmp_path / "relay.db", isolation_level=None)) as reading:
        reading.execute("BEGIN")
        reading.execute("SELECT count(*) FROM statements").fetchall()
        await scene.remove(CLERK, made.channel.id)
        assert on_disk(tmp_path, b"rat-de-tim")
    await scene.relay.deadlines.tick()
    assert not on_disk(tmp_path, b"rat-de-tim")


async def test_ten_channels_are_enough(scene: Scene) -> None:
    for _ in range(10):
        await scene.made(CLERK, kind="feed")
    refused = await scene.add(CLERK, kind="feed")
    assert (refused.status, refused.code) == (409, "too-many-channels")
    await scene.made(CA_CLERK, kind="feed")


async def test_strangers_are_not_flooded_with_codes(scene: Scene) -> None:
    for _ in range(10):
        made = await scene.made(CLERK, kind="mail", address=ADDRESS)
        await scene.remove(CLERK, made.channel.id)
    refused = await scene.add(CLERK, kind="mail", address=ADDRESS)
    assert (refused.status, refused.code) == (429, "rate-limited")
    again = await scene.add(CA_CLERK, kind="mail", address=ADDRESS)
    assert again.code == "rate-limited"


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        ({"kind": "mail", "address": "x@y.example\r\nBcc: z@y.example"}, "bad-channel"),
        ({"kind": "mail", "address": "x@y.example\u202e"}, "bad-channel"),
        ({"kind": "mail", "address": "a" * 10_000 + "@y.example"}, "bad-channel"),
        ({"kind": "mail", "address": ""}, "bad-channel"),
        ({"kind": "mail"}, "bad-channel"),
        ({"kind": "webhook", "address": "http://hooks.example/"}, "bad-channel"),
        ({"kind": "webhook", "address": "https://127.0.0.1/"}, "bad-channel"),
        ({"kind": "webhook", "address": "https://localhost/"}, "bad-channel"),
        ({"kind": "webhook", "address": "https://10.0.0.1/"}, "bad-channel"),
        ({"kind": "webhook", "address": "https://169.254.169.254/latest"}, "bad-channel"),
        ({"kind": "webhook", "address": "https://[::ffff:10.0.0.1]/"}, "bad-channel"),
        ({"kind": "webhook", "address": "https://[64:ff9b::a00:1]/"}, "bad-channel"),
        ({"kind": "webhook", "address": "https://u:p@hooks.example/"}, "bad-channel"),
        ({"kind": "webhook", "address": "https://hooks.example/", "digest": True}, "bad-channel"),
        ({"kind": "feed", "address": "https://hooks.example/"}, "bad-channel"),
        ({"kind": "fax", "address": "1"}, "bad-json"),
        ({"kind": "mail", "address": ADDRESS, "language": "fr"}, "bad-json"),
        ({"kind": "mail", "address": ADDRESS, "confirmed": True}, "bad-json"),
        ({}, "bad-json"),
        ([], "bad-json"),
    ],
)
async def test_bad_channels_are_refused_and_nothing_is_kept(scene: Scene, wanted: Any, code: str) -> None:
    answer = await scene.post_json(CLERK, api.CHANNELS, json.dumps(wanted).encode())
    assert answer.code == code
    assert await scene.count() == (0, 0)
    assert scene.post.asked == 0


@pytest.mark.parametrize(
    "content", [b"", b"{", b"\xff", b'{"kind":"feed","kind":"feed"}', b"[" * 40, b"x" * 20_000]
)
async def test_rubbish_is_refused(scene: Scene, content: bytes) -> None:
    for template in (api.CHANNELS, api.CONFIRMATION):
        answer = await scene.post_json(CLERK, template, content)
        assert 400 <= answer.status < 500
    assert await scene.count() == (0, 0)


async def test_the_same_address_is_one_channel(scene: Scene) -> None:
    await scene.made(CLERK, kind="webhook", address="https://hooks.example/x")
    again = await scene.add(CLERK, kind="webhook", address="https://Hooks.example:443/x")
    assert (again.status, again.code) == (422, "bad-channel")


async def test_what_the_operator_does_not_offer_is_refused(tmp_path: Path) -> None:
    keys = await admitted(tmp_path, "ccq-ca", "relay.example/kynhan", (CCQ, CA))
    async with AsyncExitStack() as stack:
        serving = await stack.enter_async_context(live(tmp_path))
        agreement = await stack.enter_async_context(
            joined(serving.authority, "ccq-ca", "relay.example/kynhan", keys)
        )
        await found(agreement)
        bare = Scene(agreement, serving.relay, Mailbox())
        for wanted in (
            {"kind": "mail", "address": ADDRESS},
            {"kind": "webhook", "address": "https://a.example/"},
        ):
            assert (await bare.add(CLERK, **wanted)).code == "bad-channel"
        await bare.made(CLERK, kind="feed")


# --- the feed


async def get(scene: Scene, path: str) -> Answer:
    return await scene.agreement.ask(None, "GET", path)


def events(answer: Answer) -> list[Any]:
    assert answer.status == 200
    calendar = vobject.readOne(answer.body.decode())
    assert calendar.method.value == "PUBLISH"
    return list(calendar.contents.get("vevent", ()))


async def test_the_feed_has_running_deadlines_and_says_nothing_of_the_case(scene: Scene) -> None:
    feed = (await scene.made(CA_CLERK, kind="feed", language="vi")).feed
    assert feed is not None
    assert events(await get(scene, feed)) == []
    posted, _ = await scene.agreement.send()
    assert events(await get(scene, feed)) == []  # nobody has signed yet
    await scene.agreement.receipt(posted.id)
    answer = await get(scene, feed)
    (event,) = events(answer)
    assert answer.headers["Content-Type"] == api.CALENDAR_FEED
    assert answer.headers["Cache-Control"] == "no-store"
    case = event.uid.value
    assert event.summary.value.startswith("Hạn trả lời")
    assert case[:12] in event.summary.value
    assert event.description.value == f"kynhan case {case[:12]}"
    alarms = [alarm.trigger.value for alarm in event.contents["valarm"]]
    assert len(alarms) == 2
    assert alarms[1].date() == event.dtstart.value
    assert alarms[1].hour == 1  # 08:00 in Việt Nam
    assert alarms[0] < alarms[1]
    assert int(event.sequence.value) > 0
    assert event.status.value in ("CONFIRMED", "TENTATIVE")
    assert ("dự kiến" in event.summary.value) == (event.status.value == "TENTATIVE")
    for word in (CLERK, CA_CLERK, CCQ, CA, "3.1"):
        assert word not in answer.body.decode()


async def test_a_unit_has_only_its_own_in_its_feed(scene: Scene) -> None:
    feed = (await scene.made(UNIT, kind="feed")).feed
    clerks = (await scene.made(CLERK, kind="feed")).feed
    assert feed is not None
    assert clerks is not None
    posted, _ = await scene.agreement.send()
    await scene.agreement.receipt(posted.id)
    assert events(await get(scene, feed)) == []
    assert len(events(await get(scene, clerks))) == 1
    posted, _ = await scene.agreement.send(to=UNIT)
    await scene.agreement.receipt(posted.id, by=UNIT)
    assert len(events(await get(scene, feed))) == 1
    assert len(events(await get(scene, clerks))) == 2


async def test_every_other_secret_is_not_found_alike(scene: Scene) -> None:
    made = await scene.made(CLERK, kind="feed")
    mine = (await scene.made(CA_CLERK, kind="feed")).feed
    assert made.feed is not None
    assert mine is not None
    nothing = await get(scene, api.path(api.FEED, secret="A" * 43))
    assert nothing.status == 404
    await scene.remove(CLERK, made.channel.id)
    removed = await get(scene, made.feed)
    await scene.agreement.revoke(CA_CLERK)
    revoked = await get(scene, mine)
    odd = await get(scene, made.feed[:-5] + ".ics")
    for answer in (removed, revoked, odd):
        assert (answer.status, answer.body) == (404, nothing.body)


async def test_the_secret_is_kept_as_a_hash_only_and_logged_nowhere(
    scene: Scene, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    made = await scene.made(CLERK, kind="feed")
    await scene.made(CLERK, kind="mail", address="khong-ghi-nhat-ky@tinh.example")
    assert made.feed is not None
    secret = made.feed.rpartition("/")[2].removesuffix(".ics")
    await get(scene, made.feed)
    await get(scene, made.feed + "x")
    assert not on_disk(tmp_path, secret.encode())
    out, err = capfd.readouterr()
    assert secret not in out + err
    assert "khong-ghi-nhat-ky" not in out + err
    assert all(secret not in repr(one) for one in await scene.own(CLERK))
