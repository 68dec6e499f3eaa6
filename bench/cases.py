"""What a relay costs with many open cases in its database, against the same relay with a thousand.

    python -m bench.cases --cases 1000000          fills a folder (about ten minutes, 7 GB), measures, deletes it

Starting until it answers, its memory then, a tick that finds nothing to do, and a tick with 200 cases to remind of. The
peer is the same code on the same machine with 1,000 cases: a ratio near 1 says that the number of cases costs nothing.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from kynhan_server.clock import machine_time

from .dispatches import free_port
from .many_cases import DUE, PASSPHRASE, Filled, fill
from .processes import memory_mib
from .report import Figure, Report

FEW: Final = 1_000
MANY: Final = 20_000
STARTS: Final = 5
SETTLED: Final = 1.0
"""Seconds after it is ready until its memory is read."""


@dataclass(frozen=True)
class Measured:
    """Medians: seconds to answer, MiB then; seconds of an empty tick and of one with DUE reminders, peak MiB."""

    start: float
    mib: float
    empty: float
    due: float
    peak_mib: float


def measure(report: Report, cases: int = MANY, folder: Path | None = None) -> None:
    """Adds the figures for `cases` open cases. `folder` is where the databases are made, for the time being."""
    with tempfile.TemporaryDirectory(prefix="kynhan-bench-", dir=folder) as name:
        places = Path(name) / "few", Path(name) / "many"
        filled = [_filled(place, count) for place, count in zip(places, (FEW, cases), strict=True)]
        starts: list[list[tuple[float, float]]] = [[], []]
        for _ in range(STARTS):
            for mine, place, one in zip(starts, places, filled, strict=True):
                mine.append(_start(place, one))
        few, many = (
            _medians(mine, _ticked(place, one))
            for mine, place, one in zip(starts, places, filled, strict=True)
        )
    peer = f"{FEW:,} cases"
    for what, unit, ours, theirs in (
        ("start until it answers", "s", many.start, few.start),
        ("memory once it answers", "MiB", many.mib, few.mib),
        ("a tick with nothing due", "ms", many.empty * 1000, few.empty * 1000),
        (f"a tick with {DUE} due", "ms", many.due * 1000, few.due * 1000),
        ("memory at most, ticking", "MiB", many.peak_mib, few.peak_mib),
    ):
        report.add(Figure(f"{cases:,} cases: {what}", unit, ours, peer, theirs, "lower"))


def _filled(folder: Path, cases: int) -> Filled:
    began = time.perf_counter()
    filled = fill(folder, cases)
    size = sum(file.stat().st_size for file in folder.glob("relay.db*")) / 1e6
    print(f"# {cases:,} cases: {time.perf_counter() - began:.0f} s to fill, {size:.0f} MB", file=sys.stderr)
    return filled


def _medians(starts: list[tuple[float, float]], ticked: Any) -> Measured:
    if set(ticked["reminders"]) != {DUE}:
        raise RuntimeError(f"{ticked['reminders']} reminders instead of {DUE} each")
    return Measured(
        statistics.median(seconds for seconds, _ in starts),
        statistics.median(mib for _, mib in starts),
        statistics.median(ticked["empty"]),
        statistics.median(ticked["due"]),
        ticked["peak_mib"],
    )


def _start(folder: Path, filled: Filled) -> tuple[float, float]:
    """Seconds from starting a relay process to its first answer, and its memory (MiB) soon after."""
    secret, clock = folder.with_suffix(".passphrase"), folder.with_suffix(".clock")
    secret.touch(mode=0o600)
    secret.write_bytes(PASSPHRASE)
    clock.write_text(str(int(filled.due_at[0].timestamp() - 3600 - machine_time())))
    port = free_port()
    command = [sys.executable, "-m", "kynhan_server", "serve", "--data", str(folder)]
    command += ["--passphrase-file", str(secret), "--listen", f"127.0.0.1:{port}", "--demo-clock", str(clock)]
    began = time.perf_counter()
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stderr is not None
            for line in process.stderr:
                if line.startswith("{") and json.loads(line).get("event") == "ready":
                    break
            seconds = time.perf_counter() - began
            time.sleep(SETTLED)
            return seconds, memory_mib(str(process.pid), "VmRSS")
        finally:
            process.terminate()
            process.stderr.read()


def _ticked(folder: Path, filled: Filled) -> Any:
    moments = [str(int(moment.timestamp())) for moment in filled.due_at]
    done = subprocess.run(
        [sys.executable, "-m", "bench.ticking", str(folder), *moments],
        check=True,
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[1],
    )
    return json.loads(done.stdout)


def main() -> None:
    options = argparse.ArgumentParser(description="A relay with many open cases.")
    options.add_argument("--cases", type=int, default=MANY, help=f"how many (default {MANY})")
    options.add_argument("--folder", type=Path, help="where to make the databases for the time being")
    chosen = options.parse_args()
    if chosen.cases < FEW:
        options.error(f"--cases: at least {FEW}")
    report = Report()
    measure(report, chosen.cases, chosen.folder)
    report.table()


if __name__ == "__main__":
    main()
