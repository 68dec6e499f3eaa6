"""Roots of the log's tree as far as the table tells them: signed ones, and those of which every entry is here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kynhan_keys import merkle

from ..rulebook.place import LackingError


@dataclass
class Trees:
    """`signed` are roots by size, under the relay's signature; `leaves` the ids (hex) of entries by index."""

    signed: Mapping[int, bytes]
    leaves: Mapping[int, str]
    _nodes: dict[tuple[int, int], bytes] = field(default_factory=dict)

    def root_at(self, size: int) -> bytes:
        """The root of the first `size` entries. Raises LackingError `tree` where the table does not tell it."""
        if size == 0:
            return merkle.EMPTY_ROOT
        if size in self.signed:
            return self.signed[size]
        return merkle.root(size, self._node)

    def _node(self, level: int, index: int) -> bytes:
        if (level, index) not in self._nodes:
            self._nodes[level, index] = self._made(level, index)
        return self._nodes[level, index]

    def _made(self, level: int, index: int) -> bytes:
        if level:
            return merkle.node_hash(self._node(level - 1, 2 * index), self._node(level - 1, 2 * index + 1))
        if index not in self.leaves:
            raise LackingError("tree")
        return merkle.leaf_hash(bytes.fromhex(self.leaves[index]))
