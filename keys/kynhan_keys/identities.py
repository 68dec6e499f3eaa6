"""Key files: the text in which age keeps identities, and Kynhan's member key file, which age reads too.

    # kynhan key file of ccq.example/van-thu
    AGE-SECRET-KEY-PQ-1…
    # KYNHAN-SIGNING-KEY-1…
    # KYNHAN-WITNESS-KEY-1…

On disk such a text is sealed under a passphrase (`age.seal_bytes_with_passphrase`). Stock age refuses lines
that it does not know, so the keys that are not for sealing stand in comments: whoever has the passphrase
and stock age opens packages with this very file.
"""

import re
from dataclasses import dataclass, field

from kynhan_keys import bech32, mlkem768x25519, x25519
from kynhan_keys.errors import EncodingError

AgeIdentity = mlkem768x25519.Identity | x25519.Identity

_TITLE = "# kynhan key file of "
_NAME = re.compile(r"[a-z0-9][a-z0-9._:/+-]*")
_SEED_SIZE = 32
_SECRETS = {
    "signing": "KYNHAN-SIGNING-KEY-",
    "witness": "KYNHAN-WITNESS-KEY-",
    "root": "KYNHAN-ROOT-KEY-",
    "archive": "KYNHAN-ARCHIVE-KEY-",
}


def parse_identity(text: str) -> AgeIdentity:
    """The identity spelled `AGE-SECRET-KEY-PQ-1…` or `AGE-SECRET-KEY-1…`. Raises EncodingError."""
    if text.startswith(mlkem768x25519.IDENTITY_HRP + "1"):
        return mlkem768x25519.Identity.parse(text)
    return x25519.Identity.parse(text)


def parse_recipient(text: str) -> mlkem768x25519.Recipient | x25519.Recipient:
    """The recipient spelled `age1pq1…` or `age1…`. Raises EncodingError."""
    if text.startswith(mlkem768x25519.RECIPIENT_HRP + "1"):
        return mlkem768x25519.Recipient.parse(text)
    return x25519.Recipient.parse(text)


def parse_identities(text: str) -> list[AgeIdentity]:
    """The identities of an age identity file: one a line, among empty lines and comments (`#`).

    Raises EncodingError, naming the line, for any other line.
    """
    identities = []
    for number, line in enumerate(text.split("\n"), start=1):
        line = line.removesuffix("\r")
        if line and not line.startswith("#"):
            try:
                identities.append(parse_identity(line))
            except EncodingError as error:
                raise EncodingError(f"line {number} is not an age identity: {error}") from None
    return identities


def format_identities(identities: list[AgeIdentity]) -> str:
    """An identity file: each identity under a comment with its recipient, as age-keygen has it."""
    return "".join(f"# public key: {each.recipient()}\n{each.encode()}\n" for each in identities)


@dataclass(frozen=True)
class KeyFile:
    """The secrets of one member: seeds of 32 bytes. Its repr shows the name only, which is lower-case ASCII.

    sealing   post-quantum age identities, the newest first
    signing   Ed25519
    witness   ML-DSA-44, for cosignatures
    root      Ed25519, a committee's root
    archive   the key of the encrypted archive
    """

    name: str
    sealing: tuple[bytes, ...] = field(default=(), repr=False)
    signing: bytes | None = field(default=None, repr=False)
    witness: bytes | None = field(default=None, repr=False)
    root: bytes | None = field(default=None, repr=False)
    archive: bytes | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise EncodingError("the name in a key file is not lower-case ASCII")
        seeds = (*self.sealing, *(seed for field_ in _SECRETS if (seed := self._seed(field_)) is not None))
        if any(len(seed) != _SEED_SIZE for seed in seeds):
            raise EncodingError("a secret in a key file is 32 bytes")

    def _seed(self, field_: str) -> bytes | None:
        seed: bytes | None = getattr(self, field_)
        return seed


def format_key_file(keys: KeyFile) -> str:
    """The one spelling of a member key file."""
    lines = [_TITLE + keys.name]
    lines += [mlkem768x25519.Identity(seed).encode() for seed in keys.sealing]
    for field_, hrp in _SECRETS.items():
        seed = keys._seed(field_)
        if seed is not None:
            lines.append("# " + bech32.encode(hrp, seed))
    return "\n".join(lines) + "\n"


def parse_key_file(text: str) -> KeyFile:
    """The member key file spelled exactly so.

    Raises EncodingError, naming the line, for anything else: a damaged secret must not pass for a comment.
    """
    lines = text.split("\n")
    if not lines[0].startswith(_TITLE) or lines[-1] != "":
        raise EncodingError("not a kynhan key file")
    sealing: list[bytes] = []
    seeds: dict[str, bytes] = {}
    names = {hrp: field_ for field_, hrp in _SECRETS.items()}
    for number, line in enumerate(lines[1:-1], start=2):
        try:
            hrp, seed = bech32.decode(line.removeprefix("# "))
        except EncodingError as error:
            raise EncodingError(f"line {number} of the key file: {error}") from None
        if hrp == mlkem768x25519.IDENTITY_HRP:
            sealing.append(seed)
        elif hrp in names:
            seeds[names[hrp]] = seed
        else:
            raise EncodingError(f"line {number} of the key file: an unknown kind of secret")
    keys = KeyFile(lines[0].removeprefix(_TITLE), tuple(sealing), **seeds)
    if format_key_file(keys) != text:
        raise EncodingError("a key file in another spelling than its one")
    return keys
