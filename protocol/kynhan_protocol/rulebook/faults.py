"""What a rule finds: every fault as a value, by a stable code; it becomes words only at the edge."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from ..statements.signing import SignedStatement
from .place import LackingError, LogPlace

P = TypeVar("P", bound=LogPlace)


@dataclass(frozen=True, slots=True)
class Fault:
    """A rule broken. `code` is kebab-case and stable; `data` fills the sentence that an edge makes of it."""

    code: str
    data: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Article(Generic[P]):
    """A rule by its name: the faults that `find` gives for a statement of one of `types` at a place."""

    name: str
    types: type | tuple[type, ...]
    find: Callable[[SignedStatement, P], Iterator[Fault]]


@dataclass(frozen=True, slots=True)
class Lack:
    """A rule that could not be asked, since `evidence` is not on the table: `detail` says in English what exactly."""

    rule: str
    evidence: str
    detail: str = ""


@dataclass(slots=True)
class Findings:
    """All that is wrong with a statement at its place, and what could not be said."""

    faults: list[Fault] = field(default_factory=list)
    lacks: list[Lack] = field(default_factory=list)

    @property
    def codes(self) -> frozenset[str]:
        """The codes of the faults."""
        return frozenset(fault.code for fault in self.faults)


def fault(code: str, **data: object) -> Fault:
    """The fault of that code."""
    return Fault(code, tuple((name, str(value)) for name, value in data.items()))


def find(signed: SignedStatement, place: P, rules: Sequence[Article[P]]) -> Findings:
    """Asks each of `rules` that is about this type of statement, in their order."""
    found = Findings()
    for rule in rules:
        if isinstance(signed.statement, rule.types):
            try:
                found.faults += rule.find(signed, place)
            except LackingError as lacking:
                found.lacks.append(Lack(rule.name, lacking.evidence, lacking.detail))
    return found
