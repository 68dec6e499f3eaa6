"""Telling what belongs to the log in question from what belongs to another world (DESIGN §3.3): that is named, and
changes nothing.

Another world is another log, under another name, by which its checkpoint is signed too. What is of ours by what it
says, or by who signed, and only lies under another log's name, is not set aside: it is judged, and is `other-log`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from kynhan_keys import checkpoints
from kynhan_keys.vkeys import Vkey

from ..agreement.profile import Profile
from .exhibits import Exhibit, chains_from


def part(
    found: Sequence[Exhibit], roots: Mapping[str, Vkey], profiles: Mapping[str, Profile]
) -> tuple[list[Exhibit], list[Exhibit]]:
    """The exhibits of our log, and those of another world. All are ours where no profile tells which log is.

    Our log is the one in which the committees of `roots` attest a profile that names it.
    """
    named = {made.relay.origin for made in profiles.values()}
    there: dict[str, list[Exhibit]] = {}
    for exhibit in found:
        if exhibit.head is not None:
            there.setdefault(exhibit.head.origin, []).append(exhibit)
    own = {
        origin for origin in there if origin in named and _is_attested(origin, there[origin], roots, profiles)
    }
    if not own:
        return list(found), []
    ours: list[Exhibit] = []
    foreign: list[Exhibit] = []
    for exhibit in found:
        (foreign if _is_foreign(exhibit, own) else ours).append(exhibit)
    return ours, foreign


def _is_attested(
    origin: str, there: Iterable[Exhibit], roots: Mapping[str, Vkey], profiles: Mapping[str, Profile]
) -> bool:
    attested = (
        profiles.get(one.document) for one in chains_from(roots, (one.apart() for one in there)).profiles()
    )
    return any(made is not None and made.relay.origin == origin for made in attested)


def _is_foreign(exhibit: Exhibit, own: set[str]) -> bool:
    if exhibit.head is None or exhibit.proof is None or exhibit.signed is None or exhibit.head.origin in own:
        return False
    origin = exhibit.head.origin
    _, note = checkpoints.parse(exhibit.proof.checkpoint)
    signers = {line.name for line in note.signatures}
    states = getattr(exhibit.statement, "relay", origin)  # a root statement names no log
    return states == origin and origin in signers and not signers & own
