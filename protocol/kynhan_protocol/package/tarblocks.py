"""The part of tar that a package uses: regular files, with pax headers for what a ustar header cannot hold.

Specification: POSIX.1-2017, pax, "ustar Interchange Format" and "pax Header Block"; DESIGN §3.1. One form: mode
0644, user and group 0 without names, one time for all members, no folder entries. What other programs may do in
many ways (links, devices, sparse files, GNU's own headers, global headers, base-256 numbers) is refused, since
stock tar would follow it one day.
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
_MODE: Final = 0o644


@dataclass(frozen=True)
class Header:
    """One header block: type (one byte), name as it stands there, size in bytes of what follows it, its time in POSIX
    seconds, and the whole block.
    """

    type: bytes
    name: bytes
    size: int
    mtime: int
    block: bytes


def member(path: str, size: int, mtime: int, ordinal: int) -> bytes:
    """The header blocks of a regular file: `size` in bytes, `mtime` in POSIX seconds, `ordinal` its place.

    One block, or three with a pax header where the path is not ASCII or too long, or the file has 8 GiB or
    more. Raises PackageError `tar-form` for a time before 1970 or after 2242, which ustar cannot hold.
    """
    if not 0 <= mtime < _USTAR_SIZE:
        raise PackageError("The manifest has a time that a tar cannot hold.", code="tar-form")
    name = path.encode()
    records: dict[str, str] = {}
    if not _fits(name):
        records["path"] = path
        name = _stand_in(ordinal)
    if size >= _USTAR_SIZE:
        records["size"] = str(size)
    plain = _block(name, 0 if "size" in records else size, mtime, REGULAR)
    if not records:
        return plain
    pax = b"".join(_record(key, value) for key, value in records.items())
    return _block(_pax_name(ordinal), len(pax), mtime, PAX) + pad(pax) + plain


def pad(data: bytes) -> bytes:
    """`data` with zeros up to a whole block."""
    return data + bytes(-len(data) % BLOCK)


def parse_header(block: bytes) -> Header:
    """What a header block of 512 bytes says. Raises PackageError `tar-header`; `tar-member` for another type, or one
    with a link name.
    """
    name, *_, size, mtime, checksum, type_, link, magic = _LAYOUT.unpack(block)[:10]
    blank = block[:148] + b" " * 8 + block[156:]
    if magic != _MAGIC or block[500:] != bytes(12) or _octal(checksum) != sum(blank):
        raise PackageError("The package holds a block that is not a tar header.", code="tar-header")
    if type_ not in (REGULAR, PAX) or any(link):
        raise PackageError("The package holds something that is not a plain file.", code="tar-member")
    return Header(type_, name.rstrip(b"\0"), _octal(size), _octal(mtime), block)


def check_form(header: Header, mtime: int) -> None:
    """That a header has the one form of all: mode, owner, the time `mtime`, and nothing beside them.

    Raises PackageError `tar-form`.
    """
    _, mode, uid, gid, *_, user, group, major, minor, prefix = _LAYOUT.unpack(header.block)
    if [_octal(number) for number in (mode, uid, gid)] != [_MODE, 0, 0] or any(user + group):
        raise PackageError(
            "A file in the package has another mode or owner than 0644 and nobody.", code="tar-form"
        )
    if header.mtime != mtime:
        raise PackageError("A file in the package bears another time than the first.", code="tar-form")
    if (major + minor).strip(b"0\0") or any(prefix) or b"\0" in header.name:
        raise PackageError("A header of the package holds what belongs to no plain file.", code="tar-form")


def parse_pax(data: bytes) -> dict[str, str]:
    """The records of a pax header: `path` and `size`.

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
        if name in records or name not in ("path", "size"):
            raise PackageError(
                "A pax header of the package overrides more than path and size.", code="tar-override"
            )
        records[name] = text
    return records


def resolve(header: Header, records: dict[str, str], ordinal: int) -> tuple[str, int]:
    """Path and size of a file from its header and pax records; `ordinal` is its place among the files, from 1.

    A record may only stand where the header cannot hold the value, and the header then says `files/ORDINAL` or
    size 0, so that two readers never see two archives. Raises PackageError `tar-override`.
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
    if _fits(records["path"].encode()) or header.name != _stand_in(ordinal):
        raise PackageError("A pax header of the package changes the name of a file.", code="tar-override")
    return records["path"], size


def check_pax_header(header: Header, records: dict[str, str], ordinal: int) -> None:
    """That a pax header is the one that belongs before file `ordinal`.

    Raises PackageError `tar-form`; `tar-override` for one without records.
    """
    if not records:
        raise PackageError("A pax header of the package says nothing.", code="tar-override")
    if header.name != _pax_name(ordinal):
        raise PackageError("A pax header of the package has another name than its place.", code="tar-form")


def _stand_in(ordinal: int) -> bytes:
    """What a header says where the path stands in a pax record."""
    return f"files/{ordinal}".encode()


def _pax_name(ordinal: int) -> bytes:
    return f"pax/{ordinal}".encode()


def _fits(name: bytes) -> bool:
    return len(name) <= _USTAR_NAME and name.isascii()


def _block(name: bytes, size: int, mtime: int, type_: bytes) -> bytes:
    numbers = [b"%07o\0" % number for number in (_MODE, 0, 0)]
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
