"""Bech32 (BIP 173) without its length limit, as age spells keys.

    age1pq1…               a recipient: lower case
    AGE-SECRET-KEY-PQ-1…   an identity: upper case

The human-readable part keeps its case; the whole text has the case of that part.
"""

from collections.abc import Iterable

from kynhan_keys.errors import EncodingError

_ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_VALUES = {character: value for value, character in enumerate(_ALPHABET)}
_GENERATORS = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_CHECKSUM_LENGTH = 6


def encode(hrp: str, data: bytes) -> str:
    """`data` under the human-readable part `hrp`, in the case of `hrp`.

    Raises EncodingError if `hrp` is empty, mixes cases or has characters outside printable ASCII.
    """
    upper = _check_hrp(hrp)
    values = _regroup(data, 8, 5)
    remainder = _polymod([*_expand(hrp.lower()), *values, *[0] * _CHECKSUM_LENGTH]) ^ 1
    checksum = [remainder >> 5 * (5 - place) & 31 for place in range(_CHECKSUM_LENGTH)]
    text = hrp.lower() + "1" + "".join(_ALPHABET[value] for value in (*values, *checksum))
    return text.upper() if upper else text


def decode(text: str) -> tuple[str, bytes]:
    """The human-readable part (in the case found) and the bytes.

    Raises EncodingError for mixed case, unknown characters, a wrong checksum or padding other than fewer than
    five zero bits.
    """
    hrp, separator, rest = text.rpartition("1")
    if not separator or len(rest) < _CHECKSUM_LENGTH:
        raise EncodingError("not bech32: too short")
    if text not in (text.lower(), text.upper()):
        raise EncodingError("not bech32: mixed case")
    _check_hrp(hrp)
    try:
        values = [_VALUES[character] for character in rest.lower()]
    except KeyError:
        raise EncodingError("not bech32: a character outside its alphabet") from None
    if _polymod([*_expand(hrp.lower()), *values]) != 1:
        raise EncodingError("not bech32: the checksum is wrong")
    return hrp, _join(values[:-_CHECKSUM_LENGTH])


def _check_hrp(hrp: str) -> bool:
    """Whether `hrp` is in upper case."""
    if not hrp or any(not 33 <= ord(character) <= 126 for character in hrp):
        raise EncodingError("not bech32: the part before the last 1 is empty or not printable ASCII")
    if hrp not in (hrp.lower(), hrp.upper()):
        raise EncodingError("not bech32: mixed case")
    return hrp != hrp.lower()


def _expand(hrp: str) -> list[int]:
    codes = hrp.encode("ascii")
    return [*(code >> 5 for code in codes), 0, *(code & 31 for code in codes)]


def _polymod(values: Iterable[int]) -> int:
    state = 1
    for value in values:
        top = state >> 25
        state = (state & 0x1FFFFFF) << 5 ^ value
        for bit, generator in enumerate(_GENERATORS):
            if top >> bit & 1:
                state ^= generator
    return state


def _regroup(data: bytes, size: int, into: int) -> list[int]:
    """The bits of `data`, `size` a number, as numbers of `into` bits; the last one is filled with zeros."""
    groups, held, bits = [], 0, 0
    for value in data:
        held = held << size | value
        bits += size
        while bits >= into:
            bits -= into
            groups.append(held >> bits)
            held &= (1 << bits) - 1
    if bits:
        groups.append(held << (into - bits))
    return groups


def _join(values: list[int]) -> bytes:
    """Five-bit values back to bytes; the bits left over must be fewer than five, and zero."""
    whole = len(values) * 5 // 8
    groups = _regroup(bytes(values), 5, 8)
    if len(values) * 5 % 8 >= 5 or any(groups[whole:]):
        raise EncodingError("not bech32: the padding is wrong")
    return bytes(groups[:whole])
