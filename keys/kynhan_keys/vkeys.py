"""Verifier keys ("vkeys") and the signers behind them: a name, a signature type and a public key.

    example.com/log+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW
    name            key id   base64(type byte ‖ public key)

Specification: https://c2sp.org/signed-note (Signatures, Verifier keys), https://c2sp.org/tlog-cosignature
(Format). Two types exist here: 0x01, Ed25519 over a note's text, and 0x06, an ML-DSA-44 cosignature of a
checkpoint.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Final

from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey
from nacl.bindings import crypto_core_ed25519_is_valid_point
from nacl.signing import SigningKey

from kynhan_keys import b64
from kynhan_keys.errors import EncodingError, VkeyError

ED25519: Final = 0x01
ML_DSA_44: Final = 0x06

KEY_BYTES: Final = {ED25519: 32, ML_DSA_44: 1312}
SEED_BYTES: Final = 32
MAX_NAME_BYTES: Final = 255  # a cosigned message holds a name of 1 to 255 bytes (tlog-cosignature)

_KEY_ID = re.compile(r"[0-9a-f]{8}")

# y of the points whose order divides 8, and y = 0 and y = 1 once more with p = 2^255 - 19 added (the others
# have no room for that). Each may carry the sign bit, also where x = 0 and the bit means nothing.
_PLAIN = re.compile(rf"[!-*,-~]{{1,{MAX_NAME_BYTES}}}")  # ASCII that any key name may be
_SMALL_ORDER_Y = frozenset(
    bytes.fromhex(y)
    for y in (
        "0000000000000000000000000000000000000000000000000000000000000000",  # order 4
        "0100000000000000000000000000000000000000000000000000000000000000",  # order 1, the neutral element
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",  # order 2, y = -1
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",  # order 8
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",  # order 8
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",  # y = 0 as p
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",  # y = 1 as p + 1
    )
)


def is_small_order(key: bytes) -> bool:
    """Whether a 32-byte Ed25519 public key is one of the 8 points of small order, in any of their spellings.

    Under such a key a signature can be made that is valid for (nearly) every message (RFC 8032 §5.1.7 does
    not forbid it), so it identifies nobody.
    """
    return len(key) == 32 and key[:31] + bytes([key[31] & 0x7F]) in _SMALL_ORDER_Y


def is_key_name(name: str) -> bool:
    """Whether `name` can name a key: 1 to 255 bytes of UTF-8; no space, plus or control character."""
    if _PLAIN.fullmatch(name):
        return True  # what nearly every name is, told at once
    try:
        size = len(name.encode())
    except UnicodeEncodeError:
        return False
    return 0 < size <= MAX_NAME_BYTES and not any(
        char == "+" or char.isspace() or char < " " or "\x7f" <= char <= "\x9f" for char in name
    )


@dataclass(frozen=True)
class Vkey:
    """A public key with its name and signature type; one that breaks the rules cannot be made (VkeyError)."""

    name: str
    type: int
    key: bytes

    def __post_init__(self) -> None:
        if not is_key_name(self.name):
            raise VkeyError(f"not a key name: {self.name!r}")
        if self.type not in KEY_BYTES:
            raise VkeyError(f"signature type {self.type:#04x} is neither 0x01 nor 0x06")
        if len(self.key) != KEY_BYTES[self.type]:
            raise VkeyError(
                f"a key of type {self.type:#04x} has {KEY_BYTES[self.type]} bytes, not {len(self.key)}"
            )
        if self.type == ED25519:
            if is_small_order(self.key):
                raise VkeyError("Ed25519 key of small order")
            # on the curve, in the main subgroup, y < p
            if not crypto_core_ed25519_is_valid_point(self.key):
                raise VkeyError("not a canonical Ed25519 public key")

    @property
    def key_id(self) -> bytes:
        """The 4 bytes that a signature line begins with: SHA-256(name ‖ 0x0A ‖ type ‖ key)[:4]."""
        return hashlib.sha256(self.name.encode() + b"\n" + bytes([self.type]) + self.key).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{b64.encode(bytes([self.type]) + self.key)}"

    @classmethod
    def parse(cls, text: str) -> Vkey:
        """The key that `text` spells; `str()` of it is `text` again. Raises VkeyError."""
        parts = text.split("+", 2)
        if len(parts) != 3:
            raise VkeyError("a vkey is name+hex+base64")
        name, key_id, encoded = parts
        if not _KEY_ID.fullmatch(key_id):
            raise VkeyError("a key id is 8 lower-case hex digits")
        try:
            material = b64.decode(encoded)
        except EncodingError as error:
            raise VkeyError(f"vkey: {error}") from error
        if not material:
            raise VkeyError("vkey without a signature type")
        vkey = cls(name, material[0], material[1:])
        if vkey.key_id.hex() != key_id:
            raise VkeyError(f"key id {key_id} is not that of the key, {vkey.key_id.hex()}")
        return vkey


class Signer:
    """A secret key that signs under the name and type of its `vkey`. Its repr never shows the secret."""

    __slots__ = ("_secret", "vkey")

    def __init__(self, vkey: Vkey, secret: SigningKey | MLDSA44PrivateKey) -> None:
        self.vkey = vkey
        self._secret = secret

    @classmethod
    def ed25519(cls, name: str, seed: bytes) -> Signer:
        """A signer of type 0x01 from a 32-byte seed (RFC 8032 §5.1.5). Raises VkeyError."""
        _check_seed(seed)
        secret = SigningKey(seed)
        return cls(Vkey(name, ED25519, bytes(secret.verify_key)), secret)

    @classmethod
    def ml_dsa_44(cls, name: str, seed: bytes) -> Signer:
        """A signer of type 0x06 from a 32-byte seed (FIPS 204, algorithm 6, ξ). Raises VkeyError."""
        _check_seed(seed)
        secret = MLDSA44PrivateKey.from_seed_bytes(seed)
        return cls(Vkey(name, ML_DSA_44, secret.public_key().public_bytes_raw()), secret)

    def sign_bytes(self, message: bytes) -> bytes:
        """The bare signature of `message`: 64 bytes (Ed25519) or 2,420 (ML-DSA-44, empty context).

        What `message` has to be is the business of notes.py and cosignatures.py; call those. ML-DSA
        signatures are hedged: two of the same message differ.
        """
        if isinstance(self._secret, SigningKey):
            return self._secret.sign(message).signature
        return self._secret.sign(message)

    def __repr__(self) -> str:
        return f"<Signer {self.vkey.name} {self.vkey.type:#04x} {self.vkey.key_id.hex()}>"


def _check_seed(seed: bytes) -> None:
    if len(seed) != SEED_BYTES:
        raise VkeyError(f"a seed has {SEED_BYTES} bytes, not {len(seed)}")
