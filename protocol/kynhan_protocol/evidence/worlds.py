"""Telling what belongs to the log in question from what belongs to another world (DESIGN §3.3): that is named, and
changes nothing.

Another world is another log, under another name, of other keys. What is of ours by what it says, and only lies under
another log's name, is not set aside: it is judged, and is `other-log`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from kynhan_keys.vkeys import Vkey

from ..agreement.profile import Profile
from ..statements.statements import RootStatement, Succession
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
    keys = _root_keys(found, roots)
    ours: list[Exhibit] = []
    foreign: list[Exhibit] = []
    for exhibit in found:
        (foreign if _is_foreign(exhibit, own, keys) else ours).append(exhibit)
    return ours, foreign


def _is_attested(
    origin: str, there: Iterable[Exhibit], roots: Mapping[str, Vkey], profiles: Mapping[str, Profile]
) -> bool:
    attested = (
        profiles.get(one.document) for one in chains_from(roots, (one.apart() for one in there)).profiles()
    )
    return any(made is not None and made.relay.origin == origin for made in attested)


def _root_keys(found: Iterable[Exhibit], roots: Mapping[str, Vkey]) -> frozenset[tuple[str, bytes]]:
    """Name and key id of our committees' root keys: those given, and those that any statement here says followed."""
    keys = {*roots.values()}
    for exhibit in found:
        if (
            exhibit.signed
            and isinstance(exhibit.statement, Succession)
            and exhibit.statement.committee in roots
        ):
            keys.add(exhibit.statement.root)
    return frozenset((key.name, key.key_id) for key in keys)


def _is_foreign(exhibit: Exhibit, own: set[str], keys: frozenset[tuple[str, bytes]]) -> bool:
    if exhibit.head is None or exhibit.signed is None or exhibit.head.origin in own:
        return False
    statement = exhibit.statement
    if isinstance(statement, RootStatement):
        return not any((line.name, line.key_id) in keys for line in exhibit.signed.signatures)
    return getattr(statement, "relay", None) == exhibit.head.origin
