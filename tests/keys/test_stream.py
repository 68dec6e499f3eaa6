"""The payload: any size in any pieces, every authentic chunk before an error, no thread left behind."""

import os
import threading
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kynhan_keys.errors import ArmorError, HeaderError, KeysError, PayloadError
from kynhan_keys.stream import CHUNK_SIZE, open_payload, seal_payload

FILE_KEY, NONCE = b"k" * 16, b"n" * 16
SEALED = CHUNK_SIZE + 16
MEBIBYTE = 1 << 20
EDGES = [
    0,
    1,
    CHUNK_SIZE - 1,
    CHUNK_SIZE,
    CHUNK_SIZE + 1,
    MEBIBYTE - 1,
    MEBIBYTE,
    MEBIBYTE + 1,
    5 * MEBIBYTE + 7,
]


def pieces(data: bytes, size: int) -> Iterator[bytes]:
    return (data[start : start + size] for start in range(0, len(data), size))


def sealed(data: bytes) -> bytes:
    return b"".join(seal_payload(FILE_KEY, NONCE, [data], 1))


def opened(source: Iterator[bytes] | list[bytes], workers: int = 1) -> tuple[bytes, str | None]:
    """All plaintext that came out, and the class of error that ended it."""
    plain = []
    try:
        for piece in open_payload(FILE_KEY, source, workers):
            plain.append(piece)
    except (PayloadError, HeaderError, ArmorError) as error:
        return b"".join(plain), error.kind
    return b"".join(plain), None


def threads() -> int:
    return sum(thread.name.startswith("age-chunks") for thread in threading.enumerate())


@pytest.mark.parametrize("size", EDGES)
@pytest.mark.parametrize("piece", [1 << 16, 100_003, 1 << 20])
@pytest.mark.parametrize("workers", [1, 2, 5])
def test_round_trip(size: int, piece: int, workers: int) -> None:
    data = os.urandom(size)
    whole = b"".join(seal_payload(FILE_KEY, NONCE, pieces(data, piece), workers))
    assert whole == sealed(data)
    assert len(whole) == 16 + size + 16 * max(1, -(-size // CHUNK_SIZE))
    assert opened(pieces(whole, piece), workers) == (data, None)


@settings(max_examples=50, deadline=None)
@given(st.binary(max_size=300), st.lists(st.integers(1, 70_000), max_size=6), st.integers(1, 40))
def test_round_trip_in_ragged_pieces(seed: bytes, sizes: list[int], step: int) -> None:
    data = [seed * (size // max(1, len(seed))) for size in sizes]
    whole = b"".join(seal_payload(FILE_KEY, NONCE, data))
    assert b"".join(open_payload(FILE_KEY, [whole[:step], b"", whole[step:]])) == b"".join(data)


SMALL = sealed(b"words " * 20)
TWO = sealed(bytes(CHUNK_SIZE) + b"and more")


@given(st.integers(16, len(SMALL) - 1), st.integers(1, 255))
def test_any_flipped_byte_is_refused_and_nothing_of_its_chunk_comes_out(place: int, mask: int) -> None:
    flipped = bytearray(SMALL)
    flipped[place] ^= mask
    assert opened([bytes(flipped)]) == (b"", "payload")


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(TWO) - 1), st.integers(1, 255))
def test_chunks_before_the_flipped_one_come_out(place: int, mask: int) -> None:
    flipped = bytearray(TWO)
    flipped[place] ^= mask
    expected = bytes(CHUNK_SIZE) if place >= 16 + SEALED else b""
    assert opened([bytes(flipped)]) == (expected, "payload")


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(TWO) - 1))
def test_a_payload_cut_short_is_refused(length: int) -> None:
    expected = bytes(CHUNK_SIZE) if length >= 16 + SEALED else b""
    assert opened([TWO[:length]]) == (expected, "header" if length < 16 else "payload")


@pytest.mark.parametrize("workers", [1, 3])
@pytest.mark.parametrize("broken", [0, 5, 15, 16, 40, 79])
def test_every_chunk_before_the_broken_one_comes_out_of_a_long_payload(broken: int, workers: int) -> None:
    data = os.urandom(80 * CHUNK_SIZE)
    whole = bytearray(sealed(data))
    whole[16 + broken * SEALED + 99] ^= 1
    assert opened([bytes(whole)], workers) == (data[: broken * CHUNK_SIZE], "payload")


@pytest.mark.parametrize("workers", [1, 3])
@pytest.mark.parametrize("count", [1, 16, 17, 33])
def test_chunks_that_came_before_their_source_failed_come_out(count: int, workers: int) -> None:
    data = os.urandom(40 * CHUNK_SIZE)
    whole = sealed(data)

    def failing() -> Iterator[bytes]:
        yield whole[: 16 + count * SEALED + 5]
        raise ArmorError("a damaged line")

    assert opened(failing(), workers) == (data[: count * CHUNK_SIZE], "armor")


@pytest.mark.parametrize("chunks", [1, 16, 17])
def test_whatever_follows_the_last_chunk_is_refused(chunks: int) -> None:
    data = os.urandom(chunks * CHUNK_SIZE)
    for tail in (b"x", b"x" * 16, bytes(SEALED), sealed(b"")[16:]):
        assert opened([sealed(data) + tail]) == (data, "payload")


def test_chunks_out_of_order_are_refused() -> None:
    data = os.urandom(3 * CHUNK_SIZE)
    nonce, *chunks = [sealed(data)[:16], *pieces(sealed(data)[16:], SEALED)]
    assert opened([nonce, chunks[1], chunks[0], chunks[2]]) == (b"", "payload")
    assert opened([nonce, chunks[0], chunks[2]]) == (data[:CHUNK_SIZE], "payload")
    assert opened([nonce, chunks[0], chunks[0], chunks[2]]) == (data[:CHUNK_SIZE], "payload")


def test_small_payloads_start_no_thread() -> None:
    before = threading.active_count()
    for piece in seal_payload(FILE_KEY, NONCE, [bytes(MEBIBYTE)], 4):
        assert threading.active_count() == before, len(piece)


def test_a_generator_given_up_leaves_no_thread_behind() -> None:
    data = [bytes(MEBIBYTE)] * 12
    sealing = seal_payload(FILE_KEY, NONCE, data, 3)
    for _ in range(5):
        next(sealing)
    assert threads() > 0
    sealing.close()
    assert threads() == 0
    opening = open_payload(FILE_KEY, seal_payload(FILE_KEY, NONCE, data, 1), 3)
    next(opening)
    assert threads() > 0
    del opening
    assert threads() == 0


def test_no_more_than_a_few_batches_are_taken_ahead() -> None:
    taken = 0

    def source() -> Iterator[bytes]:
        nonlocal taken
        for _ in range(60):
            taken += 1
            yield bytes(MEBIBYTE)

    sealing = seal_payload(FILE_KEY, NONCE, source(), 2)
    for _ in range(2):
        next(sealing)
    assert taken <= 8
    sealing.close()


def test_pieces_that_are_changed_after_they_were_given_do_no_harm() -> None:
    piece = bytearray(MEBIBYTE)

    def source() -> Iterator[bytes]:
        for number in range(4):
            piece[:] = bytes([number]) * MEBIBYTE
            yield piece

    whole = b"".join(seal_payload(FILE_KEY, NONCE, source(), 2))
    assert opened([whole])[0] == b"".join(bytes([number]) * MEBIBYTE for number in range(4))


def test_keys_of_another_size_are_refused() -> None:
    with pytest.raises(KeysError):
        next(seal_payload(b"short", NONCE, []))
    with pytest.raises(KeysError):
        next(seal_payload(FILE_KEY, b"short", []))
