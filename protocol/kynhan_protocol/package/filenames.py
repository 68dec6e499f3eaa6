"""Names of files inside a package: which ones are refused, and how they are shown.

A name is relative to `files/`. It may hold folders (`phụ lục/bảng 1.xlsx`), and every part has to be a name
that Windows, macOS and Linux can all write without giving it a second meaning: what one clerk can send, the
other can open.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import Final

from ..errors import PackageError
from ..statements import text

MAX_NAME_BYTES: Final = 255
MAX_DEPTH: Final = 8
"""Folders that a name may hold, one in the other (DESIGN §3.1)."""
MAX_FOLDERS: Final = 1_000
MAX_FILES: Final = 10_000
"""Folders, and files, of one package: what is opened makes that many on somebody's disk."""

_PORTS: Final = tuple(f"{port}{digit}" for port in ("com", "lpt") for digit in "0123456789¹²³")
_DEVICES: Final = frozenset(("con", "prn", "aux", "nul", "conin$", "conout$", *_PORTS))
_RESERVED_CHARACTERS: Final = frozenset('<>:"\\|?*')


def safe_name(name: str) -> str:
    """`name` itself, if it may stand in a package. Raises PackageError with a code that says what is wrong
    with it: `name-empty`, `name-too-long`, `name-not-nfc`, `name-characters`, `name-absolute`, `name-climbs`,
    `name-reserved`, `name-too-deep`.
    """
    if not name:
        raise PackageError("A file in the package has no name.", code="name-empty")
    shown = display_name(name)
    wrong = text.fault(name)
    if wrong not in (None, "not-nfc"):
        raise PackageError(
            f"The file name {shown} holds characters that cannot be seen.", code="name-characters"
        )
    if len(name.encode()) > MAX_NAME_BYTES:
        raise PackageError(
            f"The file name {shown} has more than {MAX_NAME_BYTES} bytes.", code="name-too-long"
        )
    if wrong == "not-nfc":
        raise PackageError(f"The file name {shown} is not in Unicode form NFC.", code="name-not-nfc")
    if name.startswith(("/", "\\")) or name[1:2] == ":":
        raise PackageError(f"The file name {shown} is absolute.", code="name-absolute")
    parts = name.replace("\\", "/").split("/")
    if ".." in parts:
        raise PackageError(f"The file name {shown} climbs out of its folder.", code="name-climbs")
    if "\\" in name or any(_is_reserved(part) for part in parts):
        raise PackageError(f"The file name {shown} is reserved on some systems.", code="name-reserved")
    if len(parts) > MAX_DEPTH + 1:
        raise PackageError(
            f"The file name {shown} lies more than {MAX_DEPTH} folders deep.", code="name-too-deep"
        )
    return name


def check_names(names: Iterable[str]) -> None:
    """Checks each name, and that no two of them are the same file on a system that ignores case.

    A name that is a file here and a folder there repeats as well. Raises PackageError, for that with
    `name-repeated`; for more than MAX_FILES names with `too-many-files`, for more folders than MAX_FOLDERS with
    `too-many-folders`, and looks at no further one.
    """
    files: set[str] = set()
    folders: set[str] = set()
    for name in names:
        if len(files) == MAX_FILES:
            raise PackageError(f"The package has more than {MAX_FILES} files.", code="too-many-files")
        key = unicodedata.normalize("NFC", safe_name(name).casefold())
        above = {key[:at] for at, char in enumerate(key) if char == "/"}
        if key in files or key in folders or files & above:
            raise PackageError(
                f"The file name {display_name(name)} repeats another one.", code="name-repeated"
            )
        files.add(key)
        folders |= above
        if len(folders) > MAX_FOLDERS:
            raise PackageError(f"The package has more than {MAX_FOLDERS} folders.", code="too-many-folders")


def display_name(name: str) -> str:
    """`name` for the screen: what cannot be seen, or changes directions, is spelled out, as in ⟦U+202E⟧."""
    return text.spelled_out(name)


def cleaned(name: str) -> str:
    """The name under which a file of ours travels: in form NFC, without format characters, and read in code page 1258
    (Vietnamese Windows) where its bytes are no UTF-8, as `os.fsdecode` shows them. What is left may still be refused.
    """
    if any("\udc80" <= char <= "\udcff" for char in name):
        try:
            name = name.encode("utf-8", "surrogateescape").decode("cp1258")
        except UnicodeError:
            return name
    return text.without_format(unicodedata.normalize("NFC", name))


def _is_reserved(part: str) -> bool:
    """Whether one part of a name is empty, `.`, a Windows device, or spelled with what Windows drops or
    forbids.
    """
    if part in ("", ".") or part[-1] in ". " or part[0] == " ":
        return True
    return part.split(".")[0].rstrip(" ").casefold() in _DEVICES or bool(_RESERVED_CHARACTERS & set(part))
