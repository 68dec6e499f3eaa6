"""Small tars: evidence of a few files, all in memory. A package is written by protocol/package, in constant memory."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Mapping
from typing import Final

MAX_EXTENSION: Final = 1024
"""Bytes of a header that only says more of the next one: a long name, a pax header. No file of ours needs any."""
_EXTENSIONS: Final = frozenset(
    {
        tarfile.XHDTYPE,
        tarfile.XGLTYPE,
        tarfile.SOLARIS_XHDTYPE,
        tarfile.GNUTYPE_LONGNAME,
        tarfile.GNUTYPE_LONGLINK,
    }
)


class _Header(tarfile.TarInfo):
    """A header whose extensions are bounded: what tarfile does with one grows with the square of its size."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> _Header:
        found = super().frombuf(buf, encoding, errors)
        if found.type in _EXTENSIONS and not 0 <= found.size <= MAX_EXTENSION:
            raise tarfile.ReadError(f"a header of {found.size} bytes")
        return found


def reading(data: bytes) -> tarfile.TarFile:
    """A tar to be read, in work that grows with its size alone. Raises tarfile.ReadError, as going through it does."""
    return tarfile.open(fileobj=io.BytesIO(data), mode="r:", tarinfo=_Header)


def tar_of(files: Mapping[str, bytes]) -> bytes:
    """Files as one ustar, in their order; the same bytes for the same files, for no time and no owner stands in it."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for name, data in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
    return buffer.getvalue()
