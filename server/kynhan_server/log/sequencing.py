"""Whether a statement may take its place: what is decided inside the transaction, where nothing can come in between.

Rules of DESIGN §2 and §3.2. Each check raises Refused with the code that its caller can act on.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from kynhan_keys.vkeys import Vkey
from kynhan_protocol.errors import StatementError
from kynhan_protocol.statements import signing
from kynhan_protocol.statements.chains import Certified
from kynhan_protocol.statements.signing import SignedStatement
from kynhan_protocol.statements.statements import MemberStatement, Receipt
from kynhan_server.errors import Refused
from kynhan_server.log.draft import Layer

OLDEST: Final = timedelta(days=15)
OLDEST_RECEIPT: Final = timedelta(hours=72)
YOUNGEST: Final = timedelta(minutes=15)


def check_member_statement(
    place: Layer, signed: SignedStatement, authors: Sequence[Certified], verified: Sequence[Vkey] | None
) -> None:
    """Everything that all member statements have in common. `authors` sign, in the order of the lines.

    `verified` are the keys under which the signatures were found valid before the transaction, if they were.
    """
    statement = signed.statement
    assert isinstance(statement, MemberStatement)  # what the caller chose by
    if statement.relay != place.log.origin:
        raise Refused("unknown-relay", f"This log is {place.log.origin}.")
    _check_time(place, statement)
    _check_seen(place, statement)
    _check_head(place, statement)
    keys = tuple(author.statement.signing for author in authors)
    if keys != verified:
        verify(signed, keys)


def verify(signed: SignedStatement, keys: Sequence[Vkey]) -> None:
    """Checks the signature lines. Raises Refused bad-signature."""
    try:
        signing.verify(signed, keys)
    except StatementError as error:
        raise Refused("bad-signature", str(error)) from None


def signer_in_force(place: Layer, name: str) -> Certified:
    """The membership of `name` in force at this place. Raises Refused not-in-force."""
    found = place.in_force().get(name)
    if found is None:
        raise Refused("not-in-force", f"No membership of {name} is in force.")
    return found


def _check_time(place: Layer, statement: MemberStatement) -> None:
    oldest = OLDEST_RECEIPT if isinstance(statement, Receipt) else OLDEST
    if not place.at - oldest <= statement.time <= place.at + YOUNGEST:
        raise Refused(
            "outside-window",
            f"It is dated {statement.time:%Y-%m-%dT%H:%M:%SZ}; here it is {place.at:%Y-%m-%dT%H:%M:%SZ}.",
        )


def _check_seen(place: Layer, statement: MemberStatement) -> None:
    # Only what was committed can have been seen: the group's own tree has no checkpoint yet.
    size, state = statement.seen.size, place.log.state
    if size > state.size:
        raise Refused("seen-unknown", f"The log has {state.size} entries, not {size}.")
    if place.log.root_at(place.connection, size) != statement.seen.root:
        raise Refused("seen-unknown", f"The tree of {size} entries has another root.")


def _check_head(place: Layer, statement: MemberStatement) -> None:
    """One head of each committee that has a chain, each a root statement of the log: not always the newest."""
    if statement.head == place.committees.heads():
        return
    known = {link.id: chain.committee for chain in place.committees.chains.values() for link in chain.links}
    named = [known.get(head) for head in statement.head]
    expected = {chain.committee for chain in place.committees.chains.values() if chain.head}
    if None in named or len(named) != len(expected) or set(named) != expected:
        raise Refused("stale", "`head` does not name one known root statement of each committee.")
