"""Webhooks: a small signed POST to an address that a member named and the operator allows.

The relay's log key signs (RFC 9421, tag `kynhan-webhook`); the receiver finds that key in the profile. No redirects, no
proxies of the environment, no compression, and no connection to an address that Webhooks does not allow: names are
resolved here, once, and what was looked at is what is connected to.
"""

from __future__ import annotations

import ipaddress
import os
import socket
import ssl
from typing import Final

import aiohttp
from aiohttp import ThreadedResolver
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from kynhan_keys.vkeys import Signer
from kynhan_protocol.agreement import channels
from kynhan_protocol.errors import ChannelError
from kynhan_protocol.wire import api, requests
from kynhan_server.channels.mailing import UndeliveredError
from kynhan_server.channels.outgoing import Webhooks

SECONDS: Final = 10.0
ID: Final = "Webhook-Id"
GONE: Final = 410


class _ForbiddenError(OSError):
    """A name leads to an address that may not be called."""


class _Resolver(AbstractResolver):
    """The system's resolver, whose answers are all looked at: one forbidden address forbids the name."""

    def __init__(self, allowed: Webhooks) -> None:
        self._allowed = allowed
        self._inner = ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        found = await self._inner.resolve(host, port, family)
        for one in found:
            if not self._allowed.allows(ipaddress.ip_address(one["host"].partition("%")[0])):
                raise _ForbiddenError("a forbidden address")
        return found

    async def close(self) -> None:
        await self._inner.close()


def new_session(allowed: Webhooks) -> aiohttp.ClientSession:
    """A session that reaches only what is allowed. Close it. Raises OSError for a `ca-file` that is none."""
    trusted = ssl.create_default_context(cafile=allowed.ca_file)
    connector = aiohttp.TCPConnector(
        resolver=_Resolver(allowed), use_dns_cache=False, force_close=True, ssl=trusted
    )
    return aiohttp.ClientSession(
        connector=connector,
        timeout=aiohttp.ClientTimeout(total=SECONDS),
        cookie_jar=aiohttp.DummyCookieJar(),
        trust_env=False,
        auto_decompress=False,
    )


async def send(
    session: aiohttp.ClientSession,
    allowed: Webhooks,
    address: str,
    content: bytes,
    *,
    batch: str,
    signer: Signer,
    now: int,
) -> None:
    """One POST, signed by the log's key at `now` (POSIX seconds). Raises UndeliveredError."""
    try:
        url = channels.check_url(address)
        allowed.check(url)
    except ChannelError:  # the operator has changed his mind since
        raise UndeliveredError("not-allowed", final=True) from None
    headers = requests.sign(
        requests.Request("POST", url.authority, url.target),
        keyid=str(signer.vkey),
        sign_bytes=signer.sign_bytes,
        created=now,
        nonce=os.urandom(16),
        content=content,
        tag=requests.WEBHOOK_TAG,
    )
    headers |= {"Content-Type": api.JSON, "User-Agent": "kynhan-relay", ID: batch}
    try:
        async with session.post(
            URL(url.text, encoded=True), data=content, headers=headers, allow_redirects=False
        ) as answer:
            status = answer.status
    except aiohttp.ClientConnectorError as error:
        if isinstance(error.os_error, _ForbiddenError):
            raise UndeliveredError("address-refused") from None
        raise UndeliveredError("webhook-unreachable") from None
    except TimeoutError:
        raise UndeliveredError("webhook-unreachable", hung=True) from None
    except (aiohttp.ClientError, OSError):
        raise UndeliveredError("webhook-unreachable") from None
    if not 200 <= status < 300:
        raise UndeliveredError(f"http-{status}", final=status == GONE)
