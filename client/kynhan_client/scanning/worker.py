"""The process that reads: a PDF or a picture on stdin, what was found as MessagePack on stdout.

It has nothing to lose: no home, no key, and once it is confined neither files nor network, whatever a file makes of it;
what it cannot finish within its limits it does not finish. `attachments` as its argument: a PDF, and only those;
`pages`: a PDF, and all of it but the codes; `sheets`: a spreadsheet.
"""

from __future__ import annotations

import codecs
import sys
from typing import Final

import msgspec
import pypdfium2  # type: ignore[import-untyped]
from PIL import Image

if sys.platform != "win32":
    import resource

from . import limits, workbooks
from .found import ATTACHMENTS, PAGES, SHEETS, Found
from .pdfs import Pdf, PdfError
from .pictures import PictureError, codes_of_file
from .workbooks import WorkbookError

OPEN: Final = 3  # stdin, stdout, stderr


def look(data: bytes, only: str = "") -> Found:
    """What is in the file, of a PDF `only` what is asked for; what is wrong with it stands in `trouble`."""
    try:
        if only == SHEETS:
            sheets, looks = workbooks.read(data)
            return Found(sheets=sheets, looks=looks)
        if not only and data[:1024].find(b"%PDF-") < 0:
            return Found(codes=codes_of_file(data))
        pdf = Pdf(data)
        try:
            attached = pdf.attachments()
            if only == ATTACHMENTS:
                return Found(attachments=attached)
            texts, looks = pdf.texts(), pdf.looks()
            return Found(attached, texts, looks, [] if only == PAGES else pdf.codes())
        finally:
            pdf.close()
    except (PdfError, PictureError, WorkbookError) as error:
        return Found(trouble=str(error))
    except MemoryError:
        return Found(trouble="scan.too-much")
    except (RuntimeError, ValueError, OSError, UnicodeError):
        return Found(trouble="pdf.broken")


def confine() -> None:
    """Sets the limits, and lets nothing be opened any more. What is loaded only when it is used is loaded before: the
    readers of every picture, of photos with several pictures in them, and of what a camera noted in them.
    """
    Image.init()
    pypdfium2.PdfDocument.new().close()
    for encoding in ("utf-16-le", "utf-16", "latin-1", "cp437"):
        codecs.lookup(encoding)
    if sys.platform == "win32":
        return
    resource.setrlimit(resource.RLIMIT_CPU, (limits.SECONDS, limits.SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (limits.MEMORY, limits.MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN, OPEN))


if __name__ == "__main__":
    confine()
    read = sys.stdin.buffer.read(limits.FILE)
    sys.stdout.buffer.write(msgspec.msgpack.encode(look(read, "".join(sys.argv[1:]))))
