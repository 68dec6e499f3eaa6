"""What the commands that send something share: words and titles asked for, delivery shown and told."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import click

from .. import words
from ..dossiers import dossier
from ..dossiers.letter import Letter
from ..errors import ClientError, problem
from ..home.home import Home
from ..packages import outbox_list
from ..packages import send as sends
from ..packages.send import LetterOutcome
from ..procedures import rounds
from ..procedures.rounds import RoundLetter
from ..registers import numbering
from ..registers.numbering import Twin
from ..screen.output import short
from .base import FailedError, Session
from .files import read_file
from .homes import open_home
from .online import online
from .progress import meter

ROUND: Final = {"sent": "round.sent", "queued": "round.queued", "before": "round.before"}


def words_given(session: Session, text: str | None, text_file: Path | None) -> str:
    """The message: given, from a file, or from stdin; without the newline at its end, cleaned.

    Raises ClientError bad-file.
    """
    source = text_file if text_file is not None else Path("-") if text == "-" else None
    if source is None:
        if text is None:
            raise click.UsageError("CASE TEXT | CASE - | CASE --text-file FILE")
        return session.cleaned(text)
    try:
        return session.cleaned(read_file(source).decode().removesuffix("\n"))
    except UnicodeDecodeError as error:
        raise problem("bad-file", path=source, why=error) from error


def asked_title(session: Session, cover: Path | None) -> str | None:
    """The title asked for at a terminal, with what must not stand in it; None where a cover file may have it."""
    if cover is not None or session.as_json or not sys.stdin.isatty():
        return None
    session.output.note("send.title-note")
    typed: str = click.prompt(session.output.text("send.ask-title"), err=True)
    return session.cleaned(typed.strip())


def deliver(
    session: Session, letter: Callable[[Home], Letter], *, next_number: bool = False, yes: bool = False
) -> None:
    """Sends the letter that `letter` makes, showing how it goes, and tells what became of it; numbers: numbered()."""
    with open_home(session) as home:
        asked = letter(home)
        _tell_renamed(session, asked.files)
        require_not_waiting(session, home, asked, yes)
        with numbered(session, home, asked, next_number, yes) as (ready, twins), meter(session) as show:
            sent = online(home, lambda relay: sends.send(home, relay, ready, progress=show))
            show.ended = sent.state == "sent"
    tell(session, sent, {"used_before": twins})


def _tell_renamed(session: Session, paths: Iterable[Path]) -> None:
    """Says which files travel under another name than they have here."""
    for own, name in dossier.renamed(tuple(paths)):
        session.output.warn(words.pair("send.renamed", own=own, name=name))


def require_not_waiting(session: Session, home: Home, letter: Letter, yes: bool = False) -> None:
    """Asks before the same letter is sealed once more while it waits to be sent (after a crash, say); `yes` answers.

    Raises ClientError not-confirmed, or waits-already where there is nobody to ask.
    """
    number = None if yes else outbox_list.alike(home, letter)
    if number is None:
        return
    if session.as_json or not sys.stdin.isatty():
        raise problem("waits-already", number=number)
    session.output.warn(words.pair("outbox.waits-already", number=number))
    session.confirm("outbox.ask-again", yes)


@contextmanager
def numbered(
    session: Session, home: Home, letter: Letter, next_number: bool, yes: bool
) -> Iterator[tuple[Letter, list[str]]]:
    """The letter as it goes out, and the dispatches that bore its number before.

    With `next_number` it gets the next number of its series; a number used before is asked about first (`yes`: only
    told; likewise where nobody can be asked). What becomes of a number taken is settled at the end, however it ends.
    """
    if not next_number:
        yield letter, [twin.dispatch for twin in _check_number(session, home, letter, yes)]
        return
    with numbering.taking(home):
        ready, taken = numbering.numbered(home, letter)
        session.output.note("register.taken", number=taken.number)
        try:
            yield ready, []
        finally:
            numbering.settle(home, taken)


def deliver_round(session: Session, letters: Callable[[Home], Sequence[Letter]]) -> None:
    """Sends the letters that `letters` makes, each addressee told as it is done; what waits is told at the end."""
    output = session.output
    lines: list[RoundLetter] = []

    def told(line: RoundLetter) -> None:
        lines.append(line)
        output.say(ROUND[line.state], sign="!" if line.state == "queued" else "✓", to=line.to)

    with open_home(session) as home:
        ready = letters(home)
        _tell_renamed(session, dict.fromkeys(path for one in ready for path in one.files))
        round_ = {"about": ready[0].about, "case": ready[0].case or ready[0].begins}
        try:
            with meter(session) as show:
                online(home, lambda relay: rounds.send_round(home, relay, ready, progress=show, told=told))
                show.ended = all(line.state != "queued" for line in lines)
        except ClientError as error:
            output.error(error, {**round_, "sent": [_line(one) for one in lines]})
            raise FailedError from error
    answer = {**round_, "sent": [_line(one) for one in lines]}
    waiting = next((line for line in lines if line.state == "queued"), None)
    if waiting is not None and waiting.reason is not None:
        output.error(waiting.reason, answer)
    else:
        output.json(answer)
    output.say("send.case", case=round_["case"])
    output.say("round.about", about=round_["about"])
    if waiting is not None:
        raise FailedError


def _line(line: RoundLetter) -> dict[str, object]:
    return {"to": line.to, "state": line.state, "dispatch": line.dispatch, "index": line.index}


def _check_number(session: Session, home: Home, letter: Letter, yes: bool) -> list[Twin]:
    """Tells of a number that our register has already, and asks where somebody can answer."""
    if letter.cover is None:
        return []
    twins = numbering.used_before(home, dossier.read_cover(letter.cover))
    for twin in twins:
        session.output.warn(
            words.pair("register.used-before", number=twin.number, other=short(twin.dispatch) or "–")
        )
    if twins and not yes and not session.as_json and sys.stdin.isatty():
        session.confirm("register.ask-again", yes)
    return twins


def tell(session: Session, sent: LetterOutcome, more: Mapping[str, Any] | None = None) -> None:
    """What became of a letter; `more` stands beside it in the answer for scripts."""
    output = session.output
    answer: dict[str, Any] = {
        "case": sent.case,
        "dispatch": sent.dispatch,
        "index": sent.index,
        "state": sent.state,
        **(more or {}),
    }
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
