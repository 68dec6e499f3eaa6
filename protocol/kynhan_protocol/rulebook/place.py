"""A place in the log, as relay, reader and judge of evidence can each give it; and what one of them may lack there."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from kynhan_keys.vkeys import Vkey

from ..statements.chains import Certified
from ..statements.signing import SignedStatement
from ..statements.statements import Dispatch, Statement


class LackingError(Exception):
    """What a rule asks for is not on the table. `evidence` names it, as in needs.NEEDS; `detail`, in
    English, says which one.

    Only evidence lacks anything: the relay has the whole log, and so has the reader but for what is not served to it.
    """

    def __init__(self, evidence: str, detail: str = "") -> None:
        super().__init__(evidence)
        self.evidence = evidence
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Before:
    """What stands at `index`, right before a place; its log time is not asked for."""

    index: int
    id: str
    statement: Statement


class LogPlace(Protocol):
    """The log before `index`, and the statement's log time. Any look-up may raise LackingError."""

    @property
    def index(self) -> int:
        """The statement's own index."""

    @property
    def at(self) -> datetime:
        """Its log time (DESIGN §3.2), aware."""

    @property
    def before(self) -> Before | None:
        """The entry right before `index`; None at the beginning."""

    @property
    def last_time(self) -> datetime | None:
        """The latest time that the relay stated before `index`; None before any."""

    @property
    def relay_keys(self) -> Collection[tuple[Vkey, Vkey]]:
        """The relay's keys, Ed25519 and ML-DSA-44, that may have signed here."""

    @property
    def heads(self) -> tuple[str, ...]:
        """The ids of the newest root statement of each committee that has one before `index`, sorted."""

    @property
    def founded(self) -> frozenset[str]:
        """The committees that have a root statement before `index`."""

    def extend_chain(self, signed: SignedStatement) -> None:
        """Raises ChainError where a root statement does not continue the chains as they stand here."""

    def author_of_root(self, root: str) -> str | None:
        """Whose root statement `root` is, if one of that id stands before `index`."""

    def root_at(self, size: int) -> bytes | None:
        """The root of the tree of the first `size` entries, `size` at most `index`; None where none was ever signed."""

    def is_origin(self, relay: str) -> bool:
        """Whether `relay` is the origin of this log."""

    def member(self, name: str) -> Certified | None:
        """The membership of `name` in force here."""

    def is_valid(self, signed: SignedStatement, number: int, key: Vkey) -> bool:
        """Whether signature line `number` is valid under `key`: signers.is_valid, or what is known of it already."""

    def expected_sealed(self, from_: str, approver: str | None, to: str) -> tuple[str, ...]:
        """What `sealed` has to be here. Raises ChainError as Committees.expected_sealed does."""

    def dispatch(self, id_: str) -> Dispatch | None:
        """The dispatch of that id before `index`."""
