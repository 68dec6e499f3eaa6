"""The part of tar that a package uses: regular files, with pax headers for what a ustar header cannot hold.

Specification: POSIX.1-2017, pax, "ustar Interchange Format" and "pax Header Block". What other programs may
do in many ways (links, devices, sparse files, GNU's own headers, global headers, base-256 numbers) is
refused.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from typing import Final

from ..errors import PackageError
from .padme import BLOCK

MAX_PAX_BYTES: Final = 8 * 1024
REGULAR: Final = b"0"
PAX: Final = b"x"

_USTAR_NAME: Final = 100  # bytes
_USTAR_SIZE: Final = 8**11  # bytes, the first size that eleven octal digits cannot hold
# name mode uid gid size mtime checksum type linkname magic uname gname devmajor devminor prefix
_LAYOUT: Final = struct.Struct("100s8s8s8s12s12s8sc100s8s32s32s8s8s155s12x")
_MAGIC: Final = b"ustar\x0000"
_OCTAL = re.compile(rb" *([0-7]+)[ \0]*")
_IGNORED_PAX: Final = frozenset(("mtime", "atime", "ctime"))


@dataclass(frozen=True)
class Header:
    """One header block: type (one byte), name as it stands there, size in bytes of what follows it."""

    type: bytes
    name: bytes
    size: int


def member(path: str, size: int, mtime: int, ordinal: int) -> bytes:
    """The header blocks of a regular file: `size` in bytes, `mtime` in POSIX seconds, `ordinal` its place.

    One block, or three with a pax header where the path is not ASCII or too long, or the file has 8 GiB or
    more.
    """
    name = path.encode()
    records: dict[str, str] = {}
    if not _fits(name):
        records["path"] = path
        name = f"files/{ordinal}".encode()
    if size >= _USTAR_SIZE:
        records["size"] = str(size)
    plain = _block(name, 0 if "size" in records else size, mtime, REGULAR)
    if not records:
        return plain
    pax = b"".join(_record(key, value) for key, value in records.items())
    return _block(f"pax/{ordinal}".encode(), len(pax), mtime, PAX) + pad(pax) + plain


def pad(data: bytes) -> bytes:
    """`data` with zeros up to a whole block."""
    return data + bytes(-len(data) % BLOCK)


def parse_header(block: bytes) -> Header:
    """What a header block of 512 bytes says. Raises PackageError `tar-header`, or `tar-member` for another
    type.
    """
    name, _, _, _, size, _, checksum, type_, link, magic, _, _, _, _, prefix = _LAYOUT.unpack(block)
    blank = block[:148] + b" " * 8 + block[156:]
    if magic != _MAGIC or block[500:] != bytes(12) or _octal(checksum) != sum(blank):
        raise PackageError("The package holds a block that is not a tar header.", code="tar-header")
    if type_ not in (REGULAR, PAX) or link.strip(b"\0"):
        raise PackageError("The package holds something that is not a plain file.", code="tar-member")
    name, prefix = name.split(b"\0", 1)[0], prefix.split(b"\0", 1)[0]
    return Header(type_, prefix + b"/" + name if prefix else name, _octal(size))


def parse_pax(data: bytes) -> dict[str, str]:
    """The records of a pax header: `path` and `size`; times are left out.

    Raises PackageError `tar-override` for any other record, one that repeats, or one that is spelled wrongly.
    """
    records: dict[str, str] = {}
    while data:
        length, _, rest = data.partition(b" ")
        if not re.fullmatch(rb"[1-9][0-9]{0,5}", length) or not len(length) < int(length) <= len(data):
            raise PackageError(
                "A pax header of the package has a record of the wrong length.", code="tar-override"
            )
        body = rest[: int(length) - len(length) - 1]
        data = data[int(length) :]
        key, equals, value = body.partition(b"=")
        if not equals or not value.endswith(b"\n") or b"\0" in body:
            raise PackageError("A pax header of the package is not a list of records.", code="tar-override")
        try:
            name, text = key.decode("ascii"), value[:-1].decode()
        except UnicodeDecodeError as error:
            raise PackageError("A pax header of the package is not UTF-8.", code="tar-override") from error
        if name in records or name not in ("path", "size", *_IGNORED_PAX):
            raise PackageError(
                "A pax header of the package overrides more than path and size.", code="tar-override"
            )
        records[name] = text
    return {name: text for name, text in records.items() if name not in _IGNORED_PAX}


def resolve(header: Header, records: dict[str, str]) -> tuple[str, int]:
    """Path and size of a file from its header and pax records.

    A record may only stand where the header cannot hold the value, so that two readers never see two
    archives. Raises PackageError `tar-override`.
    """
    size = header.size
    if "size" in records:
        if not re.fullmatch(r"[1-9][0-9]{0,18}", records["size"]):
            raise PackageError("A pax header of the package gives no proper size.", code="tar-override")
        size = int(records["size"])
        if size < _USTAR_SIZE or header.size:
            raise PackageError("A pax header of the package changes the size of a file.", code="tar-override")
    if "path" not in records:
        try:
            return header.name.decode("ascii"), size
        except UnicodeDecodeError as error:
            raise PackageError(
                "A name in the package is neither ASCII nor in a pax header.", code="tar-header"
            ) from error
    if _fits(records["path"].encode()):
        raise PackageError("A pax header of the package changes the name of a file.", code="tar-override")
    return records["path"], size


def _fits(name: bytes) -> bool:
    return len(name) <= _USTAR_NAME and name.isascii()


def _block(name: bytes, size: int, mtime: int, type_: bytes) -> bytes:
    numbers = [b"%07o\0" % number for number in (0o644, 0, 0)]
    fields = (name, *numbers, b"%011o\0" % size, b"%011o\0" % mtime)
    rest = (type_, b"", _MAGIC, b"", b"", b"0000000\0", b"0000000\0", b"")
    checksum = sum(_LAYOUT.pack(*fields, b" " * 8, *rest))
    return _LAYOUT.pack(*fields, b"%06o\0 " % checksum, *rest)


def _record(key: str, value: str) -> bytes:
    """`LENGTH key=value\\n`, where LENGTH counts itself (pax Header Block)."""
    body = f" {key}={value}\n".encode()
    length = len(body)
    while len(str(length)) + len(body) != length:
        length = len(str(length)) + len(body)
    return str(length).encode() + body


def _octal(field: bytes) -> int:
    match = _OCTAL.fullmatch(field)
    if not match:
        raise PackageError("The package holds a header with a number that is not octal.", code="tar-header")
    return int(match[1], 8)
