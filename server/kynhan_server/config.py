"""What an operator can set for the core of the relay, and where things lie in its data folder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

DATABASE: Final = "relay.db"
BLOBS: Final = "blobs"
KEYS: Final = "keys.age"
CLOCK_CONFIRMED: Final = "clock.confirmed"

INLINE_BODY: Final = 64 * 1024
"""Bytes of the largest body that lies in the database; larger ones are blobs."""


@dataclass(frozen=True)
class Settings:
    """Limits. Sizes in bytes, times in seconds."""

    max_body: int = 1 << 40
    """The largest body of a dispatch."""
    max_open_uploads: int = 64
    """Unfinished and unused uploads per committee."""
    keep_free: int = 256 << 20
    """Bytes of the disk that uploads leave alone, so that what was sent before can still be signed for."""
    upload_lifetime: int = 30 * 86_400
    """An upload that no dispatch used for so long after its creation is deleted."""
    upload_sync: int = 16 << 20
    """While an upload streams in, it is made durable, and its offset committed, every so many bytes."""
    max_group: int = 256
    """Submissions that share one transaction, one checkpoint and one fsync."""
    max_waiting: int = 4096
    """Submissions that may wait for the writer; one more is refused with `unavailable`."""
    candidate_age: float = 5.0
    """How long witnesses are offered the same checkpoint while a newer one exists."""
    subscriber_queue: int = 10_000
    """Events that may wait for one subscriber before it is cut off (it resumes by index)."""


@dataclass(frozen=True)
class Folder:
    """The relay's data folder."""

    path: Path

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return self.path / DATABASE

    @property
    def blobs(self) -> Path:
        """The folder of bodies above INLINE_BODY."""
        return self.path / BLOBS

    @property
    def keys(self) -> Path:
        """The relay's private keys, an age file under a passphrase."""
        return self.path / KEYS

    @property
    def clock_confirmed(self) -> Path:
        """Where an operator's confirmation of the clock is left for the running relay."""
        return self.path / CLOCK_CONFIRMED
