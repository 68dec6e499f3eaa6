"""Header and body belong to one dispatch: whoever got the header of one could open the other unsigned (DESIGN §2)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ..names import Name
from ..statements.signing import SignedStatement
from ..statements.statements import Dispatch
from .case_place import CasePlace
from .faults import Article, Fault, fault


def _header(signed: SignedStatement, place: CasePlace) -> Iterator[Fault]:
    """No dispatch before has the header, whatever became of it."""
    statement = signed.statement
    assert isinstance(statement, Dispatch)
    if place.is_header_used(statement.header.hash):
        yield fault("header-used")


def _body(signed: SignedStatement, place: CasePlace) -> Iterator[Fault]:
    """A body is sent again only by the same committee, once each dispatch of it was withdrawn unsigned."""
    statement = signed.statement
    assert isinstance(statement, Dispatch)
    committee = Name.of(statement.from_).committee
    others = [
        sent
        for sent in place.users_of_body(statement.body.hash)
        if sent.state != "withdrawn" or not Name.of(sent.from_).is_of(committee)
    ]
    if not others:
        return
    if all(sent.state == "sent" and Name.of(sent.from_).is_of(committee) for sent in others):
        place.vouch()
    yield fault("body-used")


HEADER: Final = Article("header", Dispatch, _header)
BODY: Final = Article("body", Dispatch, _body)
