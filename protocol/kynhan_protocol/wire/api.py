"""The relay's HTTP interface as both sides name it: paths, request and answer shapes, limits, problem codes.

`docs/spec/api.md` says it in words; `openapi.json` of the relay is the machine-readable specification, and a test
keeps the three equal. Byte strings travel as padded canonical base64 in JSON; hashes and ids as lower-case hex.
"""

from __future__ import annotations

import re
from typing import Final, Literal

import msgspec

# --- paths -------------------------------------------------------------------------------------------------------

HEALTH: Final = "/healthz"
OPENAPI: Final = "/openapi.json"
LOG: Final = "/v1/logs/{log}"

CHECKPOINT: Final = LOG + "/checkpoint"
COSIGNED: Final = LOG + "/checkpoint/cosigned"
CANDIDATE: Final = LOG + "/checkpoint/candidate"
TILE: Final = LOG + "/tile/{tile}"
COSIGNATURES: Final = LOG + "/cosignatures"

STATEMENTS: Final = LOG + "/statements"
RECEIPT: Final = LOG + "/statements/{id}/receipt"
DOCUMENT: Final = LOG + "/documents/{sha256}"
CHAIN: Final = LOG + "/chains/{committee}"
CALENDAR: Final = LOG + "/calendar"
HEADER: Final = LOG + "/dispatches/{id}/header"
BODY: Final = LOG + "/dispatches/{id}/body"
UPLOADS: Final = LOG + "/uploads"
UPLOAD: Final = LOG + "/uploads/{upload}"
EVENTS: Final = LOG + "/events"
CHANNELS: Final = LOG + "/channels"
CHANNEL: Final = LOG + "/channels/{channel}"
CONFIRMATION: Final = LOG + "/channels/confirmation"
FEED: Final = "/v1/feeds/{secret}.ics"

PATTERNS: Final[dict[str, str]] = {
    "log": r"[a-z0-9][a-z0-9-]{0,39}",
    "id": r"[0-9a-f]{64}",
    "sha256": r"[0-9a-f]{64}",
    "upload": r"[0-9a-f]{32}",
    "case": r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}",
    "channel": r"[0-9a-f]{32}",
    "secret": r"[A-Za-z0-9_-]{43}",
    "committee": r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*",
    "tile": r"(?:[0-9]{1,2}|entries)(?:/x[0-9]{3}){0,6}/[0-9]{3}(?:\.p/[1-9][0-9]{0,2})?",
}
"""What each variable of a path may be; anything else in its place is no path of the relay's (404 not-found).

`case` stands in a query: anything else there is 400 bad-request."""


def path(template: str, **values: str) -> str:
    """`template` with its variables filled in; ValueError when a value does not have its pattern."""
    for name, value in values.items():
        if re.fullmatch(PATTERNS[name], value, re.ASCII) is None:
            raise ValueError(f"{value!r} cannot stand for {{{name}}} in {template}")
    return template.format_map(values)


# --- limits and media types --------------------------------------------------------------------------------------

MAX_INLINE_BODY: Final = 64 * 1024
"""Bytes of the largest age body that may travel inside POST statements."""
MAX_JSON: Final = 1024 * 1024
"""Bytes of the largest JSON request."""
MAX_SMALL_JSON: Final = 16 * 1024
"""Bytes of the largest request about a channel."""
MAX_CHECKPOINT: Final = 64 * 1024
"""Bytes of the largest checkpoint note handed in with a cosignature."""
MAX_DOCUMENTS: Final = 8
MAX_STATEMENTS: Final = 1000
"""Statements in one answer, at most; it is also what a request without `limit` gets."""
CREATED_WINDOW: Final = 300
"""Seconds a request's `created` may lie from the relay's clock, either way."""
HEARTBEAT: Final = 15
"""Seconds between comments on an idle event stream."""

JSON: Final = "application/json"
PROBLEM: Final = "application/problem+json"
NOTE: Final = "text/plain; charset=utf-8"
BYTES: Final = "application/octet-stream"
EVENT_STREAM: Final = "text/event-stream"
CALENDAR_FEED: Final = "text/calendar; charset=utf-8"
TUS: Final = "1.0.0"
TUS_CHUNK: Final = "application/offset+octet-stream"
PROBLEM_TYPE: Final = "urn:kynhan:problem:"


# --- shapes ------------------------------------------------------------------------------------------------------


class PostStatement(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """POST statements. A dispatch brings its header, and either `body` (inline) or `upload` (a finished upload)."""

    note: str
    header: bytes | None = None
    body: bytes | None = None
    upload: str | None = None
    documents: tuple[bytes, ...] = ()


class Posted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Its answer: tlog-proof texts, the statement's own first, then those of the relay statements naming it."""

    id: str
    index: int
    receipts: tuple[str, ...]


class LoggedNote(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One statement of the log: its index, its id (the log's entry) and its whole signed note."""

    index: int
    id: str
    note: str


class Statements(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """GET statements: `size` of the tree they were read at; the actor's own, ascending by index."""

    size: int
    statements: tuple[LoggedNote, ...]


class ChainOf(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """GET chains/{committee}: its root statements, ascending by index, at a tree of `size`."""

    committee: str
    size: int
    statements: tuple[LoggedNote, ...]


class StatementEvent(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Data of the event `statement`, whose id is the log index; `case` is None where the statement names none."""

    index: int
    id: str
    type: str
    case: str | None


class CheckpointEvent(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Data of the events `checkpoint` and `cosigned` (without id): the size of the tree they speak of."""

    size: int


class Problem(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An RFC 9457 problem document; `code` is stable and is what a program looks at."""

    type: str
    title: str
    status: int
    detail: str
    code: str


class NewChannel(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """POST channels. `address` is a mail address or a URL, None for a feed; only mail knows `digest`."""

    kind: Literal["mail", "webhook", "feed"]
    address: str | None = None
    language: Literal["vi", "en", "both"] = "both"
    digest: bool = False


class Channel(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A way by which reminders reach the member. Counts are notices; `error` says why the last one did not go."""

    id: str
    kind: Literal["mail", "webhook", "feed"]
    address: str | None
    language: Literal["vi", "en", "both"]
    digest: bool
    created: str
    confirmed: bool
    waiting: int
    sent: int
    failed: int
    last_sent: str | None
    error: str | None


class ChannelMade(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Its answer. `feed` is the path of a new feed; it is told this once, and kept nowhere."""

    channel: Channel
    feed: str | None


class Channels(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """GET channels: the member's own, oldest first."""

    channels: tuple[Channel, ...]


class Confirmation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """POST channels/confirmation: the code that came by mail."""

    code: str


class LogHealth(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One log on /healthz: tree size and the size last cosigned by all witnesses."""

    log: str
    size: int
    cosigned: int


class ClockHealth(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The relay's clock. `demo` is the number of seconds a demo clock adds, None without one.

    `state` is one of `ok`, `behind` (503 clock-behind) and `doubt` (503 clock-doubt).
    """

    state: str
    now: str
    demo: int | None


class TickHealth(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The scheduler: seconds between ticks, the time (RFC 3339) of the last finished one, and how it ended."""

    every: float
    last: str | None
    result: str | None


class Health(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """GET /healthz: `status` is `ok` (200) or `unwell` (503)."""

    status: str
    version: str
    clock: ClockHealth
    tick: TickHealth
    logs: tuple[LogHealth, ...]


# --- problems ----------------------------------------------------------------------------------------------------

PROBLEMS: Final[dict[str, tuple[int, str]]] = {
    "bad-request": (400, "The request is malformed"),
    "bad-json": (400, "The body is not the JSON expected here"),
    "bad-target": (400, "The request target is not in the accepted form"),
    "bad-statement": (400, "The statement does not follow the format"),
    "bad-signature": (400, "A signature on the statement does not verify"),
    "bad-checkpoint": (400, "The checkpoint or cosignature is not acceptable"),
    "digest-mismatch": (400, "Content-Digest does not match the body"),
    "unauthorized": (401, "The request is not signed by a member in force"),
    "forbidden": (403, "This member's roles do not allow this"),
    "not-found": (404, "Nothing here for you"),
    "method-not-allowed": (405, "This path does not know this method"),
    "request-timeout": (408, "The request took too long to arrive"),
    "stale": (409, "The statement was made from an outdated view"),
    "not-now": (409, "The case does not allow this now"),
    "not-in-force": (409, "The author's membership is not in force"),
    "seen-unknown": (409, "The checkpoint seen is not one of this log"),
    "header-used": (409, "Another dispatch already used this header"),
    "body-used": (409, "Another dispatch already used this body"),
    "duplicate-member": (409, "This key or membership already exists"),
    "profile-not-in-force": (409, "This profile is not the one in force"),
    "too-many-channels": (409, "This member has as many channels as there may be"),
    "upload-offset": (409, "The upload continues elsewhere"),
    "conflict": (409, "The request contradicts the log"),
    "precondition-failed": (412, "The protocol version asked for is not spoken here"),
    "too-large": (413, "The request is too large"),
    "unsupported-encoding": (415, "Encoded request bodies are not accepted"),
    "unsupported-media-type": (415, "This media type is not accepted here"),
    "range-not-satisfiable": (416, "The range lies outside the body"),
    "bad-channel": (422, "The relay does not deliver there"),
    "bad-code": (422, "No channel of this member waits for that code"),
    "unknown-relay": (422, "The statement is addressed to another relay"),
    "outside-window": (422, "The statement's time lies outside the accepted window"),
    "header-mismatch": (422, "The header does not match the statement"),
    "body-mismatch": (422, "The body does not match the statement"),
    "document-mismatch": (422, "The document does not match the statement"),
    "rate-limited": (429, "Too many requests or connections from this address"),
    "internal": (500, "The relay failed; nothing was changed"),
    "clock-behind": (503, "The relay's clock is behind its last statement"),
    "clock-doubt": (503, "The relay's clock is in doubt"),
    "unavailable": (503, "The relay cannot do this now"),
    "disk-full": (507, "The relay has no room left"),
}
"""Every problem code, its status and its title."""
