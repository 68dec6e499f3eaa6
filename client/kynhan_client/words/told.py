"""An error as it is told: a sentence and what to do next."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Told:
    """A sentence and an advice in two languages; blanks are `{name}`."""

    en: str
    vi: str
    advice_en: str = ""
    advice_vi: str = ""
