"""Texts of `name value` lines under a line that names their type: the engine below statements and manifest.

A Record is a row of a table: first line, dataclass, fields in order, a check of what the fields say together.
Parser and formatter both walk that row; no type has code of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import Any, Final

from .fields import ABSENT, Codec, FieldError, check_value

_SHOWN: Final = 60  # characters of a hostile line that an error repeats


class Times(Enum):
    """How many lines a field has."""

    ONE = "exactly one"
    MAYBE = "exactly one, - for absent"
    SOME = "one or more, consecutive"  # + in DESIGN §3.2
    ANY = "zero or more, consecutive"  # *


@dataclass(frozen=True)
class Field:
    """A named line or run of lines. `ordered`: order carries meaning; else lines are sorted and differ."""

    name: str
    codec: Codec
    times: Times
    ordered: bool = False

    @cached_property
    def attribute(self) -> str:
        """The name of the dataclass attribute."""
        return "from_" if self.name == "from" else self.name.replace("-", "_")

    @cached_property
    def is_list(self) -> bool:
        """Whether the attribute is a tuple."""
        return self.times in (Times.SOME, Times.ANY)


def one(name: str, codec: Codec) -> Field:
    """A field that is always there."""
    return Field(name, codec, Times.ONE)


def maybe(name: str, codec: Codec) -> Field:
    """A field whose line may say `-`."""
    return Field(name, codec, Times.MAYBE)


def some(name: str, codec: Codec) -> Field:
    """One or more lines, sorted (by code point), none twice."""
    return Field(name, codec, Times.SOME)


def any_ordered(name: str, codec: Codec) -> Field:
    """Zero or more lines in the order of the author."""
    return Field(name, codec, Times.ANY, ordered=True)


@dataclass(frozen=True)
class Record:
    """One type of text. `check` raises FieldError for fields that contradict each other."""

    first_line: str
    kind: type
    fields: tuple[Field, ...]
    check: Callable[[Any], None]


class RecordError(ValueError):
    """Why a text is refused, as a clause that names the line; `line` counts from 1, None for the whole."""

    def __init__(self, reason: str, *, line: int | None = None) -> None:
        super().__init__(reason if line is None else f"line {line}: {reason}")
        self.line = line


def parse_record(text: str, records: Mapping[str, Record]) -> object:
    """The value that `text` spells as one of `records` (by first line). Raises RecordError."""
    if not text.endswith("\n"):
        raise RecordError("the text does not end with a newline")
    lines = text[:-1].split("\n")
    record = records.get(lines[0])
    if record is None:
        raise RecordError(f"{_shown(lines[0])} is no known type and version", line=1)
    reader = _Lines(lines)
    value = record.kind(**{field.attribute: _parse_field(field, reader) for field in record.fields})
    if reader.current is not None:
        raise RecordError(f"{_shown(reader.current)} is more than the type has", line=reader.number)
    if format_record(value, record) != text:  # the codecs leave no second spelling; this holds them to it
        raise RecordError("the text is not the one spelling of its meaning")
    return value


def format_record(value: object, record: Record) -> str:
    """The text of `value`. Raises RecordError."""
    lines = [record.first_line]
    for field in record.fields:
        try:
            lines += [f"{field.name} {text}" for text in _spellings(field, getattr(value, field.attribute))]
        except FieldError as error:
            raise RecordError(f"{field.name} {error}", line=len(lines) + 1) from None
    try:
        record.check(value)
    except FieldError as error:
        raise RecordError(str(error)) from None
    return "\n".join(lines) + "\n"


class _Lines:
    """The lines behind the first, one at a time."""

    def __init__(self, lines: list[str]) -> None:
        self._lines = lines
        self._next = 1

    @property
    def current(self) -> str | None:
        return self._lines[self._next] if self._next < len(self._lines) else None

    @property
    def number(self) -> int:
        return self._next + 1

    def take(self, name: str) -> str | None:
        """The value of the current line, if that is a line of the field `name`."""
        line = self.current
        if line is None or not line.startswith(name + " "):
            return None
        self._next += 1
        return line[len(name) + 1 :]


def _parse_field(field: Field, reader: _Lines) -> Any:
    if not field.is_list:
        return _parse_value(field, reader)
    values = list(_parse_run(field, reader))
    if not values and field.times is Times.SOME:
        raise _missing(field, reader)
    return tuple(values)


def _parse_run(field: Field, reader: _Lines) -> Iterator[Any]:
    previous: str | None = None
    while (line := reader.current) is not None and line.startswith(field.name + " "):
        if not field.ordered and previous is not None and line <= previous:
            raise RecordError(f"{field.name} is not sorted, or there twice", line=reader.number)
        previous = line
        yield _parse_value(field, reader)


def _parse_value(field: Field, reader: _Lines) -> Any:
    number = reader.number
    text = reader.take(field.name)
    if text is None:
        raise _missing(field, reader)
    try:
        check_value(text)
        if text == ABSENT and field.times is Times.MAYBE:
            return None
        return field.codec.decode(text)
    except FieldError as error:
        raise RecordError(f"{field.name} {error}", line=number) from None


def _missing(field: Field, reader: _Lines) -> RecordError:
    found = "nothing" if reader.current is None else _shown(reader.current)
    return RecordError(f"{field.name} belongs here, not {found}", line=reader.number)


def _spellings(field: Field, value: Any) -> list[str]:
    if not field.is_list:
        return [ABSENT] if value is None and field.times is Times.MAYBE else [field.codec.text_of(value)]
    if type(value) is not tuple:
        raise FieldError(f"a {type(value).__name__} where a tuple belongs")
    if not value and field.times is Times.SOME:
        raise FieldError("is missing")
    texts = [field.codec.text_of(item) for item in value]
    if not field.ordered and texts != sorted(set(texts)):
        raise FieldError("is not sorted, or there twice")
    return texts


def _shown(line: str) -> str:
    return repr(line if len(line) <= _SHOWN else line[:_SHOWN] + "…")
