"""To whom a dispatch is sealed: the memberships in force of its addressee and of the sender's committee (DESIGN §2)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ..errors import ChainError
from ..statements.signing import SignedStatement
from ..statements.statements import Dispatch
from .faults import Article, Fault, fault
from .place import LogPlace


def _sealed(signed: SignedStatement, place: LogPlace) -> Iterator[Fault]:
    statement = signed.statement
    assert isinstance(statement, Dispatch)
    try:
        expected = place.expected_sealed(statement.from_, statement.approver, statement.to)
    except ChainError as error:
        if error.code == "no-addressee":  # of a sender not in force the signers tell
            yield fault("no-addressee", to=statement.to)
        return
    if statement.sealed != expected:
        yield fault("sealed-differs")


SEALED: Final = Article("sealed", Dispatch, _sealed)
