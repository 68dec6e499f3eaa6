"""Typesetting: a typst template of this package and JSON data give a PDF/A-3b file, the same bytes for the same input.

    pdf("receipt.typ", {"title": "GIẤY BIÊN NHẬN"}, {"bien-nhan.receipt": proof}, at=now)

A template reads its data with `json("data.json")` and attaches a file with `pdf.attach("bien-nhan.receipt", …)`. Only
the fonts of this package are used (metric equivalents of Times), so that a page looks alike everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from importlib import resources
from typing import Any, Final

import msgspec
import typst

PDF_A: Final = "a-3b"
DATA: Final = "data.json"

_compile: Final[Any] = typst.compile  # its stub does not know of inputs by name


def pdf(template: str, data: Any, files: Mapping[str, bytes], *, at: datetime) -> bytes:
    """The PDF of `template` (a file of this package) for `data`; `files` can be attached or shown by it.

    `at` (aware) is the date that the document itself bears. Raises ValueError for a template that does not compile.
    """
    folder = resources.files(__package__)
    sources = {
        entry.name: entry.read_bytes()
        for entry in (folder / "templates").iterdir()
        if entry.name.endswith(".typ")
    }
    inputs: dict[str, bytes] = {
        **files,
        **sources,
        DATA: msgspec.json.encode(data),
        "main": sources[template],
    }
    with resources.as_file(folder / "fonts") as fonts:
        try:
            made = _compile(
                inputs,
                font_paths=[fonts],
                ignore_system_fonts=True,
                format="pdf",
                pdf_standards=[PDF_A],
                timestamp=int(at.timestamp()),
            )
        except typst.TypstError as error:
            raise ValueError(f"{template} does not compile: {error}") from error
    assert isinstance(made, bytes)  # one document, not one file a page
    return made
