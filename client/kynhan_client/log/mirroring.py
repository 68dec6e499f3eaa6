"""One sync while it goes on: whose copy, from which relay, what was wrong so far. mirror.py runs it, part by part."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..clauses import Pair
from ..errors import ClientError, problem
from ..home.archive import Alarm, Archive
from ..home.config import RelayAddress
from ..home.home import Home
from ..relay.relay import Relay
from . import heads
from .guarding import Guard
from .heads import SignedHead
from .logbook import Entry
from .view import committees_of


@dataclass
class SyncResult:
    """What a sync brought: how many entries are read by now, the new statements, what was wrong.

    `up_to_date` says that everything under the relay's latest checkpoint is here and verified.
    """

    size: int = 0
    new: list[Entry] = field(default_factory=list)
    alarms: list[Alarm] = field(default_factory=list)
    up_to_date: bool = False


class Mirroring:
    """What the parts of a sync share. `committees`: as read so far, for the keys of witnesses and members;
    `is_complete`: every statement is served to us.
    """

    def __init__(self, home: Home, relay: Relay) -> None:
        self.home = home
        self.relay = relay
        self.result = SyncResult()
        self.guard = Guard(home)
        self.committees = committees_of(home)
        self.is_complete = "clerk" in home.config.roles

    @property
    def archive(self) -> Archive:
        """The home's."""
        return self.home.archive

    @property
    def address(self) -> RelayAddress:
        """The relay as this home was told of it: origin and keys."""
        return self.home.relay

    def checkpoint(self, data: bytes) -> SignedHead | None:
        """A checkpoint as the relay served it; None, and an alarm, if it bears no good signatures of the relay's."""
        try:
            return heads.read(data, self.address.origin, self.address.keys, self.committees)
        except ClientError as error:
            self.guard.alarm("relay-answer-invalid", error.en, error.vi)
            return None

    def garbled(self, why: Pair) -> None:
        """Raises the alarm for an answer that is of no use and proves nothing."""
        error = problem("relay-answer-invalid", why=why, kept="")
        self.guard.alarm("relay-answer-invalid", error.en, error.vi)
