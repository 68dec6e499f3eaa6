"""One relay: its folder opened, its parts put together. admin.py prepares a folder."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, select

from kynhan_protocol.statements.chains import Certified
from kynhan_protocol.wire import api
from kynhan_server import clock
from kynhan_server.channels.channels import Channels
from kynhan_server.channels.feeds import Feeds
from kynhan_server.channels.outbox import Outbox
from kynhan_server.clock import Clock, DemoClock, Timekeeper
from kynhan_server.config import Folder, Settings
from kynhan_server.errors import not_found
from kynhan_server.log import deadlines
from kynhan_server.log.deadlines import Deadlines
from kynhan_server.log.ledger import Ledger
from kynhan_server.log.logs import Log, Standing, open_log
from kynhan_server.log.reading import Reading
from kynhan_server.log.uploads import Uploads
from kynhan_server.log.witnesses import Witnesses
from kynhan_server.store import blobs, keyfile
from kynhan_server.store import tables as t
from kynhan_server.store.admin import admit, init, vkeys
from kynhan_server.store.keyfile import RelayKeys
from kynhan_server.store.store import Store

__all__ = ["Health", "Relay", "admit", "confirm_clock", "init", "vkeys"]


@dataclass(frozen=True)
class Health:
    """The figures of /healthz that the core knows."""

    clock: api.ClockHealth
    logs: tuple[api.LogHealth, ...]


class Relay:
    """A running relay. Made by `Relay.open`; everything it has is read-only."""

    def __init__(
        self, places: Folder, store: Store, logs: tuple[Log, ...], timekeeper: Timekeeper, settings: Settings
    ) -> None:
        self._store = store
        self._blobs = blobs.Blobs(places.blobs)
        self._logs = {log.slug: log for log in logs}
        self.timekeeper = timekeeper
        self.reading = Reading(store, self._blobs, self.clock, settings.candidate_age)
        self.ledger = Ledger(store, self.reading, logs, timekeeper, settings)
        self.uploads = Uploads(store, self.ledger, self._blobs, self.clock, settings)
        self.witnesses = Witnesses(self.ledger, timekeeper)
        self.deadlines = Deadlines(store, self.ledger, self.uploads, timekeeper)
        self.channels = Channels(store, self.ledger, self.clock)
        self.outbox = Outbox(store, self.ledger, logs, self.clock)
        self.feeds = Feeds(store, self.clock)

    @classmethod
    async def open(
        cls, folder: Path, passphrase: bytes, clock: Clock, settings: Settings | None = None
    ) -> Relay:
        """Opens a folder that init made. Raises KeyfileError; CorruptError if the database contradicts itself."""
        places = Folder(folder)
        # The writer's thread and the event loop hand the interpreter to each other several times per statement; with
        # the default of 5 ms each handing over can take that long.
        sys.setswitchinterval(0.0005)
        keys = await asyncio.to_thread(keyfile.load, places.keys, passphrase)
        return await cls.open_with(folder, keys, clock, settings)

    @classmethod
    async def open_with(
        cls, folder: Path, keys: RelayKeys, clock: Clock, settings: Settings | None = None
    ) -> Relay:
        """As open, with the keys in hand."""
        places = Folder(folder)
        store = await asyncio.to_thread(Store, places.database)
        try:
            logs, timekeeper = await asyncio.to_thread(_load, store, places, keys, clock)
            relay = cls(places, store, logs, timekeeper, settings or Settings())
        except BaseException:
            await store.close()
            raise
        await asyncio.to_thread(_drop_orphans, store, relay._blobs)
        return relay

    @property
    def clock(self) -> Clock:
        """The clock that the relay looks at."""
        return self.timekeeper.clock

    @property
    def logs(self) -> tuple[Log, ...]:
        """All logs, by name."""
        return tuple(self._logs[slug] for slug in sorted(self._logs))

    def log(self, slug: str) -> Log:
        """The log of that name. Raises Refused not-found."""
        found = self._logs.get(slug)
        if found is None:
            raise not_found()
        return found

    def member(self, log: Log, name: str) -> Certified | None:
        """The membership of that name in force now; None if there is none."""
        at = self.clock.now().replace(microsecond=0)
        return Standing().members(log.state.committees, at).get(name)

    async def health(self) -> Health:
        """Clock and logs for /healthz."""
        now = self.clock.now().strftime("%Y-%m-%dT%H:%M:%SZ")
        demo = self.clock.offset if isinstance(self.clock, DemoClock) else None
        logs = [
            api.LogHealth(log=log.slug, size=log.size, cosigned=await self.reading.cosigned_size(log))
            for log in self.logs
        ]
        return Health(api.ClockHealth(state=self.timekeeper.state(), now=now, demo=demo), tuple(logs))

    async def close(self) -> None:
        """Finishes what is waiting and closes the database."""
        await self.ledger.close()
        await self._store.close()


def _load(store: Store, places: Folder, keys: RelayKeys, wall: Clock) -> tuple[tuple[Log, ...], Timekeeper]:
    with store.transaction() as connection:
        now = int(wall.now().timestamp())
        rows = connection.execute(select(t.logs).order_by(t.logs.c.id)).all()
        logs = tuple(open_log(connection, row.id, row.slug, row.origin, keys, now) for row in rows)
        last = max((time for row in rows for time in _last_time(connection, row.id)), default=None)
        heartbeat = deadlines.read_heartbeat(connection)
    return logs, Timekeeper(wall, last, heartbeat, lambda: clock.confirmed(places.clock_confirmed))


def _last_time(connection: Connection, log: int) -> list[int]:
    """The time of the log's last checkpoint, unless that is of the empty tree: within a log they never decrease."""
    c = t.checkpoints.c
    query = select(c.time).where(c.log == log, c.size > 0).order_by(c.size.desc()).limit(1)
    return list(connection.execute(query).scalars())


def _drop_orphans(store: Store, kept: blobs.Blobs) -> None:
    """Files of uploads that were being begun or deleted when the relay died; folder by folder, so that what is looked
    at stays small however many there are."""
    u = t.uploads.c
    for prefix, names in kept.folders():
        with store.transaction() as connection:
            logs = connection.execute(select(t.logs.c.id)).scalars().all()
            query = select(u.id).where(u.log.in_(logs), u.id >= prefix, u.id < prefix + "g")
            known = set(connection.execute(query).scalars())
        for blob in names:
            if blob not in known:
                kept.delete(blob)


def confirm_clock(folder: Path, at: datetime) -> None:
    """The operator's word that it is `at` now, for a relay in clock-doubt; it may be running."""
    clock.confirm(Folder(folder).clock_confirmed, at)
