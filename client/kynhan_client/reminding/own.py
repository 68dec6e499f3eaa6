"""Our own reminders: the steps that the cases of our copy of the log have reached by this home's clock (DESIGN §3.5).

    with telling(home, "screen") as found:      each is told once, on the screen and on the desktop
        …

A relay that stays silent, or that signs another date, changes nothing about them. What the relay reminds of is the same
reminder where case, step and date are the same, and else none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from kynhan_protocol.case import notice_text, reminding
from kynhan_protocol.case.case import Case
from kynhan_protocol.case.notice_text import Notice
from kynhan_protocol.errors import CalendarError
from kynhan_protocol.rulebook.reminders import resolve
from kynhan_protocol.statements.chains import Certified

from ..home.home import Home
from ..log.view import View
from . import snooze

HELD: Final = 120
"""Seconds that somebody may take to tell a reminder before another one tries."""

Place = Literal["screen", "desktop"]
Key = tuple[str, str, str]
"""Case, step as it is told, date (YYYY-MM-DD): what a reminder is once."""


@dataclass(frozen=True)
class Own:
    """The newest step that a case has reached, since `at` (UTC), of its due date; or of its packages, of `dispatch`.
    `passed`: older steps of other packages, which count as told with this one.
    """

    notice: Notice
    at: datetime
    dispatch: str | None
    passed: tuple[Key, ...] = ()

    @property
    def key(self) -> Key:
        return _key(self.notice)


def reached(home: Home) -> list[Own]:
    """The newest steps reached, told or not, of the cases that this member has to be reminded of and did not put off:
    for each case that of its due date, and that of the packages that somebody has to sign for or to see to.
    """
    view, asleep = View(home), snooze.active(home)
    cases = [case for case in view.cases() if case.id not in asleep]
    members = view.in_force() if cases else {}
    return [one for case in cases for one in _newest(home, view, case, members)]


def take(home: Home, place: Place) -> list[Own]:
    """What was not told at `place` yet, for the caller to tell within HELD seconds: until then nobody else is given it.

    Whatever it told has to be kept(), the rest left(). A caller that dies has told nothing: another one is given it.
    """
    found = [one for one in reached(home) if not _is_held(home, place, one.key)]
    if not found:
        return []
    with home.archive.transaction():
        taken = [one for one in found if not _is_held(home, place, one.key)]
        now = home.clock.posix()
        home.archive.run_many(
            "INSERT INTO reminded VALUES (?, ?, ?, ?, ?, 0)"
            " ON CONFLICT DO UPDATE SET time = excluded.time WHERE NOT told",
            [(*key, place, now) for key in _keys(taken)],
        )
    return taken


def keep(home: Home, place: Place, told: Iterable[Own]) -> None:
    """These were told at `place`."""
    home.archive.run_many(
        "UPDATE reminded SET told = 1 WHERE case_id = ? AND step = ? AND date = ? AND place = ?",
        [(*key, place) for key in _keys(told)],
    )


def leave(home: Home, place: Place, untold: Iterable[Own]) -> None:
    """These were taken and not told: they are given to whoever asks next."""
    home.archive.run_many(
        "DELETE FROM reminded WHERE case_id = ? AND step = ? AND date = ? AND place = ? AND NOT told",
        [(*key, place) for key in _keys(untold)],
    )


@contextmanager
def telling(home: Home, place: Place) -> Iterator[list[Own]]:
    """What was not told at `place` yet: told once the block is left, and still to tell where that raises."""
    taken = take(home, place)
    try:
        yield taken
    except BaseException:
        leave(home, place, taken)
        raise
    keep(home, place, taken)


def _newest(home: Home, view: View, case: Case, members: Mapping[str, Certified]) -> Iterator[Own]:
    """The newest step of the due date, and that of the packages: those, which may come every day, hide no date."""
    us = {home.config.member, home.config.committee}
    try:
        steps = reminding.reached(
            case, view.now, view.profile_of(case.profile), view.calendars.at_hand(view.size)
        )
    except CalendarError:  # its days cannot be counted
        return
    ours = [one for one in steps if us.intersection(resolve(one.audience, members))]
    for is_date in (True, False):
        these = sorted((one for one in ours if (one.dispatch is None) == is_date), key=lambda one: one.at)
        if these:
            notices = [notice_text.notice_of(case, one.step, one.dispatch) for one in these]
            passed = {_key(one): None for one in notices[:-1]}
            yield Own(notices[-1], these[-1].at, these[-1].dispatch, tuple(passed))


def _is_held(home: Home, place: Place, key: Key) -> bool:
    """Whether it was told, or somebody is about to tell it."""
    row = home.archive.row(
        "SELECT 1 FROM reminded WHERE case_id = ? AND step = ? AND date = ? AND place = ?"
        " AND (told OR abs(? - time) < ?)",
        (*key, place, home.clock.posix(), HELD),
    )
    return row is not None


def _keys(owns: Iterable[Own]) -> list[Key]:
    return [key for one in owns for key in (one.key, *one.passed)]


def _key(notice: Notice) -> Key:
    assert notice.date is not None  # only a calendar's has none
    return notice.case, notice.step, notice.date.isoformat()
