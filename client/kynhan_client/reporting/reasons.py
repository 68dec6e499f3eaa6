"""The verdict on a report, with every reason; the sentences are in words/reports.py (CLAUSES)."""

from __future__ import annotations

from dataclasses import dataclass, field

from kynhan_protocol.evidence.verdicts import Reason, Verdict, verdict_of

from ..clauses import Pair, clause


@dataclass
class Reasons:
    """Gathers reasons; the same one is said once."""

    found: dict[Reason, None] = field(default_factory=dict)

    def add(
        self, key: str, verdict: Verdict, subject: str = "", detail: object = "", **blanks: object
    ) -> None:
        """A reason whose sentence is the clause `key`."""
        self.told(key.partition(".")[2], verdict, subject, clause(key, **blanks), detail)

    def told(self, code: str, verdict: Verdict, subject: str, pair: Pair, detail: object = "") -> None:
        """A reason in words at hand."""
        self.found[Reason(code, subject, pair[1], pair[0], verdict, str(detail))] = None

    @property
    def verdict(self) -> Verdict:
        """What they amount to together."""
        return verdict_of(self.found)
