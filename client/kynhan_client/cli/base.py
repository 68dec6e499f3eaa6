"""What every command shares: the global options, errors told in one sentence, words taken from words/.

    @command("decline")
    @argument("id_", "ID")
    @option("--code", "decline.code", required=True)
    def decline(session: Session, id_: str, code: str) -> None: …

Exit statuses: 0 done; 1 one sentence on stderr; 2 the command was not understood; 130 stopped with Ctrl-C.
"""

from __future__ import annotations

import errno
import functools
import os
import sys
import traceback
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Concatenate, Final, ParamSpec, TypeVar

import click

from kynhan_protocol.statements.text import without_format

from .. import words
from ..clock import Clock
from ..errors import ClientError, problem
from ..home.passphrase import PassphraseSource
from ..screen import output
from ..screen.output import Output
from ..words import Language
from .helped import Helped

P = ParamSpec("P")
F = TypeVar("F", bound=Callable[..., Any])

FAILED: Final = 1
INTERRUPTED: Final = 130
SETTINGS: Final = {"help_option_names": ["-h", "--help"], "max_content_width": 80}

INTERRUPTED_IN: Final[dict[str | None, str]] = {
    "hash": "interrupted-seal",
    "seal": "interrupted-seal",
    "upload": "interrupted-upload",
    "fetch": "interrupted-fetch",
    "open": "interrupted-open",
    "watch": "interrupted-watch",
}

LANGUAGES: Final[tuple[Language, ...]] = ("vi", "en", "both")
YES: Final = frozenset({"c", "có", "co", "y", "yes"})


@dataclass
class Session:
    """The global options of one run, the phase of the transfer that is going on (progress.py), and whether what is sent
    gets the next number of its series (letters.py)."""

    home: Path
    passphrase: PassphraseSource
    language: Language
    as_json: bool
    demo_clock: Path | None
    phase: str | None = None
    next_number: bool = False

    @cached_property
    def output(self) -> Output:
        """Where this run's answer goes; settled once the command's own `--json` was read."""
        return output.make(self.language, self.as_json)

    @property
    def clock(self) -> Clock:
        """The clock to use; whether a demo clock may be honoured is checked when the relay is known (homes.py)."""
        return Clock(self.demo_clock)

    def cleaned(self, typed: str) -> str:
        """What was typed, without format characters that only come along when text is copied (soft hyphens, zero-width
        spaces), and says so. Those that turn the direction of text stay, and are refused where they matter.
        """
        kept = without_format(typed, turning=False)
        gone = len(unicodedata.normalize("NFC", typed)) - len(kept)
        if gone:
            self.output.warn(words.pair("typed.cleaned", count=gone))
        return kept

    def require_someone_to_ask(self) -> None:
        """Raises ClientError needs-confirmation where there is nobody at a terminal."""
        if self.as_json or not sys.stdin.isatty():
            raise problem("needs-confirmation")

    def confirm(self, key: str, yes: bool, **blanks: object) -> None:
        """Asks before what cannot be taken back; `--yes` answers.

        Raises ClientError not-confirmed, or needs-confirmation where there is nobody to ask.
        """
        if yes:
            return
        self.require_someone_to_ask()
        question = f"{self.output.text(key, **blanks)} {self.output.text('ask.yes-no')}"
        if click.prompt(question, default="", show_default=False, err=True).strip().lower() not in YES:
            raise problem("not-confirmed")


def default_home() -> Path:
    """KYNHAN_HOME, else ~/.kynhan."""
    return Path(os.environ.get("KYNHAN_HOME") or Path("~/.kynhan").expanduser())


def default_language() -> Language:
    """KYNHAN_LANG if it is vi, en or both; else by the locale; else both."""
    asked = os.environ.get("KYNHAN_LANG")
    for language in LANGUAGES:
        if asked == language:
            return language
    locale = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    if locale.startswith("vi"):
        return "vi"
    return "en" if locale.startswith("en") else "both"


# --- commands, options and arguments whose words are in words/


def command(name: str) -> Callable[[Callable[Concatenate[Session, P], None]], click.Command]:
    """A command under its full name (`profile sign`): help from words/, `--json`, errors told."""

    def decorate(function: Callable[Concatenate[Session, P], None]) -> click.Command:
        @click.pass_context
        @functools.wraps(function)
        def told(context: click.Context, /, as_json: bool, *args: Any, **kwargs: Any) -> None:
            session: Session = context.obj
            session.as_json = session.as_json or as_json
            options = {one.name for one in context.command.params if isinstance(one, click.Option)}
            kwargs.update({key: _cleaned(session, value) for key, value in kwargs.items() if key in options})
            if (status := guard(session, lambda: function(session, *args, **kwargs))) != 0:
                context.exit(status)

        made = click.command(
            name.rpartition(" ")[2],
            cls=Helped,
            help=words.help_text(name),
            epilog=words.help_examples(name),
            short_help=words.short_help(name),
            context_settings=SETTINGS,
        )(told)
        made.params.append(click.Option(["--json", "as_json"], is_flag=True, help=words.option("json")))
        return made

    return decorate


def _cleaned(session: Session, value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple(_cleaned(session, one) for one in value)
    return session.cleaned(value) if type(value) is str and not value.isascii() else value


def option(name: str, key: str, **settings: Any) -> Callable[[F], F]:
    """An option whose help is words/options.py's `key`. `settings` are click's."""
    names = [name, settings.pop("into")] if "into" in settings else [name]
    return click.option(*names, help=words.option(key), **settings)


def guard(session: Session, work: Callable[[], None]) -> int:
    """Runs a command and tells what goes wrong in one sentence; gives the exit status."""
    try:
        work()
    except FailedError as failed:
        return failed.status
    except (KeyboardInterrupt, click.Abort):
        session.output.error(problem(INTERRUPTED_IN.get(session.phase, "interrupted")))
        return INTERRUPTED
    except BrokenPipeError:  # whoever read our output has gone: nothing to tell, nobody to tell it to
        _close_stdout()
        return FAILED
    except (click.ClickException, click.exceptions.Exit):
        raise
    except Exception as error:
        if os.environ.get("KYNHAN_DEBUG") == "1":
            traceback.print_exc()
        session.output.error(named(error))
        return FAILED
    return 0


class FailedError(Exception):
    """The command said what was wrong already; only the exit status is left."""

    def __init__(self, status: int = FAILED) -> None:
        super().__init__(status)
        self.status = status


def named(error: BaseException) -> ClientError:
    """The error to tell for any exception: itself if it is ours, else one that names what happened."""
    if isinstance(error, ClientError):
        return error
    if isinstance(error, BaseExceptionGroup):
        inner = [named(one) for one in error.exceptions]
        return next((one for one in inner if one.code != "unexpected"), inner[0])
    if isinstance(error, UnicodeEncodeError):  # only what the system gave us holds bytes that are no text
        return problem("not-text")
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return problem("disk-full", path=error.filename or "?")
    if isinstance(error, OSError):
        return problem("system", path=error.filename or "?", why=error)
    return problem("unexpected", what=type(error).__name__)


def _close_stdout() -> None:
    """Points stdout nowhere, so that flushing it at exit cannot fail again."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
