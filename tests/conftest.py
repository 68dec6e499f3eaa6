"""What all tests share: a stated time, hypothesis without deadlines, more examples in the long mode (KYNHAN_LONG=1)."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from tests import moments

import kynhan_client.clock
import kynhan_server.clock

# A run started in the background ignores SIGINT, and so would every program it starts; some tests press Ctrl-C.
signal.signal(signal.SIGINT, signal.default_int_handler)

settings.register_profile("normal", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile(
    "long", deadline=None, max_examples=1_000, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("long" if os.environ.get("KYNHAN_LONG") else "normal")


@pytest.fixture(scope="session", autouse=True)
def _no_machine_clock() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for program in (kynhan_client.clock, kynhan_server.clock):
            patch.setattr(program, "machine_time", moments.machine_time)
        yield


_file: Path | None = None


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Before any fixture: with another file of tests it is morning again (worlds made once for a file go on in it)."""
    global _file
    if "journeys" in item.path.parts:
        moments.begin_journey()
    elif item.path != _file or moments.is_journey():
        moments.begin()
    _file = item.path
