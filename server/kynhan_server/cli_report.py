"""`kynhan-relay report`: the figures of a period, counted from the relay's own log."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import click

from kynhan_server import reporting

_DAY: Final = click.DateTime(["%Y-%m-%d"])


@click.command()
@click.option(
    "--data",
    "folder",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="The relay's data folder.",
)
@click.option("--log", "slug", required=True, help="Short name of the log.")
@click.option("--from", "begins", type=_DAY, metavar="DATE", required=True, help="First day.")
@click.option("--to", "ends", type=_DAY, metavar="DATE", required=True, help="Last day.")
@click.option(
    "--at",
    type=click.DateTime(["%Y-%m-%dT%H:%M:%SZ"]),
    metavar="TIME",
    help="As of this time (UTC, as 2026-04-01T02:00:00Z); else now.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def report(
    folder: Path, slug: str, begins: datetime, ends: datetime, at: datetime | None, as_json: bool
) -> None:
    """Count the cases of a period as the committees' reports do, but for subjects, which are sealed.

    \b
    Example:
      kynhan-relay report --data /srv/kynhan --log ccq-ca --from 2026-03-01 --to 2026-03-31 --json
    """
    moment = datetime.now(UTC) if at is None else at.replace(tzinfo=UTC)
    found = reporting.figures(folder, slug, begins.date(), ends.date(), moment)
    if as_json:
        click.echo(json.dumps(found.as_json()))
        return
    total = found.figures.total
    click.echo(
        f"{found.log} ({found.origin}), {found.period.begins} to {found.period.ends}: "
        f"{total.carried_over} carried over, {total.received} received, {total.reopened} reopened; "
        f"{total.answered} answered, {total.fallen_out} fallen out, {total.open} open"
    )
