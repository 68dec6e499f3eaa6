"""Words on the command line: `[CASE] TEXT [FILES]`, the text an argument, from a file or stdin; and on the screen."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePath
from typing import Final

import click

from kynhan_protocol.vietnam_time import VIETNAM

from ..dossiers.dossier import MEDIA_TYPES
from ..home.home import Home
from ..log import track
from ..screen.output import Output
from .base import Session, option
from .letters import words_given

NEW: Final = option("--new", "exchange.new", is_flag=True)
TEXT_FILE: Final = option("--text-file", "message.text-file", type=click.Path(path_type=Path))
ARGUMENTS: Final = click.argument("arguments", nargs=-1, metavar="[CASE] [TEXT] [FILES]...", required=False)
MARGIN: Final = "  │ "
WIDTH: Final = 76


@dataclass(frozen=True)
class Said:
    """What a command line says: the case's prefix (None for a new one), the words if there are any, the files."""

    case: str | None
    words: str | None
    files: tuple[Path, ...]

    def found(self, home: Home) -> str | None:
        """The case meant. Raises ClientError not-found, ambiguous."""
        return None if self.case is None else track.find_case(home, self.case)


def said(session: Session, arguments: Sequence[str], *, new: bool, text_file: Path | None) -> Said:
    """`[CASE] TEXT [FILES]`: no case with `new`; no text with `text_file`, or where what stands there is a file.

    Raises click.UsageError without a case; ClientError missing-file, bad-file.
    """
    rest = list(arguments)
    case = None
    if not new:
        if not rest:
            raise click.UsageError("CASE | --new")
        case = rest.pop(0)
    words = words_given(session, None, text_file) if text_file is not None else None
    if words is None and rest and not _is_file(rest[0]):
        words = words_given(session, rest.pop(0), None)
    if words is None and not rest:
        raise click.UsageError("TEXT | --text-file FILE | FILES")
    return Said(case, words, tuple(map(Path, rest)))


def _is_file(text: str) -> bool:
    """Whether an argument names a file: one that is there, or what can only be the name of one."""
    if "\n" in text or text == "-":
        return False
    looks_like_one = " " not in text.strip() and PurePath(text).suffix.lower() in MEDIA_TYPES
    try:
        return looks_like_one or Path(text).is_file()
    except OSError:  # too long for a name, say
        return False


class LocalTime(click.ParamType[datetime]):
    """A time in Việt Nam, as `2026-12-01 09:00`."""

    name = "time"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """The aware time. Raises click.BadParameter."""
        if isinstance(value, datetime):
            return value
        for form in ("%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"):
            try:
                return datetime.strptime(str(value), form).replace(tzinfo=VIETNAM)
            except ValueError:
                continue
        raise click.BadParameter("2026-12-01 09:00", ctx=ctx, param=param)


def show_text(output: Output, text: str) -> None:
    """Words of a package, a margin before each line: whatever they hold stays inside it."""
    for line in text.replace("\r\n", "\n").rstrip("\n").split("\n"):
        wrapped = textwrap.wrap(line.expandtabs(4), WIDTH, break_on_hyphens=False) or [""]
        for piece in wrapped:
            output.plain(f"{MARGIN}{piece}")
