"""Telling Vietnamese from English: what the tests of words hold every sentence against."""

from __future__ import annotations

import re
import string
from typing import Final

ENGLISH: Final = frozenset(
    re.findall(
        r"\w+",
        """
        the is are was were be been of on at by for from with without not nor neither than that this these those it
        its and or but has have had does did one two other another more less which who what when where there here
        before after once since until while already only own our their your file files folder key keys name names
        statement checkpoint entry entries relay witness committee package header body range receipt case dispatch
        profile calendar clock minutes status answer connection request missing wrong unknown too large long time
        valid revoked certified signed signature damaged newer written version option command value required default
        invalid integer argument show message exit such usage options arguments password passphrase address log
        working days due date open close sent received waiting sign signing seal sealed read write list print
        """,
    )
)
# Words that are the same in Vietnamese, or that name a thing of the program: commands, options, files, formats.
TECHNICAL: Final = re.compile(
    r"`[^`]*`|--[a-z-]+|\(chi tiết kỹ thuật: .*\)|[\w.-]*\.(?:db|age|toml|example|receipt|tar|pdf|png|json)\b|https?://\S+"
    r"|\bkynhan(?:-relay)? [a-z-]+(?: [A-ZẢỆ]+\.\w+)?"
)
VIETNAMESE: Final = re.compile(r"[à-ỹÀ-ỸđĐ]")


def without_blanks(sentence: str) -> str:
    """The words of a sentence whose blanks are `{name}`."""
    return " ".join(text for text, *_ in string.Formatter().parse(sentence))


def english_in(vi: str) -> list[str]:
    """English words left in a Vietnamese sentence."""
    return [word for word in re.findall(r"[\w-]+", TECHNICAL.sub(" ", vi).lower()) if word in ENGLISH]
