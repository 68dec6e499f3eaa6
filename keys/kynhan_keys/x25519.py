"""The classic recipient of age, `X25519`: for the published test kit, and for files that others sent.

    -> X25519 CJM36AHmTbdHSuOQL+NESqyVQE75f2e610iRdLPEN20
    C3ZAeY64NXS4QFrksLm3EGz+uPRyI0eQsWw7LWbbYig

The argument is an ephemeral X25519 key, the body the file key under ChaCha20-Poly1305 with a key that HKDF
derives from the shared secret. The ephemeral key is drawn by OpenSSL.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from kynhan_keys import b64, bech32
from kynhan_keys.errors import EncodingError, HeaderError
from kynhan_keys.header import FILE_KEY_SIZE, Stanza

TYPE = "X25519"
KEY_SIZE = 32
RECIPIENT_HRP = "age"
IDENTITY_HRP = "AGE-SECRET-KEY-"

_INFO = b"age-encryption.org/v1/X25519"
_NONCE = bytes(12)
_BODY_SIZE = FILE_KEY_SIZE + 16
_PROBE = X25519PrivateKey.from_private_bytes(bytes(KEY_SIZE))


def is_low_order(point: bytes) -> bool:
    """Whether these 32 bytes are a point whose shared secret with every key is zero (RFC 7748 section 6.1).

    Every X25519 private key is a multiple of the cofactor, so one exchange with any of them tells.
    """
    try:
        _PROBE.exchange(X25519PublicKey.from_public_bytes(point))
    except ValueError:
        return True
    return False


@dataclass(frozen=True)
class Recipient:
    """An X25519 public key, spelled `age1…`."""

    public: bytes

    def __post_init__(self) -> None:
        if len(self.public) != KEY_SIZE or is_low_order(self.public):
            raise EncodingError("not an X25519 public key")

    @classmethod
    def parse(cls, text: str) -> "Recipient":
        """The recipient spelled `age1…`. Raises EncodingError."""
        hrp, data = bech32.decode(text)
        if hrp != RECIPIENT_HRP:
            raise EncodingError("not an age1… recipient")
        return cls(data)

    def __str__(self) -> str:
        return bech32.encode(RECIPIENT_HRP, self.public)

    def wrap(self, file_key: bytes) -> Stanza:
        """The file key (16 bytes) for this recipient, under a fresh ephemeral key."""
        ephemeral = X25519PrivateKey.generate()
        share = ephemeral.public_key().public_bytes_raw()
        secret = ephemeral.exchange(X25519PublicKey.from_public_bytes(self.public))
        body = ChaCha20Poly1305(_wrap_key(secret, share, self.public)).encrypt(_NONCE, file_key, None)
        return Stanza(TYPE, (b64.encode_raw(share),), body)


@dataclass(frozen=True)
class Identity:
    """An X25519 private key, spelled `AGE-SECRET-KEY-1…`; its repr does not show it."""

    seed: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.seed) != KEY_SIZE:
            raise EncodingError("not an X25519 private key")

    @classmethod
    def parse(cls, text: str) -> "Identity":
        """The identity spelled `AGE-SECRET-KEY-1…`. Raises EncodingError."""
        hrp, data = bech32.decode(text)
        if hrp != IDENTITY_HRP:
            raise EncodingError("not an AGE-SECRET-KEY-1… identity")
        return cls(data)

    def encode(self) -> str:
        """The secret's spelling: for key files only."""
        return bech32.encode(IDENTITY_HRP, self.seed)

    def recipient(self) -> Recipient:
        """What to seal to."""
        return Recipient(X25519PrivateKey.from_private_bytes(self.seed).public_key().public_bytes_raw())

    def unwrap(self, stanzas: Iterable[Stanza]) -> bytes | None:
        """The file key of the first stanza that this identity opens, else None.

        Raises HeaderError if a stanza of this type is malformed.
        """
        key = X25519PrivateKey.from_private_bytes(self.seed)
        public = key.public_key().public_bytes_raw()
        for stanza in stanzas:
            if stanza.type != TYPE:
                continue
            share = read_share(stanza)
            wrap_key = _wrap_key(key.exchange(X25519PublicKey.from_public_bytes(share)), share, public)
            try:
                return ChaCha20Poly1305(wrap_key).decrypt(_NONCE, stanza.body, None)
            except InvalidTag:
                continue
        return None


def read_share(stanza: Stanza) -> bytes:
    """The ephemeral key of an X25519 stanza. Raises HeaderError unless the stanza is well formed."""
    if len(stanza.args) != 1 or len(stanza.body) != _BODY_SIZE:
        raise HeaderError("an X25519 stanza of the wrong shape")
    try:
        share = b64.decode_raw(stanza.args[0])
    except EncodingError as error:
        raise HeaderError(f"the share of an X25519 stanza: {error}") from error
    if len(share) != KEY_SIZE or is_low_order(share):
        raise HeaderError("the share of an X25519 stanza is not a usable key")
    return share


def _wrap_key(secret: bytes, share: bytes, public: bytes) -> bytes:
    return HKDF(hashes.SHA256(), 32, salt=share + public, info=_INFO).derive(secret)
