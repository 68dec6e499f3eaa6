"""The relay's statement that names another one stands at the next index, and is of the right kind (DESIGN §3.2)."""

from __future__ import annotations

from ..statements.statements import Acceptance, Handover, Receipt, RelayStatement, Statement


def names(by: Acceptance | Handover, by_index: int, statement: Statement, id_: str, index: int) -> bool:
    """Whether `by`, at log index `by_index`, names `statement`, whose id is `id_`, at `index`: it gives its log time.

    A HANDOVER names the RECEIPT of its dispatch, an ACCEPTANCE any other root or member statement.
    """
    if by.of != id_ or by_index != index + 1 or isinstance(statement, RelayStatement):
        return False
    if isinstance(by, Handover):
        return isinstance(statement, Receipt) and by.dispatch == statement.dispatch
    return not isinstance(statement, Receipt)
