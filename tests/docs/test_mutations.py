"""`make mutants` asks about rules written wrong, not about words: what it changes, and what it leaves alone."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))
from mutation import mutations  # noqa: E402


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a < b\n", {"a <= b"}),
        ("a not in b\n", {"a in b"}),
        ("a and b\n", {"a or b"}),
        ("not a\n", {"a"}),
        ("x = max(a, b)\n", {"x = min(a, b)"}),
        ("x = a - b\n", {"x = a + b"}),
        ("x = 5\n", {"x = 6"}),
        ('x = "late"\n', {"x = 'lateX'"}),
        ("x = (a, b)\n", {"x = ( b)"}),
        ("blame(a)\n", {"pass"}),
    ],
)
def test_one_token_is_changed(before: str, after: set[str]) -> None:
    source = before.encode()
    assert {one.apply(source).decode().strip() for one in mutations.of(source)} == after


@pytest.mark.parametrize(
    "source",
    ['"""What this is."""\n', "import os\n", 'x: "int"\n', 'x = "a sentence"\n', 'raise Wrong("gone", 1)\n'],
)
def test_words_are_left_alone(source: str) -> None:
    assert mutations.of(source.encode()) == []
