"""Handling paper in tests: drawing a page, scanning it askew, exchanging what is attached, and judging it."""

from __future__ import annotations

import io
import random
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pypdfium2
import segno
from PIL import Image, ImageFilter
from tests.client.agreement import PASSPHRASE
from tests.client.printing.story import Paper

from kynhan_client.clock import Clock
from kynhan_client.evidence import papers
from kynhan_client.evidence.verifying import Trust, Verification
from kynhan_client.home.home import Home
from kynhan_client.printing.sheet import Printed
from kynhan_protocol.package import qr_text
from kynhan_protocol.package.qr_text import Reference


def verify(path: Path, evidence: Path | None = None, trust: Trust | None = None) -> Verification:
    return papers.verify_path(
        path, trust or Trust(), lambda _: None if evidence is None else papers.of_path(evidence)
    )


def reasons(report: Verification) -> set[str]:
    return {one.code for one in report.reasons}


def opened(paper: Paper) -> Home:
    return Home.open(paper.home, PASSPHRASE, clock=Clock(paper.offset))


def page(paper: Paper, printed: Printed, number: int = 1) -> Image.Image:
    """A page at 150 dpi, as pdftoppm draws it."""
    path = paper.file("page.pdf", printed.pdf)
    command = ["pdftoppm", "-r", "150", "-f", str(number), "-l", str(number), "-png", str(path)]
    return Image.open(io.BytesIO(subprocess.run(command, check=True, capture_output=True).stdout)).convert(
        "L"
    )


def scanned(picture: Image.Image, degrees: float = 2, blur: float = 0.7) -> Image.Image:
    """The page laid on a scanner askew: turned, slightly out of focus, grainy."""
    turned = picture.rotate(degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=235)
    soft = turned.filter(ImageFilter.GaussianBlur(blur))
    grain = random.Random(7).randbytes(soft.width * soft.height)
    return Image.blend(soft, Image.frombytes("L", soft.size, grain), 0.2)


def saved(folder: Path, picture: Image.Image, name: str = "scan.jpg") -> Path:
    path = folder / name
    picture.save(path, quality=55)
    return path


def code(folder: Path, reference: Reference | str) -> Path:
    """A picture of nothing but a code."""
    path = folder / "code.png"
    text = reference if isinstance(reference, str) else qr_text.format(reference)
    segno.make(text, error="q", micro=False).save(str(path), scale=5, border=4)
    return path


def with_attachments(pdf: bytes, files: Mapping[str, bytes]) -> bytes:
    """The same pages with other files attached."""
    document = pypdfium2.PdfDocument(pdf)
    while document.count_attachments():
        document.del_attachment(0)
    for name, data in files.items():
        document.new_attachment(name).set_data(data)
    made = io.BytesIO()
    document.save(made)
    document.close()
    return made.getvalue()


def attachments(pdf: bytes) -> dict[str, bytes]:
    document = pypdfium2.PdfDocument(pdf)
    found = [document.get_attachment(number) for number in range(document.count_attachments())]
    files = {one.get_name(): bytes(one.get_data()) for one in found}
    document.close()
    return files
