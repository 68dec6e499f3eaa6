"""What a member says that it knew of the log: `seen`, the tree it verified, and `head`, the ends of the chains
(DESIGN §3.2, §3.3).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ..statements.signing import SignedStatement
from ..statements.statements import MemberStatement
from .faults import Article, Fault, fault
from .place import LogPlace


def _seen(signed: SignedStatement, place: LogPlace) -> Iterator[Fault]:
    statement = signed.statement
    assert isinstance(statement, MemberStatement)
    seen = statement.seen
    if seen.size > place.index:
        yield fault("seen-beyond", size=seen.size, index=place.index)
    elif place.root_at(seen.size) != seen.root:
        yield fault("seen-wrong", size=seen.size)


def _head(signed: SignedStatement, place: LogPlace) -> Iterator[Fault]:
    """One root statement of each committee that has any before this place; not always the newest."""
    statement = signed.statement
    assert isinstance(statement, MemberStatement)
    if statement.head == place.heads:
        return
    named = [place.author_of_root(head) for head in statement.head]
    if None in named:
        yield fault("head-unknown")
    elif len(named) != len(place.founded) or set(named) != place.founded:
        yield fault("head-not-of-each")


SEEN: Final = Article("seen", MemberStatement, _seen)
HEAD: Final = Article("head", MemberStatement, _head)
