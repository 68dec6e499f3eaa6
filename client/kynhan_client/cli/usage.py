"""A command line that was not understood: told in both languages, as help is."""

from __future__ import annotations

from typing import Final

import click
from click import core, exceptions, parser, types

from kynhan_protocol import usage_words

from .. import words

usage_words.teach(core, exceptions, parser, types)

DATES: Final = {"'%Y-%m-%d'": "2026-01-31", "'%d/%m/%Y'": "31/01/2026"}
"""How click names the form of a date, and how somebody does who has to type one."""


class WrongValue(click.BadParameter):
    """A value that cannot be used, and why, in our own words."""

    def __init__(self, key: str, **blanks: object) -> None:
        vi, en = words.pair(key, **blanks)
        super().__init__(usage_words.Sentence(en, vi))


def not_understood(error: click.UsageError) -> int:
    """Tells what was wrong, and which help has the right one; gives the exit status."""
    if isinstance(error, exceptions.NoArgsIsHelpError):
        click.echo(error.format_message(), err=True)
        return error.exit_code
    said = usage_words.vietnamese(error.format_message), error.format_message()
    first, *more = dict.fromkeys(map(_with_dates, said))
    click.echo(f"✗ {words.heading('wrong')}: {first}", err=True)
    for line in more:
        click.echo(f"  {line}", err=True)
    path = error.ctx.command_path if error.ctx else "kynhan"
    click.echo(f"  → {words.heading('see')}: {path} --help", err=True)
    return error.exit_code


def _with_dates(sentence: str) -> str:
    for form, example in DATES.items():
        sentence = sentence.replace(form, example)
    return sentence
