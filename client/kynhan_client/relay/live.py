"""Live events (Server-Sent Events): what the relay logs, as it logs it, resumed by index."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass
from typing import Final, Literal

from kynhan_protocol import strict_json
from kynhan_protocol.wire import api

from ..clauses import clause
from ..errors import problem
from .relay import Relay

MAX_LINE: Final = 64 * 1024
SILENCE: Final = api.HEARTBEAT * 3.0


@dataclass(frozen=True)
class Live:
    """News from the relay, unverified: a reason to sync. `index` is None but for statements; `size` for those."""

    kind: Literal["statement", "checkpoint", "cosigned"]
    index: int | None = None
    id: str | None = None
    type: str | None = None
    case: str | None = None
    size: int | None = None


async def events(relay: Relay, after: int | None = None) -> AsyncGenerator[Live, None]:
    """News as it comes, beginning behind index `after`; ends when the relay closes the stream.

    Raises ClientError relay-down when the connection breaks or falls silent, relay-answer-invalid for an odd stream.
    """
    headers = {"Accept": api.EVENT_STREAM}
    if after is not None:
        headers["Last-Event-ID"] = str(after)
    async with relay.wire.exchange(
        "GET", relay.target(api.EVENTS), headers=headers, silence=SILENCE
    ) as answered:
        name, data = "", b""
        async for line in _lines(answered.pieces()):
            if not line:
                event = _event(name, data)
                name, data = "", b""
                if event:
                    yield event
            elif line.startswith(b"event:"):
                name = line.removeprefix(b"event:").strip(b" ").decode("ascii", "replace")
            elif line.startswith(b"data:"):
                data += line.removeprefix(b"data:").removeprefix(b" ")
                if len(data) > MAX_LINE:
                    raise problem("relay-answer-invalid", why=clause("answer.event-too-long"), kept="")


async def _lines(pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    kept = b""
    async for piece in pieces:
        *whole, kept = (kept + piece).split(b"\n")
        if len(kept) > MAX_LINE:
            raise problem("relay-answer-invalid", why=clause("answer.event-too-long"), kept="")
        for line in whole:
            yield line.removesuffix(b"\r")


def _event(name: str, data: bytes) -> Live | None:
    """The event of a block; None for a name that we do not know (a comment, something newer)."""
    try:
        if name == "statement":
            told = strict_json.decode(data, api.StatementEvent)
            return Live("statement", told.index, told.id, told.type, told.case)
        if name in ("checkpoint", "cosigned"):
            size = strict_json.decode(data, api.CheckpointEvent).size
            return Live("checkpoint" if name == "checkpoint" else "cosigned", size=size)
    except strict_json.StrictJsonError as error:
        raise problem("relay-answer-invalid", why=clause("answer.event", why=error), kept="") from error
    return None
