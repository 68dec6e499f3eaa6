"""Destroying our copy of a package (R5a): its sealed files, register fields and what the outbox kept go; its statements
and receipts stay, since they are the evidence.

The order is: the act enters the outbox; the copy is erased; the DESTRUCTION is signed; it is posted (delivering.py). A
crash anywhere in between goes on from there at the next sync: nothing is ever signed as destroyed that is still here,
be it inside an assignment that handed it on.
What a user unpacked elsewhere, a backup, and what a disk keeps of deleted blocks are out of this program's reach.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from kynhan_protocol.case.case import Case, Sent
from kynhan_protocol.names import Name
from kynhan_protocol.statements.statements import Destruction, Dispatch

from ..errors import problem
from ..home import cupboard, durable
from ..home.cupboard import Package
from ..home.home import Home
from ..log import logbook
from ..log.view import View
from . import carried

DESTROYED: Final = "destroyed"


def erase(home: Home, dispatch: str) -> None:
    """Erases our copy of a package, whatever of it is here; may be repeated. Raises ClientError not-found."""
    view = View(home)
    statement = view.dispatch(dispatch)
    with_it = _known_only_by(home, view, dispatch)
    folder = home.path / "sealed"
    for name in (f"{dispatch}.*", f".{dispatch}.*"):  # also what a crash left half written
        for path in folder.glob(name):
            path.unlink(missing_ok=True)
    durable.sync_folder(folder)
    archive = home.archive
    with archive.transaction():
        known = cupboard.package(archive, dispatch)
        mine = home.config.is_ours(statement.from_)
        fresh = Package(dispatch, "out" if mine else "in", DESTROYED, statement.case, statement.kind)
        kept = replace(
            known or fresh,
            state=DESTROYED,
            body_here=False,
            header=None,
            opened_at=None,
            opened_to=None,
            fault=None,
        )
        cupboard.put_package(archive, kept)
        for one in (dispatch, *with_it):
            archive.run("DELETE FROM manifests WHERE dispatch = ?", (one,))  # search's entry goes with it
            # its number stays taken; what the clerk wrote beside it goes
            archive.run("UPDATE register SET distribution = NULL, location = NULL WHERE dispatch = ?", (one,))
        archive.run(
            "UPDATE outbox SET manifest = NULL, header = NULL, file_key = NULL, body_path = NULL"
            " WHERE dispatch = ? AND kind = 'dispatch'",
            (dispatch,),
        )
        archive.note_event("erased", home.clock.posix(), dispatch=dispatch)
    archive.rows("PRAGMA wal_checkpoint(TRUNCATE)")


def carriers(home: Home, view: View, case: Case, dispatch: str) -> tuple[Sent, ...]:
    """The assignments whose packages are kept here and carry that of a dispatch."""
    return tuple(
        sent
        for sent in case.dispatches.values()
        if sent.kind == "assignment"
        and _is_kept(home, sent.id)
        and dispatch in carried.inside(home, view, case, sent.id)
    )


def require_nowhere_else(home: Home, view: View, case: Case, dispatch: str) -> None:
    """That no other package here carries that of a dispatch. Raises ClientError still-carried."""
    for one in carriers(home, view, case, dispatch):
        raise problem("still-carried", dispatch=dispatch[:12], carrier=one.id[:12], unit=one.to)


def _known_only_by(home: Home, view: View, assignment: str) -> list[str]:
    """The dispatches that this home knows the content of only because an assignment carried them."""
    case = view.case(view.dispatch(assignment).case)
    return [
        one
        for one in carried.inside(home, view, case, assignment)
        if cupboard.package(home.archive, one) is None
        and {sent.id for sent in carriers(home, view, case, one)} <= {assignment}
    ]


def _is_kept(home: Home, dispatch: str) -> bool:
    known = cupboard.package(home.archive, dispatch)
    return known is not None and known.state != DESTROYED


def is_erased(home: Home, dispatch: str) -> bool:
    """Whether our copy was destroyed, or our committee has signed that it was."""
    known = cupboard.package(home.archive, dispatch)
    return (known is not None and known.state == DESTROYED) or destroyed_by_us(home, dispatch)


def destroyed_by_us(home: Home, dispatch: str) -> bool:
    """Whether a DESTRUCTION of the copy that this home has is in the log: by another clerk of ours, it may be.

    Of what is addressed to a member there are two copies on its side: the member's own, and its committee's.
    """
    statements = [entry.logged.statement for entry in logbook.about_dispatch(home.archive, dispatch)]
    to = next((one.to for one in statements if isinstance(one, Dispatch)), None)
    mine = home.config.member if to == home.config.member else home.config.committee
    acts = (one for one in statements if isinstance(one, Destruction))
    return any((act.by if act.by == to else Name.of(act.by).committee) == mine for act in acts)


def require_kept(home: Home, dispatch: str) -> None:
    """Raises ClientError destroyed."""
    if is_erased(home, dispatch):
        raise problem("destroyed", dispatch=dispatch[:12])
