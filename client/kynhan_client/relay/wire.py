"""One HTTP exchange with the relay: signed (RFC 9421), bounded, and turned into bytes or a named error.

No decompression, no redirects, no cookies, no proxies from the environment. What the relay answers is read up to a
limit; a problem document (RFC 9457) becomes a ClientError by its code.
"""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterable, AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Final

import aiohttp
from yarl import URL

from kynhan_keys.vkeys import Signer
from kynhan_protocol import strict_json
from kynhan_protocol.wire import api, requests

from ..clauses import Pair, clause, relay_says, technical
from ..clock import Clock
from ..errors import ClientError, problem

CONNECT_SECONDS: Final = 10.0
SILENCE_SECONDS: Final = 60.0  # longest pause between two reads
MAX_PROBLEM: Final = 64 * 1024

# Problem codes that have an error of their own; all others are `refused`.
_OWN_CODES: Final = {"stale": "stale", "outside-window": "outside-window"}


@dataclass(frozen=True)
class Answered:
    """A response whose body is still to be read: status, headers by lower-case name."""

    status: int
    headers: Mapping[str, str]
    _content: aiohttp.StreamReader

    async def read(self, limit: int) -> bytes:
        """The whole body. Raises ClientError relay-answer-invalid for more than `limit` bytes."""
        pieces: list[bytes] = []
        size = 0
        async for piece in self.pieces():
            size += len(piece)
            if size > limit:
                raise problem("relay-answer-invalid", why=clause("answer.too-long", limit=limit), kept="")
            pieces.append(piece)
        return b"".join(pieces)

    def pieces(self) -> AsyncIterator[bytes]:
        """The body as it comes."""
        return self._content.iter_any()


class Wire:
    """Requests of one member to one relay. `url` has no path; targets begin with `/`."""

    def __init__(self, url: str, signer: Signer, clock: Clock, session: aiohttp.ClientSession) -> None:
        self.url = url.rstrip("/")
        self._base = URL(self.url)
        self._signer = signer
        self._clock = clock
        self._session = session

    @asynccontextmanager
    async def exchange(
        self,
        method: str,
        target: str,
        *,
        signed: bool = True,
        content: bytes | None = None,
        stream: AsyncIterable[bytes] | None = None,
        headers: Mapping[str, str] | None = None,
        expect: tuple[int, ...] = (200,),
        silence: float = SILENCE_SECONDS,
    ) -> AsyncIterator[Answered]:
        """One request and its answer.

        Raises ClientError relay-down (no connection, silence, 429, 5xx), stale, outside-window (also for a request that
        is refused because of our clock), not-found, refused,
        relay-answer-invalid.
        """
        sent = dict(headers or {})
        sent["Accept-Encoding"] = "identity"
        if signed:
            sent |= self._signature(method, target, content)
        try:
            async with self._session.request(
                method,
                URL(self.url + target, encoded=True),
                data=stream if stream is not None else content,
                headers=sent,
                allow_redirects=False,
                timeout=aiohttp.ClientTimeout(
                    total=None, connect=None, sock_connect=CONNECT_SECONDS, sock_read=silence
                ),
            ) as response:
                got = {name.lower(): value for name, value in response.headers.items()}
                answered = Answered(response.status, got, response.content)
                if response.status not in expect:
                    raise await self._refusal(answered)
                if got.get("content-encoding", "identity") != "identity":
                    raise problem("relay-answer-invalid", why=clause("answer.compressed"), kept="")
                yield answered
        except (aiohttp.ClientError, TimeoutError, ConnectionError) as error:
            raise problem("relay-down", url=self.url, why=_reason(error)) from error

    def _signature(self, method: str, target: str, content: bytes | None) -> dict[str, str]:
        return requests.sign(
            requests.Request(method, self._base.host_port_subcomponent or "", target),
            keyid=self._signer.vkey.name,
            sign_bytes=self._signer.sign_bytes,
            created=self._clock.posix(),
            nonce=secrets.token_bytes(16),
            content=content,
        )

    async def _refusal(self, answered: Answered) -> ClientError:
        """The error that an answer of an unexpected status stands for."""
        told: api.Problem | None = None
        if answered.headers.get("content-type", "").partition(";")[0] == api.PROBLEM:
            try:
                told = strict_json.decode(await answered.read(MAX_PROBLEM), api.Problem)
            except (strict_json.StrictJsonError, ClientError):
                told = None
        if answered.status == 429 or answered.status >= 500:
            why = (
                relay_says(told.code, told.detail) if told else clause("line.status", status=answered.status)
            )
            return problem("relay-down", url=self.url, why=why, relay_code=told.code if told else "")
        if told is None and answered.status == 404:  # the answer to HEAD has no body to say more
            return problem("not-found", what=clause("thing.asked"), relay_code="not-found")
        if told is None:
            why = clause("answer.no-reason", status=answered.status)
            return problem("relay-answer-invalid", why=why, kept="")
        if told.code == "unauthorized" and (differs := self._clock_differs(answered)):
            return problem("outside-window", why=differs, relay_code=told.code, status=told.status)
        if told.code == "not-found":
            return problem("not-found", what=clause("thing.asked"), relay_code=told.code)
        why = relay_says(told.code, told.detail)
        return problem(
            _OWN_CODES.get(told.code, "refused"), why=why, relay_code=told.code, status=told.status
        )

    def _clock_differs(self, answered: Answered) -> Pair | None:
        """How far this computer's clock and the relay's (its Date) are apart, if further than a request may be."""
        try:
            theirs = parsedate_to_datetime(answered.headers.get("date", "")).timestamp()
        except (TypeError, ValueError):
            return None
        seconds = self._clock.posix() - round(theirs)
        if abs(seconds) <= api.CREATED_WINDOW:
            return None
        minutes = abs(seconds) // 60
        return clause("line.clock-ahead" if seconds > 0 else "line.clock-behind", minutes=minutes)


def new_session() -> aiohttp.ClientSession:
    """A session as Wire wants it; close it."""
    return aiohttp.ClientSession(
        auto_decompress=False,
        cookie_jar=aiohttp.DummyCookieJar(),
        trust_env=False,
        raise_for_status=False,
        read_bufsize=256 * 1024,
        max_line_size=16 * 1024,
    )


def _reason(error: BaseException) -> Pair:
    """What went wrong, in a few words."""
    if isinstance(error, TimeoutError):
        return clause("line.no-answer")
    if isinstance(error, aiohttp.ClientConnectorError):
        return clause("line.no-connection")
    vi, en = clause("line.broken")
    return technical(vi, f"{en}: {error or type(error).__name__}")
