"""Saved views: a list command with its filters, under a name, in the archive."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from ..errors import problem
from ..home.home import Home

VIEWS: Final = "views"  # configuration key
LISTS: Final = (
    ("deadlines",),
    ("cases",),
    ("inbox",),
    ("search",),
    ("register", "in"),
    ("register", "out"),
)
"""Commands that only show; nothing else can be saved."""
MAX_NAME: Final = 40
MAX_VIEWS: Final = 200
_NAME = re.compile(r"\w[\w .-]*")


def all_views(home: Home) -> dict[str, tuple[str, ...]]:
    """Every saved view, by name."""
    kept: dict[str, list[str]] = home.archive.get(VIEWS) or {}
    return {name: tuple(words) for name, words in sorted(kept.items())}


def save(home: Home, name: str, command: tuple[str, ...]) -> str:
    """Keeps a command under a name, in place of what had it; gives the name in form NFC.

    Raises ClientError view-name, not-a-list, too-many-views.
    """
    name = unicodedata.normalize("NFC", name.strip())
    if len(name) > MAX_NAME or not _NAME.fullmatch(name):
        raise problem("view-name", most=MAX_NAME)
    if not is_list(command):
        raise problem("not-a-list", possible=", ".join(" ".join(words) for words in LISTS))
    with home.archive.transaction():
        views = all_views(home)
        if name not in views and len(views) >= MAX_VIEWS:
            raise problem("too-many-views", most=MAX_VIEWS)
        home.archive.put(VIEWS, {**views, name: list(command)})
    return name


def get(home: Home, name: str) -> tuple[str, ...]:
    """The command of a view. Raises ClientError no-view."""
    found = all_views(home).get(unicodedata.normalize("NFC", name.strip()))
    if found is None or not is_list(found):
        raise problem("no-view", name=name)
    return found


def remove(home: Home, name: str) -> None:
    """Forgets a view. Raises ClientError no-view."""
    with home.archive.transaction():
        get(home, name)
        views = all_views(home)
        del views[unicodedata.normalize("NFC", name.strip())]
        home.archive.put(VIEWS, views)


def is_list(command: tuple[str, ...]) -> bool:
    """Whether a command only shows a list."""
    return any(command[: len(words)] == words for words in LISTS)
