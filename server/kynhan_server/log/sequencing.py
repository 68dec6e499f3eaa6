"""Whether a statement may take its place: what is decided inside the transaction, where nothing can come in between.

The rules stand in the protocol's rulebook/ (DESIGN §3.3). Each check raises Refused with the code that its caller can
act on.
"""

from __future__ import annotations

from collections.abc import Sequence

from kynhan_keys.vkeys import Vkey
from kynhan_protocol.errors import StatementError
from kynhan_protocol.rulebook.log_rules import LOG_RULES
from kynhan_protocol.statements import signing
from kynhan_protocol.statements.chains import Certified
from kynhan_protocol.statements.signing import SignedStatement
from kynhan_protocol.statements.statements import MemberStatement
from kynhan_server.errors import Refused
from kynhan_server.log import refusals
from kynhan_server.log.draft import Layer


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
    refusals.check(place, signed, LOG_RULES)
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
