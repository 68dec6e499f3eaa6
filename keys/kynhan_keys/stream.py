"""The payload of an age file: any number of chunks of 64 KiB, sealed and opened in constant memory.

    nonce (16 bytes) ‖ chunk 0 ‖ chunk 1 ‖ … ‖ last chunk

A chunk is under ChaCha20-Poly1305, with a key that HKDF derives from file key and nonce, and a nonce of its
own: its number (11 bytes) and a byte that is 1 for the last chunk. The last chunk may be shorter, and is
empty only if the whole payload is. So chunks are independent, and since OpenSSL releases the interpreter
lock, a few threads work on batches of them side by side; a payload of one batch starts none.
"""

import os
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from enum import Enum
from functools import partial
from itertools import chain, islice
from typing import TypeVar

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from kynhan_keys.errors import HeaderError, KeysError, PayloadError
from kynhan_keys.header import FILE_KEY_SIZE

NONCE_SIZE = 16
CHUNK_SIZE = 64 * 1024
TAG_SIZE = 16

_SEALED_CHUNK_SIZE = CHUNK_SIZE + TAG_SIZE
_BATCH = 16
_FULL_BUFFER_SIZE = _BATCH * _SEALED_CHUNK_SIZE
_MOST_WORKERS = 8

Result = TypeVar("Result")


@dataclass(frozen=True)
class _Batch:
    """Consecutive chunks, the first one's number, and (when sealing) whether the payload ends with them."""

    first: int
    chunks: list[bytes | memoryview]
    last: bool


class _End(Enum):
    """How far a batch was worked on."""

    MORE = "every chunk, and more must follow"
    LAST = "every chunk, and the last is the payload's last"
    TRAILING = "up to the payload's last chunk, which others follow"
    BAD = "up to a chunk that is not authentic"


@dataclass(frozen=True)
class _Done:
    """The chunks that came of a batch: where each lies in the buffer."""

    buffer: bytearray
    places: list[slice]
    end: _End


class _Buffers:
    """Memory for the chunks of batches, used again: getting it fresh costs as much as the cipher."""

    def __init__(self) -> None:
        self._spare: list[bytearray] = []

    def borrow(self, batch: _Batch) -> bytearray:
        if len(batch.chunks) < _BATCH:
            return bytearray(sum(len(chunk) + TAG_SIZE for chunk in batch.chunks))
        return self._spare.pop() if self._spare else bytearray(_FULL_BUFFER_SIZE)

    def empty(self, done: _Done) -> Generator[bytes, None, None]:
        """The chunks; after the last one the buffer is free for another batch."""
        view = memoryview(done.buffer)
        for place in done.places:
            yield bytes(view[place])
        if len(done.buffer) == _FULL_BUFFER_SIZE:
            self._spare.append(done.buffer)


def seal_payload(
    file_key: bytes, nonce: bytes, source: Iterable[bytes], workers: int | None = None
) -> Generator[bytes, None, None]:
    """The sealed payload of the bytes in `source`, beginning with `nonce` (16 fresh random bytes).

    `workers` is the number of threads, by default one a core. The pieces of `source` may have any size; 1
    MiB is good. Raises KeysError at the first step if the key or the nonce is not 16 bytes.
    """
    key = _payload_key(file_key, nonce)
    yield nonce
    buffers = _Buffers()
    batches = _sealing_batches(source)
    with closing(_in_order(lambda batch: _seal_batch(key, batch, buffers), batches, workers)) as sealed:
        for done in sealed:
            yield from buffers.empty(done)


def open_payload(
    file_key: bytes, source: Iterable[bytes], workers: int | None = None
) -> Generator[bytes, None, None]:
    """The plaintext of the payload in `source`, which begins with its nonce.

    Every chunk that is authentic, and whose predecessors are, is given before an error is raised; whoever
    must not act on a truncated plaintext waits for the end. Raises PayloadError; HeaderError if even the
    nonce is cut short (as the published test kit has it); and whatever `source` raises.
    """
    pieces = iter(source)
    nonce, rest = take_nonce(pieces)
    return _open_chunks(_payload_key(file_key, nonce), chain([rest], pieces), workers)


def take_nonce(pieces: Iterator[bytes]) -> tuple[bytes, bytes]:
    """The nonce at the start of a payload, and what else came in the same piece. Raises HeaderError."""
    held = b""
    while len(held) < NONCE_SIZE:
        try:
            held += next(pieces)
        except StopIteration:
            raise HeaderError("the nonce is cut short") from None
    return held[:NONCE_SIZE], held[NONCE_SIZE:]


def _open_chunks(key: bytes, source: Iterable[bytes], workers: int | None) -> Generator[bytes, None, None]:
    ended = False
    batches = _numbered(_pieces_of(source, _SEALED_CHUNK_SIZE))
    buffers = _Buffers()
    with closing(_in_order(lambda batch: _open_batch(key, batch, buffers), batches, workers)) as opened:
        for done in opened:
            if ended:
                raise PayloadError("something follows the last chunk")
            yield from buffers.empty(done)
            if done.end is _End.BAD:
                raise PayloadError("a chunk is damaged or out of place")
            if done.end is _End.TRAILING:
                raise PayloadError("something follows the last chunk")
            ended = done.end is _End.LAST
    if not ended:
        raise PayloadError("cut short before the last chunk")


def _payload_key(file_key: bytes, nonce: bytes) -> bytes:
    if len(file_key) != FILE_KEY_SIZE or len(nonce) != NONCE_SIZE:
        raise KeysError("a file key and a nonce are 16 bytes each")
    return HKDF(hashes.SHA256(), 32, salt=nonce, info=b"payload").derive(file_key)


def _seal_batch(key: bytes, batch: _Batch, buffers: _Buffers) -> _Done:
    cipher, buffer = ChaCha20Poly1305(key), buffers.borrow(batch)
    view, places, start = memoryview(buffer), list[slice](), 0
    for number, chunk in enumerate(batch.chunks, start=batch.first):
        last = batch.last and number == batch.first + len(batch.chunks) - 1
        place = slice(start, start + len(chunk) + TAG_SIZE)
        cipher.encrypt_into(_chunk_nonce(number, last), chunk, None, view[place])
        places.append(place)
        start = place.stop
    return _Done(buffer, places, _End.LAST if batch.last else _End.MORE)


def _open_batch(key: bytes, batch: _Batch, buffers: _Buffers) -> _Done:
    cipher, buffer = ChaCha20Poly1305(key), buffers.borrow(batch)
    view, places, start = memoryview(buffer), list[slice](), 0
    for number, chunk in enumerate(batch.chunks, start=batch.first):
        place = slice(start, start + max(0, len(chunk) - TAG_SIZE))
        end = _open_chunk(cipher, number, chunk, view[place])
        if end is _End.BAD:
            return _Done(buffer, places, end)
        places.append(place)
        start = place.stop
        if end is _End.LAST:
            more = number < batch.first + len(batch.chunks) - 1
            return _Done(buffer, places, _End.TRAILING if more else _End.LAST)
    return _Done(buffer, places, _End.MORE)


def _open_chunk(cipher: ChaCha20Poly1305, number: int, chunk: bytes | memoryview, into: memoryview) -> _End:
    """A full chunk may be the last one: what is not authentic as one of many is tried as that."""
    if len(chunk) < TAG_SIZE or (len(chunk) == TAG_SIZE and number > 0):
        return _End.BAD
    for end in (_End.MORE, _End.LAST) if len(chunk) == _SEALED_CHUNK_SIZE else (_End.LAST,):
        try:
            cipher.decrypt_into(_chunk_nonce(number, end is _End.LAST), chunk, None, into)
        except InvalidTag:
            continue
        return end
    return _End.BAD


def _chunk_nonce(number: int, last: bool) -> bytes:
    return number.to_bytes(11, "big") + (b"\1" if last else b"\0")


def _pieces_of(source: Iterable[bytes], size: int) -> Generator[bytes | memoryview, None, None]:
    """The bytes of `source` in pieces of `size`, the last one shorter; copied only where pieces meet."""
    held: list[memoryview] = []
    count = 0
    for data in source:
        view, start = memoryview(bytes(data)), 0
        while count + len(view) - start >= size:
            stop = start + size - count
            if held:
                yield b"".join([*held, view[start:stop]])
                held, count = [], 0
            else:
                yield view[start:stop]
            start = stop
        if start < len(view):
            held.append(view[start:])
            count += len(view) - start
    if held:
        yield b"".join(held)


def _numbered(chunks: Iterable[bytes | memoryview]) -> Generator[_Batch, None, None]:
    """The chunks in batches. If their source fails, those that came before it are still given."""
    first, held = 0, list[bytes | memoryview]()
    try:
        for chunk in chunks:
            held.append(chunk)
            if len(held) == _BATCH:
                yield _Batch(first, held, last=False)
                first, held = first + len(held), []
    except Exception:
        if held:
            yield _Batch(first, held, last=False)
        raise
    if held:
        yield _Batch(first, held, last=False)


def _sealing_batches(source: Iterable[bytes]) -> Generator[_Batch, None, None]:
    """The chunks of `source` in batches, the last one marked; an empty payload is one empty chunk."""
    waiting = None
    for batch in _numbered(_pieces_of(source, CHUNK_SIZE)):
        if waiting:
            yield waiting
        waiting = batch
    yield _Batch(waiting.first, waiting.chunks, last=True) if waiting else _Batch(0, [b""], last=True)


def _in_order(
    work: Callable[[_Batch], Result], batches: Iterable[_Batch], workers: int | None
) -> Generator[Result, None, None]:
    """`work` of each batch, in order, several at a time; a single batch is worked on without a thread.

    What `batches` raises is raised after the results of the batches before it. Closing the generator stops
    and joins its threads.
    """
    count = min(workers or os.cpu_count() or 1, _MOST_WORKERS)
    tasks = _tasks(work, batches)
    first = list(islice(tasks, 2))
    if count == 1 or len(first) < 2:
        for task in chain(first, tasks):
            yield task()
        return
    pool = ThreadPoolExecutor(count, thread_name_prefix="age-chunks")
    try:
        waiting: deque[Future[Result]] = deque()
        for task in chain(first, tasks):
            waiting.append(pool.submit(task))
            while waiting and (len(waiting) > 2 * count or waiting[0].done()):
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)


def _tasks(
    work: Callable[[_Batch], Result], batches: Iterable[_Batch]
) -> Generator[Callable[[], Result], None, None]:
    """What is to be called for each batch's result; if `batches` fails, the last call raises its error."""
    failure: Exception
    try:
        for batch in batches:
            yield partial(work, batch)
        return
    except Exception as error:
        failure = error

    def fail() -> Result:
        raise failure

    yield fail
