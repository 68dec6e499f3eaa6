"""ML-DSA-44 cosignatures: a dated statement that a checkpoint is consistent with all its cosigner has seen.

Specification: https://c2sp.org/tlog-cosignature (ML-DSA-44 signed message), FIPS 204. Note signatures of type
0x06: a timestamp (uint64, POSIX seconds) and 2,420 bytes of signature, with an empty context.
"""

from __future__ import annotations

import struct
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey

from kynhan_keys.errors import SignatureError
from kynhan_keys.notes import Signature
from kynhan_keys.vkeys import MAX_NAME_BYTES, ML_DSA_44, Signer, Vkey

MAX_TIME: Final = 253_370_764_799
"""The last second of the year 9998 (POSIX seconds): a time of which every calendar has the day, and the day after."""
MAX_SIZE: Final = (1 << 64) - 1
SIGNATURE_BYTES: Final = 8 + 2420

_LABEL: Final = b"subtree/v1\n\0"


def message(cosigner: str, origin: str, size: int, root: bytes, time: int) -> bytes:
    """The bytes that are signed (`cosigned_message`, of the whole tree: its start is 0).

    `size` in leaves, `root` of 32 bytes, `time` in POSIX seconds. Raises SignatureError.
    """
    if not 0 < time <= MAX_TIME:
        raise SignatureError("a cosignature of a checkpoint is dated from 1 to the end of the year 9998")
    if not 0 <= size <= MAX_SIZE or len(root) != 32:
        raise SignatureError("not a size and root of a tree")
    return (
        _LABEL
        + _short(cosigner)
        + struct.pack(">Q", time)
        + _short(origin)
        + struct.pack(">QQ", 0, size)
        + root
    )


def sign(signer: Signer, origin: str, size: int, root: bytes, time: int) -> Signature:
    """The line by which `signer` (type 0x06) cosigns the tree at `time` (POSIX seconds). SignatureError."""
    vkey = signer.vkey
    if vkey.type != ML_DSA_44:
        raise SignatureError(f"{vkey.name}: only an ML-DSA-44 key cosigns")
    signed = message(vkey.name, origin, size, root, time)
    return Signature(vkey.name, vkey.key_id, struct.pack(">Q", time) + signer.sign_bytes(signed))


def verify(vkey: Vkey, signature: Signature, origin: str, size: int, root: bytes) -> int:
    """The time, in POSIX seconds, at which `vkey` (type 0x06) cosigned the tree. Raises SignatureError.

    A timestamp of 0 ("no statement as to the tree being the largest") is refused: it dates nothing. So is one that
    no calendar has (MAX_TIME); it is told before the signature is looked at.
    """
    if vkey.type != ML_DSA_44:
        raise SignatureError(f"{vkey.name}: a key of type {vkey.type:#04x} does not cosign")
    if not signature.is_under(vkey):
        raise SignatureError(
            f"signature of {signature.name} {signature.key_id.hex()}, not of {vkey.name}+{vkey.key_id.hex()}"
        )
    if len(signature.signature) != SIGNATURE_BYTES:
        raise SignatureError(f"{vkey.name}: an ML-DSA-44 cosignature has {SIGNATURE_BYTES} bytes")
    time = int.from_bytes(signature.signature[:8])
    signed = message(vkey.name, origin, size, root, time)
    try:
        MLDSA44PublicKey.from_public_bytes(vkey.key).verify(signature.signature[8:], signed)
    except InvalidSignature as error:
        raise SignatureError(f"{vkey.name}+{vkey.key_id.hex()}: the cosignature does not verify") from error
    return time


def _short(text: str) -> bytes:
    """A TLS vector of 1 to 255 bytes (RFC 8446 §3.4)."""
    encoded = text.encode()
    if not 0 < len(encoded) <= MAX_NAME_BYTES:
        raise SignatureError("a cosigner's name and an origin have 1 to 255 bytes")
    return bytes([len(encoded)]) + encoded
