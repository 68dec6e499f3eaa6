"""The relay's passphrase: by prompt, from a file, or from a file descriptor; never from the command line."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path
from typing import Final

import click

MOST: Final = 1024


def read(file: Path | None, descriptor: int | None, *, new: bool = False) -> bytes:
    """The passphrase, without the newline at its end. Raises click.ClickException with one sentence."""
    if file is not None and descriptor is not None:
        raise click.UsageError("Give --passphrase-file or --passphrase-fd, not both.")
    try:
        if file is not None:
            _check_private(file)
            return _line(file.read_bytes())
        if descriptor is not None:
            with os.fdopen(descriptor, "rb") as source:
                return _line(source.read(MOST + 1))
    except OSError as error:
        raise click.ClickException(f"The passphrase cannot be read: {error.strerror}.") from None
    if not sys.stdin.isatty():
        raise click.UsageError("No terminal to ask at: give --passphrase-file or --passphrase-fd.")
    typed: str = click.prompt("Relay passphrase", hide_input=True, confirmation_prompt=new, err=True)
    return _line(typed.encode())


def _line(data: bytes) -> bytes:
    line = data.removesuffix(b"\n").removesuffix(b"\r")
    if not line or len(line) > MOST or b"\n" in line:
        raise click.ClickException(f"A passphrase is one line of 1 to {MOST} bytes.")
    return line


def _check_private(file: Path) -> None:
    mode = file.stat().st_mode
    if stat.S_ISREG(mode) and mode & stat.S_IRWXO:
        click.echo(f"Warning: {file.name} can be read by other users of this machine.", err=True)
