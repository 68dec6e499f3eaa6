"""A member's own channels, and the feeds that calendar programs fetch."""

from __future__ import annotations

from aiohttp import web

from kynhan_protocol.strict_json import decode, encode
from kynhan_protocol.wire import api
from kynhan_server.errors import not_found
from kynhan_server.web.routes.call import Call, private


async def listing(call: Call) -> web.Response:
    """The actor's channels, with what became of their notices."""
    found = await call.relay.channels.listing(call.log, call.actor)
    return private(encode(api.Channels(channels=found)), api.JSON)


async def add(call: Call) -> web.Response:
    """One more; the path of a new feed is told this once."""
    wanted = decode(call.content, api.NewChannel)
    made = await call.relay.channels.add(call.log, call.actor, wanted, call.services.outgoing)
    feed = None if made.feed is None else api.path(api.FEED, secret=made.feed)
    answer = private(encode(api.ChannelMade(channel=made.channel, feed=feed)), api.JSON)
    answer.set_status(201)
    return answer


async def confirm(call: Call) -> web.Response:
    """The code that came by mail."""
    code = decode(call.content, api.Confirmation).code
    return private(encode(await call.relay.channels.confirm(call.log, call.actor, code)), api.JSON)


async def remove(call: Call) -> web.Response:
    """Forgotten at once, with its address and its notices."""
    await call.relay.channels.remove(call.log, call.actor, call.values["channel"])
    return web.Response(status=204)


async def feed(call: Call) -> web.Response:
    """The calendar behind a secret address; everything else, also a former member's, is not found."""
    row = await call.relay.channels.feed(call.values["secret"])
    log = call.relay.ledger.log_of(row.log)
    member = call.relay.member(log, row.member)
    if member is None:
        raise not_found()
    return private(await call.relay.feeds.render(log, member, row.language), api.CALENDAR_FEED)
