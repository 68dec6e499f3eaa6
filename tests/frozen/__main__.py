"""`python -m tests.frozen`: freezes anew, on purpose, what the programs say today. Look at `git diff` afterwards."""

from __future__ import annotations

import os
import sys

import pytest
from tests.frozen.comparison import FROZEN

if __name__ == "__main__":
    os.environ["KYNHAN_FREEZE"] = "1"
    sys.exit(pytest.main(["-q", str(FROZEN), *sys.argv[1:]]))
