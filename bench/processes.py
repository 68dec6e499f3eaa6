"""Whole processes, timed from outside: wall seconds and peak memory, by the operating system's own account."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

TIMED = [sys.executable, "-I", "-S", str(Path(__file__).with_name("timed.py"))]


@dataclass(frozen=True)
class Run:
    """One finished process: wall seconds, peak resident memory in MiB."""

    seconds: float
    peak_mib: float


def run(command: Sequence[str], source: Path, target: Path | None = None) -> Run:
    """Runs `command` with `source` on stdin and stdout thrown away (or kept in `target`). A failure is an error."""
    told, tell = os.pipe()
    with (
        os.fdopen(told, "rb") as report,
        source.open("rb") as stdin,
        (target or Path(os.devnull)).open("wb") as stdout,
    ):
        try:
            process = subprocess.Popen(
                [*TIMED, str(tell), *command], stdin=stdin, stdout=stdout, pass_fds=[tell]
            )
        finally:
            os.close(tell)
        found = report.read()
        if process.wait() != 0:
            raise RuntimeError(f"{command[0]} failed")
    seconds, peak_kib = found.split()
    return Run(float(seconds), int(peak_kib) / 1024)


def alternate(times: int, *contenders: Callable[[], Run]) -> list[Run]:
    """Runs the contenders in turn, so that a drifting machine hits all alike; gives each one's medians."""
    runs: list[list[Run]] = [[] for _ in contenders]
    for _ in range(times):
        for mine, contender in zip(runs, contenders, strict=True):
            mine.append(contender())
    return [
        Run(statistics.median(r.seconds for r in mine), statistics.median(r.peak_mib for r in mine))
        for mine in runs
    ]


def memory_mib(pid: str, field: str) -> float:
    """A field of the kernel's account of a running process (`VmRSS` now, `VmHWM` at most), in MiB."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(f"{field}:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError(f"the kernel does not tell {field}")
