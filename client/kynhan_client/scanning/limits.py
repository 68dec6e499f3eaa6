"""How large what is read may be: far above what we print and what a telephone photographs, far below what hurts."""

from __future__ import annotations

from typing import Final

FILE: Final = 64 << 20  # bytes of the PDF or picture
PIXELS: Final = 64_000_000
PAGES: Final = 200
ATTACHMENTS: Final = 16
ATTACHED: Final = 48 << 20  # bytes of all attachments
LETTERS: Final = 200_000  # characters of a page's text
PARTS: Final = 200  # members of a spreadsheet
UNPACKED: Final = 64 << 20  # bytes of them together
CODES: Final = 16  # QR codes of ours that are looked at
SECONDS: Final = 90
MEMORY: Final = 3 << 30
