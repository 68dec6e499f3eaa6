"""The time, as an object that is handed round, so that nothing below reads it behind our back.

A demonstration moves time for all its processes at once through one file with a number of seconds in it; that file is
honoured only when the relay is on this very machine.
"""

from __future__ import annotations

import ipaddress
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from .errors import problem


def machine_time() -> float:
    """Seconds since 1970 by this machine's clock: the program reads it nowhere else, so tests can give another."""
    return time.time()  # noqa: TID251 - this is the place


@dataclass(frozen=True)
class Clock:
    """The system's clock, moved by the seconds in `offset_file` (read at every look; missing means 0)."""

    offset_file: Path | None = None

    def posix(self) -> int:
        """Whole seconds since 1970."""
        return int(machine_time()) + self.offset()

    def now(self) -> datetime:
        """The same in UTC, to the whole second, as statements are dated."""
        return datetime.fromtimestamp(self.posix(), UTC)

    def offset(self) -> int:
        """How far the clock is moved, in seconds. A file that is not a number counts as 0."""
        if self.offset_file is None:
            return 0
        try:
            return int(self.offset_file.read_text("ascii").strip() or "0")
        except (OSError, ValueError):
            return 0


def demo_clock(file: Path, relay_url: str) -> Clock:
    """A clock moved by `file`. Raises ClientError demo-clock unless `relay_url` is on loopback."""
    if not is_loopback(relay_url):
        raise problem("demo-clock")
    return Clock(file)


def is_loopback(url: str) -> bool:
    """Whether the host of `url` is this machine, by address or as `localhost`."""
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
