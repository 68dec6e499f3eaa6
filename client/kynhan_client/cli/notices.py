"""`kynhan notice`, `difficulty`, `close`: what is told unasked, what stands in the way, how a case ends."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from kynhan_protocol.statements.codes import SECRECIES, URGENCIES

from ..dossiers.letter import Letter
from ..home.home import Home
from ..log import track
from ..procedures import closing, notices
from ..procedures.closing import Conclusion
from ..screen.output import day
from .base import Session, command, option
from .letters import asked_title, deliver
from .spoken import ARGUMENTS, NEW, TEXT_FILE, said

COVER = option("--cover", "send.cover", type=click.Path(path_type=Path))
TITLE = option("--title", "send.title")
FILES = click.argument("files", type=click.Path(path_type=Path), nargs=-1)


@command("notice")
@click.argument("files", type=click.Path(path_type=Path), nargs=-1, required=True)
@option("--to", "exchange.to")
@option("--about-case", "notice.about-case")
@TITLE
@COVER
@option("--subject", "send.subject")
@option("--urgency", "send.urgency", type=click.Choice(URGENCIES))
@option("--secrecy", "send.secrecy", type=click.Choice(SECRECIES))
def notice(
    session: Session,
    files: tuple[Path, ...],
    to: str | None,
    about_case: str | None,
    title: str | None,
    cover: Path | None,
    subject: str | None,
    urgency: str | None,
    secrecy: str | None,
) -> None:
    def letter(home: Home) -> Letter:
        return notices.notice(
            home,
            files,
            to=to,
            case=None if about_case is None else track.find_case(home, about_case),
            title=title or asked_title(session, cover),
            cover=cover,
            subject=subject,
            urgency=urgency,
            secrecy=secrecy,
        )

    deliver(session, letter)


@command("difficulty")
@ARGUMENTS
@NEW
@option("--to", "exchange.to")
@TITLE
@COVER
@TEXT_FILE
def difficulty(
    session: Session,
    arguments: tuple[str, ...],
    new: bool,
    to: str | None,
    title: str | None,
    cover: Path | None,
    text_file: Path | None,
) -> None:
    given = said(session, arguments, new=new, text_file=text_file)

    def letter(home: Home) -> Letter:
        return notices.difficulty(
            home, given.words, to=to, case=given.found(home), files=given.files, title=title, cover=cover
        )

    deliver(session, letter)


@command("close")
@click.argument("case")
@FILES
@option("--number", "close.number", type=int, required=True)
@option("--symbol", "close.symbol", required=True)
@option("--issued", "close.issued", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", required=True)
@TITLE
@COVER
@option("--yes", "yes", is_flag=True)
def close(
    session: Session,
    case: str,
    files: tuple[Path, ...],
    number: int,
    symbol: str,
    issued: datetime,
    title: str | None,
    cover: Path | None,
    yes: bool,
) -> None:
    conclusion = Conclusion(number, symbol, issued.date())

    def letter(home: Home) -> Letter:
        found = track.find_case(home, case)
        made = closing.close(home, found, conclusion, files=files, title=title, cover=cover)
        session.confirm("close.ask", yes, case=found, number=conclusion.printed, date=day(conclusion.issued))
        return made

    deliver(session, letter)
