"""The Merkle tree of the log: roots, proofs, and what verifies them.

Specification: RFC 6962 §2.1 (hashes), §2.1.1 (audit paths), §2.1.2 (consistency proofs), with SHA-256.

The tree is read through a `NodeGetter`: `get(level, index)` gives the hash of the complete subtree over the
leaves `index * 2**level` up to `(index + 1) * 2**level`, and level 0 holds the leaf hashes. It is asked only
for subtrees that lie wholly inside the size in question, so a growing store can be read at any past size.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from kynhan_keys.errors import ProofError

HASH_BYTES: Final = 32
MAX_SIZE: Final = (1 << 63) - 1
MAX_PATH: Final = 63  # hashes in the longest inclusion proof of a tree of MAX_SIZE
EMPTY_ROOT: Final = hashlib.sha256(b"").digest()

NodeGetter = Callable[[int, int], bytes]


def leaf_hash(entry: bytes) -> bytes:
    """SHA-256(0x00 ‖ entry)."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 ‖ left ‖ right)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root(size: int, get: NodeGetter) -> bytes:
    """The root of the first `size` leaves: MTH(D[0:size]). Raises ProofError for a size that no tree has."""
    _check_size(size)
    return _range(0, size, get) if size else EMPTY_ROOT


def inclusion_proof(index: int, size: int, get: NodeGetter) -> list[bytes]:
    """PATH(index, D[0:size]), from the leaf's sibling up to the root's child. ProofError for a bad index."""
    _check_size(size)
    if not 0 <= index < size:
        raise ProofError(f"no leaf {index} in a tree of {size}")
    return [_range(start, end, get) for start, end in reversed(_siblings(index, size))]


def consistency_proof(old: int, new: int, get: NodeGetter) -> list[bytes]:
    """PROOF(old, D[0:new]): empty when old is 0 or new. Raises ProofError unless 0 <= old <= new."""
    _check_size(new)
    if not 0 <= old <= new:
        raise ProofError(f"a tree of {new} does not extend one of {old}")
    if old in (0, new):
        return []
    path: list[bytes] = []
    start, count, known = 0, new, True
    while old - start != count:
        left = _split(count)
        if old - start <= left:
            path.append(_range(start + left, start + count, get))
            count = left
        else:
            path.append(_range(start, start + left, get))
            start, count, known = start + left, count - left, False
    if not known:
        path.append(_range(start, start + count, get))
    return path[::-1]


def verify_inclusion(index: int, size: int, leaf: bytes, proof: Sequence[bytes], root: bytes) -> None:
    """Checks that `leaf`, a leaf hash, stands at `index` in the tree of that size and root (ProofError)."""
    _check_hashes(leaf, root, *proof)
    *_, (_, _, reached) = ranges_of_path(index, size, leaf, proof)
    if reached != root:
        raise ProofError("the inclusion proof does not lead to the root")


def ranges_of_path(
    index: int, size: int, leaf: bytes, proof: Sequence[bytes]
) -> list[tuple[int, int, bytes]]:
    """(start, end, hash) of every range of leaves that an inclusion proof speaks of, from the leaf up to the root.

    Those are the leaf itself, each sibling, and each subtree that holds both. Nothing says yet that the last one is
    the root of a log. Raises ProofError for a bad index, or a proof of another length.
    """
    _check_size(size)
    if not 0 <= index < size:
        raise ProofError(f"no leaf {index} in a tree of {size}")
    siblings = _siblings(index, size)
    if len(siblings) != len(proof):
        raise ProofError(f"a proof of leaf {index} in a tree of {size} has {len(siblings)} hashes")
    start, end, hash_ = index, index + 1, leaf
    found = [(start, end, hash_)]
    for (left, right), sibling in zip(reversed(siblings), proof, strict=True):
        found.append((left, right, sibling))
        hash_ = node_hash(sibling, hash_) if left < start else node_hash(hash_, sibling)
        start, end = min(left, start), max(right, end)
        found.append((start, end, hash_))
    return found


def verify_consistency(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> None:
    """Checks that the tree (`new`, `new_root`) extends (`old`, `old_root`). Raises ProofError."""
    _check_size(new)
    if not 0 <= old <= new:
        raise ProofError(f"a tree of {new} does not extend one of {old}")
    _check_hashes(old_root, new_root, *proof)
    if (old == 0 and old_root != EMPTY_ROOT) or (new == 0 and new_root != EMPTY_ROOT):
        raise ProofError("the root of an empty tree is SHA-256 of nothing")
    if old in (0, new):
        if proof or (old == new and old_root != new_root):
            raise ProofError("the two roots do not agree, or hashes are given where none are needed")
        return
    rest = iter(proof)
    if _roots_from_proof(old, new, old_root, True, rest) != (old_root, new_root) or _any_left(rest):
        raise ProofError("the consistency proof does not connect the two roots")


def new_nodes(
    size: int, leaf_hashes: Sequence[bytes], get: NodeGetter | None = None
) -> list[tuple[int, int, bytes]]:
    """(level, index, hash) of every complete subtree that comes into being when leaves join a tree of `size`.

    The leaves are among them, at level 0. `get` is asked for complete subtrees of the tree before, and not at
    all if that is empty. Raises ProofError for a size that no tree has.
    """
    _check_size(size + len(leaf_hashes))
    edge = [] if not size else [get(*node) for node in _edge(size)] if get else None
    if edge is None:
        raise ProofError("the nodes of the tree before are needed")
    made: list[tuple[int, int, bytes]] = []
    for index, leaf in enumerate(leaf_hashes, size):
        made += _complete(edge, index, leaf)
    return made


@dataclass(frozen=True)
class Frontier:
    """A tree without its inside: its size, and the hashes of its complete subtrees, largest first.

    Enough to append leaves and to know the root. Immutable: append() and extend() give a new one. A frontier
    whose hashes do not fit its size cannot be made (ProofError).
    """

    size: int = 0
    hashes: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        _check_size(self.size)
        _check_hashes(*self.hashes)
        if len(self.hashes) != self.size.bit_count():
            raise ProofError(f"a frontier of {self.size} leaves has {self.size.bit_count()} hashes")

    @classmethod
    def of(cls, size: int, get: NodeGetter) -> Frontier:
        """The frontier of the first `size` leaves of a stored tree."""
        _check_size(size)
        return cls(size, tuple(get(*node) for node in _edge(size)))

    def append(self, leaf: bytes) -> Frontier:
        """With one more leaf hash."""
        return self.extend((leaf,))

    def extend(self, leaf_hashes: Iterable[bytes]) -> Frontier:
        """With these leaf hashes added, in order."""
        edge, size = list(self.hashes), self.size
        for leaf in leaf_hashes:
            _complete(edge, size, leaf)
            size += 1
        return Frontier(size, tuple(edge))

    def root(self) -> bytes:
        """The root of the tree; EMPTY_ROOT when it has no leaf."""
        if not self.hashes:
            return EMPTY_ROOT
        *rest, result = self.hashes
        for left in reversed(rest):
            result = node_hash(left, result)
        return result

    def to_bytes(self) -> bytes:
        """The size as uint64, big-endian, then the hashes."""
        return self.size.to_bytes(8) + b"".join(self.hashes)

    @classmethod
    def from_bytes(cls, data: bytes) -> Frontier:
        """The frontier that to_bytes() wrote. Raises ProofError."""
        if len(data) < 8 or len(data) % HASH_BYTES != 8:
            raise ProofError("a frontier is 8 bytes and whole hashes")
        hashes = tuple(data[at : at + HASH_BYTES] for at in range(8, len(data), HASH_BYTES))
        return cls(int.from_bytes(data[:8]), hashes)


def _split(count: int) -> int:
    """The largest power of two below `count` (k of RFC 6962 §2.1), for count > 1."""
    return 1 << (count - 1).bit_length() - 1


def middle_of(start: int, end: int) -> int:
    """Where the subtree over the leaves from `start` to before `end`, more than one, has its middle."""
    return start + _split(end - start)


def _siblings(index: int, size: int) -> list[tuple[int, int]]:
    """The subtrees beside the way from the root down to a leaf, (start, end) each."""
    found: list[tuple[int, int]] = []
    start, end = 0, size
    while end - start > 1:
        middle = middle_of(start, end)
        if index < middle:
            found.append((middle, end))
            end = middle
        else:
            found.append((start, middle))
            start = middle
    return found


def _range(start: int, end: int, get: NodeGetter) -> bytes:
    """MTH(D[start:end]) of a subtree of RFC 6962: not empty, `start` a multiple of the next power of two."""
    count = end - start
    if count & (count - 1) == 0:
        level = count.bit_length() - 1
        return get(level, start >> level)
    middle = middle_of(start, end)
    return node_hash(_range(start, middle, get), _range(middle, end, get))


def _edge(size: int) -> Iterator[tuple[int, int]]:
    """(level, index) of the complete subtrees that a tree of `size` consists of, from the left."""
    for level in range(size.bit_length() - 1, -1, -1):
        if size >> level & 1:
            yield level, (size >> level) - 1


def _complete(edge: list[bytes], index: int, leaf: bytes) -> list[tuple[int, int, bytes]]:
    """Adds the leaf at `index` to the right edge; gives every subtree that it completes, the leaf first."""
    made = [(0, index, leaf)]
    level = 0
    while index & 1:
        leaf = node_hash(edge.pop(), leaf)
        level, index = level + 1, index >> 1
        made.append((level, index, leaf))
    edge.append(leaf)
    return made


def _roots_from_proof(
    old: int, new: int, old_root: bytes, known: bool, proof: Iterator[bytes]
) -> tuple[bytes, bytes]:
    """Old and new root as a proof has them: SUBPROOF of RFC 6962 §2.1.2 read backwards."""
    if old == new:
        hash_ = old_root if known else _next(proof)
        return hash_, hash_
    left = _split(new)
    if old <= left:
        before, after = _roots_from_proof(old, left, old_root, known, proof)
        return before, node_hash(after, _next(proof))
    before, after = _roots_from_proof(old - left, new - left, old_root, False, proof)
    full = _next(proof)
    return node_hash(full, before), node_hash(full, after)


def _next(proof: Iterator[bytes]) -> bytes:
    try:
        return next(proof)
    except StopIteration:
        raise ProofError("the proof is too short") from None


def _any_left(proof: Iterator[bytes]) -> bool:
    return next(proof, None) is not None


def _check_size(size: int) -> None:
    if not 0 <= size <= MAX_SIZE:
        raise ProofError(f"no tree has {size} leaves")


def _check_hashes(*hashes: bytes) -> None:
    if any(len(hash_) != HASH_BYTES for hash_ in hashes):
        raise ProofError(f"a hash has {HASH_BYTES} bytes")
