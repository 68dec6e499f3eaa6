"""What was found in a PDF or a picture."""

from __future__ import annotations

from typing import Final

import msgspec

ATTACHMENTS: Final = "attachments"  # asks for nothing but what is attached


class Found(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`codes`: the texts of QR codes that claim to be ours; `trouble`: the key of the clause that says why nothing was
    read."""

    attachments: list[tuple[str, bytes]] = []
    texts: list[str] = []
    codes: list[str] = []
    trouble: str = ""
