"""What the lists share: `--csv`, and the options that narrow a list down."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from typing import Any, TypeVar

import click

from kynhan_protocol.statements.codes import TERMS
from kynhan_protocol.vietnam_time import VIETNAM

from .. import words
from ..log.track import GROUPS
from ..screen import csvfile
from ..screen.narrowing import Narrowing
from .base import Session, option

F = TypeVar("F", bound=Callable[..., Any])


def as_csv(function: F) -> F:
    """Adds `--csv`."""
    return option("--csv", "list.csv", is_flag=True)(function)


def narrowed(function: Callable[..., None]) -> Callable[..., None]:
    """Adds `--mine --group --term --subject --unit`, given to the function as `narrowing`."""

    @functools.wraps(function)
    def with_narrowing(
        *args: Any,
        mine: bool,
        group: str | None,
        term: str | None,
        subject: str | None,
        unit: str | None,
        **kwargs: Any,
    ) -> None:
        narrowing = Narrowing(mine=mine, group=group, term=term, subject=subject, unit=unit)
        function(*args, narrowing=narrowing, **kwargs)

    for add in (
        option("--unit", "list.unit"),
        option("--subject", "list.subject"),
        option("--term", "list.term", type=click.Choice(TERMS)),
        option("--group", "list.group", type=click.Choice(GROUPS)),
        option("--mine", "list.mine", is_flag=True),
    ):
        with_narrowing = add(with_narrowing)
    return with_narrowing


def write_csv(session: Session, headings: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Prints a list as CSV on stdout; headings are keys of words/. Raises UsageError beside `--json`."""
    if session.as_json:
        raise click.UsageError(words.text("list.csv-or-json", "both"))
    pick = session.output.pick
    data = csvfile.render(
        [pick(words.pair(heading)) for heading in headings], [[_value(cell) for cell in row] for row in rows]
    )
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def _value(cell: object) -> object:
    if isinstance(cell, datetime):
        return f"{cell.astimezone(VIETNAM):%Y-%m-%d %H:%M:%S}"
    if isinstance(cell, date):
        return cell.isoformat()
    return {True: 1, False: 0}[cell] if isinstance(cell, bool) else cell
