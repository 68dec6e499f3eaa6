"""`kynhan-relay report`: the figures of a period, counted from the relay's own log."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import click

from kynhan_server.clock import SystemClock
from kynhan_server.operator import reporting
from kynhan_server.operator.telling import Helped, option, say

_DAY: Final = click.DateTime(["%Y-%m-%d"])
_TIME: Final = click.DateTime(["%Y-%m-%dT%H:%M:%SZ"])


@click.command(cls=Helped)
@option("--data", "folder", key="data", required=True, type=click.Path(file_okay=False, path_type=Path))
@option("--log", "slug", key="report.log", required=True)
@option("--from", "begins", key="report.from", type=_DAY, metavar="DATE", required=True)
@option("--to", "ends", key="report.to", type=_DAY, metavar="DATE", required=True)
@option("--at", key="report.at", type=_TIME, metavar="TIME")
@option("--json", "as_json", key="json", is_flag=True)
def report(
    folder: Path, slug: str, begins: datetime, ends: datetime, at: datetime | None, as_json: bool
) -> None:
    moment = SystemClock().now() if at is None else at.replace(tzinfo=UTC)
    found = reporting.figures(folder, slug, begins.date(), ends.date(), moment)
    if as_json:
        click.echo(json.dumps(found.as_json()))
        return
    total = found.figures.total
    say("report.of", log=found.log, origin=found.origin, begins=found.period.begins, ends=found.period.ends)
    say(
        "report.total",
        **{name: getattr(total, name) for name in ("carried_over", "received", "reopened")},
        **{name: getattr(total, name) for name in ("answered", "fallen_out", "open")},
    )
    if total.contested:
        say("report.contested", contested=total.contested)
