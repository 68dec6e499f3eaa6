"""`kynhan register in | out | enter | settings`: the registers of documents that came and that went."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Final

import click

from kynhan_protocol.package import manifest as manifests

from .. import words
from ..errors import problem
from ..home import cupboard
from ..log import track
from ..registers import register_list, registers
from ..registers.register_list import RegisterLine
from ..registers.register_rows import Direction
from ..screen.output import Output, day, moment, short
from ..words import Pair
from .base import SETTINGS, Session, command, option
from .homes import open_home
from .lazy import LazyGroup
from .lists import as_csv, write_csv

PLACES: Final = {
    "in": "kynhan_client.cli.registers:in_",
    "out": "kynhan_client.cli.registers:out",
    "enter": "kynhan_client.cli.registers:enter",
    "settings": "kynhan_client.cli.registers:settings",
}
IN: Final = ("register.arrival", "register.at", "register.document", "register.title", "register.handling")
OUT: Final = ("register.number", "register.at", "register.document", "register.title", "register.to")
CSV: Final = (
    *("register.series", "register.period", "register.number", "register.state", "register.at"),
    *("register.issuer", "register.printed", "register.issued", "register.doctype", "register.title"),
    *("register.receiver", "register.distribution", "register.location", "register.dispatch"),
)
FAMILIES: Final = {"party": "register.party", "state": "register.state-form"}
STATES: Final = {
    "reserved": "register.reserved",
    "void": "register.void",
    "gap": "register.gap",
    "destroyed": "register.destroyed",
}

register = LazyGroup(
    "register",
    places=PLACES,
    within="register",
    help=words.help_text("register"),
    epilog=words.help_examples("register"),
    context_settings=SETTINGS,
)


@command("register in")
@option("--series", "register.series")
@option("--period", "register.period")
@as_csv
def in_(session: Session, series: str | None, period: str | None, csv: bool) -> None:
    _show(session, "in", series, period, csv)


@command("register out")
@option("--series", "register.series")
@option("--period", "register.period")
@as_csv
def out(session: Session, series: str | None, period: str | None, csv: bool) -> None:
    _show(session, "out", series, period, csv)


def _show(session: Session, direction: Direction, series: str | None, period: str | None, csv: bool) -> None:
    output = session.output
    with open_home(session) as home:
        lines = register_list.register(home, direction, series=series, period=period)
    if csv:
        write_csv(session, CSV, [_csv_row(output, line) for line in lines])
        return
    output.json({"register": [_json(line) for line in lines]})
    if not lines:
        output.say("register.empty")
    for key in dict.fromkeys(line.series.key for line in lines):
        _show_series(output, direction, [line for line in lines if line.series.key == key])


def _show_series(output: Output, direction: Direction, lines: list[RegisterLine]) -> None:
    series = lines[0].series
    output.say(
        "register.head-in" if direction == "in" else "register.head-out",
        style="bold",
        family=words.pair(FAMILIES[series.family]),
        series=f" {series.series}" if series.series else "",
        period=series.period,
    )
    output.table(IN if direction == "in" else OUT, [_row(output, line) for line in lines])
    if any(line.twin for line in lines):
        output.say("register.twin-note", sign="!", style="yellow")
    output.plain()


def _row(output: Output, line: RegisterLine) -> list[str]:
    if line.state != "entered":
        return [_number(line), "", "", output.cell(words.pair(STATES[line.state])), ""]
    handling = (
        [line.receiver, line.distribution, line.location]
        if line.series.direction == "in"
        else [line.receiver]
    )
    printed = f"! {line.printed}" if line.twin else line.printed
    return [
        _number(line),
        "" if line.at is None else moment(line.at).replace(" ", "\n"),
        "\n".join(part for part in (printed, _issued(line), line.issuer) if part) or "–",
        "\n".join(part for part in (line.doctype, line.title) if part) or "–",
        "\n".join(part for part in handling if part) or "–",
    ]


def _number(line: RegisterLine) -> str:
    if line.number is None:
        return "–"
    return f"{line.number}" if line.last in (None, line.number) else f"{line.number}–{line.last}"


def _issued(line: RegisterLine) -> str | None:
    return None if line.issued is None else day(date.fromisoformat(line.issued))


def _csv_row(output: Output, line: RegisterLine) -> list[object]:
    series = " ".join(part for part in (line.series.family, line.series.series) if part)
    state = output.pick(words.pair(STATES[line.state])) if line.state in STATES else ""
    return [
        *(series, line.series.period, _number(line), state, line.at),
        *(line.issuer, line.printed, line.issued, line.doctype, line.title),
        *(line.receiver, line.distribution, line.location, line.dispatch),
    ]


def _json(line: RegisterLine) -> dict[str, Any]:
    return {
        "direction": line.series.direction,
        "family": line.series.family,
        "series": line.series.series,
        "period": line.series.period,
        "state": line.state,
        "number": line.number,
        "last": line.last,
        "dispatch": line.dispatch,
        "at": line.at,
        "issuer": line.issuer,
        "printed": line.printed,
        "issued": line.issued,
        "doctype": line.doctype,
        "title": line.title,
        "receiver": line.receiver,
        "distribution": line.distribution,
        "location": line.location,
        "twin": line.twin,
    }


@command("register enter")
@click.argument("dispatch")
@option("--number", "register.enter-number", type=click.IntRange(1, 999_999))
@option("--distribution", "register.distribution")
@option("--location", "register.location")
def enter(
    session: Session, dispatch: str, number: int | None, distribution: str | None, location: str | None
) -> None:
    with open_home(session) as home:
        found = track.find_dispatch(home, dispatch)
        note = cupboard.manifest(home.archive, found)
        if note is None:
            raise problem("not-opened", dispatch=found[:12])
        entry = registers.enter(
            home,
            found,
            manifests.parse(note).manifest,
            number=number,
            distribution=distribution,
            location=location,
        )
    session.output.json(
        {
            "dispatch": found,
            "direction": entry.series.direction,
            "family": entry.series.family,
            "series": entry.series.series,
            "period": entry.series.period,
            "number": entry.number,
            "distribution": entry.distribution,
            "location": entry.location,
        }
    )
    told = "–" if entry.number is None else str(entry.number)
    session.output.say("register.entered", sign="✓", number=told, period=entry.series.period)
    session.output.say("register.where", sign=" ", dispatch=short(found))


@command("register settings")
@option("--term-begins", "register.term-begins", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE")
@option("--auto/--no-auto", "register.auto", into="automatic", default=None)
def settings(session: Session, term_begins: datetime | None, automatic: bool | None) -> None:
    output = session.output
    with open_home(session) as home:
        begins = None if term_begins is None else term_begins.date()
        kept = registers.change_settings(home, automatic=automatic, term_begins=begins)
    output.json({"automatic": kept.automatic, "term_begins": list(kept.term_begins)})
    yes: Pair = words.pair("register.auto-on" if kept.automatic else "register.auto-off")
    output.say("register.auto", how=yes)
    output.say("register.terms", dates=", ".join(map(day, kept.term_begins)))
