"""Lengths of packages."""

from __future__ import annotations

from math import floor, log2

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kynhan_protocol.package.padme import SMALLEST, package_length, padme


@pytest.mark.parametrize(
    ("length", "padded"),
    [(0, 0), (1, 1), (2, 2), (3, 3), (8, 8), (9, 10), (17, 18), (1000, 1024), (1_000_000, 1_015_808)],
)
def test_padme_lengths_known_by_hand(length: int, padded: int) -> None:
    assert padme(length) == padded


@given(st.integers(2, 2**40))
def test_padme_is_the_next_multiple_its_definition_asks_for(length: int) -> None:
    exponent = floor(log2(length))
    step = 2 ** (exponent - (floor(log2(exponent)) + 1 if exponent else 0))
    padded = padme(length)
    assert padded % step == 0
    assert 0 <= padded - length < step


@given(st.integers(0, 2**50))
def test_padding_adds_at_most_an_eighth_and_stays_put(length: int) -> None:
    assert length <= padme(length) <= length * 1.12 + 1
    assert padme(padme(length)) == padme(length)


@given(st.integers(0, 2**40))
def test_packages_are_whole_blocks_and_never_small(length: int) -> None:
    padded = package_length(length)
    assert padded >= max(SMALLEST, length)
    assert padded % 512 == 0


def test_a_negative_length_is_refused() -> None:
    with pytest.raises(ValueError, match="not negative"):
        padme(-1)
