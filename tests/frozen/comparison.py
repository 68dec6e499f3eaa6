"""Holding what a program says now against the file where it is frozen, or, when that is wanted, freezing it anew.

same("commands/help/kynhan.txt", text)      AssertionError with a diff unless the file has exactly this text

KYNHAN_FREEZE=1 in the environment makes every comparison write its file instead (`python -m tests.frozen`).
"""

from __future__ import annotations

import difflib
import os
from pathlib import Path
from typing import Final

FROZEN: Final = Path(__file__).parent
SHOWN: Final = 80
"""Lines of a diff that are shown."""
MEANT: Final = (
    "this changes what users' scripts see: if meant, run `python -m tests.frozen` "
    "and write a line in CHANGELOG.md"
)


def is_freezing() -> bool:
    """Whether frozen files are written rather than compared."""
    return os.environ.get("KYNHAN_FREEZE") == "1"


def same(name: str, text: str, *, meant: str = MEANT) -> None:
    """`text` is what the file `name` (below tests/frozen) holds. Raises AssertionError: `meant` and a diff."""
    file = FROZEN / name
    if is_freezing():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
        return
    frozen = file.read_text("utf-8") if file.exists() else ""
    if frozen != text:
        raise AssertionError(f"{meant}\n{_diff(name, frozen, text)}")


def same_bytes(name: str, data: bytes, *, meant: str = MEANT) -> None:
    """The same of bytes. Raises AssertionError: `meant`, and where they begin to differ."""
    file = FROZEN / name
    if is_freezing():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
        return
    frozen = file.read_bytes() if file.exists() else b""
    if frozen != data:
        at = next((at for at, (one, other) in enumerate(zip(frozen, data, strict=False)) if one != other), -1)
        at = min(len(frozen), len(data)) if at < 0 else at
        around = slice(max(0, at - 20), at + 40)
        raise AssertionError(
            f"{meant}\n{name}, byte {at}: frozen {frozen[around]!r}, today {data[around]!r}"
            f" ({len(frozen)} and {len(data)} bytes)"
        )


def only(folder: str, names: set[str]) -> None:
    """The folder `folder` holds no other files than these. Freezing removes the others."""
    others = {path.name for path in (FROZEN / folder).iterdir()} - names
    if is_freezing():
        for name in others:
            (FROZEN / folder / name).unlink()
    elif others:
        raise AssertionError(f"{MEANT}\nfrozen, and no longer there: {', '.join(sorted(others))}")


def _diff(name: str, frozen: str, text: str) -> str:
    lines = list(
        difflib.unified_diff(
            frozen.splitlines(), text.splitlines(), f"frozen {name}", "today", lineterm="", n=2
        )
    )
    more = [f"… and {len(lines) - SHOWN} lines more"] if len(lines) > SHOWN else []
    return "\n".join([*lines[:SHOWN], *more])
