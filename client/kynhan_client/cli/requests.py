"""`kynhan request`, `supplement`, `return`: asking, completing what was asked with, sending it back to be completed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import click

from kynhan_protocol.statements.codes import TERMS, URGENCIES

from ..log import track
from ..procedures import requests
from ..procedures.requests import Asked, Returning
from ..procedures.standing import Papers
from ..screen.output import Output, day
from .base import Session, command, option
from .carrying import DATE, carry, document, refresh
from .homes import open_home
from .letters import asked_title


@command("request")
@document
@option("--to", "request.to")
@option("--term", "send.term", type=click.Choice(TERMS))
@option("--subject", "send.subject")
@option("--urgency", "send.urgency", type=click.Choice(URGENCIES))
@option("--wish", "request.wish", type=DATE, metavar="DATE")
@option("--case", "request.case")
def request(
    session: Session,
    papers: Papers,
    to: str | None,
    term: str | None,
    subject: str | None,
    urgency: str | None,
    wish: datetime | None,
    case: str | None,
) -> None:
    cover = papers.cover if isinstance(papers.cover, Path) else None
    papers = replace(papers, urgency=urgency, title=papers.title or asked_title(session, cover))
    with open_home(session) as home:
        refresh(home)
        asked = Asked(to=to, subject=subject, term=term, wish=None if wish is None else wish.date())
        found = None if case is None else track.find_case(home, case)
        carry(session, home, requests.request(home, papers, asked, case=found))


@command("supplement")
@click.argument("case")
@document
@option("--to", "supplement.to")
def supplement(session: Session, case: str, papers: Papers, to: str | None) -> None:
    with open_home(session) as home:
        refresh(home)
        carry(session, home, requests.supplement(home, track.find_case(home, case), papers, to=to))


@command("return")
@click.argument("case")
@document
@option("--missing", "return.missing", multiple=True)
@option("--missing-file", "return.missing-file", type=click.Path(path_type=Path))
@option("--words", "procedure.words")
@option("--yes", "yes", is_flag=True)
def return_(
    session: Session,
    case: str,
    papers: Papers,
    missing: tuple[str, ...],
    missing_file: Path | None,
    words: str | None,
    yes: bool,
) -> None:
    with open_home(session) as home:
        refresh(home)
        returning = requests.returning(
            home,
            track.find_case(home, case),
            replace(papers, words=words),
            missing=missing,
            missing_file=missing_file,
        )
        _show_return(session.output, returning)
        session.confirm("return.ask", yes)
        more = {"restarts": returning.restarts, "restarts_until": returning.until}
        carry(session, home, returning.letter, more)


def _show_return(output: Output, returning: Returning) -> None:
    if returning.until is None:
        output.say("return.no-clock", sign="!")
    elif returning.restarts:
        output.say("return.restarts", sign="→", date=day(returning.until))
    else:
        output.say("return.too-late", sign="!", date=day(returning.until))
