"""What click says of a command line that it does not understand, in Vietnamese: its catalog, for both programs.

click passes each sentence through gettext before it fills the blanks, most of them when it raises the error. Whoever
tells the error wants it in both languages at once, so a sentence of the catalog is a `Sentence`: English, as click
expects it, that carries the same in Vietnamese through every `format`.

    >>> str(gettext("No such option {name!r}.").format(name="--tem"))
    "No such option '--tem'."
    >>> vietnamese(lambda: gettext("No such option {name!r}.").format(name="--tem"))
    "Không có tùy chọn '--tem'."

gettext's own catalogs are files, one language at a time, chosen by the environment; so `teach` puts these two functions
where click's modules have gettext's.
"""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from types import ModuleType
from typing import Final

_KINDS: Final = {
    "integer": "số nguyên",
    "float": "số",
    "boolean": "giá trị có hoặc không",
    "integer range": "số nguyên",
    "float range": "số",
    "File": "Tệp",
    "Directory": "Thư mục",
    "Path": "Đường dẫn",
}
"""What click fills without asking gettext into the blanks _OF_KINDS."""
_OF_KINDS: Final = ("name", "number_type")

CATALOG: Final = {
    "Did you mean {possibility}?": "Ý bạn là {possibility}?",
    "(Did you mean one of: {possibilities}?)": "(Ý bạn là một trong: {possibilities}?)",
    "No such option {name!r}.": "Không có tùy chọn {name!r}.",
    "No such command {name!r}.": "Không có lệnh {name!r}.",
    "Missing command.": "Thiếu lệnh.",
    "Missing option": "Thiếu tùy chọn",
    "Missing argument": "Thiếu tham số",
    "Missing parameter": "Thiếu tham số",
    "Choose from:\n\t{choices}": "Chọn một trong:\n\t{choices}",
    "Invalid value for {param_hint}: {message}": "Giá trị của {param_hint} không dùng được: {message}",
    "Invalid value: {message}": "Giá trị không dùng được: {message}",
    "{value!r} is not {choice}.": "{value!r} không phải là {choice}.",
    "{value!r} is not one of {choices}.": "{value!r} không phải là một trong {choices}.",
    "{value!r} does not match the format {format}.": "{value!r} không đúng dạng {format}.",
    "{value!r} does not match the formats {formats}.": "{value!r} không đúng dạng {formats}.",
    "{value!r} is not a valid boolean. Recognized values: {states}": "{value!r} không phải là {states}",
    "{value!r} is not a valid {number_type}.": "{value!r} không phải là {number_type}.",
    "{value!r} is not a valid UUID.": "{value!r} không phải là UUID.",
    "{value} is not in the range {range}.": "{value} nằm ngoài khoảng {range}.",
    "{name} {filename!r} does not exist.": "{name} {filename!r} không có.",
    "{name} {filename!r} is a file.": "{filename!r} là một tệp.",
    "{name} {filename!r} is a directory.": "{filename!r} là một thư mục.",
    "{name} {filename!r} is not readable.": "{name} {filename!r} không đọc được.",
    "{name} {filename!r} is not writable.": "{name} {filename!r} không ghi được.",
    "{name} {filename!r} is not executable.": "{name} {filename!r} không chạy được.",
    "Got unexpected extra argument ({args})": "Thừa tham số ({args})",
    "Got unexpected extra arguments ({args})": "Thừa tham số ({args})",
    "Option {name!r} does not take a value.": "Tùy chọn {name!r} không nhận giá trị.",
    "Option {name!r} requires an argument.": "Tùy chọn {name!r} cần một giá trị.",
    "Option {name!r} requires {nargs} arguments.": "Tùy chọn {name!r} cần {nargs} giá trị.",
    "Argument {name!r} takes {nargs} values.": "Tham số {name!r} nhận {nargs} giá trị.",
    "Takes {nargs} values but 1 was given.": "Cần {nargs} giá trị, có 1.",
    "Takes {nargs} values but {len} were given.": "Cần {nargs} giá trị, có {len}.",
    "{len_type} values are required, but {len_value} was given.": "Cần {len_type} giá trị, có {len_value}.",
    "{len_type} values are required, but {len_value} were given.": "Cần {len_type} giá trị, có {len_value}.",
    "Value must be an iterable.": "Cần nhiều giá trị.",
}
"""click's sentences about a command line, by their English as click's source has it."""

_listens: Final = ContextVar("_listens", default=False)


class Sentence(str):
    """A sentence in English that knows its Vietnamese, which it gives where `vietnamese` sets it into another."""

    vi: str

    def __new__(cls, english: str, vi: str) -> Sentence:
        made = super().__new__(cls, english)
        made.vi = vi
        return made

    def format(self, *_: object, **blanks: object) -> Sentence:
        """Both with their blanks filled."""
        vi = vietnamese(
            lambda: self.vi.format_map({name: _kind(name, blank) for name, blank in blanks.items()})
        )
        return Sentence(super().format(**blanks), vi)

    def __format__(self, spec: str) -> str:
        return format(self.vi if _listens.get() else str(self), spec)


def _kind(name: str, blank: object) -> object:
    if name in _OF_KINDS and isinstance(blank, str) and blank in _KINDS:
        return Sentence(blank, _KINDS[blank])
    return blank


def gettext(message: str) -> str:
    """As the standard library's; a Sentence where the catalog has one."""
    return Sentence(message, CATALOG[message]) if message in CATALOG else message


def ngettext(singular: str, plural: str, n: int) -> str:
    """As the standard library's, with English plurals."""
    return gettext(singular if n == 1 else plural)


def teach(*modules: ModuleType) -> None:
    """Lets modules of click, which import gettext as `_`, speak with this catalog."""
    for module in modules:
        vars(module).update(_=gettext, ngettext=ngettext)


def vietnamese(say: Callable[[], str]) -> str:
    """What `say` says, with every Sentence in it in Vietnamese; what is not click's stays as it is."""
    token = _listens.set(True)
    try:
        return format(say())
    finally:
        _listens.reset(token)
