"""`kynhan-relay`: its commands, but `report` (cli_report.py). Every word an operator sees is in words/."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

import click

from kynhan_keys.vkeys import Vkey
from kynhan_protocol import names
from kynhan_server import clock, serving, words
from kynhan_server.channels import outgoing
from kynhan_server.config import Folder
from kynhan_server.errors import OperatorError
from kynhan_server.operator import cli_report, jsonlog, log_audit, passphrases
from kynhan_server.operator.status import look
from kynhan_server.operator.telling import Helped, Relay, WrongUsage, option, say, show
from kynhan_server.store import admin, keyfile
from kynhan_server.upkeep import standby
from kynhan_server.web.limits import Limits

_data = option(
    "--data", "folder", key="data", required=True, type=click.Path(file_okay=False, path_type=Path)
)
_passphrase_file = option(
    "--passphrase-file", key="passphrase-file", type=click.Path(dir_okay=False, path_type=Path)
)
_passphrase_fd = option("--passphrase-fd", key="passphrase-fd", type=int)
_json = option("--json", "as_json", key="json", is_flag=True)
_demo_clock = option("--demo-clock", key="demo-clock", type=click.Path(dir_okay=False, path_type=Path))


@click.group(cls=Relay)
@option("--lang", "language", key="lang", type=click.Choice(words.LANGUAGES))
@click.version_option(
    package_name="kynhan",
    message="kynhan-relay %(version)s",
    help=words.beside(words.OPTIONS["version"]),
)
def relay(language: words.Language | None) -> None:
    """All commands; words/help.py has the help."""


@relay.command(cls=Helped)
@_data
@_passphrase_file
@_passphrase_fd
def init(folder: Path, passphrase_file: Path | None, passphrase_fd: int | None) -> None:
    if Folder(folder).keys.exists():
        raise OperatorError("init.exists", folder=folder)
    admin.init(folder, passphrases.read(passphrase_file, passphrase_fd, new=True))
    say("init.done", folder=folder)


@relay.command(cls=Helped)
@_data
@option("--log", "slug", key="admit.log", required=True)
@option("--origin", key="admit.origin", required=True)
@option("--url", key="admit.url")
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
    vkeys = {vkey.name: vkey for vkey in map(Vkey.parse, roots)}
    if len(vkeys) != len(roots):
        raise OperatorError("admit.same-name")
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


@relay.command(cls=Helped)
@_data
@option("--listen", key="serve.listen", default="127.0.0.1:8480", show_default=True, metavar="HOST:PORT")
@option("--authority", key="serve.authority", metavar="HOST[:PORT]")
@option("--tick", key="serve.tick", type=click.FloatRange(0.05, 3600), default=30.0, show_default=True)
@option(
    "--per-address",
    key="serve.per-address",
    type=click.IntRange(0),
    default=Limits.per_address,
    show_default=True,
)
@option(
    "--per-loopback",
    key="serve.per-loopback",
    type=click.IntRange(0),
    default=Limits.per_loopback,
    show_default=True,
)
@option(
    "--head-seconds",
    key="serve.head-seconds",
    type=click.FloatRange(0.1, 300),
    default=Limits.head_seconds,
    show_default=True,
)
@option("--notices", key="serve.notices", type=click.Path(dir_okay=False, exists=True, path_type=Path))
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
    notices: Path | None,
    demo_clock: Path | None,
    passphrase_file: Path | None,
    passphrase_fd: int | None,
) -> None:
    host, port = _address(listen)
    if demo_clock is not None and not serving.is_loopback(host):
        raise WrongUsage("serve.loopback")
    _require_relay(folder)
    passphrase = passphrases.read(passphrase_file, passphrase_fd)
    keyfile.load(Folder(folder).keys, passphrase)  # a wrong one is told now, not when a standby takes over
    offered = outgoing.read(notices or folder / outgoing.FILE)
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
            offered,
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


@relay.command(cls=Helped)
@option("--data", "folder", key="status.data", type=click.Path(file_okay=False, path_type=Path))
@option("--url", key="status.url")
@_json
def status(folder: Path | None, url: str | None, as_json: bool) -> None:
    if (folder is None) == (url is None):
        raise WrongUsage("status.which")
    found = look(folder, url)
    if as_json:
        click.echo(json.dumps(found.as_json()))
    else:
        show(found.lines())
    if not found.well:
        sys.exit(1)


@relay.command(cls=Helped, name="verify-log")
@_data
@option("--log", "slug", key="verify-log.log")
@_passphrase_file
@_passphrase_fd
@_json
def verify_log(
    folder: Path, slug: str | None, passphrase_file: Path | None, passphrase_fd: int | None, as_json: bool
) -> None:
    keys = None
    if passphrase_file is not None or passphrase_fd is not None:
        keys = keyfile.load(Folder(folder).keys, passphrases.read(passphrase_file, passphrase_fd))
    audits = log_audit.audit(folder, slug, keys)
    if as_json:
        click.echo(json.dumps([audit.as_json() for audit in audits]))
    else:
        for audit in audits:
            show(audit.lines())
    if any(audit.discrepancies for audit in audits):
        sys.exit(1)


relay.add_command(cli_report.report)


@relay.command(cls=Helped, name="confirm-clock")
@_data
def confirm_clock(folder: Path) -> None:
    _require_relay(folder)
    now = clock.SystemClock().now()
    clock.confirm(Folder(folder).clock_confirmed, now)
    say("clock.confirmed", now=f"{now:%Y-%m-%dT%H:%M:%SZ}")


def _require_relay(folder: Path) -> None:
    if not Folder(folder).keys.is_file():
        raise OperatorError("not-a-relay", folder=folder)


def _address(text: str) -> tuple[str, int]:
    host, colon, port = text.rpartition(":")
    if not colon or not port.isdigit() or int(port) > 65535 or not host:
        raise WrongUsage("serve.listen")
    return host.removeprefix("[").removesuffix("]"), int(port)


def _leave(number: int, frame: FrameType | None) -> NoReturn:
    raise SystemExit(0)
