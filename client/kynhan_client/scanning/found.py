"""What was found in a PDF or a picture."""

from __future__ import annotations

from typing import Final

import msgspec

ATTACHMENTS: Final = "attachments"  # asks for nothing but what is attached
SHEETS: Final = "sheets"  # asks for the cells of a spreadsheet
PAGES: Final = "pages"  # asks for everything but the codes


class Found(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`texts`: of each page, as far as it has any; `looks`: of each page a hash of its picture, the same for pages that
    look alike; `codes`: the texts of QR codes that claim to be ours; `sheets`: of a spreadsheet the cells, by sheet
    (`looks`: of its other parts); `trouble`: the key of the clause that says why
    nothing was read."""

    attachments: list[tuple[str, bytes]] = []
    texts: list[str] = []
    looks: list[str] = []
    codes: list[str] = []
    sheets: list[tuple[str, list[tuple[str, str]]]] = []
    trouble: str = ""
