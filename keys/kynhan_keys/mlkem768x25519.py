"""The post-quantum recipient of age (1.3), `mlkem768x25519`: the only one that Kynhan seals packages to.

    -> mlkem768x25519 bQ4u…            1120 bytes: ML-KEM-768 ciphertext 1088, ephemeral X25519 key 32
    k7D9…                              32 bytes: the file key under ChaCha20-Poly1305

HPKE (RFC 9180) with the hybrid KEM MLKEM768-X25519 (0x647a), HKDF-SHA-256 and ChaCha20-Poly1305. SHAKE-256
expands the 32-byte identity to 96 bytes, an ML-KEM seed (64) and an X25519 key (32). A public key is ML-KEM
1184 and X25519 32 bytes. The encapsulation's randomness is drawn by OpenSSL.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM768X25519PrivateKey,
    MLKEM768X25519PublicKey,
    Suite,
)

from kynhan_keys import b64, bech32
from kynhan_keys.errors import EncodingError, HeaderError
from kynhan_keys.header import FILE_KEY_SIZE, Stanza
from kynhan_keys.x25519 import is_low_order

TYPE = "mlkem768x25519"
SEED_SIZE = 32
RECIPIENT_HRP = "age1pq"
IDENTITY_HRP = "AGE-SECRET-KEY-PQ-"

_SUITE = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)
_INFO = b"age-encryption.org/mlkem768x25519"
_MLKEM_SEED_SIZE = 64
_MLKEM_PUBLIC_SIZE = 1184
_MLKEM_CIPHERTEXT_SIZE = 1088
_X25519_SIZE = 32
_PUBLIC_SIZE = _MLKEM_PUBLIC_SIZE + _X25519_SIZE
_ENC_SIZE = _MLKEM_CIPHERTEXT_SIZE + _X25519_SIZE
_BODY_SIZE = FILE_KEY_SIZE + 16


@dataclass(frozen=True)
class Recipient:
    """A hybrid public key of 1216 bytes, spelled `age1pq1…`."""

    public: bytes = field(repr=False)

    def __post_init__(self) -> None:
        _public_key(self.public)

    @classmethod
    def from_bytes(cls, public: bytes) -> "Recipient":
        """The recipient with this public key.

        Raises EncodingError unless its ML-KEM part is a valid encapsulation key (FIPS 203 section 7.2) and
        its X25519 part a point that is not of low order.
        """
        return cls(public)

    @classmethod
    def parse(cls, text: str) -> "Recipient":
        """The recipient spelled `age1pq1…`. Raises EncodingError as `from_bytes` does."""
        hrp, data = bech32.decode(text)
        if hrp != RECIPIENT_HRP:
            raise EncodingError("not an age1pq1… recipient")
        return cls(data)

    def __str__(self) -> str:
        return bech32.encode(RECIPIENT_HRP, self.public)

    def wrap(self, file_key: bytes) -> Stanza:
        """The file key (16 bytes) for this recipient, freshly encapsulated."""
        sealed = _SUITE.encrypt(file_key, _public_key(self.public), _INFO)
        return Stanza(TYPE, (b64.encode_raw(sealed[:_ENC_SIZE]),), sealed[_ENC_SIZE:])


@dataclass(frozen=True)
class Identity:
    """A hybrid private key, 32 bytes, spelled `AGE-SECRET-KEY-PQ-1…`; its repr does not show it."""

    seed: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.seed) != SEED_SIZE:
            raise EncodingError("a post-quantum identity is 32 bytes")

    @classmethod
    def parse(cls, text: str) -> "Identity":
        """The identity spelled `AGE-SECRET-KEY-PQ-1…`. Raises EncodingError."""
        hrp, data = bech32.decode(text)
        if hrp != IDENTITY_HRP:
            raise EncodingError("not an AGE-SECRET-KEY-PQ-1… identity")
        return cls(data)

    def encode(self) -> str:
        """The secret's spelling: for key files only."""
        return bech32.encode(IDENTITY_HRP, self.seed)

    def recipient(self) -> Recipient:
        """What to seal to."""
        mlkem, x25519 = self._private_keys()
        return Recipient(mlkem.public_key().public_bytes_raw() + x25519.public_key().public_bytes_raw())

    def unwrap(self, stanzas: Iterable[Stanza]) -> bytes | None:
        """The file key of the first stanza that this identity opens, else None.

        Raises HeaderError if a stanza of this type is malformed.
        """
        key = MLKEM768X25519PrivateKey(*self._private_keys())
        for stanza in stanzas:
            if stanza.type != TYPE:
                continue
            try:
                return _SUITE.decrypt(read_enc(stanza) + stanza.body, key, _INFO)
            except InvalidTag:
                continue
        return None

    def _private_keys(self) -> tuple[MLKEM768PrivateKey, X25519PrivateKey]:
        expanded = hashlib.shake_256(self.seed).digest(_MLKEM_SEED_SIZE + _X25519_SIZE)
        return (
            MLKEM768PrivateKey.from_seed_bytes(expanded[:_MLKEM_SEED_SIZE]),
            X25519PrivateKey.from_private_bytes(expanded[_MLKEM_SEED_SIZE:]),
        )


def read_enc(stanza: Stanza) -> bytes:
    """The encapsulated key of such a stanza. Raises HeaderError unless the stanza is well formed."""
    if len(stanza.args) != 1 or len(stanza.body) != _BODY_SIZE:
        raise HeaderError("an mlkem768x25519 stanza of the wrong shape")
    try:
        enc = b64.decode_raw(stanza.args[0])
    except EncodingError as error:
        raise HeaderError(f"the share of an mlkem768x25519 stanza: {error}") from error
    if len(enc) != _ENC_SIZE or is_low_order(enc[_MLKEM_CIPHERTEXT_SIZE:]):
        raise HeaderError("the share of an mlkem768x25519 stanza is not a usable key")
    return enc


def _public_key(public: bytes) -> MLKEM768X25519PublicKey:
    if len(public) != _PUBLIC_SIZE or is_low_order(public[_MLKEM_PUBLIC_SIZE:]):
        raise EncodingError("not a post-quantum public key")
    try:
        mlkem = MLKEM768PublicKey.from_public_bytes(public[:_MLKEM_PUBLIC_SIZE])
    except ValueError as error:
        raise EncodingError("not a post-quantum public key: its ML-KEM part is invalid") from error
    return MLKEM768X25519PublicKey(mlkem, X25519PublicKey.from_public_bytes(public[_MLKEM_PUBLIC_SIZE:]))
