"""The passphrase recipient of age, `scrypt`: for key files and backups.

    -> scrypt FVV7GJWBqjBDD1F6tBGZ2A 15        salt of 16 bytes, base-2 logarithm of the work factor
    w1w2E5YgGJDmFYhBRMv2QYLHQiPx…              the file key under ChaCha20-Poly1305

A scrypt stanza stands alone in its header. Opening takes 2^(work factor + 10) bytes of memory, so factors
above 22 (4 GiB) are refused as malformed.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from kynhan_keys import b64
from kynhan_keys.errors import EncodingError, HeaderError, KeysError
from kynhan_keys.header import FILE_KEY_SIZE, Stanza

TYPE = "scrypt"
SALT_SIZE = 16
MAX_WORK_FACTOR = 22
DAILY_WORK_FACTOR = 15

_SALT_PREFIX = b"age-encryption.org/v1/scrypt"
_NONCE = bytes(12)
_BODY_SIZE = FILE_KEY_SIZE + 16
_WORK_FACTOR = re.compile(r"[1-9][0-9]?")


@dataclass(frozen=True)
class Recipient:
    """Whoever knows the passphrase. `salt` is 16 fresh random bytes, for one file only."""

    passphrase: bytes = field(repr=False)
    salt: bytes
    work_factor: int = DAILY_WORK_FACTOR

    def __post_init__(self) -> None:
        if len(self.salt) != SALT_SIZE or not 1 <= self.work_factor <= MAX_WORK_FACTOR:
            raise KeysError("scrypt takes a salt of 16 bytes and a work factor from 1 to 22")

    def wrap(self, file_key: bytes) -> Stanza:
        """The file key (16 bytes) for whoever knows the passphrase."""
        key = _derive(self.passphrase, self.salt, self.work_factor)
        body = ChaCha20Poly1305(key).encrypt(_NONCE, file_key, None)
        return Stanza(TYPE, (b64.encode_raw(self.salt), str(self.work_factor)), body)


@dataclass(frozen=True)
class Identity:
    """A passphrase to open with; its repr does not show it."""

    passphrase: bytes = field(repr=False)

    def unwrap(self, stanzas: Sequence[Stanza]) -> bytes | None:
        """The file key, or None if there is no scrypt stanza or the passphrase is another one.

        Raises HeaderError if the stanza is malformed or not alone.
        """
        check_alone(stanzas)
        if not stanzas or stanzas[0].type != TYPE:
            return None
        salt, work_factor = read_arguments(stanzas[0])
        try:
            key = _derive(self.passphrase, salt, work_factor)
            return ChaCha20Poly1305(key).decrypt(_NONCE, stanzas[0].body, None)
        except InvalidTag:
            return None


def check_alone(stanzas: Sequence[Stanza]) -> None:
    """Raises HeaderError if a scrypt stanza has company: its file would open to more than the passphrase."""
    if len(stanzas) > 1 and any(stanza.type == TYPE for stanza in stanzas):
        raise HeaderError("a scrypt stanza must stand alone")


def read_arguments(stanza: Stanza) -> tuple[bytes, int]:
    """Salt and work factor of a scrypt stanza. Raises HeaderError unless the stanza is well formed."""
    if len(stanza.args) != 2 or len(stanza.body) != _BODY_SIZE:
        raise HeaderError("a scrypt stanza of the wrong shape")
    try:
        salt = b64.decode_raw(stanza.args[0])
    except EncodingError as error:
        raise HeaderError(f"the salt of a scrypt stanza: {error}") from error
    if len(salt) != SALT_SIZE:
        raise HeaderError("the salt of a scrypt stanza is not 16 bytes")
    if not _WORK_FACTOR.fullmatch(stanza.args[1]) or int(stanza.args[1]) > MAX_WORK_FACTOR:
        raise HeaderError("the work factor of a scrypt stanza is not a number from 1 to 22")
    return salt, int(stanza.args[1])


def _derive(passphrase: bytes, salt: bytes, work_factor: int) -> bytes:
    try:
        return Scrypt(salt=_SALT_PREFIX + salt, length=32, n=1 << work_factor, r=8, p=1).derive(passphrase)
    except MemoryError as error:
        raise HeaderError(f"work factor {work_factor} needs more memory than there is") from error
