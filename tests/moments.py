"""The time in tests: nothing depends on the day on which they run.

    below journeys     the machine's clock, as our programs see it, begins at MORNING with every file of tests
                       and goes on by the monotonic clock; a world of another time moves its demo clock from there
    journeys           processes of their own look at the machine's real clock; the demo clock they share is set
                       (so does every test whose world has one: ProcessParties)

A program started below journeys is given `clock_file`, so that it tells the same time as the test. This is the only
file under tests that reads the machine's clock (ruff's TID251 sees to that).
"""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from kynhan_protocol.vietnam_time import VIETNAM

MORNING: Final = datetime(2026, 3, 10, 9, 0, tzinfo=VIETNAM)
"""A Tuesday far from any holiday, the end of a month and that of a year."""

_began: float | None = None  # by the monotonic clock; None: the machine's clock is not replaced


def begin() -> None:
    """It is MORNING."""
    global _began
    _began = time.monotonic()


def begin_journey() -> None:
    """From now on the machine's own clock counts, as it does for the processes of a journey."""
    global _began
    _began = None


def is_journey() -> bool:
    """Whether begin_journey() was called last."""
    return _began is None


def machine_time() -> float:
    """What stands in for the machine's clock in both programs, in seconds since 1970."""
    return _real() if _began is None else MORNING.timestamp() + time.monotonic() - _began


def now() -> datetime:
    """The same, aware, in UTC."""
    return datetime.fromtimestamp(machine_time(), UTC)


def set_clock(file: Path, moment: datetime = MORNING) -> None:
    """Who reads this demo clock in this process, or takes part in this journey, has `moment` now, or up to a second
    more."""
    _write(file, moment.timestamp() - machine_time())


def clock_file(file: Path) -> Path:
    """Makes `file` the demo clock that gives a process of its own the time that it is in this one."""
    _write(file, machine_time() - _real())
    return file


def refuse_untold(event: str, arguments: Sequence[object]) -> None:
    """An audit hook: a relay or a watcher that a test starts without a demo clock fails that test."""
    if event != "subprocess.Popen" or not isinstance(arguments[1], list | tuple):
        return
    words = [str(word) for word in arguments[1]]
    ours = any("kynhan" in word for word in words[:3])
    if ours and {"serve", "watch"} & set(words) and "--demo-clock" not in words:
        raise AssertionError(f"It would read the machine's clock: {' '.join(words)}")


def _write(file: Path, seconds: float) -> None:
    fresh = file.with_name(f"{file.name}.new")  # a reader sees the old number or the new one
    fresh.write_text(f"{math.ceil(seconds)}\n", "ascii")
    fresh.replace(file)


def _real() -> float:
    return time.time()  # noqa: TID251 - the one place


sys.addaudithook(refuse_untold)
