"""Finished proofs. The same inputs, which are all stored, give the same bytes, today and in ten years."""

from __future__ import annotations

import hashlib

from kynhan_keys import merkle, notes, proofs
from kynhan_keys.merkle import NodeGetter
from kynhan_keys.proofs import Proof


def receipt(index: int, note: bytes, checkpoint: bytes, get: NodeGetter) -> bytes:
    """The tlog-proof of a statement: `note` as extra, at `index` of the tree that `checkpoint` signs."""
    size = int(notes.split_text(checkpoint).split(b"\n", 2)[1])
    path = tuple(merkle.inclusion_proof(index, size, get))
    return proofs.format(Proof(note, index, path, checkpoint))


def nodes_needed(index: int, size: int) -> list[tuple[int, int]]:
    """(level, index) of the nodes that receipt() asks for."""
    asked: list[tuple[int, int]] = []

    def get(level: int, at: int) -> bytes:
        asked.append((level, at))
        return bytes(merkle.HASH_BYTES)

    merkle.inclusion_proof(index, size, get)
    return asked


def id_of(note: bytes) -> str:
    """The id of a statement: the SHA-256 of its note, 64 hex digits."""
    return hashlib.sha256(note).hexdigest()
