"""`kynhan-relay` and `python -m kynhan_server`."""

from __future__ import annotations

import sys

import click

from kynhan_server.operator.cli import relay
from kynhan_server.operator.telling import NAMED, fail

INTERRUPTED = 130


def main(arguments: list[str] | None = None) -> None:
    """Runs the command line; what goes wrong is told in one sentence."""
    try:
        status = relay.main(arguments, prog_name="kynhan-relay", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as shown:
        click.echo(shown.format_message(), err=True)
        sys.exit(shown.exit_code)
    except (click.ClickException, *NAMED) as error:
        sys.exit(fail(error))
    except (click.Abort, KeyboardInterrupt):
        sys.exit(INTERRUPTED)
    sys.exit(status if isinstance(status, int) else 0)


if __name__ == "__main__":
    main()
