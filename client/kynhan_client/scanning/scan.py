"""Reading a PDF or a picture from anywhere, in a process of its own with limits on time and memory."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Final

import msgspec

from ..clauses import clause
from ..errors import problem
from . import limits
from .found import ATTACHMENTS, PAGES, SHEETS, Found

PDF: Final = b"%PDF-"
PNG: Final = b"\x89PNG\r\n\x1a\n"
JPEG: Final = b"\xff\xd8\xff"
ENVIRONMENT: Final = ("PYTHONPATH", "PYTHONHOME", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT")
"""What the process needs to start; nothing else of ours is handed on to it."""
_STOPPED: Final = [getattr(signal, name, None) for name in ("SIGXCPU", "SIGKILL")]  # by a limit


def is_paper(start: bytes) -> bool:
    """Whether a file that begins so is a PDF or a picture."""
    return start.startswith((PNG, JPEG)) or PDF in start[:1024]


def scan(path: Path) -> Found:
    """What is in the file. Raises ClientError bad-file: too large, broken, encrypted, too much in it; OSError."""
    with path.open("rb") as file:
        data = file.read(limits.FILE + 1)
    if len(data) > limits.FILE:
        raise problem("bad-file", path=path, why=clause("file.too-large-evidence"))
    found = _in_a_process(data)
    if found.trouble:
        raise problem("bad-file", path=path, why=clause(found.trouble))
    return found


def attachments(pdf: bytes) -> Found:
    """What is attached to a PDF; its pages are left alone. What is wrong with it stands in `trouble`."""
    if len(pdf) > limits.FILE:
        return Found(trouble="file.too-large-evidence")
    return _in_a_process(pdf, ATTACHMENTS)


def pages(pdf: bytes) -> Found:
    """Texts and looks of a PDF's pages, and what is attached. What is wrong with it stands in `trouble`."""
    if len(pdf) > limits.FILE:
        return Found(trouble="file.too-large-evidence")
    return _in_a_process(pdf, PAGES)


def sheets(book: bytes) -> Found:
    """The cells of a spreadsheet. What is wrong with it stands in `trouble`."""
    if len(book) > limits.FILE:
        return Found(trouble="file.too-large-evidence")
    return _in_a_process(book, SHEETS)


def _in_a_process(data: bytes, *words: str) -> Found:
    is_pdf = bool(words) or PDF in data[:1024]
    lost = Found(trouble="pdf.broken" if is_pdf else "image.broken")
    # -P: whatever lies in the folder we were called in is not imported
    command = [sys.executable, "-P", "-m", f"{__package__}.worker", *words]
    environment = {name: os.environ[name] for name in ENVIRONMENT if name in os.environ}
    try:
        done = subprocess.run(
            command, input=data, capture_output=True, timeout=limits.SECONDS, check=False, env=environment
        )
        if -done.returncode in _STOPPED:
            return Found(trouble="scan.too-much")
        return lost if done.returncode else msgspec.msgpack.decode(done.stdout, type=Found)
    except subprocess.TimeoutExpired:
        return Found(trouble="scan.too-much")
    except msgspec.DecodeError:
        return lost
