"""Output for people: sentences and tables of at most 80 columns.

Colour never carries meaning alone (a word or a sign always stands beside it), and is left out when the output is not a
terminal or NO_COLOR is set.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from .. import words
from ..errors import ClientError
from ..words import Language, Pair
from .output import error_lines, sentences, visible

COLUMNS: Final = 80
GAP: Final = 2  # spaces between columns


class Screen:
    """Prints answers on stdout, notes and errors on stderr."""

    as_json = False

    def __init__(self, language: Language) -> None:
        self.language = language
        width = min(COLUMNS, Console().width)
        self._out = Console(width=width, highlight=False)
        self._err = Console(width=width, highlight=False, stderr=True)

    def text(self, key: str, **blanks: object) -> str:
        return words.text(key, self.language, **blanks)

    def pick(self, pair: Pair) -> str:
        return words.choose(pair, self.language)

    def cell(self, pair: Pair) -> str:
        return "\n".join(dict.fromkeys(pair)) if self.language == "both" else self.pick(pair)

    def say(self, key: str, *, sign: str = "", style: str = "", **blanks: object) -> None:
        self._out.print(_lines(self._sentence(key, sign, blanks), style))

    def note(self, key: str, **blanks: object) -> None:
        self._err.print(_lines(self._sentence(key, "", blanks), ""))

    def plain(self, line: str = "", style: str = "") -> None:
        self._out.print(Text(visible(line), style=style), soft_wrap=True)

    def table(self, headings: Sequence[str], rows: Iterable[Sequence[str]], *, style: str = "") -> None:
        table = Table(box=None, pad_edge=False, header_style="bold")
        cells = [[_visible_lines(cell) for cell in row] for row in rows]
        titles = [self.cell(words.pair(heading)) for heading in headings]
        columns = list(zip(titles, *cells, strict=True))
        for title, width in zip(titles, _widths(columns, self._out.width), strict=True):
            table.add_column(title, overflow="fold", width=width)
        for row in cells:
            table.add_row(*map(Text, row), style=style or None)
        self._out.print(table)

    def json(self, value: Any) -> None:
        pass

    def event(self, value: Any) -> None:
        pass

    def warn(self, pair: Pair) -> None:
        first, *more = sentences(pair, self.language)
        self._err.print(_lines([f"! {first}", *(f"  {line}" for line in more)], "yellow"))

    def error(self, error: ClientError, answer: Mapping[str, Any] | None = None) -> None:
        first, *more = error_lines(error, self.language)
        self._err.print(Text(first, style="red"))
        for line in more:
            self._err.print(Text(line))

    def _sentence(self, key: str, sign: str, blanks: Mapping[str, object]) -> list[str]:
        """In both languages, each has lines of its own where they do not fit beside each other."""
        mark = f"{sign} " if sign else ""
        one = f"{mark}{self.text(key, **blanks)}"
        if len(one) <= self._out.width:
            return [one]
        pair = words.pair(key, **blanks)
        first, *more = dict.fromkeys(pair) if self.language == "both" else [self.pick(pair)]
        margin = " " * len(mark)
        return [*self._wrapped(mark, first), *(line for each in more for line in self._wrapped(margin, each))]

    def _wrapped(self, mark: str, sentence: str) -> list[str]:
        """A sentence behind its mark, its further lines below its beginning; what has no spaces is not broken."""
        return textwrap.wrap(
            sentence,
            self._out.width,
            initial_indent=mark,
            subsequent_indent=" " * len(mark),
            break_long_words=False,
            break_on_hyphens=False,
        )


def _lines(lines: Sequence[str], style: str) -> Text:
    return Text("\n".join(map(visible, lines)), style=style)


def _visible_lines(cell: str) -> str:
    """A cell with its line ends kept, other controls made visible."""
    return "\n".join(map(visible, cell.split("\n")))


def _widths(columns: Sequence[Sequence[str]], room: int) -> list[int]:
    """A width for each column, two spaces between them: the widest gives way first, and no word is broken that can
    stay whole."""
    widths = [max(len(line) for cell in column for line in cell.split("\n")) for column in columns]
    longest = [max((len(word) for cell in column for word in cell.split()), default=1) for column in columns]
    while sum(widths) + GAP * (len(widths) - 1) > room:
        loose = [at for at, width in enumerate(widths) if width > longest[at]]
        widest = max(loose or range(len(widths)), key=lambda at: widths[at])
        widths[widest] -= 1
    return widths
