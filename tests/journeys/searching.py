"""Looking for words where they must not be: in all files of a folder, and in the whole memory of a process."""

from __future__ import annotations

import base64
import json
import os
import secrets
import unicodedata
import urllib.parse
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

PIECE = 16 << 20
OVERLAP = 4096
LETTERS = "ăâđêôơưằẳẵặấầẩẫậếềểễệốồổỗộớờởỡợứừửữự"


def token() -> str:
    """Two words that occur nowhere else: one of plain letters, one of Vietnamese ones."""
    plain = "".join(secrets.choice("bcdghklmnpqrstvx") for _ in range(16))
    return plain + "".join(secrets.choice(LETTERS) for _ in range(12))


def spellings(words: Iterable[str]) -> dict[bytes, str]:
    """The bytes that tell of a word: every usual spelling of it, and which word and spelling it is."""
    found: dict[bytes, str] = {}
    for word in words:
        for form in ("NFC", "NFD"):
            for coding, data in _spelled(unicodedata.normalize(form, word)):
                found.setdefault(data, f"{word!r} in {form} {coding}")
    return found


def _spelled(text: str) -> Iterator[tuple[str, bytes]]:
    for coding in ("utf-8", "utf-16-le", "utf-16-be", "utf-32-le"):
        yield coding, text.encode(coding)
    data = text.encode()
    yield "JSON", json.dumps(text)[1:-1].encode()
    yield "percent encoding", urllib.parse.quote(text).encode()
    yield "hex", data.hex().encode()
    yield "HEX", data.hex().upper().encode()
    for shift in range(3):
        inner = _inner(data, shift)
        if len(inner) < 4:  # of a word of three letters: what stands everywhere and tells of nothing
            continue
        yield "base64", inner
        yield "base64url", inner.translate(bytes.maketrans(b"+/", b"-_"))


def parts(word: str) -> list[str]:
    """The two halves of a token, each of which would tell."""
    return [word[:16], word[16:]]


def _inner(data: bytes, shift: int) -> bytes:
    """What of `data` is the same in base64 whatever stands around it, when `shift` bytes (mod 3) stand before it."""
    start, end = (0, 2, 3)[shift], (shift + len(data)) // 3 * 4
    return base64.b64encode(bytes(shift) + data)[start:end]


@dataclass(frozen=True)
class Hit:
    """Where something was found."""

    what: str
    where: str


def in_bytes(data: bytes, needles: dict[bytes, str], where: str) -> list[Hit]:
    """The needles that occur in `data`."""
    return [Hit(what, where) for needle, what in needles.items() if needle in data]


def in_folder(folder: Path, needles: dict[bytes, str]) -> list[Hit]:
    """The needles that occur in any file of a folder, in any file's name, or in where a link leads."""
    hits: list[Hit] = []
    for path in [folder, *sorted(folder.rglob("*"))]:
        name = path.relative_to(folder)
        hits += in_bytes(os.fsencode(name), needles, f"name of {name}")
        if path.is_symlink():
            hits += in_bytes(os.fsencode(path.readlink()), needles, f"link {name}")
        elif path.is_file():
            for data in _pieces_of_file(path):
                hits += in_bytes(data, needles, str(name))
    return hits


def in_memory(pid: int, needles: dict[bytes, str]) -> tuple[list[Hit], int]:
    """The needles that occur in any readable mapping of a process, and how many bytes were looked at.

    Raises PermissionError where the system does not let us look.
    """
    hits: list[Hit] = []
    seen = 0
    with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
        for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
            span, rights, *rest = line.split(maxsplit=5)
            if not rights.startswith("r") or "[vvar" in line or "[vsyscall" in line:
                continue
            start, end = (int(each, 16) for each in span.split("-"))
            for data in _pieces_of_memory(memory.fileno(), start, end):
                seen += len(data)
                hits += in_bytes(data, needles, f"memory {span} {rest[-1] if rest else ''}")
    return hits, seen


def _pieces_of_file(path: Path) -> Iterator[bytes]:
    tail = b""
    with path.open("rb") as file:
        while data := file.read(PIECE):
            yield tail + data
            tail = data[-OVERLAP:]


def _pieces_of_memory(descriptor: int, start: int, end: int) -> Iterator[bytes]:
    tail = b""
    while start < end:
        try:
            data = os.pread(descriptor, min(PIECE, end - start), start)
        except OSError:  # a mapping that just went, or a page behind the end of its file
            data = b""
        if not data:
            tail, start = b"", start + 4096
            continue
        yield tail + data
        tail, start = data[-OVERLAP:], start + len(data)
