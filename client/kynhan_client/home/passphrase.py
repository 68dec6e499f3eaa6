"""Where a passphrase comes from: a file, a file descriptor, or a prompt. Never an argument, never the environment."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, field
from getpass import getpass
from pathlib import Path
from typing import Final

from ..clauses import clause
from ..errors import problem

LEAST: Final = 8
"""Characters of the shortest passphrase accepted for a new home."""
MAX_BYTES: Final = 4096


@dataclass(frozen=True)
class PassphraseSource:
    """A file's first line, a descriptor's first line, or, with neither, the terminal. Read once: a command that opens
    its home twice (a saved view) asks once."""

    file: Path | None = None
    descriptor: int | None = None
    _known: list[bytes] = field(default_factory=list, repr=False, compare=False)

    def read(self, prompt: str) -> bytes:
        """The passphrase. Raises ClientError missing-file, unreadable-file, or no-passphrase without a terminal."""
        if not self._known:
            self._known.append(self._read(prompt))
        return self._known[0]

    def _read(self, prompt: str) -> bytes:
        if self.file is not None:
            return self._from_file(self.file)
        if self.descriptor is not None:
            return self._from_descriptor(self.descriptor)
        if not sys.stdin.isatty():
            raise problem("no-passphrase")
        return getpass(prompt).encode()

    def read_new(self, prompt: str, again: str) -> bytes:
        """A passphrase for a new home: asked twice at a terminal. Raises ClientError weak-passphrase also."""
        passphrase = self.read(prompt)
        if self.file is None and self.descriptor is None and getpass(again).encode() != passphrase:
            raise problem("passphrases-differ")
        if len(passphrase.decode(errors="replace")) < LEAST:
            raise problem("weak-passphrase", least=LEAST)
        return passphrase

    @staticmethod
    def _from_file(path: Path) -> bytes:
        try:
            with path.open("rb") as source:
                return first_line(source.read(MAX_BYTES))
        except FileNotFoundError:
            raise problem("missing-file", path=path) from None
        except OSError as error:
            raise problem("unreadable-file", path=path, why=error) from error

    @staticmethod
    def _from_descriptor(descriptor: int) -> bytes:
        try:
            with os.fdopen(descriptor, "rb", closefd=False) as source:
                return first_line(source.read(MAX_BYTES))
        except OSError as error:
            raise problem(
                "unreadable-file", path=clause("thing.descriptor", number=descriptor), why=error
            ) from error


def first_line(data: bytes) -> bytes:
    """`data` up to its first line end."""
    return data.split(b"\n", 1)[0].removesuffix(b"\r")
