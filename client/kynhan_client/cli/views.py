"""`kynhan view save | list | run | remove`: a list with its filters, called again by name."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import click

from .. import words
from ..screen import saved_views
from .base import SETTINGS, Session, command
from .homes import open_home
from .lazy import LazyGroup

PLACES: Final = {
    "save": "kynhan_client.cli.views:save",
    "list": "kynhan_client.cli.views:list_",
    "run": "kynhan_client.cli.views:run",
    "remove": "kynhan_client.cli.views:remove",
}
ANYTHING: Final = {**SETTINGS, "ignore_unknown_options": True}


class ViewGroup(LazyGroup):
    """`kynhan view NAME` is `kynhan view run NAME`."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in PLACES and not args[0].startswith("-"):
            args = ["run", *args]
        return super().resolve_command(ctx, args)


view = ViewGroup(
    "view",
    places=PLACES,
    within="view",
    help=words.help_text("view"),
    epilog=words.help_examples("view"),
    context_settings=SETTINGS,
)


@command("view save")
@click.argument("name")
@click.argument("words_", nargs=-1, metavar="-- COMMAND [FILTERS]…", required=True, type=click.UNPROCESSED)
def save(session: Session, name: str, words_: tuple[str, ...]) -> None:
    if saved_views.is_list(words_):
        _parsed(words_)
    with open_home(session) as home:
        name = saved_views.save(home, name, words_)
    session.output.json({"name": name, "command": list(words_)})
    shown = _typed(name)
    session.output.say("view.saved", sign="✓", name=f"run {shown}" if name in PLACES else shown)


@command("view list")
def list_(session: Session) -> None:
    with open_home(session) as home:
        found = saved_views.all_views(home)
    session.output.json({"views": [{"name": name, "command": list(told)} for name, told in found.items()]})
    if not found:
        session.output.say("view.empty")
        return
    session.output.table(
        ("view.name", "view.command"),
        [[name, f"kynhan {' '.join(map(_typed, told))}"] for name, told in found.items()],
    )


@command("view run")
@click.argument("name")
@click.argument("more", nargs=-1, metavar="[FILTERS]…", type=click.UNPROCESSED)
def run(session: Session, name: str, more: tuple[str, ...]) -> None:
    with open_home(session) as home:
        told = saved_views.get(home, name)
    made, context = _parsed((*told, *more))
    with context:
        made.invoke(context)


@command("view remove")
@click.argument("name")
def remove(session: Session, name: str) -> None:
    with open_home(session) as home:
        saved_views.remove(home, name)
    session.output.json({"removed": name})
    session.output.say("view.removed", sign="✓", name=name)


def _typed(word: str) -> str:
    """A word of a command line as it has to be typed; one with a quotation mark of its own is left as it is."""
    plain = word and not set(word) & set(" \t\n*?$&;|<>()[]{}#!`\\'~")
    return word if plain or '"' in word else f'"{word}"'


def _parsed(told: tuple[str, ...]) -> tuple[click.Command, click.Context]:
    """The command that is told, its options understood, in a run of its own. Raises UsageError as it itself would."""
    root = click.get_current_context().find_root()
    made: click.Command | None = root.command
    name, left = root.info_name, list(told)
    while isinstance(made, click.Group):
        name, made, left = made.resolve_command(root, left)
    assert made is not None  # resolve_command raises for what there is not
    context = made.make_context(name, left, parent=root)
    context.obj = replace(root.obj)  # it may be asked for --json, and settles its own output
    return made, context


run.context_settings = ANYTHING
save.context_settings = ANYTHING
