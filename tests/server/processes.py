"""Real `kynhan-relay` processes for tests."""

from __future__ import annotations

import io
import json
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from tests import moments
from tests.protocol.world import CA, CCQ, signer

from kynhan_server.__main__ import main

COMMAND = [sys.executable, "-m", "kynhan_server"]
SLUG, ORIGIN = "ccq-ca", "relay.example/kynhan"


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    stdout: str
    stderr: str


def run(*arguments: str, status: int = 0, language: str = "en") -> Done:
    """One command that ends by itself, with the status expected; in this process, which saves its start."""
    out, err = io.StringIO(), io.StringIO()
    asked = mock.patch.dict(os.environ, {"KYNHAN_LANG": language})
    nobody = mock.patch("sys.stdin", io.StringIO())
    with redirect_stdout(out), redirect_stderr(err), nobody, asked, pytest.raises(SystemExit) as ended:
        main(list(arguments))
    assert (ended.value.code or 0) == status, (ended.value.code, out.getvalue(), err.getvalue())
    return Done(out.getvalue(), err.getvalue())


@dataclass(frozen=True)
class Data:
    """A relay's data folder and passphrase file."""

    folder: Path
    passphrase: Path

    @property
    def options(self) -> tuple[str, ...]:
        return ("--data", str(self.folder), "--passphrase-file", str(self.passphrase))


def made(place: Path) -> Data:
    """`kynhan-relay init` in a new folder."""
    passphrase = place / "passphrase"
    passphrase.write_text("mot hai ba\n")
    passphrase.chmod(0o600)
    data = Data(place / "relay", passphrase)
    run("init", *data.options)
    return data


def admit(data: Data, slug: str = SLUG, origin: str = ORIGIN) -> dict[str, str]:
    """`kynhan-relay admit --json` for CCQ and CA of tests.protocol.world."""
    roots = [str(signer(name).vkey) for name in (CCQ, CA)]
    answer: dict[str, str] = json.loads(
        run("admit", *data.options, "--log", slug, "--origin", origin, "--json", *roots).stdout
    )
    return answer


@dataclass
class Process:
    """A `serve` at work; every line of its stderr has to be JSON."""

    popen: subprocess.Popen[str]
    lines: queue.Queue[dict[str, Any] | None] = field(default_factory=queue.Queue)
    seen: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.popen.stderr is not None
        for line in self.popen.stderr:
            try:
                self.lines.put(json.loads(line))
            except ValueError:
                self.lines.put({"event": "not-json", "line": line})
        self.lines.put(None)

    def until(self, event: str, seconds: float = 20) -> dict[str, Any]:
        """The next line of that event."""
        while True:
            line = self.lines.get(timeout=seconds)
            assert line is not None, (event, self.seen)
            self.seen.append(line)
            if line["event"] == event:
                return line

    def stop(self) -> int:
        """SIGTERM, and the status it ends with."""
        self.popen.send_signal(signal.SIGTERM)
        return self.popen.wait(20)

    def kill(self) -> None:
        """kill -9."""
        self.popen.kill()
        self.popen.wait(20)


@contextmanager
def serving(data: Data, *options: str, listen: str = "127.0.0.1:0") -> Iterator[Process]:
    """`kynhan-relay serve`; killed when the block ends, if it is still there."""
    process = Process(
        subprocess.Popen(
            [*COMMAND, "serve", *data.options, "--listen", listen, *_told_the_time(data, options)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
    )
    try:
        yield process
    finally:
        process.kill()
        assert process.popen.stderr is not None
        process.popen.stderr.close()


def _told_the_time(data: Data, options: tuple[str, ...]) -> tuple[str, ...]:
    if "--demo-clock" in options:
        return options
    return (
        *options,
        "--demo-clock",
        str(moments.clock_file(data.folder.with_name(f"{data.folder.name}.clock"))),
    )
