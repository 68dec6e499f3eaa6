"""What the proofs say of the log's tree, together: the hash of every range of leaves that leads to a checkpoint signed
by an attested key, and what follows from those (DESIGN §3.3, *What the proofs say must agree*).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from kynhan_keys import merkle

from ..rulebook.place import LackingError

Range = tuple[int, int]
"""Leaves from the first number to before the second."""


@dataclass(frozen=True)
class Contradiction:
    """Two files give the leaves of `range` two hashes; `one` and `other` are their names, or one name twice."""

    one: str
    other: str
    range: Range


@dataclass
class Trees:
    """The ranges of one log. take() all that is signed, then close(); only then ask."""

    contradictions: list[Contradiction] = field(default_factory=list)
    _known: dict[Range, tuple[bytes, str]] = field(default_factory=dict)

    def take(self, name: str, ranges: Iterable[tuple[int, int, bytes]]) -> None:
        """What the file `name` says: (start, end, hash) of subtrees as RFC 6962 §2.1 has them."""
        for start, end, hash_ in ranges:
            self._settle((start, end), hash_, name)

    def close(self) -> None:
        """Adds what follows: the hash of a subtree of which both halves are known. The work grows with what is known:
        each subtree that is added is the only one above its halves.
        """
        rows: defaultdict[int, set[int]] = defaultdict(set)
        for start, end in self._known:
            level = (end - start).bit_length() - 1
            if (end - start) == 1 << level:
                rows[level].add(start >> level)
        for level in range(merkle.MAX_PATH):
            for index in sorted(rows[level]):
                if index % 2 == 0 and index + 1 in rows[level]:
                    whole = (index << level, index + 2 << level)
                    self._settle(whole, *self._joined(whole))
                    rows[level + 1].add(index // 2)
        for start, end in sorted(self._known):
            if (end - start) & (end - start - 1) and (found := self._from_halves((start, end))):
                self._settle((start, end), *found)

    def root_at(self, size: int) -> bytes:
        """The root of the first `size` entries. Raises LackingError `tree` where what is known does not tell it."""
        if size == 0:
            return merkle.EMPTY_ROOT
        found = self._find((0, size))
        if found is None:
            raise LackingError("tree")
        return found[0]

    def _settle(self, range_: Range, hash_: bytes, name: str) -> None:
        known, before = self._known.setdefault(range_, (hash_, name))
        if known != hash_:
            self.contradictions.append(Contradiction(name, before, range_))

    def _find(self, range_: Range) -> tuple[bytes, str] | None:
        start, end = range_
        known = self._known.get(range_)
        if known is not None or not (end - start) & (end - start - 1):
            return known
        return self._from_halves(range_)

    def _from_halves(self, range_: Range) -> tuple[bytes, str] | None:
        """Of a range that is no complete subtree: its left half is one, and its right half is smaller."""
        middle = merkle.middle_of(*range_)
        left = self._known.get((range_[0], middle))
        right = self._find((middle, range_[1])) if left else None
        return (merkle.node_hash(left[0], right[0]), right[1]) if left and right else None

    def _joined(self, range_: Range) -> tuple[bytes, str]:
        middle = merkle.middle_of(*range_)
        left, right = self._known[range_[0], middle], self._known[middle, range_[1]]
        return merkle.node_hash(left[0], right[0]), right[1]

    def between(self) -> Iterator[Contradiction]:
        """One contradiction for each two files, the first that was found."""
        seen: set[frozenset[str]] = set()
        for one in self.contradictions:
            pair = frozenset((one.one, one.other))
            if pair not in seen:
                seen.add(pair)
                yield one
