"""Armor: strict lines, any pieces, and what counts as armor at all."""

import contextlib
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kynhan_keys.armor import BEGIN, END, armor, dearmor, is_armored
from kynhan_keys.errors import ArmorError

TEXT = b"".join(armor([b"age-encryption.org/v1\n" + bytes(100)]))
BODY = TEXT.split(b"\n")[1:-2]


def plain(*pieces: bytes) -> bytes:
    return b"".join(dearmor(pieces))


@given(st.lists(st.binary(max_size=200), max_size=5), st.integers(1, 300))
def test_round_trip_in_any_pieces(pieces: list[bytes], size: int) -> None:
    text = b"".join(armor(pieces))
    assert all(len(line) <= 64 for line in text.split(b"\n"))
    assert plain(*(text[start : start + size] for start in range(0, len(text), size))) == b"".join(pieces)


@given(st.binary(max_size=200))
def test_line_ends_and_space_around_do_not_matter(data: bytes) -> None:
    text = b"".join(armor([data]))
    for variant in (
        text[:-1],
        text.replace(b"\n", b"\r\n"),
        b" \r\n\t\n" + text + b"\n \t\r\n",
        text[:-1] + b"  ",
    ):
        assert plain(variant) == data
        assert b"".join(dearmor([variant[place : place + 1] for place in range(len(variant))])) == data


@settings(max_examples=300)
@given(st.integers(0, len(TEXT) - 2), st.integers(1, 255))
def test_a_flipped_byte_is_refused_or_changes_what_is_inside(place: int, mask: int) -> None:
    flipped = bytearray(TEXT)
    flipped[place] ^= mask
    with contextlib.suppress(ArmorError):
        assert plain(bytes(flipped)) != plain(TEXT)


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"\n",
        BEGIN,
        BEGIN + b"\n",
        BEGIN + END,
        b"x\n" + TEXT,
        TEXT + b"x",
        TEXT + TEXT,
        TEXT.replace(b"AGE", b"PGP"),
        TEXT.replace(END, b"----- END AGE ENCRYPTED FILE -----"),
        TEXT.replace(b"\n", b" \n"),
        TEXT.replace(b"\n", b"\r"),
        BEGIN + b"\n\n" + b"\n".join(BODY) + b"\n" + END,
        BEGIN + b"\n" + b"\n".join(BODY) + b"\n\n" + END,
        BEGIN + b"\n" + b"".join(BODY) + b"\n" + END,
        BEGIN + b"\n" + BODY[1][:60] + b"\n" + b"\n".join(BODY) + b"\n" + END,
        BEGIN + b"\nKey: value\n" + b"\n".join(BODY) + b"\n" + END,
    ],
)
def test_anything_but_strict_armor_is_refused(text: bytes) -> None:
    with pytest.raises(ArmorError):
        plain(text)


def test_lines_before_the_damaged_one_come_out_first() -> None:
    lines = TEXT.split(b"\n")
    lines[2] = b"!" * 64
    came = []
    with pytest.raises(ArmorError):
        for piece in dearmor([b"\n".join(lines)]):
            came.append(piece)
    assert b"".join(came) == (b"age-encryption.org/v1\n" + bytes(100))[:48]


@pytest.mark.parametrize("start", [b" ", b"A", BEGIN + b"\nA", b"\n" * 3 + b"-"])
def test_a_line_that_never_ends_is_refused_early(start: bytes) -> None:
    taken = 0

    def endless() -> Iterator[bytes]:
        nonlocal taken
        yield start
        while True:
            taken += 1
            yield start[-1:] * 100

    with pytest.raises(ArmorError):
        list(dearmor(endless()))
    assert taken < 50


def test_what_counts_as_armor() -> None:
    assert is_armored(TEXT)
    assert is_armored(b"Dear committee,\n" + TEXT)
    assert is_armored(b"----- BEGIN AGE ENCRYPTED FILE -----")
    assert is_armored(b" " * 4000 + TEXT)
    assert not is_armored(b" " * 4096 + TEXT)
    assert not is_armored(b"age-encryption.org/v1\n" + TEXT)
    assert not is_armored(b"")
