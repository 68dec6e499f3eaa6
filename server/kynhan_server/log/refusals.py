"""The rulebook at the relay: its place in the log, and the one answer over HTTP for each code of the rulebook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from kynhan_protocol.rulebook import faults
from kynhan_protocol.rulebook.faults import Article, Fault
from kynhan_protocol.statements.signing import SignedStatement
from kynhan_server.errors import Refused
from kynhan_server.log.draft import Layer

PROBLEM_OF: Final[Mapping[str, tuple[str, str]]] = {
    "outside-window": ("outside-window", "It is dated {dated}; here it is {logged}."),
    "seen-beyond": ("seen-unknown", "The log has {index} entries, not {size}."),
    "seen-wrong": ("seen-unknown", "The tree of {size} entries has another root."),
    "head-unknown": ("stale", "`head` does not name one known root statement of each committee."),
    "head-not-of-each": ("stale", "`head` does not name one known root statement of each committee."),
}
"""By code of the rulebook, that of the problem document and its sentence: many to one, and fixed."""


class RelayPlace:
    """A rulebook's LogPlace: behind all that is on disk and in the group so far."""

    def __init__(self, layer: Layer) -> None:
        self._layer = layer
        self.index = layer.size
        self.at: datetime = layer.at

    @property
    def heads(self) -> tuple[str, ...]:
        """See LogPlace."""
        return self._layer.committees.heads_at(self.index)

    @property
    def founded(self) -> frozenset[str]:
        """See LogPlace."""
        return self._layer.committees.founded_at(self.index)

    def author_of_root(self, root: str) -> str | None:
        """See LogPlace."""
        return self._layer.committees.author_of_root(root, self.index)

    def root_at(self, size: int) -> bytes | None:
        """See LogPlace. Only what was committed can have been seen: the group's own tree has no checkpoint yet."""
        if size > self._layer.log.size:
            return None
        return self._layer.log.root_at(self._layer.connection, size)


def check(layer: Layer, signed: SignedStatement, rules: Sequence[Article]) -> None:
    """Asks `rules` of a statement that wants to take the next place. Raises Refused, with every fault."""
    found = faults.find(signed, RelayPlace(layer), rules)
    if found.faults:
        raise refusal(found.faults)


def refusal(found: Sequence[Fault]) -> Refused:
    """The answer to these faults: the code and sentence of the first."""
    code, sentence = PROBLEM_OF[found[0].code]
    return Refused(code, sentence.format_map(dict(found[0].data)), faults=tuple(one.code for one in found))
