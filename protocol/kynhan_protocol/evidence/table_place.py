"""The rulebook asked of what is on the table: a place in the log as evidence shows it, and what is said of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from ..rulebook import faults
from ..rulebook.faults import Article
from ..rulebook.place import LackingError
from ..statements.committees import Committees
from .exhibits import Exhibit
from .trees import Trees

OPEN: Final = ("chain-open", "no-roots")
"""Reasons for which a root statement that is not here may still stand in the log."""

LACKING: Final[Mapping[tuple[str, str], str]] = {("head", "chains"): "head-missing"}
"""By rule and evidence of the golden list (rulebook/needs.py), the reason code; where there is none, nothing is said,
or it is said already.
"""


@dataclass(frozen=True)
class TablePlace:
    """A rulebook's LogPlace: where an exhibit stands."""

    exhibit: Exhibit
    committees: Committees
    trees: Trees

    @property
    def index(self) -> int:
        """See LogPlace."""
        return self.exhibit.index

    @property
    def at(self) -> datetime:
        """See LogPlace."""
        if self.exhibit.time is None:
            raise LackingError("log-time")
        return self.exhibit.time

    @property
    def heads(self) -> tuple[str, ...]:
        """See LogPlace."""
        return self.committees.heads_at(self.index)

    @property
    def founded(self) -> frozenset[str]:
        """See LogPlace."""
        return self.committees.founded_at(self.index)

    def author_of_root(self, root: str) -> str | None:
        """See LogPlace."""
        found = self.committees.author_of_root(root, self.index)
        if found is None and any(one.code in OPEN for one in self.exhibit.reasons):
            raise LackingError("chains")
        return found

    def root_at(self, size: int) -> bytes | None:
        """See LogPlace."""
        return self.trees.root_at(size)


def blame(exhibit: Exhibit, place: TablePlace, rules: Sequence[Article]) -> None:
    """Asks `rules` of an exhibit with a statement; each fault, and each lack of the golden list, becomes a reason."""
    assert exhibit.signed
    found = faults.find(exhibit.signed, place, rules)
    for fault in found.faults:
        exhibit.faults.append(fault.code)
        exhibit.blame(fault.code, ", ".join(f"{name} {value}" for name, value in fault.data))
    for lack in found.lacks:
        if code := LACKING.get((lack.rule, lack.evidence)):
            exhibit.blame(code)
