"""Reminders on the desktop: through the system's notifier where there is one, each once, none with content.

    desktop = find()                    None where there is no notifier
    await show_new(home, desktop, "vi")

What came while nobody watched is shown too, of each case only the newest, and only while it still holds.
"""

from __future__ import annotations

import asyncio
import shutil
from dataclasses import dataclass
from typing import Final

from kynhan_protocol.case import contests, notice_text, pauses
from kynhan_protocol.case.case import Case
from kynhan_protocol.case.notice_text import UNSIGNED, Notice
from kynhan_protocol.statements.statements import Reminder
from kynhan_protocol.vietnam_time import local_date

from .. import words
from ..errors import ClientError
from ..home.home import Home
from ..log import logbook
from ..log.logbook import Entry
from ..log.view import View
from ..words import Language
from . import snooze

PROGRAM: Final = "notify-send"
SECONDS: Final = 5.0
AT_ONCE: Final = 5
"""More cases than these are told in one line."""


@dataclass(frozen=True)
class Desktop:
    """The system's notifier: the program of that path."""

    program: str

    async def show(self, title: str, text: str) -> bool:
        """Whether it took the notification. Nothing it prints is read."""
        nothing = asyncio.subprocess.DEVNULL
        try:
            process = await asyncio.create_subprocess_exec(
                self.program, "--app-name=Kynhan", title, text, stdin=nothing, stdout=nothing, stderr=nothing
            )
        except OSError:
            return False
        try:
            async with asyncio.timeout(SECONDS):
                return await process.wait() == 0
        except TimeoutError:
            return False
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()


def find() -> Desktop | None:
    """The desktop's notifier, if this system has one on its PATH."""
    found = shutil.which(PROGRAM)
    return None if found is None else Desktop(found)


def is_for_me(home: Home, reminder: Reminder) -> bool:
    """Whether the relay addressed it to this member, or to the committee where nobody else was left."""
    return home.config.member in reminder.to or home.config.committee in reminder.to


def notice_of(view: View, reminder: Reminder) -> Notice | None:
    """What the reminder says, in the case as it stands now; None once it no longer holds (answered, moved, signed)."""
    case = _case(view, reminder.case)
    if case is None:
        return None
    if reminder.step.startswith(UNSIGNED):
        sent = case.dispatches.get(reminder.due)
        if sent is None:
            return None
        step = notice_text.told_step(reminder.step, sent)
        holds = sent.state == "sent" or contests.contested(case) == sent
        if not holds and pauses.declined_completion(case) != sent:
            return None
        return Notice(case.id, step, local_date(sent.sent_at))
    due = case.due
    if due is None or due.id != reminder.due or not case.clock_runs or contests.contested(case) is not None:
        return None
    return Notice(case.id, reminder.step, due.due, due.provisional, due.nature == "target")


async def show_new(home: Home, desktop: Desktop, language: Language) -> int:
    """Shows what was never shown; gives how many cases. What the notifier does not take is tried the next time, as is
    what we were stopped before."""
    taken = _take(home)
    left = {reminder for reminder, _ in taken}
    try:
        for reminders, title, text in _texts(taken, language):
            if await desktop.show(title, text):
                left -= reminders
    finally:
        home.archive.run_many("DELETE FROM notified WHERE reminder = ?", [(one,) for one in left])
    return len(taken) - len(left)


def _take(home: Home) -> list[tuple[str, Notice]]:
    """The newest unseen reminder of each case that still holds; all unseen ones count as seen from here on.

    In one transaction, so that of two watching processes one shows it.
    """
    newest: dict[str, Entry] = {}
    with home.archive.transaction():
        for entry in _unseen(home):
            home.archive.run(
                "INSERT OR IGNORE INTO notified VALUES (?, ?)", (entry.logged.id, home.clock.posix())
            )
            reminder = entry.logged.statement
            assert isinstance(reminder, Reminder)  # its type says so
            if is_for_me(home, reminder):
                newest[reminder.case] = entry
    if not newest:
        return []
    view, asleep = View(home), snooze.active(home)
    found = []
    for case, entry in newest.items():
        reminder = entry.logged.statement
        assert isinstance(reminder, Reminder)
        notice = None if case in asleep else notice_of(view, reminder)
        if notice is not None:
            found.append((entry.logged.id, notice))
    return found


def _unseen(home: Home) -> list[Entry]:
    row = home.archive.row(
        "SELECT min(idx) FROM statements WHERE type = 'reminder'"
        " AND NOT EXISTS (SELECT 1 FROM notified WHERE reminder = id)"
    )
    if row is None or row[0] is None:
        return []
    seen = {name for (name,) in home.archive.rows("SELECT reminder FROM notified")}
    entries = logbook.of_types(home.archive, "reminder", start=row[0])
    return [entry for entry in entries if entry.logged.id not in seen]


def _texts(taken: list[tuple[str, Notice]], language: Language) -> list[tuple[set[str], str, str]]:
    """The reminders, title and text of each notification; many are told together."""
    if len(taken) > AT_ONCE:
        title = words.text("notify.many", language, count=len(taken))
        return [({reminder for reminder, _ in taken}, title, "kynhan deadlines")]
    return [({reminder}, _line(notice, language), _text(notice, language)) for reminder, notice in taken]


def _line(notice: Notice, language: Language) -> str:
    told = notice_text.headline(notice)
    return words.choose((told.vi, told.en), language)


def _text(notice: Notice, language: Language) -> str:
    """The date, then the command that leads on."""
    on = notice_text.date_line(notice)
    lines = [] if on is None else [words.choose((on.vi, on.en), language)]
    return "\n".join([*lines, notice_text.command(notice.case)])


def _case(view: View, case: str) -> Case | None:
    try:
        return view.case(case)
    except ClientError:
        return None
