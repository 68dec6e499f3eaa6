"""The process that reads: a PDF or a picture on stdin, what was found as MessagePack on stdout. It has nothing to lose:
no home, no key, no network use; what it cannot finish within its limits it does not finish."""

from __future__ import annotations

import sys

import msgspec

if sys.platform != "win32":
    import resource

from . import limits
from .found import Found
from .pdfs import Pdf, PdfError
from .pictures import PictureError, codes_of_file


def look(data: bytes) -> Found:
    """What is in the file; what is wrong with it stands in `trouble`."""
    try:
        if data[:1024].find(b"%PDF-") < 0:
            return Found(codes=codes_of_file(data))
        pdf = Pdf(data)
        try:
            return Found(attachments=pdf.attachments(), texts=pdf.texts(), codes=pdf.codes())
        finally:
            pdf.close()
    except (PdfError, PictureError) as error:
        return Found(trouble=str(error))
    except (RuntimeError, ValueError, MemoryError, OSError, UnicodeError):
        return Found(trouble="pdf.broken")


def _confine() -> None:
    if sys.platform == "win32":
        return
    resource.setrlimit(resource.RLIMIT_CPU, (limits.SECONDS, limits.SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (limits.MEMORY, limits.MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    _confine()
    sys.stdout.buffer.write(msgspec.msgpack.encode(look(sys.stdin.buffer.read(limits.FILE))))
