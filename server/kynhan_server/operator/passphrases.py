"""The relay's passphrase: by prompt, from a file, or from a file descriptor; never from the command line."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path
from typing import Final

import click

from kynhan_server import words
from kynhan_server.errors import OperatorError
from kynhan_server.operator.telling import WrongUsage, warn

MOST: Final = 1024


def read(file: Path | None, descriptor: int | None, *, new: bool = False) -> bytes:
    """The passphrase, without the newline at its end. Raises WrongUsage, OperatorError."""
    if file is not None and descriptor is not None:
        raise WrongUsage("passphrase.both")
    try:
        if file is not None:
            _check_private(file)
            return _line(file.read_bytes())
        if descriptor is not None:
            with os.fdopen(descriptor, "rb") as source:
                return _line(source.read(MOST + 1))
    except OSError as error:
        raise OperatorError("passphrase.unreadable", why=error.strerror) from None
    if not sys.stdin.isatty():
        raise WrongUsage("passphrase.no-terminal")
    asked = words.beside(words.pair("passphrase.ask"))
    typed: str = click.prompt(asked, hide_input=True, confirmation_prompt=new, err=True)
    return _line(typed.encode())


def _line(data: bytes) -> bytes:
    line = data.removesuffix(b"\n").removesuffix(b"\r")
    if not line or len(line) > MOST or b"\n" in line:
        raise OperatorError("passphrase.one-line", most=MOST)
    return line


def _check_private(file: Path) -> None:
    mode = file.stat().st_mode
    if stat.S_ISREG(mode) and mode & stat.S_IRWXO:
        warn("passphrase.public", file=file.name)
