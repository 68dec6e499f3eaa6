"""What a calendar would change, on the screen and for scripts."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

import msgspec

from kynhan_protocol.agreement.calendar import Day, Year
from kynhan_protocol.case.calendar_changes import Effect

from .. import words
from ..calendars.calendars import Preview
from ..screen.output import Output, day, short
from ..words import Pair


def preview_json(found: Preview) -> dict[str, Any]:
    """The preview for scripts: {replaces, document, years, days, cases: [{case, what, before, after …}], whole}."""
    return {
        "replaces": found.before.sha,
        "document": found.after.sha,
        "years": [_change(one.before, one.after, year=one.year) for one in found.years],
        "days": [_change(one.before, one.after, date=one.date) for one in found.days],
        "cases": [
            {**{name: getattr(one, name) for name in Effect.__slots__}, "title": title}
            for one, title in found.effects
        ],
        "looked_at": found.cases,
        "whole": found.whole,
    }


def _change(before: object, after: object, **about: object) -> dict[str, Any]:
    return {**about, "before": msgspec.to_builtins(before), "after": msgspec.to_builtins(after)}


def show_preview(output: Output, found: Preview) -> None:
    """The preview for people; nothing where a script reads."""
    if output.as_json:
        return
    output.say("calendar.changes", style="bold", years=len(found.years), days=len(found.days))
    for change in found.years:
        output.say(
            "calendar.year-change",
            year=change.year,
            before=year_words(change.before),
            after=year_words(change.after),
        )
    if found.days:
        output.table(
            ["calendar.date", "calendar.before", "calendar.after"],
            [[day(one.date), _day(output, one.before), _day(output, one.after)] for one in found.days],
        )
    if found.effects:
        output.plain()
        output.table(
            ["calendar.case", "calendar.title", "calendar.old", "calendar.new", "calendar.effect"],
            [_row(output, one, title) for one, title in found.effects],
        )
    counts = Counter(one.what for one, _ in found.effects)
    marks = counts["settles"] + counts["unsettles"]
    output.plain()
    output.say("calendar.summary", style="bold", moves=counts["moves"], stays=counts["stays"], marks=marks)
    if found.whole:
        output.say("calendar.seen-all", count=found.cases)
    else:
        output.say("calendar.seen-some", sign="!", style="yellow", count=found.cases)


def year_words(year: Year | None) -> Pair:
    """How a year stands: official with its decision, draft, or not covered."""
    if year is None:
        return words.pair("year.none")
    vi, en = words.pair(f"year.{year.status}")
    behind = f" ({year.decision})" if year.decision else ""
    return vi + behind, en + behind


def _day(output: Output, one: Day | None) -> str:
    """Off or worked, and why, in the languages asked for."""
    if one is None:
        return output.cell(words.pair("day.weekday"))
    vi, en = words.pair(f"day.{one.day}")
    return output.cell((f"{vi}: {one.why.vi}", f"{en}: {one.why.en}")) + f"\n({one.decision})"


def _row(output: Output, one: Effect, title: str | None) -> list[str]:
    return [
        short(one.case),
        title or output.cell(words.pair("cases.untitled")),
        dated(output, one.before, one.was_provisional),
        dated(output, one.after, one.provisional),
        output.cell(words.pair(f"effect.{one.what}", date=day(one.counted))),
    ]


def dated(output: Output, on: date, provisional: bool) -> str:
    """A date for a cell of a table, marked where it is provisional."""
    return f"{day(on)}\n{output.cell(words.pair('left.provisional'))}" if provisional else day(on)


def marked(on: date | None, provisional_from: date) -> Pair:
    """The same for a sentence; dates from `provisional_from` on are provisional."""
    vi, en = words.pair("left.provisional")
    if on is None or on < provisional_from:
        return day(on), day(on)
    return f"{day(on)} {vi}", f"{day(on)} {en}"
