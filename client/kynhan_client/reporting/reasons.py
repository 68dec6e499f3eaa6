"""The verdict on a report, with every reason; the sentences are in words/reports.py (CLAUSES)."""

from __future__ import annotations

from dataclasses import dataclass, field

from kynhan_protocol.evidence.verdicts import Verdict, worst

from ..clauses import Pair, clause


@dataclass(frozen=True)
class Reason:
    """Why a verdict is not VALID: a stable code, a sentence in both languages, what it is about, what was found."""

    code: str
    en: str
    vi: str
    verdict: str
    subject: str = ""
    detail: str = ""


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
        self.found[Reason(code, pair[1], pair[0], verdict.value, subject, str(detail))] = None

    @property
    def verdict(self) -> Verdict:
        """What they amount to together."""
        return worst(Verdict(one.verdict) for one in self.found)
