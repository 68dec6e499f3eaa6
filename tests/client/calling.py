"""Running the real command line in this process, as a script would: arguments in; status, stdout and stderr out."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from kynhan_client.__main__ import main

PASSPHRASE = "năm từ dễ nhớ nhé"


@dataclass(frozen=True)
class Ran:
    """How a command ended and what it said."""

    status: int
    stdout: str
    stderr: str

    @property
    def json(self) -> Any:
        """Its answer to `--json`."""
        return json.loads(self.stdout)


class Kynhan:
    """`kynhan` with the same global options each time."""

    def __init__(self, capture: pytest.CaptureFixture[str], *options: str) -> None:
        self._capture = capture
        self._options = options

    def __call__(self, *words: str) -> Ran:
        self._capture.readouterr()
        with pytest.raises(SystemExit) as ended:
            main([*self._options, *words])
        said = self._capture.readouterr()
        assert isinstance(ended.value.code, int)
        return Ran(ended.value.code, said.out, said.err)

    def at(self, home: Path, passphrase: Path) -> Kynhan:
        """The same for a home."""
        return Kynhan(
            self._capture, *self._options, "--home", str(home), "--passphrase-file", str(passphrase)
        )
