"""What a command prints: JSON for scripts here, words and tables for people in screen.py.

A command says everything it has to say, in both ways; its Output keeps to one of them. Times are shown in
Asia/Ho_Chi_Minh, dates as offices write them, names with controls made visible.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final, Protocol

import msgspec

from kynhan_protocol.statements.text import spelled_out
from kynhan_protocol.vietnam_time import VIETNAM, format_date_vi

from .. import words
from ..errors import ClientError
from ..lazy import load
from ..words import Language, Pair

_NAME: Final = re.compile(r"\S+[./@_\\]\S")


class Output(Protocol):
    """One command's output, in one language or both."""

    @property
    def language(self) -> Language:
        """The language asked for."""
        ...

    @property
    def as_json(self) -> bool:
        """Whether a script reads it."""
        ...

    def text(self, key: str, **blanks: object) -> str:
        """A sentence of words/ in this output's language."""
        ...

    def pick(self, pair: Pair) -> str:
        """One of two wordings at hand (Vietnamese, English), or both."""
        ...

    def cell(self, pair: Pair) -> str:
        """The same for a cell of a table: a language a line."""
        ...

    def say(self, key: str, *, sign: str = "", style: str = "", **blanks: object) -> None:
        """Prints a sentence for people."""
        ...

    def note(self, key: str, **blanks: object) -> None:
        """The same on stderr, for what is not the answer itself."""
        ...

    def plain(self, line: str = "", style: str = "") -> None:
        """Prints a line as it is, controls made visible."""
        ...

    def table(self, headings: Sequence[str], rows: Iterable[Sequence[str]], *, style: str = "") -> None:
        """Prints a table of at most 80 columns; headings are keys of words/, `style` is that of all its rows."""
        ...

    def json(self, value: Any) -> None:
        """Prints the answer for scripts."""
        ...

    def event(self, value: Any) -> None:
        """Prints one of many answers for scripts: a line of JSON."""
        ...

    def warn(self, pair: Pair) -> None:
        """Prints on stderr, marked, what somebody has to look at; for people."""
        ...

    def error(self, error: ClientError, answer: Mapping[str, Any] | None = None) -> None:
        """Tells an error on stderr: the sentence, then what to do. For scripts also on stdout, beside `answer`."""
        ...


class JsonOutput:
    """For scripts: one JSON object on stdout, or after event() one a line; on stderr only an error's sentence."""

    as_json = True

    def __init__(self, language: Language) -> None:
        self.language = language
        self._indent = 2

    def text(self, key: str, **blanks: object) -> str:
        return words.text(key, self.language, **blanks)

    def pick(self, pair: Pair) -> str:
        return words.choose(pair, self.language)

    def cell(self, pair: Pair) -> str:
        return self.pick(pair)

    def say(self, key: str, *, sign: str = "", style: str = "", **blanks: object) -> None:
        pass

    def note(self, key: str, **blanks: object) -> None:
        pass

    def plain(self, line: str = "", style: str = "") -> None:
        pass

    def table(self, headings: Sequence[str], rows: Iterable[Sequence[str]], *, style: str = "") -> None:
        pass

    def json(self, value: Any) -> None:
        sys.stdout.write(msgspec.json.format(_encoded(value), indent=self._indent).decode() + "\n")
        sys.stdout.flush()

    def event(self, value: Any) -> None:
        self._indent = 0
        self.json(value)

    def warn(self, pair: Pair) -> None:
        pass

    def error(self, error: ClientError, answer: Mapping[str, Any] | None = None) -> None:
        self.json({**(answer or {}), "error": error_json(error)})
        for line in error_lines(error, self.language):
            sys.stderr.write(line + "\n")


def _encoded(value: Any) -> bytes:
    """The value as JSON. A byte of a file's name that is no text, which JSON cannot hold, is told as `\\udcff`."""
    try:
        return msgspec.json.encode(value)
    except UnicodeEncodeError:
        return msgspec.json.encode(_as_text(msgspec.to_builtins(value)))


def _as_text(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, dict):
        return {_as_text(name): _as_text(one) for name, one in value.items()}
    return [_as_text(one) for one in value] if isinstance(value, list | tuple) else value


def make(language: Language, as_json: bool) -> Output:
    """The output asked for. What draws on the screen is loaded only for people."""
    if as_json:
        return JsonOutput(language)
    screen: Output = load("kynhan_client.screen.screen:Screen")(language)
    return screen


def error_json(error: ClientError) -> dict[str, Any]:
    """An error for scripts: its stable code, both sentences, both pieces of advice, what it is about."""
    return {
        "code": error.code,
        "vi": error.vi,
        "en": error.en,
        "advice": {"vi": error.advice_vi, "en": error.advice_en},
        "data": {name: str(value) for name, value in error.data.items()},
    }


def error_lines(error: ClientError, language: Language) -> list[str]:
    """An error for people: the sentence, then the advice, if there is any; with both languages a line each."""
    told = sentences((error.vi, error.en), language)
    advices = sentences((error.advice_vi, error.advice_en), language)
    first, *more = (f"{visible(each).rstrip('.')}." for each in told)
    return [
        f"✗ {first}",
        *(f"  {each}" for each in more),
        *(f"  → {visible(each)}" for each in advices if each),
    ]


def sentences(pair: Pair, language: Language) -> tuple[str, ...]:
    """A sentence in each language asked for, with its capital letter."""
    vi, en = (_capital(each) for each in pair)
    if language == "both":
        return (vi,) if vi == en else (vi, en)
    return (vi,) if language == "vi" else (en,)


def _capital(sentence: str) -> str:
    """A sentence begins with a capital, unless it begins with a name as it has to be typed: a path, a member."""
    if _NAME.match(sentence):
        return sentence
    return sentence[:1].upper() + sentence[1:]


def visible(line: str) -> str:
    """`line` with whatever cannot be seen shown as [U+XXXX]: a name cannot rearrange the screen."""
    return spelled_out(line, "[U+{:04X}]")


def moment(at: datetime) -> str:
    """A time as an office writes it: 15/12/2025 08:30 (Asia/Ho_Chi_Minh)."""
    return f"{at.astimezone(VIETNAM):%d/%m/%Y %H:%M}"


def day(on: date | None) -> str:
    """A date as an office writes it: 15/12/2025; – for none."""
    return "–" if on is None else format_date_vi(on)


def short(identifier: str) -> str:
    """The first twelve characters of an id, enough to name it on the command line."""
    return identifier[:12]


def size(count: int) -> str:
    """Bytes for people: 1536 → 1.5 kB."""
    amount = float(count)
    for unit in ("B", "kB", "MB"):
        if amount < 1000:
            return f"{amount:.0f} B" if unit == "B" else f"{amount:.1f} {unit}"
        amount /= 1000
    return f"{amount:.1f} GB"


def relative(path: Path) -> str:
    """A path as short as it can be said from here."""
    try:
        return str(path.absolute().relative_to(Path.cwd()))
    except (ValueError, OSError):
        return str(path)
