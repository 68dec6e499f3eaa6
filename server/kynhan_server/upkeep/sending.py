"""The sender: its own loop beside the ticks, which takes messages from the outbox and hands them over.

It never holds up the writer: mail and webhooks are spoken on the event loop, and only their outcome is written. When
the relay stops, what is under way may finish; what does not is repeated later under the same id.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Final

import aiohttp
import structlog

from kynhan_protocol.case import notice_text
from kynhan_protocol.strict_json import encode
from kynhan_protocol.words import Words
from kynhan_server.channels import hooks, mailing
from kynhan_server.channels.mailing import UndeliveredError
from kynhan_server.channels.outbox import Message
from kynhan_server.channels.outgoing import Outgoing
from kynhan_server.errors import Refused
from kynhan_server.log import notices
from kynhan_server.log.logs import moment

if TYPE_CHECKING:
    from kynhan_server.log.notices import Waiting
    from kynhan_server.relay import Relay

AT_ONCE: Final = 4
"""Messages under way at the same time."""
GRACE: Final = 10.0
"""Seconds that messages under way get when the relay stops."""
LISTED: Final = 200
"""Reminders that one digest tells of; of the others it tells the number."""
PEACE: Final = 60.0
"""Seconds that a server which let us wait in vain is left alone: meanwhile the others get their messages."""
MARGIN: Final = mailing.WHOLE + hooks.SECONDS
"""Seconds of a lease that must be left to begin with a message."""
TIDY: Final = 3600.0
"""Seconds between two looks for what can be forgotten."""

UNREACHABLE: Final = {"mail": "smtp", "webhook": "webhook"}

log = structlog.get_logger("kynhan.sender")


class Sender:
    """Hands over what `relay`'s outbox holds, looking every `every` seconds."""

    def __init__(self, relay: Relay, outgoing: Outgoing, every: float) -> None:
        self._relay = relay
        self._outgoing = outgoing
        self._every = every
        self._session: aiohttp.ClientSession | None = None
        self._task: asyncio.Task[None] | None = None
        self._stopping = asyncio.Event()
        self._tidied: float | None = None
        self._hung: dict[str, float] = {}

    def start(self) -> None:
        """From now on, until stop()."""
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """No more messages; those under way may finish within GRACE."""
        self._stopping.set()
        if self._task is not None:
            await asyncio.wait({self._task}, timeout=GRACE)
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        if self._session is not None:
            await self._session.close()

    async def look(self) -> int:
        """Once: what is due now is handed over, or put off. Gives how many messages went.

        Nothing goes by a clock that the relay itself does not believe.
        """
        if self._relay.timekeeper.state() != "ok":
            return 0
        await self._relay.outbox.watch_calendars()
        await self._tidy()
        went = 0
        while not self._stopping.is_set():
            begin = self._relay.clock.monotonic() + notices.LEASE - MARGIN
            messages, more = await self._relay.outbox.take()
            limit = asyncio.Semaphore(AT_ONCE)
            ends = await asyncio.gather(
                *(self._deliver(message, limit, begin) for message in messages), return_exceptions=True
            )
            for end in ends:
                if isinstance(end, BaseException):
                    raise end
                went += end
            if not more:
                break
        return went

    async def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                await self.look()
            except Refused as refused:  # the writer is full, or the relay is stopping
                log.warning("not-sent", code=refused.code)
            except Exception:
                log.exception("sender-failed")
            with suppress(TimeoutError):
                async with asyncio.timeout(self._every):
                    await self._stopping.wait()

    async def _deliver(self, message: Message, limit: asyncio.Semaphore, begin: float) -> bool:
        """Whether it went. What cannot begin before `begin` (monotonic seconds) is left to the next look."""
        async with limit:
            if self._relay.clock.monotonic() > begin:
                return False
            try:
                await self._unless_hung(message)
            except UndeliveredError as error:
                log.warning("not-delivered", kind=message.channel.kind, code=error.code, final=error.final)
                await self._relay.outbox.undone(message, error.code, final=error.final)
                return False
        log.info("delivered", kind=message.channel.kind, reminders=len(message.rows))
        await self._relay.outbox.done(message)
        return True

    async def _unless_hung(self, message: Message) -> None:
        """Hands it over, unless its server has just let another wait in vain. Raises UndeliveredError."""
        by, now = message.channel, self._relay.clock.monotonic()
        server = by.kind if by.kind == "mail" else by.address
        if now < self._hung.get(server, 0.0):
            raise UndeliveredError(f"{UNREACHABLE[by.kind]}-unreachable")
        try:
            await self._hand_over(message)
        except UndeliveredError as error:
            if error.hung:
                self._hung = {one: until for one, until in self._hung.items() if now < until}
                self._hung[server] = self._relay.clock.monotonic() + PEACE
            raise
        except Exception as error:  # ours; the others' messages must go all the same
            log.error("not-made", kind=by.kind, error=type(error).__name__)
            raise UndeliveredError("internal") from None

    async def _hand_over(self, message: Message) -> None:
        by = message.channel
        now = self._relay.clock.now().replace(microsecond=0)
        if by.kind == "mail":
            server = self._outgoing.mail
            if server is None:
                raise UndeliveredError("no-mail-server")
            subject, parts = _told(message)
            mail = mailing.compose(
                server, by.address, by.language, subject, parts, batch=message.batch, now=now
            )
            await mailing.send(server, mail)
        else:
            allowed = self._outgoing.webhooks
            if allowed is None:
                raise UndeliveredError("not-allowed")
            if self._session is None:
                try:
                    self._session = hooks.new_session(allowed)
                except OSError:  # no such ca-file, or none that can be read
                    raise UndeliveredError("webhook-ca") from None
            await hooks.send(
                self._session,
                allowed,
                by.address,
                webhook_content(message),
                batch=message.batch,
                signer=message.log.signers.ed25519,
                now=int(now.timestamp()),
            )

    async def _tidy(self) -> None:
        at = asyncio.get_running_loop().time()
        if self._tidied is None or at - self._tidied >= TIDY:
            self._tidied = at
            await self._relay.outbox.prune()
            await self._relay.channels.sweep()


def _told(message: Message) -> tuple[Words, list[Words]]:
    """Subject and parts of a mail. Raises UndeliveredError for a code that is no longer waited for."""
    first = message.channel
    if first.about == notices.CODE:
        if first.code is None:
            raise UndeliveredError("no-code", final=True)
        part = Words(vi=mailing.CODE.vi.format(code=first.code), en=mailing.CODE.en.format(code=first.code))
        return mailing.CODE_SUBJECT, [part]
    count = len(message.rows)
    parts = [_part(one) for one in message.rows[:LISTED]]
    if count > LISTED:
        more = mailing.MORE
        left = count - LISTED
        parts.append(Words(vi=more.vi.format(count=left), en=more.en.format(count=left)))
    if count > 1:
        subject = mailing.DIGEST_SUBJECT
        return Words(vi=subject.vi.format(count=count), en=subject.en.format(count=count)), parts
    return Words(vi=parts[0].vi.partition("\n")[0], en=parts[0].en.partition("\n")[0]), parts


def _part(one: Waiting) -> Words:
    if one.notice is not None:
        return notice_text.told(one.notice)
    return notice_text.missing_calendar(int(one.about.split("-")[1]))


def webhook_content(message: Message) -> bytes:
    """The JSON of a webhook (docs/spec/channels.md): the same bytes however often it is sent."""
    one = message.channel
    text = _part(one)
    told = one.notice
    return encode(
        {
            "id": message.batch,
            "origin": message.log.origin,
            "type": "calendar" if told is None else "reminder",
            "reminder": None if told is None else one.about,
            "case": None if told is None else told.case,
            "step": None if told is None else told.step,
            "date": None if told is None or told.date is None else told.date.isoformat(),
            "provisional": told is not None and told.provisional,
            "target": told is not None and told.target,
            "escalated": told is not None and told.escalated,
            "time": moment(one.created).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "text": {"vi": text.vi, "en": text.en},
        }
    )
