"""`kynhan-relay`: init, admit, serve, status, verify-log, report, confirm-clock; all that an operator reads."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Any, Final, NoReturn

import click

from kynhan_keys.errors import KeysError
from kynhan_keys.vkeys import Vkey
from kynhan_protocol import names
from kynhan_protocol.errors import ProtocolError
from kynhan_server import (
    admin,
    cli_report,
    clock,
    jsonlog,
    keyfile,
    log_audit,
    passphrases,
    reporting,
    serving,
    standby,
)
from kynhan_server.config import Folder
from kynhan_server.errors import Refused
from kynhan_server.limits import Limits
from kynhan_server.status import look

EXAMPLES: Final = """\b
Examples:
  kynhan-relay init --data /srv/kynhan
  kynhan-relay admit --data /srv/kynhan --log ccq-ca --origin relay.example/kynhan \\
      ccq.example+9f2a…+AV… ca.example+17c3…+AW…
  kynhan-relay serve --data /srv/kynhan --listen 127.0.0.1:8480
  kynhan-relay status --url http://127.0.0.1:8480
  kynhan-relay verify-log --data /srv/kynhan
"""

_data = click.option(
    "--data",
    "folder",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="The relay's data folder.",
)
_passphrase_file = click.option(
    "--passphrase-file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Read the passphrase from FILE.",
)
_passphrase_fd = click.option("--passphrase-fd", type=int, help="Read the passphrase from descriptor N.")
_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
_demo_clock = click.option(
    "--demo-clock",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Add the seconds in FILE to the clock; for demonstrations, on loopback only.",
)


class _Relay(click.Group):
    """Turns the named errors of the core into one sentence and status 1."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except standby.FolderInUse as busy:
            raise click.ClickException(f"{busy} Stop it first.") from None
        except Refused as refused:
            raise click.ClickException(refused.detail) from None
        except (
            keyfile.KeyfileError,
            log_audit.AuditError,
            reporting.ReportingError,
            ProtocolError,
            KeysError,
        ) as error:
            raise click.ClickException(str(error)) from None
        except OSError as error:
            raise click.ClickException(
                f"{error.strerror or error}: {error.filename or 'the relay'}."
            ) from None


@click.group(cls=_Relay, epilog=EXAMPLES, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="kynhan", message="kynhan-relay %(version)s")
def relay() -> None:
    """The relay of Kynhan: orders, times and countersigns statements, keeps ciphertext, and reminds."""


@relay.command()
@_data
@_passphrase_file
@_passphrase_fd
def init(folder: Path, passphrase_file: Path | None, passphrase_fd: int | None) -> None:
    """Make a data folder with the relay's keys, under a passphrase.

    \b
    Example:
      kynhan-relay init --data /srv/kynhan --passphrase-file /run/secrets/kynhan
    """
    if Folder(folder).keys.exists():
        raise click.ClickException(f"{folder} holds a relay already; nothing was changed.")
    admin.init(folder, passphrases.read(passphrase_file, passphrase_fd, new=True))
    click.echo(f"Made {folder}. Next: kynhan-relay admit.")


@relay.command()
@_data
@click.option("--log", "slug", required=True, help="Short name of the log in addresses, such as ccq-ca.")
@click.option("--origin", required=True, help="Name of the log in signatures, such as relay.example/kynhan.")
@click.option(
    "--url", help="Address that clients reach the relay at, for the file that --json prints for them."
)
@click.argument("roots", nargs=-1, required=True, metavar="ROOTVKEY [ROOTVKEY]")
@_passphrase_file
@_passphrase_fd
@_json
def admit(
    folder: Path,
    slug: str,
    origin: str,
    url: str | None,
    roots: tuple[str, ...],
    passphrase_file: Path | None,
    passphrase_fd: int | None,
    as_json: bool,
) -> None:
    """Open a log for the agreement of two committees, given by their root keys; print the log's own keys.

    With one root key, the log is for what travels inside that committee.

    \b
    Example:
      kynhan-relay admit --data /srv/kynhan --log ccq-ca --origin relay.example/kynhan \\
          ccq.example+9f2a…+AV… ca.example+17c3…+AW…
    """
    vkeys = {vkey.name: vkey for vkey in map(Vkey.parse, roots)}
    if len(vkeys) != len(roots):
        raise click.ClickException("The two root keys bear the same committee's name.")
    _require_relay(folder)
    names.check_origin(origin)
    passphrase = passphrases.read(passphrase_file, passphrase_fd)
    with standby.held(folder):
        ed25519, ml_dsa_44 = admin.vkeys(folder, passphrase, origin)
        admin.admit(folder, slug, origin, vkeys)
    if as_json:
        found: dict[str, Any] = {
            "log": slug,
            "origin": origin,
            "ed25519": str(ed25519),
            "ml-dsa-44": str(ml_dsa_44),
        }
        found["roots"] = {name: str(vkey) for name, vkey in sorted(vkeys.items())}
        click.echo(json.dumps(found if url is None else {"url": url, **found}, indent=2))
    else:
        click.echo(f"{origin}\n{ed25519}\n{ml_dsa_44}")


@relay.command()
@_data
@click.option(
    "--listen", default="127.0.0.1:8480", show_default=True, metavar="HOST:PORT", help="Port 0: any."
)
@click.option(
    "--authority",
    metavar="HOST[:PORT]",
    help="What members address and sign their requests for, where a proxy stands in front.",
)
@click.option("--tick", type=click.FloatRange(0.05, 3600), default=30.0, show_default=True, help="Seconds.")
@click.option(
    "--per-address",
    type=click.IntRange(0),
    default=Limits.per_address,
    show_default=True,
    help="Connections an address may have open; 0: any number.",
)
@click.option(
    "--per-loopback",
    type=click.IntRange(0),
    default=Limits.per_loopback,
    show_default=True,
    help="The same for this machine's own addresses.",
)
@click.option(
    "--head-seconds",
    type=click.FloatRange(0.1, 300),
    default=Limits.head_seconds,
    show_default=True,
    help="How long the head of a request may take to arrive.",
)
@_demo_clock
@_passphrase_file
@_passphrase_fd
def serve(
    folder: Path,
    listen: str,
    authority: str | None,
    tick: float,
    per_address: int,
    per_loopback: int,
    head_seconds: float,
    demo_clock: Path | None,
    passphrase_file: Path | None,
    passphrase_fd: int | None,
) -> None:
    """Serve the data folder until SIGTERM. A second process on the same folder waits, and takes over.

    One JSON line per event goes to stderr; the line "ready" names the address served.

    \b
    Example:
      kynhan-relay serve --data /srv/kynhan --listen 127.0.0.1:8480 --authority kynhan.example
    """
    host, port = _address(listen)
    if demo_clock is not None and not serving.is_loopback(host):
        raise click.UsageError("--demo-clock is for demonstrations: it needs --listen on a loopback address.")
    _require_relay(folder)
    passphrase = passphrases.read(passphrase_file, passphrase_fd)
    keyfile.load(Folder(folder).keys, passphrase)  # a wrong one is told now, not when a standby takes over
    jsonlog.to_stderr()
    signal.signal(signal.SIGTERM, _leave)
    with standby.awaited(folder, lambda busy: jsonlog.event("standby", holder=busy.holder, detail=str(busy))):
        watch: clock.Clock = clock.SystemClock() if demo_clock is None else clock.DemoClock(demo_clock)
        listening = serving.Listening(
            host,
            port,
            authority,
            tick,
            Limits(per_address=per_address, per_loopback=per_loopback, head_seconds=head_seconds),
        )
        demo = None if demo_clock is None else str(demo_clock)
        asyncio.run(
            serving.serve(
                folder,
                passphrase,
                watch,
                listening,
                lambda served: jsonlog.event("ready", authority=served, demo_clock=demo),
            )
        )


@relay.command()
@click.option(
    "--data", "folder", type=click.Path(file_okay=False, path_type=Path), help="Of a relay at rest or work."
)
@click.option("--url", help="Of a relay at work, such as http://127.0.0.1:8480.")
@_json
def status(folder: Path | None, url: str | None, as_json: bool) -> None:
    """Say how a relay is: clock, last tick, size of each log. Status 1 if it is unwell.

    \b
    Examples:
      kynhan-relay status --url http://127.0.0.1:8480
      kynhan-relay status --data /srv/kynhan --json
    """
    if (folder is None) == (url is None):
        raise click.UsageError("Give --data or --url.")
    found = look(folder, url)
    if as_json:
        click.echo(json.dumps(found.as_json()))
    else:
        click.echo("\n".join(found.lines()))
    if not found.well:
        sys.exit(1)


@relay.command(name="verify-log")
@_data
@click.option("--log", "slug", help="Only this log.")
@_passphrase_file
@_passphrase_fd
@_json
def verify_log(
    folder: Path, slug: str | None, passphrase_file: Path | None, passphrase_fd: int | None, as_json: bool
) -> None:
    """Recompute each log from its statements and list every discrepancy; status 1 if there is one.

    The relay's keys are those in the attested profiles, or with a passphrase its own.

    \b
    Example:
      kynhan-relay verify-log --data /srv/kynhan --log ccq-ca
    """
    keys = None
    if passphrase_file is not None or passphrase_fd is not None:
        keys = keyfile.load(Folder(folder).keys, passphrases.read(passphrase_file, passphrase_fd))
    reports = log_audit.audit(folder, slug, keys)
    if as_json:
        click.echo(json.dumps([report.as_json() for report in reports]))
    else:
        for report in reports:
            click.echo("\n".join(report.lines()))
    if any(report.discrepancies for report in reports):
        sys.exit(1)


relay.add_command(cli_report.report)


@relay.command(name="confirm-clock")
@_data
def confirm_clock(folder: Path) -> None:
    """Tell a relay that answers `clock-doubt` that this machine's clock is right now.

    \b
    Example:
      kynhan-relay confirm-clock --data /srv/kynhan
    """
    _require_relay(folder)
    now = datetime.now(UTC)
    clock.confirm(Folder(folder).clock_confirmed, now)
    click.echo(f"Confirmed: it is {now:%Y-%m-%dT%H:%M:%SZ}.")


def _require_relay(folder: Path) -> None:
    if not Folder(folder).keys.is_file():
        raise click.ClickException(f"{folder} is not the data folder of a relay: run init first.")


def _address(text: str) -> tuple[str, int]:
    host, colon, port = text.rpartition(":")
    if not colon or not port.isdigit() or int(port) > 65535 or not host:
        raise click.UsageError("--listen takes HOST:PORT, such as 127.0.0.1:8480 or [::1]:8480.")
    return host.removeprefix("[").removesuffix("]"), int(port)


def _leave(number: int, frame: FrameType | None) -> NoReturn:
    raise SystemExit(0)
