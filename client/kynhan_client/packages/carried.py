"""What of one package lies inside another one: an assignment carries what our committee received, byte for byte, and
beside each package the proof of its receipt, by whose place in the log it is known again."""

from __future__ import annotations

from kynhan_protocol.case.case import Case
from kynhan_protocol.package import manifest as manifests

from ..home import cupboard
from ..home.home import Home
from ..log.view import View


def proof_name(index: int, type_: str) -> str:
    """What the proof of a statement is called inside an assignment; `index` is the statement's place in the log."""
    return f"receipts/{index:04d}-{type_}.receipt"


def inside(home: Home, view: View, case: Case, assignment: str) -> tuple[str, ...]:
    """The dispatches of the case whose packages an assignment carries; none where it was not made or opened here."""
    note = cupboard.manifest(home.archive, assignment)
    if note is None:
        return ()
    names = {entry.name for entry in manifests.parse(note).manifest.file}
    return tuple(sent.id for sent in case.dispatches.values() if _proof_of(view, sent.receipt) in names)


def _proof_of(view: View, receipt: str | None) -> str | None:
    entry = None if receipt is None else view.statement(receipt)
    return None if entry is None else proof_name(entry.logged.index, "receipt")
