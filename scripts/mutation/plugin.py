"""Loaded into pytest by `scripts/mutants`: which test runs which line, how long each takes, and examples not shrunk.

While it learns, every test has its node id as coverage's context; seconds by node id are written to MUTANTS_SECONDS.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import coverage
import hypothesis
import pytest

hypothesis.settings.register_profile(
    "mutants",
    phases=[hypothesis.Phase.explicit, hypothesis.Phase.generate],
    database=None,
    derandomize=True,
    deadline=None,
    suppress_health_check=list(hypothesis.HealthCheck),
)
hypothesis.settings.load_profile("mutants")

_seconds: dict[str, float] = {}


def pytest_runtest_logstart(nodeid: str) -> None:
    measuring = coverage.Coverage.current()
    if measuring is not None:
        measuring.switch_context(nodeid)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    _seconds[report.nodeid] = _seconds.get(report.nodeid, 0.0) + report.duration


def pytest_sessionfinish() -> None:
    target = os.environ.get("MUTANTS_SECONDS")
    if target:
        Path(target).write_text(json.dumps(_seconds))
