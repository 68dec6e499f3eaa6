"""The text form of an age file, strict as PEM never was.

    -----BEGIN AGE ENCRYPTED FILE-----
    YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IFgyNTUxOSBURWlGMHlwcXIrYnB2Y3FY
    …
    -----END AGE ENCRYPTED FILE-----

Padded base64 in lines of 64 columns; only the last one may be shorter, none is empty. Lines end in LF or
CRLF. Whitespace may stand before and after the whole, nothing else. Works on pieces, in constant memory.
"""

from collections.abc import Generator, Iterable

from kynhan_keys import b64
from kynhan_keys.errors import ArmorError, EncodingError

BEGIN = b"-----BEGIN AGE ENCRYPTED FILE-----"
END = b"-----END AGE ENCRYPTED FILE-----"
DETECTION_SIZE = 4096
"""How many bytes of an input decide what it is."""

_BINARY_START = b"age-encryption.org/"
_SIGNS = (b"-----BEGIN", b"----- BEGIN")
_WHITESPACE = b" \t\r\n"
_COLUMNS = 64
_LINE_BYTES = 48
_LONGEST_LINE = _COLUMNS + len("\r")


def is_armored(start: bytes) -> bool:
    """Whether an input that begins with `start` (4 KiB, or all of it) is armor, damaged or not."""
    start = start[:DETECTION_SIZE]
    return not start.startswith(_BINARY_START) and any(sign in start for sign in _SIGNS)


def dearmor(source: Iterable[bytes]) -> Generator[bytes, None, None]:
    """The bytes within the armor, as they come.

    Raises ArmorError, after giving every byte of the lines before the one that is wrong.
    """
    reader = _Reader()
    for piece in source:
        yield from reader.feed(piece)
    yield from reader.end()


def armor(source: Iterable[bytes]) -> Generator[bytes, None, None]:
    """The armored text of the bytes in `source`, with LF line ends."""
    yield BEGIN + b"\n"
    held = b""
    for piece in source:
        held += piece
        whole = len(held) - len(held) % _LINE_BYTES
        if whole:
            yield _lines(held[:whole])
            held = held[whole:]
    if held:
        yield _lines(held)
    yield END + b"\n"


def _lines(data: bytes) -> bytes:
    text = b64.encode(data)
    return "".join(text[start : start + _COLUMNS] + "\n" for start in range(0, len(text), _COLUMNS)).encode()


class _Reader:
    """Line after line: before the armor, in it, past its last line, behind it."""

    def __init__(self) -> None:
        self._take = self._before
        self._held = b""
        self._done = False

    def feed(self, piece: bytes) -> Generator[bytes, None, None]:
        *lines, self._held = (self._held + piece).split(b"\n")
        decoded: list[bytes] = []
        try:
            for line in lines:
                decoded.append(self._take(line.removesuffix(b"\r")))
            self._bound_held()
        except ArmorError:
            yield b"".join(decoded)
            raise
        yield b"".join(decoded)

    def _bound_held(self) -> None:
        """Keeps what waits for its line end short, whatever comes."""
        if self._take == self._behind:
            self._behind(self._held)
            self._held = b""
        elif len(self._held) > (DETECTION_SIZE if self._take == self._before else _LONGEST_LINE):
            raise ArmorError("a line that is too long")

    def end(self) -> Generator[bytes, None, None]:
        if self._held:
            yield self._take(self._held.removesuffix(b"\r"))
        if self._take != self._behind:
            raise ArmorError("the END line is missing")

    def _before(self, line: bytes) -> bytes:
        if line.strip(_WHITESPACE):
            if line.lstrip(_WHITESPACE) != BEGIN:
                raise ArmorError("the first line is not the BEGIN line of an age file")
            self._take = self._body
        return b""

    def _body(self, line: bytes) -> bytes:
        if line.startswith(b"-"):
            return self._past(line)
        if not line or len(line) > _COLUMNS:
            raise ArmorError("a line that is empty or longer than 64 columns")
        try:
            data = b64.decode(line.decode("latin-1"))
        except EncodingError as error:
            raise ArmorError(str(error)) from error
        if len(data) < _LINE_BYTES:
            self._take = self._past
        return data

    def _past(self, line: bytes) -> bytes:
        if line.rstrip(_WHITESPACE) != END:
            raise ArmorError("a line that should be the END line of an age file")
        self._take = self._behind
        return b""

    def _behind(self, line: bytes) -> bytes:
        if line.strip(_WHITESPACE):
            raise ArmorError("something follows the END line")
        return b""
