"""age files (age-encryption.org/v1), whole or as header and payload, from pieces of bytes to pieces of bytes.

A Kynhan package is such a file, sealed to post-quantum recipients only. Its header and its body (nonce and
chunks) travel apart, so both halves can be made and opened alone: `make_header` and `stream.seal_payload`,
`open_header` and `stream.open_payload`. A file key is 16 fresh random bytes, for one file only.
"""

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from itertools import chain
from typing import Protocol

from kynhan_keys import header, mlkem768x25519, scrypt, x25519
from kynhan_keys.armor import dearmor, is_armored
from kynhan_keys.errors import KeysError, NoMatchError
from kynhan_keys.header import Header, HeaderReader, Stanza
from kynhan_keys.stream import open_payload, seal_payload


class Recipient(Protocol):
    """Whom a file is sealed to."""

    def wrap(self, file_key: bytes) -> Stanza:
        """The file key for this recipient."""


class Identity(Protocol):
    """What a file is opened with."""

    def unwrap(self, stanzas: Sequence[Stanza]) -> bytes | None:
        """The file key, or None if no stanza is for this identity. Raises HeaderError for a malformed one."""


_CHECKS: dict[str, Callable[[Stanza], object]] = {
    mlkem768x25519.TYPE: mlkem768x25519.read_enc,
    x25519.TYPE: x25519.read_share,
    scrypt.TYPE: scrypt.read_arguments,
}


def make_header(file_key: bytes, recipients: Iterable[Recipient]) -> bytes:
    """A header that gives `file_key` (16 bytes) to each of the recipients.

    Raises KeysError without recipients, or where age forbids the mixture: a passphrase stands alone, and
    post-quantum recipients are not mixed with others, which would undo them.
    """
    if len(file_key) != header.FILE_KEY_SIZE:
        raise KeysError("a file key is 16 bytes")
    stanzas = [recipient.wrap(file_key) for recipient in recipients]
    types = {stanza.type for stanza in stanzas}
    if not stanzas:
        raise KeysError("a file is sealed to at least one recipient")
    if len(stanzas) > 1 and scrypt.TYPE in types:
        raise KeysError("a passphrase can't be mixed with other recipients")
    if len(types) > 1 and mlkem768x25519.TYPE in types:
        raise KeysError("post-quantum recipients can't be mixed with others")
    return header.seal(file_key, stanzas)


def open_header(data: bytes, identities: Iterable[Identity]) -> bytes:
    """The file key in the header that is exactly `data`, by the first identity that opens it.

    The body is not needed. Raises HeaderError, NoMatchError as `find_key` does; MacError.
    """
    parsed = _parse_header(data)
    file_key = _unwrap(parsed, identities)
    header.verify_mac(file_key, parsed)
    return file_key


def find_key(data: bytes, identities: Iterable[Identity]) -> bytes:
    """The file key that the header gives to the first identity that opens it, whether its MAC fits that key or not.

    Raises HeaderError for a malformed header (every stanza of a known type is checked, whoever asks), NoMatchError.
    """
    return _unwrap(_parse_header(data), identities)


def check_key(data: bytes, file_key: bytes) -> None:
    """That the header `data` was made with `file_key`. Raises HeaderError as `find_key` does, MacError."""
    header.verify_mac(file_key, _parse_header(data))


def _unwrap(parsed: Header, identities: Iterable[Identity]) -> bytes:
    for identity in identities:
        file_key = identity.unwrap(parsed.stanzas)
        if file_key is not None:
            return file_key
    raise NoMatchError("none of the given keys opens this file")


def _parse_header(data: bytes) -> Header:
    parsed = header.parse(data)
    scrypt.check_alone(parsed.stanzas)
    for stanza in parsed.stanzas:
        if stanza.type in _CHECKS:
            _CHECKS[stanza.type](stanza)
    return parsed


def read_header(pieces: Iterator[bytes]) -> tuple[bytes, bytes]:
    """The header at the start of a file, and what else came in the same piece. Raises HeaderError."""
    reader = HeaderReader()
    for piece in pieces:
        found = reader.feed(piece)
        if found:
            return found
    raise reader.end()


def seal(
    source: Iterable[bytes],
    recipients: Iterable[Recipient],
    *,
    file_key: bytes,
    nonce: bytes,
    workers: int | None = None,
) -> Generator[bytes, None, None]:
    """The age file of the bytes in `source`, in pieces; file key and nonce are 16 fresh random bytes each.

    `workers` as in `stream.seal_payload`. Raises KeysError as `make_header` does, at once.
    """
    start = make_header(file_key, recipients)
    return _prefixed(start, seal_payload(file_key, nonce, source, workers))


def open_(
    source: Iterable[bytes], identities: Iterable[Identity], *, workers: int | None = None
) -> Generator[bytes, None, None]:
    """The plaintext of the age file in `source`, in pieces, each of them authentic.

    Header and nonce are read and checked at once: HeaderError, MacError, NoMatchError are raised before a
    generator is returned. That one raises PayloadError, after every authentic chunk before the fault, and
    what `source` raises.
    """
    pieces = iter(source)
    start, rest = read_header(pieces)
    return open_payload(open_header(start, identities), chain([rest], pieces), workers)


def seal_bytes_with_passphrase(
    data: bytes,
    passphrase: bytes,
    *,
    file_key: bytes,
    nonce: bytes,
    salt: bytes,
    work_factor: int = scrypt.DAILY_WORK_FACTOR,
) -> bytes:
    """A small age file under a passphrase, such as a key file; key, nonce, salt: 16 random bytes each.

    `work_factor` is a base-2 logarithm: 15 for a daily file, 18 for a backup. Raises KeysError.
    """
    recipient = scrypt.Recipient(passphrase, salt, work_factor)
    return b"".join(seal([data], [recipient], file_key=file_key, nonce=nonce, workers=1))


def open_bytes_with_passphrase(data: bytes, passphrase: bytes) -> bytes:
    """What is in an age file (binary or armored) under a passphrase: all of it, or an AgeError.

    A wrong passphrase is NoMatchError.
    """
    source = dearmor([data]) if is_armored(data) else [data]
    return b"".join(open_(source, [scrypt.Identity(passphrase)], workers=1))


def _prefixed(start: bytes, rest: Generator[bytes, None, None]) -> Generator[bytes, None, None]:
    yield start
    yield from rest
