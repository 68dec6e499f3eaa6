"""Whole processes, timed from outside: wall seconds and peak memory, by the operating system's own account."""

from __future__ import annotations

import os
import statistics
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Run:
    """One finished process: wall seconds, peak resident memory in MiB."""

    seconds: float
    peak_mib: float


def run(command: Sequence[str], source: Path, target: Path | None = None) -> Run:
    """Runs `command` with `source` on stdin and stdout thrown away (or kept in `target`). A failure is an error."""
    with source.open("rb") as stdin, (target or Path(os.devnull)).open("wb") as stdout:
        began = time.perf_counter()
        process = subprocess.Popen(command, stdin=stdin, stdout=stdout)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise RuntimeError(f"{command[0]} ended with {process.returncode}")
    return Run(seconds, usage.ru_maxrss / 1024)


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
