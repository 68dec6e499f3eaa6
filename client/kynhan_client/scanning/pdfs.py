"""What a PDF holds that matters here: attached files, the text of its pages, our QR codes on them."""

from __future__ import annotations

import ctypes
import hashlib
from collections.abc import Iterator
from typing import Final

import pypdfium2  # type: ignore[import-untyped]
from PIL import Image
from pypdfium2 import raw

from . import limits
from .pictures import codes

DPI: Final = (200, 300)  # a second look at a scan that showed nothing
LOOK: Final = 60  # dpi at which pages are held against each other
AGAIN: Final = 10  # pages up to which it is taken, and up to which every page is looked at with patience
PATIENT: Final = 60  # pages up to which that is done where a quick look at all of them showed nothing
LONGEST: Final = 5000  # pixels of a page's longer side


class PdfError(Exception):
    """Not a PDF that can be read; `str()` is the key of the clause that says why."""


class Pdf:
    """An open document; close it."""

    def __init__(self, data: bytes) -> None:
        """Raises PdfError."""
        try:
            self._document = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError as error:
            locked = getattr(error, "err_code", None) == raw.FPDF_ERR_PASSWORD
            raise PdfError("pdf.encrypted" if locked else "pdf.broken") from error
        if not 0 < len(self._document) <= limits.PAGES:
            raise PdfError("pdf.pages" if len(self._document) else "pdf.broken")

    def close(self) -> None:
        """Lets the document go."""
        self._document.close()

    def attachments(self) -> list[tuple[str, bytes]]:
        """Names, as the document spells them, and contents. Raises PdfError."""
        if self._document.count_attachments() > limits.ATTACHMENTS:
            raise PdfError("pdf.attachments")
        found: list[tuple[str, bytes]] = []
        room = limits.ATTACHED
        for number in range(self._document.count_attachments()):
            one = self._document.get_attachment(number)
            length = ctypes.c_ulong()
            raw.FPDFAttachment_GetFile(one, None, 0, length)
            room -= length.value
            if room < 0:
                raise PdfError("pdf.attachments")
            if length.value:
                found.append((one.get_name(), bytes(one.get_data())))
        return found

    def texts(self) -> list[str]:
        """The text of each page, as far as it goes."""
        found = []
        for page in self._pages():
            words = page.get_textpage()
            count = min(words.count_chars(), limits.LETTERS)
            found.append(words.get_text_range(0, count) if count > 0 else "")
            words.close()
        return found

    def looks(self) -> list[str]:
        """A hash of each page's picture, and of how many annotations lie on it."""
        found = []
        for page in self._pages():
            seen = hashlib.sha256(_picture(page, LOOK).tobytes())
            seen.update(str(raw.FPDFPage_GetAnnotCount(page)).encode())
            found.append(seen.hexdigest())
        return found

    def codes(self) -> list[str]:
        """The texts of our codes on all pages."""
        looks = [(dpi, True) for dpi in DPI]
        if len(self._document) > AGAIN:
            looks = [(DPI[0], patient) for patient in (False, True)][
                : 2 if len(self._document) <= PATIENT else 1
            ]
        found: list[str] = []
        for dpi, patient in looks:
            found = [text for page in self._pages() for text in codes(_picture(page, dpi), patient=patient)]
            if found:
                break
        return list(dict.fromkeys(found))[: limits.CODES]

    def _pages(self) -> Iterator[pypdfium2.PdfPage]:
        for number in range(len(self._document)):
            page = self._document[number]
            yield page
            page.close()


def _picture(page: pypdfium2.PdfPage, dpi: int) -> Image.Image:
    longest = max(*page.get_size(), 1.0)
    scale = min(dpi / 72, LONGEST / longest)
    made: Image.Image = page.render(scale=scale, grayscale=True, may_draw_forms=False).to_pil()
    return made
