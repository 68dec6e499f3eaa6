"""`kynhan correct`: a wrong term, put right by both sides' signatures."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import click

from kynhan_protocol.statements.codes import TERMS

from ..clauses import clause
from ..errors import problem
from ..home.home import Home
from ..log import track
from ..procedures import standing, terms
from ..procedures.standing import Papers
from ..procedures.terms import Correcting
from ..screen.output import Output
from ..words import Pair
from .base import Session, command, option
from .calendar_preview import marked
from .carrying import DATE, carry, document, refresh
from .homes import open_home


@command("correct")
@click.argument("case")
@document
@option("--term", "send.term", type=click.Choice(TERMS))
@option("--due", "correct.due", type=DATE, metavar="DATE")
@option("--agree", "correct.agree", is_flag=True)
@option("--void", "correct.void", metavar="DISPATCH")
@option("--words", "procedure.words")
@option("--yes", "yes", is_flag=True)
def correct(
    session: Session,
    case: str,
    papers: Papers,
    term: str | None,
    due: datetime | None,
    agree: bool,
    void: str | None,
    words: str | None,
    yes: bool,
) -> None:
    if (agree or void is not None) and (term is not None or due is not None or (agree and void is not None)):
        raise problem("bad-letter", why=clause("correct.both"))
    papers = replace(papers, words=words)
    with open_home(session) as home:
        refresh(home)
        found = track.find_case(home, case)
        if agree:
            correcting = terms.agreement(home, found, papers)
        elif void is not None:
            correcting = terms.annulment(home, found, papers, track.find_dispatch(home, void))
        else:
            on = None if due is None else due.date()
            correcting = terms.correction(home, found, papers, term=term, due=on)
        _show(session.output, home, correcting)
        if agree:
            session.output.say("correct.agrees", sign="→")
        else:
            session.output.say("correct.proposes", sign="→", other=correcting.letter.to)
        session.confirm("correct.ask", yes)
        more = {
            "term": correcting.term,
            "before": correcting.before,
            "after": correcting.after,
            "due": correcting.due,
            "provisional": correcting.due is not None and correcting.due >= correcting.provisional_from,
            "agrees": agree,
            "voids": correcting.letter.term is None and correcting.letter.due is None,
        }
        carry(session, home, correcting.letter, more)


def _show(output: Output, home: Home, correcting: Correcting) -> None:
    if correcting.letter.term is None and correcting.letter.due is None:
        output.say("correct.voids")
        return
    if correcting.term is not None:
        output.say("correct.term", label=_label(home, correcting))
    before, after, due = (
        marked(one, correcting.provisional_from)
        for one in (correcting.before, correcting.after, correcting.due)
    )
    output.say("correct.dates", before=before, after=after, due=due)


def _label(home: Home, correcting: Correcting) -> Pair:
    profile = standing.of_case(home, correcting.letter.case or "").profile
    label = profile.term(correcting.term or "").label
    return label.vi, label.en
