"""Reminders on the desktop: through the system's notifier where there is one, each once, none with content.

    desktop = find()                    None where there is no notifier
    await show_new(home, desktop, "vi")

What was reached while nobody watched is shown too, only the newest steps of each case (own.py).
"""

from __future__ import annotations

import asyncio
import shutil
from dataclasses import dataclass
from typing import Final

from kynhan_protocol.case import notice_text
from kynhan_protocol.case.notice_text import Notice

from .. import words
from ..home.home import Home
from ..words import Language
from . import own
from .own import Own

PROGRAM: Final = "notify-send"
SECONDS: Final = 5.0
AT_ONCE: Final = 5
"""More reminders than these are told in one line."""


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


async def show_new(home: Home, desktop: Desktop, language: Language) -> int:
    """Shows what was never shown; gives how many reminders. What the notifier does not take is tried the next time, as
    is what we were stopped before."""
    left = own.take(home, "desktop")
    shown = 0
    try:
        for together, title, text in _texts(left, language):
            if await desktop.show(title, text):
                own.keep(home, "desktop", together)
                left = [one for one in left if one not in together]
                shown += len(together)
    finally:
        own.leave(home, "desktop", left)
    return shown


def _texts(taken: list[Own], language: Language) -> list[tuple[list[Own], str, str]]:
    """The reminders, title and text of each notification; many are told together."""
    if len(taken) > AT_ONCE:
        cases = {one.notice.case for one in taken}
        return [(taken, words.text("notify.many", language, count=len(cases)), "kynhan deadlines")]
    return [([one], _line(one.notice, language), _text(one.notice, language)) for one in taken]


def _line(notice: Notice, language: Language) -> str:
    told = notice_text.headline(notice)
    return words.choose((told.vi, told.en), language)


def _text(notice: Notice, language: Language) -> str:
    """The date, then the command that leads on."""
    on = notice_text.date_line(notice)
    lines = [] if on is None else [words.choose((on.vi, on.en), language)]
    return "\n".join([*lines, notice_text.command(notice.case)])
