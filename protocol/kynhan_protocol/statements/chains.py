"""A committee's chain of root statements, and what it certifies (DESIGN §3.2, §3.4).

A chain is what the root key signed, numbered from 1, each statement naming the one before: nobody who holds
its newest id can be shown less. Certified is, at log index i: for each member name the newest membership
statement before i, unless its key was revoked before i; it is in force at those times that lie within its
validity.

Chains are values: append() gives a new one. Nothing here does I/O; the order of appending is the order of the
log.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from kynhan_keys.vkeys import ED25519, Vkey

from ..errors import ChainError, StatementError
from . import signing
from .logged import Logged
from .statements import Membership, Revocation, RootStatement, Statement, Succession


@dataclass(frozen=True)
class Certified:
    """A membership at its place in the log."""

    index: int
    id: str
    statement: Membership

    @property
    def name(self) -> str:
        """The member's name."""
        return self.statement.member

    @property
    def committee(self) -> str:
        """The committee that certified it."""
        return self.statement.committee

    def has(self, role: str) -> bool:
        """Whether the member has that role."""
        return role in self.statement.role

    def is_valid_at(self, at: datetime) -> bool:
        """Whether `at` (an aware time) lies within its validity, both ends included."""
        return self.statement.not_before <= at <= self.statement.not_after


@dataclass(frozen=True)
class Chain:
    """The chain of `committee`, whose root key was compared in person. `links` are the statements so far, in
    order.
    """

    committee: str
    root: Vkey
    links: tuple[Logged, ...] = ()

    def __post_init__(self) -> None:
        if self.root.name != self.committee or self.root.type != ED25519:
            raise ChainError(
                f"The root key of {self.committee} bears another name, or signs no notes.", code="bad-root"
            )

    @property
    def head(self) -> str | None:
        """The id of the newest statement; None for a chain without any."""
        return self.links[-1].id if self.links else None

    def head_at(self, index: int) -> str | None:
        """The id of the newest statement before log index `index`; None where there is none."""
        return next((link.id for link in reversed(self.links) if link.index < index), None)

    def root_at(self, index: int) -> Vkey:
        """The root key in force for a statement at log index `index`: after the successions before it."""
        return next((root for at, root in reversed(self._roots) if at < index), self.root)

    def append(self, logged: Logged) -> Chain:
        """The chain with its next statement, fully verified.

        Raises ChainError: `not-next` (number, previous, or place in the log), `bad-signature`, `bad-id`,
        `other-committee`, `key-known` (a public key is certified once), `key-unknown` (a revocation of no
        certified key), `no-sealing-key` (a member who receives packages needs one).
        """
        statement = logged.statement
        if not isinstance(statement, RootStatement) or statement.committee != self.committee:
            raise ChainError(f"This is no root statement of {self.committee}.", code="other-committee")
        if (statement.number, statement.previous) != (len(self.links) + 1, self.head):
            raise ChainError(
                f"Statement {statement.number} of {self.committee} does not follow statement {len(self.links)}.",
                code="not-next",
            )
        if self.links and logged.index <= self.links[-1].index:
            raise ChainError(
                f"The chain of {self.committee} is not in the order of the log.", code="not-next"
            )
        self._check_signatures(logged, statement)
        self._check_keys(statement)
        longer = Chain(self.committee, self.root, (*self.links, logged))
        # what one link more adds, so that a long chain is not gone through again for each
        vars(longer)["_keys"] = self._keys | keys_of(statement)
        vars(longer)["_roots"] = self._roots + _roots_of(logged)
        return longer

    def certified(self, index: int) -> dict[str, Certified]:
        """By member name, the memberships that stand at log index `index`: newest of their name, not revoked.

        Whether they are in force depends on the time as well: in_force().
        """
        newest: dict[str, Certified] = {}
        revoked: set[Vkey] = set()
        for link in self.links:
            if link.index >= index:
                break
            if isinstance(link.statement, Membership):
                newest[link.statement.member] = Certified(link.index, link.id, link.statement)
            elif isinstance(link.statement, Revocation):
                revoked.add(link.statement.key)
        return {name: found for name, found in newest.items() if found.statement.signing not in revoked}

    def in_force(self, index: int, at: datetime) -> dict[str, Certified]:
        """By member name, the memberships in force at log index `index` and the (aware) time `at`."""
        return {name: found for name, found in self.certified(index).items() if found.is_valid_at(at)}

    def public_keys(self) -> frozenset[str]:
        """Every public key that the chain ever certified or had as root, in hex; names left aside."""
        return self._keys

    @cached_property
    def _keys(self) -> frozenset[str]:
        return frozenset({self.root.key.hex()}).union(*(keys_of(link.statement) for link in self.links))

    @cached_property
    def _roots(self) -> tuple[tuple[int, Vkey], ...]:
        """The index of each succession, and the root key that it made."""
        return tuple(root for link in self.links for root in _roots_of(link))

    def _check_signatures(self, logged: Logged, statement: RootStatement) -> None:
        if hashlib.sha256(logged.note).hexdigest() != logged.id:
            raise ChainError("The id of a root statement is not the hash of its bytes.", code="bad-id")
        try:
            signed = signing.parse(logged.note)
            signing.verify(signed, signers_of(statement, self.root_at(logged.index)))
        except StatementError as error:
            raise ChainError(
                f"Statement {statement.number} of {self.committee} is not signed as it should be: {error}",
                code="bad-signature",
            ) from error
        if signed.statement != statement:
            raise ChainError("A root statement is not what its bytes say.", code="bad-id")

    def _check_keys(self, statement: RootStatement) -> None:
        if isinstance(statement, Membership):
            if not statement.sealing and "witness" not in statement.role:
                raise ChainError(f"{statement.member} has no sealing key.", code="no-sealing-key")
            if self.public_keys() & keys_of(statement):
                raise ChainError(
                    f"A key of {statement.member} was certified before: a key is certified once.",
                    code="key-known",
                )
        elif isinstance(statement, Succession):
            if statement.root.key.hex() in self.public_keys():
                raise ChainError(f"The new root key of {self.committee} is not new.", code="key-known")
        elif isinstance(statement, Revocation) and not any(
            isinstance(link.statement, Membership) and link.statement.signing == statement.key
            for link in self.links
        ):
            raise ChainError(f"{self.committee} revokes a key that it never certified.", code="key-unknown")


def signers_of(statement: RootStatement, root: Vkey) -> tuple[Vkey, ...]:
    """The keys that sign a root statement, in order, where `root` is in force (DESIGN §3.2).

    A membership is also signed by the member's own key, as proof of possession; a witness key cannot sign
    notes. A succession is signed by the old and the new root.
    """
    if isinstance(statement, Membership) and statement.signing.type == ED25519:
        return root, statement.signing
    if isinstance(statement, Succession):
        return root, statement.root
    return (root,)


def certified_keys(statement: Statement) -> frozenset[bytes]:
    """The public signing keys that a root statement newly vouches for: a member's, or the next root."""
    if isinstance(statement, Membership):
        return frozenset((statement.signing.key,))
    return frozenset((statement.root.key,)) if isinstance(statement, Succession) else frozenset()


def keys_of(statement: Statement) -> frozenset[str]:
    """The public keys that a root statement newly vouches for, in a spelling that compares: hex for a signing key or a
    root, the recipient for a sealing key.
    """
    if isinstance(statement, Membership):
        sealing = (statement.sealing,) if statement.sealing else ()
        return frozenset((statement.signing.key.hex(), *sealing))
    return frozenset(key.hex() for key in certified_keys(statement))


def _roots_of(logged: Logged) -> tuple[tuple[int, Vkey], ...]:
    return ((logged.index, logged.statement.root),) if isinstance(logged.statement, Succession) else ()
