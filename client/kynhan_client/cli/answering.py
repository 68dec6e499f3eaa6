"""`kynhan reply`, `interim`, `extend`: the answer, what is known before it, and more time for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import click

from ..clauses import clause
from ..dossiers.letter import Letter
from ..errors import problem
from ..home.home import Home
from ..log import track
from ..procedures import extensions, replies, standing
from ..procedures.standing import Papers
from .base import Session, command, option
from .calendar_preview import marked
from .carrying import DATE, carry, document, refresh
from .homes import open_home
from .letters import asked_title


@command("reply")
@click.argument("case")
@document
def reply(session: Session, case: str, papers: Papers) -> None:
    cover = papers.cover if isinstance(papers.cover, Path) else None
    papers = replace(papers, title=papers.title or asked_title(session, cover))
    with open_home(session) as home:
        refresh(home)
        letter = replies.reply(home, track.find_case(home, case), papers)
        _say_whom(session, home, letter)
        carry(session, home, letter)


@command("interim")
@click.argument("case")
@document
@option("--words", "procedure.words")
def interim(session: Session, case: str, papers: Papers, words: str | None) -> None:
    with open_home(session) as home:
        refresh(home)
        letter = replies.interim(home, track.find_case(home, case), replace(papers, words=words))
        _say_whom(session, home, letter)
        session.output.say("interim.mark", sign="!")
        carry(session, home, letter, {"concluded": False})


def _say_whom(session: Session, home: Home, letter: Letter) -> None:
    """Where the profile lets units answer through their committee only, it says so."""
    if not replies.replies_directly(standing.of_case(home, letter.case or "")):
        session.output.say("reply.through-committee", sign="!", to=letter.to)


@command("extend")
@click.argument("case")
@document
@option("--until", "extend.until", type=DATE, metavar="DATE")
@option("--days", "extend.days", type=int)
@option("--reason", "extend.reason", required=True)
@option("--yes", "yes", is_flag=True)
def extend(
    session: Session,
    case: str,
    papers: Papers,
    until: datetime | None,
    days: int | None,
    reason: str,
    yes: bool,
) -> None:
    output = session.output
    if until is not None and days is not None:
        raise problem("bad-letter", why=clause("extend.both-dates"))
    with open_home(session) as home:
        refresh(home)
        extending = extensions.extension(
            home,
            track.find_case(home, case),
            papers,
            reason,
            until=None if until is None else until.date(),
            days=days,
        )
        before, announced, original = (
            marked(one, extending.provisional_from)
            for one in (extending.before, extending.announced, extending.original)
        )
        output.say("extend.dates", before=before, announced=announced)
        output.say("extend.original", original=original)
        if extending.late:
            output.say("extend.late", sign="!")
        session.confirm("extend.ask", yes)
        more = {
            "original": extending.original,
            "before": extending.before,
            "announced": extending.announced,
            "provisional": extending.announced >= extending.provisional_from,
            "late": extending.late,
        }
        carry(session, home, extending.letter, more)
