"""`kynhan send`, `reply`, `message`: a dossier, an answer, a few words; sealed, sent, receipted."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import click

from kynhan_protocol.codes import KINDS, SECRECIES, TERMS, URGENCIES

from .. import send as sends
from .. import track
from ..errors import problem
from ..home import Home
from ..progress import meter
from ..send import Letter, Sent
from .base import FailedError, Session, command, option
from .files import read_file
from .homes import open_home
from .online import online

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
) -> None:
    def letter(home: Home) -> Letter:
        return Letter(
            kind=kind,
            to=to,
            files=files,
            cover=cover,
            title=title or _asked_title(session, cover),
            term=term,
            subject=subject,
            urgency=urgency,
            secrecy=secrecy,
            case=None if case is None else track.find_case(home, case),
            regarding=None if regarding is None else track.find_dispatch(home, regarding),
            about=about,
            due=None if due is None else due.date(),
        )

    _send(session, letter)


@command("reply")
@click.argument("case")
@FILES
@option("--title", "send.title")
@option("--cover", "send.cover", type=click.Path(path_type=Path))
def reply(
    session: Session, case: str, files: tuple[Path, ...], title: str | None, cover: Path | None
) -> None:
    def letter(home: Home) -> Letter:
        found = track.find_case(home, case)
        return sends.reply_to(
            home, found, files=files, title=title or _asked_title(session, cover), cover=cover
        )

    _send(session, letter)


@command("message")
@click.argument("case")
@click.argument("text", required=False)
@FILES
@option("--text-file", "message.text-file", type=click.Path(path_type=Path))
def message(
    session: Session, case: str, text: str | None, files: tuple[Path, ...], text_file: Path | None
) -> None:
    if text_file is not None and text is not None:  # then the words are in the file, and this is an enclosure
        files = (Path(text), *files)
    words = _message_words(text, text_file)

    def letter(home: Home) -> Letter:
        return sends.message_in(home, track.find_case(home, case), words, files=files)

    _send(session, letter)


def _message_words(text: str | None, text_file: Path | None) -> str:
    """The message: given, from a file, or from stdin; without the newline at its end. Raises ClientError bad-file."""
    source = text_file if text_file is not None else Path("-") if text == "-" else None
    if source is None:
        if text is None:
            raise click.UsageError("CASE TEXT | CASE - | CASE --text-file FILE")
        return text
    try:
        return read_file(source).decode().removesuffix("\n")
    except UnicodeDecodeError as error:
        raise problem("bad-file", path=source, why=error) from error


def _asked_title(session: Session, cover: Path | None) -> str | None:
    """The title asked for at a terminal, with what must not stand in it; None where a cover file may have it."""
    if cover is not None or session.as_json or not sys.stdin.isatty():
        return None
    session.output.note("send.title-note")
    typed: str = click.prompt(session.output.text("send.ask-title"), err=True)
    return typed.strip()


def _send(session: Session, letter: Callable[[Home], Letter]) -> None:
    with open_home(session) as home:
        ready = letter(home)
        with meter(session) as show:
            sent = online(home, lambda relay: sends.send(home, relay, ready, progress=show))
            show.ended = sent.state == "sent"
    _tell(session, sent)


def _tell(session: Session, sent: Sent) -> None:
    output = session.output
    answer = {"case": sent.case, "dispatch": sent.dispatch, "index": sent.index, "state": sent.state}
    if sent.state == "queued":
        output.say("send.queued", sign="!")
        output.say("send.case", case=sent.case)
        if sent.reason is None:
            output.json(answer)
        else:
            output.error(sent.reason, answer)
        raise FailedError
    output.json(answer)
    output.say("send.sent", sign="✓", index=sent.index)
    output.say("send.case", case=sent.case)
    output.say("send.dispatch", dispatch=sent.dispatch)
