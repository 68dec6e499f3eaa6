"""How `kynhan-relay` speaks: help, answers and errors in the operator's language; click's own words too."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any, Final, TypeVar

import click
from click import core, exceptions, parser, types
from sqlalchemy.exc import SQLAlchemyError

from kynhan_keys.errors import KeysError
from kynhan_protocol import usage_words
from kynhan_protocol.errors import ProtocolError
from kynhan_server import words
from kynhan_server.errors import OperatorError, Refused
from kynhan_server.log.logs import CorruptError
from kynhan_server.words import Language, Pair

usage_words.teach(core, exceptions, parser, types)

F = TypeVar("F", bound=Callable[..., Any])

NAMED: Final = (OperatorError, Refused, ProtocolError, KeysError, CorruptError, SQLAlchemyError, OSError)
SETTINGS: Final = {"help_option_names": ["-h", "--help"], "max_content_width": 80}

_EXTRA: Final = re.compile(r"\[([^\[\]]*)\]$")  # what click adds behind an option's help


class WrongUsage(click.UsageError):
    """The command line is not as it must be, in our own words."""

    def __init__(self, key: str, **blanks: object) -> None:
        vi, en = words.pair(key, **blanks)
        super().__init__(usage_words.Sentence(en, vi))


def language() -> Language:
    """The one asked for with --lang, else the environment's."""
    context = click.get_current_context(silent=True)
    asked: Language | None = None if context is None else context.find_root().params.get("language")
    return asked or words.default_language()


def say(key: str, **blanks: object) -> None:
    """An answer."""
    show([words.pair(key, **blanks)])


def show(told: Iterable[Pair]) -> None:
    """Several lines that belong together: all in Vietnamese, then all in English."""
    asked = language()
    for number, name in enumerate(("vi", "en")):
        if asked in (name, "both"):
            for pair in told:
                click.echo(pair[number])


def warn(key: str, **blanks: object) -> None:
    """A warning, on stderr."""
    for line in words.lines(words.pair("warning", what=words.pair(key, **blanks)), language()):
        click.echo(line, err=True)


def fail(error: Exception) -> int:
    """Tells an error, one sentence in each language asked for; gives the exit status."""
    usage = isinstance(error, click.UsageError)
    told = language() if not usage else "both"
    for line in words.lines(words.pair("error", what=_sentence(error)), told):
        click.echo(line, err=True)
    if isinstance(error, click.UsageError):
        path = error.ctx.command_path if error.ctx else "kynhan-relay"
        click.echo(f"{words.beside(words.pair('help.see'))}: {path} --help", err=True)
    return error.exit_code if isinstance(error, click.ClickException) else 1


def _sentence(error: Exception) -> Pair:
    """What an error says in both languages."""
    if isinstance(error, OperatorError):
        return error.pair
    if isinstance(error, Refused):
        return (error.vi, error.detail) if error.vi else words.pair("refused", why=error.detail)
    if isinstance(error, ProtocolError | KeysError):
        return words.pair("not-a-name", why=error)
    if isinstance(error, CorruptError):
        return words.pair("database.corrupt", why=error)
    if isinstance(error, SQLAlchemyError):
        return words.pair("database", why=type(error).__name__)
    if isinstance(error, OSError):
        what = error.filename or words.pair("system.relay")
        return words.pair("system", why=error.strerror or error, what=what)
    if isinstance(error, click.ClickException):
        return usage_words.vietnamese(error.format_message), error.format_message()
    return str(error), str(error)


class Helped(click.Command):
    """A command whose help is in both languages, its words from words/help.py."""

    def __init__(self, *args: Any, **settings: Any) -> None:
        name = settings.get("name") or ""
        key = name if name in words.HELP else ""
        examples = "\n".join(f"  {line}" for line in words.EXAMPLES[key])
        settings["help"] = "\n\n".join(words.HELP[key])
        settings["epilog"] = f"\b\n{words.beside(words.pair('help.examples'))}:\n{examples}"
        settings["context_settings"] = SETTINGS
        super().__init__(*args, **settings)

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        pieces = " ".join(self.collect_usage_pieces(ctx))
        formatter.write_usage(ctx.command_path, pieces, prefix=f"{_heading('usage')}: ")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        records = [param.get_help_record(ctx) for param in self.get_params(ctx)]
        with formatter.section(_heading("options")):
            formatter.write_dl([(names, _EXTRA.sub(_extra, told)) for names, told in filter(None, records)])

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        found = super().get_help_option(ctx)
        if found is not None:
            found.help = words.beside(words.OPTIONS["help"])
        return found


class Relay(Helped, click.Group):
    """The group of all commands, in the order of the work; the core's named errors become one sentence and status 1."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except NAMED as error:
            ctx.exit(fail(error))

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        super().format_options(ctx, formatter)
        with formatter.section(_heading("commands")):
            formatter.write_dl([(name, words.beside(told)) for name, told in words.SHORT.items()])


def option(*names: str, key: str, **settings: Any) -> Callable[[F], F]:
    """An option whose help is words/help.py's `key`. `settings` are click's."""
    return click.option(*names, help=words.beside(words.OPTIONS[key]), **settings)


def _heading(key: str) -> str:
    return words.beside(words.pair(f"help.{key}"))


def _extra(found: re.Match[str]) -> str:
    """`[default: 30.0; required]` in both languages."""
    parts = []
    for part in found[1].split("; "):
        name, colon, value = part.partition(": ")
        parts.append((_heading(name) if name in ("required", "default") else name) + colon + value)
    return f"[{'; '.join(parts)}]"
