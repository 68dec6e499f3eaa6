"""`kynhan message`, `note`, `question`, `answer`: exchanges in few words, on a case or before there is one."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from ..dossiers.letter import Letter
from ..home.home import Home
from ..log import track
from ..procedures import exchanges
from ..procedures.exchanges import DirectExchange
from .base import Session, command, option
from .letters import deliver
from .spoken import ARGUMENTS, NEW, TEXT_FILE, LocalTime, said

CASE_FIRST = click.argument("arguments", nargs=-1, metavar="CASE [TEXT] [FILES]...")


@command("message")
@ARGUMENTS
@NEW
@option("--to", "exchange.to")
@TEXT_FILE
def message(
    session: Session, arguments: tuple[str, ...], new: bool, to: str | None, text_file: Path | None
) -> None:
    given = said(session, arguments, new=new, text_file=text_file)

    def letter(home: Home) -> Letter:
        return exchanges.message(home, given.words, case=given.found(home), to=to, files=given.files)

    deliver(session, letter)


@command("question")
@CASE_FIRST
@option("--to", "exchange.to")
@TEXT_FILE
def question(session: Session, arguments: tuple[str, ...], to: str | None, text_file: Path | None) -> None:
    given = said(session, arguments, new=False, text_file=text_file)

    def letter(home: Home) -> Letter:
        case = track.find_case(home, given.case or "")
        return exchanges.question(home, case, given.words, to=to, files=given.files)

    deliver(session, letter)


@command("answer")
@CASE_FIRST
@option("--regarding", "answer.regarding")
@TEXT_FILE
def answer(
    session: Session, arguments: tuple[str, ...], regarding: str | None, text_file: Path | None
) -> None:
    given = said(session, arguments, new=False, text_file=text_file)

    def letter(home: Home) -> Letter:
        asked = None if regarding is None else track.find_dispatch(home, regarding)
        case = track.find_case(home, given.case or "")
        return exchanges.answer(home, case, given.words, regarding=asked, files=given.files)

    deliver(session, letter)


@command("note")
@ARGUMENTS
@NEW
@option("--at", "note.at", type=LocalTime(), required=True)
@option("--by", "note.by", into="means", required=True)
@option("--between", "note.between", multiple=True, required=True)
@option("--to", "exchange.to")
@TEXT_FILE
def note(
    session: Session,
    arguments: tuple[str, ...],
    new: bool,
    at: datetime,
    means: str,
    between: tuple[str, ...],
    to: str | None,
    text_file: Path | None,
) -> None:
    given = said(session, arguments, new=new, text_file=text_file)
    exchange = DirectExchange(at, means, between, given.words or "")

    def letter(home: Home) -> Letter:
        return exchanges.note(home, exchange, case=given.found(home), to=to, files=given.files)

    deliver(session, letter)
