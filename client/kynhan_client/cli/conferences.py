"""`kynhan conference propose | accept | decline | move | minutes | list | ics`: a meeting of the two sides (R10)."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import click

from .. import words
from ..dossiers.letter import Letter
from ..errors import problem
from ..home import durable
from ..home.home import Home
from ..log import track
from ..procedures import conferences
from ..procedures.conference_state import Conference, Version
from ..procedures.conferences import Change, Plan
from ..screen.output import Output, relative, short
from ..words import Pair
from .base import SETTINGS, Session, command, option
from .homes import open_home
from .lazy import LazyGroup
from .letters import deliver, deliver_round, words_given
from .meetings import meeting_json, show_meeting
from .spoken import LocalTime

PLACES: Final = {
    "propose": "kynhan_client.cli.conferences:propose",
    "accept": "kynhan_client.cli.conferences:accept",
    "decline": "kynhan_client.cli.conferences:decline",
    "move": "kynhan_client.cli.conferences:move",
    "minutes": "kynhan_client.cli.conferences:minutes",
    "list": "kynhan_client.cli.conferences:list_",
    "ics": "kynhan_client.cli.conferences:ics",
}
ABOUT: Final = option("--about", "conference.about")
AT: Final = option("--at", "conference.at", into="start", type=LocalTime(), required=True)

conference = LazyGroup(
    "conference",
    places=PLACES,
    within="conference",
    help=words.help_text("conference"),
    epilog=words.help_examples("conference"),
    context_settings=SETTINGS,
)


class Lasting(click.ParamType[timedelta]):
    """How long something lasts: `2h`, `90m`, `1h30m`."""

    name = "duration"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        """The time it takes. Raises click.BadParameter."""
        if isinstance(value, timedelta):
            return value
        found = re.fullmatch(r"(?:([0-9]{1,3})h)?(?:([0-9]{1,4})m)?", str(value))
        if found is None or not any(found.groups()):
            raise click.BadParameter("2h, 90m, 1h30m", ctx=ctx, param=param)
        hours, minutes = (int(part or 0) for part in found.groups())
        return timedelta(hours=hours, minutes=minutes)


@command("conference propose")
@click.argument("arguments", nargs=-1, metavar="[CASE] [FILES]...")
@option("--new", "exchange.new", is_flag=True)
@option("--agenda", "conference.agenda", required=True)
@AT
@option("--lasts", "conference.lasts", type=Lasting(), default="2h", show_default=True)
@option("--place", "conference.place", required=True)
@option("--to", "conference.to", multiple=True)
def propose(
    session: Session,
    arguments: tuple[str, ...],
    new: bool,
    agenda: str,
    start: datetime,
    lasts: timedelta,
    place: str,
    to: tuple[str, ...],
) -> None:
    if not new and not arguments:
        raise click.UsageError("CASE | --new")
    files = tuple(map(Path, arguments if new else arguments[1:]))

    def letters(home: Home) -> tuple[Letter, ...]:
        case = None if new else track.find_case(home, arguments[0])
        return conferences.propose(home, Plan(start, lasts, place, agenda), case=case, to=to, files=files)

    deliver_round(session, letters)


@command("conference accept")
@click.argument("case")
@click.argument("text", required=False)
@ABOUT
def accept(session: Session, case: str, text: str | None, about: str | None) -> None:
    deliver(
        session,
        lambda home: conferences.accept(home, track.find_case(home, case), about=about, words=text),
    )


@command("conference decline")
@click.argument("case")
@option("--reason", "conference.reason", required=True)
@ABOUT
def decline(session: Session, case: str, reason: str, about: str | None) -> None:
    deliver(
        session,
        lambda home: conferences.decline(
            home, track.find_case(home, case), words_given(session, reason, None), about=about
        ),
    )


@command("conference move")
@click.argument("case")
@AT
@option("--lasts", "conference.lasts", type=Lasting())
@option("--place", "conference.place")
@option("--reason", "conference.reason")
@ABOUT
def move(
    session: Session,
    case: str,
    start: datetime,
    lasts: timedelta | None,
    place: str | None,
    reason: str | None,
    about: str | None,
) -> None:
    change = Change(start, lasts, place, None if reason is None else words_given(session, reason, None))
    deliver_round(
        session, lambda home: conferences.move(home, track.find_case(home, case), change, about=about)
    )


@command("conference minutes")
@click.argument("case")
@click.argument("files", type=click.Path(path_type=Path), nargs=-1, required=True)
@option("--title", "send.title")
@option("--cover", "send.cover", type=click.Path(path_type=Path))
@ABOUT
def minutes(
    session: Session,
    case: str,
    files: tuple[Path, ...],
    title: str | None,
    cover: Path | None,
    about: str | None,
) -> None:
    def letters(home: Home) -> tuple[Letter, ...]:
        found = track.find_case(home, case)
        return conferences.minutes(home, found, files, about=about, title=title, cover=cover)

    deliver_round(session, letters)


@command("conference list")
@click.argument("case", required=False)
def list_(session: Session, case: str | None) -> None:
    output = session.output
    with open_home(session) as home:
        found = conferences.listed(home, None if case is None else track.find_case(home, case))
    output.json({"conferences": [_json(one) for one in found]})
    if not found:
        output.say("conference.none-yet")
        return
    for one in found:
        _show(output, one)


@command("conference ics")
@click.argument("case")
@option("--out", "conference.out", type=click.Path(path_type=Path), required=True)
@option("--force", "open.force", is_flag=True)
@ABOUT
def ics(session: Session, case: str, out: Path, force: bool, about: str | None) -> None:
    with open_home(session) as home:
        data = conferences.calendar_file(home, track.find_case(home, case), about=about)
    if out.exists() and not force:
        raise problem("file-exists", path=out)
    durable.write(out, data, mode=0o600)
    session.output.json({"file": str(out), "bytes": len(data)})
    session.output.say("conference.written", sign="✓", path=relative(out))


# --- showing


def _show(output: Output, one: Conference) -> None:
    output.plain()
    output.say(
        "conference.head", style="bold", about=short(one.about), case=short(one.case), state=_state(one)
    )
    current = one.current
    if current is not None and current.meeting is not None:
        show_meeting(output, current.meeting)
    else:
        output.say("conference.chair", chair=one.chair)
        output.say("conference.unopened")
    for invited in current.invited if current is not None else ():
        label = words.label("invited", invited.answer or "waiting")
        output.say("conference.invited", to=invited.to, answer=label)
    for dispatch in one.minutes:
        output.say("conference.minutes", dispatch=short(dispatch))


def _state(one: Conference) -> Pair:
    return words.label("conference-state", one.state)


def _json(one: Conference) -> dict[str, Any]:
    return {
        "about": one.about,
        "case": one.case,
        "chair": one.chair,
        "state": one.state,
        "versions": [_version_json(version) for version in one.versions],
        "minutes": list(one.minutes),
    }


def _version_json(version: Version) -> dict[str, Any]:
    return {
        "sequence": version.number,
        "by": version.by,
        "meeting": None if version.meeting is None else meeting_json(version.meeting),
        "invited": [
            {"to": one.to, "dispatch": one.dispatch, "answer": one.answer, "answered_by": one.answered_by}
            for one in version.invited
        ],
    }
