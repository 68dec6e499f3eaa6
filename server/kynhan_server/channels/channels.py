"""A member's channels: added, confirmed, listed and removed by the member alone.

Absent and another member's are one answer. Addresses are never logged, and go for good when the channel does.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Connection, func, select

from kynhan_protocol.agreement import channels as forms
from kynhan_protocol.errors import ChannelError
from kynhan_protocol.vietnam_time import local_date
from kynhan_protocol.wire import api
from kynhan_server.errors import Refused, not_found
from kynhan_server.log import notices
from kynhan_server.log.logs import moment
from kynhan_server.store import tables as t

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

    from kynhan_server.channels.outgoing import Outgoing
    from kynhan_server.clock import Clock
    from kynhan_server.log.ledger import Ledger
    from kynhan_server.log.logs import Log
    from kynhan_server.log.visibility import Actor
    from kynhan_server.store.store import Store

TRIES: Final = 5
"""Wrong codes after which a waiting channel can only be removed and added again."""
CODE_DAYS: Final = 3
"""A channel that nobody confirmed for so long is deleted."""
CODES_A_DAY: Final = 10
"""Mails with codes that one member, or one address, can cause in a day."""


@dataclass(frozen=True)
class Made:
    """A new channel; `feed` is the secret of a new feed, told this once."""

    channel: api.Channel
    feed: str | None


class Channels:
    """All channels of one relay."""

    def __init__(self, store: Store, ledger: Ledger, clock: Clock) -> None:
        self._store = store
        self._ledger = ledger
        self._clock = clock
        self._codes: Counter[str] = Counter()
        self._codes_on: date | None = None

    async def listing(self, log: Log, actor: Actor) -> tuple[api.Channel, ...]:
        """The actor's own, oldest first."""
        c = t.channels.c
        query = select(t.channels).where(c.log == log.id, c.member == actor.member)
        async with self._store.read() as connection:
            rows = (await connection.execute(query.order_by(c.created, c.id))).all()
            return tuple([await _shown(connection, row) for row in rows])

    async def add(self, log: Log, actor: Actor, wanted: api.NewChannel, offered: Outgoing) -> Made:
        """Keeps a channel; one for mail waits for the code that goes to it.

        Raises Refused too-many-channels, rate-limited, bad-channel; ChannelError `bad-channel`.
        """
        address = _checked(wanted, offered)
        now = int(self._clock.now().timestamp())
        secret = _secret() if wanted.kind == "feed" else None
        row = {
            "log": log.id,
            "id": os.urandom(16).hex(),
            "member": actor.member,
            "kind": wanted.kind,
            "address": address,
            "secret_hash": None if secret is None else secret_hash(secret),
            "language": wanted.language,
            "digest": wanted.digest,
            "created": now,
            "confirmed": None if wanted.kind == "mail" else now,
            "code": forms.make_code(os.urandom(8)) if wanted.kind == "mail" else None,
            "tries": 0,
        }
        if wanted.kind == "mail":
            self._count_code(f"{log.id}/{actor.member}", f"to {address}")
        await self._ledger.task(lambda connection: _add(connection, row))
        async with self._store.read() as connection:
            c = t.channels.c
            kept = (
                await connection.execute(select(t.channels).where(c.log == log.id, c.id == row["id"]))
            ).one()
            return Made(await _shown(connection, kept), secret)

    async def confirm(self, log: Log, actor: Actor, code: str) -> api.Channel:
        """The channel whose code that is carries reminders from now on. Raises ChannelError `bad-code`."""
        typed, now = forms.check_code(code), int(self._clock.now().timestamp())
        found = await self._ledger.task(
            lambda connection: _confirm(connection, log.id, actor.member, typed, now)
        )
        if found is None:
            raise ChannelError("No channel of yours waits for this code.", code="bad-code")
        return next(one for one in await self.listing(log, actor) if one.id == found)

    async def remove(self, log: Log, actor: Actor, channel: str) -> None:
        """Forgets a channel, its address and its notices, on disk too. Raises Refused not-found."""
        if not await self._ledger.task(lambda connection: _remove(connection, log.id, actor.member, channel)):
            raise not_found()
        await self._ledger.between_groups(self._store.shrink_log)

    async def feed(self, secret: str) -> Any:
        """The row of the feed with that secret address. Raises Refused not-found."""
        hashed, c = secret_hash(secret), t.channels.c
        async with self._store.read() as connection:
            row = (await connection.execute(select(t.channels).where(c.secret_hash == hashed))).first()
        if row is None or not hmac.compare_digest(row.secret_hash, hashed):
            raise not_found()
        return row

    async def sweep(self) -> None:
        """Deletes channels that nobody confirmed in time."""
        before = int(self._clock.now().timestamp()) - CODE_DAYS * 86_400
        await self._ledger.task(lambda connection: _sweep(connection, before))

    def _count_code(self, *keys: str) -> None:
        today = local_date(self._clock.now())
        if today != self._codes_on:
            self._codes.clear()
            self._codes_on = today
        if any(self._codes[key] >= CODES_A_DAY for key in keys):
            raise Refused("rate-limited", "Too many confirmation mails for today.")
        self._codes.update(keys)


def secret_hash(secret: str) -> str:
    """What is kept of a feed's secret address."""
    return hashlib.sha256(secret.encode("ascii")).hexdigest()


def _secret() -> str:
    return base64.urlsafe_b64encode(os.urandom(32)).rstrip(b"=").decode("ascii")


def _checked(wanted: api.NewChannel, offered: Outgoing) -> str | None:
    """The address to keep. Raises ChannelError."""
    if wanted.digest and wanted.kind != "mail":
        raise ChannelError("Only mail can come as a daily digest.")
    if wanted.kind == "feed":
        if wanted.address is not None:
            raise ChannelError("A feed has no address of yours; the relay gives it one.")
        return None
    if wanted.address is None:
        raise ChannelError(f"A channel of kind {wanted.kind} needs an address.")
    if wanted.kind == "mail":
        if offered.mail is None:
            raise ChannelError("This relay sends no mail.")
        return forms.check_address(wanted.address)
    if offered.webhooks is None:
        raise ChannelError("This relay calls no webhooks.")
    url = forms.check_url(wanted.address)
    offered.webhooks.check(url)
    return url.text


def _add(connection: Connection, row: dict[str, Any]) -> None:
    c = t.channels.c
    own = connection.execute(
        select(c.kind, c.address).where(c.log == row["log"], c.member == row["member"])
    ).all()
    if len(own) >= forms.MAX_CHANNELS:
        raise Refused(
            "too-many-channels", f"A member has at most {forms.MAX_CHANNELS} channels; remove one first."
        )
    if row["address"] is not None and (row["kind"], row["address"]) in {(o.kind, o.address) for o in own}:
        raise Refused("bad-channel", "This address is one of your channels already.")
    connection.execute(t.channels.insert(), row)
    if row["code"] is not None:
        notices.insert(connection, [notices.code_row(row["log"], row["id"], row["created"])])


def _confirm(connection: Connection, log: int, member: str, code: str, now: int) -> str | None:
    c = t.channels.c
    waiting = connection.execute(
        select(c.id, c.code).where(c.log == log, c.member == member, c.code.is_not(None), c.tries < TRIES)
    ).all()
    found = [row.id for row in waiting if hmac.compare_digest(row.code, code)]
    mine = t.channels.update().where(c.log == log, c.member == member)
    if not found:
        connection.execute(mine.where(c.code.is_not(None)).values(tries=c.tries + 1))
        return None
    connection.execute(mine.where(c.id == found[0]).values(confirmed=now, code=None, tries=0))
    return str(found[0])


def _remove(connection: Connection, log: int, member: str, channel: str) -> bool:
    c, n = t.channels.c, t.notices.c
    gone = connection.execute(
        t.channels.delete().where(c.log == log, c.member == member, c.id == channel)
    ).rowcount
    if gone:
        connection.execute(t.notices.delete().where(n.log == log, n.channel == channel))
    return bool(gone)


def _sweep(connection: Connection, before: int) -> None:
    c, n = t.channels.c, t.notices.c
    late = connection.execute(select(c.log, c.id).where(c.confirmed.is_(None), c.created < before)).all()
    for row in late:
        connection.execute(t.notices.delete().where(n.log == row.log, n.channel == row.id))
        connection.execute(t.channels.delete().where(c.log == row.log, c.id == row.id))


async def _shown(connection: AsyncConnection, row: Any) -> api.Channel:
    n = t.notices.c
    mine = (n.log == row.log) & (n.channel == row.id)
    states = await connection.execute(
        select(n.state, func.count(), func.max(n.finished))
        .where(mine, n.about != notices.CODE)
        .group_by(n.state)
    )
    counts = {state: (count, last) for state, count, last in states}
    sent, last_sent = counts.get("sent", (0, None))
    error = await connection.execute(
        select(n.error).where(mine, n.error.is_not(None)).order_by(n.created.desc()).limit(1)
    )
    return api.Channel(
        id=row.id,
        kind=row.kind,
        address=row.address,
        language=row.language,
        digest=row.digest,
        created=_time(row.created),
        confirmed=row.confirmed is not None,
        waiting=counts.get("waiting", (0, None))[0],
        sent=sent,
        failed=counts.get("failed", (0, None))[0],
        last_sent=None if last_sent is None else _time(last_sent),
        error=error.scalar_one_or_none(),
    )


def _time(seconds: int) -> str:
    return moment(seconds).strftime("%Y-%m-%dT%H:%M:%SZ")
