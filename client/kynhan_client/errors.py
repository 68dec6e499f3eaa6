"""Everything that can go wrong for a user, each with one sentence and what to do next (words/ has them, TROUBLE).

    raise problem("missing-file", path="to-trinh.pdf")

A code is stable (scripts and tests may rely on it); the words are not. Data given beside the code fills the blanks of
the sentence and travels with the error, so that `--json` can show it. What is not the same in both languages is a Pair
from clauses.py, or an exception, which clauses.py puts into words.
"""

from __future__ import annotations

from . import words
from .clauses import Pair, filled


class ClientError(Exception):
    """An error that a user can meet: `code`, a sentence (`en`, `vi`), advice, and the `data` it is about."""

    def __init__(
        self, code: str, en: str, vi: str, advice_en: str = "", advice_vi: str = "", **data: object
    ) -> None:
        super().__init__(en)
        self.code = code
        self.en = en
        self.vi = vi
        self.advice_en = advice_en
        self.advice_vi = advice_vi
        self.data = data

    def __str__(self) -> str:
        return f"{self.code}: {self.en}"

    @property
    def pair(self) -> Pair:
        """The sentence in both languages, to stand in another one."""
        return self.vi, self.en


def problem(code: str, **data: object) -> ClientError:
    """The error `code` of words.TROUBLE, its blanks filled from `data`. A code that is not there is a KeyError.

    In the error's own `data` a Pair or an exception stands in English.
    """
    told = words.TROUBLE[code]
    vi, en = _Blanks(filled(data, 0)), _Blanks(filled(data, 1))
    return ClientError(
        code,
        told.en.format_map(en),
        told.vi.format_map(vi),
        told.advice_en.format_map(en),
        told.advice_vi.format_map(vi),
        **en,
    )


class _Blanks(dict[str, object]):
    """A blank that nobody filled shows as `?`: an error must never fail while it is being told."""

    def __missing__(self, key: str) -> object:
        return "?"
