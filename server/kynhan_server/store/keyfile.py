"""The relay's private keys: one Ed25519 and one ML-DSA-44 seed in `keys.age`, an age file under a passphrase.

The same two keys sign every log of the relay, each under the log's own origin as key name; what they sign always holds
that origin, so a signature for one log says nothing in another.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from kynhan_keys import age
from kynhan_keys.errors import KeysError
from kynhan_keys.vkeys import Signer
from kynhan_server.errors import OperatorError
from kynhan_server.store import blobs

WORK_FACTOR: Final = 15
_FORMAT: Final = "relay-keys@v1"


class KeyfileError(OperatorError):
    """`keys.age` is missing, damaged, or under another passphrase; str() is one sentence."""


class _Keys(msgspec.Struct, forbid_unknown_fields=True):
    kynhan: str
    ed25519: bytes
    ml_dsa_44: bytes


@dataclass(frozen=True)
class Signers:
    """The two keys under one origin: what signs statements and checkpoints of one log."""

    ed25519: Signer
    ml_dsa_44: Signer


@dataclass(frozen=True, repr=False)
class RelayKeys:
    """The two seeds of 32 bytes."""

    ed25519: bytes
    ml_dsa_44: bytes

    def under(self, origin: str) -> Signers:
        """The signers of the log of that origin."""
        return Signers(Signer.ed25519(origin, self.ed25519), Signer.ml_dsa_44(origin, self.ml_dsa_44))


def create(file: Path, passphrase: bytes, *, work_factor: int = WORK_FACTOR) -> RelayKeys:
    """Makes new keys and writes them, durably. Raises KeyfileError if `file` exists."""
    keys = RelayKeys(os.urandom(32), os.urandom(32))
    plain = msgspec.json.encode(_Keys(_FORMAT, keys.ed25519, keys.ml_dsa_44))
    sealed = age.seal_bytes_with_passphrase(
        plain,
        passphrase,
        file_key=os.urandom(16),
        nonce=os.urandom(16),
        salt=os.urandom(16),
        work_factor=work_factor,
    )
    try:
        blobs.write_new(file, sealed)
    except FileExistsError:
        raise KeyfileError("keyfile.exists", file=file.name) from None
    return keys


def load(file: Path, passphrase: bytes) -> RelayKeys:
    """The keys in `file`. Raises KeyfileError."""
    try:
        plain = age.open_bytes_with_passphrase(file.read_bytes(), passphrase)
        keys = msgspec.json.decode(plain, type=_Keys)
    except FileNotFoundError:
        raise KeyfileError("keyfile.missing", file=file.name) from None
    except KeysError as error:
        raise KeyfileError("keyfile.closed", file=file.name, why=error) from None
    except msgspec.MsgspecError:
        raise KeyfileError("keyfile.other", file=file.name) from None
    if keys.kynhan != _FORMAT:
        raise KeyfileError("keyfile.format", file=file.name, format=repr(keys.kynhan))
    return RelayKeys(keys.ed25519, keys.ml_dsa_44)
