"""`kynhan send`: a dossier of any kind; sealed, sent, receipted."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from kynhan_protocol.statements.codes import KINDS, SECRECIES, TERMS, URGENCIES

from ..dossiers.letter import Letter
from ..home.home import Home
from ..log import track
from .base import Session, command, option
from .letters import asked_title, deliver

FILES = click.argument("files", type=click.Path(path_type=Path), nargs=-1)


@command("send")
@FILES
@option("--to", "send.to", required=True)
@option("--kind", "send.kind", type=click.Choice(KINDS), metavar="KIND", required=True)
@option("--term", "send.term", type=click.Choice(TERMS))
@option("--subject", "send.subject")
@option("--title", "send.title")
@option("--cover", "send.cover", type=click.Path(path_type=Path))
@option("--urgency", "send.urgency", type=click.Choice(URGENCIES))
@option("--secrecy", "send.secrecy", type=click.Choice(SECRECIES))
@option("--case", "send.case")
@option("--regarding", "send.regarding")
@option("--about", "send.about")
@option("--due", "send.due", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE")
@option("--next-number", "send.next-number", is_flag=True)
@option("--yes", "yes", is_flag=True)
def send(
    session: Session,
    files: tuple[Path, ...],
    to: str,
    kind: str,
    term: str | None,
    subject: str | None,
    title: str | None,
    cover: Path | None,
    urgency: str | None,
    secrecy: str | None,
    case: str | None,
    regarding: str | None,
    about: str | None,
    due: datetime | None,
    next_number: bool,
    yes: bool,
) -> None:
    def letter(home: Home) -> Letter:
        return Letter(
            kind=kind,
            to=to,
            files=files,
            cover=cover,
            title=title or asked_title(session, cover),
            term=term,
            subject=subject,
            urgency=urgency,
            secrecy=secrecy,
            case=None if case is None else track.find_case(home, case),
            regarding=None if regarding is None else track.find_dispatch(home, regarding),
            about=about,
            due=None if due is None else due.date(),
        )

    deliver(session, letter, next_number=next_number, yes=yes)
