"""Padmé: how long a package is made, so that its size tells little.

Source: K. Nikitin and others, "Reducing Metadata Leakage from Encrypted Files and Communication with PURBs"
(PoPETs 2019), section 4.2. The padded length of n bytes needs no more bits of significance than log2(log2 n)
+ 1, which adds at most 12 % and leaves O(log log n) bits to be learned.
"""

from __future__ import annotations

from typing import Final

BLOCK: Final = 512  # bytes, the unit of tar
SMALLEST: Final = 16 * 1024  # bytes: the shortest package


def padme(length: int) -> int:
    """The Padmé length of `length` bytes: with E = ⌊log2 n⌋ and S = ⌊log2 E⌋ + 1, n up to a multiple of 2^(E
    − S).

    Lengths below 2 stay as they are. Raises ValueError for a negative one.
    """
    if length < 0:
        raise ValueError("a length is not negative")
    if length < 2:
        return length
    exponent = length.bit_length() - 1
    step = 1 << (exponent - exponent.bit_length())
    return -(-length // step) * step


def package_length(length: int) -> int:
    """The bytes of a package whose tar, with its two closing zero blocks, has `length` bytes (DESIGN §3.1)."""
    return max(SMALLEST, -(-padme(length) // BLOCK) * BLOCK)
