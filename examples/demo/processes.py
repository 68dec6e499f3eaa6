"""The demo's processes: the relay, the two committees' programs, their witnesses, and the clock they share."""

from __future__ import annotations

import json
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any

BIN = Path(sys.executable).parent
LOG = "phoi-hop"
ORIGIN = "relay.example/kynhan"


class StepError(Exception):
    """A step did not do what the story says; the text is what its process said."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def machine_now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - what its processes see


class Clock:
    """The offset file that every process of the demo reads (`--demo-clock`): seconds added to the machine's time."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def now(self) -> datetime:
        return machine_now() + timedelta(seconds=int(self.path.read_text()))

    def set(self, moment: datetime) -> None:
        offset = round((moment - machine_now()).total_seconds())
        fresh = self.path.with_suffix(".new")
        fresh.write_text(f"{offset}\n")
        fresh.replace(self.path)


class World:
    """Everything the demo starts, stopped again on leaving; `out` is made anew."""

    def __init__(self, out: Path) -> None:
        self.out = out
        self.work = out / "work"
        shutil.rmtree(out, ignore_errors=True)
        self.work.mkdir(parents=True)
        self.clock = Clock(self.work / "clock")
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.running: list[subprocess.Popen[bytes]] = []
        for name in ("relay", "ccq", "ca"):
            passphrase = self.work / f"{name}.passphrase"
            passphrase.touch(mode=0o600)
            passphrase.write_text(secrets.token_urlsafe(24) + "\n")

    def __enter__(self) -> World:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop_all()

    # Commands that end by themselves

    def relay(self, *words: str) -> str:
        return self._run([str(BIN / "kynhan-relay"), *words])

    def kynhan(self, who: str, *words: str, stdin: str | None = None) -> str:
        return self._run([*self._client(who), *words], stdin)

    def kynhan_json(self, who: str, *words: str) -> Any:
        return json.loads(self.kynhan(who, "--json", *words))

    def refused(self, who: str, *words: str) -> str:
        """Runs a command that must be refused; gives what it said."""
        done = subprocess.run([*self._client(who), *words], capture_output=True, text=True, check=False)
        if done.returncode != 1:
            raise StepError(f"{shlex_join(words)} ended with {done.returncode}; it should have been refused")
        return done.stderr.strip()

    def _client(self, who: str) -> list[str]:
        return [
            str(BIN / "kynhan"),
            *("--home", str(self.work / who)),
            *("--passphrase-file", str(self.work / f"{who}.passphrase")),
            *("--demo-clock", str(self.clock.path)),
            *("--lang", "both"),
        ]

    def _run(self, command: list[str], stdin: str | None = None) -> str:
        done = subprocess.run(command, input=stdin, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            said = (done.stderr or done.stdout).strip()
            raise StepError(f"{shlex_join(command)}\n  ended with {done.returncode}:\n{said}")
        return done.stdout

    # Processes that stay

    def start(self, name: str, command: list[str]) -> subprocess.Popen[bytes]:
        log = (self.work / f"{name}.log").open("ab")
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT)
        log.close()
        self.running.append(process)
        return process

    def start_relay(self) -> subprocess.Popen[bytes]:
        process = self.start(
            "relay",
            [
                str(BIN / "kynhan-relay"),
                "serve",
                *("--data", str(self.work / "relay")),
                *("--passphrase-file", str(self.work / "relay.passphrase")),
                *("--listen", f"127.0.0.1:{self.port}"),
                *("--demo-clock", str(self.clock.path)),
                *("--tick", "0.2"),
            ],
        )
        self.wait_for("the relay to answer", self.healthy)
        return process

    def start_witness(self, who: str) -> subprocess.Popen[bytes]:
        return self.start(f"{who}-witness", [*self._client(who), "watch", "--witness"])

    def healthy(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=2) as answer:  # noqa: S310 (our loopback)
                return bool(answer.status == 200)
        except OSError:
            return False

    def wait_for(self, what: str, ready: Any, seconds: float = 20) -> None:
        deadline = time.monotonic() + seconds
        while not ready():
            if time.monotonic() > deadline:
                raise StepError(f"waited {seconds:.0f} s for {what}; see {self.work}/*.log")
            time.sleep(0.1)

    def stop(self, process: subprocess.Popen[bytes]) -> None:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def stop_all(self) -> None:
        for process in reversed(self.running):
            self.stop(process)
        self.running.clear()


def shlex_join(words: tuple[str, ...] | list[str]) -> str:
    return " ".join(Path(word).name if index == 0 else word for index, word in enumerate(words))
