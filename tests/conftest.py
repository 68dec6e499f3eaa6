"""What all tests share: a stated time, the lanes (lanes.py), and an order for several processes to run them in."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from tests import moments
from tests.lanes import LONG, PROPERTY_EXAMPLES

import kynhan_client.clock
import kynhan_server.clock

# A run started in the background ignores SIGINT, and so would every program it starts; some tests press Ctrl-C.
signal.signal(signal.SIGINT, signal.default_int_handler)

settings.register_profile(
    "lane", deadline=None, max_examples=PROPERTY_EXAMPLES, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("lane")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leaves what is marked `long` to `make test-long`; the journeys, which take longest, are handed out first."""
    left_out = [] if LONG else [item for item in items if item.get_closest_marker("long")]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if LONG or not item.get_closest_marker("long")]
    items.sort(key=lambda item: "journeys" not in item.path.parts)


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
