"""Names: committees `ccq.example`, members `ccq.example/van-thu`, relay origins `relay.example/kynhan`.

DESIGN §3.2: lower-case ASCII; no committee is a prefix of another; an origin never begins with `kynhan/`
(as the first line of a statement does, so that a checkpoint can never be read as one).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final

from .errors import NameFormatError

MAX_COMMITTEE: Final = 128
MAX_LOCAL: Final = 63
MAX_ORIGIN: Final = 255

_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HOST = rf"{_LABEL}(?:\.{_LABEL})*"
_SEGMENT = r"[a-z0-9](?:[a-z0-9._-]{0,61}[a-z0-9])?"
_COMMITTEE = re.compile(_HOST)
_LOCAL = re.compile(_LABEL)
_ORIGIN = re.compile(rf"{_HOST}(?:/{_SEGMENT})*")


@dataclass(frozen=True, slots=True)
class Name:
    """Who somebody is: a committee, or one of its members.

    `local` is what stands behind the committee's name (`van-thu` of `ccq.example/van-thu`), None for the committee
    itself. `str()` gives the name as it is written in statements.
    """

    committee: str
    local: str | None = None

    @staticmethod
    def of(text: str) -> Name:
        """The name in a text that was checked before, as every name in a statement, profile or home was.

        Never raises: of anything else the committee is what stands before the first slash.
        """
        return _kept(text) if len(text) <= MAX_COMMITTEE + 1 + MAX_LOCAL else _split(text)

    @staticmethod
    def parse(text: str) -> Name:
        """The name in a text of any origin. Raises NameFormatError unless it is a committee or a member."""
        if "/" in text:
            return _split(check_member(text))
        return _split(check_committee(text))

    @property
    def is_member(self) -> bool:
        """Whether it is one member's name, not that of a whole committee."""
        return self.local is not None

    def is_of(self, committee: str) -> bool:
        """Whether it is that committee, or one of its members: with one's own committee, whether it is ours."""
        return self.committee == committee

    def __str__(self) -> str:
        return self.committee if self.local is None else f"{self.committee}/{self.local}"


def _split(text: str) -> Name:
    committee, slash, local = text.partition("/")
    return Name(committee, local if slash else None)


_kept = lru_cache(maxsize=4096)(_split)  # a log says the same few names again and again


def is_committee(name: str) -> bool:
    """Whether `name` is the name of a committee: host-like labels joined by dots, at most 128 characters."""
    return len(name) <= MAX_COMMITTEE and _COMMITTEE.fullmatch(name) is not None


def is_member(name: str) -> bool:
    """Whether `name` is `committee/local`, `local` one label of at most 63 characters."""
    found = _split(name)
    return (
        is_committee(found.committee)
        and found.local is not None
        and _LOCAL.fullmatch(found.local) is not None
    )


def is_origin(name: str) -> bool:
    """Whether `name` is a relay's origin: host and path segments, at most 255 characters, not `kynhan/…`."""
    return len(name) <= MAX_ORIGIN and _ORIGIN.fullmatch(name) is not None and not name.startswith("kynhan/")


def check_committee(name: str) -> str:
    """`name` itself. Raises NameFormatError."""
    if not is_committee(name):
        raise NameFormatError(f"{name!r} is not the name of a committee, such as ccq.example.")
    return name


def check_member(name: str) -> str:
    """`name` itself. Raises NameFormatError."""
    if not is_member(name):
        raise NameFormatError(f"{name!r} is not the name of a member, such as ccq.example/van-thu.")
    return name


def check_origin(name: str) -> str:
    """`name` itself. Raises NameFormatError."""
    if not is_origin(name):
        raise NameFormatError(f"{name!r} is not a relay's origin, such as relay.example/kynhan.")
    return name


def is_party(name: str) -> bool:
    """Whether `name` can be an addressee: a committee or one of its members."""
    return is_committee(name) or is_member(name)


def check_committees(names: Iterable[str]) -> tuple[str, ...]:
    """The committees of one agreement, sorted: well formed, none the prefix of another.

    Prefix is meant letter by letter: `ca` and `ca.example` cannot stand side by side, nor can a name twice.
    Raises NameFormatError.
    """
    ordered = sorted(check_committee(name) for name in names)
    for first, second in pairwise(ordered):
        # in sorted order a prefix stands directly before some name that begins with it
        if second.startswith(first):
            raise NameFormatError(f"The committee {first} is a prefix of {second}.")
    return tuple(ordered)
