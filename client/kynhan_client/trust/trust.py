"""Comparing keys in person: 60 digits that say that both committees see the same keys (DESIGN §3.4).

The digits cover the relay's origin and vkeys, both root keys and both first witness keys. Before they were compared,
nothing is sealed; what was compared is pinned, and a relay that shows other keys afterwards is found out.
"""

from __future__ import annotations

import re

from kynhan_keys.vkeys import ML_DSA_44, Vkey
from kynhan_protocol.statements import fingerprints
from kynhan_protocol.statements.committees import Committees
from kynhan_protocol.statements.statements import Membership

from ..clauses import clause
from ..errors import problem
from ..home.home import Home
from ..log.view import committees_of

DIGITS = 60


def digits(home: Home) -> str:
    """The 60 digits in groups of five. Raises ClientError no-relay, keys-missing before both witnesses are known."""
    address = home.relay
    return fingerprints.digits(
        address.origin, address.keys, address.root_keys, first_witnesses(committees_of(home))
    )


def first_witnesses(committees: Committees) -> dict[str, Vkey]:
    """Each committee's first witness key. Raises ClientError keys-missing."""
    found: dict[str, Vkey] = {}
    for committee, chain in committees.chains.items():
        for link in chain.links:
            if isinstance(link.statement, Membership) and link.statement.signing.type == ML_DSA_44:
                found.setdefault(committee, link.statement.signing)
    for committee in committees.chains:
        if committee not in found:
            raise problem("keys-missing", what=clause("thing.witness-of", committee=committee))
    return found


def compare(home: Home, typed: str) -> None:
    """Pins the keys if `typed` (spaces and line ends aside) is what digits() gives.

    Raises ClientError keys-differ, naming the first group that differs; keys-missing.
    """
    expected = digits(home).split()
    plain = re.sub(r"[\s.-]", "", typed)
    given = [plain[at : at + 5] for at in range(0, len(plain), 5)]
    if given != expected:
        pairs = zip(expected, [*given, *[""] * len(expected)], strict=False)
        group = next(
            (number for number, (ours, theirs) in enumerate(pairs, 1) if ours != theirs), len(expected)
        )
        raise problem("keys-differ", group=group)
    home.archive.put_pins(_keys(home), home.clock.posix())
    home.archive.note_event("compared", home.clock.posix(), digits=" ".join(expected))


def is_compared(home: Home) -> bool:
    """Whether the keys in use are those that were compared in person."""
    pins = home.archive.pins()
    return bool(pins) and home.config.relay is not None and pins == _keys(home)


def require_compared(home: Home) -> None:
    """Raises ClientError not-compared. Call it before anything is sealed."""
    if not is_compared(home):
        raise problem("not-compared")


def _keys(home: Home) -> dict[str, str]:
    """What the digits cover, by name."""
    address = home.relay
    return {
        "origin": address.origin,
        "relay-ed25519": address.ed25519,
        "relay-ml-dsa-44": address.ml_dsa_44,
        **{f"root {committee}": str(vkey) for committee, vkey in address.root_keys.items()},
        **{f"witness {name}": str(vkey) for name, vkey in first_witnesses(committees_of(home)).items()},
    }
