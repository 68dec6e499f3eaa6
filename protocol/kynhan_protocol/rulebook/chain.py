"""A root statement continues its committee's chain, and certifies no key of the relay (DESIGN §3.2, §3.4)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ..errors import ChainError
from ..statements.chains import certified_keys
from ..statements.signing import SignedStatement
from ..statements.statements import Membership, RootStatement, Succession
from .faults import Article, Fault, fault
from .place import LogPlace

BROKEN: Final = frozenset(
    f"chain.{code}"
    for code in (
        "bad-id",
        "bad-signature",
        "key-known",
        "key-unknown",
        "no-sealing-key",
        "not-next",
        "other-committee",
    )
)
"""What chains.Chain.append and committees.Committees.append find: such a statement is in no chain."""


def _chain(signed: SignedStatement, place: LogPlace) -> Iterator[Fault]:
    try:
        place.extend_chain(signed)
    except ChainError as error:
        yield fault(f"chain.{error.code}", en=error)


def _relay_keys(signed: SignedStatement, place: LogPlace) -> Iterator[Fault]:
    """A key of the relay is certified to nobody."""
    theirs = {key.key for pair in place.relay_keys for key in pair}
    if theirs & certified_keys(signed.statement):
        yield fault("key-of-relay")


CHAIN: Final = Article("chain", RootStatement, _chain)
RELAY_KEYS: Final = Article("relay-keys", (Membership, Succession), _relay_keys)
