"""One sentence where a calendar is missing or waits: under `status`, `sync`, `watch` and `deadlines`."""

from __future__ import annotations

from typing import Any

from ..calendars.calendars import Notice
from ..screen.output import Output, short


def notice_json(notice: Notice) -> dict[str, Any]:
    """For scripts: the year whose calendar is wanted, and the document that waits for our signature."""
    waiting = notice.waiting
    return {
        "missing_year": notice.missing,
        "waiting": None if waiting is None else waiting.document,
        "signed_by": [] if waiting is None else sorted(waiting.committees),
    }


def show_notice(output: Output, notice: Notice) -> None:
    """For people; nothing where there is nothing to be reminded of."""
    if notice.waiting is not None:
        output.say("calendar.waits", sign="!", style="yellow", id=short(notice.waiting.document))
    if notice.missing is not None:
        output.say("calendar.missing", sign="!", style="yellow", year=notice.missing)
