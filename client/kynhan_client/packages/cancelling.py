"""Taking back what still waits in the outbox.

What was never posted (each attempt is on record before it is made: delivering.count) is dropped at once, also while the
relay is away. What was may have arrived, its answer lost on the way: our copy of the log is brought up to date first.
If the statement is in it, it is no longer ours to take back, and ends like any delivery; else it is dropped. A
destruction whose copy is erased already stays: that it is destroyed has to be said.

Dropped means, in one transaction: the file key, the header and the manifest go, a number taken for the document is void
(numbering.py), the row is `cancelled`; then the sealed body is deleted. After a crash in between the next sync deletes
it (outbox.deliver_all); without its file key nobody can read it. What was uploaded expires at the relay.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from kynhan_keys import notes
from kynhan_protocol.statements import signing

from ..clauses import clause
from ..errors import ClientError, problem
from ..home import cupboard, durable
from ..home.cupboard import Waiting
from ..home.home import Home
from ..log import logbook, mirror
from ..registers import numbering
from ..relay.relay import Relay
from . import delivering, erasing, outbox
from .delivering import change

OVER: Final = {"sent": "outbox.is-sent", "failed": "outbox.is-refused", "cancelled": "outbox.taken-back"}


@dataclass(frozen=True)
class Ended:
    """What became of what was to be taken back. `sent`: it was in the log already, at `index`; `dispatch` is the
    letter's own, or the one that the act is about (None for a letter that was never signed)."""

    number: int
    state: Literal["cancelled", "sent"]
    kind: str
    case: str | None
    dispatch: str | None
    index: int | None = None


async def cancel(home: Home, relay: Relay, number: int) -> Ended:
    """Takes back what waits under this number in the outbox; the relay is asked only if it was ever posted.

    Raises ClientError not-waiting, home-in-use (it is being sent just now), destroyed-already; for what was
    posted also frozen, relay-down, log-not-read, and what mirror.sync raises: it waits on then.
    """
    async with outbox.alone(home, require_waiting(home, number), wait=False):
        row = require_waiting(home, number)
        if row.note is not None and row.attempts and await _is_logged(home, relay, row):
            accepted = await delivering.finish_logged(home, relay, row)
            about = accepted.id if row.kind == "dispatch" else row.dispatch
            return Ended(number, "sent", row.kind, row.case, about, accepted.own.index)
        async with home.writing():
            _require_not_done(home, row)
            _drop(home, row)
    return Ended(number, "cancelled", row.kind, row.case, row.dispatch)


def require_waiting(home: Home, number: int) -> Waiting:
    """What waits under this number. Raises ClientError not-waiting."""
    try:
        row = cupboard.waiting_by_id(home.archive, number)
    except ClientError as error:
        raise problem("not-waiting", number=number, what=clause("outbox.none")) from error
    if row.state != "waiting":
        raise problem("not-waiting", number=number, what=clause(OVER[row.state]))
    return row


async def _is_logged(home: Home, relay: Relay, row: Waiting) -> bool:
    """Whether the statement of a row is in the log, read to its end now. What counts is its text: under other
    signature lines it has another id. Raises ClientError frozen, relay-down, log-not-read."""
    home.require_not_frozen()
    result = await mirror.sync(home, relay)
    home.require_not_frozen()
    if not result.up_to_date:
        raise problem("log-not-read", number=row.id)
    text = signing.parse(row.note or b"").text.encode()
    if row.kind == "dispatch":
        entries = logbook.of_case(home.archive, row.case or "")
    else:
        entries = logbook.about_dispatch(home.archive, row.dispatch or "")
    return any(notes.split_text(entry.logged.note) == text for entry in entries if entry.type == row.kind)


def _require_not_done(home: Home, row: Waiting) -> None:
    """Raises ClientError destroyed-already for a destruction of which only the statement is left to be sent."""
    about = row.dispatch or ""
    if row.kind != "destruction" or not erasing.is_erased(home, about):
        return
    if not erasing.destroyed_by_us(home, about):
        raise problem("destroyed-already", dispatch=about[:12])


def _drop(home: Home, row: Waiting) -> None:
    with home.archive.transaction():
        change(home, row, state="cancelled", step="done", file_key=None, header=None, upload=None)
        numbering.settle(home)  # a number taken for the document is known by the manifest
        change(home, row, manifest=None, body_path=None, last_error=None)
        home.archive.note_event("cancelled", home.clock.posix(), row=row.id, row_kind=row.kind, case=row.case)
    if row.body_path:
        path = home.path / "sealed" / row.body_path
        path.unlink(missing_ok=True)
        durable.sync_folder(path.parent)
