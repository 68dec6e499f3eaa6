"""How far a member's own date may lie from the log time of its statement (DESIGN §3.2)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from ..statements.signing import SignedStatement
from ..statements.statements import MemberStatement, Receipt
from .faults import Article, Fault, fault
from .place import LogPlace

OLDEST: Final = timedelta(days=15)
OLDEST_RECEIPT: Final = timedelta(hours=72)
YOUNGEST: Final = timedelta(minutes=15)
"""How long after its log time a statement may be dated."""


def _find(signed: SignedStatement, place: LogPlace) -> Iterator[Fault]:
    statement = signed.statement
    assert isinstance(statement, MemberStatement)
    oldest = OLDEST_RECEIPT if isinstance(statement, Receipt) else OLDEST
    if not place.at - oldest <= statement.time <= place.at + YOUNGEST:
        yield fault(
            "outside-window",
            dated=f"{statement.time:%Y-%m-%dT%H:%M:%SZ}",
            logged=f"{place.at:%Y-%m-%dT%H:%M:%SZ}",
        )


WINDOW: Final = Article("window", MemberStatement, _find)
