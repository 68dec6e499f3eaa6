"""Paper for the tests in this folder, printed once: a case with a hostile title, reminders, an extension, a reply."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator

import pytest
from tests.client.printing.story import Paper, printed


@pytest.fixture(scope="session")
def paper(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Paper]:
    """What was printed, and the home that it was printed from, closed again."""
    missing = [tool for tool in ("pdftotext", "pdftoppm", "pdffonts", "pdfdetach") if not shutil.which(tool)]
    assert not missing, f"{', '.join(missing)} not found: install Debian's poppler-utils"
    yield asyncio.run(printed(tmp_path_factory.mktemp("paper")))
