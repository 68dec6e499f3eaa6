"""The lanes of the tests, stated here and nowhere else.

    make quick      lint, types, and the tests of keys/ and protocol/, at their normal sizes
    make test       every test that is not marked `long`, at its normal size
    make test-long  KYNHAN_LONG=1: every test, at its long size

A test that needs a size takes it from here. conftest.py deselects what is marked `long` in the normal lane, so that
pytest says how many were left out. CONTRIBUTING.md lists them.
"""

from __future__ import annotations

import os
from typing import TypeVar

T = TypeVar("T")

LONG = os.environ.get("KYNHAN_LONG", "0") not in ("", "0")


def size(normal: T, long: T) -> T:
    """The one or the other, by lane."""
    return long if LONG else normal


YEAR_CASES = size(60, 400)
"""Cases in the year in the life (journeys/test_year.py)."""
FLIPS = size(1_000, 20_000)
"""Flipped bytes over all that travels (protocol/)."""
FLIPS_OF_ONE_FORMAT = size(200, 4_000)
"""Flipped bytes of one format of keys/."""
MACHINE_RUNS, MACHINE_STEPS = size((30, 40), (400, 60))
"""Random walks through the rules of a case, and the longest of them."""
WHOLE_LOGS = size(12, 60)
"""Random logs of a relay that refuses nothing, judged by all three (journeys/test_whole_logs.py)."""
HOME_STEPS = size(24, 120)
"""Steps of one random walk through two real homes."""
PROPERTY_EXAMPLES = size(100, 1_000)
"""Examples of every other property."""
VALUES_OF_A_PAGE = size(25, 1_000)
"""Values of a printed page, a report, a spreadsheet that are changed, each by one character (or all there are)."""
