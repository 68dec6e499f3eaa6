"""Checkpoints: the size and root of a log, signed by the log, then by those who watch it.

    example.com/log
    20852163
    CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

    — example.com/log Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/…     Ed25519, 0x01
    — example.com/log wzKyM1G0XbKb…                                                  ML-DSA-44, 0x06, dated
    — witness.example/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/…                       cosignatures

Specification: https://c2sp.org/tlog-checkpoint, and DESIGN §3.3: two lines of the log's, both under its origin
as key name; no extension lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from kynhan_keys import b64, cosignatures, notes
from kynhan_keys.errors import CheckpointError, EncodingError, SignatureError
from kynhan_keys.merkle import EMPTY_ROOT, HASH_BYTES, MAX_SIZE
from kynhan_keys.notes import Note, Signature
from kynhan_keys.vkeys import ED25519, ML_DSA_44, Signer, Vkey, is_key_name

_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")
_LOG_TYPES: Final = (ED25519, ML_DSA_44)  # the log's own lines, in this order


@dataclass(frozen=True)
class Checkpoint:
    """A tree's head: the log's origin (a key name), the number of leaves, the root of 32 bytes.

    One that breaks the rules cannot be made (CheckpointError).
    """

    origin: str
    size: int
    root: bytes

    def __post_init__(self) -> None:
        if not is_key_name(self.origin):
            raise CheckpointError(f"not an origin: {self.origin!r}")
        if not 0 <= self.size <= MAX_SIZE:
            raise CheckpointError(f"no tree has {self.size} leaves")
        if len(self.root) != HASH_BYTES:
            raise CheckpointError(f"a root has {HASH_BYTES} bytes")
        if self.size == 0 and self.root != EMPTY_ROOT:
            raise CheckpointError("the root of an empty tree is SHA-256 of nothing")

    def body(self) -> str:
        """The note text: three lines."""
        return f"{self.origin}\n{self.size}\n{b64.encode(self.root)}\n"


def parse_body(text: str) -> Checkpoint:
    """The checkpoint whose body() is `text`. Raises CheckpointError, also for extension lines."""
    lines = text.split("\n")
    if len(lines) != 4 or lines[3]:
        raise CheckpointError("a checkpoint is three lines: origin, size, root")
    origin, size, encoded, _ = lines
    if not _SIZE.fullmatch(size):
        raise CheckpointError("the size is not a decimal number without leading zeros")
    try:
        return Checkpoint(origin, int(size), b64.decode(encoded))
    except EncodingError as error:
        raise CheckpointError(f"root: {error}") from error


def parse(data: bytes) -> tuple[Checkpoint, Note]:
    """The checkpoint in a signed note, and the note. Verifies no signature. NoteError, CheckpointError."""
    note = notes.parse(data)
    return parse_body(note.text), note


def sign(checkpoint: Checkpoint, ed25519: Signer, ml_dsa_44: Signer, time: int) -> Note:
    """The checkpoint under the log's two signatures, the second dated `time` (POSIX seconds).

    Both signers bear the origin as key name. Raises CheckpointError for signers that don't fit,
    SignatureError for a time that no cosignature can bear.
    """
    if (ed25519.vkey.type, ml_dsa_44.vkey.type) != _LOG_TYPES:
        raise CheckpointError("a log signs with an Ed25519 and an ML-DSA-44 key")
    if not ed25519.vkey.name == ml_dsa_44.vkey.name == checkpoint.origin:
        raise CheckpointError("a log signs under its origin")
    note = notes.sign(checkpoint.body(), ed25519)
    dated = cosignatures.sign(ml_dsa_44, checkpoint.origin, checkpoint.size, checkpoint.root, time)
    return Note(note.text, (*note.signatures, dated))


def verify(note: Note, log_vkeys: Sequence[Vkey]) -> tuple[Checkpoint, int]:
    """The checkpoint, and the time (POSIX seconds) at which its log signed it.

    `log_vkeys` are the log's Ed25519 and ML-DSA-44 keys, in this order. The note's first two lines have to be
    theirs and valid, and no other line may bear the origin's name (a key of the log that nobody attested).
    Cosignatures behind them are not looked at. Raises CheckpointError, SignatureError.
    """
    checkpoint = parse_body(note.text)
    if tuple(vkey.type for vkey in log_vkeys) != _LOG_TYPES:
        raise SignatureError("a log has an Ed25519 and an ML-DSA-44 key, in this order")
    if any(vkey.name != checkpoint.origin for vkey in log_vkeys):
        raise SignatureError(f"the checkpoint is of {checkpoint.origin}, the keys are not")
    lines = [signature for signature in note.signatures if signature.name == checkpoint.origin]
    if len(lines) != 2 or tuple(lines) != note.signatures[:2]:
        raise SignatureError("the first two signature lines, and no others, are the log's")
    notes.verify(note.text, log_vkeys[0], lines[0])
    time = cosignatures.verify(log_vkeys[1], lines[1], checkpoint.origin, checkpoint.size, checkpoint.root)
    return checkpoint, time


def add_cosignatures(note: Note, signatures: Iterable[Signature]) -> Note:
    """The same checkpoint with these lines added behind its own, in the order given; nothing is verified.

    Raises CheckpointError if a key would stand there twice, NoteError for too many lines.
    """
    lines = (*note.signatures, *signatures)
    if len({(line.name, line.key_id) for line in lines}) != len(lines):
        raise CheckpointError("a key signs a checkpoint once")
    return Note(note.text, lines)
