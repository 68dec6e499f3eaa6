"""The digits that two committees compare in person, before the first package is sealed (DESIGN §3.4).

They cover everything that trust begins with: the relay's origin and its keys, both roots, both first witness
keys. Sixty decimal digits are 199 bits of a SHA-512: nobody makes other keys with the same ones.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Final

from kynhan_keys.vkeys import Vkey

DIGITS: Final = 60
GROUP: Final = 5


def canonical_text(
    origin: str, relay: Sequence[Vkey], roots: Mapping[str, Vkey], first_witnesses: Mapping[str, Vkey]
) -> str:
    """What is hashed: one line each for the origin, the relay's keys as the profile has them, then for every
    committee, sorted by name, its root and its first witness key.
    """
    lines = ["kynhan/fingerprint@v1", f"origin {origin}"]
    lines += (f"relay {vkey}" for vkey in relay)
    for committee in sorted(roots.keys() | first_witnesses.keys()):
        lines.append(f"committee {committee}")
        lines.append(f"root {roots.get(committee, '-')}")
        lines.append(f"witness {first_witnesses.get(committee, '-')}")
    return "".join(f"{line}\n" for line in lines)


def digits(
    origin: str, relay: Sequence[Vkey], roots: Mapping[str, Vkey], first_witnesses: Mapping[str, Vkey]
) -> str:
    """Sixty digits in twelve groups, as in `12345 67890 …`: SHA-512 of canonical_text(), modulo 10^60.

    `relay` are the relay's Ed25519 and ML-DSA-44 keys; the mappings go from a committee's name to its key. A
    key that does not exist yet counts as `-`, so that the digits change when it comes.
    """
    text = canonical_text(origin, relay, roots, first_witnesses)
    number = int.from_bytes(hashlib.sha512(text.encode()).digest()) % 10**DIGITS
    spelled = str(number).zfill(DIGITS)
    return " ".join(spelled[at : at + GROUP] for at in range(0, DIGITS, GROUP))


def same(ours: str, theirs: str) -> bool:
    """Whether what somebody read out or typed are these digits; spaces and dots between them do not matter."""
    return "".join(ours.split()) == "".join(theirs.replace(".", " ").replace("-", " ").split())


def uri(shown: str) -> str:
    """What the QR code beside the digits holds."""
    return "kynhan:fingerprint:1:" + "".join(shown.split())
