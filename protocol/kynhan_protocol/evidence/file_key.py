"""The file key of one dispatch, revealed to a judge (DESIGN §2): a file of three lines, with one spelling.

    kynhan-file-key@v1
    dispatch 3f9a61…            64 hexadecimal digits: the DISPATCH whose package it opens
    key q83vASNFZ4mrze8BI0VniQ  16 bytes in unpadded base64; `none` where the header cannot even be read

Whoever reads this file can read that package, and no other one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from kynhan_keys import b64
from kynhan_keys.errors import EncodingError

from ..errors import EvidenceError

SIZE: Final = 16
MAX_BYTES: Final = 256
_FIRST: Final = "kynhan-file-key@v1"
_NONE: Final = "none"
_FORM: Final = re.compile(r"kynhan-file-key@v1\ndispatch ([0-9a-f]{64})\nkey ([!-~]{1,64})\n")


@dataclass(frozen=True)
class FileKey:
    """The file key of `dispatch` (its id): 16 bytes, or None without one. The repr does not show it."""

    dispatch: str
    key: bytes | None = field(repr=False)


def format(revealed: FileKey) -> bytes:  # noqa: A001 (the counterpart of parse)
    """The one spelling."""
    key = _NONE if revealed.key is None else b64.encode_raw(revealed.key)
    return f"{_FIRST}\ndispatch {revealed.dispatch}\nkey {key}\n".encode("ascii")


def parse(data: bytes) -> FileKey:
    """The file key in `data`. Raises EvidenceError for anything but the one spelling; no error holds a piece of it."""
    found = _FORM.fullmatch(data.decode("latin-1")) if len(data) <= MAX_BYTES else None
    if found is None:
        raise EvidenceError("This is not the file of a file key.")
    if found[2] == _NONE:
        return FileKey(found[1], None)
    try:
        key = b64.decode_raw(found[2])
    except EncodingError:
        raise EvidenceError("The file key is not spelled as it must be.") from None
    if len(key) != SIZE:
        raise EvidenceError("The file key does not have 16 bytes.")
    return FileKey(found[1], key)
