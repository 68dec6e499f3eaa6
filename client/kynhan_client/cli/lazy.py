"""A group of commands that are imported when they are called, listed without importing any."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from .. import words
from ..lazy import load
from .helped import Helped


class LazyGroup(Helped, click.Group):
    """Commands by name, each with the place it is loaded from (`module:attribute`); `within` names the group itself.

    `default` is the command meant where the first word is none of them: `recall 3f9a61` is `recall ask 3f9a61`. With
    `alone` also where there is no word at all: `outbox --json` is `outbox list --json`.
    """

    def __init__(
        self,
        *args: Any,
        places: Mapping[str, str],
        within: str = "",
        default: str = "",
        alone: bool = False,
        **settings: Any,
    ) -> None:
        super().__init__(*args, **settings)
        self._alone = alone
        self._default = default
        self._places = places
        self._within = f"{within} " if within else ""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order of the work, not of the alphabet."""
        return list(self._places)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As click does, the default command put in where it is meant without a word."""
        if self._alone and all(
            word.startswith("-") and word not in ctx.help_option_names for word in args[:1]
        ):
            args = [self._default, *args]
        return super().parse_args(ctx, args)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that the first word names, or the default one."""
        if self._default and args and args[0] not in self._places:
            args = [self._default, *args]
        return super().resolve_command(ctx, args)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, imported now."""
        place = self._places.get(cmd_name)
        if place is None:
            return None
        found: click.Command = load(place)
        return found

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        super().format_options(ctx, formatter)
        self.format_commands(ctx, formatter)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """A line for each command, from words/ alone."""
        with formatter.section(words.heading("commands")):
            formatter.write_dl([(name, words.short_help(self._within + name)) for name in self._places])
