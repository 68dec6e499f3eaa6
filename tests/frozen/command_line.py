"""Running both programs in this process as a shell would: words in; status, stdout and stderr out."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from kynhan_client.__main__ import main as kynhan
from kynhan_server.__main__ import main as relay

MAIN: Final[Mapping[str, Callable[[list[str]], None]]] = {"kynhan": kynhan, "kynhan-relay": relay}


@dataclass(frozen=True)
class Ran:
    """How a command ended and what it said."""

    status: int
    stdout: str
    stderr: str


def run(*words: str) -> Ran:
    """Runs `words`, the first being the program. Nobody sits at its terminal."""
    program, *rest = words
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", newline="", write_through=True) for _ in "oe")
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), _no_stdin():
        try:
            MAIN[program](rest)
        except SystemExit as ended:
            assert isinstance(ended.code, int), ended
            return Ran(ended.code, _all(out), _all(err))
    raise AssertionError(f"{words} ended without a status")


def _all(stream: io.TextIOWrapper) -> str:
    stream.seek(0)
    return stream.read()


class _no_stdin(contextlib.redirect_stdout[io.StringIO]):  # noqa: N801  # contextlib has no redirect_stdin
    _stream = "stdin"

    def __init__(self) -> None:
        super().__init__(io.StringIO())
