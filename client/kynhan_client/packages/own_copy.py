"""Our own copy of a package that its addressee says is faulty: whether we find the fault too (DESIGN §3.5).

Whoever sends it again, regarding it, admits the fault; so our copy is opened first. Nothing of it is written anywhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from kynhan_protocol.case import contests
from kynhan_protocol.case.case import Case, Sent
from kynhan_protocol.statements.statements import Dispatch

from ..clauses import clause
from ..dossiers import unpacking
from ..dossiers.letter import Letter
from ..dossiers.unpacking import Fault
from ..errors import problem
from ..home import cupboard
from ..home.home import Home
from ..log.view import View
from . import erasing, opening_judge


@dataclass(frozen=True)
class Copy:
    """Header and body of a package that lie here, both as the sender signed them."""

    statement: Dispatch
    header: bytes
    body: Path


def here(home: Home, view: View, dispatch: str) -> Copy:
    """What is here of a package. Raises ClientError header-missing, body-missing (open it first: that fetches it),
    destroyed, not-found.
    """
    erasing.require_kept(home, dispatch)
    statement, package = view.dispatch(dispatch), cupboard.package(home.archive, dispatch)
    body = home.sealed_path(dispatch, "body")
    if package is None or package.header is None or not unpacking.is_signed_header(statement, package.header):
        raise problem("header-missing", dispatch=dispatch[:12])
    if not body.is_file() or unpacking.is_damaged(body, statement.body.size, statement.body.hash):
        raise problem("body-missing", dispatch=dispatch[:12])
    return Copy(statement, package.header, body)


def is_sealed_to_us(home: Home, view: View, statement: Dispatch) -> bool:
    """Whether one of our keys belongs to a membership that the dispatch says it is sealed to."""
    ours = {str(identity.recipient()) for identity in home.keyring.identities}
    sealed = (view.committees.by_id(membership) for membership in statement.sealed)
    return any(certified is not None and certified.statement.sealing in ours for certified in sealed)


def fault(home: Home, view: View, dispatch: str) -> Fault | None:
    """What is wrong with a package of ours; None if it opens without a fault.

    Raises ClientError as here() does; not-found without a key of ours.
    """
    copy = here(home, view, dispatch)
    key = unpacking.open_key(copy.header, home.keyring.identities)
    if isinstance(key, Fault) and key.code == "no-stanza":
        raise problem("not-found", what=clause("thing.key-to", id=dispatch[:16]))
    if isinstance(key, Fault):
        return key
    found = unpacking.look(key, copy.body, judge=opening_judge.judge(view, copy.statement, dispatch))
    return next(iter(found), None)


def doubted(home: Home) -> list[tuple[str, Sent]]:
    """The requests and replies of our committee whose fault is contested, each after the id of its case."""
    found = [(case.id, contests.contested(case)) for case in View(home).cases()]
    return [(case, sent) for case, sent in found if sent is not None and home.config.is_ours(sent.from_)]


def contested(home: Home, case: Case, kind: str) -> Sent | None:
    """The newest dispatch of that kind by our committee whose fault is contested, and can still be admitted."""
    found = [
        sent
        for sent in case.dispatches.values()
        if sent.kind == kind and sent.is_contested and sent.admissible and home.config.is_ours(sent.from_)
    ]
    return found[-1] if found else None


def to_admit(home: Home, view: View, case: Case, kind: str, to: str) -> Sent | None:
    """What a letter of that kind to `to` should regard, so that it admits the fault that our own copy shows; None where
    ours shows none: then what is sent admits nothing.

    Raises ClientError as fault() does.
    """
    first = contested(home, case, kind)
    if first is None or first.to != to or fault(home, view, first.id) is None:
        return None
    return first


def admitted_by(view: View, letter: Letter) -> str | None:
    """The dispatch whose fault `letter` would admit; None if none."""
    if letter.case is None or letter.regarding is None:
        return None
    first = view.case(letter.case).dispatches.get(letter.regarding)
    if first is None or not (first.is_contested and first.admissible):
        return None
    return first.id if (first.kind, first.to) == (letter.kind, letter.to) else None
