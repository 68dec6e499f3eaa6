"""What a page shows, value by value, and which of them another page shows differently.

Both pages' texts are read by the same reader (scanning), so that what is equal reads equal however it is laid out. The
values say what the place of a difference is called; they stand in the order of the page.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import accumulate, islice, takewhile
from typing import Final

MAX_WORDS: Final = 4000
"""Words between the first and the last difference up to which each is told; more are told as one."""
MAX_TOLD: Final = 20
"""Differences that are told; whoever changed more needs no longer list."""
MAX_LETTERS: Final = 200
"""Letters of what a page says instead."""

BROKEN: Final = "\ufffe"
"""What the reader gives for a hyphen at which a line was broken."""

Span = tuple[str, int, int, int, int]


@dataclass(frozen=True)
class Value:
    """`text` as the page shows it, beside `label`. `compared`: whether the page at hand was held against it; else it is
    to be compared by eye. `is_evident`: it follows from the evidence; else the page alone says so."""

    label: str
    text: str
    compared: bool = False
    is_evident: bool = True


@dataclass(frozen=True)
class Deviation:
    """`label`: what differs, "" for what is no value of ours; `ours`: as the evidence has it; `theirs`: on the page."""

    label: str
    ours: str
    theirs: str


def differences(ours: Sequence[str], theirs: Sequence[str], values: Sequence[Value]) -> list[Deviation]:
    """Where the texts of the pages `theirs` differ from those of ours, which shows `values`; at most MAX_TOLD."""
    mine, other = _words(ours), _words(theirs)
    if "".join(mine) == "".join(other):
        return []
    spans = _spans(mine, other)
    places = _places(mine, values)
    told: dict[tuple[int, int], Deviation] = {}
    for tag, begin, end, first, last in spans:
        if len(told) >= MAX_TOLD:
            break
        if tag == "equal":
            continue
        touched = [one for one in range(len(values)) if _touches(places[one], begin, end)][:MAX_TOLD]
        for one in touched:
            place = places[one]
            assert place is not None
            said = " ".join(other[at] for at in islice(_there(spans, *place), MAX_LETTERS))
            told.setdefault((one, 0), Deviation(values[one].label, values[one].text, said[:MAX_LETTERS]))
        if not touched:
            said = " ".join(other[first : min(last, first + MAX_LETTERS)])[:MAX_LETTERS]
            told.setdefault((begin, first + 1), Deviation("", " ".join(mine[begin:end])[:MAX_LETTERS], said))
    return list(told.values())[:MAX_TOLD]


def _words(texts: Sequence[str]) -> list[str]:
    joined = "\n".join(texts).replace(BROKEN, "-")
    return unicodedata.normalize("NFC", joined).split()


def _spans(mine: list[str], other: list[str]) -> list[Span]:
    """What is equal, replaced, added and left out, as difflib has it; in bounded time whatever the page says."""
    head = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(mine, other, strict=False)))
    room = min(len(mine), len(other)) - head
    backwards = zip(reversed(mine), reversed(other), strict=False)
    tail = min(room, sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], backwards)))
    ends = len(mine) - tail, len(other) - tail
    within = mine[head : ends[0]], other[head : ends[1]]
    if sum(map(len, within)) > MAX_WORDS:
        middle: list[Span] = [("replace", head, ends[0], head, ends[1])]
    else:
        found = SequenceMatcher(None, *within).get_opcodes()
        middle = [(tag, *(head + number for number in four)) for tag, *four in found]  # type: ignore[misc]
    equal: list[Span] = [("equal", 0, head, 0, head)] if head else []
    return [*equal, *middle, ("equal", ends[0], len(mine), ends[1], len(other))]


def _places(mine: list[str], values: Sequence[Value]) -> list[tuple[int, int] | None]:
    """Of each value the words that are it: found one after the other, however the lines were broken."""
    letters = "".join(mine)
    starts = [0, *accumulate(map(len, mine))]
    found: list[tuple[int, int] | None] = []
    at = 0
    for value in values:
        wanted = "".join(unicodedata.normalize("NFC", value.text).split())
        label = "".join(unicodedata.normalize("NFC", value.label).split())
        after = letters.find(label, at) if label else -1
        begin = letters.find(wanted, at if after < 0 else after) if wanted else -1
        if begin < 0:
            found.append(None)
            continue
        at = begin + len(wanted)
        found.append((bisect_right(starts, begin) - 1, bisect_left(starts, at)))
    return found


def _touches(place: tuple[int, int] | None, begin: int, end: int) -> bool:
    """Whether words that differ belong to a value; what is only added belongs to the one before it."""
    if place is None:
        return False
    return place[0] < end and begin < place[1] if begin < end else place[0] < begin <= place[1]


def _there(spans: Sequence[Span], begin: int, end: int) -> Iterator[int]:
    """The words of the other page that stand where ours from `begin` to `end` do."""
    for tag, first, last, other, until in spans:
        if tag == "equal":
            low, high = max(first, begin), min(last, end)
            yield from range(other + low - first, other + high - first) if low < high else ()
        elif (first < end and begin < last) or (first == last and begin < first <= end):
            yield from range(other, until)
