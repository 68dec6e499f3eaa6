"""`kynhan deadlines`: time limits, the most pressing first, those that stand still last; colour, word, sign for all."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from kynhan_protocol.vietnam_time import local_date

from .. import words
from ..calendars import calendars
from ..log import track
from ..log.track import GROUPS, Deadline, Group
from ..log.view import View
from ..reminding import snooze
from ..screen.narrowing import Narrowing
from ..screen.output import Output, day
from .base import Session, command
from .calendar_notices import notice_json, show_notice
from .calendar_preview import dated
from .cases import case_cell, show_as_of, status_json
from .homes import open_home
from .lists import as_csv, narrowed, write_csv

LOOKS: Final[dict[Group, tuple[str, str, str]]] = {
    "overdue": ("deadlines.overdue", "✗", "red"),
    "target-passed": ("deadlines.target-passed", "◇", "magenta"),
    "today": ("deadlines.today", "!", "yellow"),
    "this-week": ("deadlines.this-week", "▸", "cyan"),
    "later": ("deadlines.later", "·", ""),
    "paused": ("deadlines.paused", "‖", "blue"),
    "contested": ("deadlines.contested", "?", "yellow"),
}
"""The heading of a group, its sign and its colour."""

NAMES: Final[dict[Group, str]] = {
    "overdue": "group.overdue",
    "target-passed": "group.target-passed",
    "today": "group.today",
    "this-week": "group.this-week",
    "later": "group.later",
    "paused": "group.paused",
    "contested": "group.contested",
}

COLUMNS: Final = ("deadlines.due", "deadlines.left", "deadlines.case", "deadlines.title", "deadlines.who")
PAUSED_COLUMNS: Final = (
    *("deadlines.original", "deadlines.since", "deadlines.case", "deadlines.title", "deadlines.waits"),
)
CSV_COLUMNS: Final = (
    *("deadlines.group", "deadlines.due", "deadlines.original", "deadlines.days", "deadlines.left"),
    *("deadlines.provisional", "deadlines.since", "deadlines.case", "deadlines.title", "deadlines.who"),
    *("list.subject", "list.term", "list.unit"),
)


@command("deadlines")
@narrowed
@as_csv
def deadlines(session: Session, narrowing: Narrowing, csv: bool) -> None:
    output = session.output
    with open_home(session) as home:
        found = narrowing.of(track.deadlines(home))
        as_of = track.as_of(View(home))
        notice, asleep = calendars.notice(home), snooze.active(home)
    if csv:
        write_csv(session, CSV_COLUMNS, [_csv_row(output, one) for one in found])
        return
    counts = {group: sum(one.group == group for one in found) for group in GROUPS}
    output.json(
        {
            "deadlines": [_json(one, asleep) for one in found],
            "groups": counts,
            "as_of": as_of,
            "calendar": notice_json(notice),
        }
    )
    if not found:
        output.say("deadlines.empty")
    for group in GROUPS:
        if counts[group]:
            _show(output, group, [one for one in found if one.group == group], asleep)
    if found:
        show_as_of(output, as_of)
    show_notice(output, notice)


def _show(output: Output, group: Group, lines: list[Deadline], asleep: dict[str, date]) -> None:
    heading, sign, style = LOOKS[group]
    output.say(heading, sign=sign, style=f"bold {style}".strip(), n=len(lines))
    output.table(
        PAUSED_COLUMNS if group == "paused" else COLUMNS,
        [
            [
                _dates(output, one),
                f"{sign} {_since(output, one) if one.paused else _left(output, one)}",
                case_cell(output, one.case, asleep),
                one.title or output.cell(words.pair("cases.untitled")),
                one.who,
            ]
            for one in lines
        ],
        style=style,
    )
    output.plain()


def _dates(output: Output, one: Deadline) -> str:
    """The date in force; below it that it is provisional, and the regulation's where another was announced. While the
    clock stands still no date is in force: then the regulation's stands above the announced one."""
    shown, other, key = one.due, one.original, "left.original"
    if one.paused:
        shown, other, key = one.original, one.due, "left.announced"
    lines = [dated(output, shown, one.provisional)]
    if other != shown:
        lines.append(output.cell(words.pair(key, date=day(other))))
    if not one.checked:
        lines.append(output.cell(words.pair("left.unchecked")))
    return "\n".join(lines)


def _since(output: Output, one: Deadline) -> str:
    """From when on the clock stands still, and why."""
    assert one.paused is not None
    return f"{day(local_date(one.paused.since))}\n{output.cell(one.status_words)}"


def _left(output: Output, one: Deadline) -> str:
    """How much time is left, or past, in words where all those days are off; a target is never overdue. Why the clock
    stands still, while it does."""
    n = one.working_days_left
    if n is None:
        return output.cell(one.status_words)
    if one.group == "today":
        return output.cell(words.pair("left.today-target" if one.nature == "target" else "left.today"))
    if one.group == "overdue":
        return output.cell(words.pair("left.overdue", n=-n) if n else one.status_words)
    if one.group == "target-passed":
        return output.cell(words.pair("left.target", n=-n) if n else words.pair("left.target-off"))
    return output.cell(words.pair("left.days", n=n) if n else words.pair("left.days-off"))


def _json(one: Deadline, asleep: dict[str, date]) -> dict[str, Any]:
    return {
        "case": one.case,
        "title": one.title,
        "due": one.due,
        "original": one.original,
        "provisional": one.provisional,
        "checked": one.checked,
        "nature": one.nature,
        "who": one.who,
        "status": status_json(one.status, one.status_words),
        "working_days_left": one.working_days_left,
        "group": one.group,
        "paused": None if one.paused is None else {"since": one.paused.since, "because": one.paused.because},
        "subject": one.subject,
        "term": one.term,
        "unit": one.unit,
        "mine": one.mine,
        "snoozed_until": asleep.get(one.case),
    }


def _csv_row(output: Output, one: Deadline) -> list[object]:
    heading = words.pair(NAMES[one.group])
    left = _left(output, one).replace("\n", " / ")
    days = (one.due, one.original, one.working_days_left, left, one.provisional)
    since = None if one.paused is None else local_date(one.paused.since)
    return [output.pick(heading), *days, since, one.case, one.title, one.who, one.subject, one.term, one.unit]
