"""`kynhan-relay status`: how a relay is, asked over HTTP or read from its data folder."""

from __future__ import annotations

import os
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import msgspec
from sqlalchemy import create_engine, func, select
from sqlalchemy.exc import SQLAlchemyError

from kynhan_protocol import api
from kynhan_protocol.strict_json import StrictJsonError, decode
from kynhan_server import standby, tables
from kynhan_server.config import Folder

SECONDS: Final = 10
_STATES: Final = ("waiting", "sent", "failed")


class StatusError(OSError):
    """Nothing answers, or nothing of ours; str() is one sentence."""


@dataclass(frozen=True)
class Online:
    """What /healthz said."""

    url: str
    health: api.Health

    @property
    def well(self) -> bool:
        """Whether the relay calls itself well."""
        return self.health.status == "ok"

    def as_json(self) -> Any:
        """The health document."""
        return msgspec.to_builtins(self.health)

    def lines(self) -> list[str]:
        """For people."""
        clock, tick = self.health.clock, self.health.tick
        demo = "" if clock.demo is None else f" (DEMO CLOCK: {clock.demo:+d} s)"
        return [
            f"{self.url}: {self.health.status}, version {self.health.version}",
            f"  clock {clock.state}, {clock.now}{demo}",
            f"  last tick {tick.last or 'never'} ({tick.result or 'none yet'}), every {tick.every:g} s",
            *(
                f"  log {log.log}: {log.size} statements, cosigned up to {log.cosigned}"
                for log in self.health.logs
            ),
        ]


@dataclass(frozen=True)
class OnDisk:
    """What the data folder shows. `holder` is the process serving it, None at rest; `notices` by their state."""

    folder: str
    holder: str | None
    heartbeat: str | None
    logs: tuple[api.LogHealth, ...]
    notices: Mapping[str, int]

    well = True

    def as_json(self) -> Any:
        """For programs."""
        return {
            "status": "serving" if self.holder is not None else "at rest",
            "process": self.holder,
            "heartbeat": self.heartbeat,
            "logs": [msgspec.to_builtins(log) for log in self.logs],
            "notices": dict(self.notices),
        }

    def lines(self) -> list[str]:
        """For people."""
        state = "at rest" if self.holder is None else f"served by process {self.holder}"
        return [
            f"{self.folder}: {state}, last heartbeat {self.heartbeat or 'never'}",
            "  mail and webhooks: " + ", ".join(f"{count} {state}" for state, count in self.notices.items()),
            *(
                f"  log {log.log}: {log.size} statements, newest cosignature at {log.cosigned}"
                for log in self.logs
            ),
        ]


def look(folder: Path | None, url: str | None) -> Online | OnDisk:
    """Ask the relay at `url`, or read `folder`. Raises StatusError."""
    if url is not None:
        return _online(url)
    if folder is None:
        raise ValueError("one of folder and url")
    return _on_disk(folder)


def _online(url: str) -> Online:
    if not url.startswith(("http://", "https://")):
        raise StatusError("The address of a relay begins with http:// or https://.")
    try:
        with urllib.request.urlopen(url.rstrip("/") + api.HEALTH, timeout=SECONDS) as response:  # noqa: S310
            data = response.read(api.MAX_JSON)
    except urllib.error.HTTPError as unwell:
        with unwell:
            data = unwell.read(api.MAX_JSON)
    except OSError as error:
        raise StatusError(f"No relay answers at {url}: {getattr(error, 'reason', error)}.") from None
    try:
        return Online(url, decode(data, api.Health))
    except StrictJsonError:
        raise StatusError(f"What answers at {url} is no relay.") from None


def _on_disk(folder: Path) -> OnDisk:
    file = Folder(folder).database
    if not Folder(folder).keys.is_file():
        raise StatusError(f"{folder} is not the data folder of a relay.")
    heartbeat, logs, notices = (None, (), dict.fromkeys(_STATES, 0)) if not file.is_file() else _figures(file)
    return OnDisk(os.fspath(folder), standby.holder(folder), heartbeat, logs, notices)


def _figures(file: Path) -> tuple[str | None, tuple[api.LogHealth, ...], dict[str, int]]:
    engine = create_engine(f"sqlite:///file:{file}?mode=ro&uri=true")
    cosigned = tables.cosignatures.c
    try:
        with engine.connect() as connection:
            beat = connection.execute(
                select(tables.meta.c.value).where(tables.meta.c.name == "heartbeat")
            ).scalar_one_or_none()
            found = []
            for row in connection.execute(select(tables.logs).order_by(tables.logs.c.slug)):
                size = connection.execute(
                    select(func.count()).where(tables.statements.c.log == row.id)
                ).scalar_one()
                last = connection.execute(
                    select(func.max(cosigned.size)).where(cosigned.log == row.id)
                ).scalar_one()
                found.append(api.LogHealth(log=row.slug, size=size, cosigned=last or 0))
            state = tables.notices.c.state
            counted = connection.execute(select(state, func.count()).group_by(state))
            notices = dict.fromkeys(_STATES, 0) | {row[0]: row[1] for row in counted}
    except SQLAlchemyError as error:
        raise StatusError(f"The database cannot be read: {error.__class__.__name__}.") from None
    finally:
        engine.dispose()
    said = None if beat is None else datetime.fromtimestamp(int(beat), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return said, tuple(found), notices
