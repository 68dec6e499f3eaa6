"""What the fonts of this package can print, and how everything else is spelled out.

A PDF/A must not hold a character without a glyph, and a title from outside must neither stop the printing nor rearrange
the line it stands in: controls, bidirectional marks and characters that the fonts lack are printed as [U+XXXX].
"""

from __future__ import annotations

import struct
import unicodedata
from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import Any

from kynhan_protocol.statements.text import kind_of


def printable(text: str) -> str:
    """`text` in Unicode form NFC, with whatever cannot be seen or printed spelled out."""
    return "".join(
        char if _is_printable(char) else f"[U+{ord(char):04X}]" for char in unicodedata.normalize("NFC", text)
    )


def all_printable(data: Any) -> Any:
    """The same for every string in JSON data."""
    if isinstance(data, str):
        return printable(data)
    if isinstance(data, dict):
        return {key: all_printable(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [all_printable(value) for value in data]
    return data


def _is_printable(char: str) -> bool:
    return kind_of(char) is None and ord(char) in covered()


@cache
def covered() -> frozenset[int]:
    """The code points that every font of this package has a glyph for."""
    fonts = [
        entry.read_bytes()
        for entry in (resources.files(__package__) / "fonts").iterdir()
        if entry.name.endswith(".ttf")
    ]
    return frozenset.intersection(*(frozenset(_code_points(font)) for font in fonts))


def _code_points(font: bytes) -> Iterator[int]:
    """What a TrueType font's character map (OpenType specification, `cmap` format 4) covers."""
    (tables,) = struct.unpack_from(">H", font, 4)
    for at in range(12, 12 + 16 * tables, 16):
        tag, _, offset, _ = struct.unpack_from(">4sLLL", font, at)
        if tag == b"cmap":
            yield from _of_map(font, offset)


def _of_map(font: bytes, start: int) -> Iterator[int]:
    (count,) = struct.unpack_from(">H", font, start + 2)
    for at in range(start + 4, start + 4 + 8 * count, 8):
        platform, _, offset = struct.unpack_from(">HHL", font, at)
        (form,) = struct.unpack_from(">H", font, start + offset)
        if platform == 3 and form == 4:
            yield from _of_segments(font, start + offset)


def _of_segments(font: bytes, start: int) -> Iterator[int]:
    (doubled,) = struct.unpack_from(">H", font, start + 6)
    numbers = doubled // 2
    ends = struct.unpack_from(f">{numbers}H", font, start + 14)
    begins = struct.unpack_from(f">{numbers}H", font, start + 16 + doubled)
    deltas = struct.unpack_from(f">{numbers}H", font, start + 16 + 2 * doubled)
    places = start + 16 + 3 * doubled
    ranges = struct.unpack_from(f">{numbers}H", font, places)
    for segment, (first, last, delta, shift) in enumerate(zip(begins, ends, deltas, ranges, strict=True)):
        for code in range(first, min(last, 0xFFFE) + 1):
            glyph = code
            if shift:
                (glyph,) = struct.unpack_from(">H", font, places + 2 * segment + shift + 2 * (code - first))
            if (glyph + delta if glyph else 0) % 0x10000:
                yield code
