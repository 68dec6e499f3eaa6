"""Vietnamese text as search compares it: with its marks, and without.

folded("Quỹ đất Đắk Lắk") == "quy dat dak lak"
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

_LETTERS = str.maketrans({"đ": "d", "Đ": "d", "ð": "d", "Ð": "d"})  # no decomposition of their own


def exact(text: str) -> str:
    """`text` in lower case and Unicode form NFC, its diacritics kept."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())


def folded(text: str) -> str:
    """The same without diacritics, đ as d."""
    apart = unicodedata.normalize("NFKD", exact(text).translate(_LETTERS))
    kept = "".join(char for char in apart if unicodedata.category(char) != "Mn")
    return unicodedata.normalize("NFC", kept.casefold())


def words(text: str) -> Iterator[str]:
    """The runs of letters and digits in `text`, in order: 15-CV/ĐUCCQ gives 15, CV, ĐUCCQ."""
    run = ""
    for char in text:
        if unicodedata.category(char)[0] in "LN" or (run and unicodedata.category(char) == "Mn"):
            run += char
        elif run:
            yield run
            run = ""
    if run:
        yield run
