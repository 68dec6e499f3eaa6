"""The relay's statement that names another one stands at the next index, and is of the right kind (DESIGN §3.2)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ..statements.signing import SignedStatement
from ..statements.statements import (
    Acceptance,
    Due,
    Handover,
    Receipt,
    RelayStatement,
    Reminder,
    Statement,
)
from .faults import Article, Fault, fault
from .place import LogPlace


def names(by: Acceptance | Handover, by_index: int, statement: Statement, id_: str, index: int) -> bool:
    """Whether `by`, at log index `by_index`, names `statement`, whose id is `id_`, at `index`: it gives its log time.

    A HANDOVER names the RECEIPT of its dispatch, an ACCEPTANCE any other root or member statement.
    """
    if by.of != id_ or by_index != index + 1 or isinstance(statement, RelayStatement):
        return False
    if isinstance(by, Handover):
        return isinstance(statement, Receipt) and by.dispatch == statement.dispatch
    return not isinstance(statement, Receipt)


def _naming(signed: SignedStatement, place: LogPlace) -> Iterator[Fault]:
    """It names what stands right before it."""
    by = signed.statement
    assert isinstance(by, Acceptance | Handover)
    before = place.before
    if before is None or not names(by, place.index, before.statement, before.id, before.index):
        yield fault("wrong-naming")


def _behind(_: SignedStatement, place: LogPlace) -> Iterator[Fault]:
    """What names nothing stands behind nothing that has to be named first."""
    before = place.before
    if before is not None and not isinstance(before.statement, RelayStatement):
        yield fault("wrong-naming")


NAMING: Final = Article("naming", (Acceptance, Handover), _naming)
BEHIND: Final = Article("behind", (Due, Reminder), _behind)
