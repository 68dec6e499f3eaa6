"""What is wrong with a manifest, by our own copy of the log (dossiers/manifest_judge.py)."""

from __future__ import annotations

from collections.abc import Callable

from kynhan_protocol.package.manifest import SignedManifest
from kynhan_protocol.statements.statements import Dispatch

from ..clauses import clause
from ..dossiers import manifest_judge
from ..dossiers.unpacking import Fault
from ..errors import problem
from ..log.view import View


def judge(view: View, statement: Dispatch, dispatch: str) -> Callable[[SignedManifest], tuple[Fault, ...]]:
    """What is wrong with the manifest of a dispatch of our copy. The function reads nothing, so that it may run in a
    thread. Raises ClientError not-found, keys-missing."""
    entry = view.statement(dispatch)
    if entry is None:
        raise problem("not-found", what=clause("thing.dispatch", id=dispatch[:16]))
    profile = view.profile_of(statement.profile)
    return manifest_judge.judge(statement, entry.logged.index, entry.logged.time, view.committees, profile)
