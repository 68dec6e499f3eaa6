"""Proofs that something was logged, to be checked offline: what a `.receipt` file is.

    c2sp.org/tlog-proof@v1
    extra a3luaGFuL3JlY2VpcHRAdjEK…
    index 73894
    gSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPlQ=
    B95lDa8R83lS8n0eG+o0buTxRKQTYFi//1U8anccXmA=

    example.com/log
    109482
    sFodV/vSp5O8n9a8QpW6PRY97tfOSW5bsc2Xl/EQi08=

    — example.com/log hI2DJw…

Specification: https://c2sp.org/tlog-proof, RFC 6962 §2.1.1. A proof is accepted in one spelling only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from kynhan_keys import b64, checkpoints, merkle
from kynhan_keys.checkpoints import Checkpoint
from kynhan_keys.errors import EncodingError, ProofError

MAX_BYTES: Final = 4 << 20

_HEADER: Final = "c2sp.org/tlog-proof@v1"
_INDEX = re.compile(r"index (0|[1-9][0-9]{0,18})")


@dataclass(frozen=True)
class Proof:
    """An entry's place in a log. `extra` is whatever the application put there, covered by nothing here.

    `path` goes from the leaf's sibling up to the root's child; `checkpoint` is the signed note, byte for
    byte. One that breaks the rules cannot be made: ProofError, or NoteError or CheckpointError for the
    checkpoint.
    """

    extra: bytes | None
    index: int
    path: tuple[bytes, ...]
    checkpoint: bytes

    def __post_init__(self) -> None:
        if self.extra == b"":
            raise ProofError("the extra data is empty")
        if not 0 <= self.index < merkle.MAX_SIZE:
            raise ProofError(f"no leaf has index {self.index}")
        if len(self.path) > merkle.MAX_PATH:
            raise ProofError(f"a path has at most {merkle.MAX_PATH} hashes")
        if any(len(hash_) != merkle.HASH_BYTES for hash_ in self.path):
            raise ProofError(f"a hash has {merkle.HASH_BYTES} bytes")
        checkpoints.parse(self.checkpoint)


def parse(data: bytes, *, max_bytes: int = MAX_BYTES) -> Proof:
    """The proof that `data` spells; nothing is verified.

    Raises ProofError for its own lines, NoteError or CheckpointError for those of its checkpoint.
    """
    if len(data) > max_bytes:
        raise ProofError(f"proof of more than {max_bytes} bytes")
    head, blank, checkpoint = data.partition(b"\n\n")
    if not blank:
        raise ProofError("no empty line before the checkpoint")
    try:
        lines = head.decode("ascii").split("\n")
        if lines.pop(0) != _HEADER:
            raise ProofError(f"the first line is not {_HEADER}")
        extra = None
        if lines and lines[0].startswith("extra "):
            extra = b64.decode(lines.pop(0).removeprefix("extra "))
        match = _INDEX.fullmatch(lines.pop(0)) if lines else None
        if not match:
            raise ProofError("no line with the index")
        if len(lines) > merkle.MAX_PATH:
            raise ProofError(f"a path has at most {merkle.MAX_PATH} hashes")
        path = tuple(b64.decode(line) for line in lines)
    except UnicodeDecodeError as error:
        raise ProofError("the proof's own lines are ASCII") from error
    except EncodingError as error:
        raise ProofError(str(error)) from error
    return Proof(extra, int(match[1]), path, checkpoint)


def format(proof: Proof) -> bytes:  # noqa: A001
    """The bytes of a proof, as parse() takes them."""
    lines = [_HEADER]
    if proof.extra is not None:
        lines.append(f"extra {b64.encode(proof.extra)}")
    lines.append(f"index {proof.index}")
    lines += (b64.encode(hash_) for hash_ in proof.path)
    return "".join(f"{line}\n" for line in lines).encode() + b"\n" + proof.checkpoint


def verify_inclusion(proof: Proof, entry: bytes) -> Checkpoint:
    """The proof's checkpoint, once `entry` is found in that tree at the proof's index. Raises ProofError.

    Says nothing about who signed the checkpoint: see checkpoints.verify() and policies.check().
    """
    checkpoint, _ = checkpoints.parse(proof.checkpoint)
    merkle.verify_inclusion(
        proof.index, checkpoint.size, merkle.leaf_hash(entry), proof.path, checkpoint.root
    )
    return checkpoint
