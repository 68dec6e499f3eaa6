"""Our own channels at the relay: mail, webhooks, calendar feeds. What the relay keeps of them, it shows to us alone.

Addresses are checked here first, by the rules that the relay uses too (protocol/channels.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeVar

from kynhan_protocol import strict_json
from kynhan_protocol.agreement import channels
from kynhan_protocol.errors import ChannelError
from kynhan_protocol.wire import api
from kynhan_protocol.wire.api import Channel

from ..clauses import clause, relay_says
from ..errors import ClientError, problem
from ..relay.relay import Relay
from ..words import Language

MAX_ANSWER: Final = 64 * 1024
LEAST: Final = 4
SHOWN: Final = 60
_OWN: Final = ("bad-channel", "too-many-channels", "rate-limited")

_Shape = TypeVar("_Shape")

__all__ = ["Channel", "Feed", "add_feed", "add_mail", "add_webhook", "confirm", "find", "listing", "remove"]


@dataclass(frozen=True)
class Feed:
    """A new feed and its secret address, which nobody can show again."""

    channel: Channel
    url: str


async def listing(relay: Relay) -> tuple[Channel, ...]:
    """Our channels, oldest first."""
    target = relay.target(api.CHANNELS)
    async with relay.wire.exchange("GET", target) as answered:
        return _decode(await answered.read(MAX_ANSWER), api.Channels).channels


async def add_mail(relay: Relay, address: str, *, language: Language, digest: bool = False) -> Channel:
    """A mail channel, which waits for the code that goes there. Raises ClientError bad-address, channel-refused."""
    try:
        channels.check_address(address)
    except ChannelError as error:
        raise problem("bad-address", address=_shown(address)) from error
    wanted = api.NewChannel(kind="mail", address=address, language=language, digest=digest)
    return (await _add(relay, wanted)).channel


async def add_webhook(relay: Relay, url: str, *, language: Language) -> Channel:
    """A webhook. Raises ClientError bad-webhook, channel-refused."""
    try:
        channels.check_url(url)
    except ChannelError as error:
        raise problem("bad-webhook", given=_shown(url)) from error
    return (await _add(relay, api.NewChannel(kind="webhook", address=url, language=language))).channel


async def add_feed(relay: Relay, *, language: Language) -> Feed:
    """A calendar feed. Raises ClientError channel-refused."""
    made = await _add(relay, api.NewChannel(kind="feed", language=language))
    if made.feed is None:
        raise problem("relay-answer-invalid", why=clause("answer.no-feed"), kept="")
    return Feed(made.channel, relay.wire.url + made.feed)


async def confirm(relay: Relay, code: str) -> Channel:
    """The channel whose code that is carries reminders from now on. Raises ClientError bad-channel-code."""
    try:
        typed = channels.check_code(code)
    except ChannelError as error:
        raise problem("bad-channel-code") from error
    data = await _post(relay, api.CONFIRMATION, strict_json.encode(api.Confirmation(code=typed)), 200)
    return _decode(data, api.Channel)


async def remove(relay: Relay, channel: Channel) -> None:
    """Forgets a channel; the relay deletes its address at once."""
    target = relay.target(api.CHANNEL, channel=channel.id)
    async with relay.wire.exchange("DELETE", target, expect=(204,)) as answered:
        await answered.read(MAX_ANSWER)


async def find(relay: Relay, prefix: str) -> Channel:
    """Our channel whose id begins so. Raises ClientError no-channel, ambiguous."""
    wanted = prefix.strip().lower()
    found = [one for one in await listing(relay) if len(wanted) >= LEAST and one.id.startswith(wanted)]
    if not found:
        raise problem("no-channel", id=_shown(prefix))
    if len(found) > 1:
        raise problem("ambiguous", prefix=prefix)
    return found[0]


async def _add(relay: Relay, wanted: api.NewChannel) -> api.ChannelMade:
    return _decode(await _post(relay, api.CHANNELS, strict_json.encode(wanted), 201), api.ChannelMade)


async def _post(relay: Relay, template: str, content: bytes, expect: int) -> bytes:
    try:
        async with relay.wire.exchange(
            "POST",
            relay.target(template),
            content=content,
            headers={"Content-Type": api.JSON},
            expect=(expect,),
        ) as answered:
            return await answered.read(MAX_ANSWER)
    except ClientError as error:
        code = str(error.data.get("relay_code", ""))
        if code == "bad-code":
            raise problem("bad-channel-code") from error
        if code in _OWN:
            why = relay_says(code, str(error.data.get("why", "")))
            raise problem("channel-refused", why=why, relay_code=code) from error
        raise


def _decode(data: bytes, shape: type[_Shape]) -> _Shape:
    try:
        return strict_json.decode(data, shape)
    except strict_json.StrictJsonError as error:
        raise problem("relay-answer-invalid", why=error, kept="") from error


def _shown(text: str) -> str:
    """What was typed, short enough to stand in a sentence."""
    return text if len(text) <= SHOWN else text[:SHOWN] + "…"
