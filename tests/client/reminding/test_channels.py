"""Our channels at a real relay; bad input is one named error, and nothing is kept."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from tests.client.agreement import CA
from tests.client.parties import Parties, parties
from tests.server.mailbox import Mailbox, mailbox

from kynhan_client.errors import ClientError
from kynhan_client.relay.relay import Relay
from kynhan_client.reminding import channels
from kynhan_server.channels.outgoing import Outgoing, Webhooks

ADDRESS = "van-thu@tinh.example"


@pytest.fixture
def post() -> Iterator[Mailbox]:
    with mailbox() as made:
        yield made


@pytest.fixture
async def two(tmp_path: Path, post: Mailbox) -> AsyncIterator[Parties]:
    async with parties(tmp_path) as made:
        await made.stop_relay()
        made.outgoing = Outgoing(mail=post.server, webhooks=Webhooks(hosts=("hooks.tinh.example",)))
        await made.start_relay()
        yield made


async def code_in(post: Mailbox) -> str:
    """The code that comes by mail."""
    async with asyncio.timeout(20):
        while not post.mails:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    return next(line.split()[-1] for line in post.text().splitlines() if "channel confirm" in line)


async def code_of(work: object) -> str:
    with pytest.raises(ClientError) as refused:
        await work  # type: ignore[misc]
    assert refused.value.vi
    assert refused.value.en
    return refused.value.code


async def test_a_mailbox_is_confirmed_by_what_came_there(two: Parties, post: Mailbox) -> None:
    relay = two.to[CA]
    made = await channels.add_mail(relay, ADDRESS, language="vi", digest=True)
    assert (made.confirmed, made.digest, made.language) == (False, True, "vi")
    assert post.mails == [] or post.recipients == [ADDRESS]
    code = await code_in(post)
    assert await code_of(channels.confirm(relay, "AAAA-AAAA")) == "bad-channel-code"
    assert (await channels.confirm(relay, code.lower().replace("-", ""))).confirmed
    assert [one.address for one in await channels.listing(relay)] == [ADDRESS]
    found = await channels.find(relay, made.id[:8])
    await channels.remove(relay, found)
    assert await channels.listing(relay) == ()
    assert await code_of(channels.find(relay, made.id)) == "no-channel"


async def test_a_feed_has_an_address_that_opens(two: Parties) -> None:
    made = await channels.add_feed(two.to[CA], language="vi")
    assert made.url.startswith(f"http://127.0.0.1:{two.port}/v1/feeds/")
    target = made.url.removeprefix(two.to[CA].wire.url)
    async with two.to[CA].wire.exchange("GET", target, signed=False) as answered:
        assert b"BEGIN:VCALENDAR" in await answered.read(1 << 20)
    assert (await channels.listing(two.to[CA]))[0].address is None


@pytest.mark.parametrize(
    "address", ["", "x", "x@y.example\r\nBcc: z@y.example", "x@y.example\u202e", "a" * 10_000 + "@y.example"]
)
async def test_what_is_no_address_is_not_even_sent(two: Parties, post: Mailbox, address: str) -> None:
    relay = two.to[CA]
    with pytest.raises(ClientError) as refused:
        await channels.add_mail(relay, address, language="vi")
    assert refused.value.code == "bad-address"
    assert len(refused.value.vi) < 200
    assert await channels.listing(relay) == ()
    assert post.asked == 0


async def test_webhooks_are_https_and_go_where_the_operator_lets_them(two: Parties) -> None:
    relay = two.to[CA]
    for url in ("http://hooks.tinh.example/", "hooks.tinh.example", "https://u:p@hooks.tinh.example/"):
        assert await code_of(channels.add_webhook(relay, url, language="vi")) == "bad-webhook"
    for url in ("https://elsewhere.example/", "https://127.0.0.1/", "http://localhost:8480/"):
        assert await code_of(channels.add_webhook(relay, url, language="vi")) == "channel-refused"
    made = await channels.add_webhook(relay, "https://hooks.tinh.example/x", language="vi")
    assert made.confirmed


async def test_too_many_are_refused_in_words(two: Parties) -> None:
    relay: Relay = two.to[CA]
    for _ in range(10):
        await channels.add_feed(relay, language="vi")
    with pytest.raises(ClientError) as refused:
        await channels.add_feed(relay, language="vi")
    assert refused.value.code == "channel-refused"
    assert "đã đủ số kênh" in refused.value.vi


@pytest.mark.parametrize("prefix", ["", "abc", "zzzz", "0" * 10_000, "../../x"])
async def test_an_unknown_channel(two: Parties, prefix: str) -> None:
    await channels.add_feed(two.to[CA], language="vi")
    assert await code_of(channels.find(two.to[CA], prefix)) == "no-channel"
