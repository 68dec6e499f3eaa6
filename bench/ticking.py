"""A relay on a filled folder, ticking by hand: `python -m bench.ticking FOLDER WHEN…`, in a process of its own.

Each WHEN (POSIX seconds) is a moment at which reminders fall due; before it, ticks that find nothing to do are timed.
Prints one JSON object: `open` (seconds), `empty` and `due` (seconds a tick), `reminders` (of each tick of `due`),
`mib` and `peak_mib` (resident memory after the first empty ticks, and at most).
"""

from __future__ import annotations

import asyncio
import json
import logging
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import structlog
from tests.server.world import ManualClock

from kynhan_server.relay import Relay

from .many_cases import PASSPHRASE
from .processes import memory_mib

EMPTY: Final = 20


async def measure(folder: Path, moments: list[datetime]) -> dict[str, Any]:
    clock = ManualClock(moments[0] - timedelta(minutes=10), demo=True)
    began = time.perf_counter()
    relay = await Relay.open(folder, PASSPHRASE, clock)
    told: dict[str, Any] = {"open": time.perf_counter() - began, "empty": [], "due": [], "reminders": []}
    for moment in moments:
        clock.at = moment - timedelta(minutes=10)
        for _ in range(EMPTY):
            clock.advance(seconds=1)
            told["empty"].append(await _tick(relay, told, expected=0))
        told.setdefault("mib", memory_mib("self", "VmRSS"))
        clock.at = moment
        told["due"].append(await _tick(relay, told))
    told["peak_mib"] = memory_mib("self", "VmHWM")
    await relay.close()
    return told


async def _tick(relay: Relay, told: dict[str, Any], expected: int | None = None) -> float:
    began = time.perf_counter()
    ticked = await relay.deadlines.tick()
    seconds = time.perf_counter() - began
    if expected is None:
        told["reminders"].append(ticked.reminders)
    elif ticked.reminders != expected:
        raise RuntimeError(f"{ticked.reminders} reminders where nothing was due")
    return seconds


if __name__ == "__main__":
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    when = [datetime.fromtimestamp(int(seconds), UTC) for seconds in sys.argv[2:]]
    print(json.dumps(asyncio.run(measure(Path(sys.argv[1]), when))))
