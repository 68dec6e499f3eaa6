"""The dates that a case has had: what set each, and which calendar moved it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from .. import words
from ..screen.output import Output, moment
from .calendar_preview import dated


def show_due_history(output: Output, history: Sequence[Mapping[str, Any]]) -> None:
    """Each DUE of `case.json`'s `due_history`, the oldest first; nothing where the date was set once."""
    if len(history) < 2:
        return
    output.plain()
    output.say("history.head", style="bold")
    output.table(
        ["case.at", "cases.due", "history.because"],
        [
            [
                moment(datetime.fromisoformat(one["at"])),
                dated(output, date.fromisoformat(one["due"]), one["provisional"]),
                output.cell(words.label("because", one["because"])),
            ]
            for one in history
        ],
    )
