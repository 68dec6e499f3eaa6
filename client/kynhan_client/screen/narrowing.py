"""Which lines of a list are wanted: `--mine`, `--group`, `--term`, `--subject`, `--unit`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol, TypeVar

from kynhan_protocol.names import Name


class ListLine(Protocol):
    """What a list's line must say of itself to be narrowed down."""

    @property
    def mine(self) -> bool:
        """Whether we have something to do."""
        ...

    @property
    def group(self) -> str | None:
        """Where its date stands."""
        ...

    @property
    def term(self) -> str | None:
        """Its term."""
        ...

    @property
    def subject(self) -> str | None:
        """Its subject, where it is known."""
        ...

    @property
    def unit(self) -> str | None:
        """The unit that has it."""
        ...


AnyLine = TypeVar("AnyLine", bound=ListLine)


@dataclass(frozen=True, kw_only=True)
class Narrowing:
    """What lines must have; None means anything. `unit` is a member, or its local name."""

    mine: bool = False
    group: str | None = None
    term: str | None = None
    subject: str | None = None
    unit: str | None = None

    def of(self, lines: Iterable[AnyLine]) -> list[AnyLine]:
        """The lines that fit, in their order."""
        return [line for line in lines if self._fits(line)]

    def _fits(self, line: ListLine) -> bool:
        return (
            (not self.mine or line.mine)
            and self.group in (None, line.group)
            and self.term in (None, line.term)
            and self.subject in (None, line.subject)
            and (self.unit is None or self.unit in (line.unit, Name.of(line.unit or "").local or ""))
        )
