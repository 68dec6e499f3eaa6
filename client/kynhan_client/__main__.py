"""`kynhan`: the committee's program. The commands are in cli/, loaded when called; here are the global options."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, Final

import click

from . import words
from .cli.base import INTERRUPTED, SETTINGS, Session, default_home, default_language
from .cli.lazy import LazyGroup
from .cli.usage import not_understood
from .home.passphrase import PassphraseSource
from .words import Language

PLACES: Final = {
    "init": "kynhan_client.cli.keys:init",
    "trust": "kynhan_client.cli.keys:trust",
    "invite": "kynhan_client.cli.keys:invite",
    "profile": "kynhan_client.cli.profiles:profile",
    "status": "kynhan_client.cli.status:status",
    "send": "kynhan_client.cli.sending:send",
    "request": "kynhan_client.cli.requests:request",
    "supplement": "kynhan_client.cli.requests:supplement",
    "return": "kynhan_client.cli.requests:return_",
    "assign": "kynhan_client.cli.assignments:assign",
    "unassign": "kynhan_client.cli.assignments:unassign",
    "extend": "kynhan_client.cli.answering:extend",
    "interim": "kynhan_client.cli.answering:interim",
    "reply": "kynhan_client.cli.answering:reply",
    "correct": "kynhan_client.cli.corrections:correct",
    "message": "kynhan_client.cli.exchanges:message",
    "question": "kynhan_client.cli.exchanges:question",
    "answer": "kynhan_client.cli.exchanges:answer",
    "note": "kynhan_client.cli.exchanges:note",
    "conference": "kynhan_client.cli.conferences:conference",
    "opinion": "kynhan_client.cli.opinions:opinion",
    "notice": "kynhan_client.cli.notices:notice",
    "difficulty": "kynhan_client.cli.notices:difficulty",
    "close": "kynhan_client.cli.notices:close",
    "inbox": "kynhan_client.cli.packages:inbox",
    "fetch": "kynhan_client.cli.packages:fetch",
    "sign": "kynhan_client.cli.packages:sign",
    "decline": "kynhan_client.cli.packages:decline",
    "open": "kynhan_client.cli.packages:open_",
    "withdraw": "kynhan_client.cli.recalls:withdraw",
    "recall": "kynhan_client.cli.recalls:recall",
    "destroy": "kynhan_client.cli.recalls:destroy",
    "cases": "kynhan_client.cli.cases:cases",
    "case": "kynhan_client.cli.cases:case",
    "deadlines": "kynhan_client.cli.deadlines:deadlines",
    "search": "kynhan_client.cli.searching:search",
    "view": "kynhan_client.cli.views:view",
    "register": "kynhan_client.cli.registers:register",
    "form": "kynhan_client.cli.forms:form",
    "edxml": "kynhan_client.cli.edxml:edxml",
    "due": "kynhan_client.cli.time:due",
    "calendar": "kynhan_client.cli.calendars:calendar",
    "snooze": "kynhan_client.cli.channels:snooze_",
    "channel": "kynhan_client.cli.channels:channel",
    "receipts": "kynhan_client.cli.evidence:receipts",
    "print": "kynhan_client.cli.printing:print_",
    "evidence": "kynhan_client.cli.disclosure:evidence",
    "verify": "kynhan_client.cli.evidence:verify",
    "report": "kynhan_client.cli.reports:report",
    "outbox": "kynhan_client.cli.outbox:outbox",
    "sync": "kynhan_client.cli.watching:sync",
    "watch": "kynhan_client.cli.watching:watch",
}


@click.group(
    cls=LazyGroup,
    places=PLACES,
    context_settings=SETTINGS,
    help=words.help_text(""),
    epilog=words.help_examples(""),
)
@click.option("--home", type=click.Path(path_type=Path), help=words.option("home"))
@click.option("--passphrase-file", type=click.Path(path_type=Path), help=words.option("passphrase-file"))
@click.option("--passphrase-fd", type=click.IntRange(min=0), help=words.option("passphrase-fd"))
@click.option("--lang", "language", type=click.Choice(["vi", "en", "both"]), help=words.option("lang"))
@click.option("--json", "as_json", is_flag=True, help=words.option("json"))
@click.option("--demo-clock", type=click.Path(path_type=Path), help=words.option("demo-clock"))
@click.version_option(package_name="kynhan", prog_name="kynhan", help=words.option("version"))
@click.pass_context
def kynhan(
    context: click.Context,
    home: Path | None,
    passphrase_file: Path | None,
    passphrase_fd: int | None,
    language: Language | None,
    as_json: bool,
    demo_clock: Path | None,
) -> None:
    if passphrase_file is not None and passphrase_fd is not None:
        raise click.UsageError(words.text("help.both-passphrases", "both"))
    context.obj = Session(
        home=home or default_home(),
        passphrase=PassphraseSource(passphrase_file, passphrase_fd),
        language=language or default_language(),
        as_json=as_json,
        demo_clock=demo_clock,
    )


def main(arguments: list[str] | None = None) -> None:
    """The console script: runs a command and exits with its status."""
    try:
        status: Any = kynhan.main(arguments, prog_name="kynhan", standalone_mode=False)
    except click.UsageError as error:
        sys.exit(not_understood(error))
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(INTERRUPTED)
    sys.exit(status if isinstance(status, int) else 0)


if __name__ == "__main__":
    main()
