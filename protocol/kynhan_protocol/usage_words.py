"""What click says of a command line that it does not understand, in Vietnamese: English sentences in, Vietnamese out.

    >>> vietnamese("No such option '--tem'. Did you mean '--term'?")
    "Không có tùy chọn '--tem'. Ý bạn là '--term'?"

Both programs, `kynhan` and `kynhan-relay`, tell such errors; here are the words that they share.
"""

from __future__ import annotations

import re
from typing import Final

_KINDS: Final = {
    "integer": "số nguyên",
    "float": "số",
    "boolean": "giá trị có hoặc không",
    "integer range": "số nguyên",
    "float range": "số",
    "UUID": "UUID",
    "File": "Tệp",
    "Directory": "Thư mục",
    "Path": "Đường dẫn",
}

# Tried in this order, each against the whole sentence; <rest> is translated in its turn, <kind> is looked up.
_SENTENCES: Final[tuple[tuple[str, str], ...]] = (
    (r"(?P<first>.+[.)]) Did you mean (?P<given>'.+')\?", "{first} Ý bạn là {given}?"),
    (
        r"(?P<first>.+[.)]) \(Did you mean one of: (?P<given>'.+')\?\)",
        "{first} (Ý bạn là một trong: {given}?)",
    ),
    (r"No such option:? (?P<given>\S+?)\.?", "Không có tùy chọn {given}."),
    (r"No such command (?P<given>.+?)\.", "Không có lệnh {given}."),
    (r"Missing command\.", "Thiếu lệnh."),
    (r"Missing option (?P<given>.+?)\.(?P<rest> Choose from:.+)?", "Thiếu tùy chọn {given}.{rest}"),
    (r"Missing argument (?P<given>.+?)\.(?P<rest> Choose from:.+)?", "Thiếu tham số {given}.{rest}"),
    (r"Missing parameter:? (?P<given>.+?)\.?", "Thiếu tham số {given}."),
    (r" Choose from:(?P<given>.+)", " Chọn một trong:{given}"),
    (r"Invalid value for (?P<given>.+?): (?P<rest>.+)", "Giá trị của {given} không dùng được: {rest}"),
    (r"Invalid value: (?P<rest>.+)", "Giá trị không dùng được: {rest}"),
    (r"(?P<given>.+) is not one of (?P<more>.+)\.", "{given} không phải là một trong {more}."),
    (r"(?P<given>.+) is not (?P<more>'.+')\.", "{given} không phải là {more}."),
    (r"(?P<given>.+) does not match the formats? (?P<more>.+)\.", "{given} không đúng dạng {more}."),
    (
        r"(?P<given>.+) is not a valid boolean\. Recognized values: (?P<more>.+)",
        "{given} không phải là {more}",
    ),
    (r"(?P<given>.+) is not a valid (?P<kind>.+)\.", "{given} không phải là {kind}."),
    (r"(?P<given>.+) is not in the range (?P<more>.+)\.", "{given} nằm ngoài khoảng {more}."),
    (r"(?P<kind>File|Directory|Path) (?P<given>'.*') does not exist\.", "{kind} {given} không có."),
    (r"(?P<kind>File|Directory|Path) (?P<given>'.*') is a file\.", "{given} là một tệp."),
    (r"(?P<kind>File|Directory|Path) (?P<given>'.*') is a directory\.", "{given} là một thư mục."),
    (r"(?P<kind>File|Directory|Path) (?P<given>'.*') is not readable\.", "{kind} {given} không đọc được."),
    (r"(?P<kind>File|Directory|Path) (?P<given>'.*') is not writable\.", "{kind} {given} không ghi được."),
    (r"(?P<kind>File|Directory|Path) (?P<given>'.*') is not executable\.", "{kind} {given} không chạy được."),
    (r"Got unexpected extra arguments? \((?P<given>.*)\)", "Thừa tham số ({given})"),
    (r"Option (?P<given>.+) does not take a value\.", "Tùy chọn {given} không nhận giá trị."),
    (r"Option (?P<given>.+) requires an argument\.", "Tùy chọn {given} cần một giá trị."),
    (r"Option (?P<given>.+) requires (?P<more>\d+) arguments\.", "Tùy chọn {given} cần {more} giá trị."),
    (r"Argument (?P<given>.+) takes (?P<more>\d+) values\.", "Tham số {given} nhận {more} giá trị."),
    (
        r"Takes (?P<given>\d+) values but (?P<more>\d+) (?:was|were) given\.",
        "Cần {given} giá trị, có {more}.",
    ),
    (
        r"(?P<given>\d+) values are required, but (?P<more>\d+) (?:was|were) given\.",
        "Cần {given} giá trị, có {more}.",
    ),
    (r"Value must be an iterable\.", "Cần nhiều giá trị."),
)
_PATTERNS: Final = tuple((re.compile(english, re.DOTALL), told) for english, told in _SENTENCES)


def vietnamese(message: str) -> str | None:
    """The sentence in Vietnamese; None for one that is not click's (our own speak both languages already)."""
    for pattern, told in _PATTERNS:
        found = pattern.fullmatch(message)
        if found is not None:
            return told.format_map({name: _part(name, part) for name, part in found.groupdict().items()})
    return None


def _part(name: str, part: str | None) -> str:
    if part is None:
        return ""
    if name == "kind":
        return _KINDS.get(part, part)
    if name in ("first", "rest"):
        return vietnamese(part) or part
    return part
