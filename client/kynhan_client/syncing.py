"""`kynhan sync`: read the log, send what waits, take the headers of what was signed for, make receipts final."""

from __future__ import annotations

from dataclasses import dataclass

from .dossiers.dossier import Progress
from .home.archive import Alarm
from .home.home import Home
from .log import finality, logbook, mirror, receipts
from .log.logbook import Entry
from .packages import outbox, receive
from .packages.outbox import Delivered
from .procedures import copies
from .relay.relay import Relay


@dataclass(frozen=True)
class Synced:
    """`size`: how far our copy was read; `cosigned_size`: of the latest checkpoint that all witnesses cosigned (0
    before); `headers`: dispatches that can be opened now; `upgraded` receipts became final, `pending` are not yet."""

    size: int
    cosigned_size: int
    new: tuple[Entry, ...]
    alarms: tuple[Alarm, ...]
    delivered: tuple[Delivered, ...]
    headers: tuple[str, ...]
    upgraded: int
    pending: int


async def sync(home: Home, relay: Relay, *, progress: Progress | None = None) -> Synced:
    """One whole exchange with the relay. Raises ClientError relay-down, refused, home-in-use.

    What was wrong with a single delivery is told in `delivered`; a frozen home only reads. Receipts that are overdue to
    become final are recorded in the diary.
    """
    read = await mirror.sync(home, relay)
    new, alarms = list(read.new), list(read.alarms)
    delivered: list[Delivered] = []
    headers: tuple[str, ...] = ()
    if home.frozen is None:
        delivered = await outbox.deliver_all(home, relay, progress=progress)
        if any(one.state == "sent" for one in delivered):
            read = await mirror.sync(home, relay)
            new += read.new
            alarms += read.alarms
        if await copies.send_owed(home, relay, progress=progress):
            read = await mirror.sync(home, relay)
            new += read.new
            alarms += read.alarms
        headers = await receive.take_headers(home, relay)
    upgraded = receipts.upgrade(home)
    finality.record(home)
    final = logbook.latest_final(home.archive)
    return Synced(
        read.size,
        final.size if final else 0,
        tuple(new),
        tuple(alarms),
        tuple(delivered),
        headers,
        upgraded,
        receipts.pending(home),
    )
