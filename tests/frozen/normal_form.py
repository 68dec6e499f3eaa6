"""What is drawn by lot or depends on the machine, replaced by names in order of first appearance; all else as it is.

normal = NormalForm({"/tmp/x": "<folder>"})
normal.of({"case": "0198f0c1-…", "dispatch": "3f9a…", "index": 7})
    {"case": "<case-1>", "dispatch": "<id-1>", "index": 7}

    <case-N>        a case (UUID)                     <key-N>         a verifier key, its name left as it is
    <id-N>          64 hexadecimal digits             <recipient-N>   an age recipient
    <id-N:12>       the first twelve of one           <digits-N>      the 60 digits of a comparison
    <base64-N>      bytes as base64                   <int-N>         a number that hangs on what was drawn
    <hash-N>        the eight digits of a key, as paper names it

Order of keys and types stay: what replaces a string is a string, what replaces an integer is named so.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Final

_PATTERN: Final = re.compile(
    r"(?P<case>\b[0-9a-f]{8}-[0-9a-f]{3}\b(?!-)|\b(?i:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\b)"
    r"|(?P<key>(?<=\+)[0-9a-f]{8}\+[A-Za-z0-9+/]{20,}={0,2})"
    r"|(?P<hash>(?:(?<=máy trung chuyển )|(?<=\.example )|(?<=, ))[0-9a-f]{8}\b)"
    r"|(?P<recipient>\bage1[a-z0-9]{50,})"
    r"|(?P<digits>\b(?:\d{5} ){11}\d{5}\b)"
    r"|(?P<id>\b[0-9a-f]{12,64}\b)"
    r"|(?P<base64>(?<![\w+/.-])[A-Za-z0-9+/_-]{40,}={0,2})"
)
WHOLE: Final = {"id": 64, "case": 36}
SHORT: Final = 12
"""Characters that are enough to know an id again."""
PORT: Final = re.compile(r"\b127\.0\.0\.1:\d+")


class NormalForm:
    """The names given so far. `words` are replaced first: folders, codes. Of the keys `counted` the number is named."""

    def __init__(self, words: Mapping[str, str], counted: frozenset[str] = frozenset()) -> None:
        self.words = dict(words)
        self._counted = counted
        self._names: dict[str, dict[object, int]] = {}

    def of(self, value: Any, key: str = "") -> Any:
        """The same value with names in it."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, dict):
            return {self.text(name): self.of(one, name) for name, one in value.items()}
        if isinstance(value, list):
            return [self.of(one, key) for one in value]
        if key in self._counted and type(value) is int:
            return f"<int-{self._number('int', value)}>"
        return value

    def text(self, text: str) -> str:
        """The same of a text."""
        for word, name in self.words.items():
            text = text.replace(word, name)
        return _PATTERN.sub(self._name, PORT.sub("127.0.0.1:<port>", text))

    def _name(self, found: re.Match[str]) -> str:
        kind = found.lastgroup or ""
        if kind not in WHOLE:
            return f"<{kind}-{self._number(kind, found[0])}>"
        length = len(found[0])
        part = "" if length == WHOLE[kind] else f":{length}"
        return f"<{kind}-{self._number(kind, found[0][:SHORT].lower())}{part}>"

    def _number(self, kind: str, drawn: object) -> int:
        known = self._names.setdefault(kind, {})
        return known.setdefault(drawn, len(known) + 1)


def parse(text: str) -> Any:
    """JSON as a script reads it. Raises ValueError for anything else, also where a key stands twice."""
    return json.loads(text, object_pairs_hook=_once)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise AssertionError(f"a key stands twice: {[name for name, _ in pairs]}")
    return made
