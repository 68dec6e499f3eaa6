"""Verdicts on evidence, and every reason for one, in both languages.

A verdict is VALID (*hợp lệ*), INCOMPLETE (*chưa đủ căn cứ*: what is here is not enough to say) or INVALID (*không hợp
lệ*: something here contradicts itself or the keys). It always comes with every reason, never just the first.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Literal

from .sentences import ASIDE, INCOMPLETE, INVALID

HEADS: Final = "heads/"  # the folder of receipts that only close the chains for the others
CHAINS: Final = "chains/"  # the folder of root statements

Finality = Literal["final", "pending"]


class Verdict(StrEnum):
    """From best to worst."""

    VALID = "VALID"
    INCOMPLETE = "INCOMPLETE"
    INVALID = "INVALID"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a verdict is not VALID: a stable code, the file it is about, a sentence in English and in
    Vietnamese.

    `detail`, where there is one, says in English what exactly was found.
    """

    code: str
    subject: str
    en: str
    vi: str
    verdict: Verdict
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Aside:
    """A file that says nothing here, and why: `not-looked-at`, `not-compared` with the parts that were not as `detail`,
    or `other-world` with its log.
    """

    code: Literal["not-looked-at", "not-compared", "other-world"]
    subject: str
    detail: str = ""

    @property
    def en(self) -> str:
        """The sentence in English."""
        return ASIDE[self.code][0]

    @property
    def vi(self) -> str:
        """The sentence in Vietnamese."""
        return ASIDE[self.code][1]


@dataclass(frozen=True, slots=True)
class ReceiptJudgement:
    """What was found out about one receipt file; what could not be read of it is None.

    `type` is the statement's type in lower case, `time` its log time in RFC 3339, where known. `finality`
    says whether the witnesses of all committees cosigned the checkpoint in it. `faults` are the rulebook's codes among
    the reasons.
    """

    name: str
    verdict: Verdict
    reasons: tuple[Reason, ...]
    finality: Finality | None = None
    index: int | None = None
    id: str | None = None
    type: str | None = None
    time: str | None = None
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict on all that was handed in: the worst of its receipts' and of the `reasons` about the whole.

    What lies in `heads/` is no receipt here: what is false of it is among the `reasons`. `aside` are the files that
    change nothing.

    `fingerprint` are the 60 digits of the keys that everything rests on; None where they are not all known.
    Unless `anchored` (the keys came from somewhere else than the evidence), the verdict is worth as much as
    that comparison.
    """

    verdict: Verdict
    receipts: tuple[ReceiptJudgement, ...]
    reasons: tuple[Reason, ...]
    fingerprint: str | None
    anchored: bool
    aside: tuple[Aside, ...] = ()

    @property
    def all_reasons(self) -> tuple[Reason, ...]:
        """Those about the whole, then those about each receipt."""
        return (*self.reasons, *(reason for receipt in self.receipts for reason in receipt.reasons))

    @property
    def finality(self) -> Finality:
        """`final` if every receipt is."""
        all_final = all(one.finality == "final" for one in self.receipts)
        return "final" if self.receipts and all_final else "pending"


VERDICTS_VI: Final = {
    Verdict.VALID: "hợp lệ",
    Verdict.INCOMPLETE: "chưa đủ căn cứ",
    Verdict.INVALID: "không hợp lệ",
}

CODES: Final = {
    **dict.fromkeys(INVALID, Verdict.INVALID),
    **dict.fromkeys(INCOMPLETE, Verdict.INCOMPLETE),
}


def reason(code: str, subject: str, detail: object = "") -> Reason:
    """The reason of that code about the file `subject`. Raises KeyError for a code that is none."""
    en, vi = (INVALID | INCOMPLETE)[code]
    return Reason(code, subject, en, vi, CODES[code], str(detail))


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """The worst of them; VALID of none."""
    order = list(Verdict)
    return max(verdicts, key=order.index, default=Verdict.VALID)


def verdict_of(reasons: Iterable[Reason]) -> Verdict:
    """The verdict that these reasons give together."""
    return worst(one.verdict for one in reasons)
