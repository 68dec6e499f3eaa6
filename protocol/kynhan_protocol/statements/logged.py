"""A statement at its place in the log, as folds read it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from .statements import Statement


@dataclass(frozen=True, slots=True)
class Logged:
    """`statement` is entry `index` of the log; `id` is the SHA-256 of `note`, the whole signed note, as hex.

    `time` is its log time: that of the relay statement naming it (a relay statement's own), DESIGN §3.2.
    """

    index: int
    id: str
    statement: Statement
    note: bytes
    time: datetime
