"""Help whose headings, and what click adds to an option, are in both languages."""

from __future__ import annotations

import re
from typing import Final

import click

from .. import words

_EXTRA: Final = re.compile(r"\[([^\[\]]*)\]$")  # what click adds behind an option's help


class Helped(click.Command):
    """A command whose help has its headings in both languages."""

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        pieces = " ".join(self.collect_usage_pieces(ctx))
        formatter.write_usage(ctx.command_path, pieces, prefix=f"{words.heading('usage')}: ")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        records = [param.get_help_record(ctx) for param in self.get_params(ctx)]
        shown = [(names, _EXTRA.sub(_extra, told)) for names, told in filter(None, records)]
        with formatter.section(words.heading("options")):
            formatter.write_dl(shown)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        found = super().get_help_option(ctx)
        if found is not None:
            found.help = words.option("help")
        return found


def _extra(found: re.Match[str]) -> str:
    """`[default: vi; required]` in both languages."""
    parts = []
    for part in found[1].split("; "):
        name, colon, value = part.partition(": ")
        known = name in ("required", "default")
        parts.append((words.heading(name) if known else name) + colon + value)
    return f"[{'; '.join(parts)}]"
