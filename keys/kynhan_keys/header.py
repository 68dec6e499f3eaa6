"""The header of an age file (age-encryption.org/v1): text, strict, one spelling.

    age-encryption.org/v1
    -> mlkem768x25519 mHmP…
    XJ8Q7iIYr2zZ9qkbyM6uKJvBf0kYT4dWbZJ5mJ5mJ5k
    --- gxhoSa5BciRDt8lOpYNcx4EYtKpS0CJ06F3ZwN82VaM

A stanza is `-> TYPE ARGUMENT…` and its body in unpadded base64, 64 columns a line, ended by a shorter line,
which may be empty. The last line holds the MAC over everything before it up to and including `---`. The
header ends with the newline after the MAC; the payload follows it.
"""

import hashlib
import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from kynhan_keys import b64
from kynhan_keys.errors import EncodingError, HeaderError, MacError

VERSION_LINE = b"age-encryption.org/v1\n"
FILE_KEY_SIZE = 16
MAX_SIZE = 1 << 20
"""Bytes in the longest header accepted: some 640 post-quantum recipients."""
MAX_STANZAS = 1024
MAX_WORDS = 16
"""Words in a stanza's first line, its type among them."""
MAX_LINE = 4096
"""Bytes in any line; the first of a post-quantum recipient has 1,512."""
MAX_BODY_LINES = 64
"""Lines in a stanza's body: 3 KiB, of which a post-quantum recipient needs one."""

_MAC_SIZE = 32
_MAC_LINE_SIZE = len("--- ") + 43 + len("\n")
_COLUMNS = 64
_WORD = re.compile(r"[!-~]+")


@dataclass(frozen=True)
class Stanza:
    """The file key wrapped for one recipient. Type and arguments are printable ASCII without spaces."""

    type: str
    args: tuple[str, ...]
    body: bytes


@dataclass(frozen=True)
class Header:
    """A parsed header; `mac` is 32 bytes, not yet verified."""

    stanzas: tuple[Stanza, ...]
    mac: bytes


class HeaderReader:
    """Finds where the header ends in a file that arrives in pieces."""

    def __init__(self) -> None:
        self._data = bytearray()
        self._searched = 0

    def feed(self, data: bytes) -> tuple[bytes, bytes] | None:
        """Takes the next piece; gives the header and what follows it once the header is whole, else None.

        Raises HeaderError as soon as no header can begin like this, or after 1 MiB without an end.
        """
        self._data += data
        start = bytes(self._data[: len(VERSION_LINE)])
        if not VERSION_LINE.startswith(start):
            raise HeaderError("the first line is not age-encryption.org/v1")
        dashes = self._data.find(b"\n---", self._searched, MAX_SIZE)
        if dashes < 0:
            self._searched = max(0, min(len(self._data), MAX_SIZE) - len("\n--"))
            if len(self._data) >= MAX_SIZE:
                raise HeaderError("no end within 1 MiB")
            return None
        self._searched = dashes
        limit = dashes + 1 + _MAC_LINE_SIZE
        newline = self._data.find(b"\n", dashes + 1, limit)
        if newline < 0:
            if len(self._data) >= limit:
                raise HeaderError("the MAC line is too long")
            return None
        return bytes(self._data[: newline + 1]), bytes(self._data[newline + 1 :])

    def end(self) -> HeaderError:
        """The error to raise when the file ends before `feed` found the header's end."""
        return HeaderError("cut short" if self._data else "empty input")


def split(data: bytes) -> tuple[bytes, bytes] | None:
    """The header at the start of `data` and what follows it; None if `data` ends before the header does.

    The header is found, not parsed. Raises HeaderError if no header can begin like this.
    """
    return HeaderReader().feed(data)


def parse(data: bytes) -> Header:
    """The header that is exactly `data`.

    Raises HeaderError unless `data` is one header, in the one spelling, with nothing after it, and within the
    bounds above. Work and memory grow with the bytes of `data` alone.
    """
    if len(data) > MAX_SIZE:
        raise HeaderError("longer than 1 MiB")
    if not data.startswith(VERSION_LINE) or not data.endswith(b"\n"):
        raise HeaderError("not age-encryption.org/v1")
    stanzas: list[Stanza] = []
    place = len(VERSION_LINE)
    while data.startswith(b"-> ", place):
        if len(stanzas) == MAX_STANZAS:
            raise HeaderError(f"more than {MAX_STANZAS} stanzas")
        stanza, place = _parse_stanza(data, place)
        stanzas.append(stanza)
    if not stanzas:
        raise HeaderError("no recipient stanza")
    line, end = _line(data, place)
    if end != len(data) or not line.startswith("--- "):
        raise HeaderError("a line that is neither a stanza nor, at the end, the MAC")
    mac = _decode(line[len("--- ") :])
    if len(mac) != _MAC_SIZE:
        raise HeaderError("the MAC is not 32 bytes")
    return Header(tuple(stanzas), mac)


def format_unsigned(stanzas: Iterable[Stanza]) -> bytes:
    """The header up to and including `---`, which the MAC covers. Raises HeaderError for spaces in words."""
    lines = []
    for stanza in stanzas:
        words = (stanza.type, *stanza.args)
        _check_words(words)
        body = b64.encode_raw(stanza.body)
        lines.append("-> " + " ".join(words))
        lines += [body[start : start + _COLUMNS] for start in range(0, len(body) + 1, _COLUMNS)]
    return VERSION_LINE + "".join(line + "\n" for line in lines).encode("ascii") + b"---"


def format(header: Header) -> bytes:  # noqa: A001 (the counterpart of parse)
    """The one spelling of `header`."""
    return format_unsigned(header.stanzas) + b" " + b64.encode_raw(header.mac).encode("ascii") + b"\n"


def compute_mac(file_key: bytes, stanzas: Iterable[Stanza]) -> bytes:
    """HMAC-SHA-256 of the header up to `---`, under a key that HKDF derives from the file key (32 bytes)."""
    key = HKDF(hashes.SHA256(), 32, salt=None, info=b"header").derive(file_key)
    return hmac.digest(key, format_unsigned(stanzas), hashlib.sha256)


def verify_mac(file_key: bytes, header: Header) -> None:
    """Raises MacError unless the header's MAC is that of `file_key`. Compares in constant time."""
    if not hmac.compare_digest(compute_mac(file_key, header.stanzas), header.mac):
        raise MacError("the MAC does not fit the file key")


def seal(file_key: bytes, stanzas: Iterable[Stanza]) -> bytes:
    """The header with these stanzas and the MAC of `file_key`."""
    stanzas = tuple(stanzas)
    return format(Header(stanzas, compute_mac(file_key, stanzas)))


def _parse_stanza(data: bytes, place: int) -> tuple[Stanza, int]:
    """The stanza that begins at byte `place`, and the place after it."""
    line, place = _line(data, place)
    words = line.split(" ")[1:]
    if len(words) > MAX_WORDS:
        raise HeaderError(f"a stanza of more than {MAX_WORDS} words")
    _check_words(words)
    body: list[bytes] = []
    while len(body) < MAX_BODY_LINES:
        line, place = _line(data, place)
        if len(line) > _COLUMNS:
            raise HeaderError("a body line longer than 64 columns")
        body.append(_decode(line))
        if len(line) < _COLUMNS:
            return Stanza(words[0], tuple(words[1:]), b"".join(body)), place
    raise HeaderError(f"a stanza's body of more than {MAX_BODY_LINES} lines")


def _line(data: bytes, place: int) -> tuple[str, int]:
    """The line that begins at byte `place`, and where the next one does. Each byte is looked at once."""
    end = data.find(b"\n", place, place + MAX_LINE + 1)
    if end < 0:
        raise HeaderError(
            "cut short" if len(data) - place <= MAX_LINE else f"a line of more than {MAX_LINE} bytes"
        )
    return data[place:end].decode("latin-1"), end + 1


def _check_words(words: Iterable[str]) -> None:
    for word in words:
        if _WORD.fullmatch(word) is None:
            raise HeaderError("an argument that is empty or not printable ASCII")


def _decode(text: str) -> bytes:
    try:
        return b64.decode_raw(text)
    except EncodingError as error:
        raise HeaderError(str(error)) from error
