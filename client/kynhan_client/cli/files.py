"""Reading the files that a command line names."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from ..errors import problem

MAX_BYTES: Final = 16 * 1024 * 1024


def read_file(path: Path) -> bytes:
    """The bytes of a small file, `-` being stdin. Raises ClientError missing-file, unreadable-file."""
    if str(path) == "-":
        return sys.stdin.buffer.read(MAX_BYTES)
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES)
    except FileNotFoundError:
        raise problem("missing-file", path=path) from None
    except OSError as error:
        raise problem("unreadable-file", path=path, why=error) from error
