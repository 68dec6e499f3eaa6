"""`kynhan due`: the deadline calculator. Needs no home and no passphrase; the relay computes with the same code."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from kynhan_protocol.agreement import calendar as calendars
from kynhan_protocol.agreement.calendar import Calendar
from kynhan_protocol.agreement.due import MAX_DAYS, DayStep, DueDate, compute, extend
from kynhan_protocol.agreement.terms import REGULATION_TERMS
from kynhan_protocol.errors import CalendarError
from kynhan_protocol.vietnam_time import VIETNAM, format_date_vi

from ..errors import problem
from ..screen.output import Output
from .base import Session, command, option
from .files import read_file
from .usage import WrongValue


class Moment(click.ParamType[datetime]):
    """An aware time, RFC 3339; a date alone, or a time without zone, is taken as Việt Nam's."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        if isinstance(value, datetime):
            return value
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            raise WrongValue("due.write-like", given=value) from None
        return moment if moment.tzinfo else moment.replace(tzinfo=VIETNAM)


@command("due")
@option("--received", "due.received", type=Moment(), required=True, metavar="TIME")
@option("--term", "due.term", into="term_code", type=click.Choice(list(REGULATION_TERMS)), required=True)
@option("--extend", "due.extend", into="extension", type=click.IntRange(1, MAX_DAYS), metavar="N")
@option("--calendar", "due.calendar", into="calendar_file", type=click.Path(path_type=Path))
def due(
    session: Session, received: datetime, term_code: str, extension: int | None, calendar_file: Path | None
) -> None:
    calendar = load_calendar(calendar_file)
    try:
        first = compute(received, REGULATION_TERMS[term_code], calendar)
        final = extend(first.due, extension, calendar) if extension else first
    except CalendarError as error:
        raise problem("no-calendar", why=error) from None
    days = first.days if final is first else (*first.days, *final.days)
    provisional = first.provisional or final.provisional
    session.output.json(
        {
            "due": final.due.isoformat(),
            "late_from": final.late_from.isoformat(),
            "provisional": provisional,
            "received": received.isoformat(),
            "term": term_code,
            "original_due": first.due.isoformat(),
            "calendar": calendar.sha,
            "days": [step_json(step) for step in days],
        }
    )
    show_days(session.output, days)
    show_due(session.output, final, provisional, target=REGULATION_TERMS[term_code].nature == "target")


def load_calendar(path: Path | None) -> Calendar:
    """The calendar in `path`, or the shipped one. Raises ClientError missing-file, unreadable-file, bad-file."""
    if path is None:
        return calendars.shipped()
    try:
        return calendars.parse(read_file(path))
    except CalendarError as error:
        raise problem("bad-file", path=path, why=error) from None


def step_json(step: DayStep) -> dict[str, object]:
    """A day of the explanation for scripts: `counted` is its number, null where it does not count."""
    return {"date": step.date.isoformat(), "counted": step.counted, "vi": step.why_vi, "en": step.why_en}


def show_days(output: Output, days: Sequence[DayStep]) -> None:
    """The count, a line a day: number, date, why; in both languages, English stands on a line of its own."""
    for step in days:
        number = f"{step.counted:>3}" if step.counted is not None else "  –"
        first, *more = {"vi": [step.why_vi], "en": [step.why_en], "both": [step.why_vi, step.why_en]}[
            output.language
        ]
        output.plain(f"{number}  {format_date_vi(step.date)}  {first}")
        for why in more:
            output.plain(f"{'':17}{why}")


def show_due(output: Output, due_date: DueDate, provisional: bool, *, target: bool) -> None:
    """The result, and that it is provisional where it is; a target is called one."""
    output.plain()
    output.say(
        "due.target" if target else "due.result", sign="→", style="bold", date=format_date_vi(due_date.due)
    )
    if provisional:
        output.say("due.provisional", sign="!", style="yellow")
