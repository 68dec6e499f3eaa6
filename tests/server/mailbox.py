"""A real SMTP server on loopback (aiosmtpd), which keeps what it accepted and answers as told.

with mailbox() as post:                     post.server is what outgoing.MailServer needs
    post.answers["DATA"] = ["451 later"]    the next answers to that command; afterwards 250
    post.mails                              parsed messages, each with its envelope's recipient
"""

from __future__ import annotations

import asyncio
import email
import email.policy
from collections import defaultdict, deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

from kynhan_server.channels.outgoing import MailServer

SENDER = "kynhan@relay.example"


@dataclass
class Mailbox:
    """What came in. `answers` are consumed one by one, per command."""

    mails: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    answers: defaultdict[str, deque[str]] = field(default_factory=lambda: defaultdict(deque))
    asked: int = 0
    port: int = 0

    @property
    def server(self) -> MailServer:
        return MailServer("127.0.0.1", self.port, "none", SENDER)

    @property
    def subjects(self) -> list[str]:
        return [str(mail["Subject"]) for mail in self.mails]

    def text(self, number: int = -1) -> str:
        content: str = self.mails[number].get_content()
        return content

    def _answer(self, command: str) -> str | None:
        waiting = self.answers[command]
        return waiting.popleft() if waiting else None

    async def handle_RCPT(
        self, server: SMTP, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        self.asked += 1
        refused = self._answer("RCPT")
        if refused is not None:
            return refused
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:
        refused = self._answer("DATA")
        if refused is not None:
            return refused
        self.raw.append(envelope.content)
        parsed = email.message_from_bytes(envelope.content, policy=email.policy.default)
        assert isinstance(parsed, EmailMessage)
        self.mails.append(parsed)
        self.recipients += envelope.rcpt_tos
        return "250 OK"


class _Controller(Controller):
    """On a free port, which the socket knows."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def mailbox(**settings: Any) -> Iterator[Mailbox]:
    """A server at work inside the block; `settings` are aiosmtpd's."""
    kept = Mailbox()
    loop = asyncio.new_event_loop()
    controller = _Controller(kept, hostname="127.0.0.1", port=0, loop=loop, **settings)
    controller.start()
    kept.port = controller.port
    try:
        yield kept
    finally:
        asyncio.run_coroutine_threadsafe(hang_up(), loop).result(10)
        controller.stop()


async def hang_up() -> None:
    """Ends every connection of the running loop: one left open would be complained of in some later test."""
    transports: dict[int, asyncio.Transport] = getattr(asyncio.get_running_loop(), "_transports")  # noqa: B009
    for transport in list(transports.values()):
        transport.abort()
    for _ in range(3):
        await asyncio.sleep(0)
