"""What is said of our own reminders: under `sync`, and as they come in `watch`."""

from __future__ import annotations

from typing import Any

from kynhan_protocol.case import notice_text

from ..home.home import Home
from ..reminding import notifying, own
from ..reminding.notifying import Desktop
from ..reminding.own import Own
from ..screen.output import Output, moment
from ..words import Pair


async def remind(output: Output, home: Home, desktop: Desktop | None) -> None:
    """Tells what was not told yet, on the screen and on the desktop."""
    with own.telling(home, "screen") as found:
        for one in found:
            output.event({"event": "reminder", **reminder_json(one)})
            output.plain(
                f"{moment(one.at)}  {output.text('news.reminder')} {output.pick(reminder_words(one))}"
            )
    if desktop is not None:
        await notifying.show_new(home, desktop, output.language)


def show_reminders(output: Output, found: list[Own]) -> None:
    """A line each, for people."""
    for one in found:
        output.say("sync.reminder", sign="!", style="yellow", what=reminder_words(one))


def reminder_json(one: Own) -> dict[str, Any]:
    """For scripts. `time`: when the step was reached."""
    notice = one.notice
    return {
        "case": notice.case,
        "dispatch": one.dispatch,
        "time": one.at,
        "step": notice.step,
        "date": notice.date,
        "provisional": notice.provisional,
        "target": notice.target,
    }


def reminder_words(one: Own) -> Pair:
    """The case, the step, the date."""
    line, on = notice_text.headline(one.notice), notice_text.date_line(one.notice)
    if on is None:
        return line.vi, line.en
    return f"{line.vi}. {on.vi}", f"{line.en}. {on.en}"
