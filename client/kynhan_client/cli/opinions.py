"""`kynhan opinion ask | status`: opinions asked in writing, each addressee sealed and signed for on its own (R11)."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any, Final

import click

from .. import words
from ..dossiers.letter import Letter
from ..home.home import Home
from ..procedures import opinions
from ..procedures.opinions import Asked, Round
from ..screen.output import Output, day, moment, short
from .base import SETTINGS, Session, command, option
from .homes import open_home
from .lazy import LazyGroup
from .letters import deliver_round
from .spoken import NEW, TEXT_FILE, said

PLACES: Final = {
    "ask": "kynhan_client.cli.opinions:ask",
    "status": "kynhan_client.cli.opinions:status",
}

opinion = LazyGroup(
    "opinion",
    places=PLACES,
    within="opinion",
    help=words.help_text("opinion"),
    epilog=words.help_examples("opinion"),
    context_settings=SETTINGS,
)


@command("opinion ask")
@click.argument("arguments", nargs=-1, metavar="[CASE] [TEXT] [FILES]...")
@NEW
@option("--to", "opinion.to", multiple=True)
@option("--wish-date", "opinion.wish-date", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE")
@option("--title", "send.title")
@option("--cover", "send.cover", type=click.Path(path_type=Path))
@TEXT_FILE
def ask(
    session: Session,
    arguments: tuple[str, ...],
    new: bool,
    to: tuple[str, ...],
    wish_date: datetime | None,
    title: str | None,
    cover: Path | None,
    text_file: Path | None,
) -> None:
    given = said(session, arguments, new=new, text_file=text_file)

    def letters(home: Home) -> tuple[Letter, ...]:
        return opinions.ask(
            home,
            given.words,
            case=given.found(home),
            to=to,
            files=given.files,
            title=title,
            cover=cover,
            wish_date=None if wish_date is None else wish_date.date(),
        )

    deliver_round(session, letters)


@command("opinion status")
@click.argument("about", metavar="ABOUT|CASE")
def status(session: Session, about: str) -> None:
    output = session.output
    with open_home(session) as home:
        found = opinions.status(home, about)
    output.json({"rounds": [_json(one) for one in found]})
    if not found:
        output.say("opinion.none")
        return
    for one in found:
        _show(output, one)


def _show(output: Output, one: Round) -> None:
    output.say("opinion.head", style="bold", about=short(one.about), case=short(one.case), by=one.by)
    if one.wish_date is not None:
        output.say("opinion.wish", date=day(one.wish_date))
    output.table(
        ["opinion.to", "opinion.answered", "opinion.state", "opinion.when"],
        [
            [
                line.to,
                output.cell(words.pair("opinion.yes" if line.state == "answered" else "opinion.no")),
                output.cell(words.label("asked", line.state)),
                _when(line),
            ]
            for line in one.asked
        ],
    )


def _when(line: Asked) -> str:
    at = line.answered_at or line.asked_at
    return "–" if at is None else moment(at)


def _json(one: Round) -> dict[str, Any]:
    return {
        "about": one.about,
        "case": one.case,
        "by": one.by,
        "wish_date": one.wish_date,
        "asked": [
            {
                "to": line.to,
                "answered": line.state == "answered",
                "state": line.state,
                "dispatch": line.dispatch,
                "asked_at": line.asked_at,
                "answered_by": line.answered_by,
                "answered_at": line.answered_at,
            }
            for line in one.asked
        ],
    }
