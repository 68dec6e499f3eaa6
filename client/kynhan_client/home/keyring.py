"""The keys of a home: what the key file holds, as signers and identities under the right names.

The key file is an age file under the passphrase (scrypt 2^15) in the spelling of kynhan_keys.identities, so that
stock `age` and this very file open every package, whatever becomes of this program.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

from kynhan_keys import age
from kynhan_keys.errors import AgeError, EncodingError, NoMatchError
from kynhan_keys.identities import KeyFile, format_key_file, parse_key_file
from kynhan_keys.mlkem768x25519 import Identity
from kynhan_keys.vkeys import Signer

from ..clauses import clause
from ..errors import problem

SEED_BYTES = 32
LEAST_PASSPHRASE = 8  # characters


@dataclass(frozen=True)
class Keyring:
    """The unlocked keys of one member; its repr shows none of them.

    signer      signs the member's statements and requests (Ed25519, under the member's name)
    root        signs the committee's chain (Ed25519, under the committee's name), where this home holds it
    witness     cosigns checkpoints (ML-DSA-44, under the witness member's name), where this home holds it
    identities  open packages, the newest first
    archive_key opens archive.db and witness.db
    """

    signer: Signer
    identities: tuple[Identity, ...]
    archive_key: bytes = field(repr=False)
    root: Signer | None = None
    witness: Signer | None = None

    @property
    def recipient(self) -> str:
        """What others seal to (`age1pq1…`): that of the newest identity."""
        return str(self.identities[0].recipient())


def make_keys(member: str, *, root: bool, witness: bool) -> KeyFile:
    """Fresh keys for a member: signing, sealing and archive; and, where asked for, a root and a witness key."""
    return KeyFile(
        member,
        sealing=(secrets.token_bytes(SEED_BYTES),),
        signing=secrets.token_bytes(SEED_BYTES),
        witness=secrets.token_bytes(SEED_BYTES) if witness else None,
        root=secrets.token_bytes(SEED_BYTES) if root else None,
        archive=secrets.token_bytes(SEED_BYTES),
    )


def unlock(keys: KeyFile, committee: str, witness_member: str | None) -> Keyring:
    """The keyring of a key file; the root signs as `committee`, the witness key as `witness_member`.

    Raises ClientError home-damaged for a key file that lacks what every home has.
    """
    if keys.signing is None or keys.archive is None or not keys.sealing:
        raise problem("home-damaged", what=clause("home.no-common-key"))
    return Keyring(
        Signer.ed25519(keys.name, keys.signing),
        tuple(Identity(seed) for seed in keys.sealing),
        keys.archive,
        root=None if keys.root is None else Signer.ed25519(committee, keys.root),
        witness=(
            None
            if keys.witness is None or witness_member is None
            else Signer.ml_dsa_44(witness_member, keys.witness)
        ),
    )


def check_passphrase(passphrase: bytes) -> None:
    """Raises ClientError weak-passphrase for fewer than 8 characters."""
    if len(passphrase.decode("utf-8", "replace")) < LEAST_PASSPHRASE:
        raise problem("weak-passphrase", least=LEAST_PASSPHRASE)


def seal_key_file(keys: KeyFile, passphrase: bytes) -> bytes:
    """The key file as it lies on disk."""
    return age.seal_bytes_with_passphrase(
        format_key_file(keys).encode(),
        passphrase,
        file_key=secrets.token_bytes(16),
        nonce=secrets.token_bytes(16),
        salt=secrets.token_bytes(16),
    )


def open_key_file(data: bytes, passphrase: bytes) -> KeyFile:
    """The keys in a key file. Raises ClientError wrong-passphrase, or home-damaged for anything else."""
    try:
        return parse_key_file(age.open_bytes_with_passphrase(data, passphrase).decode())
    except NoMatchError as error:
        raise problem("wrong-passphrase") from error
    except (AgeError, EncodingError, UnicodeDecodeError) as error:
        raise problem("home-damaged", what=clause("home.keys", why=error)) from error
