"""The relay as this client sees it: one method per endpoint, each with a strict idea of the answer.

    async with connect(home) as relay:
        answer = await relay.post_statement(signed.note, header=header, upload=upload)

What comes back is well formed, nothing more: answers.py and mirror.py decide what may be believed.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, TypeVar

from kynhan_protocol import strict_json
from kynhan_protocol.wire import api

from ..clauses import clause
from ..errors import ClientError, problem
from ..home.home import Home
from .wire import Wire, new_session

MAX_CHECKPOINT: Final = 256 * 1024
MAX_RECEIPT: Final = 1024 * 1024
MAX_ANSWER: Final = 4 * 1024 * 1024
MAX_PAGE: Final = 96 * 1024 * 1024  # 1,000 statements of at most 64 KiB, as JSON
MAX_DOCUMENT: Final = 1024 * 1024
MAX_HEADER: Final = 256 * 1024
MAX_TILE: Final = 256 * (2 + 0xFFFF)

Shape = TypeVar("Shape")


@dataclass(frozen=True)
class Answer:
    """What posting a statement gave: the id and index it is logged under, and proofs (tlog-proof files).

    The first proof is the statement's own, then come those of the relay statements that name it. Unverified: see
    answers.check().
    """

    id: str
    index: int
    receipts: tuple[bytes, ...]


@dataclass(frozen=True)
class Posted:
    """One statement as served: unverified."""

    index: int
    id: str
    note: bytes


@dataclass(frozen=True)
class Page:
    """Statements from an index on, and the size of the tree they were read at."""

    size: int
    statements: tuple[Posted, ...]


class Relay:
    """The endpoints of one log. Every method may raise ClientError relay-down, relay-answer-invalid, refused."""

    def __init__(self, wire: Wire, log: str) -> None:
        self.wire = wire
        self._log = log

    def target(self, template: str, **values: str) -> str:
        """The request target of an endpoint (a path of api.py). Raises ClientError bad-name for odd values."""
        try:
            return api.path(template, log=self._log, **values)
        except ValueError as error:
            raise problem("bad-name", name=", ".join(values.values()) or self._log, why=error) from error

    # --- statements

    async def post_statement(
        self,
        note: bytes,
        *,
        header: bytes | None = None,
        body: bytes | None = None,
        upload: str | None = None,
        documents: tuple[bytes, ...] = (),
    ) -> Answer:
        """Posts a signed note; the same again gives the same again.

        Raises ClientError stale, outside-window, refused, relay-down.
        """
        sent = api.PostStatement(
            note=note.decode(), header=header, body=body, upload=upload, documents=documents
        )
        data = await self._get(
            api.STATEMENTS,
            limit=MAX_ANSWER,
            method="POST",
            signed=False,  # a statement authenticates itself
            content=strict_json.encode(sent),
            headers={"Content-Type": api.JSON},
        )
        got = _decode(data, api.Posted)
        if not got.receipts:
            raise problem("relay-answer-invalid", why=clause("answer.no-proof"), kept="")
        return Answer(got.id, got.index, tuple(text.encode() for text in got.receipts))

    async def statements(
        self, start: int, limit: int = api.MAX_STATEMENTS, *, case: str | None = None
    ) -> Page:
        """What of the log from index `start` on concerns us: for a clerk, everything. Of one case, if asked."""
        of_case = "" if case is None else f"&case={case}"
        data = await self._get(api.STATEMENTS, limit=MAX_PAGE, query=f"?from={start}&limit={limit}{of_case}")
        got = _decode(data, api.Statements)
        return Page(got.size, _posted(got.statements))

    async def receipt(self, id_: str, *, cosigned: bool = False) -> bytes:
        """The proof of a statement: under its own group's checkpoint, or under the latest that all cosigned."""
        query = "?checkpoint=cosigned" if cosigned else ""
        return await self._get(api.RECEIPT, limit=MAX_RECEIPT, query=query, id=id_)

    async def document(self, sha256: str) -> bytes:
        """A document as served: check its hash."""
        return await self._get(api.DOCUMENT, limit=MAX_DOCUMENT, sha256=sha256)

    async def chain(self, committee: str) -> tuple[Posted, ...]:
        """The root statements of a committee, in the order of the log."""
        got = _decode(await self._get(api.CHAIN, limit=MAX_PAGE, committee=committee), api.ChainOf)
        return _posted(got.statements)

    async def calendar(self) -> bytes:
        """The calendar that the relay says is in force."""
        return await self._get(api.CALENDAR, limit=MAX_DOCUMENT)

    async def header(self, dispatch: str) -> bytes:
        """The header of a dispatch, once it is signed for. Raises ClientError not-found before."""
        return await self._get(api.HEADER, limit=MAX_HEADER, id=dispatch)

    # --- the log itself

    async def checkpoint(self) -> bytes:
        """The latest checkpoint, with all cosignatures known for it."""
        return await self._get(api.CHECKPOINT, limit=MAX_CHECKPOINT, signed=False)

    async def candidate(self) -> bytes:
        """The checkpoint that witnesses should cosign now."""
        return await self._get(api.CANDIDATE, limit=MAX_CHECKPOINT, signed=False)

    async def cosigned(self) -> bytes | None:
        """The latest checkpoint that the witnesses of all committees cosigned; None before there is one."""
        try:
            return await self._get(api.COSIGNED, limit=MAX_CHECKPOINT, signed=False)
        except ClientError as error:
            if error.code == "not-found":
                return None
            raise

    async def tile(self, path: str) -> bytes:
        """A tile of the log, by its path (`tile/entries/000.p/5`)."""
        return await self._get(api.TILE, limit=MAX_TILE, signed=False, tile=path.removeprefix("tile/"))

    async def clock_state(self) -> str | None:
        """What the relay says of its clock: `ok`, `behind`, `doubt`; None where it does not say."""
        async with self.wire.exchange("GET", api.HEALTH, signed=False, expect=(200, 404, 503)) as answered:
            data = await answered.read(api.MAX_JSON)
        try:
            return strict_json.decode(data, api.Health).clock.state
        except strict_json.StrictJsonError:
            return None

    async def post_cosignature(self, checkpoint: bytes) -> None:
        """Hands in a checkpoint that bears our witness's line."""
        target = self.target(api.COSIGNATURES)
        async with self.wire.exchange(
            "POST",
            target,
            signed=False,
            content=checkpoint,
            headers={"Content-Type": api.NOTE},
            expect=(200, 201, 202, 204),
        ) as answered:
            await answered.read(MAX_CHECKPOINT)

    async def _get(
        self,
        template: str,
        *,
        limit: int,
        method: str = "GET",
        query: str = "",
        signed: bool = True,
        content: bytes | None = None,
        headers: dict[str, str] | None = None,
        **values: str,
    ) -> bytes:
        target = self.target(template, **values) + query
        async with self.wire.exchange(
            method, target, signed=signed, content=content, headers=headers
        ) as answered:
            return await answered.read(limit)


@asynccontextmanager
async def connect(home: Home) -> AsyncIterator[Relay]:
    """The relay of a home, as its member. Raises ClientError no-relay; the first request finds out the rest."""
    address = home.relay
    async with new_session() as session:
        yield Relay(Wire(address.url, home.keyring.signer, home.clock, session), address.log)


def _decode(data: bytes, shape: type[Shape]) -> Shape:
    try:
        return strict_json.decode(data, shape)
    except strict_json.StrictJsonError as error:
        raise problem("relay-answer-invalid", why=error, kept="") from error


def _posted(notes: tuple[api.LoggedNote, ...]) -> tuple[Posted, ...]:
    """The statements of an answer, ascending by index, each id spelled as an id."""
    found = tuple(Posted(each.index, each.id, each.note.encode()) for each in notes)
    if any(each.index < 0 or not _ID.fullmatch(each.id) for each in found):
        raise problem("relay-answer-invalid", why=clause("answer.no-index"), kept="")
    if any(first.index >= second.index for first, second in pairwise(found)):
        raise problem("relay-answer-invalid", why=clause("answer.disordered"), kept="")
    return found


_ID = re.compile(r"[0-9a-f]{64}")
