"""The relay's clock, and when it may be believed (DESIGN §3.3).

A Clock is only looked at. The Timekeeper decides whether its time may be signed:

    up to 60 s behind the last statement     the last statement's time is used again
    further behind                           Refused clock-behind
    jumped by more than 10 min against the monotonic clock, or more than 30 days ahead of the last time known
                                             Refused clock-doubt, until a witness's time agrees within 10 min,
                                             the operator confirms, or the clock goes back to where it was

A demo clock (`--demo-clock`) is exempt from clock-doubt.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Protocol

from kynhan_server.errors import Refused

BEHIND: Final = 60
JUMP: Final = 600
AHEAD: Final = 30 * 86_400


def machine_time() -> float:
    """Seconds since 1970 by this machine's clock: the relay reads it nowhere else, so tests can give another."""
    return time.time()  # noqa: TID251 - this is the place


def scheduler_now() -> datetime:
    """The time by which APScheduler, which looks itself, plans its next run. It dates nothing."""
    return datetime.now(UTC)  # noqa: TID251 - and this the scheduler's


class Clock(Protocol):
    """Wall time and a clock that nobody sets."""

    @property
    def demo(self) -> bool:
        """Whether this is a demo clock."""

    def now(self) -> datetime:
        """The time, aware, UTC."""

    def monotonic(self) -> float:
        """Seconds since some start; goes on while the machine sleeps, where the system can tell."""


class SystemClock:
    """The machine's clocks."""

    demo = False

    def now(self) -> datetime:
        """The machine's wall clock."""
        return datetime.fromtimestamp(machine_time(), UTC)

    def monotonic(self) -> float:
        """CLOCK_BOOTTIME where there is one, so that a suspended machine is no jump."""
        boottime = getattr(time, "CLOCK_BOOTTIME", None)
        return time.monotonic() if boottime is None else time.clock_gettime(boottime)


class DemoClock:
    """The machine's clock plus the number of seconds in a file, read at every look; no file means 0."""

    demo = True

    def __init__(self, file: Path) -> None:
        self._file = file

    @property
    def offset(self) -> int:
        """The seconds added just now. A file that is no integer (half written, say) counts as the one before."""
        try:
            self._last = int(self._file.read_text("ascii"))
        except FileNotFoundError:
            self._last = 0
        except ValueError:
            pass
        return self._last

    _last = 0

    def now(self) -> datetime:
        """The shifted wall clock."""
        return datetime.fromtimestamp(machine_time() + self.offset, UTC)

    def monotonic(self) -> float:
        """As the machine's."""
        return SystemClock().monotonic()


class Timekeeper:
    """Gives the times that may be signed. Safe to use from several threads.

    `last` is the time of the relay's last statement in any of its logs, `heartbeat` the last time at which it was seen
    running with a clock in order (POSIX seconds, None: never). `operator` gives the POSIX seconds that an operator
    confirmed last, None if none.
    """

    def __init__(
        self, clock: Clock, last: int | None, heartbeat: int | None, operator: Callable[[], int | None]
    ) -> None:
        self.clock = clock
        self._last = last
        self._known = max((at for at in (last, heartbeat) if at is not None), default=None)
        self._operator = operator
        self._anchor: tuple[float, float] | None = None
        self._lock = threading.Lock()

    def stamp(self) -> int:
        """The time for the next statement in POSIX seconds. Raises Refused: clock-behind, clock-doubt."""
        with self._lock:
            now = self.clock.now().timestamp()
            if self._last is not None and now < self._last - BEHIND:
                raise Refused("clock-behind", f"The relay's clock is {self._last - now:.0f} s behind.")
            if not self.clock.demo:
                self._check(now)
            return max(int(now), self._last or 0)

    def state(self) -> str:
        """`ok`, `behind` or `doubt`."""
        try:
            self.stamp()
        except Refused as refused:
            return refused.code.removeprefix("clock-")
        return "ok"

    def logged(self, at: int) -> None:
        """A statement of that time was committed."""
        with self._lock:
            self._last = max(at, self._last or 0)
            self._known = max(at, self._known or 0)

    def beat(self, at: int) -> None:
        """The relay was seen running at `at`, a time that stamp() gave."""
        with self._lock:
            self._known = max(at, self._known or 0)

    def agree(self, at: int) -> None:
        """Somebody trusted (a witness's cosignature, verified) says that it is `at`: within 10 min, doubt ends."""
        with self._lock:
            now = self.clock.now().timestamp()
            if abs(now - at) <= JUMP:
                self._settle(now)

    def _check(self, now: float) -> None:
        monotonic = self.clock.monotonic()
        jumped = (
            self._anchor is not None and abs((now - self._anchor[0]) - (monotonic - self._anchor[1])) > JUMP
        )
        ahead = self._known is not None and now > self._known + AHEAD
        if jumped or ahead:
            confirmed = self._operator()
            if confirmed is None or abs(now - confirmed) > JUMP:
                # The anchor stays, so that a clock set back to where it was is believed again.
                raise Refused("clock-doubt", "The clock jumped; a witness or the operator has to confirm it.")
            self._known = int(now)
        self._anchor = (now, monotonic)

    def _settle(self, now: float) -> None:
        self._anchor = (now, self.clock.monotonic())
        self._known = int(now)


def confirm(file: Path, at: datetime) -> None:
    """Leaves the operator's word that it is `at` now for the running relay (`file`: Folder.clock_confirmed)."""
    temporary = file.with_suffix(".new")
    temporary.write_text(f"{int(at.timestamp())}\n", "ascii")
    temporary.replace(file)


def confirmed(file: Path) -> int | None:
    """What confirm() left, in POSIX seconds."""
    try:
        return int(file.read_text("ascii"))
    except (FileNotFoundError, ValueError):
        return None
