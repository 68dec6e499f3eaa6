"""`kynhan assign`, `unassign`: giving a case to a unit, to another one, and taking it back."""

from __future__ import annotations

from dataclasses import replace

import click

from ..log import track
from ..procedures import assignments
from ..procedures.assignments import TakenBack
from ..procedures.standing import Papers
from ..screen.output import Output, moment, short
from .base import FailedError, Session, command, option
from .carrying import document, kind_label, refresh, told
from .homes import open_home
from .online import online
from .progress import meter


@command("assign")
@click.argument("case")
@document
@option("--to", "assign.to", into="unit", required=True)
@option("--words", "procedure.words")
@option("--yes", "yes", is_flag=True)
def assign(session: Session, case: str, papers: Papers, unit: str, words: str | None, yes: bool) -> None:
    output = session.output
    with open_home(session) as home:
        refresh(home)
        found = track.find_case(home, case)
        assigning = assignments.assignment(home, found, unit, replace(papers, words=words))
        if assigning.before is not None and assigning.before != assigning.unit:
            output.say("assign.from", sign="!", before=assigning.before)
        for sent in assigning.handed:
            at = moment(sent.received_at or sent.sent_at)
            output.say("assign.handed", sign="→", kind=kind_label(sent.kind), at=at)
        session.confirm("assign.ask", yes, unit=assigning.unit)
        with meter(session) as show:
            sent_on = online(home, lambda relay: assignments.assign(home, relay, assigning, progress=show))
            show.ended = sent_on.state == "sent"
        more = {"before": assigning.before, "handed_on": [sent.id for sent in assigning.handed]}
        told(session, assigning.letter, sent_on, more)


@command("unassign")
@click.argument("case")
@option("--words", "procedure.words")
@option("--yes", "yes", is_flag=True)
def unassign(session: Session, case: str, words: str | None, yes: bool) -> None:
    output = session.output
    with open_home(session) as home:
        refresh(home)
        found = track.find_case(home, case)
        for sent in assignments.assigned(home, found):
            output.say("unassign.which", sign="→", unit=sent.to, dispatch=short(sent.id))
        session.confirm("unassign.ask", yes)
        with meter(session) as show:
            taken = online(
                home,
                lambda relay: assignments.unassign(home, relay, found, Papers(words=words), progress=show),
            )
    _told_taken(output, found, taken)


def _told_taken(output: Output, case: str, taken: list[TakenBack]) -> None:
    waiting = next((one for one in taken if one.state == "queued"), None)
    answer = {
        "case": case,
        "taken_back": [
            {"dispatch": one.dispatch, "unit": one.unit, "how": one.how, "state": one.state} for one in taken
        ],
    }
    for one in taken:
        if one.state == "queued":
            output.say("send.queued", sign="!")
        elif one.how == "withdrawn":
            output.say("unassign.withdrawn", sign="✓", unit=one.unit)
        else:
            output.say("unassign.recalled", sign="✓", unit=one.unit)
    if waiting is None or waiting.reason is None:
        output.json(answer)
    else:
        output.error(waiting.reason, answer)
    if waiting is not None:
        raise FailedError
