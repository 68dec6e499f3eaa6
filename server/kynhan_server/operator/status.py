"""`kynhan-relay status`: how a relay is, asked over HTTP or read from its data folder."""

from __future__ import annotations

import os
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPException
from pathlib import Path
from typing import Any, Final

import msgspec
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from kynhan_protocol.strict_json import StrictJsonError, decode
from kynhan_protocol.wire import api
from kynhan_server import words
from kynhan_server.config import Folder
from kynhan_server.errors import OperatorError
from kynhan_server.store import tables
from kynhan_server.store.store import look_only
from kynhan_server.upkeep import standby
from kynhan_server.words import Pair

SECONDS: Final = 10
_STATES: Final = ("waiting", "sent", "failed")


class StatusError(OperatorError):
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

    def lines(self) -> list[Pair]:
        """For people."""
        health, clock, tick = self.health, self.health.clock, self.health.tick
        demo = ("", "") if clock.demo is None else words.pair("status.demo", seconds=f"{clock.demo:+d}")
        return [
            words.pair("status.online", url=self.url, status=_label(health.status), version=health.version),
            words.pair("status.clock", state=_label(clock.state), now=clock.now, demo=demo),
            words.pair(
                "status.tick",
                last=tick.last or words.pair("status.never"),
                result=_label(tick.result or "none-yet"),
                every=f"{tick.every:g}",
            ),
            *(
                words.pair("status.log-online", log=log.log, size=log.size, cosigned=log.cosigned)
                for log in health.logs
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

    def lines(self) -> list[Pair]:
        """For people."""
        state = words.pair("status.at-rest")
        if self.holder is not None:
            state = words.pair("status.served", process=self.holder)
        beat = self.heartbeat or words.pair("status.never")
        return [
            words.pair("status.folder", folder=self.folder, state=state, beat=beat),
            words.pair("status.notices", **self.notices),
            *(
                words.pair("status.log-on-disk", log=log.log, size=log.size, cosigned=log.cosigned)
                for log in self.logs
            ),
        ]


def _label(code: str) -> Pair | str:
    """What /healthz says in one word; one that has no label yet stands for itself."""
    return words.WORDS.get(f"status.{code}", code)


def look(folder: Path | None, url: str | None) -> Online | OnDisk:
    """Ask the relay at `url`, or read `folder`. Raises StatusError."""
    if url is not None:
        return _online(url)
    if folder is None:
        raise ValueError("one of folder and url")
    return _on_disk(folder)


def _online(url: str) -> Online:
    if not url.startswith(("http://", "https://")):
        raise StatusError("status.address")
    try:
        with urllib.request.urlopen(url.rstrip("/") + api.HEALTH, timeout=SECONDS) as response:  # noqa: S310
            data = response.read(api.MAX_JSON)
    except urllib.error.HTTPError as unwell:
        with unwell:
            data = unwell.read(api.MAX_JSON)
    except (OSError, HTTPException, ValueError) as error:  # the last two: no HTTP there, no URL here
        raise StatusError("status.nobody", url=url, why=getattr(error, "reason", error)) from None
    try:
        return Online(url, decode(data, api.Health))
    except StrictJsonError:
        raise StatusError("status.other", url=url) from None


def _on_disk(folder: Path) -> OnDisk:
    file = Folder(folder).database
    if not Folder(folder).keys.is_file():
        raise StatusError("not-a-relay", folder=folder)
    heartbeat, logs, notices = (None, (), dict.fromkeys(_STATES, 0)) if not file.is_file() else _figures(file)
    return OnDisk(os.fspath(folder), standby.holder(folder), heartbeat, logs, notices)


def _figures(file: Path) -> tuple[str | None, tuple[api.LogHealth, ...], dict[str, int]]:
    engine = look_only(file)
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
        raise StatusError("database", why=error.__class__.__name__) from None
    finally:
        engine.dispose()
    said = None if beat is None else datetime.fromtimestamp(int(beat), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return said, tuple(found), notices
