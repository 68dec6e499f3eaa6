"""Both directions against an independent implementation of age, npm age-encryption: sizes, recipients, streams."""

import hashlib
import os
import subprocess
import threading
from collections.abc import Iterable, Iterator

import pytest
from tests.lanes import size
from tests.nodejs import interop_dir, node

from kynhan_keys import age
from kynhan_keys.header import split
from kynhan_keys.mlkem768x25519 import Identity, Recipient

CHUNK = 64 * 1024
SIZES = [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 1_000_000, 5_000_000]
LARGE = size(20_000_000, 200_000_000)
OURS = Identity(b"i" * 32)


def through(words: list[str], pieces: Iterable[bytes]) -> Iterator[bytes]:
    """What age.mjs writes for these pieces, while they are written to it."""
    command = [*node(), "age.mjs", *words]
    with subprocess.Popen(
        command, cwd=interop_dir(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdin
        assert process.stdout
        assert process.stderr
        to_node = process.stdin

        def feed() -> None:
            with to_node:
                for piece in pieces:
                    to_node.write(piece)

        feeder = threading.Thread(target=feed)
        feeder.start()
        yield from iter(lambda: process.stdout.read1(1 << 20), b"")  # type: ignore[union-attr]
        feeder.join()
        complaint = process.stderr.read().decode()
    assert process.returncode == 0, complaint


def run(words: list[str], data: bytes = b"") -> bytes:
    return b"".join(through(words, [data]))


def seal(pieces: Iterable[bytes], *recipients: Recipient) -> Iterator[bytes]:
    return age.seal(pieces, recipients, file_key=os.urandom(16), nonce=os.urandom(16))


def digest(pieces: Iterable[bytes]) -> tuple[int, str]:
    size, state = 0, hashlib.sha256()
    for piece in pieces:
        size += len(piece)
        state.update(piece)
    return size, state.hexdigest()


def large() -> Iterator[bytes]:
    """Megabytes in which no two chunks are the same."""
    block = os.urandom(CHUNK - 1)
    left = LARGE
    while left:
        yield block[: min(left, len(block))]
        left -= min(left, len(block))


@pytest.mark.parametrize("size", SIZES)
def test_what_we_seal_the_other_implementation_opens(size: int) -> None:
    data = os.urandom(size)
    assert run(["open", OURS.encode()], b"".join(seal([data], OURS.recipient()))) == data


@pytest.mark.parametrize("size", SIZES)
def test_what_the_other_implementation_seals_we_open(size: int) -> None:
    data = os.urandom(size)
    sealed = run(["seal", str(OURS.recipient())], data)
    assert b"".join(age.open_([sealed], [OURS])) == data


def test_a_large_file_streams_both_ways_at_once() -> None:
    """Theirs seals what we open, and we seal again what theirs opens, with no file and no copy of the whole."""
    block = list(large())
    once = through(["seal", str(OURS.recipient())], block)
    again = seal(age.open_(once, [OURS]), OURS.recipient())
    assert digest(through(["open", OURS.encode()], again)) == digest(block)


def test_each_of_several_recipients_opens_on_either_side() -> None:
    data = os.urandom(100_000)
    theirs = [run(["keygen"]).decode().split() for _ in range(2)]
    ours = [Identity(os.urandom(32)) for _ in range(2)]
    recipients = [Recipient.parse(recipient) for _, recipient in theirs] + [each.recipient() for each in ours]
    mine = b"".join(seal([data], *recipients))
    yours = run(["seal", *map(str, recipients)], data)
    for sealed in (mine, yours):
        for identity, _ in theirs:
            assert run(["open", identity], sealed) == data
            assert b"".join(age.open_([sealed], [Identity.parse(identity)])) == data
        for each in ours:
            assert run(["open", each.encode()], sealed) == data
            assert b"".join(age.open_([sealed], [each])) == data


def test_keys_have_the_same_spelling_on_both_sides() -> None:
    identity, recipient = run(["keygen"]).decode().split()
    assert Identity.parse(identity).encode() == identity
    assert str(Identity.parse(identity).recipient()) == recipient
    assert str(Recipient.parse(recipient)) == recipient
    assert run(["recipient", OURS.encode()]).decode().strip() == str(OURS.recipient())


def test_a_detached_header_gives_the_same_file_key() -> None:
    file_key = os.urandom(16)
    header = age.make_header(file_key, [OURS.recipient()])
    assert run(["header", OURS.encode()], header).decode().strip() == file_key.hex()
    sealed = run(["seal", str(OURS.recipient())], b"words")
    found = split(sealed)
    assert found
    assert (
        run(["header", OURS.encode()], found[0]).decode().strip() == age.open_header(found[0], [OURS]).hex()
    )


def test_a_key_file_under_a_passphrase_opens_with_stock_age() -> None:
    words = "chín tầng mây"
    sealed = age.seal_bytes_with_passphrase(
        b"secret", words.encode(), file_key=os.urandom(16), nonce=os.urandom(16), salt=os.urandom(16)
    )
    assert run(["open-passphrase", words], sealed) == b"secret"
