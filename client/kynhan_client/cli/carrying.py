"""What the commands of the procedures share: the document's options, news before anything is decided, delivery and what
became of it."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import click

from kynhan_protocol.case.table import RULES
from kynhan_protocol.statements.codes import SECRECIES

from ..dossiers.letter import Letter
from ..errors import ClientError
from ..home.home import Home
from ..log import mirror
from ..log.view import View
from ..packages import own_copy
from ..packages.send import LetterOutcome
from ..procedures import copies
from ..procedures.standing import Papers
from ..relay.relay import Relay
from ..screen.output import short
from ..words import Pair
from .base import Session, option
from .letters import numbered, require_not_waiting, tell
from .online import online
from .progress import meter

DATE = click.DateTime(["%Y-%m-%d"])


def document(function: Callable[..., None]) -> Callable[..., None]:
    """Files and register fields of a document, given to the command as `papers`."""

    @click.argument("files", type=click.Path(path_type=Path), nargs=-1)
    @option("--title", "send.title")
    @option("--cover", "send.cover", type=click.Path(path_type=Path))
    @option("--secrecy", "send.secrecy", type=click.Choice(SECRECIES))
    @option("--next-number", "send.next-number", is_flag=True)
    @functools.wraps(function)
    def with_papers(
        session: Session,
        *args: Any,
        files: tuple[Path, ...],
        title: str | None,
        cover: Path | None,
        secrecy: str | None,
        next_number: bool,
        **kwargs: Any,
    ) -> None:
        session.next_number = next_number
        papers = Papers(files=files, title=title, cover=cover, secrecy=secrecy)
        function(session, *args, papers=papers, **kwargs)

    return with_papers


def refresh(home: Home) -> None:
    """Reads the log if the relay can be reached: what is decided now is decided from the newest news."""

    if home.config.relay is None:
        return

    async def read(relay: Relay) -> None:
        try:
            await mirror.sync(home, relay)
        except ClientError as error:
            if error.code != "relay-down":
                raise

    online(home, read)


def carry(session: Session, home: Home, letter: Letter, more: Mapping[str, Any] | None = None) -> None:
    """Sends a letter and the copies owed with it, showing how it goes, and tells what became of them."""
    require_not_waiting(session, home, letter)
    admits = own_copy.admitted_by(View(home), letter)
    if admits is not None:
        session.output.say("carry.admits", sign="!", dispatch=short(admits))
        more = {**(more or {}), "admits": admits}
    yes = session.as_json or not sys.stdin.isatty()
    with numbered(session, home, letter, session.next_number, yes) as (ready, twins), meter(session) as show:
        sent, copied = online(home, lambda relay: copies.send_with(home, relay, ready, progress=show))
        show.ended = sent.state == "sent"
    told(session, letter, sent, {**(more or {}), "used_before": twins}, copied)


def told(
    session: Session,
    letter: Letter,
    sent: LetterOutcome,
    more: Mapping[str, Any] | None = None,
    copied: tuple[copies.Copied, ...] = (),
) -> None:
    """Tells what became of a letter: to whom it went, and its copies."""
    output = session.output
    output.say("procedure.to", kind=kind_label(letter.kind), to=letter.to)
    answer = {
        "kind": letter.kind,
        "to": letter.to,
        "regarding": letter.regarding,
        "copies": [
            {"to": one.to, "dispatch": one.sent.dispatch, "index": one.sent.index, "state": one.sent.state}
            for one in copied
        ],
        **(more or {}),
    }
    tell(session, sent, answer)
    for one in copied:
        if one.sent.state == "sent":
            output.say("copy.sent", sign="✓", to=one.to, index=one.sent.index)
        else:
            output.say("copy.queued", sign="!", to=one.to)


def kind_label(kind: str) -> Pair:
    """What a kind of dispatch is called, with its capital letter in Vietnamese."""
    label = RULES[kind].label
    return label.vi[0].upper() + label.vi[1:], label.en[0].upper() + label.en[1:]
