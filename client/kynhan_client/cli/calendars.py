"""`kynhan calendar show | draft | preview | sign`: the days by which time limits are counted."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import click
import msgspec

from kynhan_protocol.agreement import calendar as documents
from kynhan_protocol.agreement.calendar import Calendar, Day
from kynhan_protocol.agreement.calendars import Pending
from kynhan_protocol.agreement.profile import document_hash

from .. import words
from ..calendars import calendar_decision, calendar_draft, calendars
from ..calendars.calendar_draft import Drafted
from ..calendars.calendars import Approved
from ..errors import problem
from ..home import durable
from ..home.home import Home
from ..log import mirror
from ..log.view import View
from ..relay.relay import Relay
from ..screen.output import Output, day, relative, short
from .base import SETTINGS, Session, command, option
from .calendar_preview import preview_json, show_preview, year_words
from .files import read_file
from .homes import open_home
from .lazy import LazyGroup
from .online import at_once, online

PLACES: Final = {
    "show": "kynhan_client.cli.calendars:show",
    "draft": "kynhan_client.cli.calendars:draft",
    "preview": "kynhan_client.cli.calendars:preview",
    "sign": "kynhan_client.cli.calendars:sign",
}

calendar = LazyGroup(
    "calendar",
    places=PLACES,
    within="calendar",
    help=words.help_text("calendar"),
    epilog=words.help_examples("calendar"),
    context_settings=SETTINGS,
)


@command("calendar show")
@click.argument("year", type=click.IntRange(1976, 9000), required=False)
def show(session: Session, year: int | None) -> None:
    with open_home(session) as home:
        view = View(home)
        found = calendars.in_force(view)
        waiting = view.calendars.pending
        missing = calendars.notice(home).missing
    session.output.json(
        {
            "document": found.sha,
            "years": [
                {**msgspec.to_builtins(one), **_counts(found, one.year)} for one in found.years.values()
            ],
            "days": [
                msgspec.to_builtins(one) for one in found.days.values() if year in (None, one.date.year)
            ],
            "pending": [_pending_json(one, home) for one in waiting],
            "missing_year": missing,
        }
    )
    if session.output.as_json:
        return
    session.output.say("calendar.head", style="bold", id=short(found.sha))
    _show_years(session.output, found) if year is None else _show_days(session.output, found, year)
    for one in waiting:
        session.output.say(
            "calendar.pending",
            sign="!",
            style="yellow",
            id=short(one.document),
            committees=", ".join(sorted(one.committees)),
        )


def _counts(found: Calendar, year: int) -> dict[str, int]:
    ways = [one.day for one in found.days.values() if one.date.year == year]
    return {"off": ways.count("off"), "work": ways.count("work")}


def _pending_json(one: Pending, home: Home) -> dict[str, Any]:
    return {
        "document": one.document,
        "signed_by": sorted(one.committees),
        "waits_for_us": home.config.committee not in one.committees,
    }


def _show_years(output: Output, found: Calendar) -> None:
    output.table(
        ["calendar.year", "calendar.status", "calendar.decision", "calendar.counts"],
        [
            [
                str(one.year),
                output.cell(words.pair(f"year.{one.status}")),
                one.decision or "–",
                "{off} / {work}".format(**_counts(found, one.year)),
            ]
            for one in found.years.values()
        ],
    )


def _show_days(output: Output, found: Calendar, year: int) -> None:
    known = found.years.get(year)
    if known is None:
        output.say("calendar.nothing-known", sign="!", style="yellow", year=year)
        return
    output.plain(f"{year}: {output.pick(year_words(known))}")
    output.table(
        ["calendar.date", "calendar.day", "calendar.why", "calendar.decision"],
        [_day_row(output, one) for one in found.days.values() if one.date.year == year],
    )


def _day_row(output: Output, one: Day) -> list[str]:
    return [
        day(one.date),
        output.cell(words.pair(f"day.{one.day}")),
        output.cell((one.why.vi, one.why.en)),
        one.decision,
    ]


@command("calendar draft")
@click.argument("year", type=click.IntRange(1976, 9000))
@option("--decision", "calendar.decision", type=click.Path(path_type=Path))
@option("--number", "calendar.number")
@option("--partial", "calendar.partial", is_flag=True)
@option("--out", "calendar.out", type=click.Path(path_type=Path), required=True)
def draft(
    session: Session, year: int, decision: Path | None, number: str | None, partial: bool, out: Path
) -> None:
    if (decision is None) != (number is None) or (partial and decision is None):
        raise problem("calendar-number", number=number or "")
    given = None if decision is None else calendar_decision.parse(read_file(decision), decision)
    with open_home(session) as home:
        current = calendars.in_force(View(home))
    if given is None or number is None:
        made = calendar_draft.from_library(current, year)
    else:
        made = calendar_draft.from_decision(current, year, given, number, partial=partial)
    if out.exists():
        raise problem("file-exists", path=out)
    durable.write(out, made.document, mode=0o644)
    _tell_draft(session.output, made, out)


def _tell_draft(output: Output, made: Drafted, out: Path) -> None:
    known = documents.parse(made.document).years[made.year]
    output.json(
        {
            "file": str(out),
            "sha256": document_hash(made.document),
            "year": msgspec.to_builtins(known),
            "left_out": made.left_out,
            "warnings": list(made.warnings),
        }
    )
    output.say("calendar.written", sign="✓", path=relative(out))
    if made.left_out:
        output.say("calendar.left-out", sign="!", count=made.left_out)
    for warning in made.warnings:
        output.say(f"check.{warning}", sign="!", style="yellow", year=made.year)
    output.say("calendar.next", path=relative(out))


@command("calendar preview")
@click.argument("file", type=click.Path(path_type=Path), required=False)
def preview(session: Session, file: Path | None) -> None:
    given = None if file is None else read_file(file)
    with open_home(session) as home:
        data = calendars.proposed(home) if given is None else given
        found = calendars.preview(home, calendars.read(data, file or Path("-")))
    session.output.json(preview_json(found))
    show_preview(session.output, found)


@command("calendar sign")
@click.argument("file", type=click.Path(path_type=Path), required=False)
@option("--yes", "yes", is_flag=True)
def sign(session: Session, file: Path | None, yes: bool) -> None:
    given = None if file is None else read_file(file)
    with open_home(session) as home:
        if given is not None:
            calendars.read(given, file or Path("-"))
        online(home, lambda relay: mirror.sync(home, relay))
        data = calendars.proposed(home) if given is None else given
        candidate = calendars.read(data, file or Path("-"))
        other = calendars.other_waits(calendars.require_may_sign(home, candidate), home, candidate)
        seen = calendars.preview(home, candidate)
        show_preview(session.output, seen)
        if other is not None:
            session.output.say("calendar.other-waits", sign="!", style="yellow", id=short(other.document))
        session.confirm("calendar.ask", yes, committee=home.config.committee)

        async def signed(relay: Relay) -> Approved:
            return await calendars.sign(home, relay, data)

        done = at_once(home, signed)
    session.output.json(
        {
            "sha256": candidate.sha,
            "statement": done.statement,
            "index": done.index,
            "in_force": done.in_force,
            "moved": done.moved,
            "other_waits": None if other is None else other.document,
            "preview": preview_json(seen),
        }
    )
    session.output.say(
        "calendar.signed-in-force" if done.in_force else "calendar.signed", sign="✓", moved=done.moved
    )
