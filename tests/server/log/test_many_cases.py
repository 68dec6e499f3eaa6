"""What bench/cases.py fills a database with is a log like any other: it verifies, and the relay works on it."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

from bench.many_cases import DUE, PASSPHRASE, Filled, fill
from tests.server.world import ManualClock

from kynhan_server.operator.log_audit import audit
from kynhan_server.relay import Relay

CASES = 1_000


def test_the_filled_log_verifies_and_each_round_is_reminded_of(tmp_path: Path) -> None:
    folder = tmp_path / "relay"
    filled = fill(folder, CASES)
    (report,) = audit(folder, None, None)
    assert report.discrepancies == []
    assert report.size > 5 * CASES
    assert asyncio.run(_reminders(folder, filled)) == [0, DUE, 0, DUE, 0]
    (report,) = audit(folder, None, None)
    assert report.discrepancies == []


async def _reminders(folder: Path, filled: Filled) -> list[int]:
    """How many go out before the first round is due, then, again, at the second, and again."""
    clock = ManualClock(demo=True)
    first, second, *_ = filled.due_at
    relay = await Relay.open(folder, PASSPHRASE, clock)
    counts = []
    for moment in (first - timedelta(seconds=1), first, first, second, second):
        clock.at = moment
        counts.append((await relay.deadlines.tick()).reminders)
    await relay.close()
    return counts
